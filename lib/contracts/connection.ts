/** A socket: its id, where frames to it are posted, and since when. */
export type Connection = {
  tenant: string;
  connection_id: string;
  endpoint: string;
  user_id: string;
  connected_at: string;
  expires_at: string;
};

/** A socket that watches a project. */
export type Subscription = Connection & {
  project_id: string;
  /** Null means every type of event. */
  event_types: string[] | null;
  /** While its replay runs, live frames leave it out: the replay brings those events too. */
  replaying_until: string | null;
};

/** A replay that takes longer, or whose process died, no longer keeps live frames away. */
export const replayMs = 15_000;

export const isReplaying = ({ replaying_until }: Subscription, now: string): boolean =>
  replaying_until !== null && replaying_until > now;

/** What became of a frame: sent, its socket is gone, or given up (the client will ask). */
export type Posted = "sent" | "gone" | "dropped";

/** A socket may answer 410 until its $connect has returned: it is not taken for gone before this age. */
export const settledMs = 10_000;

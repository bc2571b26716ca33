/** A socket: its id, where frames to it are posted, and since when. */
export type Connection = {
  tenant: string;
  connection_id: string;
  endpoint: string;
  user_id: string;
  connected_at: string;
  expires_at: string;
};

/** A socket that watches a project; null means every type of event. */
export type Subscription = Connection & { project_id: string; event_types: string[] | null };

/** What became of a frame: sent, its socket is gone, or given up (the client will ask). */
export type Posted = "sent" | "gone" | "dropped";

/** The gateway ends a connection after two hours. */
export const connectionMs = 2 * 3_600_000;

/** A socket may answer 410 until its $connect has returned: it is not taken for gone before this age. */
export const settledMs = 10_000;

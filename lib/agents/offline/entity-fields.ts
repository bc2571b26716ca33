const common = ["id", "owner_id", "created_at", "updated_at"];

/** Fields that a record needs, by the verb of what is done with it. */
const fieldsFor: Readonly<Record<string, readonly string[]>> = {
  approve: ["state", "approved_by"],
  archive: ["archived_at"],
  assign: ["assignee_id"],
  book: ["starts_at", "ends_at", "state"],
  browse: ["category"],
  buy: ["quantity", "price_cents"],
  cancel: ["cancelled_at"],
  comment: ["comments"],
  export: ["exported_at"],
  find: ["tags"],
  invite: ["email", "state"],
  monitor: ["value", "unit", "measured_at"],
  order: ["quantity", "state"],
  pay: ["amount_cents", "currency", "paid_at"],
  plan: ["due_at"],
  post: ["title", "text", "published_at"],
  put: ["quantity"],
  rate: ["rating_sum", "rating_count"],
  record: ["value", "unit", "measured_at"],
  report: ["reported_by", "reason"],
  reserve: ["starts_at", "ends_at", "state"],
  schedule: ["due_at"],
  search: ["search_text"],
  send: ["sender_id", "recipient_id", "sent_at"],
  share: ["shared_with"],
  track: ["state", "history"],
  upload: ["file_key", "size_bytes"],
};

/** Lists the fields of a record that is used with these verbs. */
export const fieldsOf = (verbs: readonly string[]): string[] => {
  const special = verbs.flatMap((verb) => fieldsFor[verb] ?? []);
  return [...new Set([...common, ...(special.length > 0 ? special : ["name"]), "details"])];
};

/** The ids of the jobs that an answer names. */
export function jobIdsOf({ job_id: one, job_ids: many, global_job_id: global }) {
  const ids = [one, ...(Array.isArray(many) ? many : typeof many === "object" && many !== null ? Object.values(many) : []), global];
  return ids.filter((id) => typeof id === "string" && id !== "");
}

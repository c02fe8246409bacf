import { t } from "../../i18n/index.js";
import { jobIdsOf } from "../../model/jobs.js";
import { watch, watched } from "../../state/jobs.js";
import { JobProgress } from "../common/JobProgress.jsx";

/** Watches the jobs that an answer speaks of. */
export function Jobs({ answer, zone }) {
  const ids = jobIdsOf(answer);
  if (ids.length === 0) return null;
  const watching = watched.value?.ids.join() === ids.join() ? watched.value : undefined;
  if (watching) return <JobProgress {...watching} />;
  return (
    <button type="button" class="watch" onClick={() => watch(ids, zone)}>
      {t("watchJobs", ids.length)}
    </button>
  );
}

import { t } from "../../i18n/index.js";
import { Progress } from "./Progress.jsx";

/** How far jobs are: `{ done, total, jobs, share?, problem? }`; `share` from 0 to 1 where it can be told. */
export function JobProgress({ done, total, jobs = [], share, problem }) {
  const label = t("jobsDone", done, total);
  const isOver = done === total && total > 0;
  return (
    <div class="job-progress" role="status">
      <Progress label={label} value={isOver ? 1 : share} />
      {jobs.map(({ job_id: id, status }) => (
        <p key={id} class={`job is-${status.replaceAll(" ", "-")}`}>
          {t("jobStatus", id, t(`job_${status}`) ?? status)}
        </p>
      ))}
      {problem && (
        <p class="field-problem" role="alert" lang="en">
          {problem}
        </p>
      )}
    </div>
  );
}

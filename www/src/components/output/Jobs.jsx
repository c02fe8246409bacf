import { useRef } from "preact/hooks";
import { t } from "../../i18n/index.js";
import { jobIdsOf } from "../../model/jobs.js";
import { watch, watched } from "../../state/jobs.js";
import { JobProgress } from "../common/JobProgress.jsx";

/** Watches the jobs that an answer speaks of. */
export function Jobs({ answer, zone }) {
  const frame = useRef();
  const ids = jobIdsOf(answer);
  if (ids.length === 0) return null;
  const watching = watched.value?.ids.join() === ids.join() ? watched.value : undefined;
  const start = () => {
    watch(ids, zone);
    // The button goes; what comes in its place has its focus.
    frame.current.focus();
  };
  return (
    <div class="jobs" ref={frame} tabIndex={-1}>
      {watching ? (
        <JobProgress {...watching} />
      ) : (
        <button type="button" class="watch" onClick={start}>
          {t("watchJobs", ids.length)}
        </button>
      )}
    </div>
  );
}

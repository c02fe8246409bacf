import { useRef } from "preact/hooks";
import { t } from "../../i18n/index.js";
import { jobIdsOf } from "../../model/jobs.js";
import { stopWatching, watch, watched } from "../../state/jobs.js";
import { JobProgress } from "../common/JobProgress.jsx";

/** Watches the jobs that an answer speaks of. */
export function Jobs({ answer, zone }) {
  const frame = useRef();
  const ids = jobIdsOf(answer);
  if (ids.length === 0) return null;
  const watching = watched.value?.ids.join() === ids.join() ? watched.value : undefined;
  const isOver = watching?.done === ids.length;
  const isOn = watching && !isOver && !watching.problem;
  // The button goes; what stands round it has its focus.
  const handOver = (act) => {
    act();
    frame.current.focus();
  };
  return (
    <div class="jobs" ref={frame} tabIndex={-1}>
      {watching && <JobProgress {...watching} />}
      {isOn ? (
        <button type="button" class="quiet" onClick={() => handOver(stopWatching)}>
          {t("watchStop")}
        </button>
      ) : (
        !isOver && (
          <button type="button" class="watch" onClick={() => handOver(() => watch(ids, zone))}>
            {t("watchJobs", ids.length)}
          </button>
        )
      )}
    </div>
  );
}

import { t } from "../../i18n/index.js";
import { Icon } from "../common/Icon.jsx";
import { JobProgress } from "../common/JobProgress.jsx";
import { WireCall } from "./WireCall.jsx";

/** One step: what it is for, how far it is, and the calls it made. */
export function TourStep({ id, number, step = { state: "waiting", requests: [] } }) {
  const { state, requests, job } = step;
  return (
    <li class={`tour-step is-${state}`}>
      <span class="tour-number" aria-hidden="true">
        {state === "done" ? <Icon name="check" /> : state === "failed" ? <Icon name="close" /> : number}
      </span>
      <div class="tour-body">
        <h2>
          {t(`step_${id}`)} <span class="tour-state">{t(`stepState_${state}`)}</span>
        </h2>
        <p>{t(`stepText_${id}`)}</p>
        {job && <JobProgress {...job} />}
        {requests.map((request) => (
          <WireCall key={request.id} request={request} />
        ))}
      </div>
    </li>
  );
}

import { t } from "../../i18n/index.js";
import { startTour, steps, stopTour, tour, TOUR_STEPS } from "../../state/tour.js";
import { Icon } from "../common/Icon.jsx";
import { TourStep } from "./TourStep.jsx";

/** The whole life of a project, step by step, each call on show. */
export function Tour() {
  const { status } = tour.value;
  const isRunning = status === "running";
  return (
    <main id="content" class="page tour" tabIndex={-1}>
      <header class="page-header">
        <h1>{t("tourTitle")}</h1>
        <p>{t("tourText")}</p>
        <button type="button" class="primary" onClick={isRunning ? stopTour : startTour}>
          <Icon name={isRunning ? "stop" : "play"} /> {t(isRunning ? "tourStop" : status === "idle" ? "tourStart" : "tourAgain")}
        </button>
      </header>
      <ol class="tour-steps">
        {TOUR_STEPS.map((id, at) => (
          <TourStep key={id} id={id} number={at + 1} step={steps.value[id]} />
        ))}
      </ol>
      <div class="tour-end" role="status">
        <TourEnd />
      </div>
    </main>
  );
}

function TourEnd() {
  const { status, problem, seconds } = tour.value;
  if (status === "done") {
    const count = Object.values(steps.value).reduce((sum, { requests }) => sum + requests.reduce((all, { times }) => all + times, 0), 0);
    return <p class="notice is-good">{t("tourDone", count, seconds.toFixed(1))}</p>;
  }
  if (status === "stopped") return <p class="notice">{t("tourStopped")}</p>;
  if (status !== "failed") return null;
  return (
    <div class="notice is-bad">
      <p>{t("tourFailed")}</p>
      <p lang="en">{problem}</p>
    </div>
  );
}

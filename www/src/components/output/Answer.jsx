import { t } from "../../i18n/index.js";
import { call } from "../../state/calls.js";
import { AnswerError } from "./AnswerError.jsx";
import { Events } from "./Events.jsx";
import { Jobs } from "./Jobs.jsx";
import { JsonTree } from "./JsonTree.jsx";
import { Outcome } from "./Outcome.jsx";

/** What came back for the last call, or one chosen from the history. */
export function Answer() {
  const shown = call.value;
  if (!shown) {
    return (
      <div class="empty">
        <p>{t("noAnswer")}</p>
        <p>{t("noAnswerHint")}</p>
      </div>
    );
  }
  if (shown.status === "running") {
    return (
      <p class="loading" role="status">
        <span class="spinner" aria-hidden="true" />
        {t("waitingFor", shown.action)}
      </p>
    );
  }
  return (
    <article class="answer" aria-label={t("tabAnswer")}>
      <Summary call={shown} />
      {shown.status === "forgotten" && <p class="notice">{t("forgotten")}</p>}
      {shown.error && <AnswerError call={shown} />}
      {shown.answer && <Jobs key={shown.id} answer={shown.answer} zone={shown.zone} />}
      {shown.answer && <JsonTree key={shown.id} title={t("answerJson")} value={shown.answer} />}
      {shown.error?.response !== undefined && <JsonTree key={shown.id} title={t("responseJson")} value={shown.error.response} />}
      <Events events={shown.events} />
    </article>
  );
}

function Summary({ call }) {
  const attempts = call.events.filter(({ type }) => type === "request").length;
  const facts = [t("milliseconds", Math.round(call.durationMs)), attempts > 0 && t("attempts", attempts), t(`to_${call.target}`)];
  return (
    <header class="answer-header">
      <Outcome call={call} />
      <h2>{call.action}</h2>
      <p>{facts.filter(Boolean).join(" · ")}</p>
    </header>
  );
}

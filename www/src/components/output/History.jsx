import { t } from "../../i18n/index.js";
import { call, clearHistory, history, show } from "../../state/calls.js";
import { setParams } from "../../state/form.js";
import { isFormShown, outputTab } from "../../state/output.js";
import { language, LANGUAGES, zone } from "../../state/settings.js";
import { actionName } from "../../state/view.js";
import { Outcome } from "./Outcome.jsx";

/** What was sent, newest first. */
export function History() {
  if (history.value.length === 0) return <p class="empty">{t("noHistory")}</p>;
  return (
    <div class="history">
      <ol>
        {history.value.map((entry) => (
          <li key={entry.id}>
            <button type="button" class="history-entry" onClick={() => open(entry)} title={t("openAgain")}>
              <span class="history-action">{entry.action}</span>
              <Outcome call={entry} isSmall />
              <span class="history-params">{JSON.stringify(entry.params)}</span>
              <span class="history-facts">
                <time dateTime={new Date(entry.at).toISOString()}>{when(entry.at)}</time> · {t("milliseconds", Math.round(entry.durationMs))} · {t(`to_${entry.target}`)}
              </span>
            </button>
          </li>
        ))}
      </ol>
      <button type="button" class="quiet" onClick={clearHistory}>
        {t("clearHistory")}
      </button>
    </div>
  );
}

function open(entry) {
  show(entry);
  // Of this visit's calls the secrets are still known.
  setParams(entry.action, call.value.params);
  zone.value = entry.zone;
  actionName.value = entry.action;
  outputTab.value = "answer";
  isFormShown.value = false;
}

function when(at) {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(LANGUAGES[language.value], isToday ? { timeStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" });
}

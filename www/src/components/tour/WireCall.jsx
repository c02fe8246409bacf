import { useState } from "preact/hooks";
import { t } from "../../i18n/index.js";
import { queryParts, urlParts } from "../../model/parts.js";
import { withoutSecrets } from "../../model/secrets.js";
import { hashOf } from "../../model/share.js";
import { actionNamed } from "../../state/catalogue.js";
import { Outcome } from "../output/Outcome.jsx";
import { ColouredText } from "../output/ColouredText.jsx";
import { JsonTree } from "../output/JsonTree.jsx";
import { Step } from "../output/Step.jsx";

/** A request that was made, and its answer; closed it is one line. */
export function WireCall({ request }) {
  const { action, params, url, body, answer, durationMs, times } = request;
  const [isOpen, setOpen] = useState(false);
  const known = actionNamed(action);
  const shown = withoutSecrets(known, params);
  return (
    <details class="wire-call" onToggle={(event) => event.target === event.currentTarget && setOpen(event.currentTarget.open)}>
      <summary>
        <span class="wire-action">{action}</span>
        {times > 1 && <span class="count">× {times}</span>}
        <Outcome call={{ retCode: answer.ret_code }} isSmall />
        <span class="wire-params">{Object.entries(shown).map((pair) => pair.join("=")).join(" ")}</span>
        <span class="wire-time">{t("milliseconds", durationMs.toFixed(1))}</span>
      </summary>
      {isOpen && (
        <div class="wire-details">
          <Step title={t(body === undefined ? "signedUrl" : "signedBody")} copy={() => body ?? url}>
            <ColouredText parts={body === undefined ? urlParts(url, known) : queryParts(body, known)} />
          </Step>
          <JsonTree title={t("answerJson")} value={answer} />
          <a href={hashOf({ view: "explore", action: known, params: shown, request: { zone: "pek3a" } })}>{t("openInExplorer")}</a>
        </div>
      )}
    </details>
  );
}

import { useState } from "preact/hooks";
import { t } from "../../i18n/index.js";
import { call, cancel } from "../../state/calls.js";
import { emulatorStatus, loadEmulator, resetEmulator } from "../../state/emulator.js";
import { announce } from "../../state/announcement.js";
import { loadClient } from "../../state/library.js";
import { localUrl, remoteMode, remoteUrl, target, TARGETS } from "../../state/settings.js";
import { Choice } from "../common/Choice.jsx";
import { Icon } from "../common/Icon.jsx";

const SHOWN_MS = 1500;

/** Where to send, and the button that does. */
export function SendBar({ isReady }) {
  const [isReset, setReset] = useState(false);
  const isRunning = call.value?.status === "running";
  const reset = () => {
    resetEmulator();
    announce(t("wasReset"));
    setReset(true);
    setTimeout(() => setReset(false), SHOWN_MS);
  };
  return (
    <section class="send-bar" aria-label={t("send")}>
      <TargetDetails />
      <div class="send-row">
        <label class="target">
          <span>{t("sendTo")}</span>
          <select value={target.value} aria-label={t("sendTo")} onChange={(event) => (target.value = event.target.value)}>
            {TARGETS.map((name) => (
              <option key={name} value={name}>
                {t(`target_${name}`)}
              </option>
            ))}
          </select>
        </label>
        {target.value === "emulator" && emulatorStatus.value === "ready" && (
          <button type="button" class="quiet" aria-label={t("resetEmulator")} title={t("resetEmulator")} onClick={reset}>
            <Icon name={isReset ? "check" : "reset"} />
          </button>
        )}
        <span class="spacer" />
        {isRunning ? (
          <button type="button" class="primary" onClick={(event) => isFirst(event) && cancel()}>
            <Icon name="stop" /> {t("cancel")}
          </button>
        ) : (
          // Whoever comes near the button is about to need what sending needs.
          <button type="submit" class="primary" disabled={!isReady} onClick={(event) => isFirst(event) || event.preventDefault()} onPointerEnter={prepare} onFocus={prepare} title="Ctrl+Enter">
            <Icon name="send" /> {t("send")}
          </button>
        )}
      </div>
    </section>
  );
}

/** The second click of a double click is not to cancel what the first one sent, nor to send it again. */
function isFirst({ detail }) {
  return detail < 2;
}

function prepare() {
  // Should it fail now, sending says so.
  loadClient().catch(() => {});
  if (target.value === "emulator") loadEmulator().catch(() => {});
}

function TargetDetails() {
  const { value } = target;
  return (
    <div class="target-details">
      {value === "local" && <Address signal={localUrl} label={t("localUrl")} />}
      {value === "remote" && (
        <>
          <Address signal={remoteUrl} label={t("remoteUrl")} />
          <Choice isLabelShown label={t("remoteMode")} value={remoteMode.value} onChange={(mode) => (remoteMode.value = mode)} choices={["proxy", "sign"].map((mode) => ({ value: mode, name: t(`remoteMode_${mode}`) }))} />
        </>
      )}
      {value !== "emulator" && (
        <p class="field-note">
          {t(`targetHint_${value}`)} {value === "local" && <code>npx --package qingcloud-wasm qingcloud emulator --port 8080 --cors</code>}
        </p>
      )}
    </div>
  );
}

function Address({ signal, label }) {
  return (
    <label class="address">
      <span>{label}</span>
      <input type="url" value={signal.value} autocomplete="off" spellcheck={false} onInput={({ target }) => (signal.value = target.value)} />
    </label>
  );
}

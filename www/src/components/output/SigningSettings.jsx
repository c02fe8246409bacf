import { t } from "../../i18n/index.js";
import { action } from "../../state/form.js";
import { useSampleKey } from "../../state/sample.js";
import { accessKeyId, endpoint, expiresInSeconds, fixedTime, method, SAMPLE_KEY, secretAccessKey, signatureMethod, target, time, token, validSeconds } from "../../state/settings.js";
import { Icon } from "../common/Icon.jsx";
import { SecretInput } from "../common/SecretInput.jsx";

const type = (setting) => (event) => (setting.value = event.target.value);
const plain = { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: false };

/** Key, time and the rest of what a signature is made with; closed, it says so in one line. */
export function SigningSettings() {
  const documented = action.value?.method ?? "GET";
  return (
    <details class="settings">
      <summary>
        <Icon name="chevron" />
        <span>{t("signedWith")}</span>
        <span class="settings-summary">
          <code>{accessKeyId.value || "–"}</code> · {fixedTime() === undefined ? t("timeNow") : time.value} · {method.value || documented} · {signatureMethod.value || "HmacSHA256"}
        </span>
      </summary>
      <div class="settings-grid">
        <Setting id="access-key-id" label={t("accessKeyId")}>
          <input {...plain} id="access-key-id" value={accessKeyId.value} onInput={type(accessKeyId)} />
        </Setting>
        <Setting id="secret-access-key" label={t("secretAccessKey")}>
          <SecretInput id="secret-access-key" name={t("secretAccessKey")} value={secretAccessKey.value} onInput={type(secretAccessKey)} />
        </Setting>
        <p class="field-note is-wide">
          {t("keyHint")}{" "}
          {accessKeyId.value !== SAMPLE_KEY.accessKeyId && (
            <button type="button" class="link" onClick={useSampleKey}>
              {t("sampleKey")}
            </button>
          )}
        </p>
        <Setting id="time" label={t("time")} note={t("timeHint")} problem={time.value.trim() !== "" && fixedTime() === undefined && t("timeWrong")}>
          <span class="with-button">
            <input {...plain} id="time" value={time.value} placeholder="2013-08-27T14:30:10Z" aria-describedby="time-note" onInput={type(time)} />
            <button type="button" class="quiet" disabled={time.value === ""} onClick={() => (time.value = "")}>
              {t("now")}
            </button>
          </span>
        </Setting>
        <Setting id="expires" label={t("expires")} problem={expiresInSeconds.value.trim() !== "" && validSeconds() === undefined && t("expiresWrong")}>
          <input {...plain} id="expires" inputMode="numeric" aria-describedby="expires-note" value={expiresInSeconds.value} placeholder={t("expiresDefault")} onInput={type(expiresInSeconds)} />
        </Setting>
        <Setting id="method" label={t("method")}>
          <select id="method" value={method.value} onChange={type(method)}>
            <option value="">{t("methodAuto", documented)}</option>
            <option value="GET">GET</option>
            <option value="POST">POST</option>
          </select>
        </Setting>
        <Setting id="signature-method" label={t("signatureMethod")}>
          <select id="signature-method" value={signatureMethod.value} onChange={type(signatureMethod)}>
            <option value="">HmacSHA256</option>
            <option value="HmacSHA1">HmacSHA1</option>
          </select>
        </Setting>
        <Setting id="endpoint" label={t("endpoint")}>
          <input {...plain} id="endpoint" type="url" value={endpoint.value} disabled={target.value === "local"} onInput={type(endpoint)} />
        </Setting>
        <Setting id="token" label={t("sessionToken")}>
          <SecretInput id="token" name={t("sessionToken")} value={token.value} onInput={type(token)} />
        </Setting>
      </div>
    </details>
  );
}

function Setting({ id, label, note, problem, children }) {
  return (
    <div class="setting">
      <label for={id}>{label}</label>
      {children}
      {(note || problem) && (
        <p class="field-note" id={`${id}-note`}>
          {note} {problem && <span class="field-problem">{problem}</span>}
        </p>
      )}
    </div>
  );
}

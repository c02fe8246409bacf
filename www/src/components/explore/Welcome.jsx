import { t } from "../../i18n/index.js";
import { catalogue } from "../../state/catalogue.js";
import { openPublishedSample } from "../../state/sample.js";

/** What stands in the middle before an action is chosen: ways to begin. */
export function Welcome() {
  const count = catalogue.value?.actions.size ?? "…";
  return (
    <section class="welcome">
      <h1>{t("welcomeTitle")}</h1>
      <p>{t("welcomeText", count)}</p>
      <ul class="ways">
        <li>
          <button type="button" class="way" onClick={openPublishedSample}>
            <strong>{t("welcomeSample")}</strong>
            <span>{t("welcomeSampleText")}</span>
          </button>
        </li>
        <li>
          <Way href={'#/CreateProject?params={"project_name":"demo"}'} title={t("welcomeProject")} text={t("welcomeProjectText")} />
        </li>
        <li>
          <Way href="#/doctor" title={t("welcomeDoctor")} text={t("welcomeDoctorText")} />
        </li>
        <li>
          <Way href="#/tour" title={t("welcomeTour")} text={t("welcomeTourText")} />
        </li>
      </ul>
      <p class="key-hints">
        {t("labelled", t("keys"), "")} <kbd>/</kbd> {t("keySearch")} · <kbd>↑</kbd> <kbd>↓</kbd> {t("keyMove")} · <kbd>Ctrl</kbd> <kbd>Enter</kbd> {t("keySend")}
      </p>
    </section>
  );
}

function Way({ href, title, text }) {
  return (
    <a class="way" href={href}>
      <strong>{title}</strong>
      <span>{text}</span>
    </a>
  );
}

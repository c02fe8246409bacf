import { t } from "../i18n/index.js";
import { language, LANGUAGES, theme, THEMES } from "../state/settings.js";
import { actionName, view } from "../state/view.js";
import { Choice } from "./common/Choice.jsx";
import { Icon } from "./common/Icon.jsx";

const NAMES = { en: "English", zh: "中文" };

/** The top of the page: where one is, and how it looks. */
export function Header() {
  return (
    <header class="top">
      <a class="skip" href="#content" onClick={skip}>
        {t("skip")}
      </a>
      <a class="brand" href="#/">
        <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
          <use href="./icon.svg#mark" />
        </svg>
        <span>{t("title")}</span>
      </a>
      <nav class="views" aria-label={t("views")}>
        <a href={actionName.value ? `#/${actionName.value}` : "#/"} aria-current={view.value === "explore" ? "page" : undefined}>
          {t("explore")}
        </a>
        <a href="#/doctor" aria-current={view.value === "doctor" ? "page" : undefined}>
          {t("doctor")}
        </a>
        <a href="#/tour" aria-current={view.value === "tour" ? "page" : undefined}>
          {t("tour")}
        </a>
      </nav>
      <div class="top-settings">
        <Choice label={t("language")} value={language.value} onChange={(name) => (language.value = name)} choices={Object.keys(NAMES).map((name) => ({ value: name, name: NAMES[name], lang: LANGUAGES[name] }))} />
        <ThemeButton />
      </div>
    </header>
  );
}

/** One button that goes round: as the system, light, dark. */
function ThemeButton() {
  const names = { system: t("themeSystem"), light: t("themeLight"), dark: t("themeDark") };
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length];
  const label = t("labelled", t("theme"), names[theme.value]);
  return (
    <button type="button" class="quiet theme" aria-label={label} title={label} onClick={() => (theme.value = next)}>
      <Icon name={theme.value} />
    </button>
  );
}

/** The part behind "#" is the page's address, so the jump is made by hand. */
function skip(event) {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

import { t } from "../../i18n/index.js";
import { titleOf } from "../../words/titles.js";
import { language } from "../../state/settings.js";

/** A line of the list: the action's name, what it means, and how much it changes. */
export function ActionLink({ action, isCurrent, note }) {
  return (
    <a class={`action-link class-${action.class}`} href={`#/${action.name}`} aria-current={isCurrent ? "page" : undefined} title={t(`classHint_${action.class}`)}>
      <span class="class-mark" aria-hidden="true" />
      <span class="action-name">{action.name}</span>
      <span class="action-title">{note ?? (language.value === "en" ? "" : titleOf(action.name, language.value))}</span>
      <span class="visually-hidden">{`, ${t(`class_${action.class}`)}`}</span>
    </a>
  );
}

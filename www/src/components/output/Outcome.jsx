import { t } from "../../i18n/index.js";

/** How a call ended, in a word or a number. */
export function Outcome({ call, isSmall }) {
  const { retCode, kind } = call.answer ? { retCode: 0 } : { retCode: call.retCode ?? call.error?.retCode, kind: call.kind ?? call.error?.kind };
  const isGood = retCode === 0;
  return <span class={`outcome${isGood ? " is-good" : " is-bad"}${isSmall ? " is-small" : ""}`}>{isGood ? t("ok") : (retCode ?? t(`kind_${kind}`))}</span>;
}

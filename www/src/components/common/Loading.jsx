import { t } from "../../i18n/index.js";

/** Says that something is on its way, or why it is not, with a way to try again. */
export function Loading({ problem, onRetry }) {
  if (!problem) {
    return (
      <p class="loading" role="status">
        <span class="spinner" aria-hidden="true" />
        {t("loading")}
      </p>
    );
  }
  return (
    <div class="notice is-bad" role="alert">
      <p>{t("loadFailed", problem)}</p>
      <button type="button" onClick={onRetry}>
        {t("tryAgain")}
      </button>
    </div>
  );
}

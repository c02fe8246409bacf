import { t } from "../../i18n/index.js";
import { describe, serviceName } from "../../model/catalogue.js";
import { catalogue } from "../../state/catalogue.js";
import { language } from "../../state/settings.js";

/** What the chosen action is. */
export function ActionHeader({ action }) {
  const service = catalogue.value?.services.find(({ id }) => id === action.service);
  return (
    <header class="action-header">
      {service && <p class="action-service">{serviceName(service, language.value)}</p>}
      <h1>{action.name}</h1>
      <p class="action-about">{action.service ? describe(action, language.value) : t("unknownAction")}</p>
      <ul class="badges">
        {action.class ? (
          <li class={`badge class-${action.class}`} title={t(`classHint_${action.class}`)}>
            {t(`class_${action.class}`)}
          </li>
        ) : (
          <li class="badge">{t("uncatalogued")}</li>
        )}
        {action.hasJob && (
          <li class="badge" title={t("startsJobHint")}>
            {t("startsJob")}
          </li>
        )}
        {action.method === "POST" && <li class="badge">{t("sentAsPost")}</li>}
      </ul>
    </header>
  );
}

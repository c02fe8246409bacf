import { t } from "../../i18n/index.js";
import { catalogue } from "../../state/catalogue.js";
import { zone } from "../../state/settings.js";

/** The zone: a parameter of nearly every action, and the same from one to the next. */
export function ZoneField({ required }) {
  return (
    <div class="field">
      <div class="field-heading">
        <label class="field-name" for="zone">
          zone
        </label>
        <span class="field-marks">
          <span class="field-type">{t("type_string")}</span>
          {required !== "no" && <span class="mark is-required">{t("requiredMark")}</span>}
        </span>
      </div>
      <input id="zone" type="text" list="zones" value={zone.value} autocomplete="off" autocapitalize="off" spellcheck={false} onInput={({ target }) => (zone.value = target.value)} />
      <datalist id="zones">
        {catalogue.value?.zones.map((id) => (
          <option key={id} value={id} />
        ))}
      </datalist>
    </div>
  );
}

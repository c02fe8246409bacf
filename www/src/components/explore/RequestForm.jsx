import { t } from "../../i18n/index.js";
import { othersOf } from "../../model/form.js";
import { action, clearForm, form, params, restoreForm, setField, setMode } from "../../state/form.js";
import { send } from "../../state/calls.js";
import { shareLink } from "../../state/route.js";
import { Choice } from "../common/Choice.jsx";
import { CopyButton } from "../common/CopyButton.jsx";
import { ActionHeader } from "./ActionHeader.jsx";
import { Field } from "./Field.jsx";
import { JsonEditor } from "./JsonEditor.jsx";
import { OtherParameters } from "./OtherParameters.jsx";
import { SendBar } from "./SendBar.jsx";
import { ZoneField } from "./ZoneField.jsx";

/** The chosen action's parameters, as a form or as JSON, and the button that sends them. */
export function RequestForm() {
  const submit = (event) => {
    event.preventDefault();
    send();
  };
  return (
    <form class="request" aria-label={action.value.name} onSubmit={submit} noValidate>
      <ActionHeader action={action.value} />
      <div class="request-bar">
        <Choice
          label={t("editAs")}
          value={form.value.mode}
          onChange={setMode}
          choices={[
            { value: "form", name: t("form") },
            { value: "json", name: t("json") },
          ]}
        />
        <span class="spacer" />
        <CopyButton text={shareLink} label={t("share")} icon="link" done={t("shared")} thing={t("shareHint")} />
        <button type="button" class="quiet" onClick={clearOrRestore}>
          {t(form.value.cleared ? "undo" : "clear")}
        </button>
      </div>
      {form.value.mode === "json" ? <JsonEditor /> : <Fields action={action.value} />}
      <SendBar isReady={params.value.params !== undefined} />
    </form>
  );
}

/** A double click is not to undo what its first half did. */
function clearOrRestore({ detail }) {
  if (detail > 1) return;
  if (form.value.cleared) restoreForm();
  else clearForm();
}

function Fields({ action }) {
  const { draft } = form.value;
  const isDemanded = ({ required }) => required !== "no";
  const zone = action.zone && <ZoneField required={action.zone.required} />;
  const isZoneDemanded = zone && isDemanded(action.zone);
  const group = (title, extra, fields) =>
    (fields.length > 0 || extra) && (
      <section class="field-group">
        <h2>{title}</h2>
        {extra}
        {fields.map((field) => (
          <Field key={`${action.name}.${field.name}`} field={field} draft={draft[field.name]} path={field.name} onChange={(value) => setField(field.name, value)} />
        ))}
      </section>
    );
  return (
    <div class="fields">
      {group(t("required"), isZoneDemanded && zone, action.parameters.filter(isDemanded))}
      {action.service && action.parameters.length === 0 && <p class="field-note no-parameters">{t("noParameters")}</p>}
      {group(t("optional"), !isZoneDemanded && zone, action.parameters.filter((field) => !isDemanded(field)))}
      <OtherParameters names={othersOf(action, draft)} draft={draft} />
    </div>
  );
}

import { t } from "../../i18n/index.js";
import { blank, complaint, controlOf, Raw } from "../../model/fields.js";
import { language } from "../../state/settings.js";
import { ChoiceField } from "./ChoiceField.jsx";
import { JsonField } from "./JsonField.jsx";
import { ListField } from "./ListField.jsx";
import { ObjectField } from "./ObjectField.jsx";
import { RawField } from "./RawField.jsx";
import { TextField } from "./TextField.jsx";

/** A parameter or a part of one: name, what is known of it, and the control that fits its type. */
export function Field({ field, draft = blank(field), path, onChange }) {
  const id = `field-${path}`;
  const problem = complaint(field, draft);
  const control = controlOf(field);
  const isGroup = !(draft instanceof Raw) && (control === "list" || control === "object");
  const note = <FieldNote id={id} field={field} problem={problem} />;
  const props = { id, field, draft, path, onChange, described: `${id}-note` };
  const Heading = isGroup ? "legend" : "div";
  const Frame = isGroup ? "fieldset" : "div";
  return (
    <Frame class="field">
      <Heading class="field-heading">
        {isGroup ? <span class="field-name">{field.name}</span> : <label class="field-name" for={id}>{field.name}</label>}
        <FieldMarks field={field} />
      </Heading>
      {note}
      <Control {...props} />
    </Frame>
  );
}

function Control(props) {
  const { field, draft } = props;
  if (draft instanceof Raw) return <RawField {...props} value={draft.value} onReset={() => props.onChange(blank(field))} />;
  switch (controlOf(field)) {
    case "list":
      return <ListField {...props} />;
    case "object":
      return <ObjectField {...props} />;
    case "json":
      return <JsonField {...props} />;
    case "boolean":
      return <ChoiceField {...props} choices={["true", "false"]} isClosed />;
    default:
      return field.choices ? <ChoiceField {...props} choices={field.choices.map(String)} /> : <TextField {...props} />;
  }
}

function FieldMarks({ field }) {
  return (
    <span class="field-marks">
      <span class="field-type">{typeName(field)}</span>
      {field.encoding === "indexed" && <span class="field-type">{`${field.name}.1, ${field.name}.2 …`}</span>}
      {(field.encoding === "json" || field.encoding === "json_in_project") && <span class="field-type">{t("sentAsJson")}</span>}
      {field.required === "documented" && <span class="mark is-required">{t("requiredMark")}</span>}
      {field.required === "one_source" && <span class="mark is-required">{t("requiredByOneSource")}</span>}
      {field.secret && <span class="mark">{t("secretMark")}</span>}
    </span>
  );
}

function typeName(field) {
  if (field.type !== "array") return t(`type_${field.type}`);
  return t("listOf", field.fields ? t("type_objects") : t(`type_${field.items ?? "string"}`));
}

/** What there is to know, and what is wrong. */
function FieldNote({ id, field, problem }) {
  const known = [];
  if (field.description) known.push(field.description[language.value]);
  // A list to choose from says the default itself.
  if (field.preset !== undefined && !field.choices) known.push(t("default", String(field.preset)));
  if (field.max !== undefined) known.push(t("maximum", field.max));
  return (
    <p class="field-note" id={`${id}-note`}>
      {known.join(language.value === "zh" ? "" : " ")}
      {problem && <span class="field-problem"> {t(problem)}</span>}
    </p>
  );
}

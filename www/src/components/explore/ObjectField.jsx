import { Raw } from "../../model/fields.js";
import { Field } from "./Field.jsx";
import { RawField } from "./RawField.jsx";

/** An object: its parts as fields. */
export function ObjectField({ id, field, draft, path, onChange, label }) {
  if (draft instanceof Raw) return <RawField {...{ id, field, label, onChange }} value={draft.value} />;
  return (
    <div class="object">
      {field.fields.map((part) => (
        <Field key={part.name} field={part} draft={draft[part.name]} path={`${path}.${part.name}`} onChange={(value) => onChange({ ...draft, [part.name]: value })} />
      ))}
    </div>
  );
}

import { controlOf, Raw } from "../../model/fields.js";
import { JsonField } from "./JsonField.jsx";
import { RawField } from "./RawField.jsx";
import { TextField } from "./TextField.jsx";

/** The control of one plain item of a list. */
export function ItemControl(props) {
  if (props.draft instanceof Raw) return <RawField {...props} value={props.draft.value} />;
  return controlOf(props.field) === "json" ? <JsonField {...props} /> : <TextField {...props} />;
}

import { catalogue, catalogueProblem, loadCatalogue } from "../../state/catalogue.js";
import { action } from "../../state/form.js";
import { Loading } from "../common/Loading.jsx";
import { RequestForm } from "./RequestForm.jsx";
import { Welcome } from "./Welcome.jsx";

/** The form of the chosen action, or ways to begin. */
export function Middle() {
  if (!action.value) return <Welcome />;
  if (!catalogue.value) return <Loading problem={catalogueProblem.value} onRetry={loadCatalogue} />;
  return <RequestForm key={action.value.name} />;
}

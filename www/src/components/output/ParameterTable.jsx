import { t } from "../../i18n/index.js";
import { PUBLIC } from "../../model/parts.js";
import { isSecret } from "../../model/secrets.js";
import { areSecretsShown, pointedAt } from "../../state/output.js";

/** Names and values in the order they are signed in. */
export function ParameterTable({ parameters, action }) {
  const isHidden = (name) => !areSecretsShown.value && (name === "token" || (!PUBLIC.has(name) && isSecret(action, name)));
  return (
    <table class="parameters">
      <thead>
        <tr>
          <th scope="col">{t("name")}</th>
          <th scope="col">{t("value")}</th>
        </tr>
      </thead>
      <tbody onPointerLeave={() => (pointedAt.value = undefined)}>
        {parameters.map(([name, value]) => (
          <tr key={name} class={name === pointedAt.value ? "is-pointed-at" : ""} onPointerEnter={() => (pointedAt.value = name)}>
            <th scope="row" class={PUBLIC.has(name) ? "part-public-name" : "part-name"}>
              {name}
            </th>
            <td class={PUBLIC.has(name) ? "part-public-value" : "part-value"}>{isHidden(name) ? "••••••" : value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

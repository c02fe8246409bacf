import { t } from "../../i18n/index.js";
import { parting } from "../../model/difference.js";
import { CopyButton } from "../common/CopyButton.jsx";

/** What should have been signed and what was; where they differ is marked. */
export function Comparison({ diagnosis: { stringToSign, signed } }) {
  if (signed === undefined || signed === stringToSign) {
    return (
      <div class="comparison">
        <Side title={t("doctorExpected")} text={stringToSign} parts={[stringToSign, "", ""]} />
      </div>
    );
  }
  const [expected, found] = parting(stringToSign, signed);
  return (
    <div class="comparison">
      <Side title={t("doctorExpected")} text={stringToSign} parts={expected} />
      <Side title={t("doctorSent")} text={signed} parts={found} />
    </div>
  );
}

function Side({ title, text, parts: [before, differing, behind] }) {
  return (
    <section class="step">
      <header class="step-header">
        <h3>{title}</h3>
        <span class="spacer" />
        <CopyButton text={() => text} thing={title} />
      </header>
      <code class="coloured">
        {before}
        {differing && <mark title={t("doctorDifference")}>{differing}</mark>}
        {behind}
      </code>
    </section>
  );
}

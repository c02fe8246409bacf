import { t } from "../../i18n/index.js";
import { splitAt } from "../../model/difference.js";
import { CopyButton } from "../common/CopyButton.jsx";

/** What should have been signed and what was, from where they part. */
export function Comparison({ diagnosis: { stringToSign, signed, difference } }) {
  return (
    <div class="comparison">
      <Side title={t("doctorExpected")} text={stringToSign} at={difference?.at} />
      {signed !== undefined && signed !== stringToSign && <Side title={t("doctorSent")} text={signed} at={difference?.at} />}
    </div>
  );
}

function Side({ title, text, at }) {
  const [same, rest] = splitAt(text, at);
  return (
    <section class="step">
      <header class="step-header">
        <h3>{title}</h3>
        <span class="spacer" />
        <CopyButton text={() => text} thing={title} />
      </header>
      <code class="coloured">
        <span>{same}</span>
        {rest && <mark title={t("doctorFirstDifference")}>{rest}</mark>}
      </code>
    </section>
  );
}

import { batch } from "@preact/signals";
import { t } from "../../i18n/index.js";
import { call, history } from "../../state/calls.js";
import { isFormShown, outputTab } from "../../state/output.js";
import { actionName } from "../../state/view.js";
import { Tabs } from "../common/Tabs.jsx";
import { Middle } from "../explore/Middle.jsx";
import { Answer } from "./Answer.jsx";
import { Code } from "./Code.jsx";
import { History } from "./History.jsx";
import { Outcome } from "./Outcome.jsx";
import { Signing } from "./Signing.jsx";

const PANELS = { form: Middle, signing: Signing, code: Code, answer: Answer, history: History };

/** What the form comes to: signature, code, answer. Where they share a column, the form is the first of the tabs. */
export function Output({ withForm = false }) {
  const current = withForm ? (isFormShown.value ? "form" : outputTab.value) : outputTab.value;
  const choose = (tab) =>
    batch(() => {
      isFormShown.value = tab === "form";
      if (tab !== "form") outputTab.value = tab;
    });
  const Panel = PANELS[current];
  return (
    <section class="output" aria-label={t("output")}>
      {withForm && current !== "form" && <h1 class="visually-hidden">{actionName.value}</h1>}
      <Tabs
        label={t("output")}
        current={current}
        onChange={choose}
        tabs={[
          ...(withForm ? [{ id: "form", name: t("parameters") }] : []),
          { id: "signing", name: t("tabSigning") },
          { id: "code", name: t("tabCode") },
          { id: "answer", name: t("tabAnswer"), note: call.value?.status === "done" && <Outcome call={call.value} isSmall /> },
          { id: "history", name: t("tabHistory"), note: history.value.length > 0 && <span class="count">{history.value.length}</span> },
        ]}
      >
        <Panel />
      </Tabs>
    </section>
  );
}

import { useEffect } from "preact/hooks";
import { t } from "../i18n/index.js";
import { action } from "../state/form.js";
import { actionName, view } from "../state/view.js";
import { Announcer } from "./common/Announcer.jsx";
import { Doctor } from "./doctor/Doctor.jsx";
import { Explorer } from "./explore/Explorer.jsx";
import { Header } from "./Header.jsx";
import { useArrival } from "./arrival.js";
import { useShortcuts } from "./shortcuts.js";
import { Tour } from "./tour/Tour.jsx";

const VIEWS = { explore: Explorer, doctor: Doctor, tour: Tour };

/** The whole page. */
export function App() {
  const View = VIEWS[view.value];
  useShortcuts();
  useArrival(`${view.value} ${actionName.value}`);
  const place = view.value === "explore" ? action.value?.name : t(view.value);
  useEffect(() => {
    document.title = place ? `${place} · ${t("title")}` : t("title");
  }, [place, t("title")]);
  return (
    <>
      <Header />
      <View />
      <Announcer />
    </>
  );
}

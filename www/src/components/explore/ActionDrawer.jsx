import { useRef } from "preact/hooks";
import { t } from "../../i18n/index.js";
import { actionName } from "../../state/view.js";
import { Icon } from "../common/Icon.jsx";
import { ActionList } from "./ActionList.jsx";

/** On a narrow page the list opens over it. */
export function ActionDrawer() {
  const dialog = useRef();
  const open = () => {
    dialog.current.showModal();
    dialog.current.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
  };
  const close = () => dialog.current.close();
  return (
    <div class="drawer-bar">
      <button type="button" class="drawer-button" id="open-actions" onClick={open} aria-haspopup="dialog">
        <Icon name="list" />
        <span>{actionName.value ?? t("chooseAction")}</span>
        <Icon name="chevron" />
      </button>
      <dialog class="drawer" ref={dialog} aria-label={t("chooseAction")}>
        <div class="drawer-head">
          <strong>{t("chooseAction")}</strong>
          <button type="button" class="quiet" aria-label={t("close")} onClick={close}>
            <Icon name="close" />
          </button>
        </div>
        <ActionList onChoose={close} />
      </dialog>
    </div>
  );
}

import { action } from "../../state/form.js";
import { isNarrow, isOneColumn } from "../../state/width.js";
import { Output } from "../output/Output.jsx";
import { ActionDrawer } from "./ActionDrawer.jsx";
import { ActionList } from "./ActionList.jsx";
import { Middle } from "./Middle.jsx";

/** The list, the form, and what comes of it: side by side, or form and output behind one row of tabs. */
export function Explorer() {
  return (
    <div class="explorer">
      {isNarrow.value ? (
        <ActionDrawer />
      ) : (
        <aside class="side">
          <ActionList />
        </aside>
      )}
      <main id="content" class="middle" tabIndex={-1}>
        {isOneColumn.value && action.value ? <Output withForm /> : <Middle />}
      </main>
      {!isOneColumn.value && <Output />}
    </div>
  );
}

import { computed, signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { serviceName } from "../../model/catalogue.js";
import { language } from "../../state/settings.js";
import { actionNamed } from "../../state/catalogue.js";
import { actionName } from "../../state/view.js";
import { Icon } from "../common/Icon.jsx";
import { ActionLink } from "./ActionLink.jsx";

/** Services that were opened or closed by hand: id → is open. */
const opened = signal({});

/** One service and, when it is open, its actions. The service of the chosen action is open by itself. */
export function ServiceGroup({ service }) {
  const isOpen = useMemo(() => computed(() => opened.value[service.id] ?? holdsChosen(service.id)), [service.id]).value;
  const toggle = (event) => {
    event.preventDefault();
    opened.value = { ...opened.value, [service.id]: !isOpen };
  };
  return (
    <details class="service" open={isOpen}>
      <summary onClick={toggle}>
        <Icon name="chevron" />
        <span class="service-name">{serviceName(service, language.value)}</span>
        <span class="count">{service.actions.length}</span>
      </summary>
      {isOpen && (
        <ul class="action-links">
          {service.actions.map((action) => (
            <li key={action.name}>
              <ActionLink action={action} isCurrent={action.name === actionName.value} />
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

function holdsChosen(id) {
  return actionName.value !== undefined && actionNamed(actionName.value).service === id;
}

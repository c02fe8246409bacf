import { announcement } from "../../state/announcement.js";

/** The place that screen readers watch. */
export function Announcer() {
  return (
    <p class="visually-hidden" role="status">
      {announcement.value}
    </p>
  );
}

import { t } from "../../i18n/index.js";

const WORDS = {
  request: ({ attempt, method, host }) => t("event_request", attempt, method, host),
  response: ({ status, retCode }) => t("event_response", status, retCode),
  retry: ({ afterMs }) => t("event_retry", Math.round(afterMs)),
  clock: ({ offsetMs }) => t("event_clock", Math.round(offsetMs / 1000)),
  quota: ({ waitMs }) => t("event_quota", Math.round(waitMs)),
  drift: ({ differences }) => t("event_drift", differences.join(", ")),
  wait: ({ done, total }) => t("event_wait", done, total),
};

/** What the client did on the way to the answer. */
export function Events({ events }) {
  if (events.length === 0) return null;
  const start = events[0].at;
  return (
    <details class="events">
      <summary>{t("eventsTitle")}</summary>
      <ol>
        {events.map((event, at) => (
          <li key={at}>
            <span class="event-time">+{t("milliseconds", Math.round(event.at - start))}</span> {WORDS[event.type]?.(event) ?? event.type}
          </li>
        ))}
      </ol>
    </details>
  );
}

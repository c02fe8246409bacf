import { useMemo, useRef } from "preact/hooks";
import { t } from "../../i18n/index.js";
import { serviceName } from "../../model/catalogue.js";
import { search } from "../../model/search.js";
import { catalogue, catalogueProblem, loadCatalogue, searchIndex } from "../../state/catalogue.js";
import { query } from "../../state/query.js";
import { language, LANGUAGES } from "../../state/settings.js";
import { actionName } from "../../state/view.js";
import { Icon } from "../common/Icon.jsx";
import { Loading } from "../common/Loading.jsx";
import { titleOf } from "../../words/titles.js";
import { ActionLink } from "./ActionLink.jsx";
import { ServiceGroup } from "./ServiceGroup.jsx";

const HAN = /\p{Script=Han}/u;

/** The services with their actions, and the search through them. `onChoose` is told when one was taken. */
export function ActionList({ onChoose, label = t("actions") }) {
  const list = useRef();
  const field = useRef();
  const hits = useMemo(() => search(searchIndex.value, query.value), [searchIndex.value, query.value]);
  const services = useMemo(() => byName(catalogue.value?.services ?? [], language.value), [catalogue.value, language.value]);
  const isSearching = query.value.trim() !== "";

  const move = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    // While an input method composes, its keys are its own.
    if (step === undefined || event.isComposing) return;
    const stops = [...list.current.querySelectorAll("a, summary")].filter((stop) => stop.offsetParent !== null);
    const next = stops.indexOf(document.activeElement) + step;
    event.preventDefault();
    if (next < 0) field.current.focus();
    else stops[Math.min(next, stops.length - 1)]?.focus();
  };
  const enter = (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && query.value) {
      event.preventDefault();
      query.value = "";
    }
    if (event.key !== "Enter" || hits.length === 0) return;
    event.preventDefault();
    location.hash = `#/${hits[0].action.name}`;
    onChoose?.();
  };

  return (
    <nav class="actions" aria-label={label} onKeyDown={move}>
      <div class="search" role="search">
        <Icon name="search" />
        <input
          ref={field}
          id="search"
          type="search"
          value={query.value}
          placeholder={t("searchHint")}
          aria-label={t("search")}
          aria-describedby="search-result"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          onInput={(event) => (query.value = event.target.value)}
          onKeyDown={enter}
        />
        {!isSearching && <kbd aria-hidden="true">/</kbd>}
      </div>
      <p id="search-result" class="search-result" role="status">
        {catalogue.value && (isSearching ? t("hits", hits.length) : t("actionsCount", catalogue.value.actions.size))}
      </p>
      <div class="action-groups" ref={list} onClick={(event) => event.target.closest("a") && onChoose?.()}>
        {!catalogue.value && <Loading problem={catalogueProblem.value} onRetry={loadCatalogue} />}
        {isSearching ? <Hits hits={hits} /> : services.map((service) => <ServiceGroup key={service.id} service={service} />)}
      </div>
    </nav>
  );
}

function byName(services, language) {
  const order = new Intl.Collator(LANGUAGES[language]);
  return services.toSorted((a, b) => order.compare(serviceName(a, language), serviceName(b, language)));
}

function Hits({ hits }) {
  const name = query.value.trim();
  if (hits.length > 0) {
    return (
      <ul class="action-links">
        {hits.map(({ action, parameter }) => (
          <li key={action.name}>
            <ActionLink action={action} isCurrent={action.name === actionName.value} note={parameter ? t("hitByParameter", parameter) : HAN.test(name) ? titleOf(action.name, "zh") : undefined} />
          </li>
        ))}
      </ul>
    );
  }
  if (!catalogue.value) return null;
  return (
    <div class="no-hits">
      <p>{t("noHits", name)}</p>
      {/^[A-Z]\w+$/.test(name) && (
        <>
          <p>{t("noHitsHint")}</p>
          <p>
            <a href={`#/${name}`}>{t("useAnyway", name)}</a>
          </p>
        </>
      )}
    </div>
  );
}

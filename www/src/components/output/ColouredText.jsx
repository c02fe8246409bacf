import { areSecretsShown, pointedAt } from "../../state/output.js";

const DOTS = "••••••";

/** Signed text, each part in the colour of what it is. Pointing at a parameter lights it up wherever it stands. */
export function ColouredText({ id, parts }) {
  const point = ({ target }) => (pointedAt.value = target.dataset.name);
  return (
    <code class="coloured" id={id} onPointerOver={point} onPointerLeave={() => (pointedAt.value = undefined)}>
      {pairsOf(parts).map((pair, at) => (
        <span key={at} class="pair">
          {pair.map((part, inner) => (
            <Part key={inner} {...part} />
          ))}
        </span>
      ))}
    </code>
  );
}

function Part({ kind, text, name }) {
  const classes = [`part-${kind}`, text === "\n" && "is-line-end", name && name === pointedAt.value && "is-pointed-at"];
  return (
    <span class={classes.filter(Boolean).join(" ")} data-name={name}>
      {kind === "secret" && !areSecretsShown.value ? DOTS : text}
    </span>
  );
}

/** Lines break between parameters rather than within them. */
function pairsOf(parts) {
  const pairs = [[]];
  for (const part of parts) {
    if (part.text === "&") pairs.push([]);
    pairs.at(-1).push(part);
    if (part.text === "\n" || part.text === "?") pairs.push([]);
  }
  return pairs;
}

// Which values must not be shown, kept or shared: those the catalogue calls secret, and names that look like it.

const LOOKS_SECRET = /passw(or)?d$|private_key|secret|token|user_?data|^signature$|authorization/i;

/** Stands for a secret value where parameters are shown as code; `name` says which one. */
export class Hidden {
  constructor(name) {
    this.name = name;
  }
}

/** Whether the value of `path` ("login_passwd", "items.1.private_key") in a call of `action` is a secret. */
export function isSecret(action, path) {
  const parts = path.split(".").filter((part) => !/^\d+$/.test(part));
  let fields = action?.parameters;
  let found;
  for (const part of parts) {
    found = fields?.find(({ name }) => name === part);
    if (found?.secret) return true;
    fields = found?.fields;
  }
  return !found && LOOKS_SECRET.test(parts.at(-1) ?? "");
}

/** `params` with each secret value replaced by what `replace(path)` gives; undefined takes it out. */
export function withoutSecrets(action, params, replace = () => undefined) {
  return replaced(action, params, "", replace);
}

function replaced(action, value, path, replace) {
  if (path !== "" && isSecret(action, path) && !isEmpty(value)) return replace(path);
  if (Array.isArray(value)) {
    return value.map((item, at) => replaced(action, item, `${path}.${at + 1}`, replace)).filter((item) => item !== undefined);
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([name, inner]) => [name, replaced(action, inner, path === "" ? name : `${path}.${name}`, replace)]);
    return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
  }
  return value;
}

function isEmpty(value) {
  return value === "" || value === undefined || value === null;
}

/** The paths of all `Hidden` values in `params`. */
export function hiddenIn(params) {
  if (params instanceof Hidden) return [params.name];
  return typeof params === "object" && params !== null ? Object.values(params).flatMap(hiddenIn) : [];
}

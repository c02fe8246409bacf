/** The variable of the environment that a secret parameter is read from: "items.1.private_key" → "ITEMS_1_PRIVATE_KEY". */
export function environmentName(path) {
  return path.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
}

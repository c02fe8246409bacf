// Writes the part of the reference that the catalogue knows: a page for each service, with what its actions take and
// answer. As types, 414 actions with all their structures would be more than a thousand pages.

/** How a class of actions reads. */
const CLASSES = { read: "Reads", change: "Changes", create: "Creates", destroy: "Destroys" };

/** @returns the documents: `{ name, text }`, the one that leads to all others first */
export function documentsOf(catalogue) {
  const services = Object.entries(catalogue.services).sort(([, one], [, other]) => (one.title.en < other.title.en ? -1 : 1));
  const pages = services.map(([name, { title, actions }]) => ({ name: `${name}.md`, text: servicePage(catalogue, title, actions) }));
  return [{ name: "actions.md", text: overview(catalogue, services, pages) }, ...pages];
}

function overview({ actions }, services, pages) {
  const rows = services.map(([name, service]) => [
    `[${service.title.en}](${name}.md)`,
    service.title.zh,
    service.actions.map((action) => `[${action}](${name}.md#${action.toLowerCase()})`).join(", "),
  ]);
  const title = `The ${Object.keys(actions).length} actions`;
  return `${front({ title, children: pages.map(({ name }) => name) })}
# ${title}

What each action of the API takes and answers, as the package's catalogue has it: from the public documentation and the
official SDKs, not from a live account. \`Params<"RunInstances">\` and \`Output<"RunInstances">\` of \`qingcloud-wasm\` are
the same as types, so an editor completes and checks them; an action that is not listed here can be called all the same.

${table(["service", "服务", "actions"], rows)}
`;
}

function servicePage(catalogue, title, names) {
  const structures = structuresIn(catalogue, names);
  return `${front({ title: title.en })}
# ${title.en} ${title.zh}

${names.map((name) => actionSection(catalogue, name)).join("\n\n")}
${structures.length > 0 ? `\n## What the answers are made of\n\n${structures.map((name) => `### ${name}\n\n${fieldTable(catalogue, "field", catalogue.structures[name])}`).join("\n\n")}\n` : ""}`;
}

function actionSection(catalogue, name) {
  const { description, parameters, answer, ...action } = catalogue.actions[name];
  const facts = [
    CLASSES[action.class],
    action.repeatable ? "harmless to repeat" : "not repeated when its reply is lost",
    action.method && `sent as ${action.method}`,
    action.wireAction && `sent as \`${action.wireAction}\``,
    action.job && `starts a job: \`${action.job}\``,
    action.list && `lists \`${action.list.field}\``,
    action.readBack && action.class !== "read" && `read back by \`${action.readBack.action}\``,
  ];
  const said = description ? `${description.en}<br>${description.zh}\n\n` : "";
  const takes = parameters.length > 0 ? parameterTable(catalogue, parameters) : "It takes no parameter.";
  const answers = answer ? fieldTable(catalogue, "answer", answer) : "Its answer is documented nowhere.";
  return `## ${name}\n\n${said}${facts.filter(Boolean).join(" · ")}\n\n${takes}\n\n${answers}`;
}

function parameterTable(catalogue, parameters) {
  const rank = ({ required, common }) => (common ? 3 : required === "documented" ? 0 : required ? 1 : 2);
  const sorted = [...parameters].sort((one, other) => rank(one) - rank(other));
  const required = { documented: "yes", one_source: "one source says so" };
  const rows = sorted.flatMap((parameter) => [
    [`\`${parameter.name}\``, typeOf(catalogue, parameter), required[parameter.required] ?? "", aboutParameter(parameter)],
    ...(parameter.fields ?? []).map((field) => [
      `\`${parameter.name}[].${field.name}\``,
      typeOf(catalogue, field),
      parameter.itemRequired?.includes(field.name) ? "in each item" : "",
      aboutParameter(field),
    ]),
  ]);
  return table(["parameter", "type", "required", "about"], rows);
}

function fieldTable(catalogue, head, fields) {
  const flat = (field, path) => [
    [`\`${path}${field.name}\``, typeOf(catalogue, field), [values(field), field.optional && "may be missing", field.secret && "secret"].filter(Boolean).join("; ")],
    ...(field.fields ?? []).flatMap((inner) => flat(inner, `${path}${field.name}${field.type === "array" ? "[]" : ""}.`)),
  ];
  return table([head, "type", "about"], fields.flatMap((field) => flat(field, "")));
}

function aboutParameter(parameter) {
  const { description, secret, max, encoding, onlyInProject } = parameter;
  const preset = parameter.default !== undefined && parameter.default !== "" && `\`${JSON.stringify(parameter.default)}\` unless given`;
  const wire = { json: "sent as JSON text", json_in_project: "sent as JSON text where `project_id` is given" }[encoding];
  const details = [values(parameter), preset, max !== undefined && `at most ${max}`, wire, secret && "secret", onlyInProject && "only with `project_id`"];
  const said = details.filter(Boolean).join("; ");
  if (!description || said === "") return description?.en ?? said;
  return `${description.en.replace(/\.$/, "")} (${said})`;
}

function values({ values }) {
  return values && `one of ${values.map((value) => `\`${value}\``).join(" ")}`;
}

function typeOf(catalogue, { type, items, fields, mapOf }) {
  const linked = (name) => (catalogue.structures[name] ? `[${name}](#${name})` : name);
  if (mapOf) return `map of ${typeof mapOf === "string" ? linked(mapOf) : typeOf(catalogue, mapOf)}`;
  if (type === "array") return `list of ${fields ? "objects" : linked(items ?? "anything")}`;
  return linked(type);
}

/** The structures that the answers of these actions are made of, by name. */
function structuresIn(catalogue, names) {
  const found = new Set();
  const look = (field) => {
    if (typeof field !== "object" || field === null) return visit(field);
    for (const inner of field.fields ?? []) look(inner);
    visit(field.type);
    visit(field.items);
    look(field.mapOf);
  };
  const visit = (name) => {
    if (!Object.hasOwn(catalogue.structures, name ?? "") || found.has(name)) return;
    found.add(name);
    for (const field of catalogue.structures[name]) look(field);
  };
  for (const name of names) for (const field of [...(catalogue.actions[name].answer ?? []), ...catalogue.actions[name].parameters]) look(field);
  return [...found].sort();
}

function front({ title, children = [] }) {
  const list = children.length > 0 ? `children:\n${children.map((name) => `  - ${name}\n`).join("")}` : "";
  return `---\ntitle: ${title}\n${list}---\n`;
}

/** Without the columns that nothing stands in. */
function table(head, rows) {
  const isUsed = head.map((_, at) => rows.some((row) => row[at] !== ""));
  const used = (cells) => cells.filter((_, at) => isUsed[at]);
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [head, head.map(() => "---"), ...rows].map((cells) => line(used(cells))).join("\n");
}

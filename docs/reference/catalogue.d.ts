/**
 * What is known of the API, as data: for tools and pages, in any language. `qingcloud-wasm/catalogue.json` is one value of the
 * type {@link Catalogue}. Our own names are camelCase, the API's keep its spelling.
 *
 * @example
 * import { readFile } from "node:fs/promises";
 * const { actions } = JSON.parse(await readFile(new URL(import.meta.resolve("qingcloud-wasm/catalogue.json")), "utf8"));
 * console.log(Object.keys(actions).length);
 *
 * @module qingcloud-wasm/catalogue.json
 */

/** The whole file. */
export interface Catalogue {
  /** Of this format. */
  version: 1;
  /** Name to service, such as `instance`. */
  services: { [name: string]: Service };
  /** Name to action, such as `RunInstances`. */
  actions: { [name: string]: CatalogueAction };
  /** Name to the fields of what answers and parameters are made of, such as `volume`. */
  structures: { [name: string]: Field[] };
  /** The values of `ret_code`, except 0. */
  codes: Code[];
  /** The zones. */
  zones: Zone[];
  /** Kind of resource, such as `volume`, to its statuses. */
  statuses: { [kind: string]: Statuses };
}

/** The same in two languages. */
export interface Text {
  /** English. */
  en: string;
  /** Chinese. */
  zh: string;
}

/** Actions that are about the same kind of thing. */
export interface Service {
  /** What it is called. */
  title: Text;
  /** The names of its actions. */
  actions: string[];
}

/** An action. */
export interface CatalogueAction {
  /** The name of its service. */
  service: string;
  /** What it does: read, change what is there, make something, or take something away for good. */
  class: "read" | "change" | "create" | "destroy";
  /** Whether doing it twice is the same as doing it once. */
  repeatable: boolean;
  /** What it does, in a sentence. */
  description?: Text;
  /** Given where it is not GET. */
  method?: "POST";
  /** The name to send where it is another: two pages of the manual share a name. */
  wireAction?: string;
  /** The field of its answer that names the job it starts. */
  job?: "job_id" | "job_ids" | "global_job_id";
  /** What a list action lists. */
  list?: {
    /** The field of its answer that holds the items. */
    field: string;
    /** The field of an item that holds its id. */
    id?: string;
  };
  /** A read that shows whether it was carried out. */
  readBack?: {
    /** The action to call. */
    action: string;
    /** Its parameter to the parameter of this action that holds the value. */
    parameters?: { [parameter: string]: string };
  };
  /** What it takes, by name. */
  parameters: Parameter[];
  /** The fields of its answer; absent where they are documented nowhere. */
  answer?: Field[];
}

/** How a value is written in JSON, or the name of a structure. A `timestamp` is text such as `2013-08-27T14:30:10Z`, `json` any value. */
export type Type = "string" | "integer" | "number" | "boolean" | "timestamp" | "array" | "object" | "json" | (string & {});

/** A parameter, or a part of one. */
export interface Parameter {
  /** Its name. */
  name: string;
  /** Its type. */
  type: Type;
  /** Of a list: the type of its items. */
  items?: Type;
  /** Of an object, or of the objects in a list: what they hold. */
  fields?: Parameter[];
  /** The names of the `fields` that each item of a list must have. */
  itemRequired?: string[];
  /** Whether it must be given: by a page or two sources, or by one source alone. */
  required?: "documented" | "one_source";
  /** The values that are documented. */
  values?: (string | number)[];
  /** What the service takes where it is not given. */
  default?: string | number | boolean | unknown[];
  /** The largest number. */
  max?: number;
  /**
   * How a list or an object is sent: as `name.1`, `name.2`; as JSON text; or as JSON text where `project_id` is given and
   * indexed otherwise. Absent: as one plain value.
   */
  encoding?: "indexed" | "json" | "json_in_project";
  /** Whether it is a secret, which must not be shown. */
  secret?: true;
  /** Whether it is one that nearly all actions have: `zone`. */
  common?: true;
  /** Whether it counts only where `project_id` is given. */
  onlyInProject?: true;
  /** Other names that sources have for it. */
  aliases?: string[];
  /** What it says. */
  description?: Text;
}

/** A field of an answer or of a structure. */
export interface Field {
  /** Its name. */
  name: string;
  /** Its type. */
  type: Type;
  /** Of a list: the type of its items. */
  items?: Type;
  /** Of an object, or of the objects in a list: what they hold. */
  fields?: Field[];
  /** Of an object whose names are no fields, such as ids: what its values are. */
  mapOf?: Type | Values;
  /** The values that are documented. */
  values?: (string | number)[];
  /** What it is unless set. */
  default?: string;
  /** Whether it may be missing. */
  optional?: true;
  /** Whether it is a secret, which must not be shown. */
  secret?: true;
}

/** What a map holds: a field without a name. */
export interface Values {
  /** Their type. */
  type?: Type;
  /** Of a list: the type of its items. */
  items?: Type;
  /** Of an object: what it holds. */
  fields?: Field[];
  /** Of a map: what its values are. */
  mapOf?: Type | Values;
}

/** A `ret_code`. */
export interface Code {
  /** The number. */
  code: number;
  /** What it is called in this package. */
  name: string;
  /** Whose fault it is. */
  kind: "client" | "server" | "license" | "config";
  /** Whether the same call may succeed later. */
  retryable: boolean;
  /** What it means. */
  cause: Text;
  /** What to do about it. */
  mend: Text;
}

/** A zone. */
export interface Zone {
  /** Its id, such as `pek3`. */
  id: string;
  /** The region it belongs to. */
  region: string;
  /** Whether it is on today's list, or only on an older one. */
  current: boolean;
}

/** What becomes of a kind of resource. */
export interface Statuses {
  /** The values of `status`. */
  status: string[];
  /** The values of `transition_status`. */
  transitionStatus?: string[];
  /** The statuses that are the end of it. */
  final?: string[];
  /** The statuses of what is no more. */
  gone?: string[];
  /** Transition to the statuses it begins in and the one it leads to. */
  transitions?: {
    [transition: string]: {
      /** Where it begins; null where nothing says. */
      from: string[] | null;
      /** Where it ends; null where nothing says. */
      to: string | null;
    };
  };
  /** The action that shows it. */
  read?: string;
  /** The field of that action's answer that holds the items. */
  list?: string;
  /** The field of an item that holds its id. */
  id?: string;
}

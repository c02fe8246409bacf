// A stack that is nearly full, as in a deep recursion, must not end in the middle of a module: what the module was
// about to do there would stay half done.

import { isQingCloudError, QingCloudError } from "./error.js";

function nothing() {}

/** Makes a function that throws where fewer than so many KB of stack are left. */
export function needing(kilobytes) {
  let padding;
  return () => {
    // Arguments lie on the stack, eight bytes each.
    padding ??= new Array(kilobytes * 128).fill(0);
    nothing.apply(undefined, padding);
  };
}

/** What signing and calling need at most, besides signing again what was signed before. */
export const needStack = /* @__PURE__ */ needing(8);

/**
 * `error` with the stack of whoever is here: where the module made it, nobody was. In V8 that has the functions that await
 * this one, too.
 */
export function retraced(error, below = retraced) {
  try {
    if (isQingCloudError(error) && Object.isExtensible(error)) Error.captureStackTrace?.(error, below);
  } catch {
    // A proxy, or a replaced captureStackTrace: then the stack stays what it was.
  }
  return error;
}

/** The error for `owner` whose work was ended by `cause`, on the way to the module or in the middle of it. */
export function cutShort(kind, owner, cause) {
  if (isQingCloudError(cause)) {
    // What can be wrong with parameters is wrong with those of an action.
    if (kind === "parameters" && typeof owner === "string" && Object.isExtensible(cause)) cause.action ??= owner;
    return retraced(cause, cutShort);
  }
  return new QingCloudError({ kind, message: `${owner}: this was cut short, most likely because the stack is nearly full; call it from less deep`, cause });
}

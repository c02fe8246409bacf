// What can be read off an error.

import { isQingCloudError, QingCloudError } from "qingcloud-wasm";

export function handle(error: unknown): string {
  // @ts-expect-error: nothing is known of it yet
  error.kind;
  if (!isQingCloudError(error)) throw error;
  const wait: number | undefined = error.safeAfter?.getTime();
  if (error.kind === "api" && error.retCode === 1400 && error.reason === "not-ready") return "later";
  if (error.outcome === "unknown") return `${error.readBack?.action} after ${wait}`;
  for (const { path, expected, got, suggestion } of error.violations ?? []) return `${path}: ${expected}, ${got} ${suggestion ?? ""}`;
  // @ts-expect-error: no such kind
  if (error.kind === "unknown") return "";
  return error.message;
}

export function narrow(error: Error): boolean {
  return error instanceof QingCloudError && error.retryable;
}

// @ts-expect-error: only the package makes them
new QingCloudError({ kind: "api", message: "" });

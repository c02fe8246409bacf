/**
 * The emulator behind a socket, for clients that are no JavaScript.
 *
 * @module qingcloud-wasm/emulator/node
 */

import { Emulator, EmulatorOptions } from "./emulator.js";

/** An emulator that listens. */
export interface ServedEmulator {
  /** The endpoint, such as `http://127.0.0.1:50123/iaas/`. */
  url: string;
  /** The emulator behind it. */
  emulator: Emulator;
  /** Stops listening and breaks what connections there are. */
  close(): Promise<void>;
}

/**
 * Puts an emulator behind a socket of 127.0.0.1, for clients that are no JavaScript. It rejects with kind `options` where an
 * option is wrong or the port cannot be had.
 *
 * @example
 * const { url, emulator, close } = await serveEmulator();
 * const { accessKeyId, secretAccessKey } = emulator;
 * const client = new QingCloudClient({ accessKeyId, secretAccessKey, zone: "pek3a", endpoint: url });
 */
export declare function serveEmulator(
  options?: EmulatorOptions & {
    /** The port; any free one unless given. */
    port?: number;
    /** Whether pages of other origins may call it (`false`). */
    cors?: boolean;
  },
): Promise<ServedEmulator>;

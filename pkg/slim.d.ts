/**
 * The client without its WebAssembly module, which you load yourself: for whoever counts bytes.
 *
 * @module qingcloud-wasm/slim
 */

export * from "./index.js";

/**
 * Takes the module that this entry comes without: its bytes, or what `WebAssembly.compile` made of
 * them. Once, before the first client. The file is `qingcloud-wasm/client.wasm`.
 *
 * @example
 * import wasmUrl from "qingcloud-wasm/client.wasm?url";
 * import { init, QingCloudClient } from "qingcloud-wasm/slim";
 * init(await WebAssembly.compileStreaming(fetch(wasmUrl)));
 */
export declare function init(module: object): void;

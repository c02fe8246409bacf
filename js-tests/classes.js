// The signing classes over each of their modules: those of the package's entries, and those that a browser gets.

import { QingCloudClient } from "qingcloud-wasm";
import { Signer } from "qingcloud-wasm/sign";
import { QingCloudClient as PortableClient } from "./node_modules/qingcloud-wasm/index.js";
import { Signer as PortableSigner } from "./node_modules/qingcloud-wasm/sign.js";

export const CLASSES = {
  QingCloudClient,
  Signer,
  "the browser's QingCloudClient": PortableClient,
  "the browser's Signer": PortableSigner,
};

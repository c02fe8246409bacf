// Puts the guide's own example into the form.

import { batch } from "@preact/signals";
import { setParams } from "./form.js";
import { PUBLISHED } from "./published.js";
import { accessKeyId, DEFAULT_ENDPOINT, endpoint, expiresInSeconds, method, SAMPLE_KEY, secretAccessKey, signatureMethod, target, time, token, zone } from "./settings.js";
import { actionName, view } from "./view.js";

/** Fills form and settings with it. */
export function openPublishedSample() {
  batch(() => {
    useSampleKey();
    setParams(PUBLISHED.action, PUBLISHED.params);
    zone.value = PUBLISHED.zone;
    time.value = PUBLISHED.time;
    endpoint.value = DEFAULT_ENDPOINT;
    for (const setting of [method, signatureMethod, expiresInSeconds]) setting.value = "";
    if (target.value === "local") target.value = "emulator";
    [view.value, actionName.value] = ["explore", PUBLISHED.action];
  });
}

/** Puts the guide's key back. */
export function useSampleKey() {
  batch(() => {
    accessKeyId.value = SAMPLE_KEY.accessKeyId;
    secretAccessKey.value = SAMPLE_KEY.secretAccessKey;
    token.value = "";
  });
}

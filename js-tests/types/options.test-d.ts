// How a client may be set up, and how it may not.

import { QingCloudClient, type ClientEvent, type ClientOptions, type CredentialProvider } from "qingcloud-wasm";

new QingCloudClient({ accessKeyId: "a", secretAccessKey: "b" });
new QingCloudClient({ accessKeyId: "a", secretAccessKey: new Uint8Array(1), token: "t", zone: "pek3", validate: "strict" });
new QingCloudClient({ credentials: () => ({ accessKeyId: "a", secretAccessKey: "b", expiresAt: Date.now() + 1000 }) });
new QingCloudClient({ credentials: async () => ({ accessKeyId: "a", secretAccessKey: "b", token: "t", expiresAt: new Date() }) });
new QingCloudClient({ signer: async ({ action, params }) => ({ method: "GET", url: `https://x/${action}${JSON.stringify(params)}`, headers: {} }) });
new QingCloudClient({ remote: { url: "/api/qingcloud", mode: "sign", headers: { authorization: "…" } } });
new QingCloudClient({ accessKeyId: "a", secretAccessKey: "b", fetch, now: Date.now, callsPerHour: 2000, readOnly: true });
new QingCloudClient({ accessKeyId: "a", secretAccessKey: "b", fetch: async () => new Response("{}") });

// @ts-expect-error: no key
new QingCloudClient({ zone: "pek3" });
// @ts-expect-error: half a key
new QingCloudClient({ accessKeyId: "a" });
// @ts-expect-error: two sources exclude each other
new QingCloudClient({ accessKeyId: "a", secretAccessKey: "b", remote: { url: "/x" } });
// @ts-expect-error: no such choice
new QingCloudClient({ accessKeyId: "a", secretAccessKey: "b", signatureMethod: "HmacMD5" });
// @ts-expect-error: no such option
new QingCloudClient({ accessKeyId: "a", secretAccessKey: "b", region: "pek3" });
// @ts-expect-error: a remote needs an address
new QingCloudClient({ remote: {} });

const provider: CredentialProvider = async () => ({ accessKeyId: "a", secretAccessKey: "b" });
export const options: ClientOptions = { credentials: provider };

export function listen(event: ClientEvent): string | number | undefined {
  switch (event.type) {
    case "request":
      return event.host;
    case "response":
      return event.retCode ?? event.status;
    case "retry":
      return event.afterMs;
    case "clock":
      return event.offsetMs;
    case "quota":
      return event.waitMs;
    case "drift":
      return event.differences.join();
    case "wait":
      return event.done / event.total;
    default: {
      const nothingElse: never = event;
      return nothingElse;
    }
  }
}

// What a careful engineer would write without this package: plain JavaScript and node:crypto.

import { createHmac } from "node:crypto";

const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

function flatten(params, flat) {
  for (const [name, value] of Object.entries(params)) {
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        if (typeof item === "object") {
          for (const [field, inner] of Object.entries(item)) flat[`${name}.${index + 1}.${field}`] = String(inner);
        } else {
          flat[`${name}.${index + 1}`] = String(item);
        }
      });
    } else {
      flat[name] = String(value);
    }
  }
}

export function plainSigner({ accessKeyId, secretAccessKey, zone, now = Date.now }) {
  return (action, params) => {
    const flat = {
      access_key_id: accessKeyId,
      action,
      signature_method: "HmacSHA256",
      signature_version: "1",
      time_stamp: `${new Date(now()).toISOString().slice(0, 19)}Z`,
      version: "1",
      zone,
    };
    flatten(params, flat);
    const query = Object.keys(flat).sort().map((name) => `${encode(name)}=${encode(flat[name])}`).join("&");
    const signature = createHmac("sha256", secretAccessKey).update(`GET\n/iaas/\n${query}`).digest("base64");
    return `https://api.qingcloud.com/iaas/?${query}&signature=${encode(signature)}`;
  };
}

// What a careful engineer would write without this package: plain JavaScript and somebody else's HMAC.

const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

/** Lists and objects in them as the numbered names that go out, into `flat`. */
export function flatten(params, flat = {}) {
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
  return flat;
}

function queryOf(action, params, { accessKeyId, zone, now = Date.now }) {
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
  return Object.keys(flat).sort().map((name) => `${encode(name)}=${encode(flat[name])}`).join("&");
}

const urlOf = (query, signature) => `https://api.qingcloud.com/iaas/?${query}&signature=${encode(signature)}`;

/** `hmac(text)` gives the signature in Base64. */
export function plainSigner(options, hmac) {
  return (action, params) => {
    const query = queryOf(action, params, options);
    return urlOf(query, hmac(`GET\n/iaas/\n${query}`));
  };
}

/** The same where `hmac` gives a promise. */
export function plainAsyncSigner(options, hmac) {
  return async (action, params) => {
    const query = queryOf(action, params, options);
    return urlOf(query, await hmac(`GET\n/iaas/\n${query}`));
  };
}

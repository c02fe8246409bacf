//! What the service checks before it looks at an action: form, key, signature, time.

use crate::emulator::names::*;

use super::doctor;
use super::options::{AccessKey, Options};
use super::params::Params;
use super::redact;
use super::refusal::{Refusal, short};
use super::request::{Request, canonical, decode, has_stray_ampersand, is_canonical};
use crate::sign::time;
use crate::sign::{Key, SignatureMethod};

/// The public parameters that every request must carry, from the API guide. `version` is not among them:
/// the official Go SDK does not send it.
const PUBLIC: [&str; 5] = [
    "action",
    "access_key_id",
    "time_stamp",
    "signature_method",
    "signature_version",
];

/// An access key, ready to check signatures with.
pub struct LoadedKey {
    pub key: AccessKey,
    sha256: Key,
    sha1: Key,
}

impl LoadedKey {
    pub fn new(key: AccessKey) -> LoadedKey {
        let secret = || key.secret_access_key.as_bytes().to_vec();
        let (sha256, sha1) = (
            Key::new(SignatureMethod::HmacSha256, secret()),
            Key::new(SignatureMethod::HmacSha1, secret()),
        );
        LoadedKey { key, sha256, sha1 }
    }
}

/// Which API a path belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    Iaas,
    Iam,
}

/// The API of a path. The last slash may be missing, as the official Go SDK has it for IAM.
pub fn api(path: &[u8]) -> Option<Api> {
    let path = path.strip_suffix(b"/").unwrap_or(path);
    if path.ends_with(b"/iaas") {
        Some(Api::Iaas)
    } else if path.ends_with(b"/iam") {
        Some(Api::Iam)
    } else {
        None
    }
}

/// Checks form, key, signature and time; gives the parameters and the key.
pub fn protocol<'a, 'k>(
    request: &Request<'a>,
    keys: &'k [LoadedKey],
    deleted: &[String],
    options: &Options,
    now_ms: i64,
) -> Result<(Params<'a>, &'k LoadedKey), Refusal> {
    if !matches!(request.method, "GET" | "POST") {
        return Err(Refusal::method(format!(
            "method [{}] should be GET or POST",
            short(request.method)
        )));
    }
    let Some(api) = api(request.path) else {
        return Err(Refusal::format(format!(
            "path [{}] should be /iaas/ or /iam/",
            short(&String::from_utf8_lossy(request.path))
        )));
    };
    let params = request.params()?;
    for name in PUBLIC {
        params.required(name)?;
    }
    let Some(signature) = request.pairs.iter().find(|pair| pair.name == b"signature") else {
        return Err(Refusal::format("missing parameter [signature]"));
    };
    match params.text("version") {
        None if options.require_version => {
            return Err(Refusal::format("missing parameter [version]"));
        }
        None | Some("1") => {}
        Some(other) => {
            return Err(Refusal::format(format!(
                "parameter [version] should be 1, got [{}]",
                short(other)
            )));
        }
    }
    let version = params.required("signature_version")?;
    if !matches!(version, "1" | "2") {
        return Err(Refusal::format(format!(
            "parameter [signature_version] should be 1, or 2 with a token, got [{}]",
            short(version)
        )));
    }
    let method = params.required("signature_method")?;
    let Some(method) = SignatureMethod::from_name(method) else {
        return Err(Refusal::format(format!(
            "parameter [signature_method] should be HmacSHA256 or HmacSHA1, got [{}]",
            short(method)
        )));
    };

    let id = params.required("access_key_id")?;
    let loaded = keys.iter().find(|loaded| {
        loaded.key.access_key_id == id && !deleted.contains(&loaded.key.access_key_id)
    });
    let Some(loaded) = loaded else {
        // Id and secret may have been exchanged, and this text goes far.
        if keys
            .iter()
            .any(|loaded| id.contains(&loaded.key.secret_access_key))
        {
            return Err(Refusal::auth(format!(
                "illegal access key [{}]: it is a secret access key; id and secret may have been exchanged",
                redact::MASK
            )));
        }
        return Err(Refusal::auth(format!("illegal access key [{}]", short(id))));
    };
    check_token(&params, &loaded.key, api)?;
    check_signature(request, &params, loaded, method, signature.value, options)?;
    check_time(&params, options, now_ms)?;
    Ok((params, loaded))
}

fn check_token(params: &Params, key: &AccessKey, api: Api) -> Result<(), Refusal> {
    let given = params.text("token");
    match (key.token.as_deref(), given, api) {
        (Some(token), Some(given), Api::Iam) if token == given => Ok(()),
        (None, None, Api::Iaas) => Ok(()),
        (Some(_), None, _) => Err(Refusal::auth("this access key needs its parameter [token]")),
        (Some(_), Some(_), Api::Iaas) => Err(Refusal::auth(
            "a request with a token goes to /iam/, not to /iaas/",
        )),
        (Some(_), Some(_), Api::Iam) => Err(Refusal::auth(
            "parameter [token] is not that of the access key",
        )),
        (None, Some(_), _) => Err(Refusal::auth("this access key has no token")),
        (None, None, Api::Iam) => Err(Refusal::auth(
            "a request without a token goes to /iaas/, not to /iam/",
        )),
    }
}

fn check_signature(
    request: &Request,
    params: &Params,
    loaded: &LoadedKey,
    method: SignatureMethod,
    signature: &[u8],
    options: &Options,
) -> Result<(), Refusal> {
    let is_sent_as_signed = is_sent_as_signed(request);
    let rebuilt = if is_sent_as_signed {
        Vec::new()
    } else {
        canonical(params.iter())
    };
    let (before, after) = around_signature(request.text);
    let joint: &[u8] = if before.is_empty() || after.is_empty() {
        b""
    } else {
        b"&"
    };
    let query: [&[u8]; 3] = if is_sent_as_signed {
        [before, joint, after]
    } else {
        [&rebuilt, b"", b""]
    };
    let key = match method {
        SignatureMethod::HmacSha256 => &loaded.sha256,
        SignatureMethod::HmacSha1 => &loaded.sha1,
    };
    let expected = key.sign(&[
        request.method.as_bytes(),
        b"\n",
        request.path,
        b"\n",
        query[0],
        query[1],
        query[2],
    ]);
    let given = decode(signature);
    if given.as_deref() != Some(expected.as_bytes()) {
        let mut refusal = Refusal::auth("signature not matched");
        let is_post = request.method == "POST";
        let url = if is_post {
            request.path.to_vec()
        } else {
            [request.path, b"?", request.text].concat()
        };
        let evidence = doctor::Evidence {
            subject: doctor::Subject::Url(&url),
            method: Some(request.method),
            body: is_post.then_some(request.text),
            signature: None,
            now_ms: None,
        };
        if let Some(why) = doctor::explain(&evidence, loaded.key.secret_access_key.as_bytes()) {
            refusal.message.push_str(": ");
            refusal.message.push_str(&why);
        }
        refusal.string_to_sign = Some(masked_string_to_sign(request, params));
        return Err(refusal);
    }
    if options.strict_query && request.method == "GET" && !is_sent_as_signed {
        let mut refusal = Refusal::auth(format!(
            "signature not matched: the query is not sent as it was signed, see {}",
            first_difference(request)
        ));
        refusal.string_to_sign = Some(masked_string_to_sign(request, params));
        return Err(refusal);
    }
    Ok(())
}

/// The text before and after the `signature`, without the `&`s that bound it.
fn around_signature(text: &[u8]) -> (&[u8], &[u8]) {
    let mut start = 0;
    for part in text.split(|&byte| byte == b'&') {
        let end = start + part.len();
        if part.starts_with(b"signature=") {
            let before = &text[..start.saturating_sub(1)];
            return (before, text.get(end + 1..).unwrap_or_default());
        }
        start = end + 1;
    }
    (text, b"")
}

/// Whether the text came as it is signed: each part encoded by RFC 3986, sorted by name, single `&`s.
fn is_sent_as_signed(request: &Request) -> bool {
    let mut last: Option<&[u8]> = None;
    let mut length = 0;
    for pair in &request.pairs {
        length += pair.name.len() + 1 + pair.value.len() + 1;
        if pair.name == b"signature" {
            continue;
        }
        // Encoded names are compared: only names that need no encoding sort the same either way, others
        // take the slow road.
        let plain = !pair.name.contains(&b'%');
        if !pair.has_equals
            || !plain
            || !is_canonical(pair.name)
            || !is_canonical(pair.value)
            || last.is_some_and(|last| last >= pair.name)
        {
            return is_sent_as_signed_slowly(request);
        }
        last = Some(pair.name);
    }
    length == request.text.len() + 1
}

fn is_sent_as_signed_slowly(request: &Request) -> bool {
    let Ok(params) = request.params() else {
        return false;
    };
    if has_stray_ampersand(request.text) {
        return false;
    }
    let (before, after) = around_signature(request.text);
    let mut text = before.to_vec();
    if !before.is_empty() && !after.is_empty() {
        text.push(b'&');
    }
    text.extend_from_slice(after);
    text == canonical(params.iter())
}

/// What is not sent in the form that is signed.
fn first_difference(request: &Request) -> String {
    if has_stray_ampersand(request.text) {
        return "the & that stands between no two parameters".to_owned();
    }
    for pair in &request.pairs {
        if pair.name == b"signature" {
            continue;
        }
        if !is_canonical(pair.name) || !is_canonical(pair.value) {
            return format!(
                "the encoding of [{}]",
                short(&String::from_utf8_lossy(pair.name))
            );
        }
        if !pair.has_equals {
            // Not which: it may be the rest of a value that was cut by an & of its own.
            return "the = that a parameter lacks".to_owned();
        }
    }
    "the order of the parameters".to_owned()
}

fn masked_string_to_sign(request: &Request, params: &Params) -> String {
    let mut text = format!(
        "{}\n{}\n",
        request.method,
        String::from_utf8_lossy(request.path)
    );
    let secrets = redact::Secrets::of(params.text("action").unwrap_or_default());
    for (at, (name, value)) in params.iter().enumerate() {
        if at > 0 {
            text.push('&');
        }
        let pair = canonical([(name, value)].into_iter());
        let pair = String::from_utf8_lossy(&pair);
        let is_masked = secrets.holds(name) || redact::has_secret_members(value);
        let masked = is_masked.then(|| pair.split_once('=')).flatten();
        match masked {
            Some((name, _)) => text.push_str(&format!("{name}={}", redact::MASK)),
            None => text.push_str(&pair),
        }
    }
    text
}

fn check_time(params: &Params, options: &Options, now_ms: i64) -> Result<(), Refusal> {
    let read = |name: &str, text: &str| {
        let wrong = || {
            Refusal::format(format!(
                "parameter [{name}] should look like 2013-08-27T14:30:10Z, got [{}]",
                short(text)
            ))
        };
        time::parse(text.as_bytes()).ok_or_else(wrong)
    };
    let text = params.required("time_stamp")?;
    let stamp = read("time_stamp", text)?;
    let expires = params
        .text("expires")
        .map(|text| read("expires", text))
        .transpose()?;
    let now = now_ms.div_euclid(1000);
    let window = i64::from(options.time_window_seconds);
    if stamp - now > window {
        return Err(Refusal::expired(format!(
            "time_stamp [{text}] is {} s ahead of this clock",
            stamp - now
        )));
    }
    match expires {
        Some(end) if now > end => Err(Refusal::expired(format!("expires was {} s ago", now - end))),
        Some(_) => Ok(()),
        None if now - stamp > window => Err(Refusal::expired(format!(
            "time_stamp [{text}] is {} s old, at most {window} are allowed",
            now - stamp
        ))),
        None => Ok(()),
    }
}

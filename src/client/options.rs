//! Reads and checks what the user passed to the constructor.

use super::fields::Fields;
use super::kept::Kept;
use super::known::{class_of, known};
use super::source::{self, Key, Provider, Remote, RemoteMode, Source};
use crate::api::{self, Error, ErrorKind, Validation};
use crate::catalogue::Class;
use crate::sign::{Call, DEFAULT_ENDPOINT, Endpoint, SignatureMethod};
use js_sys::{Function, Object, Reflect, Symbol, Uint8Array};
use std::boxed::Box;
use std::format;
use std::rc::Rc;
use std::string::String;
use wasm_bindgen::prelude::*;

const OWNER: &str = "QingCloudClient";

/// Every option but `secretAccessKey`, which goes its own way.
const KNOWN: [&str; 23] = [
    "accessKeyId",
    // It does not come this way, but it may have been meant.
    "secretAccessKey",
    "token",
    "credentials",
    "signer",
    "remote",
    "endpoint",
    "zone",
    "signatureMethod",
    "signatureVersion",
    "expiresInSeconds",
    "timeoutMs",
    "deadlineMs",
    "maxAttempts",
    "maxConcurrency",
    "callsPerHour",
    "readOnly",
    "validate",
    "allowInsecureHttp",
    "dangerouslyAllowBrowser",
    "fetch",
    "now",
    "onEvent",
];

/// What holds for every call of a client.
pub(super) struct Settings {
    pub(super) zone: Option<String>,
    pub(super) expires_in_seconds: Option<u32>,
    pub(super) timeout_ms: f64,
    pub(super) deadline_ms: f64,
    pub(super) max_attempts: u32,
    pub(super) max_concurrency: u32,
    pub(super) calls_per_hour: Option<u32>,
    pub(super) read_only: bool,
    pub(super) allow_insecure_http: bool,
    validate: Option<Validation>,
    pub(super) fetch: Option<Function>,
    pub(super) now: Option<Function>,
    pub(super) on_event: Option<Function>,
}

impl Settings {
    /// `call` with the client's own zone and `expires` where it names none.
    pub(super) fn complete<'a>(&'a self, call: Call<'a>) -> Call<'a> {
        Call {
            zone: call.zone.or(self.zone.as_deref()),
            expires_in_seconds: call.expires_in_seconds.or(self.expires_in_seconds),
            ..call
        }
    }
}

impl Settings {
    /// Refuses parameters that the service cannot be meant to accept, before they are sent.
    pub(super) fn check_sending(&self, call: &Call) -> Result<(), Error> {
        self.check(call, self.validate.unwrap_or(Validation::Lenient))
    }

    /// The same before they are only signed: there nothing is lost by signing what was given, so
    /// it is done where the caller asks for it.
    pub(super) fn check_signing(&self, call: &Call) -> Result<(), Error> {
        self.check(call, self.validate.unwrap_or(Validation::Off))
    }

    fn check(&self, call: &Call, mode: Validation) -> Result<(), Error> {
        self.require_allowed(call.action)?;
        if mode == Validation::Off {
            return Ok(());
        }
        let known = known(call.action);
        api::validate(call.action, known.as_deref(), call.tree, call.zone, mode)
    }

    /// Refuses a changing action of a client that only reads.
    fn require_allowed(&self, action: &str) -> Result<(), Error> {
        if !self.read_only || class_of(action) == Class::Read {
            return Ok(());
        }
        let message = format!("{action} changes something, and this client is readOnly");
        let mut error = Error::new(ErrorKind::Options, message);
        error.action = Some(action.into());
        Err(error)
    }
}

/// Options and key in; settings and a source of signatures out.
pub(super) fn read(
    options: &JsValue,
    secret: Option<Uint8Array>,
) -> Result<(Settings, Source), Error> {
    let fields = Fields::of(options, OWNER, &KNOWN)?;
    let allow_insecure_http = fields.flag("allowInsecureHttp")?.unwrap_or(false);
    let endpoint = fields.text("endpoint")?;
    let endpoint = Endpoint::parse(
        endpoint.as_deref().unwrap_or(DEFAULT_ENDPOINT),
        allow_insecure_http,
    )?;
    let settings = Settings {
        zone: fields.text("zone")?,
        expires_in_seconds: fields.count("expiresInSeconds")?,
        timeout_ms: fields.milliseconds("timeoutMs")?.unwrap_or(30_000.0),
        deadline_ms: fields.milliseconds("deadlineMs")?.unwrap_or(120_000.0),
        max_attempts: fields.count("maxAttempts")?.unwrap_or(3),
        max_concurrency: fields.count("maxConcurrency")?.unwrap_or(32),
        calls_per_hour: fields.count("callsPerHour")?,
        read_only: fields.flag("readOnly")?.unwrap_or(false),
        allow_insecure_http,
        validate: fields.choice(
            "validate",
            &[
                ("off", Validation::Off),
                ("lenient", Validation::Lenient),
                ("strict", Validation::Strict),
            ],
        )?,
        fetch: fields.function("fetch")?,
        now: fields.function("now")?,
        on_event: fields.function("onEvent")?,
    };
    let source = read_source(&fields, &settings, endpoint, secret)?;
    Ok((settings, source))
}

fn read_source(
    fields: &Fields,
    settings: &Settings,
    endpoint: Endpoint,
    secret: Option<Uint8Array>,
) -> Result<Source, Error> {
    let access_key_id = fields.text("accessKeyId")?;
    let token = fields.text("token")?;
    let provider = fields.function("credentials")?;
    let function = fields.function("signer")?;
    let remote = fields.object("remote")?;
    let signature_method = fields
        .choice(
            "signatureMethod",
            &[
                ("HmacSHA256", SignatureMethod::HmacSha256),
                ("HmacSHA1", SignatureMethod::HmacSha1),
            ],
        )?
        .unwrap_or_default();
    let signature_version = fields.count("signatureVersion")?;
    if !matches!(signature_version, None | Some(1 | 2)) {
        return Err(fields.refuse("\"signatureVersion\" must be 1 or 2"));
    }
    let given = [
        access_key_id.is_some() || secret.is_some() || token.is_some(),
        provider.is_some(),
        function.is_some(),
        remote.is_some(),
    ];
    match given.iter().filter(|is_given| **is_given).count() {
        0 => {
            return Err(fields.refuse(
                "no key was given; pass accessKeyId and secretAccessKey, or one of credentials, signer and remote",
            ));
        }
        1 => {}
        _ => {
            return Err(fields.refuse(
                "a key, credentials, signer and remote exclude each other; pass one of them",
            ));
        }
    }
    let is_loopback = endpoint.is_loopback();
    let key = source::KeySettings {
        endpoint,
        signature_method,
        signature_version: signature_version.map(|version| version as u8),
    };
    if let Some(provider) = provider {
        return Ok(Source::Provider(Rc::new(Provider::new(provider, key))));
    }
    if let Some(function) = function {
        return Ok(Source::Function(function));
    }
    if let Some(remote) = remote {
        return read_remote(&remote.into(), settings.allow_insecure_http)
            .map(|remote| Source::Remote(Box::new(remote)));
    }
    let Some(access_key_id) = access_key_id else {
        return Err(fields.refuse("\"accessKeyId\" is missing; give the id of the access key"));
    };
    let Some(secret) = secret else {
        return Err(
            fields.refuse("\"secretAccessKey\" is missing; give the secret of the access key")
        );
    };
    let is_allowed = fields.flag("dangerouslyAllowBrowser")?.unwrap_or(false);
    if !is_allowed && settings.fetch.is_none() && !is_loopback && is_page() {
        return Err(Error::new(
            ErrorKind::Options,
            "QingCloudClient: a secret in a page is readable by everyone who opens it; use remote with an endpoint of your own, or set dangerouslyAllowBrowser: true",
        ));
    }
    let key = Key::open(key.with(access_key_id, token), source::take_bytes(&secret))?;
    Ok(Source::Key(Kept::new(Some(key))))
}

fn read_remote(remote: &JsValue, allow_insecure_http: bool) -> Result<Remote, Error> {
    let fields = Fields::of(remote, "remote", &["url", "mode", "headers"])?;
    let Some(url) = fields.text("url")? else {
        return Err(
            fields.refuse("\"url\" is missing; give the address of your createHandler endpoint")
        );
    };
    // A page may name its own server by a path; anything else is held to the endpoint's rules.
    // What a URL parser drops or turns into a slash would make a path another server's address.
    let is_path = url.starts_with('/')
        && !url[1..].starts_with(['/', '\\'])
        && url.bytes().all(|byte| byte > b' ');
    if !is_path {
        let (address, _) = url.split_once('?').unwrap_or((&url, ""));
        Endpoint::parse(address, allow_insecure_http).map_err(|error| {
            let why = error.message.strip_prefix("\"endpoint\"");
            fields.refuse(&format!("\"url\"{}", why.unwrap_or(&error.message)))
        })?;
    }
    let headers = fields.object("headers")?;
    // Of a `Headers` no name would be seen.
    let is_list = |headers: &Object| {
        Reflect::get(headers, &Symbol::iterator()).is_ok_and(|method| method.is_function())
    };
    if headers.as_ref().is_some_and(is_list) {
        return Err(fields.refuse("\"headers\" must be a plain object of names and values"));
    }
    Ok(Remote {
        url,
        mode: fields
            .choice(
                "mode",
                &[("proxy", RemoteMode::Proxy), ("sign", RemoteMode::Sign)],
            )?
            .unwrap_or(RemoteMode::Proxy),
        headers,
    })
}

/// A page has a window and a document; Deno and a simulated DOM under Node are no pages.
pub(super) fn is_page() -> bool {
    let global = js_sys::global();
    let get = |object: &JsValue, name: &str| {
        Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
    };
    let has = |name| !get(&global, name).is_undefined();
    let node = get(&get(&get(&global, "process"), "versions"), "node");
    has("window") && has("document") && !has("Deno") && node.is_undefined()
}

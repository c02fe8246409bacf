//! Calls and signed requests as plain objects, for whoever signs elsewhere.

use super::error::Failure;
use super::fields::Fields;
use super::transport::{Reply, Request};
use crate::api::{self, Error, ErrorKind};
use crate::sign::{Call, Endpoint, Method, parameters_json};
use js_sys::{JSON, Object, Reflect};
use std::boxed::Box;
use wasm_bindgen::prelude::*;

/// Why there is no signed request.
pub(super) enum Unready {
    /// There will be none.
    Failed(Failure),
    /// Whoever signs could not be reached, for this reason; nothing was sent.
    Unreached(JsValue),
    /// Whoever signs is busy or broken for now, by this reply; nothing was sent.
    Later(Box<Reply>),
}

impl<E: Into<Failure>> From<E> for Unready {
    fn from(failure: E) -> Unready {
        Unready::Failed(failure.into())
    }
}

/// `call` as somebody else is asked to sign it: `{ action, params, zone?, method?, requestId?,
/// expiresInSeconds? }`.
pub(super) fn unsigned(call: &Call) -> Result<JsValue, Error> {
    let object = Object::new();
    let json = parameters_json(call.tree)?;
    let params = JSON::parse(&json).unwrap_or(JsValue::UNDEFINED);
    set(&object, "action", &call.action.into());
    set(&object, "params", &params);
    // A zone among the parameters goes before the client's own.
    let has_zone = !api::texts(call.tree, "zone").is_empty();
    for (name, value) in [
        ("zone", call.zone.filter(|_| !has_zone)),
        ("method", call.method.map(Method::name)),
        ("requestId", call.request_id),
    ] {
        if let Some(value) = value {
            set(&object, name, &value.into());
        }
    }
    if let Some(seconds) = call.expires_in_seconds {
        set(&object, "expiresInSeconds", &seconds.into());
    }
    Ok(object.into())
}

/// A `SignedRequest` that somebody else made.
///
/// Whoever sees a request may replay it, so plain `http:` is held to the rule of the endpoint.
pub(super) fn read_signed(
    signed: &JsValue,
    owner: &str,
    allow_insecure_http: bool,
) -> Result<Request, Error> {
    let read = || {
        let fields = Fields::any(signed, owner)?;
        let method = fields.choice("method", &[("GET", Method::Get), ("POST", Method::Post)])?;
        let url = fields
            .text("url")?
            .filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        let (Some(method), Some(url)) = (method, url) else {
            return Err(fields.refuse("a signed request needs a method and an absolute url"));
        };
        let (address, _) = url.split_once('?').unwrap_or((&url, ""));
        if url.starts_with("http://") && Endpoint::parse(address, allow_insecure_http).is_err() {
            return Err(fields.refuse("the url is plain http: to another machine; use https:, or for a private cloud set allowInsecureHttp: true"));
        }
        Ok(Request {
            method,
            url,
            headers: fields.object("headers")?,
            body: fields.text("body")?,
        })
    };
    read().map_err(|mut error| {
        error.kind = ErrorKind::Credentials;
        error
    })
}

/// Sets a field of a plain object, which cannot fail.
pub(super) fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

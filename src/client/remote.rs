//! The other half of `createHandler`: a server of the user's own that holds the key.
//!
//! The client posts `{ action, params, zone?, method?, requestId?, expiresInSeconds? }` as JSON.
//! The server replies `{ answer }` (mode `proxy`), `{ signed }` (mode `sign`), or
//! `{ error }` with the fields of a `QingCloudError`.

use super::Shared;
use super::error::{Failure, rebuilt};
use super::source::Remote;
use super::transport::{Exchange, Lost, Reply, Request};
use super::wire::{Unready, read_signed, set, unsigned};
use crate::api::{self, Error, ErrorKind, Fault};
use crate::sign::{Call, Method};
use js_sys::{Array, JSON, Object, Reflect};
use std::boxed::Box;
use std::format;
use std::string::String;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Object)]
    fn entries(object: &Object) -> Result<Array, JsValue>;
}

/// The request that carries `call` to the server.
pub(super) fn request(remote: &Remote, call: &Call) -> Result<Request, Error> {
    let headers = Object::new();
    if let Some(given) = &remote.headers {
        let entries = entries(given).map_err(|_| {
            Error::new(
                ErrorKind::Options,
                "remote: \"headers\" cannot be read: a getter or a proxy among them threw",
            )
        })?;
        for entry in entries.iter() {
            let entry: Array = entry.unchecked_into();
            let name = entry.get(0);
            let known = name.as_string().unwrap_or_default();
            // Theirs would be sent beside ours, and no server reads two.
            if !known.eq_ignore_ascii_case("content-type") {
                let _ = Reflect::set(&headers, &name, &entry.get(1));
            }
        }
    }
    set(&headers, "content-type", &"application/json".into());
    let body = JSON::stringify(&unsigned(call)?).map_or(String::new(), String::from);
    Ok(Request {
        method: Method::Post,
        url: remote.url.clone(),
        headers: Some(headers),
        body: Some(body),
    })
}

/// Has the server sign `call`. Until it has, nothing was sent to the service.
pub(super) async fn sign(
    shared: &Shared,
    remote: &Remote,
    call: &Call<'_>,
) -> Result<Request, Unready> {
    let fetch = shared.settings.fetch.as_ref();
    // The time is the caller's to watch: it counts towards that of the whole attempt.
    let exchange = Exchange::new(fetch, &request(remote, call)?, f64::INFINITY);
    let reply = exchange.reply().await.map_err(|lost| match lost {
        Lost::Broken(cause) | Lost::Unreached(cause) => Unready::Unreached(cause),
        Lost::TimedOut => Unready::Unreached(JsValue::UNDEFINED),
    })?;
    match said(&reply, "signed") {
        Said::Content(signed) => {
            let insecure = shared.settings.allow_insecure_http;
            Ok(read_signed(
                &signed,
                "the signing server's answer",
                insecure,
            )?)
        }
        Said::Error(failure) => Err(failure.into()),
        Said::Nothing if matches!(reply.status, 429 | 500 | 502 | 503 | 504) => {
            Err(Unready::Later(Box::new(reply)))
        }
        Said::Nothing => {
            let mut error = Error::new(
                ErrorKind::Http,
                format!(
                    "{}: the signing server's reply (HTTP status {}) {PROBLEM}",
                    call.action, reply.status
                ),
            );
            error.http_status = Some(reply.status);
            Err(Failure::with(error, reply.value, JsValue::UNDEFINED).into())
        }
    }
}

/// Whether `answer` is one that a call resolves with.
pub(super) fn is_success(answer: &JsValue) -> bool {
    Reflect::get(answer, &"ret_code".into()).is_ok_and(|code| code == 0)
}

/// What is wrong with a reply that says nothing, to follow "the reply ".
pub(super) const PROBLEM: &str =
    "is none of createHandler's; check remote.url and that both sides have the same mode";

/// What the server's reply holds.
pub(super) enum Said {
    /// What was asked for.
    Content(JsValue),
    /// The error that ended it there.
    Error(Failure),
    /// Neither: something between here and there replied.
    Nothing,
}

/// Reads `name` in the server's reply, or the error that the server gave instead.
pub(super) fn said(reply: &Reply, name: &str) -> Said {
    let get = |name: &str| {
        Reflect::get(&reply.value, &name.into())
            .ok()
            .filter(JsValue::is_object)
    };
    if reply.status == 200
        && let Some(content) = get(name)
    {
        return Said::Content(content);
    }
    match get("error") {
        // The handler asks to come back later, or failed itself: as where the service does so.
        Some(_) if matches!(reply.status, 429 | 500..) => Said::Nothing,
        Some(error) if is_error(reply.status, &error) => {
            Said::Error(Failure::Thrown(rebuilt(&error)))
        }
        _ => Said::Nothing,
    }
}

/// Whether these are the fields of an error. What the service said comes with the outcome; without one the server itself
/// has refused the call, and says so by its status.
fn is_error(status: u16, fields: &JsValue) -> bool {
    let is_text =
        |name: &str| Reflect::get(fields, &name.into()).is_ok_and(|field| field.is_string());
    let is_refusal = matches!(status, 400..500);
    is_text("kind") && is_text("message") && (is_text("outcome") || is_refusal)
}

/// What a reply that says nothing means for the call that it should have answered.
pub(super) fn fault(reply: &Reply) -> Fault {
    let seen = api::Reply {
        status: reply.status,
        body: reply.body(),
    };
    match api::fault(&seen) {
        None | Some((Fault::Code { .. }, _)) => Fault::Unusable,
        Some((fault, _)) => fault,
    }
}

//! The other half of `createHandler`: a server of the user's own that holds the key.
//!
//! The client posts `{ action, params, zone?, method?, requestId?, expiresInSeconds? }` as JSON.
//! The server replies `{ answer }` (mode `proxy`), `{ signed }` (mode `sign`), or
//! `{ error }` with the fields of a `QingCloudError`.

use super::Shared;
use super::error::{Failure, rebuilt};
use super::prepare::{read_signed, set, unsigned};
use super::source::Remote;
use super::transport::{Exchange, Reply, Request};
use crate::api::{Error, ErrorKind};
use crate::sign::{Call, Method};
use js_sys::{JSON, Object, Reflect};
use std::format;
use std::string::String;
use wasm_bindgen::prelude::*;

/// The request that carries `call` to the server.
pub(super) fn request(remote: &Remote, call: &Call) -> Result<Request, Error> {
    let headers = Object::new();
    if let Some(given) = &remote.headers {
        Object::assign(&headers, given);
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

/// Has the server sign `call`.
pub(super) async fn sign(
    shared: &Shared,
    remote: &Remote,
    call: &Call<'_>,
) -> Result<Request, Failure> {
    let mut exchange = Exchange::new();
    let sent = exchange
        .run(shared.settings.fetch.as_ref(), &request(remote, call)?)
        .await;
    let reply = sent.map_err(|broken| {
        let error = Error::new(
            ErrorKind::Network,
            format!(
                "{}: the connection to the signing server failed",
                call.action
            ),
        );
        Failure::with(error, JsValue::UNDEFINED, broken.cause)
    })?;
    let signed = content(&reply, "signed", call.action)?;
    Ok(read_signed(&signed, "the signing server's answer")?)
}

/// `name` in the server's reply, or the error that the server gave instead.
pub(super) fn content(reply: &Reply, name: &str, action: &str) -> Result<JsValue, Failure> {
    let get = |name: &str| {
        Reflect::get(&reply.value, &name.into())
            .ok()
            .filter(JsValue::is_object)
    };
    if let Some(content) = get(name) {
        return Ok(content);
    }
    if let Some(error) = get("error") {
        return Err(Failure::Thrown(rebuilt(&error)));
    }
    let mut error = Error::new(
        ErrorKind::Http,
        format!(
            "{action}: the remote replied with HTTP status {} and no \"{name}\"; check remote.url and its mode",
            reply.status
        ),
    );
    error.http_status = Some(reply.status);
    Err(Failure::with(
        error,
        reply.value.clone(),
        JsValue::UNDEFINED,
    ))
}

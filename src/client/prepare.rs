//! From a call to a request that can be sent: whoever holds the key signs it.

use super::error::Failure;
use super::source::{RemoteMode, Source};
use super::transport::Request;
use super::wire::{Unready, read_signed, set, unsigned};
use super::{MEMORY, Memory, Shared, remote};
use crate::api::Error;
use crate::sign::{Call, Signer};
use js_sys::{Object, Promise};
use std::format;
use std::string::String;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Signs `call`, wherever the client's signatures come from.
pub(super) async fn prepare(shared: &Shared, call: &Call<'_>) -> Result<Request, Unready> {
    match &shared.source {
        Source::Key(_) => {
            // SAFETY: signing calls no JavaScript, and there is no way from one key to another.
            let signed = unsafe { shared.source.with_key(call.action, |key| sign(key, call)) };
            Ok(with_headers(signed?))
        }
        Source::Provider(provider) => {
            let now_ms = shared.now_ms()? + shared.clock_offset_ms.get();
            let key = provider.signer(now_ms).await?;
            // SAFETY: as above.
            let signed = unsafe { key.with(|key| sign(key, call)) };
            Ok(with_headers(signed?))
        }
        Source::Function(function) => {
            let gave = match function.call1(&JsValue::UNDEFINED, &unsigned(call)?) {
                Ok(gave) => JsFuture::from(Promise::resolve(&gave)).await,
                Err(thrown) => Err(thrown),
            };
            let signed = gave.map_err(|cause| {
                Failure::of_source(
                    cause,
                    format!("{}: the signer function failed", call.action),
                )
            })?;
            let insecure = shared.settings.allow_insecure_http;
            Ok(read_signed(
                &signed,
                "the signer function's answer",
                insecure,
            )?)
        }
        Source::Remote(remote) if remote.mode == RemoteMode::Proxy => {
            Ok(remote::request(remote, call)?)
        }
        Source::Remote(remote) => remote::sign(shared, remote, call).await,
    }
}

/// Signs with a key at hand; what the request needs of JavaScript is not made here.
fn sign(key: &mut Signer, call: &Call) -> Result<Request, Error> {
    let work = |Memory { scratch, .. }: &mut Memory| {
        let signed = key.sign(call, scratch)?;
        Ok(Request {
            method: signed.method(),
            url: signed.url().into(),
            headers: None,
            body: signed.body().map(String::from),
        })
    };
    // SAFETY: signing neither calls JavaScript nor comes back here.
    MEMORY.with(|memory| unsafe { memory.with(work) })
}

/// `request` with the headers of its body.
fn with_headers(mut request: Request) -> Request {
    if request.body.is_some() {
        let headers = Object::new();
        set(
            &headers,
            "content-type",
            &"application/x-www-form-urlencoded".into(),
        );
        request.headers = Some(headers);
    }
    request
}

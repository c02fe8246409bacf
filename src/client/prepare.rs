//! From a call to a request that can be sent: whoever holds the key signs it.

use super::error::Failure;
use super::source::{RemoteMode, Source};
use super::transport::Request;
use super::wire::{Unready, read_signed, set, unsigned};
use super::{SCRATCH, Shared, remote};
use crate::sign::{self, Call, Signer};
use js_sys::{Object, Promise};
use std::cell::RefCell;
use std::format;
use std::string::String;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Signs `call`, wherever the client's signatures come from.
pub(super) async fn prepare(shared: &Shared, call: &Call<'_>) -> Result<Request, Unready> {
    match &shared.source {
        Source::Key(signer) => Ok(sign(signer, call)?),
        Source::Provider(provider) => {
            let signer = provider.signer(shared.now_ms()?).await?;
            Ok(sign(&signer, call)?)
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
            Ok(read_signed(&signed, "the signer function's answer")?)
        }
        Source::Remote(remote) if remote.mode == RemoteMode::Proxy => {
            Ok(remote::request(remote, call)?)
        }
        Source::Remote(remote) => remote::sign(shared, remote, call).await,
    }
}

/// Signs with a key at hand.
fn sign(signer: &RefCell<Signer>, call: &Call) -> Result<Request, sign::Error> {
    let mut signer = signer.borrow_mut();
    SCRATCH.with_borrow_mut(|scratch| {
        let signed = signer.sign(call, scratch)?;
        Ok(Request {
            method: signed.method(),
            url: signed.url().into(),
            headers: signed.body().map(|_| {
                let headers = Object::new();
                set(
                    &headers,
                    "content-type",
                    &"application/x-www-form-urlencoded".into(),
                );
                headers
            }),
            body: signed.body().map(String::from),
        })
    })
}

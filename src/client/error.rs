//! `Error` to `QingCloudError`: the only conversion, so that everything thrown is one class.

use crate::api::Error;
use js_sys::Reflect;
use serde::Serialize;
use std::boxed::Box;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "../error.js")]
extern "C" {
    type QingCloudError;

    #[wasm_bindgen(constructor)]
    fn new(fields: &JsValue) -> QingCloudError;
}

/// Why a call ends without a value.
pub(super) enum Failure {
    /// With an error of ours.
    Error(Box<Details>),
    /// With a value as it is: the caller's own reason for aborting, or an error made before.
    Thrown(JsValue),
}

/// An error and the JavaScript values that go with it.
pub(super) struct Details {
    pub(super) error: Error,
    /// The service's answer, untouched.
    pub(super) response: JsValue,
    /// What was thrown beneath.
    pub(super) cause: JsValue,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::with(error, JsValue::UNDEFINED, JsValue::UNDEFINED)
    }
}

impl From<crate::sign::Error> for Failure {
    fn from(error: crate::sign::Error) -> Failure {
        Error::from(error).into()
    }
}

impl Failure {
    pub(super) fn with(error: Error, response: JsValue, cause: JsValue) -> Failure {
        Failure::Error(Box::new(Details {
            error,
            response,
            cause,
        }))
    }

    /// What the caller's promise rejects with.
    pub(super) fn into_js(self) -> JsValue {
        match self {
            Failure::Thrown(value) => value,
            Failure::Error(details) => {
                let fields = serialised(&details.error);
                for (name, value) in [("response", details.response), ("cause", details.cause)] {
                    if !value.is_undefined() {
                        let _ = Reflect::set(&fields, &name.into(), &value);
                    }
                }
                QingCloudError::new(&fields).into()
            }
        }
    }
}

/// `error` as a `QingCloudError`.
pub(super) fn thrown(error: &Error) -> JsValue {
    QingCloudError::new(&serialised(error)).into()
}

/// Plain objects, as `JSON.parse` would have made them.
pub(super) fn serialised(value: &impl Serialize) -> JsValue {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .unwrap_or_default()
}

/// A `QingCloudError` that came over the wire as its fields.
pub(super) fn rebuilt(fields: &JsValue) -> JsValue {
    QingCloudError::new(fields).into()
}

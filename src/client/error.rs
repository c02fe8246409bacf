//! `Error` to `QingCloudError`: the only conversion, so that everything thrown is one class.

use super::wire::set;
use crate::api::{Error, ErrorKind, Outcome};
use js_sys::{Object, Reflect};
use serde::Serialize;
use std::rc::Rc;
use std::string::String;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "../error.js")]
extern "C" {
    type QingCloudError;

    // The fields may be somebody else's: their getters may throw.
    #[wasm_bindgen(catch, constructor)]
    fn new(fields: &JsValue) -> Result<QingCloudError, JsValue>;

    #[wasm_bindgen(js_name = isQingCloudError)]
    fn is_ours(value: &JsValue) -> bool;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Object)]
    fn assign(target: &Object, source: &JsValue) -> Result<JsValue, JsValue>;
}

/// Why a call ends without a value. Several waits may end for the same reason.
#[derive(Clone)]
pub(super) enum Failure {
    /// With an error of ours.
    Error(Rc<Details>),
    /// With an error of ours that was made before.
    Thrown(JsValue),
    /// With the caller's own reason for aborting, whatever that is.
    Aborted(JsValue),
}

/// What an error may say of its call: it may be that of another call, beneath the one that it ends.
pub(super) const OWN: [&str; 4] = ["action", "zone", "requestId", "outcome"];

/// An error and the JavaScript values that go with it.
pub(super) struct Details {
    error: Error,
    /// The service's answer, untouched.
    response: JsValue,
    /// What was thrown beneath.
    cause: JsValue,
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
        Failure::Error(Rc::new(Details {
            error,
            response,
            cause,
        }))
    }

    /// What a source of keys or signatures threw: an error of ours says more than `message` could.
    pub(super) fn of_source(thrown: JsValue, message: impl Into<String>) -> Failure {
        if is_ours(&thrown) {
            return Failure::Thrown(thrown);
        }
        let error = Error::new(ErrorKind::Credentials, message);
        Failure::with(error, JsValue::UNDEFINED, thrown)
    }

    /// Whether the same call may succeed later.
    pub(super) fn is_retryable(&self) -> bool {
        match self {
            Failure::Error(details) => details.error.retryable,
            // A remote's error comes as it is.
            Failure::Thrown(value) => {
                Reflect::get(value, &"retryable".into()).is_ok_and(|flag| flag.is_truthy())
            }
            Failure::Aborted(_) => false,
        }
    }

    /// The same with what `amend` sets in it, but for the fields called `kept` that it has itself. A
    /// caller's own reason for aborting stays as it is.
    ///
    /// Several calls and waits may have one failure, so it is another object that is amended.
    pub(super) fn amended(self, kept: &[&str], amend: &dyn Fn(&mut Error)) -> Failure {
        if let Failure::Aborted(_) = self {
            return self;
        }
        let value = self.into_js();
        let get = |name: &str| Reflect::get(&value, &name.into()).unwrap_or_default();
        let mut error = Error::new(ErrorKind::Job, String::new());
        error.retryable = get("retryable").is_truthy();
        error.attempts = get("attempts").as_f64().unwrap_or_default() as u32;
        amend(&mut error);
        let fields = Object::new();
        // A field that throws when it is read is left out, and those after it.
        let _ = assign(&fields, &value);
        Object::assign(&fields, serialised(&error).unchecked_ref());
        for name in ["kind", "message", "cause"].iter().chain(kept) {
            let own = get(name);
            if !own.is_undefined() {
                set(&fields, name, &own);
            }
        }
        Failure::Thrown(rebuilt(&fields))
    }

    /// The same, after the service has accepted the call and given `answer`.
    pub(super) fn after(self, answer: &JsValue) -> Failure {
        let failure = self.amended(&[], &|error| {
            error.outcome = Outcome::Executed;
            error.retryable = false;
        });
        // A job that failed is the answer to what went wrong.
        if let Failure::Thrown(value) = &failure
            && Reflect::get(value, &"kind".into()).is_ok_and(|kind| kind != "job")
        {
            let _ = Reflect::set(value, &"response".into(), answer);
        }
        failure
    }

    /// What the caller's promise rejects with.
    pub(super) fn into_js(self) -> JsValue {
        match self {
            Failure::Thrown(value) | Failure::Aborted(value) => value,
            Failure::Error(details) => {
                let fields = serialised(&details.error);
                for (name, value) in [("response", &details.response), ("cause", &details.cause)] {
                    if !value.is_undefined() {
                        let _ = Reflect::set(&fields, &name.into(), value);
                    }
                }
                rebuilt(&fields)
            }
        }
    }
}

/// `error` as a `QingCloudError`.
pub(super) fn thrown(error: &Error) -> JsValue {
    rebuilt(&serialised(error))
}

/// Plain objects, as `JSON.parse` would have made them.
pub(super) fn serialised(value: &impl Serialize) -> JsValue {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .unwrap_or_default()
}

/// A `QingCloudError` of its fields; what was thrown in making it where there is none.
pub(super) fn rebuilt(fields: &JsValue) -> JsValue {
    QingCloudError::new(fields).map_or_else(|thrown| thrown, JsValue::from)
}

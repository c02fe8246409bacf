//! What a client tells its `onEvent` listener: redacted by construction, since no event has a place
//! for a URL, a query, a body or a parameter.

use super::error::serialised;
use js_sys::Function;
use serde::Serialize;
use std::string::String;
use wasm_bindgen::prelude::*;

/// One event; times are ms, `at` since 1970.
#[derive(Serialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub(super) enum Event<'a> {
    /// A request is about to be sent.
    Request {
        action: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        zone: Option<&'a str>,
        request_id: &'a str,
        attempt: u32,
        method: &'static str,
        host: &'a str,
        /// The URL would have been too long, so it goes as a POST, which no page documents.
        undocumented_post: bool,
        at: f64,
    },
    /// A reply came, or none will.
    Response {
        action: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        zone: Option<&'a str>,
        request_id: &'a str,
        attempt: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
        #[serde(skip_serializing_if = "Option::is_none")]
        ret_code: Option<i64>,
        duration_ms: f64,
        at: f64,
    },
    /// The call will be tried again.
    Retry {
        action: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        zone: Option<&'a str>,
        request_id: &'a str,
        attempt: u32,
        after_ms: f64,
        at: f64,
    },
    /// The endpoint's clock is this far ahead of ours.
    Clock { offset_ms: f64, at: f64 },
    /// The hourly quota is used up; the call waits for its turn.
    Quota {
        action: &'a str,
        limit: u32,
        wait_ms: f64,
        at: f64,
    },
    /// An answer differs from the catalogue.
    Drift {
        action: &'a str,
        /// Paths of fields that are not in the catalogue or of another type there.
        differences: &'a [String],
        at: f64,
    },
    /// A poll of a wait came back.
    Wait {
        #[serde(skip_serializing_if = "Option::is_none")]
        zone: Option<&'a str>,
        done: usize,
        total: usize,
        at: f64,
    },
}

/// Hands `event` to the listener.
pub(super) fn tell(listener: &Function, event: &Event) {
    tell_listener(listener, &serialised(event));
}

#[wasm_bindgen(raw_module = "../listener.js")]
extern "C" {
    /// Calls a listener, which can change nothing. Gives nothing: an import without a result would be one more kind of
    /// signature, each of which costs a start 0.1 ms.
    #[wasm_bindgen(js_name = tell)]
    pub(super) fn tell_listener(listener: &Function, told: &JsValue) -> JsValue;
}

//! What every call takes.

use super::Shared;
use super::effects::AbortWatch;
use super::fields::Fields;
use crate::api::Error;
use wasm_bindgen::prelude::*;

/// What `call` takes beside what signing takes.
pub(super) struct CallOptions {
    pub(super) abort: Option<AbortWatch>,
    pub(super) timeout_ms: f64,
    pub(super) deadline_ms: f64,
    pub(super) max_attempts: u32,
    pub(super) is_idempotent: Option<bool>,
}

impl CallOptions {
    /// What the client says of every call.
    pub(super) fn of(shared: &Shared) -> CallOptions {
        let settings = &shared.settings;
        CallOptions {
            abort: None,
            timeout_ms: settings.timeout_ms,
            deadline_ms: settings.deadline_ms,
            max_attempts: settings.max_attempts,
            is_idempotent: None,
        }
    }

    pub(super) fn read(
        shared: &Shared,
        options: &JsValue,
        action: &str,
    ) -> Result<CallOptions, Error> {
        if options.is_undefined() {
            return Ok(CallOptions::of(shared));
        }
        let settings = &shared.settings;
        let fields = Fields::any(options, action)?;
        Ok(CallOptions {
            abort: read_signal(&fields)?,
            timeout_ms: fields
                .milliseconds("timeoutMs")?
                .unwrap_or(settings.timeout_ms),
            deadline_ms: fields
                .milliseconds("deadlineMs")?
                .unwrap_or(settings.deadline_ms),
            max_attempts: fields
                .count("maxAttempts")?
                .unwrap_or(settings.max_attempts),
            is_idempotent: fields.flag("idempotent")?,
        })
    }
}

/// The caller's `AbortSignal`, where there is one.
pub(super) fn read_signal(fields: &Fields) -> Result<Option<AbortWatch>, Error> {
    let signal = fields.get("signal")?;
    if signal.is_undefined() {
        return Ok(None);
    }
    match AbortWatch::new(&signal) {
        Some(watch) => Ok(Some(watch)),
        None => Err(fields.refuse("\"signal\" must be an AbortSignal")),
    }
}

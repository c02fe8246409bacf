//! What every wait takes.

use super::call_options::read_signal;
use super::effects::AbortWatch;
use super::events::tell_listener;
use super::fields::Fields;
use crate::api::{Error, Pace};
use js_sys::{Array, Function, Object};
use std::string::String;
use wasm_bindgen::prelude::*;

/// How long, how often, and whom to tell.
pub(super) struct WaitOptions {
    pub(super) limit_ms: f64,
    pub(super) zone: Option<String>,
    pub(super) abort: Option<AbortWatch>,
    min_interval_ms: f64,
    max_interval_ms: f64,
    on_progress: Option<Function>,
}

impl WaitOptions {
    pub(super) fn read(options: &JsValue, owner: &str) -> Result<WaitOptions, Error> {
        let fields = Fields::any(options, owner)?;
        Ok(WaitOptions {
            limit_ms: fields.milliseconds("waitLimitMs")?.unwrap_or(600_000.0),
            zone: fields.text("zone")?,
            abort: read_signal(&fields)?,
            min_interval_ms: fields.milliseconds("minIntervalMs")?.unwrap_or(1_000.0),
            max_interval_ms: fields.milliseconds("maxIntervalMs")?.unwrap_or(10_000.0),
            on_progress: fields.function("onProgress")?,
        })
    }

    /// The pauses between polls.
    pub(super) fn pace(&self) -> Pace {
        Pace::new(self.min_interval_ms, self.max_interval_ms)
    }

    /// Tells the caller how far it is.
    pub(super) fn tell(&self, done: usize, total: usize, jobs: Option<&Array>) {
        let Some(listener) = &self.on_progress else {
            return;
        };
        let progress = Object::new();
        super::wire::set(&progress, "done", &(done as f64).into());
        super::wire::set(&progress, "total", &(total as f64).into());
        if let Some(jobs) = jobs {
            super::wire::set(&progress, "jobs", jobs);
        }
        tell_listener(listener, &progress);
    }
}

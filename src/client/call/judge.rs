//! What a reply means, and what to do about it: hands `api` what it decides on.

use super::UnderWay;
use crate::api::{self, Decision, Fault, Reason, Situation, clock};
use crate::client::drift;
use crate::client::effects::{parse_http_date, random, wall_clock_ms};
use crate::client::error::{Failure, OWN};
use crate::client::events::{Event, tell};
use crate::client::known::known;
use crate::client::remote::{self, Said};
use crate::client::source::{RemoteMode, Source};
use crate::client::transport::Reply;
use std::string::String;
use wasm_bindgen::JsValue;

/// How an attempt failed, and the JavaScript values that go with it.
pub(super) struct Trouble {
    pub(super) fault: Fault,
    pub(super) reason: Option<Reason>,
    pub(super) problem: &'static str,
    pub(super) message: Option<String>,
    pub(super) http_status: Option<u16>,
    pub(super) retry_after_ms: Option<f64>,
    pub(super) skew_ms: Option<f64>,
    pub(super) response: JsValue,
    pub(super) cause: JsValue,
}

impl Trouble {
    /// Nothing came back, for this cause.
    pub(super) fn lost(fault: Fault, cause: JsValue) -> Trouble {
        Trouble {
            fault,
            reason: None,
            problem: "",
            message: None,
            http_status: None,
            retry_after_ms: None,
            skew_ms: None,
            response: JsValue::UNDEFINED,
            cause,
        }
    }
}

impl UnderWay<'_> {
    /// What the reply means.
    pub(super) fn judge(&mut self, reply: Reply) -> Result<Result<JsValue, Trouble>, Failure> {
        if let Source::Remote(remote) = &self.shared.source
            && remote.mode == RemoteMode::Proxy
        {
            return match remote::said(&reply, "answer") {
                Said::Content(answer) if remote::is_success(&answer) => Ok(Ok(answer)),
                // It has counted what was sent to the service.
                Said::Error(failure) => {
                    Err(self.ended_by(failure, &[&OWN[..], &["attempts"]].concat()))
                }
                Said::Content(_) | Said::Nothing => Ok(Err(Trouble {
                    problem: remote::PROBLEM,
                    http_status: Some(reply.status),
                    retry_after_ms: retry_after_ms(&reply),
                    ..Trouble::lost(remote::fault(&reply), JsValue::UNDEFINED)
                })),
            };
        }
        let body = reply.body();
        let seen = api::Reply {
            status: reply.status,
            body,
        };
        let Some((fault, reason)) = api::fault(&seen) else {
            if let Some(listener) = &self.shared.settings.on_event {
                drift::report(listener, self.call.action, &reply.value);
            }
            return Ok(Ok(reply.value));
        };
        let skew_ms = match fault {
            Fault::Code { ret_code: 1300, .. } if !self.has_mended_clock => self.mend_clock(&reply),
            _ => None,
        };
        Ok(Err(Trouble {
            reason,
            problem: api::problem(&body),
            http_status: Some(reply.status),
            retry_after_ms: retry_after_ms(&reply),
            skew_ms,
            response: reply.value.clone(),
            message: reply.message,
            ..Trouble::lost(fault, JsValue::UNDEFINED)
        }))
    }

    /// Sets the client's clock by the reply, where the stamp is ours.
    fn mend_clock(&self, reply: &Reply) -> Option<f64> {
        if !self.shared.source.is_ours() || !api::texts(self.call.tree, "time_stamp").is_empty() {
            return None;
        }
        let offset_ms = clock::offset_ms(&clock::Exchange {
            sent_ms: self.stamp.now_ms,
            received_ms: self.shared.now_ms().ok()?,
            date_ms: reply.date_ms()?,
        })?;
        self.shared.clock_offset_ms.set(offset_ms);
        if let Some(listener) = &self.shared.settings.on_event {
            let at = wall_clock_ms();
            tell(listener, &Event::Clock { offset_ms, at });
        }
        Some(offset_ms)
    }

    /// What to do after an attempt failed; a retry is paid for here.
    pub(super) fn decide(&self, trouble: &Trouble) -> Decision {
        let is_repeatable =
            known(self.call.action).is_some_and(|known| known.action().repeatable());
        let mut budget = self.shared.calls().budget.borrow_mut();
        let decision = api::decide(
            trouble.fault,
            &Situation {
                class: self.class,
                is_repeatable,
                is_idempotent: self.options.is_idempotent,
                attempts: self.attempts,
                max_attempts: self.options.max_attempts,
                remaining_ms: self.remaining_ms(),
                retry_after_ms: trouble.retry_after_ms,
                has_budget: budget.has_enough(),
                can_mend_clock: trouble.skew_ms.is_some(),
                random: random(),
            },
        );
        if matches!(decision, Decision::Retry { .. }) {
            budget.spend();
        }
        decision
    }
}

/// What the reply asks to wait, in ms.
pub(super) fn retry_after_ms(reply: &Reply) -> Option<f64> {
    let header = reply.retry_after()?;
    let now_ms = reply.date_ms().unwrap_or_else(wall_clock_ms);
    api::retry_after_ms(&header, now_ms, parse_http_date)
}

//! How a call fails: the error, with all that only the call under way knows of it.

use super::UnderWay;
use super::judge::Trouble;
use crate::api::{self, Circumstances, Error, Outcome, Reason};
use crate::catalogue::Class;
use crate::client::error::Failure;
use crate::client::options::is_page;
use crate::client::source::Source;
use crate::client::stops::{Stop, closed, out_of_time, unsent};
use js_sys::Reflect;
use std::format;
use std::string::String;
use wasm_bindgen::JsValue;

impl UnderWay<'_> {
    /// After the last attempt.
    pub(super) fn failure(&self, trouble: Trouble, outcome: Outcome, retryable: bool) -> Failure {
        let outcome = if self.is_in_doubt {
            Outcome::Unknown
        } else {
            outcome
        };
        let words = trouble.message.as_deref();
        let is_secret = |words: &str| {
            api::repeats_secret(self.call.action, self.call.tree, words)
                || self.shared.source.is_repeated_in(words)
        };
        let words = words.filter(|words| !is_secret(words));
        let code = code_of(&trouble.cause);
        let mut error = api::error(&Circumstances {
            action: self.call.action,
            fault: trouble.fault,
            reason: trouble.reason,
            message: words,
            problem: trouble.problem,
            outcome,
            timeout_ms: self.options.timeout_ms.min(self.options.deadline_ms),
            is_page: is_page() && !matches!(self.shared.source, Source::Remote(_)),
            code: code.as_deref(),
            is_signed_elsewhere: !self.shared.source.is_ours(),
            skew_ms: trouble.skew_ms,
        });
        error.retryable = retryable;
        error.http_status = trouble.http_status;
        self.complete(&mut error);
        Failure::with(error, trouble.response, trouble.cause)
    }

    /// What ended an attempt before its request or instead of its answer, as a failure of this call.
    /// What it says itself in the fields called `kept` stays, unless an earlier attempt is in doubt:
    /// that is as much so as it was.
    pub(super) fn ended_by(&self, failure: Failure, kept: &[&str]) -> Failure {
        let kept = if self.is_in_doubt { &[] } else { kept };
        failure.amended(kept, &|error| self.complete(error))
    }

    /// Before an attempt, or while it was prepared.
    pub(super) fn stopped_before_sending(&self, stop: Stop, limit_ms: f64) -> Failure {
        let mut error = match stop {
            Stop::TimeIsUp => unsent(self.call.action, limit_ms),
            Stop::Closed => closed(self.call.action),
            stop @ Stop::Aborted(_) => return stop.ends(self.call.action, self.zone),
        };
        self.complete(&mut error);
        error.into()
    }

    /// The hour's calls are used up for longer than the caller waits.
    pub(super) fn out_of_quota(&self, limit: u32) -> Failure {
        let problem = format!(
            "the {limit} calls an hour of this client are used up, and the next is due after the deadline"
        );
        let mut error = out_of_time(self.call.action, &problem);
        error.reason = Some(Reason::ApiQuota.name());
        self.complete(&mut error);
        error.into()
    }

    /// The client was freed while a request was out.
    pub(super) fn closed_in_flight(&self) -> Failure {
        let mut error = closed(self.call.action);
        if self.class != Class::Read {
            error.outcome = Outcome::Unknown;
        }
        self.complete(&mut error);
        error.into()
    }

    /// Adds what only a call under way knows.
    fn complete(&self, error: &mut Error) {
        self.shared.name(&self.call, error);
        error.attempts = self.sent;
        if self.is_in_doubt {
            error.outcome = Outcome::Unknown;
        }
        if error.outcome == Outcome::Unknown {
            error.safe_after = self.safe_after_ms;
            // Whoever follows it looks in the client's zone, unless it names another.
            let client_zone = self.shared.settings.zone.as_deref();
            let other_zone = self.zone.filter(|zone| Some(*zone) != client_zone);
            error.read_back = api::read_back(self.call.action, self.call.tree, other_zone);
        }
    }
}

/// The code of what was thrown, or of what was beneath it: Node's `fetch` says "fetch failed", and its cause why.
fn code_of(thrown: &JsValue) -> Option<String> {
    let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
    let code = |error: &JsValue| get(error, "code")?.as_string();
    code(thrown).or_else(|| code(&get(thrown, "cause")?))
}

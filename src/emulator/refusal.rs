//! What the service says when it does not do what was asked.
//!
//! The wording follows answers that users of the service have published, such as
//! `AuthFailure, signature not matched` and `PermissionDenied, instance [i-1] is not running, can not be stopped`.

use crate::emulator::names::*;

/// A `ret_code` that is not zero, with the sentence that says why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// 1100, 1200, 1300, 1400, 2100, 2500, …
    pub code: i64,
    /// The service's error name, a comma, and what differed.
    pub message: String,
    /// Only with 1200: the string to sign as computed here, secret values masked.
    pub string_to_sign: Option<String>,
}

impl Refusal {
    fn new(code: i64, name: &str, why: &str) -> Refusal {
        Refusal {
            code,
            message: format!("{name}, {why}"),
            string_to_sign: None,
        }
    }

    /// 1100: a parameter is missing or has the wrong form.
    pub fn format(why: impl AsRef<str>) -> Refusal {
        Refusal::new(1100, "InvalidRequestFormat", why.as_ref())
    }

    /// 1101: neither GET nor POST.
    pub fn method(why: impl AsRef<str>) -> Refusal {
        Refusal::new(1101, "InvalidRequestMethod", why.as_ref())
    }

    /// 1200: no such key, or the signature does not fit.
    pub fn auth(why: impl AsRef<str>) -> Refusal {
        Refusal::new(1200, "AuthFailure", why.as_ref())
    }

    /// 1300: too old, too early, or past its `expires`.
    pub fn expired(why: impl AsRef<str>) -> Refusal {
        Refusal::new(1300, "RequestHasExpired", why.as_ref())
    }

    /// 1400: not allowed, or not in this state.
    pub fn denied(why: impl AsRef<str>) -> Refusal {
        Refusal::new(1400, "PermissionDenied", why.as_ref())
    }

    /// 2100: nothing of this id is here.
    pub fn not_found(id: &str) -> Refusal {
        Refusal::new(
            2100,
            "ResourceNotFound",
            &format!("resource [{id}] not found"),
        )
    }

    /// 2500: more than the quota allows.
    pub fn quota(why: impl AsRef<str>) -> Refusal {
        Refusal::new(2500, "QuotasExceeded", why.as_ref())
    }
}

/// At most the first 100 characters: what came may be of any length.
pub fn short(text: &str) -> &str {
    text.char_indices()
        .nth(100)
        .map_or(text, |(end, _)| &text[..end])
}

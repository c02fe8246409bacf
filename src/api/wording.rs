//! The sentences of errors. None holds a URL, a query, a signature, a secret or a parameter.

use super::error::{Error, ErrorKind, Outcome};
use super::read_back::texts;
use super::reason::{Reason, holds};
use super::retry::Fault;
use super::suggest::nearest;
use crate::catalogue;
use alloc::format;
use alloc::string::String;

/// What is known of a failed attempt.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The action.
    pub action: &'a str,
    /// Its last fault.
    pub fault: Fault,
    /// What a 1400 or 2500 stands for.
    pub reason: Option<Reason>,
    /// The service's own words.
    pub message: Option<&'a str>,
    /// What is wrong with an unusable body.
    pub problem: &'a str,
    /// What is known of the action.
    pub outcome: Outcome,
    /// One attempt's time, in ms.
    pub timeout_ms: f64,
    /// Whether this runs in a page, where a failed connection may be a missing CORS header.
    pub is_page: bool,
    /// The platform's code for what broke, such as `ECONNRESET`.
    pub code: Option<&'a str>,
    /// Whether somebody else than this client signed it.
    pub is_signed_elsewhere: bool,
    /// By how much the clocks differ, in ms, where the reply's `Date` could be read.
    pub skew_ms: Option<f64>,
}

/// Milliseconds for a sentence. Printing fractions would take 6 KB of code.
pub fn whole(ms: f64) -> u64 {
    ms.max(1.0) as u64
}

/// The error that `circumstances` end in.
pub fn error(circumstances: &Circumstances) -> Error {
    let Circumstances { action, fault, .. } = *circumstances;
    let code = circumstances.code.filter(|code| is_code(code));
    let code = code.map_or(String::new(), |code| format!(" ({code})"));
    let (kind, what) = match fault {
        Fault::Code { ret_code, .. } => (ErrorKind::Api, answered(ret_code, circumstances)),
        Fault::Status(status) => (
            ErrorKind::Http,
            format!("the endpoint replied with HTTP status {status}"),
        ),
        Fault::Redirect => (
            ErrorKind::Http,
            "the endpoint replied with a redirect, which is never followed; check \"endpoint\""
                .into(),
        ),
        Fault::Unusable => (
            ErrorKind::Response,
            format!("the reply {}", circumstances.problem),
        ),
        Fault::Broken if circumstances.is_page => (
            ErrorKind::Network,
            format!(
                "the connection failed{code}; in a page a missing CORS header is a likely cause: call through remote"
            ),
        ),
        Fault::Broken => (ErrorKind::Network, format!("the connection failed{code}")),
        Fault::Unreached => (
            ErrorKind::Network,
            format!("there is no connection to the endpoint{code}; nothing was sent"),
        ),
        Fault::Unsigned(status) => unsigned(status),
        Fault::TimedOut => (
            ErrorKind::Timeout,
            format!("no reply within {} ms", whole(circumstances.timeout_ms)),
        ),
    };
    let doubt = match circumstances.outcome {
        Outcome::Unknown => "; whether it was carried out is unknown",
        _ => "",
    };
    let mut error = Error::new(kind, format!("{action}: {what}{doubt}"));
    error.action = Some(action.into());
    error.outcome = circumstances.outcome;
    error.reason = circumstances.reason.map(Reason::name);
    if let Fault::Code { ret_code, .. } = fault {
        error.ret_code = Some(ret_code);
    }
    error
}

/// What to say of a signing server that gave no signature; `status` is 0 where it was not reached.
pub fn unsigned(status: u16) -> (ErrorKind, String) {
    match status {
        0 => (
            ErrorKind::Network,
            "the signing server cannot be reached; nothing was sent".into(),
        ),
        _ => (
            ErrorKind::Http,
            format!("the signing server replied with HTTP status {status}; nothing was sent"),
        ),
    }
}

/// Whether `text` is a code, as a platform's errors have them, and no sentence.
fn is_code(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    (2..=40).contains(&text.len()) && text.bytes().all(is_part)
}

/// Less is what a header of whole seconds and the reply's way make of clocks that agree.
const LEAST_SKEW_MS: f64 = 5_000.0;

fn answered(ret_code: i64, circumstances: &Circumstances) -> String {
    let known = catalogue::return_code(ret_code);
    let name = known.map_or("an unknown code", |code| code.name);
    let words = circumstances
        .message
        .filter(|words| is_harmless(words))
        .map_or(String::new(), |words| format!(", \"{words}\""));
    let mend = match (ret_code, circumstances.skew_ms) {
        (1300, Some(skew_ms)) if skew_ms.abs() >= LEAST_SKEW_MS => format!(
            "; this machine's clock is {} s {} the endpoint's",
            (skew_ms.abs() / 1000.0) as u64,
            if skew_ms > 0.0 { "behind" } else { "ahead of" }
        ),
        (1300, _) if circumstances.is_signed_elsewhere => "; the clock of whoever signed it differs by more than 60 s, or the signature is old: set that clock".into(),
        (1300, _) => "; the clocks differ by more than 60 s, or the signature is old: set the clock, or pass \"now\"".into(),
        _ => match meant(circumstances.action) {
            Some(meant) => format!("; did you mean {meant}?"),
            None => known.map_or(String::new(), |code| format!("; {}", code.mend)),
        },
    };
    format!("the service answered ret_code {ret_code} ({name}{words}){mend}")
}

/// The action that may have been meant by one that the catalogue does not know.
fn meant(action: &str) -> Option<&'static str> {
    let is_known = catalogue::find(action).is_some();
    let names = || catalogue::actions().map(|known| known.name());
    if is_known {
        None
    } else {
        nearest(action, names())
    }
}

/// Whether `words` hold the value of a secret parameter in `tree`, as a refusal of a password may.
pub fn repeats_secret(action: &str, tree: &[u8], words: &str) -> bool {
    let parameters = catalogue::find(action)
        .into_iter()
        .flat_map(|known| known.parameters());
    parameters
        .filter(|parameter| {
            parameter.is_secret() || parameter.item_fields().any(|field| field.is_secret())
        })
        .flat_map(|parameter| texts(tree, parameter.name()))
        .any(|secret| !secret.is_empty() && holds(words, &secret))
}

/// Whether the service's words can be repeated: short, and nothing like a query or an address.
fn is_harmless(words: &str) -> bool {
    !words.is_empty()
        && words.len() <= 300
        && !words.contains(['=', '&', '\n', '"'])
        && !holds(words, "://")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::Params;

    fn circumstances(fault: Fault) -> Circumstances<'static> {
        Circumstances {
            action: "RunInstances",
            fault,
            reason: None,
            message: None,
            problem: "is empty",
            outcome: Outcome::NotExecuted,
            timeout_ms: 30_000.0,
            is_page: false,
            code: None,
            is_signed_elsewhere: false,
            skew_ms: None,
        }
    }

    const fn code(ret_code: i64) -> Fault {
        Fault::Code {
            ret_code,
            is_not_ready: false,
        }
    }

    #[test]
    fn a_message_names_action_code_and_meaning() {
        let error = error(&Circumstances {
            message: Some("resource not found"),
            ..circumstances(code(2100))
        });
        assert!(
            error
                .message
                .starts_with("RunInstances: the service answered ret_code 2100 ("),
            "{}",
            error.message
        );
        assert!(error.message.contains("\"resource not found\""));
        assert_eq!((error.kind, error.ret_code), (ErrorKind::Api, Some(2100)));
    }

    #[test]
    fn words_that_look_like_a_query_are_left_out() {
        for words in ["signature=abc", "a&b", "https://x", "GET\n/iaas/"] {
            let error = error(&Circumstances {
                message: Some(words),
                ..circumstances(code(1200))
            });
            assert!(!error.message.contains(words), "{}", error.message);
        }
    }

    #[test]
    fn words_that_repeat_a_password_are_known() {
        let mut params = Params::new();
        params
            .text("login_passwd", "Pass-w0rd")
            .text("instance_name", "web");
        let tree = params.tree();
        let repeats = |words| repeats_secret("RunInstances", &tree, words);
        assert!(repeats("the password Pass-w0rd is too weak"));
        assert!(!repeats("the name web is taken"));
        assert!(!repeats_secret("NoSuchAction", &tree, "Pass-w0rd"));
    }

    #[test]
    fn a_code_says_why_there_was_no_connection() {
        let with = |fault, code| {
            error(&Circumstances {
                code,
                ..circumstances(fault)
            })
            .message
            .clone()
        };
        assert!(
            with(Fault::Broken, Some("ECONNRESET")).contains("the connection failed (ECONNRESET)")
        );
        assert!(
            with(Fault::Unreached, Some("ENOTFOUND"))
                .contains("to the endpoint (ENOTFOUND); nothing")
        );
        for words in ["reset by peer", "X", &"A".repeat(41), "https://user"] {
            assert!(!with(Fault::Broken, Some(words)).contains(words), "{words}");
        }
    }

    #[test]
    fn an_action_that_may_have_been_meant_is_named() {
        let of = |action| {
            error(&Circumstances {
                action,
                ..circumstances(code(1400))
            })
            .message
            .clone()
        };
        assert!(of("DescribeInstance").ends_with("; did you mean DescribeInstances?"));
        for other in ["DescribeInstances", "SomethingElseEntirely"] {
            assert!(!of(other).contains("did you mean"), "{other}");
        }
    }

    #[test]
    fn whoever_signed_is_told_to_set_the_clock() {
        let error = error(&Circumstances {
            is_signed_elsewhere: true,
            ..circumstances(code(1300))
        });
        assert!(error.message.contains("the clock of whoever signed it"));
        assert!(!error.message.contains("now"));
    }

    #[test]
    fn a_skew_is_named() {
        let with = |skew_ms| {
            error(&Circumstances {
                skew_ms,
                ..circumstances(code(1300))
            })
            .message
            .clone()
        };
        assert!(with(Some(3_600_400.0)).contains("3600 s behind"));
        assert!(with(Some(-61_000.0)).contains("61 s ahead of"));
        for none in [None, Some(400.0), Some(-4_900.0)] {
            assert!(
                with(none).contains("the clocks differ by more than 60 s, or the signature is old")
            );
        }
    }

    #[test]
    fn doubt_is_said_in_words() {
        let error = error(&Circumstances {
            outcome: Outcome::Unknown,
            ..circumstances(Fault::Broken)
        });
        assert_eq!(
            error.message,
            "RunInstances: the connection failed; whether it was carried out is unknown"
        );
    }
}

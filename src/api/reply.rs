//! What a reply means: the answer, or the fault that an attempt ended with.

use super::reason::{Reason, reason};
use super::retry::Fault;

/// What could be read of a reply.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    /// The HTTP status; 0 for a redirect that a browser hides.
    pub status: u16,
    /// What the body was.
    pub body: Body<'a>,
}

/// The body of a reply.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// A JSON object with an integer `ret_code`, and its `message` where there is one.
    Answer {
        /// The service's code; 0 is success.
        ret_code: i64,
        /// The service's own words.
        message: Option<&'a str>,
    },
    /// A JSON object without one.
    NoRetCode,
    /// JSON, but no object.
    NoObject,
    /// Not JSON: HTML, or cut off.
    NoJson,
    /// Nothing.
    Empty,
    /// More than 10 MB.
    Large,
    /// More than 128 lists and objects within each other.
    Deep,
}

/// The fault in `reply`, its reason, and what to call it; `None` for a success.
pub fn fault(reply: &Reply) -> Option<(Fault, Option<Reason>)> {
    if reply.status == 0 || (300..400).contains(&reply.status) {
        return Some((Fault::Redirect, None));
    }
    if reply.status >= 400 {
        return Some((Fault::Status(reply.status), None));
    }
    match reply.body {
        Body::Answer { ret_code: 0, .. } if reply.status == 200 => None,
        Body::Answer { ret_code, message } if reply.status == 200 => {
            let reason = reason(ret_code, message.unwrap_or(""));
            let is_not_ready = reason == Some(Reason::NotReady);
            Some((
                Fault::Code {
                    ret_code,
                    is_not_ready,
                },
                reason,
            ))
        }
        _ => Some((Fault::Unusable, None)),
    }
}

/// What is wrong with a body that is no answer, to follow "the reply ".
pub fn problem(body: &Body) -> &'static str {
    match body {
        Body::Answer { .. } => "has a status other than 200",
        Body::NoRetCode => "has no integer ret_code",
        Body::NoObject => "is JSON, but not an object",
        Body::NoJson => "is not JSON (a proxy's page, or cut off)",
        Body::Empty => "is empty",
        Body::Large => "is larger than 10 MB",
        Body::Deep => "is nested more than 128 levels deep",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WELL: Body = Body::Answer {
        ret_code: 0,
        message: None,
    };

    #[test]
    fn only_status_200_with_ret_code_0_is_a_success() {
        assert_eq!(
            fault(&Reply {
                status: 200,
                body: WELL
            }),
            None
        );
        for status in [0, 201, 204, 206, 301, 304, 400, 404, 429, 500, 503] {
            assert!(fault(&Reply { status, body: WELL }).is_some(), "{status}");
        }
    }

    #[test]
    fn a_body_that_is_no_answer_is_unusable() {
        for body in [
            Body::NoRetCode,
            Body::NoObject,
            Body::NoJson,
            Body::Empty,
            Body::Large,
            Body::Deep,
        ] {
            let found = fault(&Reply { status: 200, body });
            assert_eq!(found, Some((Fault::Unusable, None)), "{body:?}");
        }
    }

    #[test]
    fn redirects_and_statuses_keep_their_names() {
        let found = |status| {
            fault(&Reply {
                status,
                body: Body::NoJson,
            })
            .unwrap()
            .0
        };
        assert_eq!(found(0), Fault::Redirect);
        assert_eq!(found(302), Fault::Redirect);
        assert_eq!(found(429), Fault::Status(429));
        assert_eq!(found(502), Fault::Status(502));
    }

    #[test]
    fn a_code_counts_with_status_200_alone_and_brings_its_reason() {
        let refused = Body::Answer {
            ret_code: 1400,
            message: Some("PermissionDenied, resource is not ready, please try later"),
        };
        let code = |ret_code, is_not_ready| Fault::Code {
            ret_code,
            is_not_ready,
        };
        let found = |status, body| fault(&Reply { status, body });
        let not_ready = Some(Reason::NotReady);
        assert_eq!(found(200, refused), Some((code(1400, true), not_ready)));
        assert_eq!(found(201, refused), Some((Fault::Unusable, None)));
        let silent = Body::Answer {
            ret_code: 5000,
            message: None,
        };
        assert_eq!(found(200, silent), Some((code(5000, false), None)));
    }

    #[test]
    fn each_body_that_is_no_answer_is_told_in_words_of_its_own() {
        for (body, words) in [
            (WELL, "has a status other than 200"),
            (Body::NoRetCode, "has no integer ret_code"),
            (Body::NoObject, "is JSON, but not an object"),
            (Body::NoJson, "is not JSON (a proxy's page, or cut off)"),
            (Body::Empty, "is empty"),
            (Body::Large, "is larger than 10 MB"),
            (Body::Deep, "is nested more than 128 levels deep"),
        ] {
            assert_eq!(problem(&body), words);
        }
    }
}

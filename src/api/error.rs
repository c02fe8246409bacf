//! The one error type of a call, and what it tells a caller who has to act on it.

use super::validate::Violation;
use crate::sign;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::{Deref, DerefMut};

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ErrorKind {
    /// The client was set up wrongly.
    Options,
    /// The call could never be valid.
    Parameters,
    /// No key could be had.
    Credentials,
    /// No reply: the connection failed.
    Network,
    /// No reply in time.
    Timeout,
    /// A reply with a status that is no answer.
    Http,
    /// A reply with status 200 that is no answer.
    Response,
    /// An answer whose `ret_code` is not 0.
    Api,
    /// A job or a resource that was waited for went wrong.
    Job,
}

/// Whether the service carried the action out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It did not: nothing was sent, or it was turned away.
    #[default]
    NotExecuted,
    /// It did, and said so (a failed job).
    Executed,
    /// Nobody can tell from here: look with `read_back` after `safe_after`.
    Unknown,
}

/// Where to look whether a lost call was carried out: a read action that lists the resources.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct ReadBack {
    /// The `Describe…` action.
    pub action: &'static str,
    /// Its parameters, each once, with the ids that the lost call named.
    #[serde(serialize_with = "as_map")]
    pub params: Vec<(&'static str, Ids)>,
}

fn as_map<S: serde::Serializer>(
    pairs: &[(&'static str, Ids)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(name, ids)| (name, ids)))
}

/// Ids as the read takes them.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(untagged)]
pub enum Ids {
    /// A parameter that is a list.
    Many(Vec<String>),
    /// A parameter that is a text.
    One(String),
}

/// Why a call gave no value. Serialised, it is what `QingCloudError` is made of in JavaScript.
///
/// One pointer, since every result of the client has room for one.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(transparent)]
pub struct Error(Box<Facts>);

/// What an [`Error`] says.
///
/// The message is one English sentence and never holds a URL, a query, a string to sign, a
/// signature, a secret, a token or a password.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// What kind of thing went wrong.
    pub kind: ErrorKind,
    /// One English sentence.
    pub message: String,
    /// The action of the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The zone of the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The service's own code, under `api`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ret_code: Option<i64>,
    /// What a ret_code with several meanings stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// The status of the last reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    /// The `req_id` that all attempts carried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// How many requests were sent.
    pub attempts: u32,
    /// Whether the same call may succeed later, without risk of doing it twice.
    pub retryable: bool,
    /// Whether the service carried the action out.
    pub outcome: Outcome,
    /// When the last signature lapses, in ms since 1970: after that a lost request can no longer
    /// be carried out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safe_after: Option<f64>,
    /// Where to look whether it was carried out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_back: Option<ReadBack>,
    /// How often a wait has looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub polls: Option<u32>,
    /// The last status that a wait has seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_status: Option<String>,
    /// Everything wrong with the parameters.
    #[serde(skip_serializing_if = "no_violations")]
    pub violations: Box<[Violation]>,
}

fn no_violations(violations: &[Violation]) -> bool {
    violations.is_empty()
}

impl Error {
    /// An error of `kind` before anything was sent.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error(Box::new(Facts {
            kind,
            message: message.into(),
            action: None,
            zone: None,
            ret_code: None,
            reason: None,
            http_status: None,
            request_id: None,
            attempts: 0,
            retryable: false,
            outcome: Outcome::NotExecuted,
            safe_after: None,
            read_back: None,
            polls: None,
            last_status: None,
            violations: Box::default(),
        }))
    }
}

impl Deref for Error {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Facts {
        &mut self.0
    }
}

/// Refusals that more than one place makes.
impl Error {
    /// Something synchronous was asked of a client that holds no key.
    pub fn no_key_at_hand() -> Error {
        Error::new(
            ErrorKind::Credentials,
            "no key is at hand to sign with at once; use signAsync, or give accessKeyId and secretAccessKey",
        )
    }

    /// The caller's clock gave no time.
    pub fn bad_clock() -> Error {
        Error::new(
            ErrorKind::Options,
            "\"now\" must give the milliseconds since 1970 as a finite number",
        )
    }
}

impl From<sign::Error> for Error {
    fn from(error: sign::Error) -> Error {
        let kind = match error.kind {
            sign::Kind::Options => ErrorKind::Options,
            sign::Kind::Parameters => ErrorKind::Parameters,
        };
        Error::new(kind, error.message)
    }
}

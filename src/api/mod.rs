//! Decisions about a call as pure values: no clock, no I/O, no JavaScript.

pub mod clock;
mod error;
mod paging;
pub mod quota;
mod read_back;
mod reason;
mod reply;
mod retry;
mod suggest;
mod validate;
mod wait;
#[cfg(test)]
mod wire_tests;
mod wording;

pub use error::{Error, ErrorKind, Facts, Ids, Outcome, ReadBack};
pub use paging::{PAGE_SIZE, Paging};
pub use read_back::{read_back, texts};
pub use reason::{Reason, holds, reason};
pub use reply::{Body, Reply, fault, problem};
pub use retry::{Budget, Decision, Fault, Situation, decide, retry_after_ms};
pub use suggest::nearest;
pub use validate::{Known, Violation, name_of, validate, violations};
pub use wait::{JobState, Pace, Progress, Seen, job_state, progress};
pub use wording::{Circumstances, error, repeats_secret, unsigned, whole};

/// How much is checked before a call is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validation {
    /// Nothing.
    Off,
    /// What the service can be known to refuse.
    Lenient,
    /// Everything the catalogue says.
    Strict,
}

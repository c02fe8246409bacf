//! What can be wrong with what a caller gave to the signer.

use alloc::string::String;
use core::fmt;

/// Whose mistake it was; the names are those of `QingCloudError.kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    any(feature = "client", feature = "emulator"),
    derive(serde::Serialize),
    serde(rename_all = "lowercase")
)]
pub enum Kind {
    /// The signer was set up wrongly.
    Options,
    /// The call could never be valid.
    Parameters,
}

/// A refusal to sign: nothing was produced, nothing was lost.
///
/// The message is one sentence that names the option or the path of the parameter and the mend.
/// It never holds a secret or a parameter's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Options or parameters.
    pub kind: Kind,
    /// One English sentence.
    pub message: String,
}

// Sentences are put together from parts: formatting would weigh more than the signer itself.
impl Error {
    pub(crate) fn options(sentence: &[&str]) -> Error {
        Error {
            kind: Kind::Options,
            message: sentence.concat(),
        }
    }

    pub(crate) fn parameters(sentence: &[&str]) -> Error {
        Error {
            kind: Kind::Parameters,
            message: sentence.concat(),
        }
    }

    /// A URL was asked for an action that is sent as POST.
    pub fn post_has_no_url(action: &str) -> Error {
        Error::parameters(&[
            action,
            " is sent as POST, so a URL alone cannot carry it; use sign",
        ])
    }
}

/// A name for a message. Whatever JavaScript wrote is UTF-8.
pub(super) fn printed(name: &[u8]) -> &str {
    core::str::from_utf8(name).unwrap_or("?")
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Error {}

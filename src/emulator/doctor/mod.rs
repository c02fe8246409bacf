//! Which mistake explains a signature that does not fit.
//!
//! The evidence is taken as it came: no URL parser touches it. Each known mistake is a way to make a
//! string to sign (`recipe`, `encoding`, `variants`), a key (`keys`) or a signature (`targets`) wrongly; the
//! one that gives the signature at hand is named (`search`, `trial`). What can be seen without the signature
//! is named as well (`seen`). A diagnosis holds no secret and no signature.
//!
//! A search may make and hash so many bytes and no more (`work`): 8 MiB for a refusal of the emulator, 32 MiB
//! for a diagnosis, and as much again to explain a string to sign that was given. Of a request of hundreds of
//! parameters, the combinations of mistakes are not all tried, and of thousands not what grows with their
//! number: each one left out.

use std::borrow::Cow;

mod encoding;
mod evidence;
mod keys;
mod mistakes;
mod recipe;
mod report;
mod search;
mod seen;
mod targets;
#[cfg(test)]
mod tests;
mod trial;
mod variants;
mod work;

pub use evidence::{Evidence, Subject};
pub use mistakes::{Code, Mistake};
pub use report::Diagnosis;

use evidence::Parts;
use work::{Depth, Work};

/// Looks for the mistakes in a request, or in a string to sign with its signature.
///
/// # Examples
///
/// ```
/// use qingcloud_wasm::emulator::{Evidence, Subject, diagnose};
///
/// let evidence = Evidence {
///     subject: Subject::Url(b"/iaas/?access_key_id=K&action=DescribeZones&signature=AAAA"),
///     method: None,
///     body: None,
///     signature: None,
///     now_ms: None,
/// };
/// let diagnosis = diagnose(&evidence, b"secret").unwrap();
/// assert!(!diagnosis.right);
/// assert!(diagnosis.mistakes.iter().any(|mistake| mistake.code.word() == "missing-public-parameter"));
/// ```
pub fn diagnose(evidence: &Evidence, secret: &[u8]) -> Result<Diagnosis, &'static str> {
    if secret.is_empty() {
        return Err("diagnose: secretAccessKey is empty");
    }
    let parts = Parts::read(evidence)?;
    let found = search::search(&parts, secret, Depth::Pairs, &mut Work::new(Depth::Pairs));
    Ok(report::report(&parts, secret, found, evidence.now_ms))
}

/// The one sentence for a signature that does not fit, if a single known mistake explains it.
pub fn explain(evidence: &Evidence, secret: &[u8]) -> Option<Cow<'static, str>> {
    let parts = Parts::read(evidence).ok()?;
    let found = search::search(
        &parts,
        secret,
        Depth::Singles,
        &mut Work::new(Depth::Singles),
    );
    let mistake = found.mistakes.into_iter().next()?;
    Some(mistake.english())
}

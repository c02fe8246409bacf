//! The sign-only module: the signing core behind raw exports, without wasm-bindgen.
//!
//! JavaScript (`pkg/signer.js`) writes into the buffer at [`reserve`] and reads the one at
//! [`output`]; both stay from call to call, so that signing allocates nothing. A function that can
//! fail then gives the complement of a length, a number below 0, and has left that many bytes in
//! the output: the first letter of the [`Kind`], then the sentence.

use crate::sign::tree::Reader;
use crate::sign::{
    Call, Endpoint, Error, Kind, Method, Scratch, Settings, SignatureMethod, Signers,
};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::UnsafeCell;
use core::ops::Range;
#[cfg(not(feature = "std"))]
use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};
use zeroize::Zeroizing;

#[cfg(not(feature = "std"))]
#[global_allocator]
static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
    // SAFETY: this module is built without the threads feature.
    unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };

#[cfg(not(feature = "std"))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

struct State {
    input: Vec<u8>,
    secret: Vec<u8>,
    scratch: Scratch,
    /// What stands in the output instead of a signed text, where it is not empty.
    message: Vec<u8>,
    signers: Signers,
}

struct OneThread(UnsafeCell<State>);

// SAFETY: this module is built without the threads feature, so there is no second thread that
// could share it.
unsafe impl Sync for OneThread {}

static STATE: OneThread = OneThread(UnsafeCell::new(State {
    input: Vec::new(),
    secret: Vec::new(),
    scratch: Scratch::new(),
    message: Vec::new(),
    signers: Signers::new(),
}));

/// The state, for the time of one export.
fn state() -> &'static mut State {
    // SAFETY: every export takes it once, and none calls JavaScript, so no export runs inside
    // another. Unlike a `RefCell`, it is not left locked by a trap.
    unsafe { &mut *STATE.0.get() }
}

impl State {
    /// Leaves `error` in the output; gives what the export returns.
    fn refuse(&mut self, error: &Error) -> i32 {
        self.message.clear();
        self.message.push(match error.kind {
            Kind::Options => b'o',
            Kind::Parameters => b'p',
        });
        self.message.extend_from_slice(error.message.as_bytes());
        !(self.message.len() as i32)
    }
}

/// Makes room for `length` bytes, keeps those that are there, and gives their address.
// SAFETY: the exports of this module have names of their own; nothing else is linked in.
#[unsafe(no_mangle)]
pub extern "C" fn reserve(length: usize) -> *const u8 {
    let input = &mut state().input;
    if input.len() < length {
        input.resize(length, 0);
    }
    input.as_ptr()
}

/// Gives the address of a buffer of exactly `length` bytes for the secret of the next [`open`].
#[unsafe(no_mangle)]
pub extern "C" fn reserve_secret(length: usize) -> *const u8 {
    let secret = &mut state().secret;
    *secret = vec![0; length];
    secret.as_ptr()
}

/// The address of what the last function left.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    let state = state();
    if state.message.is_empty() {
        state.scratch.out().as_ptr()
    } else {
        state.message.as_ptr()
    }
}

/// Opens a signer of the settings in the input, and wipes the secret. Gives its number.
///
/// The settings, each but the first may be null: access key id, token, endpoint, zone, signature
/// method, signature version, seconds to `expires`.
#[unsafe(no_mangle)]
pub extern "C" fn open(start: usize, end: usize) -> i32 {
    let state = state();
    let secret = core::mem::take(&mut state.secret);
    let opened = state.open(start..end, Zeroizing::new(secret));
    opened.unwrap_or_else(|error| state.refuse(&error))
}

fn read_settings(settings: &[u8]) -> Result<Settings, Error> {
    let mut reader = Reader::new(settings);
    let mut text = || reader.optional_text().flatten();
    let access_key_id = text().unwrap_or("").into();
    let token = text().map(String::from);
    let endpoint = match text() {
        None => None,
        Some(text) => Some(Endpoint::parse(text, false)?),
    };
    let zone = text().map(String::from);
    let signature_method = match text() {
        None => SignatureMethod::default(),
        Some(name) => SignatureMethod::from_name(name).ok_or_else(|| {
            Error::options(&["\"signatureMethod\" must be \"HmacSHA256\" or \"HmacSHA1\""])
        })?,
    };
    let mut number = || reader.optional_number().flatten();
    let signature_version = number();
    let expires_in_seconds = number();
    Ok(Settings {
        access_key_id,
        token,
        endpoint,
        zone,
        signature_method,
        signature_version: signature_version.map(|version| version.min(9) as u8),
        expires_in_seconds,
    })
}

/// Signs the call in the input. Gives twice the length of the text in the output, and 1 more where
/// that is the body of a POST. With `url_only` a POST is an error.
#[unsafe(no_mangle)]
pub extern "C" fn sign(
    number: usize,
    start: usize,
    end: usize,
    unix_seconds: f64,
    url_only: u32,
) -> i32 {
    let state = state();
    match state.sign(number, start..end, unix_seconds as i64, url_only != 0) {
        Ok(result) => {
            state.message.clear();
            result
        }
        Err(error) => state.refuse(&error),
    }
}

impl State {
    fn open(&mut self, range: Range<usize>, mut secret: Zeroizing<Vec<u8>>) -> Result<i32, Error> {
        // Where this fails, what is left of the secret is wiped all the same.
        let settings = read_settings(&self.input[range])?;
        let number = self.signers.open(settings, core::mem::take(&mut *secret))?;
        Ok(number as i32)
    }

    fn sign(
        &mut self,
        number: usize,
        range: Range<usize>,
        unix_seconds: i64,
        url_only: bool,
    ) -> Result<i32, Error> {
        let signer = self.signers.get(number).unwrap();
        let call = Call::read(&self.input[range], unix_seconds)?;
        let signed = signer.sign(&call, &mut self.scratch)?;
        let is_post = signed.method() == Method::Post;
        if is_post && url_only {
            return Err(Error::post_has_no_url(call.action));
        }
        Ok(signed.len() as i32 * 2 + i32::from(is_post))
    }
}

/// Leaves the address that the signer's requests go to in the output, and gives its length.
#[unsafe(no_mangle)]
pub extern "C" fn url(number: usize) -> usize {
    let state = state();
    state.message = state.signers.get(number).unwrap().url().into();
    state.message.len()
}

/// Gives a signer up, which is dropped unless another object uses it.
#[unsafe(no_mangle)]
pub extern "C" fn close(number: usize) {
    state().signers.close(number);
}

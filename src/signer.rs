//! The sign-only module: the signing core behind raw exports, without wasm-bindgen.
//!
//! JavaScript (`pkg/signer.js`) writes into the buffer at [`reserve`] and reads the one at
//! [`output`]; both stay from call to call, so that signing allocates nothing. A function that can
//! fail then gives the complement of a length, a number below 0, and has left that many bytes in
//! the output: the first letter of the [`Kind`], then the sentence.

use crate::sign::tree::Reader;
use crate::sign::{
    Call, Endpoint, Error, Kind, Method, Scratch, Settings, SignatureMethod, Signer,
};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::UnsafeCell;
#[cfg(not(feature = "std"))]
use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};

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
    /// By handle.
    signers: Vec<Option<Entry>>,
    /// Handles that were closed and wait for the next signer.
    vacant: Vec<usize>,
}

struct Entry {
    signer: Signer,
    expires_in_seconds: Option<u32>,
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
    signers: Vec::new(),
    vacant: Vec::new(),
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

/// Makes a signer of the settings in the input, and wipes the secret. Gives its handle.
///
/// The settings, each but the first may be null: access key id, token, endpoint, zone, signature
/// method, signature version, seconds to `expires`.
#[unsafe(no_mangle)]
pub extern "C" fn open(start: usize, end: usize) -> i32 {
    let state = state();
    let secret = core::mem::take(&mut state.secret);
    match read_entry(&state.input[start..end], secret) {
        Err(error) => state.refuse(&error),
        Ok(entry) => {
            let handle = state.vacant.pop().unwrap_or_else(|| {
                state.signers.push(None);
                state.signers.len() - 1
            });
            state.signers[handle] = Some(entry);
            handle as i32
        }
    }
}

fn read_entry(settings: &[u8], secret: Vec<u8>) -> Result<Entry, Error> {
    let mut reader = Reader::new(settings);
    let access_key_id = reader.optional_text()?.unwrap_or("").into();
    let token = reader.optional_text()?.map(String::from);
    let endpoint = match reader.optional_text()? {
        None => None,
        Some(text) => Some(Endpoint::parse(text, false)?),
    };
    let zone = reader.optional_text()?.map(String::from);
    let signature_method = match reader.optional_text()? {
        None => SignatureMethod::default(),
        Some(name) => SignatureMethod::from_name(name).ok_or_else(|| {
            Error::options(&["\"signatureMethod\" must be \"HmacSHA256\" or \"HmacSHA1\""])
        })?,
    };
    let signature_version = reader.optional_number()?;
    let expires_in_seconds = reader.optional_number()?;
    let settings = Settings {
        access_key_id,
        token,
        endpoint,
        zone,
        signature_method,
        signature_version: signature_version.map(|version| version.min(9) as u8),
    };
    Ok(Entry {
        signer: Signer::new(settings, secret)?,
        expires_in_seconds,
    })
}

/// Signs the call in the input. Gives twice the length of the text in the output, and 1 more where
/// that is the body of a POST. With `url_only` a POST is an error.
#[unsafe(no_mangle)]
pub extern "C" fn sign(
    handle: usize,
    start: usize,
    end: usize,
    unix_seconds: f64,
    url_only: u32,
) -> i32 {
    let state = state();
    match state.sign(handle, start..end, unix_seconds as i64, url_only != 0) {
        Ok(result) => {
            state.message.clear();
            result
        }
        Err(error) => state.refuse(&error),
    }
}

impl State {
    fn sign(
        &mut self,
        handle: usize,
        range: core::ops::Range<usize>,
        unix_seconds: i64,
        url_only: bool,
    ) -> Result<i32, Error> {
        let entry = self.signers[handle].as_mut().unwrap();
        let mut call = Call::read(&self.input[range], unix_seconds)?;
        call.expires_in_seconds = call.expires_in_seconds.or(entry.expires_in_seconds);
        let signed = entry.signer.sign(&call, &mut self.scratch)?;
        let is_post = signed.method() == Method::Post;
        if is_post && url_only {
            return Err(Error::post_has_no_url(call.action));
        }
        Ok(signed.len() as i32 * 2 + i32::from(is_post))
    }
}

/// Leaves the address that the signer's requests go to in the output, and gives its length.
#[unsafe(no_mangle)]
pub extern "C" fn url(handle: usize) -> usize {
    let state = state();
    let entry = state.signers[handle].as_ref().unwrap();
    state.message = entry.signer.url().into();
    state.message.len()
}

/// Drops a signer.
#[unsafe(no_mangle)]
pub extern "C" fn close(handle: usize) {
    let state = state();
    // Out of its place first: a trap on the way leaves nothing half dropped there.
    let signer = state.signers[handle].take();
    state.vacant.push(handle);
    drop(signer);
}

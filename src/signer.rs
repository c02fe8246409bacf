//! The sign-only module: the signing core behind raw exports, without wasm-bindgen.
//!
//! JavaScript writes into the buffer at [`reserve`] and reads the one at [`output`]; both stay from
//! call to call, so that signing allocates nothing. A function that can fail gives 0, and has then
//! left a [`Kind`] byte and a message in the output, [`output_length`] bytes in all.

use crate::sign::tree::Reader;
use crate::sign::{
    Call, Endpoint, Error, Kind, Method, Scratch, Settings, SignatureMethod, Signer,
};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::RefCell;

#[cfg(not(feature = "std"))]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

#[cfg(not(feature = "std"))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

struct State {
    input: Vec<u8>,
    secret: Vec<u8>,
    scratch: Scratch,
    /// An error, or the address that [`url`] was asked for.
    message: Vec<u8>,
    is_message: bool,
    /// By handle; a closed one leaves its place to the next.
    signers: Vec<Option<Entry>>,
}

struct Entry {
    signer: Signer,
    expires_in_seconds: Option<u32>,
}

struct OneThread(RefCell<Option<State>>);

// SAFETY: this module is built without the threads feature, so there is no second thread that
// could share it.
unsafe impl Sync for OneThread {}

static STATE: OneThread = OneThread(RefCell::new(None));

fn with<T>(work: impl FnOnce(&mut State) -> T) -> T {
    let mut state = STATE.0.borrow_mut();
    work(state.get_or_insert_with(|| State {
        input: Vec::new(),
        secret: Vec::new(),
        scratch: Scratch::default(),
        message: Vec::new(),
        is_message: false,
        signers: Vec::new(),
    }))
}

impl State {
    fn refuse(&mut self, error: &Error) -> u32 {
        self.message.clear();
        self.message.push(match error.kind {
            Kind::Options => 0,
            Kind::Parameters => 1,
        });
        self.message.extend_from_slice(error.message.as_bytes());
        self.is_message = true;
        0
    }
}

/// Makes room for `length` bytes, keeps those that are there, and gives their address.
// SAFETY: the exports of this module have names of their own; nothing else is linked in.
#[unsafe(no_mangle)]
pub extern "C" fn reserve(length: usize) -> *const u8 {
    with(|state| {
        if state.input.len() < length {
            state.input.resize(length, 0);
        }
        state.input.as_ptr()
    })
}

/// Gives the address of a buffer of exactly `length` bytes for the secret of the next [`open`].
#[unsafe(no_mangle)]
pub extern "C" fn reserve_secret(length: usize) -> *const u8 {
    with(|state| {
        state.secret = vec![0; length];
        state.secret.as_ptr()
    })
}

/// The address of what the last function left.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    with(|state| {
        if state.is_message {
            state.message.as_ptr()
        } else {
            state.scratch.out().as_ptr()
        }
    })
}

/// The length of the message that the last function left.
#[unsafe(no_mangle)]
pub extern "C" fn output_length() -> usize {
    with(|state| state.message.len())
}

/// Makes a signer of the settings in the input, and wipes the secret. Gives its handle.
///
/// The settings, each but the first may be null: access key id, token, endpoint, zone, signature
/// method, signature version, seconds to `expires`.
#[unsafe(no_mangle)]
pub extern "C" fn open(start: usize, end: usize) -> u32 {
    with(|state| {
        let secret = core::mem::take(&mut state.secret);
        match read_entry(&state.input[start..end], secret) {
            Err(error) => state.refuse(&error),
            Ok(entry) => {
                let free = state.signers.iter().position(Option::is_none);
                let place = free.unwrap_or_else(|| {
                    state.signers.push(None);
                    state.signers.len() - 1
                });
                state.signers[place] = Some(entry);
                place as u32 + 1
            }
        }
    })
}

fn read_entry(settings: &[u8], secret: Vec<u8>) -> Result<Entry, Error> {
    let mut reader = Reader::new(settings);
    let access_key_id = reader.optional_text()?.unwrap_or("").into();
    let token = reader.optional_text()?.map(String::from);
    let endpoint = reader.optional_text()?;
    let zone = reader.optional_text()?.map(String::from);
    let signature_method = match reader.optional_text()? {
        None => SignatureMethod::default(),
        Some(name) => SignatureMethod::from_name(name).ok_or_else(|| Error {
            kind: Kind::Options,
            message: "\"signatureMethod\" must be \"HmacSHA256\" or \"HmacSHA1\"".into(),
        })?,
    };
    let signature_version = reader
        .optional_number()?
        .map(|version| version.min(9) as u8);
    let expires_in_seconds = reader.optional_number()?;
    let signer = Signer::new(
        Settings {
            access_key_id,
            token,
            // Signing alone sends nothing, so plain http is for whoever sends to judge.
            endpoint: endpoint
                .map(|text| Endpoint::parse(text, true))
                .transpose()?,
            zone,
            signature_method,
            signature_version,
        },
        secret,
    )?;
    Ok(Entry {
        signer,
        expires_in_seconds,
    })
}

/// Signs the call in the input. Gives twice the length of the text in the output, and 1 more where
/// that is the body of a POST. With `url_only` a POST is an error.
#[unsafe(no_mangle)]
pub extern "C" fn sign(
    handle: u32,
    start: usize,
    end: usize,
    unix_seconds: f64,
    url_only: u32,
) -> u32 {
    with(|state| {
        state.is_message = false;
        let State {
            input,
            scratch,
            signers,
            ..
        } = state;
        let signed = (|| {
            let entry = signers.get(handle as usize - 1).and_then(Option::as_ref);
            let entry = entry.ok_or_else(|| Error {
                kind: Kind::Options,
                message: "this signer was freed; make a new one".into(),
            })?;
            let call = Call::read(&input[start..end], unix_seconds as i64)?;
            let call = Call {
                expires_in_seconds: call.expires_in_seconds.or(entry.expires_in_seconds),
                ..call
            };
            let signed = entry.signer.sign(&call, scratch)?;
            let is_post = signed.method() == Method::Post;
            if is_post && url_only != 0 {
                return Err(Error {
                    kind: Kind::Parameters,
                    message: alloc::format!(
                        "{} is sent as POST, so a URL alone cannot carry it; use sign",
                        call.action
                    ),
                });
            }
            Ok(signed.text().len() as u32 * 2 + u32::from(is_post))
        })();
        signed.unwrap_or_else(|error| state.refuse(&error))
    })
}

/// Leaves the address that the signer's requests go to in the output, and gives its length.
#[unsafe(no_mangle)]
pub extern "C" fn url(handle: u32) -> usize {
    with(|state| {
        let entry = state
            .signers
            .get(handle as usize - 1)
            .and_then(Option::as_ref);
        let text = entry.map_or("", |entry| entry.signer.url());
        state.message = text.into();
        state.is_message = true;
        state.message.len()
    })
}

/// Drops a signer.
#[unsafe(no_mangle)]
pub extern "C" fn close(handle: u32) {
    with(|state| {
        if let Some(place) = state.signers.get_mut(handle as usize - 1) {
            *place = None;
        }
    });
}

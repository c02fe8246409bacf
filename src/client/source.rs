//! Where signatures come from: a key at hand, a provider of keys, a function, or another server.

use super::effects::steady_ms;
use super::error::Failure;
use super::fields::Fields;
use super::kept::Kept;
use super::promised;
use super::stops::closed;
use crate::api::{Error, ErrorKind, holds};
use crate::sign::{Endpoint, Settings, SignatureMethod, Signer, Signers};
use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use std::boxed::Box;
use std::cell::{Cell, RefCell};
use std::format;
use std::rc::Rc;
use std::string::String;
use std::thread_local;
use std::vec;
use std::vec::Vec;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(raw_module = "../secret.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = secretBytes)]
    fn secret_bytes(secret: &JsValue) -> Result<Uint8Array, JsValue>;
}

/// How a client comes to a signed request.
pub(super) enum Source {
    /// Nothing once the client is freed.
    Key(Kept<Option<Key>>),
    Provider(Rc<Provider>),
    /// The user's own function: a request to sign in, a signed request out.
    Function(Function),
    Remote(Box<Remote>),
}

thread_local! {
    static SIGNERS: Kept<Signers> = const { Kept::new(Signers::new()) };
}

/// A signer among those of the module, given up when this is dropped.
pub(super) struct Key(usize);

impl Key {
    /// Keys `secret` and wipes it.
    pub(super) fn open(settings: Settings, secret: Vec<u8>) -> Result<Key, Error> {
        // SAFETY: no JavaScript is called.
        let number = SIGNERS.with(|all| unsafe { all.with(|all| all.open(settings, secret)) })?;
        Ok(Key(number))
    }

    /// What `work` makes of the signer.
    ///
    /// # Safety
    /// `work` neither calls JavaScript, which might call this module, nor comes to a key itself.
    pub(super) unsafe fn with<R>(&self, work: impl FnOnce(&mut Signer) -> R) -> R {
        let work = |all: &mut Signers| all.get(self.0).map(work);
        // SAFETY: as the caller says.
        let done = SIGNERS.with(|all| unsafe { all.with(work) });
        done.expect("an open number has its signer")
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        // SAFETY: dropping a signer calls no JavaScript.
        SIGNERS.with(|all| unsafe { all.with(|all| all.close(self.0)) });
    }
}

impl Source {
    /// Gives up the key, which wipes it where no other client has it.
    pub(super) fn forget(&self) {
        match self {
            // SAFETY: giving a key up calls no JavaScript.
            Source::Key(key) => unsafe { key.with(|key| drop(key.take())) },
            Source::Provider(provider) => {
                // What it is asked for now is no longer wanted either.
                provider.held_since_ms.set(f64::INFINITY);
                provider.held.take();
            }
            Source::Function(_) | Source::Remote(_) => {}
        }
    }

    /// Whether this client signs itself.
    pub(super) fn is_ours(&self) -> bool {
        matches!(self, Source::Key(_) | Source::Provider(_))
    }

    /// Whether `words` hold the token of the key in use.
    pub(super) fn is_repeated_in(&self, words: &str) -> bool {
        let holds_token = |signer: &mut Signer| {
            let token = signer.token();
            Ok(token.is_some_and(|token| holds(words, token)))
        };
        let found = match self {
            // SAFETY: no JavaScript is called.
            Source::Key(_) => unsafe { self.with_key("", holds_token) },
            Source::Provider(provider) => match &*provider.held.borrow() {
                // SAFETY: as above.
                Some(held) => unsafe { held.signer.with(holds_token) },
                None => Ok(false),
            },
            Source::Function(_) | Source::Remote(_) => Ok(false),
        };
        found.unwrap_or(false)
    }

    /// What `work` makes of the signer at hand; an error where there is none or not any more.
    ///
    /// # Safety
    /// That of [`Key::with`].
    pub(super) unsafe fn with_key<R>(
        &self,
        action: &str,
        work: impl FnOnce(&mut Signer) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let Source::Key(key) = self else {
            return Err(Error::no_key_at_hand());
        };
        let work = |key: &mut Option<Key>| {
            let key = key.as_ref().ok_or_else(|| closed(action))?;
            // SAFETY: as the caller says.
            unsafe { key.with(work) }
        };
        // SAFETY: as the caller says, and neither does what stands around `work`.
        unsafe { key.with(work) }
    }
}

/// An endpoint of the user's own server, behind which `createHandler` sits.
pub(super) struct Remote {
    pub(super) url: String,
    pub(super) mode: RemoteMode,
    pub(super) headers: Option<Object>,
}

/// What the remote does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RemoteMode {
    /// It makes the call and gives the answer.
    Proxy,
    /// It signs, and this client sends.
    Sign,
}

/// What a signer needs besides the key.
pub(super) struct KeySettings {
    pub(super) endpoint: Endpoint,
    pub(super) signature_method: SignatureMethod,
    pub(super) signature_version: Option<u8>,
}

impl KeySettings {
    /// The settings of a signer with this key. Zone and `expires` are the client's, call by call.
    pub(super) fn with(&self, access_key_id: String, token: Option<String>) -> Settings {
        Settings {
            access_key_id,
            token,
            endpoint: Some(self.endpoint.clone()),
            zone: None,
            signature_method: self.signature_method,
            signature_version: self.signature_version,
            expires_in_seconds: None,
        }
    }
}

/// The bytes of `buffer`, which is emptied.
pub(super) fn take_bytes(buffer: &Uint8Array) -> Vec<u8> {
    let mut bytes = vec![0; buffer.length() as usize];
    buffer.copy_to(&mut bytes);
    buffer.fill(0, 0, buffer.length());
    bytes
}

/// A key is renewed this long before its end, or in the second half of its life where that is
/// shorter: the old one is used meanwhile.
const RENEW_BEFORE_MS: f64 = 300_000.0;

/// A function that has not answered for so long is asked once more.
const ASK_AGAIN_MS: f64 = 30_000.0;

/// A function that gives keys, asked once at a time and remembered until they end.
pub(super) struct Provider {
    function: Function,
    settings: KeySettings,
    held: RefCell<Option<Held>>,
    /// When the function was asked for what is held, on the clock that never jumps.
    held_since_ms: Cell<f64>,
    asking: RefCell<Option<Asking>>,
}

#[derive(Clone)]
struct Held {
    signer: Rc<Key>,
    /// In ms since 1970; infinite where the provider names no end.
    expires_at_ms: f64,
    renew_at_ms: f64,
}

/// The function has been asked, and has not answered yet.
struct Asking {
    /// On the clock that never jumps.
    since_ms: f64,
    answer: Promise,
}

impl Provider {
    pub(super) fn new(function: Function, settings: KeySettings) -> Provider {
        Provider {
            function,
            settings,
            held: RefCell::default(),
            held_since_ms: Cell::new(f64::NEG_INFINITY),
            asking: RefCell::default(),
        }
    }

    /// A signer whose key is good at `now_ms`.
    pub(super) async fn signer(self: &Rc<Self>, now_ms: f64) -> Result<Rc<Key>, Failure> {
        let held = self.held.borrow().clone();
        if let Some(held) = held.filter(|held| now_ms < held.expires_at_ms) {
            if now_ms >= held.renew_at_ms {
                // Whoever comes next finds the new key, or asks again.
                let _ = self.ask(now_ms);
            }
            return Ok(held.signer);
        }
        let refusal = JsFuture::from(self.ask(now_ms))
            .await
            .unwrap_or_else(|error| error);
        if !refusal.is_undefined() {
            return Err(Failure::Thrown(refusal));
        }
        match &*self.held.borrow() {
            Some(held) => Ok(Rc::clone(&held.signer)),
            None => Err(Error::new(
                ErrorKind::Credentials,
                "the credential provider gave no key",
            )
            .into()),
        }
    }

    /// Asks the function, or joins who is asking already. The promise never rejects (nobody may be
    /// waiting for a renewal): it gives undefined, or the error.
    fn ask(self: &Rc<Self>, now_ms: f64) -> Promise {
        let since_ms = steady_ms();
        if let Some(asking) = &*self.asking.borrow()
            && since_ms - asking.since_ms < ASK_AGAIN_MS
        {
            return asking.answer.clone();
        }
        let provider = Rc::clone(self);
        let answer = promised(Box::pin(async move {
            let asked = provider.ask_now(now_ms).await;
            // A late answer does not end what was begun after it.
            let mut asking = provider.asking.borrow_mut();
            asking.take_if(|asking| asking.since_ms == since_ms);
            drop(asking);
            match asked {
                Ok(held) => {
                    // Nor does it replace what was asked for after it.
                    if provider.held_since_ms.get() <= since_ms {
                        provider.held_since_ms.set(since_ms);
                        provider.held.replace(Some(held));
                    }
                    Ok(JsValue::UNDEFINED)
                }
                Err(failure) => Ok(failure.into_js()),
            }
        }));
        self.asking.replace(Some(Asking {
            since_ms,
            answer: answer.clone(),
        }));
        answer
    }

    async fn ask_now(&self, now_ms: f64) -> Result<Held, Failure> {
        let gave = match self.function.call0(&JsValue::UNDEFINED) {
            Ok(gave) => JsFuture::from(Promise::resolve(&gave)).await,
            Err(thrown) => Err(thrown),
        };
        let given =
            gave.map_err(|cause| Failure::of_source(cause, "the credential provider failed"))?;
        read_credentials(&given, &self.settings, now_ms).map_err(|error| {
            Error::new(
                ErrorKind::Credentials,
                format!(
                    "the credential provider gave no usable key ({})",
                    error.message
                ),
            )
            .into()
        })
    }
}

/// Milliseconds since 1970 of a `Date`, which may be of another realm, or throw when it is read.
fn time_of(date: &JsValue) -> Option<f64> {
    let get_time = Reflect::get(date, &"getTime".into()).ok()?;
    let get_time = get_time.dyn_into::<Function>().ok()?;
    get_time.call0(date).ok()?.as_f64()
}

fn read_credentials(given: &JsValue, settings: &KeySettings, now_ms: f64) -> Result<Held, Error> {
    // A provider may give more than we use.
    let fields = Fields::any(given, "credentials")?;
    let Some(access_key_id) = fields.text("accessKeyId")? else {
        return Err(fields.refuse("\"accessKeyId\" is missing"));
    };
    let secret = fields.get("secretAccessKey")?;
    let expires_at = fields.get("expiresAt")?;
    let expires_at_ms = if expires_at.is_undefined() {
        f64::INFINITY
    } else {
        let ms = expires_at.as_f64().or_else(|| time_of(&expires_at));
        ms.unwrap_or(f64::NAN)
    };
    if expires_at_ms.is_nan() {
        return Err(fields.refuse("\"expiresAt\" must be a Date or milliseconds since 1970"));
    }
    let settings = settings.with(access_key_id, fields.text("token")?);
    // Last, so that nothing stands between these bytes and their end.
    let secret = secret_bytes(&secret)
        .map_err(|_| fields.refuse("\"secretAccessKey\" must be a string or a Uint8Array"))?;
    Ok(Held {
        signer: Rc::new(Key::open(settings, take_bytes(&secret))?),
        renew_at_ms: expires_at_ms - RENEW_BEFORE_MS.min((expires_at_ms - now_ms) / 2.0),
        expires_at_ms,
    })
}

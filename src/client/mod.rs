//! `QingCloudClient` for JavaScript: the only code that sees the outer world.
//!
//! [`Client`] is what the thin class in `pkg/client.js` holds. Signing is synchronous and crosses
//! once: JavaScript has written the call into [`reserve`]'s buffer, and reads the answer from
//! [`output`]'s. Calls are promises over shared ownership, so that freeing a client under a
//! pending call ends the call and nothing else.

mod call;
mod call_options;
mod drift;
mod effects;
mod error;
mod events;
mod fields;
mod gate;
mod jobs;
mod kept;
mod known;
mod options;
mod pages;
mod prepare;
mod remote;
mod source;
mod stops;
mod transport;
mod turns;
mod wait_for;
mod wait_options;
mod wire;

use crate::api::{self, Budget, Error, ErrorKind};
use crate::sign::{self, Call, Method, Scratch, Signer};
use call_options::CallOptions;
use error::{Failure, OWN, thrown};
use fields::Fields;
use gate::{Gate, Pending, Presence};
use jobs::JobWatches;
use js_sys::{Array, Object, Promise, Uint8Array};
use kept::Kept;
use options::Settings;
use pages::Pages;
use prepare::prepare;
use source::Source;
use std::boxed::Box;
use std::cell::{Cell, OnceCell, RefCell};
use std::format;
use std::pin::Pin;
use std::rc::Rc;
use std::string::String;
use std::thread_local;
use std::vec::Vec;
use stops::{Stop, closed, unsent};
use turns::Turns;
use wait_options::WaitOptions;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use wire::{Unready, set};

/// What JavaScript writes calls into, and what signatures are made in.
struct Memory {
    input: Vec<u8>,
    scratch: Scratch,
}

thread_local! {
    static MEMORY: Kept<Memory> = const {
        Kept::new(Memory {
            input: Vec::new(),
            scratch: Scratch::new(),
        })
    };
    static FAILURE: Cell<Option<Error>> = const { Cell::new(None) };
}

/// Makes room for `length` bytes of calls, keeps those that are there, and gives their address.
#[wasm_bindgen]
pub fn reserve(length: u32) -> u32 {
    let work = |Memory { input, .. }: &mut Memory| {
        if input.len() < length as usize {
            input.resize(length as usize, 0);
        }
        input.as_ptr() as u32
    };
    // SAFETY: no JavaScript is called.
    MEMORY.with(|memory| unsafe { memory.with(work) })
}

/// The address of the text that the last signature left.
#[wasm_bindgen]
pub fn output() -> u32 {
    // SAFETY: no JavaScript is called.
    MEMORY.with(|memory| unsafe { memory.with(|memory| memory.scratch.out().as_ptr() as u32) })
}

/// The error behind the last signature that gave 0.
#[wasm_bindgen]
pub fn failure() -> JsValue {
    let failure = FAILURE.take();
    failure.map_or(JsValue::UNDEFINED, |error| thrown(&error))
}

/// What a `QingCloudClient` holds.
#[wasm_bindgen]
pub struct Client {
    shared: Rc<Shared>,
}

/// What a client and its pending calls share.
struct Shared {
    settings: Settings,
    source: Source,
    /// What the endpoint's clock is ahead of ours, in ms.
    clock_offset_ms: Cell<f64>,
    /// Not there before the first call: many a client only signs, and thousands of those may wait for the collector.
    calls: OnceCell<Box<Calls>>,
}

/// What the calls of a client share.
struct Calls {
    budget: RefCell<Budget>,
    turns: Option<Turns>,
    gate: Gate,
    pending: Pending,
    jobs: JobWatches,
}

#[wasm_bindgen]
impl Client {
    /// Reads and checks the options; `secret` is the key's bytes and is emptied.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, secret: Option<Uint8Array>) -> Result<Client, JsValue> {
        let (settings, source) = options::read(options, secret).map_err(|error| thrown(&error))?;
        Ok(Client {
            shared: Rc::new(Shared {
                settings,
                source,
                clock_offset_ms: Cell::new(0.0),
                calls: OnceCell::new(),
            }),
        })
    }

    /// Signs the call that stands in the input from `start` to `end`.
    ///
    /// Gives twice the length of the text at [`output`], and 1 more where that is the body of a
    /// POST; or 0, and then [`failure`] has the error. With `url_only` a POST is an error.
    pub fn sign(&self, start: u32, end: u32, url_only: bool) -> u32 {
        let length = self.shared.sign(start as usize, end as usize, url_only);
        length.unwrap_or_else(|error| {
            FAILURE.set(Some(error));
            0
        })
    }

    /// Where requests go, without a query.
    pub fn url(&self) -> Result<String, JsValue> {
        let url = |signer: &mut Signer| Ok(signer.url().into());
        // SAFETY: no JavaScript is called.
        let url = unsafe { self.shared.source.with_key("url", url) };
        url.map_err(|error| thrown(&error))
    }

    /// Signs the call that stands in the input, whoever holds the key: a promise of
    /// `{ method, url, headers, body? }`.
    #[wasm_bindgen(js_name = signAsync)]
    pub fn sign_async(&self, start: u32, end: u32) -> Promise {
        let written = written(start, end);
        self.promise(async move |shared| {
            let call = Call::read(&written, 0)?;
            let signed = sign_later(&shared, call).await;
            signed.map_err(|failure| failure.amended(&OWN, &|error| shared.name(&call, error)))
        })
    }

    /// Makes the call that stands in the input: a promise of the answer, untouched.
    pub fn call(&self, start: u32, end: u32, options: JsValue) -> Promise {
        let written = written(start, end);
        self.promise(async move |shared| {
            let call = Call::read(&written, 0)?;
            let options = CallOptions::read(&shared, &options, call.action);
            let options = options.map_err(|error| shared.of_call(&call, error))?;
            call::run(&shared, &written, &options).await
        })
    }

    /// The pages of the list action that stands in the input.
    pub fn pages(&self, start: u32, end: u32, options: &JsValue) -> Result<Pages, JsValue> {
        let written = written(start, end);
        let pages = |action| {
            let max_items = Fields::any(options, action)?.count("maxItems")?;
            let options = CallOptions::read(&self.shared, options, action)?;
            Pages::new(Rc::clone(&self.shared), &written, max_items, options)
        };
        let call = Call::read(&written, 0).map_err(|error| thrown(&error.into()))?;
        pages(call.action).map_err(|error| thrown(&self.shared.of_call(&call, error)))
    }

    /// Waits for jobs, one id or a list of them: a promise of the jobs.
    #[wasm_bindgen(js_name = waitForJobs)]
    pub fn wait_for_jobs(&self, ids: JsValue, options: JsValue) -> Promise {
        self.promise(async move |shared| {
            const ACTION: &str = "waitForJobs";
            let options = WaitOptions::read(&options, ACTION)?;
            let ids = texts(&ids, "waitForJobs: the job ids")?;
            Ok(jobs::wait(&shared, ids, options, ACTION).await?.into())
        })
    }

    /// Waits for the resources that the call in the input lists: a promise of them.
    #[wasm_bindgen(js_name = waitFor)]
    pub fn wait_for(&self, start: u32, end: u32, options: JsValue) -> Promise {
        let written = written(start, end);
        self.promise(async move |shared| {
            let call = Call::read(&written, 0)?;
            let read = || {
                let status = Fields::any(&options, call.action)?.get("status")?;
                let wanted = texts(&status, "waitFor: \"status\"")?;
                Ok((wanted, WaitOptions::read(&options, call.action)?))
            };
            let (wanted, options) = read().map_err(|error| shared.of_call(&call, error))?;
            Ok(wait_for::wait(&shared, &written, &wanted, options)
                .await?
                .into())
        })
    }

    /// Makes the call that stands in the input and waits for its jobs: a promise of the answer.
    #[wasm_bindgen(js_name = callAndWait)]
    pub fn call_and_wait(&self, start: u32, end: u32, options: JsValue) -> Promise {
        let written = written(start, end);
        self.promise(async move |shared| {
            let call = Call::read(&written, 0)?;
            let read = || {
                let wait_options = WaitOptions::read(&options, call.action)?;
                Ok((
                    wait_options,
                    CallOptions::read(&shared, &options, call.action)?,
                ))
            };
            let (mut wait_options, options) =
                read().map_err(|error| shared.of_call(&call, error))?;
            let answer = call::run(&shared, &written, &options).await?;
            // The jobs run where the call went.
            wait_options.zone = own_or(&call, "zone", call.zone);
            let ids = jobs::job_ids(&answer);
            let waited = jobs::wait(&shared, ids, wait_options, call.action).await;
            waited.map_err(|failure| failure.after(&answer))?;
            Ok(answer)
        })
    }

    /// `[used, limit, when nothing will count as used, in ms since 1970]`; the limit is infinite where none is set.
    pub fn quota(&self) -> Result<Vec<f64>, JsValue> {
        // The clocks first: the page may have put its own there.
        let now_ms = self.shared.now_ms().map_err(|error| thrown(&error))?;
        let steady_ms = effects::steady_ms();
        Ok(match &self.shared.calls().turns {
            None => Vec::from([0.0, f64::INFINITY, now_ms]),
            Some(turns) => {
                let (used, resets_in_ms) = turns.used(steady_ms);
                Vec::from([used.into(), turns.limit().into(), now_ms + resets_in_ms])
            }
        })
    }

    /// Ends pending calls with an error, refuses new ones and wipes the key, whoever holds this
    /// client still.
    pub fn close(&self) {
        self.shared.calls().pending.close();
        self.shared.source.forget();
    }

    /// A promise of what `work` gives, over shared ownership: freeing the client under it is safe.
    fn promise<W, F>(&self, work: W) -> Promise
    where
        W: FnOnce(Rc<Shared>) -> F,
        F: Future<Output = Result<JsValue, Failure>> + 'static,
    {
        promised(Box::pin(work(Rc::clone(&self.shared))))
    }
}

/// A promise of what `work` gives. Boxed, so that what makes a promise exists once.
fn promised(work: Pin<Box<dyn Future<Output = Result<JsValue, Failure>>>>) -> Promise {
    future_to_promise(async move { work.await.map_err(Failure::into_js) })
}

/// A text or a list of texts, none of them empty, at least one.
fn texts(value: &JsValue, what: &str) -> Result<Vec<String>, Error> {
    let list = match value.dyn_ref::<Array>() {
        Some(list) => list.clone(),
        None => Array::of1(value),
    };
    let texts: Option<Vec<String>> = list.iter().map(|value| fields::text(&value)).collect();
    texts.filter(|texts| !texts.is_empty()).ok_or_else(|| {
        let message = format!("{what} must be a non-empty, well-formed string or a list of them");
        Error::new(ErrorKind::Parameters, message)
    })
}

fn written(start: u32, end: u32) -> Vec<u8> {
    let work = |memory: &mut Memory| memory.input[start as usize..end as usize].to_vec();
    // SAFETY: no JavaScript is called.
    MEMORY.with(|memory| unsafe { memory.with(work) })
}

/// Signs `call`, whoever holds the key: gives `{ method, url, headers, body? }`.
async fn sign_later(shared: &Shared, mut call: Call<'_>) -> Result<JsValue, Failure> {
    call.unix_seconds = shared.unix_seconds()?;
    let call = shared.settings.complete(call);
    shared.settings.check_signing(&call)?;
    let stops = stops::Stops {
        presence: shared.enter(call.action)?,
        abort: None,
    };
    let signed = stops
        .within(shared.settings.deadline_ms, prepare(shared, &call))
        .await;
    let signed = signed.map_err(|stop| match stop {
        Stop::TimeIsUp => unsent(call.action, shared.settings.deadline_ms).into(),
        stop => stop.ends(call.action, own_or(&call, "zone", call.zone).as_deref()),
    })?;
    let later = |status, cause| {
        let (kind, what) = api::unsigned(status);
        let mut error = Error::new(kind, format!("{}: {what}", call.action));
        error.http_status = (status > 0).then_some(status);
        error.retryable = true;
        Failure::with(error, JsValue::UNDEFINED, cause)
    };
    let request = signed.map_err(|unready| match unready {
        Unready::Failed(failure) => failure,
        Unready::Unreached(cause) => later(0, cause),
        Unready::Later(reply) => later(reply.status, JsValue::UNDEFINED),
    })?;
    let object = Object::new();
    set(&object, "method", &request.method.name().into());
    set(&object, "url", &request.url.into());
    set(&object, "headers", &request.headers.unwrap_or_default());
    if let Some(body) = request.body {
        set(&object, "body", &body.into());
    }
    Ok(object.into())
}

/// What the parameters of `call` say under `name` goes before the `option`.
fn own_or(call: &Call, name: &str, option: Option<&str>) -> Option<String> {
    let own = api::texts(call.tree, name).pop();
    own.or_else(|| option.map(String::from))
}

impl Shared {
    /// Says in `error` whose it is.
    fn name(&self, call: &Call, error: &mut Error) {
        let call = self.settings.complete(*call);
        error.action = Some(call.action.into());
        error.zone = own_or(&call, "zone", call.zone);
        error.request_id = own_or(&call, "req_id", call.request_id);
    }

    /// `error`, as one of `call`.
    fn of_call(&self, call: &Call, mut error: Error) -> Error {
        self.name(call, &mut error);
        error
    }

    fn calls(&self) -> &Calls {
        self.calls.get_or_init(|| {
            Box::new(Calls {
                budget: RefCell::default(),
                turns: self.settings.calls_per_hour.map(Turns::new),
                gate: Gate::new(self.settings.max_concurrency),
                pending: Pending::new(),
                jobs: JobWatches::default(),
            })
        })
    }

    /// Makes `action` one of what is under way; an error once the client is freed.
    fn enter(&self, action: &str) -> Result<Presence<'_>, Error> {
        let presence = self.calls().pending.enter();
        presence.ok_or_else(|| closed(action))
    }

    fn sign(&self, start: usize, end: usize, url_only: bool) -> Result<u32, Error> {
        // The user's clock may sign itself, so nothing is in use yet.
        let unix_seconds = self.unix_seconds()?;
        let work = |Memory { input, scratch }: &mut Memory| {
            let call = self
                .settings
                .complete(Call::read(&input[start..end], unix_seconds)?);
            let of_call = |error| self.of_call(&call, error);
            self.settings.check_signing(&call).map_err(of_call)?;
            let work = |signer: &mut Signer| {
                let signed = signer.sign(&call, scratch)?;
                let is_post = signed.method() == Method::Post;
                if is_post && url_only {
                    return Err(sign::Error::post_has_no_url(call.action).into());
                }
                Ok(signed.len() as u32 * 2 + u32::from(is_post))
            };
            // SAFETY: signing calls no JavaScript, and there is no way from one key to another.
            unsafe { self.source.with_key(call.action, work) }.map_err(of_call)
        };
        // SAFETY: neither reading, checking nor signing a call calls JavaScript or comes back here.
        MEMORY.with(|memory| unsafe { memory.with(work) })
    }

    /// Our clock, in ms since 1970.
    fn now_ms(&self) -> Result<f64, Error> {
        let now_ms = match &self.settings.now {
            None => effects::wall_clock_ms(),
            Some(now) => now
                .call0(&JsValue::UNDEFINED)
                .ok()
                .and_then(|now| now.as_f64())
                .unwrap_or(f64::NAN),
        };
        if now_ms.is_finite() {
            Ok(now_ms)
        } else {
            Err(Error::bad_clock())
        }
    }

    /// The endpoint's clock, as far as it is known, in seconds since 1970.
    fn unix_seconds(&self) -> Result<i64, Error> {
        Ok(((self.now_ms()? + self.clock_offset_ms.get()) / 1000.0).floor() as i64)
    }
}

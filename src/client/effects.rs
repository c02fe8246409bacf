//! Clock, timers, chance and signals. Every global is looked up when it is used, so that a test's
//! fake timers and a page's replaced functions are honoured.

use js_sys::Function;
use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::vec::Vec;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = globalThis, js_name = setTimeout)]
    fn set_timeout(callback: &Function, ms: f64) -> JsValue;

    #[wasm_bindgen(js_namespace = globalThis, js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);

    #[wasm_bindgen(js_namespace = ["globalThis", "Math"], js_name = random)]
    fn math_random() -> f64;

    #[wasm_bindgen(js_namespace = ["globalThis", "Date"], js_name = now)]
    fn date_now() -> f64;

    #[wasm_bindgen(js_namespace = ["globalThis", "performance"], js_name = now)]
    fn performance_now() -> f64;

    #[wasm_bindgen(js_namespace = ["globalThis", "Date"], js_name = parse)]
    fn date_parse(text: &str) -> f64;
}

#[wasm_bindgen(raw_module = "../abort.js")]
extern "C" {
    type Watch;

    #[wasm_bindgen(catch, constructor)]
    fn new(signal: &JsValue, callback: &Function) -> Result<Watch, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn aborted(this: &Watch) -> bool;

    #[wasm_bindgen(method, getter)]
    fn reason(this: &Watch) -> JsValue;

    #[wasm_bindgen(method)]
    fn stop(this: &Watch);
}

/// Milliseconds since 1970 by this machine's clock.
pub(super) fn wall_clock_ms() -> f64 {
    date_now()
}

/// Milliseconds on a clock that never jumps.
pub(super) fn steady_ms() -> f64 {
    performance_now()
}

/// A number from 0 to 1, for spreading pauses.
pub(super) fn random() -> f64 {
    math_random()
}

/// Milliseconds since 1970 of an HTTP date; `None` where it is none.
pub(super) fn parse_http_date(text: &str) -> Option<f64> {
    Some(date_parse(text)).filter(|ms| ms.is_finite())
}

/// Something that happens once, and whoever waits for it.
#[derive(Clone, Default)]
pub(super) struct Signal(Rc<RefCell<SignalState>>);

#[derive(Default)]
struct SignalState {
    is_raised: bool,
    wakers: Vec<Waker>,
}

impl Signal {
    pub(super) fn raise(&self) {
        let wakers = {
            let mut state = self.0.borrow_mut();
            state.is_raised = true;
            core::mem::take(&mut state.wakers)
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Whether both are one.
    pub(super) fn is(&self, other: &Signal) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn is_raised(&self) -> bool {
        self.0.borrow().is_raised
    }

    pub(super) fn poll(&self, context: &mut Context) -> Poll<()> {
        let mut state = self.0.borrow_mut();
        if state.is_raised {
            return Poll::Ready(());
        }
        if !state
            .wakers
            .iter()
            .any(|waker| waker.will_wake(context.waker()))
        {
            state.wakers.push(context.waker().clone());
        }
        Poll::Pending
    }
}

/// Makes `waker` the one of `context`; for what only one task waits for.
pub(super) fn remember(waker: &mut Option<Waker>, context: &Context) {
    match waker {
        Some(waker) if waker.will_wake(context.waker()) => {}
        _ => *waker = Some(context.waker().clone()),
    }
}

/// Fires once, after some time; dropped before, it leaves nothing behind.
pub(super) struct Timer {
    id: JsValue,
    fired: Signal,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    pub(super) fn after(ms: f64) -> Timer {
        let fired = Signal::default();
        let raised = fired.clone();
        let callback = Closure::once(move || raised.raise());
        // Longer than this and setTimeout fires at once.
        let ms = ms.clamp(0.0, 2_147_483_647.0);
        let id = set_timeout(callback.as_ref().unchecked_ref(), ms);
        Timer {
            id,
            fired,
            _callback: callback,
        }
    }
}

impl Timer {
    pub(super) fn poll(&self, context: &mut Context) -> Poll<()> {
        self.fired.poll(context)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if !self.fired.is_raised() {
            clear_timeout(&self.id);
        }
    }
}

/// Listens to a caller's `AbortSignal` for as long as it lives.
pub(super) struct AbortWatch {
    watch: Watch,
    aborted: Signal,
    _listener: Closure<dyn FnMut()>,
}

impl AbortWatch {
    /// `None` where `signal` is none, as far as can be seen.
    pub(super) fn new(signal: &JsValue) -> Option<AbortWatch> {
        let aborted = Signal::default();
        let raised = aborted.clone();
        let listener = Closure::new(move || raised.raise());
        let watch = Watch::new(signal, listener.as_ref().unchecked_ref()).ok()?;
        if watch.aborted() {
            aborted.raise();
        }
        Some(AbortWatch {
            watch,
            aborted,
            _listener: listener,
        })
    }

    pub(super) fn reason(&self) -> JsValue {
        self.watch.reason()
    }

    pub(super) fn is_aborted(&self) -> bool {
        self.aborted.is_raised()
    }

    pub(super) fn poll(&self, context: &mut Context) -> Poll<()> {
        self.aborted.poll(context)
    }
}

impl Drop for AbortWatch {
    fn drop(&mut self) {
        self.watch.stop();
    }
}

/// What `work` gives, or what `interrupt` gives where that is ready first.
pub(super) async fn unless<T, I>(
    work: impl Future<Output = T>,
    mut interrupt: impl FnMut(&mut Context) -> Poll<I>,
) -> Result<T, I> {
    let mut work = pin!(work);
    poll_fn(|context| {
        if let Poll::Ready(reason) = interrupt(context) {
            return Poll::Ready(Err(reason));
        }
        work.as_mut().poll(context).map(Ok)
    })
    .await
}

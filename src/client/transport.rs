//! One exchange: `fetch`, then the body, within bounds. All unknown rejections end in
//! `pkg/exchange.js`; what is over there crosses once, as a whole.

use super::effects::{Signal, parse_http_date};
use crate::api::Body;
use crate::sign::Method;
use gloo_net::http::Response;
use js_sys::{Function, Object, Reflect};
use std::future::poll_fn;
use std::string::String;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "../exchange.js")]
extern "C" {
    #[wasm_bindgen(js_name = Exchange)]
    #[derive(Clone)]
    type Script;

    #[wasm_bindgen(constructor, js_class = "Exchange")]
    fn new(
        fetch: Option<&Function>,
        url: &str,
        method: &str,
        headers: Option<&Object>,
        body: Option<&str>,
        limit_ms: f64,
        ended: &Function,
    ) -> Script;

    #[wasm_bindgen(method)]
    fn cancel(this: &Script);

    #[wasm_bindgen(method, getter)]
    fn end(this: &Script) -> End;

    #[wasm_bindgen(method, getter)]
    fn response(this: &Script) -> web_sys::Response;

    #[wasm_bindgen(method)]
    fn header(this: &Script, name: &str) -> Option<String>;

    #[wasm_bindgen(method, getter)]
    fn value(this: &Script) -> JsValue;

    #[wasm_bindgen(method, getter, js_name = retCode)]
    fn ret_code(this: &Script) -> f64;

    #[wasm_bindgen(method, getter)]
    fn cause(this: &Script) -> JsValue;
}

/// How an exchange ended.
#[wasm_bindgen]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With a JSON object that has an integer `ret_code`.
    Answer = "answer",
    /// With a JSON object without one.
    NoRetCode = "no ret_code",
    /// With JSON that is no object.
    NoObject = "no object",
    /// With a body that is no JSON.
    NoJson = "no JSON",
    /// With an empty body.
    Empty = "empty",
    /// With a body that is too large to be read.
    Large = "large",
    /// With JSON that is nested too deep.
    Deep = "deep",
    /// The connection failed.
    Broken = "broken",
    /// There was no connection to send on.
    Unreached = "unreached",
    /// There was no whole reply in time.
    TimedOut = "timed out",
}

/// What goes out.
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) url: String,
    /// A plain object of names and values.
    pub(super) headers: Option<Object>,
    pub(super) body: Option<String>,
}

/// What came back.
pub(super) struct Reply {
    pub(super) status: u16,
    /// What `JSON.parse` gave; undefined where the body was no JSON.
    pub(super) value: JsValue,
    pub(super) ret_code: Option<i64>,
    /// The service's own words, where the answer is no success.
    pub(super) message: Option<String>,
    end: End,
    script: Script,
}

/// Why nothing came back.
pub(super) enum Lost {
    /// The connection failed, with what was thrown.
    Broken(JsValue),
    /// There was no connection: nothing can have been sent.
    Unreached(JsValue),
    /// The time was up.
    TimedOut,
}

/// An exchange under way; dropped, it is cancelled.
pub(super) struct Exchange {
    script: Script,
    ended: Signal,
    _callback: Closure<dyn FnMut()>,
}

impl Exchange {
    /// Sends `request`; what comes within `limit_ms` is the reply.
    pub(super) fn new(fetch: Option<&Function>, request: &Request, limit_ms: f64) -> Exchange {
        let ended = Signal::default();
        let raised = ended.clone();
        let callback = Closure::once(move || raised.raise());
        Exchange {
            script: Script::new(
                fetch,
                &request.url,
                request.method.name(),
                request.headers.as_ref(),
                request.body.as_deref(),
                limit_ms,
                callback.as_ref().unchecked_ref(),
            ),
            ended,
            _callback: callback,
        }
    }

    /// The reply, read to its end.
    pub(super) async fn reply(self) -> Result<Reply, Lost> {
        poll_fn(|context| self.ended.poll(context)).await;
        let script = self.script.clone();
        let end = script.end();
        match end {
            End::Broken => return Err(Lost::Broken(script.cause())),
            End::Unreached => return Err(Lost::Unreached(script.cause())),
            End::TimedOut => return Err(Lost::TimedOut),
            _ => {}
        }
        let value = script.value();
        let ret_code = Some(script.ret_code()).filter(|_| end == End::Answer);
        let ret_code = ret_code.map(|ret_code| ret_code as i64);
        let message = match ret_code {
            None | Some(0) => None,
            Some(_) => Reflect::get(&value, &"message".into()).ok(),
        };
        Ok(Reply {
            // A replaced fetch may give an object of its own kind; gloo-net's own `send` panics on it.
            status: Response::from(script.response()).status(),
            message: message.and_then(|message| message.as_string()),
            value,
            ret_code,
            end,
            script,
        })
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if !self.ended.is_raised() {
            self.script.cancel();
        }
    }
}

impl Reply {
    /// The reply's `Date`, in ms since 1970.
    pub(super) fn date_ms(&self) -> Option<f64> {
        parse_http_date(&self.script.header("date")?)
    }

    /// What the reply asks to wait.
    pub(super) fn retry_after(&self) -> Option<String> {
        self.script.header("retry-after")
    }

    /// The body as the decisions see it.
    pub(super) fn body(&self) -> Body<'_> {
        match self.end {
            End::NoObject => Body::NoObject,
            End::NoRetCode => Body::NoRetCode,
            End::Empty => Body::Empty,
            End::Large => Body::Large,
            End::Deep => Body::Deep,
            _ => match self.ret_code {
                Some(ret_code) => Body::Answer {
                    ret_code,
                    message: self.message.as_deref(),
                },
                None => Body::NoJson,
            },
        }
    }
}

//! One exchange: `fetch`, then the body, within bounds. All unknown rejections end in
//! `pkg/exchange.js`; what is over there crosses once, as a whole.

use super::effects::{parse_http_date, remember};
use crate::api::Body;
use crate::sign::Method;
use crate::slab::Slab;
use gloo_net::http::Response;
use js_sys::{Function, Object, Reflect};
use std::cell::RefCell;
use std::future::poll_fn;
use std::string::String;
use std::task::{Context, Poll, Waker};
use std::thread_local;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "../exchange.js")]
extern "C" {
    #[derive(Clone)]
    #[wasm_bindgen(js_name = Exchange)]
    type Script;

    #[wasm_bindgen(constructor, js_class = "Exchange")]
    fn new(
        fetch: Option<&Function>,
        url: &str,
        is_post: bool,
        headers: Option<&Object>,
        body: Option<&str>,
        limit_ms: f64,
        number: usize,
        ended: &Closure<dyn Fn(usize, End, JsValue, f64)>,
    ) -> Script;

    #[wasm_bindgen(method)]
    fn cancel(this: &Script);

    #[wasm_bindgen(method, getter)]
    fn response(this: &Script) -> web_sys::Response;

    #[wasm_bindgen(method)]
    fn header(this: &Script, name: &str) -> Option<String>;
}

thread_local! {
    /// The exchanges that somebody waits for.
    static OPEN: RefCell<Slab<Open>> = const { RefCell::new(Slab::new()) };

    /// Takes in the end of the exchange with a number. There is one for all: making one for each
    /// would cost as much as everything else that Rust does for an exchange.
    static TAKE: Closure<dyn Fn(usize, End, JsValue, f64)> = Closure::new(take);
}

/// An exchange that somebody waits for.
struct Open {
    ended: Option<Ended>,
    waker: Option<Waker>,
}

struct Ended {
    end: End,
    /// What `JSON.parse` gave, or what was thrown.
    value: JsValue,
    ret_code: f64,
}

fn take(number: usize, end: End, value: JsValue, ret_code: f64) {
    let waker = OPEN.with_borrow_mut(|open| {
        let open = open.get_mut(number)?;
        open.ended = Some(Ended {
            end,
            value,
            ret_code,
        });
        open.waker.take()
    });
    if let Some(waker) = waker {
        waker.wake();
    }
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

impl Request {
    /// Host and port; empty where a page names its own server by a path.
    pub(super) fn host(&self) -> &str {
        let secure = self.url.strip_prefix("https://");
        let rest = secure.or_else(|| self.url.strip_prefix("http://"));
        let rest = rest.unwrap_or_default();
        let end = rest.bytes().position(|byte| b"/?#".contains(&byte));
        &rest[..end.unwrap_or(rest.len())]
    }
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
    number: usize,
    script: Script,
    is_over: bool,
}

impl Exchange {
    /// Sends `request`; what comes within `limit_ms` is the reply.
    pub(super) fn new(fetch: Option<&Function>, request: &Request, limit_ms: f64) -> Exchange {
        let open = Open {
            ended: None,
            waker: None,
        };
        let number = OPEN.with_borrow_mut(|all| all.insert(open));
        let script = TAKE.with(|take| {
            Script::new(
                fetch,
                &request.url,
                request.method == Method::Post,
                request.headers.as_ref(),
                request.body.as_deref(),
                limit_ms,
                number,
                take,
            )
        });
        Exchange {
            number,
            script,
            is_over: false,
        }
    }

    /// The reply, read to its end.
    pub(super) async fn reply(mut self) -> Result<Reply, Lost> {
        let ended = poll_fn(|context| self.poll(context)).await;
        self.is_over = true;
        let Ended {
            end,
            value,
            ret_code,
        } = ended;
        match end {
            End::Broken => return Err(Lost::Broken(value)),
            End::Unreached => return Err(Lost::Unreached(value)),
            End::TimedOut => return Err(Lost::TimedOut),
            _ => {}
        }
        let ret_code = (end == End::Answer).then_some(ret_code as i64);
        let message = match ret_code {
            None | Some(0) => None,
            Some(_) => Reflect::get(&value, &"message".into()).ok(),
        };
        Ok(Reply {
            // A replaced fetch may give an object of its own kind; gloo-net's own `send` panics on it.
            status: Response::from(self.script.response()).status(),
            message: message.and_then(|message| message.as_string()),
            value,
            ret_code,
            end,
            script: self.script.clone(),
        })
    }

    fn poll(&self, context: &Context) -> Poll<Ended> {
        OPEN.with_borrow_mut(|open| match open.get_mut(self.number) {
            Some(open) => match open.ended.take() {
                Some(ended) => Poll::Ready(ended),
                None => {
                    remember(&mut open.waker, context);
                    Poll::Pending
                }
            },
            None => Poll::Pending,
        })
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let open = OPEN.with_borrow_mut(|open| open.remove(self.number));
        drop(open);
        if !self.is_over {
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

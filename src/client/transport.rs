//! One exchange: `fetch`, then the body, within bounds. All unknown rejections end here.

use super::effects::parse_http_date;
use crate::api::Body;
use crate::sign::Method;
use gloo_net::http::Response;
use js_sys::{Function, Object, Promise, Reflect};
use std::string::String;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = globalThis, js_name = fetch)]
    fn global_fetch(url: &str, init: &JsValue) -> Result<JsValue, JsValue>;

    /// Cancels what it was given to.
    pub(super) type AbortController;

    #[wasm_bindgen(constructor)]
    fn new() -> AbortController;

    #[wasm_bindgen(method, getter)]
    fn signal(this: &AbortController) -> JsValue;

    #[wasm_bindgen(method)]
    fn abort(this: &AbortController);
}

#[wasm_bindgen(raw_module = "../answer.js")]
extern "C" {
    #[wasm_bindgen(js_name = readAnswer)]
    fn read_answer(response: &JsValue) -> Promise;
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
    pub(super) date_ms: Option<f64>,
    pub(super) retry_after: Option<String>,
    /// What `JSON.parse` gave; undefined where the body was no JSON.
    pub(super) value: JsValue,
    problem: Option<String>,
    ret_code: Option<i64>,
    message: Option<String>,
}

impl Reply {
    pub(super) fn ret_code(&self) -> Option<i64> {
        self.ret_code
    }

    /// The body as the decisions see it.
    pub(super) fn body(&self) -> Body<'_> {
        match (self.problem.as_deref(), self.ret_code) {
            (Some("empty"), _) => Body::Empty,
            (Some("large"), _) => Body::Large,
            (Some("deep"), _) => Body::Deep,
            (Some(_), _) => Body::NoJson,
            (None, Some(ret_code)) => Body::Answer {
                ret_code,
                message: self.message.as_deref(),
            },
            (None, None) if self.value.is_object() && !self.value.is_array() => Body::NoRetCode,
            (None, None) => Body::NoObject,
        }
    }
}

/// The connection failed.
pub(super) struct Broken {
    /// What was thrown.
    pub(super) cause: JsValue,
    /// Whether nothing can have been sent.
    pub(super) is_unreached: bool,
}

/// An exchange under way; dropped, it is cancelled.
pub(super) struct Exchange {
    controller: AbortController,
    is_over: bool,
}

impl Exchange {
    pub(super) fn new() -> Exchange {
        Exchange {
            controller: AbortController::new(),
            is_over: false,
        }
    }

    /// Sends `request` and reads the reply to its end.
    pub(super) async fn run(
        &mut self,
        fetch: Option<&Function>,
        request: &Request,
    ) -> Result<Reply, Broken> {
        let init = Object::new();
        let set = |name: &str, value: &JsValue| {
            let _ = Reflect::set(&init, &name.into(), value);
        };
        set("method", &request.method.name().into());
        // A redirect is seen and refused: what was signed is for this address alone.
        set("redirect", &"manual".into());
        set("signal", &self.controller.signal());
        if let Some(headers) = &request.headers {
            set("headers", headers);
        }
        if let Some(body) = &request.body {
            set("body", &body.as_str().into());
        }
        let sent = match fetch {
            Some(fetch) => fetch.call2(&JsValue::UNDEFINED, &request.url.as_str().into(), &init),
            None => global_fetch(&request.url, &init),
        };
        let reply = async {
            let response = JsFuture::from(Promise::resolve(&sent?)).await?;
            read(response).await
        };
        let reply = reply.await.map_err(|cause| Broken {
            is_unreached: is_unreached(&cause),
            cause,
        });
        self.is_over = reply.is_ok();
        reply
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if !self.is_over {
            self.controller.abort();
        }
    }
}

async fn read(response: JsValue) -> Result<Reply, JsValue> {
    if !response.is_object() {
        return Err(JsError::new("fetch gave no response").into());
    }
    // A replaced fetch may give an object of its own kind; gloo-net's own `send` panics on it.
    let status = Response::from(response.clone().unchecked_into::<web_sys::Response>()).status();
    let header = |name: &str| {
        let headers = Reflect::get(&response, &"headers".into()).ok()?;
        let headers = headers
            .dyn_ref::<Object>()?
            .unchecked_ref::<web_sys::Headers>();
        headers.get(name).ok().flatten()
    };
    let date_ms = header("date").and_then(|date| parse_http_date(&date));
    let retry_after = header("retry-after");
    let read = JsFuture::from(read_answer(&response)).await?;
    let get = |object: &JsValue, name: &str| {
        Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
    };
    let value = get(&read, "value");
    let (ret_code, message) = if value.is_object() && !value.is_array() {
        let ret_code = get(&value, "ret_code").as_f64();
        (
            ret_code
                .filter(|code| code.fract() == 0.0)
                .map(|code| code as i64),
            get(&value, "message").as_string(),
        )
    } else {
        (None, None)
    };
    Ok(Reply {
        status,
        date_ms,
        retry_after,
        problem: get(&read, "problem").as_string(),
        value,
        ret_code,
        message,
    })
}

/// Whether an error's code says that there was no connection to send on.
fn is_unreached(cause: &JsValue) -> bool {
    const CODES: [&str; 7] = [
        "EAI_AGAIN",
        "ECONNREFUSED",
        "EHOSTUNREACH",
        "ENETUNREACH",
        "ENOTFOUND",
        "UND_ERR_CONNECT_TIMEOUT",
        "ConnectionRefused",
    ];
    let code = |error: &JsValue| {
        Reflect::get(error, &"code".into())
            .ok()
            .and_then(|code| code.as_string())
    };
    let beneath = Reflect::get(cause, &"cause".into()).unwrap_or(JsValue::UNDEFINED);
    [code(cause), code(&beneath)]
        .iter()
        .flatten()
        .any(|code| CODES.contains(&code.as_str()))
}

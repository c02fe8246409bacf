//! The face towards JavaScript: numbers, strings and bytes in, strings and numbers out.
//!
//! Nothing throws but a string, which the classes in `pkg/` turn into their error.

use crate::emulator::names::*;
use std::fmt::Write as _;

use wasm_bindgen::prelude::*;

use super::{Delivery, Emulator, Evidence, Incoming, Options, Response, Subject};

/// An emulator and the head of the answer it gave last.
#[wasm_bindgen]
pub struct EmulatorCore {
    emulator: Emulator,
    head: String,
}

#[wasm_bindgen]
impl EmulatorCore {
    /// Reads the options from JSON text.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<EmulatorCore, String> {
        Ok(EmulatorCore {
            emulator: Emulator::new(Options::read(options)?),
            head: String::new(),
        })
    }

    /// Answers a request and gives the body; what goes before it is `head`.
    pub fn handle(&mut self, method: &str, url: &str, body: &[u8], now_ms: f64) -> String {
        // Casts saturate, and what is no number counts as 1970.
        let response = self.emulator.handle(
            Incoming {
                method,
                url: url.as_bytes(),
                body,
            },
            now_ms as i64,
        );
        write_head(&mut self.head, &response);
        response.body
    }

    /// How the last answer goes out, in lines: its HTTP status, how many milliseconds to wait first, how it
    /// arrives (0 whole, 1 never, 2 not at all, 3 in half), then a name and a value for each header.
    #[wasm_bindgen(getter)]
    pub fn head(&self) -> String {
        self.head.clone()
    }

    /// The id of the first access key.
    #[wasm_bindgen(getter, js_name = accessKeyId)]
    pub fn access_key_id(&self) -> String {
        self.emulator.first_key().0.to_owned()
    }

    /// The secret of the first access key: one that the emulator made up, or that it was given.
    #[wasm_bindgen(getter, js_name = secretAccessKey)]
    pub fn secret_access_key(&self) -> String {
        self.emulator.first_key().1.to_owned()
    }

    /// The last requests, as JSON text of a list.
    #[wasm_bindgen(getter)]
    pub fn requests(&self) -> String {
        self.emulator.requests()
    }

    /// Moves the emulated clock.
    pub fn advance(&mut self, milliseconds: f64) {
        self.emulator.advance(milliseconds as i64);
    }

    /// Everything as JSON text.
    pub fn snapshot(&self) -> String {
        self.emulator.snapshot()
    }

    /// Takes up JSON text of a snapshot.
    pub fn restore(&mut self, json: &str) -> Result<(), String> {
        self.emulator.restore(json)
    }

    /// Back to the beginning.
    pub fn reset(&mut self) {
        self.emulator.reset();
    }
}

/// One text, since each value that crosses on its own costs as much. Headers hold no line breaks: those of
/// faults are checked.
fn write_head(out: &mut String, response: &Response) {
    let delivery = match response.effect.delivery {
        Delivery::Whole => 0,
        Delivery::Hang => 1,
        Delivery::Lost => 2,
        Delivery::Cut => 3,
    };
    out.clear();
    let (status, delay_ms) = (response.status, response.effect.delay_ms);
    let _ = write!(out, "{status}\n{delay_ms}\n{delivery}");
    for (name, value) in &response.headers {
        for text in [name, value] {
            out.push('\n');
            out.push_str(text);
        }
    }
}

/// Looks for the mistakes in a request (`url`, and `body` for a POST) or in a `string_to_sign`; gives the
/// diagnosis as JSON text. The secret's bytes are wiped.
#[wasm_bindgen]
pub fn diagnose(
    url: Option<String>,
    string_to_sign: Option<String>,
    method: Option<String>,
    body: Option<Vec<u8>>,
    signature: Option<String>,
    secret: Vec<u8>,
    now_ms: Option<f64>,
) -> Result<String, String> {
    let secret = zeroize::Zeroizing::new(secret);
    let subject = match (&url, &string_to_sign) {
        (Some(url), None) => Subject::Url(url.as_bytes()),
        (None, Some(text)) => Subject::StringToSign(text.as_bytes()),
        _ => return Err("diagnose: give either url or stringToSign".to_owned()),
    };
    let evidence = Evidence {
        subject,
        method: method.as_deref(),
        body: body.as_deref(),
        signature: signature.as_deref().map(str::as_bytes),
        now_ms: now_ms.map(|now_ms| now_ms as i64),
    };
    let diagnosis = super::diagnose(&evidence, &secret)?;
    Ok(diagnosis.json())
}

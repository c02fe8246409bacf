//! The emulator from outside: signed requests in, JSON out. The signer here is a few lines of its own.

use crate::emulator::names::*;

use serde_json::Value;

use super::{Emulator, Incoming, Options, Response, state};
use crate::sign::{Key, SignatureMethod, time};

mod faults;
mod gone;
mod hostile;
mod instances;
mod lists;
mod networks;
mod pending;
mod projects;
mod protocol;
mod router_addresses;
mod shapes;
mod storage;

/// When the tests take place.
pub const NOW: i64 = 1_700_000_000_000;

/// An emulator, the clock it is asked at, and the key and zone it is asked with.
pub struct Desk {
    pub emulator: Emulator,
    pub now_ms: i64,
    pub zone: &'static str,
    pub key: (String, String),
}

impl Desk {
    pub fn new() -> Desk {
        Desk::with("{}")
    }

    /// An emulator with options as JSON text.
    pub fn with(options: &str) -> Desk {
        let emulator = Emulator::new(Options::read(options).expect("good options"));
        let key = emulator.first_key();
        let key = (key.0.to_owned(), key.1.to_owned());
        Desk {
            emulator,
            now_ms: NOW,
            zone: "pek3a",
            key,
        }
    }

    /// Calls an action and gives the whole answer.
    pub fn call(&mut self, action: &str, params: &[(&str, &str)]) -> Value {
        let response = self.send(action, params);
        serde_json::from_str(&response.body)
            .unwrap_or_else(|_| panic!("{action} gave no JSON: {}", response.body))
    }

    pub fn send(&mut self, action: &str, params: &[(&str, &str)]) -> Response {
        let url = self.url(action, params);
        self.emulator.handle(
            Incoming {
                method: "GET",
                url: url.as_bytes(),
                body: b"",
            },
            self.now_ms,
        )
    }

    /// Calls an action that must succeed.
    pub fn ok(&mut self, action: &str, params: &[(&str, &str)]) -> Value {
        let answer = self.call(action, params);
        assert_eq!(answer["ret_code"], 0, "{action}: {answer}");
        assert_eq!(answer["action"], format!("{action}Response"));
        answer
    }

    /// Calls an action that must be refused, and gives the message.
    pub fn refused(&mut self, code: i64, action: &str, params: &[(&str, &str)]) -> String {
        let answer = self.call(action, params);
        assert_eq!(answer["ret_code"], code, "{action}: {answer}");
        answer["message"].as_str().expect("a message").to_owned()
    }

    /// Lets a second pass: as long as a job takes.
    pub fn pass(&mut self) {
        self.now_ms += 1000;
    }

    /// Runs an instance and waits for it.
    pub fn instance(&mut self) -> String {
        let answer = self.ok(
            "RunInstances",
            &[
                ("image_id", "centos7x64d"),
                ("login_mode", "passwd"),
                ("login_passwd", "Aa12345678"),
            ],
        );
        self.pass();
        text(&answer["instances"][0])
    }

    pub fn url(&self, action: &str, params: &[(&str, &str)]) -> String {
        let stamp = time::format(self.now_ms.div_euclid(1000)).expect("a year of four digits");
        let stamp = String::from_utf8(stamp.to_vec()).expect("ASCII");
        let mut pairs = Vec::from([
            ("action", action),
            ("access_key_id", &self.key.0),
            ("signature_method", "HmacSHA256"),
            ("signature_version", "1"),
            ("time_stamp", &stamp),
            ("version", "1"),
        ]);
        if !self.zone.is_empty() {
            pairs.push(("zone", self.zone));
        }
        pairs.retain(|(name, _)| params.iter().all(|(given, _)| given != name));
        // A parameter that is given as "-" is left out.
        pairs.extend(params.iter().filter(|(_, value)| *value != "-"));
        let query = query(&mut pairs);
        format!(
            "/iaas/?{query}&signature={}",
            encode(&sign(&self.key.1, &format!("GET\n/iaas/\n{query}")))
        )
    }
}

pub fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no string: {value}"))
        .to_owned()
}

pub fn sign(secret: &str, string_to_sign: &str) -> String {
    Key::new(SignatureMethod::HmacSha256, secret.as_bytes().to_vec())
        .sign(&[string_to_sign.as_bytes()])
}

pub fn query(pairs: &mut [(&str, &str)]) -> String {
    pairs.sort_unstable();
    let parts: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    parts.join("&")
}

pub fn encode(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// Two keys: the owner's, and that of a user with an address.
pub const TWO_KEYS: &str = r#"{"accessKeys":[
    {"accessKeyId":"OWNER","secretAccessKey":"s1"},
    {"accessKeyId":"MEMBER","secretAccessKey":"s2","userId":"usr-member01","email":"member@example.com"}]}"#;

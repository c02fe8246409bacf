//! The last requests, kept as they came and shown without their secrets.

use crate::emulator::names::*;
use std::collections::VecDeque;

use super::json::Json;
use super::options::AccessKey;
use super::redact;
use super::request::{Request, decode, split_pairs};

/// What of a request's text is kept at most.
const KEPT_BYTES: usize = 8 * 1024;

/// One request. Kept raw, since most are never looked at; no `Debug`, since it holds secrets.
struct Entry {
    at_ms: i64,
    method: String,
    path: Vec<u8>,
    text: Vec<u8>,
    is_cut: bool,
    status: u16,
    ret_code: Option<i64>,
}

/// The last requests, oldest first; never more than the options say.
pub struct Log {
    entries: VecDeque<Entry>,
    most: usize,
}

impl Log {
    pub fn new(most: u32) -> Log {
        Log {
            entries: VecDeque::new(),
            most: most as usize,
        }
    }

    /// Adds a request and what was answered.
    pub fn add(&mut self, request: &Request, at_ms: i64, status: u16, ret_code: Option<i64>) {
        if self.most == 0 {
            return;
        }
        // The oldest entry's room is used again.
        let mut entry = if self.entries.len() >= self.most {
            self.entries.pop_front()
        } else {
            None
        }
        .unwrap_or_else(|| Entry {
            at_ms,
            method: String::new(),
            path: Vec::new(),
            text: Vec::new(),
            is_cut: false,
            status,
            ret_code,
        });
        let cut = |bytes: &'_ [u8]| bytes.len().min(KEPT_BYTES);
        entry.method.clear();
        entry.method.extend(request.method.chars().take(16));
        entry.path.clear();
        entry
            .path
            .extend_from_slice(&request.path[..cut(request.path)]);
        entry.text.clear();
        entry
            .text
            .extend_from_slice(&request.text[..cut(request.text)]);
        entry.is_cut = request.text.len() > KEPT_BYTES;
        (entry.at_ms, entry.status, entry.ret_code) = (at_ms, status, ret_code);
        self.entries.push_back(entry);
    }

    /// JSON text of a list: what came, secrets masked, those of `keys` wherever they stand.
    pub fn show(&self, keys: &[AccessKey]) -> String {
        let is_key = |value: &str| {
            keys.iter()
                .any(|key| value.contains(&key.secret_access_key))
        };
        let mut out = Json::open();
        out.objects("requests", &self.entries, |out, entry| {
            let mut pairs = split_pairs(&entry.text);
            if entry.is_cut {
                // The last one may be half a value, perhaps of a secret whose name is cut.
                pairs.pop();
            }
            let text = |raw: &[u8]| {
                String::from_utf8_lossy(&decode(raw).unwrap_or(raw.into())).into_owned()
            };
            let decoded: Vec<(String, String)> = pairs
                .iter()
                .map(|pair| (text(pair.name), text(pair.value)))
                .collect();
            let value_of = |name: &str| {
                decoded
                    .iter()
                    .find(|pair| pair.0 == name)
                    .map_or("", |pair| &pair.1)
            };
            let action = value_of("action");
            out.time("time", entry.at_ms);
            out.text("method", &entry.method);
            out.text("path", &String::from_utf8_lossy(&entry.path));
            out.text("action", action);
            out.text("zone", value_of("zone"));
            out.text("requestId", value_of("req_id"));
            out.number("httpStatus", i64::from(entry.status));
            match entry.ret_code {
                Some(code) => out.number("retCode", code),
                None => out.raw("retCode", "null"),
            }
            out.object("parameters", |out| {
                for (at, (name, value)) in decoded.iter().enumerate() {
                    // A name that comes twice would make two members of one object.
                    if decoded[..at].iter().all(|earlier| earlier.0 != *name) {
                        let shown = match is_key(value) {
                            true => redact::MASK.to_owned(),
                            false => redact::masked(action, name, value),
                        };
                        out.text_named(name, &shown);
                    }
                }
            });
        });
        let text = out.close();
        text["{\"requests\":".len()..text.len() - 1].to_owned()
    }
}

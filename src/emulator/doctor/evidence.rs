//! What a diagnosis starts from, taken apart without changing a byte.

use crate::emulator::names::*;

use crate::emulator::redact;
use crate::emulator::request::{Pair, decode, has_stray_ampersand, split_pairs, split_url};

/// What went wrong, as far as it is at hand.
pub struct Evidence<'a> {
    /// The request, or the text that was signed.
    pub subject: Subject<'a>,
    /// GET unless there is a body.
    pub method: Option<&'a str>,
    /// The body of a POST.
    pub body: Option<&'a [u8]>,
    /// The signature, where it does not stand in the request.
    pub signature: Option<&'a [u8]>,
    /// The time it was sent; without it, times are not looked at.
    pub now_ms: Option<i64>,
}

/// The request, or the text that was signed.
#[derive(Clone, Copy)]
pub enum Subject<'a> {
    /// An address, whole or from the path on, as it was sent.
    Url(&'a [u8]),
    /// Method, path and query on three lines, as a program signed them.
    StringToSign(&'a [u8]),
}

/// A parameter without its encoding.
#[derive(Clone)]
pub struct Decoded {
    pub name: Vec<u8>,
    pub value: Vec<u8>,
    /// Whether the value must not be shown.
    pub is_secret: bool,
    /// Whether not even the name must be shown: it may be the rest of a secret, cut by an `&` of its own.
    pub hides_name: bool,
}

impl Decoded {
    /// The name, or what stands for one that must not be shown.
    pub fn shown_name(&self) -> String {
        if self.hides_name {
            redact::MASK.to_owned()
        } else {
            String::from_utf8_lossy(&self.name).into_owned()
        }
    }
}

/// The evidence in its parts.
pub struct Parts<'a> {
    pub method: &'a str,
    pub path: &'a [u8],
    /// The pairs without the signature, as they came.
    pub raw: Vec<Pair<'a>>,
    /// The same, decoded.
    pub pairs: Vec<Decoded>,
    /// The places of the pairs, sorted by name.
    by_name: Vec<usize>,
    /// Which bytes there are in names and values.
    pub has: [bool; 256],
    /// Whether every pair could be decoded.
    pub is_decodable: bool,
    /// The signature as it came.
    pub signature: Option<&'a [u8]>,
    /// Whether it stood in a query, and so must be encoded.
    pub is_in_query: bool,
    /// Whether there is a `&` that parts nothing.
    pub has_stray_ampersand: bool,
    pub has_two_signatures: bool,
    /// The query or the body as it came.
    text: &'a [u8],
    /// The text that was signed, where it was given.
    pub signed: Option<&'a [u8]>,
    /// Whether it was sent by POST: such a request is taken by what it says, in whatever order and
    /// encoding. The official SDK sends a form that is not sorted, and signs the sorted query.
    pub is_form: bool,
}

impl<'a> Parts<'a> {
    pub fn read(evidence: &Evidence<'a>) -> Result<Parts<'a>, &'static str> {
        let (method, path, text, signed) = match evidence.subject {
            Subject::Url(url) => {
                // Blanks around a pasted line were never part of a request.
                let (path, query) = split_url(url.trim_ascii());
                let body = evidence
                    .body
                    .map(<[u8]>::trim_ascii)
                    .filter(|body| !body.is_empty());
                let method = evidence
                    .method
                    .unwrap_or(if body.is_some() { "POST" } else { "GET" });
                let text = match body {
                    Some(body) if query.is_empty() => body,
                    _ => query,
                };
                (method, path, text, None)
            }
            Subject::StringToSign(signed) => {
                let mut lines = signed.splitn(3, |&byte| byte == b'\n');
                let (Some(method), Some(path), Some(text)) =
                    (lines.next(), lines.next(), lines.next())
                else {
                    return Err(
                        "diagnose: stringToSign must have three lines: method, path, query",
                    );
                };
                let method = str::from_utf8(method)
                    .map_err(|_| "diagnose: the first line of stringToSign is no text")?;
                (
                    method.trim_end_matches('\r'),
                    path.trim_ascii_end(),
                    text,
                    Some(signed),
                )
            }
        };
        // `fetch` sends these in capitals, however they are given.
        let method = ["GET", "POST"]
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(method))
            .unwrap_or(method);
        let all = split_pairs(text);
        let in_query = all
            .iter()
            .find(|pair| pair.name == b"signature" && !pair.value.is_empty())
            .map(|pair| pair.value);
        let signatures = all.iter().filter(|pair| pair.name == b"signature");
        let has_two_signatures = signatures.count() > 1;
        let raw: Vec<Pair> = all
            .into_iter()
            .filter(|pair| pair.name != b"signature")
            .collect();
        if raw.is_empty() {
            return Err("diagnose: there are no parameters to look at");
        }
        let mut is_decodable = true;
        let mut plain = |raw: &[u8]| {
            decode(raw)
                .map(|value| value.into_owned())
                .unwrap_or_else(|| {
                    is_decodable = false;
                    raw.to_vec()
                })
        };
        let mut pairs: Vec<Decoded> = raw
            .iter()
            .map(|pair| Decoded {
                name: plain(pair.name),
                value: plain(pair.value),
                is_secret: false,
                hides_name: false,
            })
            .collect();
        let action = value(&pairs, "action").map(|name| String::from_utf8_lossy(name).into_owned());
        let secrets = redact::Secrets::of(action.as_deref().unwrap_or_default());
        let mut is_behind_secret = false;
        for (pair, raw) in pairs.iter_mut().zip(&raw) {
            let name = String::from_utf8_lossy(&pair.name);
            let value = String::from_utf8_lossy(&pair.value);
            pair.is_secret = secrets.holds(&name) || redact::has_secret_members(&value);
            pair.hides_name = is_behind_secret && !raw.has_equals;
            is_behind_secret = pair.is_secret || pair.hides_name;
        }
        let mut by_name: Vec<usize> = (0..pairs.len()).collect();
        by_name.sort_by(|&a, &b| pairs[a].name.cmp(&pairs[b].name));
        let mut has = [false; 256];
        for byte in pairs
            .iter()
            .flat_map(|pair| pair.name.iter().chain(&pair.value))
        {
            has[usize::from(*byte)] = true;
        }
        Ok(Parts {
            method,
            path,
            raw,
            pairs,
            by_name,
            has,
            is_decodable,
            signature: evidence.signature.or(in_query),
            has_stray_ampersand: has_stray_ampersand(text),
            has_two_signatures,
            text,
            is_in_query: evidence.signature.is_none(),
            signed,
            is_form: signed.is_none() && method == "POST",
        })
    }

    /// The pairs, sorted by name; those of one name in the order they came in.
    pub fn sorted(&self) -> impl Iterator<Item = &Decoded> {
        self.by_name.iter().map(|&at| &self.pairs[at])
    }

    /// Where a parameter stands.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.pairs
            .iter()
            .position(|pair| pair.name == name.as_bytes())
    }

    /// The value of a parameter.
    pub fn value(&self, name: &str) -> Option<&[u8]> {
        value(&self.pairs, name)
    }

    /// The text as it came: method, path and the query less its signature; secret values masked if so asked.
    pub fn received(&self, is_masked: bool) -> Vec<u8> {
        if let Some(signed) = self.signed.filter(|_| !is_masked) {
            return signed.to_vec();
        }
        let mut text = self.head();
        let mut pairs = self.raw.iter().zip(&self.pairs);
        let parts = self.text.split(|&byte| byte == b'&');
        let parts = parts.filter(|part| *part != b"signature" && !part.starts_with(b"signature="));
        for (at, part) in parts.enumerate() {
            if at > 0 {
                text.push(b'&');
            }
            let pair = if part.is_empty() { None } else { pairs.next() };
            let Some((pair, decoded)) = pair else {
                continue;
            };
            let shown = |raw: &'a [u8], hides: bool| {
                if is_masked && hides {
                    redact::MASK.as_bytes()
                } else {
                    raw
                }
            };
            text.extend_from_slice(shown(pair.name, decoded.hides_name));
            if pair.has_equals {
                text.push(b'=');
                text.extend_from_slice(shown(pair.value, decoded.is_secret));
            }
        }
        text
    }

    /// Method and path, each with its line end.
    pub fn head(&self) -> Vec<u8> {
        let mut text = self.method.as_bytes().to_vec();
        text.push(b'\n');
        text.extend_from_slice(self.path);
        text.push(b'\n');
        text
    }
}

fn value<'a>(pairs: &'a [Decoded], name: &str) -> Option<&'a [u8]> {
    let pair = pairs.iter().find(|pair| pair.name == name.as_bytes())?;
    Some(&pair.value)
}

//! Percent-encoding by RFC 3986: one set, one function. No allocation of its own.

use super::buffer::Buffer;
use alloc::vec::Vec;

/// The bytes that stay as they are: `A-Z a-z 0-9 - _ . ~` (RFC 3986, section 2.3).
pub(super) const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

const UNRESERVED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = is_unreserved(byte as u8);
        byte += 1;
    }
    table
};

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Appends `bytes` to `out`, every byte outside `A-Z a-z 0-9 - _ . ~` as `%XX` with capital hex.
///
/// A space becomes `%20`, and text that is already encoded is encoded again: the service decodes
/// once (official Python SDK, `urllib.quote(text, safe="-_~")`).
pub fn percent_encode(out: &mut Vec<u8>, bytes: &[u8]) {
    let mut buffer = Buffer::from(core::mem::take(out));
    encode(&mut buffer, bytes);
    *out = buffer.into();
}

/// The same, for the signer's own buffers.
pub(super) fn encode(out: &mut Buffer, bytes: &[u8]) {
    let room = out.room(bytes.len() * 3);
    let mut at = 0;
    for &byte in bytes {
        if UNRESERVED[usize::from(byte)] {
            room[at] = byte;
            at += 1;
        } else {
            room[at] = b'%';
            room[at + 1] = HEX[usize::from(byte >> 4)];
            room[at + 2] = HEX[usize::from(byte & 15)];
            at += 3;
        }
    }
    out.take(at);
}

/// Undoes [`percent_encode`]; `None` where a `%` is not followed by two hex digits.
///
/// Lower-case hex is read too, and `+` stays `+`: this is not a form decoder.
pub fn percent_decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if *byte != b'%' {
            out.push(*byte);
            continue;
        }
        let [high, low, tail @ ..] = rest else {
            return None;
        };
        let digit = |byte: u8| (byte as char).to_digit(16);
        out.push((digit(*high)? * 16 + digit(*low)?) as u8);
        rest = tail;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn encoded(text: &str) -> alloc::string::String {
        let mut out = Vec::new();
        percent_encode(&mut out, text.as_bytes());
        alloc::string::String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_percent_vector_agrees() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("vectors/percent.json")).unwrap();
        let mut seen = 0;
        for set in ["ascii", "beyond", "strings"] {
            for pair in vectors[set].as_array().unwrap() {
                let (plain, wanted) = (pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
                assert_eq!(encoded(plain), wanted, "{plain:?}");
                assert_eq!(percent_decode(wanted.as_bytes()).unwrap(), plain.as_bytes());
                seen += 1;
            }
        }
        assert!(seen > 150, "only {seen} vectors were read");
    }

    #[test]
    fn a_cut_escape_is_refused() {
        for text in ["%", "%4", "%4G", "a%"] {
            assert_eq!(percent_decode(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn decoding_undoes_encoding(bytes: Vec<u8>) {
            let mut out = Vec::new();
            percent_encode(&mut out, &bytes);
            prop_assert!(out.iter().all(|&b| is_unreserved(b) || b == b'%'));
            prop_assert_eq!(percent_decode(&out).unwrap(), bytes);
        }
    }
}

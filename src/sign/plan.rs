//! What every request of one shape has in common, worked out once: fixed text, and places for values.
//!
//! Callers sign the same few shapes over and over with other values. Names are flattened, encoded
//! and sorted when a [`Plan`] is made; a signature then only puts values between its texts.

use super::buffer::Buffer;
use super::encode::encode;
use super::error::{Error, printed};
use super::key::{Key, Mac};
use super::params::{Entries, Source, Value};
use super::shape::{Shape, is_same};
use super::text::{nested, sort_by_name, write_json, write_number};
use super::tree::{MAX_DEPTH, Reader};
use super::{Call, Method, Signer, head, time};
use alloc::vec::Vec;

/// Values in the making.
pub(super) struct Made {
    text: Vec<u8>,
    /// The last time stamp: a thousand signatures have the same.
    moment: (i64, [u8; 20]),
}

impl Made {
    pub(super) const fn new() -> Made {
        Made {
            text: Vec::new(),
            moment: (0, *b"1970-01-01T00:00:00Z"),
        }
    }
}

/// Requests of one shape.
pub(super) struct Plan {
    shape: Vec<u8>,
    method: Method,
    /// For GET the URL, then the canonical query without the values in `places`.
    text: Vec<u8>,
    /// Where the query starts.
    start: usize,
    places: Vec<Place>,
    /// The key after the head of the string to sign and the text before the first place.
    key: Key,
}

/// Where a value goes.
struct Place {
    /// Where in the text.
    at: usize,
    source: Source,
}

impl Plan {
    /// Works out how `call` is sent, and with it every call of the same shape.
    pub(super) fn new(signer: &Signer, call: &Call, shape: &Shape) -> Result<Plan, Error> {
        let mut entries = Entries::default();
        entries.flatten(call)?;
        signer.add_public(call, &mut entries);
        let mut order = entries.named();
        sort_by_name(&mut order);
        let method = call.method();
        let mut text = Buffer::new();
        if method == Method::Get {
            text.push(signer.url().as_bytes());
            text.push(b"?");
        }
        let start = text.len();
        let mut places = Vec::new();
        let mut last = None;
        for (name, at) in order {
            // Of two equal names one would be lost on the way.
            if last == Some(name) {
                return Err(Error::parameters(&[
                    call.action,
                    ": the parameter \"",
                    printed(name),
                    "\" is given twice; keep one of the two",
                ]));
            }
            if last.is_some() {
                text.push(b"&");
            }
            last = Some(name);
            encode(&mut text, name);
            text.push(b"=");
            match entries.value(at) {
                Value::Fixed(fixed) => encode(&mut text, fixed),
                Value::From(source) => places.push(Place {
                    at: text.len(),
                    source,
                }),
            }
        }
        let text = Vec::from(text);
        let mut key = signer.key.clone();
        for line in head(method, &signer.endpoint) {
            key.update(line.as_bytes());
        }
        key.update(&text[start..first(&places, &text)]);
        Ok(Plan {
            shape: shape.bytes().into(),
            method,
            key,
            text,
            start,
            places,
        })
    }

    /// How the call is sent.
    pub(super) fn method(&self) -> Method {
        self.method
    }

    /// Where the canonical query starts in what `fill` writes.
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// Writes the request of `call` into `out`, which is empty, as far as it is signed, and gives its
    /// signature.
    pub(super) fn fill(
        &self,
        call: &Call,
        shape: &Shape,
        out: &mut Buffer,
        made: &mut Made,
    ) -> Result<Mac, Error> {
        let mut from = 0;
        for Place { at, source } in &self.places {
            out.push(&self.text[from..*at]);
            from = *at;
            let Made { text, moment } = made;
            text.clear();
            let text = match *source {
                Source::Text(at) => shape.text(call.tree, at),
                Source::Number(at) => {
                    write_number(text, shape.text(call.tree, at));
                    &*text
                }
                Source::Json(at) => {
                    let mut reader = Reader::new(shape.from(call.tree, at));
                    let token = reader.value();
                    write_json(text, token, &mut reader, MAX_DEPTH).ok_or_else(nested)?;
                    &*text
                }
                Source::TimeStamp => {
                    if moment.0 != call.unix_seconds {
                        moment.1 = written(call, "time_stamp", call.unix_seconds)?;
                        moment.0 = call.unix_seconds;
                    }
                    &moment.1
                }
                Source::Expires => {
                    let seconds = call.expires_in_seconds.unwrap_or(0).into();
                    &written(call, "expires", call.unix_seconds.saturating_add(seconds))?
                }
                Source::RequestId => call.request_id.unwrap_or("").as_bytes(),
            };
            encode(out, text);
        }
        out.push(&self.text[from..]);
        let primed = first(&self.places, &self.text);
        Ok(self.key.mac(&out.bytes()[primed..]))
    }
}

/// Where the first value stands.
fn first(places: &[Place], text: &[u8]) -> usize {
    places.first().map_or(text.len(), |place| place.at)
}

fn written(call: &Call, name: &str, unix_seconds: i64) -> Result<[u8; 20], Error> {
    time::format(unix_seconds).ok_or_else(|| {
        Error::parameters(&[
            call.action,
            ": \"",
            name,
            "\" is outside the years 0 to 9999; check the clock (\"now\") and \"expiresInSeconds\"",
        ])
    })
}

/// Plans that a signer remembers at most.
const MOST: usize = 64;

/// Bytes of text, and of shape, up to which a plan is worth remembering.
const LONGEST: usize = 8192;

/// The plans that a signer has made.
#[derive(Default)]
pub(super) struct Plans {
    plans: Vec<Plan>,
    /// Which of them makes room for the next one, when there is none left.
    oldest: usize,
}

impl Plans {
    /// The plan of calls of this shape, if there is one.
    pub(super) fn find(&self, shape: &Shape) -> Option<&Plan> {
        self.plans
            .iter()
            .find(|plan| is_same(&plan.shape, shape.bytes()))
    }

    /// Remembers a plan, unless it is large, in place of the oldest one when there are too many.
    pub(super) fn keep(&mut self, plan: Plan) {
        if plan.shape.len() > LONGEST || plan.text.len() > LONGEST {
            return;
        }
        if self.plans.len() < MOST {
            self.plans.push(plan);
        } else {
            let oldest = core::mem::replace(&mut self.plans[self.oldest], plan);
            self.oldest = (self.oldest + 1) % MOST;
            // Dropped at the end: a trap in the middle of it would leave half a plan among them.
            drop(oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Params, Scratch, Settings};
    use super::*;
    use alloc::format;
    use alloc::string::String;

    /// A signer in use.
    struct Used {
        signer: Signer,
        scratch: Scratch,
    }

    impl Used {
        fn new() -> Used {
            let settings = Settings {
                access_key_id: "ID".into(),
                ..Settings::default()
            };
            Used {
                signer: Signer::new(settings, b"secret".to_vec()).unwrap(),
                scratch: Scratch::default(),
            }
        }

        /// Signs, and says whether the shape was known before.
        fn sign(&mut self, name: &str) -> bool {
            let mut params = Params::new();
            params.text(name, "value");
            let call = Call {
                action: "Unknown",
                tree: &params.tree(),
                method: None,
                zone: None,
                request_id: None,
                unix_seconds: 0,
                expires_in_seconds: None,
            };
            let mut shape = Shape::default();
            shape.read(&call).unwrap();
            let is_known = self.signer.plans.find(&shape).is_some();
            self.signer.sign(&call, &mut self.scratch).unwrap();
            is_known
        }
    }

    #[test]
    fn shapes_that_come_after_many_others_are_remembered_too() {
        let mut used = Used::new();
        for number in 0..MOST {
            assert!(!used.sign(&format!("old{number}")));
        }
        assert!(used.sign("old0"));
        for name in ["a", "b", "c"] {
            assert!(!used.sign(name));
        }
        for _ in 0..3 {
            for name in ["a", "b", "c"] {
                assert!(used.sign(name), "{name}");
            }
        }
        assert!(!used.sign("old0"));
        assert_eq!(used.signer.plans.plans.len(), MOST);
    }

    #[test]
    fn a_large_shape_is_not_remembered() {
        let mut used = Used::new();
        let name = String::from_utf8(alloc::vec![b'x'; LONGEST]).unwrap();
        assert!(!used.sign(&name) && !used.sign(&name));
    }

    /// The length of the shape and of the text of the plan that a signer keeps of a parameter with
    /// so long a name, if it keeps one.
    fn kept(length: usize, is_null: bool) -> Option<(usize, usize)> {
        let name = "x".repeat(length);
        let tree = if is_null {
            let length = (length as u32).to_le_bytes();
            [&[6, 8, 255][..], &length, name.as_bytes(), &[0, 7]].concat()
        } else {
            Params::new().text(&name, "value").tree()
        };
        let call = Call {
            action: "Unknown",
            tree: &tree,
            method: None,
            zone: None,
            request_id: None,
            unix_seconds: 0,
            expires_in_seconds: None,
        };
        let mut used = Used::new();
        used.signer.sign(&call, &mut used.scratch).unwrap();
        let plan = used.signer.plans.plans.first()?;
        Some((plan.shape.len(), plan.text.len()))
    }

    #[test]
    fn shapes_and_texts_up_to_the_limit_are_remembered_and_none_beyond() {
        // Of a parameter that is null only the shape tells; of others the text is the longer one.
        let (shape, text) = kept(1000, true).unwrap();
        assert!(shape > text);
        let longest = LONGEST + 1000 - shape;
        assert_eq!(kept(longest, true).unwrap().0, LONGEST);
        assert_eq!(kept(longest + 1, true), None);
        let (shape, text) = kept(1000, false).unwrap();
        assert!(shape < text);
        let longest = LONGEST + 1000 - text;
        assert_eq!(kept(longest, false).unwrap().1, LONGEST);
        assert_eq!(kept(longest + 1, false), None);
    }

    #[test]
    fn what_stands_before_the_first_value_is_hashed_with_the_key() {
        let mut used = Used::new();
        used.sign("name");
        let plan = &used.signer.plans.plans[0];
        let primed = first(&plan.places, &plan.text);
        assert!(plan.text[..primed].ends_with(b"&name="));
        assert_eq!(first(&[], b"all"), 3);
    }
}

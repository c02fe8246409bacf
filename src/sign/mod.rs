//! Parameters, a key and a time give a signed request. No clock, no I/O.
//!
//! [`Signer::sign`] takes a [`Call`]. For the first of its shape (`shape`) its tree of parameters is
//! flattened (`params`), the public parameters are added, and all are sorted by the bytes of their
//! names: that is the `plan` of all calls of this shape. Each then puts its own values in,
//! percent-encoded (`encode`), and is signed (`key`). What is signed and what is sent are the same
//! bytes.

mod buffer;
mod encode;
mod endpoint;
mod error;
mod key;
mod params;
mod plan;
mod shape;
mod signers;
mod text;
pub mod time;
pub mod tree;
pub mod writer;

pub use encode::{percent_decode, percent_encode};
pub use endpoint::{DEFAULT_ENDPOINT, Endpoint};
pub use error::{Error, Kind};
pub use key::{Key, SignatureMethod};
pub use signers::Signers;
pub use text::parameters_json;
pub use writer::Params;

use crate::catalogue;
use alloc::string::String;
use alloc::vec::Vec;
use buffer::Buffer;
use key::Mac;
use params::{Entries, Source, Value};
use plan::{Made, Plan, Plans};
use shape::Shape;

/// How a request is sent. The method is the first line of the string to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Everything in the URL: documented for all actions but two.
    Get,
    /// The same text as an `application/x-www-form-urlencoded` body.
    Post,
}

impl Method {
    /// `GET` or `POST`.
    pub const fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }
}

/// What a [`Signer`] is made of, besides the secret.
#[derive(Clone, Default, PartialEq)]
pub struct Settings {
    /// The id of the key: sent as `access_key_id`.
    pub access_key_id: String,
    /// An IAM token: sent as `token`, and turns `iaas` in the endpoint's path into `iam`.
    pub token: Option<String>,
    /// Where requests go; [`DEFAULT_ENDPOINT`] where it is `None`.
    pub endpoint: Option<Endpoint>,
    /// The zone of every call that names none.
    pub zone: Option<String>,
    /// Sent as `signature_method`.
    pub signature_method: SignatureMethod,
    /// Sent as `signature_version`; where it is `None`, 2 with a token and 1 without
    /// (official Python SDK; the steps of signing are the same).
    pub signature_version: Option<u8>,
    /// Sends `expires` with every call that names no other, this many seconds after its time stamp.
    pub expires_in_seconds: Option<u32>,
}

impl core::fmt::Debug for Settings {
    // A token is as good as a key.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Settings")
            .field("access_key_id", &self.access_key_id)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// One call, as it stands at one moment.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The action, as the API spells it.
    pub action: &'a str,
    /// Its parameters, as [`Params::tree`] gives them.
    pub tree: &'a [u8],
    /// How to send it; the catalogue's method where it is `None`.
    pub method: Option<Method>,
    /// The zone, instead of the signer's.
    pub zone: Option<&'a str>,
    /// Sent as `req_id` where it is given.
    pub request_id: Option<&'a str>,
    /// The time stamp, in seconds since 1970.
    pub unix_seconds: i64,
    /// Sends `expires`, this many seconds after the time stamp. Without it the service takes a
    /// request for 60 s (API guide; one page says 30 s).
    pub expires_in_seconds: Option<u32>,
}

impl core::fmt::Debug for Call<'_> {
    // The parameters may hold passwords.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Call")
            .field("action", &self.action)
            .finish_non_exhaustive()
    }
}

impl<'a> Call<'a> {
    /// How it is sent: as asked, or as the action is documented.
    fn method(&self) -> Method {
        match self.method {
            Some(method) => method,
            None if catalogue::is_post(self.action) => Method::Post,
            None => Method::Get,
        }
    }

    /// Reads a call as `pkg/request.js` writes it: action, zone, req_id, method, seconds to
    /// `expires` (each but the first may be null), then the map of parameters.
    pub fn read(bytes: &'a [u8], unix_seconds: i64) -> Result<Call<'a>, Error> {
        Call::written(bytes, unix_seconds).ok_or_else(tree::damaged)
    }

    fn written(bytes: &'a [u8], unix_seconds: i64) -> Option<Call<'a>> {
        let mut reader = tree::Reader::new(bytes);
        Some(Call {
            action: reader.optional_text()??,
            zone: reader.optional_text()?,
            request_id: reader.optional_text()?,
            method: match reader.optional_text()? {
                None => None,
                Some("GET") => Some(Method::Get),
                Some("POST") => Some(Method::Post),
                Some(_) => return None,
            },
            expires_in_seconds: reader.optional_number()?,
            tree: reader.rest(),
            unix_seconds,
        })
    }
}

/// Signs calls with one key for one endpoint.
///
/// ```
/// use qingcloud_wasm::sign::{Call, Params, Scratch, Settings, Signer};
///
/// let mut signer = Signer::new(
///     Settings { access_key_id: "QYACCESSKEYIDEXAMPLE".into(), ..Settings::default() },
///     b"SECRETACCESSKEY".to_vec(),
/// )?;
/// let mut params = Params::new();
/// params
///     .number("count", 1)
///     .text("image_id", "centos64x86a")
///     .text("instance_name", "demo")
///     .text("instance_type", "small_b")
///     .text("login_mode", "passwd")
///     .text("login_passwd", "QingCloud20130712")
///     .texts("vxnets", &["vxnet-0"]);
/// let mut scratch = Scratch::default();
/// let signed = signer.sign(
///     &Call {
///         action: "RunInstances",
///         tree: &params.tree(),
///         method: None,
///         zone: Some("pek3a"),
///         request_id: None,
///         unix_seconds: 1_377_613_810,
///         expires_in_seconds: None,
///     },
///     &mut scratch,
/// )?;
/// assert!(signed.url().ends_with("&signature=byjccvWIvAftaq%2BoublemagH3bYAlDWxxLFAzAsyslw%3D"));
/// # Ok::<(), qingcloud_wasm::sign::Error>(())
/// ```
pub struct Signer {
    settings: Settings,
    endpoint: Endpoint,
    key: Key,
    plans: Plans,
}

impl core::fmt::Debug for Signer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Signer")
            .field("access_key_id", &self.settings.access_key_id)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

impl Signer {
    /// Keys the secret and wipes it; it is not kept.
    ///
    /// # Errors
    /// An empty id, an empty secret, a signature version other than 1 or 2.
    pub fn new(mut settings: Settings, secret: Vec<u8>) -> Result<Signer, Error> {
        let has_secret = !secret.is_empty();
        // First, for this wipes the secret, whatever way this function ends.
        let key = Key::new(settings.signature_method, secret);
        if settings.access_key_id.is_empty() {
            return Err(Error::options(&[
                "\"accessKeyId\" is empty; give the id of an access key",
            ]));
        }
        if !has_secret {
            return Err(Error::options(&[
                "\"secretAccessKey\" is empty; give the secret of the access key",
            ]));
        }
        if !matches!(settings.signature_version, None | Some(1 | 2)) {
            return Err(Error::options(&["\"signatureVersion\" must be 1 or 2"]));
        }
        let mut endpoint = match settings.endpoint.take() {
            Some(endpoint) => endpoint,
            None => Endpoint::parse(DEFAULT_ENDPOINT, false)?,
        };
        if settings.token.is_some() {
            endpoint = endpoint.for_token();
        }
        Ok(Signer {
            key,
            endpoint,
            settings,
            plans: Plans::default(),
        })
    }

    /// The address that requests go to, without a query.
    pub fn url(&self) -> &str {
        self.endpoint.url()
    }

    /// The endpoint that requests go to, with `iam` where there is a token.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The token that its requests carry, which is as good as a key.
    pub fn token(&self) -> Option<&str> {
        self.settings.token.as_deref()
    }

    /// Whether the other one makes the same signatures.
    fn is_same(&self, other: &Signer) -> bool {
        let probe = |signer: &Signer| signer.key.mac(b"");
        self.settings == other.settings
            && self.endpoint == other.endpoint
            && probe(self).text() == probe(other).text()
    }

    /// Signs `call`, using `scratch` as memory.
    ///
    /// The signer remembers what calls of one shape have in common, so it is the quicker the more
    /// often it is used.
    ///
    /// # Errors
    /// [`Kind::Parameters`]: a reserved or doubled name, a value that its encoding cannot carry, a
    /// time outside the years 0 to 9999.
    pub fn sign<'a>(
        &'a mut self,
        call: &Call,
        scratch: &'a mut Scratch,
    ) -> Result<Signed<'a>, Error> {
        let Scratch {
            shape,
            out,
            made,
            mac,
        } = scratch;
        let call = &Call {
            expires_in_seconds: call.expires_in_seconds.or(self.settings.expires_in_seconds),
            ..*call
        };
        shape.read(call)?;
        let mut new = None;
        let plan = match self.plans.find(shape) {
            Some(plan) => plan,
            None => new.insert(Plan::new(self, call, shape)?),
        };
        let method = plan.method();
        let start = plan.start();
        out.clear();
        *mac = plan.fill(call, shape, out, made)?;
        if let Some(plan) = new {
            self.plans.keep(plan);
        }
        let end = out.len();
        out.push(b"&signature=");
        encode::encode(out, mac.text());
        Ok(Signed {
            method,
            endpoint: &self.endpoint,
            text: out.bytes(),
            canonical: start..end,
            signature: mac.text(),
        })
    }

    fn add_public<'a>(&'a self, call: &'a Call, entries: &mut Entries<'a>) {
        let settings = &self.settings;
        let fixed = |text: &'a str| Some(Value::Fixed(text.as_bytes()));
        let token = settings.token.as_deref().and_then(fixed);
        let is_second = match settings.signature_version {
            None => token.is_some(),
            Some(version) => version == 2,
        };
        let zone = call.zone.or(settings.zone.as_deref());
        entries.add_public([
            fixed(&settings.access_key_id),
            fixed(catalogue::wire_action(call.action)),
            // Comes last, by itself.
            None,
            fixed(settings.signature_method.name()),
            fixed(if is_second { "2" } else { "1" }),
            token,
            call.expires_in_seconds
                .map(|_| Value::From(Source::Expires)),
            call.request_id.map(|_| Value::From(Source::RequestId)),
            Some(Value::From(Source::TimeStamp)),
            fixed("1"),
            zone.and_then(fixed),
        ]);
    }
}

/// Memory that one signature after another uses. What the last one left is overwritten.
pub struct Scratch {
    shape: Shape,
    out: Buffer,
    made: Made,
    mac: Mac,
}

impl Default for Scratch {
    fn default() -> Scratch {
        Scratch::new()
    }
}

impl Scratch {
    /// Memory that has not been used yet.
    pub const fn new() -> Scratch {
        Scratch {
            shape: Shape::new(),
            out: Buffer::new(),
            made: Made::new(),
            mac: Mac::NONE,
        }
    }

    /// The bytes of the last [`Signed::text`].
    pub fn out(&self) -> &[u8] {
        self.out.bytes()
    }
}

/// A signed request and the steps that led to it.
#[derive(Clone)]
pub struct Signed<'a> {
    method: Method,
    endpoint: &'a Endpoint,
    text: &'a [u8],
    canonical: core::ops::Range<usize>,
    signature: &'a [u8],
}

impl<'a> Signed<'a> {
    /// How to send it.
    pub fn method(&self) -> Method {
        self.method
    }

    /// The whole URL for GET, the body for POST.
    pub fn text(&self) -> &'a str {
        ascii(self.text)
    }

    /// Bytes of [`Signed::text`].
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Where to send it: for GET with the signed query, for POST without one.
    pub fn url(&self) -> &'a str {
        match self.method {
            Method::Get => self.text(),
            Method::Post => self.endpoint.url(),
        }
    }

    /// The form body of a POST.
    pub fn body(&self) -> Option<&'a str> {
        (self.method == Method::Post).then(|| self.text())
    }

    /// Names and values, encoded and sorted, without the signature.
    pub fn canonical_query(&self) -> &'a str {
        ascii(&self.text[self.canonical.clone()])
    }

    /// Method, path and canonical query, a line each: the bytes that were signed.
    pub fn string_to_sign(&self) -> String {
        let head = head(self.method, self.endpoint);
        [&head[..], &[self.canonical_query()]].concat().concat()
    }

    /// The base64 of the MAC, not yet percent-encoded.
    pub fn signature(&self) -> String {
        ascii(self.signature).into()
    }
}

/// The first two lines of the string to sign.
fn head(method: Method, endpoint: &Endpoint) -> [&str; 4] {
    [method.name(), "\n", endpoint.path(), "\n"]
}

/// Percent-encoding leaves ASCII only, and so are base64 and the URL in front.
fn ascii(text: &[u8]) -> &str {
    core::str::from_utf8(text).unwrap_or_default()
}

impl core::fmt::Debug for Signed<'_> {
    // A signed request is as good as a key until it lapses.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Signed").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

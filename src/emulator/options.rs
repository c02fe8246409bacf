//! How an emulator is set up: keys, zones, speed, faults, and a switch for what only an account could tell.

use super::option_words::worded;
use crate::emulator::names::*;
use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::faults::FaultRule;
use super::state::quotas::COUNTED;

/// One access key the emulator knows.
///
/// `Debug` is not derived: the secret must not be printed.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessKey {
    /// What the key is called.
    pub access_key_id: String,
    /// What it signs with.
    pub secret_access_key: String,
    /// The user the key belongs to; without it, the owner of the account.
    #[serde(default)]
    pub user_id: Option<String>,
    /// `AddProjectMember` finds the user of a key by this address.
    #[serde(default)]
    pub email: Option<String>,
    /// Makes this a key of IAM: requests go to `/iam/` and must carry this `token`.
    #[serde(default)]
    pub token: Option<String>,
}

/// Which required parameters are insisted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Require {
    /// Those that a page, or two sources, call required.
    Documented,
    /// Those that any source calls required.
    All,
}

/// What an `action` rule of a role does with the actions it lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActionRules {
    /// It forbids them, whatever other rules allow.
    Forbid,
    /// It allows them.
    Allow,
}

/// What becomes of a `limit` above 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OverLimit {
    /// 100 items come.
    Clamp,
    /// It is refused with 1100.
    Refuse,
}

/// What a list says of an id that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnknownIds {
    /// Nothing.
    Empty,
    /// It is refused with 2100.
    Refuse,
}

/// The options of the JavaScript constructor, `now` aside.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Options {
    /// Empty: one key, made from the seed. Who gives the option gives one at least.
    #[serde(deserialize_with = "some")]
    pub access_keys: Vec<AccessKey>,
    /// Empty: every zone of the catalogue. Who gives the option gives one at least.
    #[serde(deserialize_with = "some")]
    pub zones: Vec<String>,
    /// The same seed gives the same keys, ids and chances.
    pub seed: u64,
    /// How long a job takes on the emulated clock.
    pub job_duration_ms: u32,
    /// What goes wrong, and when.
    pub faults: Vec<FaultRule>,
    /// Calls a key may make in an hour of the clock; the service's own figure is 2,000.
    pub quota_per_hour: Option<u32>,
    /// How many resources of a type a zone may hold, by `resource_type`.
    #[serde(deserialize_with = "counted")]
    pub quotas: BTreeMap<String, u32>,
    /// How many of the last requests are kept for reading.
    pub request_log: u32,

    /// A GET must be sent in the very form that is signed: sorted, RFC 3986, `signature` aside.
    pub strict_query: bool,
    /// How far `time_stamp` may be from now. Pages say 60, one says 30.
    pub time_window_seconds: u32,
    /// `version` must be sent. The Go SDK does without.
    pub require_version: bool,
    /// `zone` must be sent where the catalogue has it.
    pub require_zone: bool,
    /// Which parameters must be sent.
    pub require: Require,
    /// A value outside the documented ones is refused.
    pub strict_enums: bool,
    /// A list must come in the encoding that is documented for it.
    pub strict_lists: bool,
    /// What a role's rule of policy `action` does. The page only calls its actions "controlled".
    pub action_rules: ActionRules,
    /// What becomes of a `limit` above 100.
    pub over_limit: OverLimit,
    /// What a list says of an id that does not exist.
    pub unknown_ids: UnknownIds,
    /// Lists begin with the newest item when neither `sort_key` nor `reverse` is given.
    pub newest_first: bool,
    /// Lists without a `status` filter show what is in the recycle bin and what has ceased.
    pub list_gone: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            access_keys: Vec::new(),
            zones: Vec::new(),
            seed: 1,
            job_duration_ms: 1000,
            faults: Vec::new(),
            quota_per_hour: None,
            quotas: BTreeMap::new(),
            request_log: 1000,
            strict_query: true,
            time_window_seconds: 60,
            require_version: false,
            require_zone: true,
            require: Require::Documented,
            strict_enums: false,
            strict_lists: true,
            action_rules: ActionRules::Forbid,
            over_limit: OverLimit::Clamp,
            unknown_ids: UnknownIds::Empty,
            newest_first: true,
            list_gone: true,
        }
    }
}

impl Options {
    /// Reads the options from JSON text; an error is one sentence that names the option.
    pub fn read(json: &str) -> Result<Options, String> {
        // A list would be taken for the options in the order in which they stand here.
        if !json.trim_start().starts_with('{') {
            return Err("Emulator options: they must be an object".into());
        }
        let options: Options = serde_json::from_str(json).map_err(|error| {
            format!(
                "Emulator options: {}",
                wrong_option(json).unwrap_or_else(|| error.to_string())
            )
        })?;
        for key in &options.access_keys {
            if key.access_key_id.is_empty() || key.secret_access_key.is_empty() {
                return Err("Emulator options: an entry of accessKeys has an empty accessKeyId or secretAccessKey".into());
            }
        }
        if options.zones.iter().any(String::is_empty) {
            return Err("Emulator options: an entry of zones is empty".into());
        }
        for rule in &options.faults {
            rule.check()?;
        }
        Ok(options)
    }
}

/// A list that is there is not empty: nobody means a service without keys or zones.
fn some<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    let list = Vec::deserialize(from)?;
    if list.is_empty() {
        return Err(D::Error::custom(
            "it is empty; name one at least, or leave it out",
        ));
    }
    Ok(list)
}

/// Only what is counted has a quota.
fn counted<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, u32>, D::Error> {
    let quotas = BTreeMap::<String, u32>::deserialize(from)?;
    let stranger = quotas.keys().find(|name| !COUNTED.contains(&name.as_str()));
    match stranger {
        Some(name) => Err(D::Error::unknown_field(name, &COUNTED)),
        None => Ok(quotas),
    }
}

/// The option that cannot be read, with why: alone, each one tells its own error.
fn wrong_option(json: &str) -> Option<String> {
    let options: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).ok()?;
    options.into_iter().find_map(|(name, value)| {
        let alone = serde_json::json!({ name.as_str(): value });
        let error = serde_json::from_value::<Options>(alone).err()?.to_string();
        let words = worded(&error);
        // What is wrong may be the name itself. One of the options never comes here: JavaScript keeps the clock.
        if error.starts_with(&format!("unknown field `{name}`")) {
            return Some(format!("{}, now", words.trim_start_matches(": ")));
        }
        Some(format!("{name}{words}"))
    })
}

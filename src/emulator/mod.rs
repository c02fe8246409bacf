//! QingCloud on the desk: `(request, time) → response`, strict, and able to say why.
//!
//! No sockets, no clock of its own, no randomness but that of the seed. In the order of a request's way:
//!
//! * [`request`]: bytes → method, path, raw pairs. No URL parser.
//! * [`check`]: form, key, signature, time; [`shape`]: parameters against the catalogue ([`plan`]).
//! * [`state`]: what exists, and the actions on it; [`query`]: what all lists share; [`stateless`]: the
//!   other actions, answered in their documented shape.
//! * [`json`], [`refusal`], [`response`]: what goes back; [`faults`]: what goes wrong on purpose.
//! * `wasm`: the face towards JavaScript, and the only place that knows of it.
//! * [`log`], [`redact`]: what came, without its secrets; [`snapshot`]: everything as JSON and back.
//! * [`doctor`]: which mistake explains a signature that does not fit.

use std::collections::HashMap;

mod call;
mod check;
mod doctor;
mod faults;
mod ids;
mod json;
mod log;
mod names;
mod option_words;
mod options;
mod params;
mod plan;
mod query;
mod redact;
mod refusal;
mod request;
mod response;
mod shape;
mod snapshot;
mod state;
mod stateless;
#[cfg(test)]
mod tests;
mod wasm;

pub use doctor::{Code, Diagnosis, Evidence, Mistake, Subject, diagnose};
pub use faults::{Fault, FaultRule};
pub use options::{AccessKey, ActionRules, Options, OverLimit, Require, UnknownIds};
pub use request::Incoming;
pub use response::{Delivery, Effect, Response};

use call::{Call, User};
use check::LoadedKey;
use faults::Faults;
use ids::Ids;
use json::Json;
use log::Log;
use names::*;
use plan::Plans;
use refusal::Refusal;
use request::Request;
use response::SOURCE;
use state::{State, permissions, zones};

/// The last millisecond of the year 9999: what a time stamp can still say.
const LAST_MS: i64 = 253_402_300_799_999;
const HOUR_MS: i64 = 60 * 60 * 1000;

/// An emulated account.
///
/// # Examples
///
/// ```
/// use qingcloud_wasm::emulator::{Emulator, Incoming, Options};
///
/// let mut emulator = Emulator::new(Options::default());
/// let request = Incoming { method: "GET", url: b"/iaas/?action=DescribeZones", body: b"" };
/// let response = emulator.handle(request, 1_700_000_000_000);
/// assert!(response.body.contains("missing parameter [access_key_id]"));
/// ```
pub struct Emulator {
    options: Options,
    zones: Vec<String>,
    keys: Vec<LoadedKey>,
    state: State,
    plans: Plans,
    faults: Faults,
    log: Log,
    /// How much later it is here than on the caller's clock.
    advanced_ms: i64,
    /// Calls by key: since when, how many.
    calls: HashMap<String, (i64, u32)>,
}

impl Emulator {
    /// An account where nothing has happened yet.
    pub fn new(mut options: Options) -> Emulator {
        let (ids, root, own_key) = begin(options.seed);
        if options.access_keys.is_empty() {
            options.access_keys.push(own_key);
        }
        let keys = options
            .access_keys
            .iter()
            .cloned()
            .map(LoadedKey::new)
            .collect();
        Emulator {
            zones: zones::known(&options),
            keys,
            state: State::new(ids, &root),
            plans: Plans::default(),
            faults: Faults::new(options.faults.clone(), options.seed),
            log: Log::new(options.request_log),
            advanced_ms: 0,
            calls: HashMap::new(),
            options,
        }
    }

    /// The first key of the options, or the one made from the seed: id and secret.
    pub fn first_key(&self) -> (&str, &str) {
        self.options
            .access_keys
            .first()
            .map_or(("", ""), |key| (&key.access_key_id, &key.secret_access_key))
    }

    /// Moves the emulated clock; jobs whose time has come end.
    pub fn advance(&mut self, milliseconds: i64) {
        self.advanced_ms = self
            .advanced_ms
            .saturating_add(milliseconds)
            .clamp(-LAST_MS, LAST_MS);
    }

    /// Back to the beginning: same keys, same ids again.
    pub fn reset(&mut self) {
        *self = Emulator::new(self.options.clone());
    }

    /// What came, as JSON text of a list, secrets masked.
    pub fn requests(&self) -> String {
        self.log.show(&self.options.access_keys)
    }

    /// Answers one request. `now_ms` is the caller's clock, in milliseconds since 1970.
    pub fn handle(&mut self, incoming: Incoming, now_ms: i64) -> Response {
        let request = Request::split(incoming);
        let now_ms = now_ms.saturating_add(self.advanced_ms).clamp(0, LAST_MS);
        self.state.settle(now_ms);

        let fault = if self.faults.is_empty() {
            None
        } else {
            let peek = |name| request.peek(name).unwrap_or_default();
            self.faults.strike(&peek("action"), &peek("zone"))
        };
        // A clock that is wrong is wrong for the check and in the `Date`; what happens, happens in time.
        let shown_ms = fault.as_ref().map_or(now_ms, |fault| {
            now_ms.saturating_add(fault.skew_ms).clamp(0, LAST_MS)
        });

        self.state.next_verdict = fault.as_ref().map(Fault::verdict).unwrap_or_default();
        let outcome = self.answer(&request, now_ms, shown_ms, fault.as_ref());
        let (source, body, ret_code) = match outcome {
            Ok((source, body)) => (source, body, 0),
            Err(refusal) => ("refused", refusal_text(&refusal), refusal.code),
        };
        let status = if check::api(request.path).is_some() {
            200
        } else {
            404
        };
        let mut response = Response {
            status,
            headers: Vec::from([
                (
                    "content-type".into(),
                    "application/json; charset=utf-8".into(),
                ),
                ("date".into(), response::http_date(shown_ms).into()),
                (SOURCE.into(), source.into()),
            ]),
            body,
            effect: Effect::default(),
        };
        let mut shown_code = Some(ret_code);
        if let Some(fault) = fault {
            shown_code = befall(&mut response, &fault, ret_code);
        }
        self.log.add(&request, now_ms, response.status, shown_code);
        response
    }

    /// Checks the request and carries it out; gives where the answer came from, and its body.
    fn answer(
        &mut self,
        request: &Request,
        now_ms: i64,
        shown_ms: i64,
        fault: Option<&Fault>,
    ) -> Result<(&'static str, String), Refusal> {
        let (params, loaded) = check::protocol(
            request,
            &self.keys,
            &self.state.deleted_keys,
            &self.options,
            shown_ms,
        )?;
        count_call(&mut self.calls, &self.options, &loaded.key, now_ms)?;
        if let Some(fault) = fault
            && !fault.is_carried_out()
        {
            return Err(fault_refusal(fault));
        }
        let name = params.required("action")?;
        let Some(plan) = self.plans.get(name) else {
            return Err(Refusal::denied(format!(
                "can't handle this request: action [{}] is not known",
                name.chars().take(100).collect::<String>()
            )));
        };
        let zone = self.zone(params.text("zone"), plan.takes_zone, plan.needs_zone)?;
        shape::check(&plan, &params, &self.options)?;
        let user = self.user(&loaded.key, plan.name, params.text("project_id"))?;
        let root = self.state.root.clone();
        let call = Call {
            action: plan.name,
            params: &params,
            user: &user,
            root: &root,
            zone: &zone,
            now_ms,
            options: &self.options,
        };

        let mut out = Json::open();
        out.text("action", &format!("{}Response", plan.name));
        let source = match plan.handler {
            Some(handler) => {
                handler(&mut self.state, &call, &mut out)?;
                "state"
            }
            None if stateless::answer(&mut self.state, &call, &mut out)? => "stateless",
            None => "stateless; shape unknown",
        };
        out.number("ret_code", 0);
        // What takes no time is done before the next request looks.
        self.state.settle(now_ms);
        if let Some(fault) = fault
            && (fault.ret_code.is_some() || fault.quota)
        {
            return Err(fault_refusal(fault));
        }
        Ok((source, out.close()))
    }

    fn zone(
        &self,
        given: Option<&str>,
        takes_zone: bool,
        needs_zone: bool,
    ) -> Result<String, Refusal> {
        match given.filter(|zone| !zone.is_empty()) {
            _ if !takes_zone => Ok(String::new()),
            Some(zone) if self.zones.iter().any(|known| known == zone) => Ok(zone.to_owned()),
            Some(zone) => Err(Refusal::denied(format!(
                "access denied for zone [{}]",
                zone.chars().take(100).collect::<String>()
            ))),
            None if needs_zone && self.options.require_zone => {
                Err(Refusal::format("missing parameter [zone]"))
            }
            // Where the service would put things then, only an account could tell: the first zone there is.
            None if needs_zone => Ok(self.zones.first().cloned().unwrap_or_default()),
            None => Ok(String::new()),
        }
    }

    /// Who calls, if he may.
    fn user(&self, key: &AccessKey, action: &str, project: Option<&str>) -> Result<User, Refusal> {
        let id = key.user_id.as_deref().unwrap_or(&self.state.root);
        let project = project.filter(|project| !project.is_empty() && !project.starts_with('['));
        if id == self.state.root {
            return Ok(User {
                id: id.to_owned(),
                is_root: true,
                projects: Vec::new(),
            });
        }
        let memberships = self
            .state
            .members
            .items()
            .iter()
            .filter(|member| member.user == id)
            .map(|member| &member.head.project);
        let projects: Vec<String> = memberships
            .filter(|mine| project.is_none_or(|project| project == *mine))
            .cloned()
            .collect();
        permissions::check(
            &self.state,
            id,
            &projects,
            action,
            self.options.action_rules,
        )?;
        Ok(User {
            id: id.to_owned(),
            is_root: false,
            projects,
        })
    }
}

/// What a seed begins with: the generator of ids, the account's owner, a key for him.
fn begin(seed: u64) -> (Ids, String, AccessKey) {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const ALL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut ids = Ids::new(seed);
    let root = format!("usr-{}", ids.text(ALL, 8));
    let key = AccessKey {
        access_key_id: format!("QY{}", ids.text(LETTERS, 18)),
        secret_access_key: ids.text(ALL, 40),
        user_id: None,
        email: None,
        token: None,
    };
    (ids, root, key)
}

fn count_call(
    calls: &mut HashMap<String, (i64, u32)>,
    options: &Options,
    key: &AccessKey,
    now_ms: i64,
) -> Result<(), Refusal> {
    let Some(quota) = options.quota_per_hour else {
        return Ok(());
    };
    if !calls.contains_key(&key.access_key_id) {
        calls.insert(key.access_key_id.clone(), (now_ms, 0));
    }
    let Some((since_ms, count)) = calls.get_mut(&key.access_key_id) else {
        return Ok(());
    };
    if now_ms - *since_ms >= HOUR_MS {
        (*since_ms, *count) = (now_ms, 0);
    }
    if *count >= quota {
        return Err(hourly_quota(quota));
    }
    *count += 1;
    Ok(())
}

fn hourly_quota(quota: u32) -> Refusal {
    Refusal::quota(format!(
        "access too frequently, more than [{quota}] requests in an hour, your requests will be rejected for a period of time"
    ))
}

fn refusal_text(refusal: &Refusal) -> String {
    let mut out = Json::open();
    out.text("message", &refusal.message);
    out.number("ret_code", refusal.code);
    if let Some(text) = &refusal.string_to_sign {
        out.text("string_to_sign", text);
    }
    out.close()
}

/// What is said when a fault turns a call away, or hides that it was carried out.
fn fault_refusal(fault: &Fault) -> Refusal {
    if fault.quota {
        return hourly_quota(2000);
    }
    let code = fault.ret_code.unwrap_or(5000);
    let cause = crate::catalogue::return_code(code).map_or("unknown error", |known| known.name);
    Refusal {
        code,
        message: fault.message.clone().unwrap_or_else(|| cause.to_owned()),
        string_to_sign: None,
    }
}

/// Lets a fault befall an answer; gives the `ret_code` that is still seen in it, if any.
fn befall(response: &mut Response, fault: &Fault, ret_code: i64) -> Option<i64> {
    let mut seen = Some(ret_code);
    let mut content = None;
    if let Some(status) = fault.http_status {
        response.status = status;
        response.body = fault.body.clone().unwrap_or_default();
        content = Some("text/plain; charset=utf-8");
        seen = None;
    }
    if fault.html {
        response.body = "<!DOCTYPE html><html><head><title>Service unavailable</title></head><body><h1>Service unavailable</h1></body></html>".to_owned();
        content = Some("text/html; charset=utf-8");
        seen = None;
    }
    if let Some(content) = content {
        response.headers.retain(|(name, _)| name != "content-type");
        response
            .headers
            .push(("content-type".into(), content.into()));
    }
    for (name, value) in &fault.headers {
        response
            .headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        response
            .headers
            .push((name.to_ascii_lowercase().into(), value.clone().into()));
    }
    response.effect.delay_ms = fault.delay_ms;
    response.effect.delivery = match fault {
        Fault { hang: true, .. } => Delivery::Hang,
        Fault { lost: true, .. } => Delivery::Lost,
        Fault { cut: true, .. } => Delivery::Cut,
        _ => Delivery::Whole,
    };
    if matches!(response.effect.delivery, Delivery::Hang | Delivery::Lost) {
        None
    } else {
        seen
    }
}

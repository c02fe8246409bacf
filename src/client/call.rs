//! One call, from parameters to answer: gate, quota, signature, exchange, decision, again.

use super::Shared;
use super::call_options::CallOptions;
use super::drift;
use super::effects::{parse_http_date, random, steady_ms, wall_clock_ms};
use super::error::Failure;
use super::events::{Event, tell};
use super::options::is_page;
use super::prepare::prepare;
use super::remote::{self, Said};
use super::source::{RemoteMode, Source};
use super::stops::{Stop, Stops, closed};
use super::transport::{Broken, Exchange, Reply};
use super::wire::Unready;
use crate::api::{
    self, Circumstances, Decision, Error, ErrorKind, Fault, Outcome, Reason, Situation, clock,
};
use crate::catalogue::{self, Class};
use crate::sign::{Call, Method, time};
use std::format;
use std::rc::Rc;
use std::string::String;
use wasm_bindgen::JsValue;

/// A longer URL goes as a POST: servers and proxies cut it.
const LONGEST_URL: usize = 8 * 1024;

/// How long after its deadline a changing call's signature lapses.
const LAPSES_AFTER_DEADLINE_MS: f64 = 5_000.0;

/// Makes the call that is written in `written`, and gives the answer untouched.
pub(super) async fn run(
    shared: &Rc<Shared>,
    written: &[u8],
    options: &CallOptions,
) -> Result<JsValue, Failure> {
    let call = shared.settings.complete(Call::read(written, 0)?);
    let presence = shared.pending.enter().ok_or_else(|| closed(call.action))?;
    if let Some(abort) = options.abort.as_ref().filter(|abort| abort.is_aborted()) {
        return Err(Failure::Thrown(abort.reason()));
    }
    let class = catalogue::class_of(call.action);
    // Whoever signs elsewhere may know the zone.
    let elsewhere = matches!(shared.source, Source::Function(_) | Source::Remote(_));
    shared.settings.check_sending(&Call {
        zone: call.zone.or(elsewhere.then_some("")),
        ..call
    })?;
    let own_id;
    let request_id = match call.request_id {
        Some(request_id) => request_id,
        None => {
            own_id = new_request_id();
            &own_id
        }
    };
    let mut under_way = UnderWay {
        shared,
        call: Call {
            request_id: Some(request_id),
            ..call
        },
        request_id,
        class,
        options,
        stops: Stops {
            presence,
            abort: options.abort.as_ref(),
        },
        started_ms: steady_ms(),
        attempts: 0,
        retries: 0,
        has_mended_clock: false,
        is_in_doubt: false,
        stamp: Stamp::default(),
    };
    under_way.run().await
}

fn new_request_id() -> String {
    (0..4)
        .map(|_| format!("{:08x}", (random() * 4_294_967_296.0) as u32))
        .collect()
}

/// When the last request was signed; all in ms since 1970.
#[derive(Clone, Copy, Default)]
struct Stamp {
    /// What stands in it.
    stamp_ms: f64,
    /// Our clock at that moment.
    now_ms: f64,
    /// When it lapses, by our clock; `None` where the caller set `expires`.
    lapses_ms: Option<f64>,
}

/// A call under way.
struct UnderWay<'a> {
    shared: &'a Rc<Shared>,
    call: Call<'a>,
    request_id: &'a str,
    class: Class,
    options: &'a CallOptions,
    stops: Stops<'a>,
    started_ms: f64,
    attempts: u32,
    retries: u32,
    has_mended_clock: bool,
    /// Whether an earlier attempt may have been carried out.
    is_in_doubt: bool,
    stamp: Stamp,
}

/// How an attempt failed, and the JavaScript values that go with it.
struct Trouble {
    fault: Fault,
    reason: Option<Reason>,
    problem: &'static str,
    message: Option<String>,
    retry_after_ms: Option<f64>,
    skew_ms: Option<f64>,
    response: JsValue,
    cause: JsValue,
}

impl<'a> UnderWay<'a> {
    async fn run(&mut self) -> Result<JsValue, Failure> {
        loop {
            self.wait_for_quota().await?;
            let trouble = match self.attempt().await? {
                Ok(answer) => {
                    self.shared.budget.borrow_mut().succeed(self.retries);
                    return Ok(answer);
                }
                Err(trouble) => trouble,
            };
            match self.decide(&trouble) {
                Decision::GiveUp { outcome, retryable } => {
                    let outcome = if self.is_in_doubt {
                        Outcome::Unknown
                    } else {
                        outcome
                    };
                    return Err(self.failure(trouble, outcome, retryable));
                }
                Decision::MendClock => {
                    self.has_mended_clock = true;
                    self.tell_retry(0.0);
                }
                Decision::Retry { after_ms, outcome } => {
                    self.retries += 1;
                    self.is_in_doubt |= outcome == Outcome::Unknown;
                    self.tell_retry(after_ms);
                    self.pause(after_ms).await?;
                }
            }
        }
    }

    /// One request and its reply.
    async fn attempt(&mut self) -> Result<Result<JsValue, Trouble>, Failure> {
        let shared = self.shared;
        let place = shared.gate.enter();
        if !place.is_mine() {
            let had = self
                .stops
                .within(
                    self.remaining_ms(),
                    core::future::poll_fn(|context| place.poll(context)),
                )
                .await;
            had.map_err(|stop| self.stopped_before_sending(stop, self.options.deadline_ms))?;
        }
        let call = self.stamped()?;
        let limit_ms = self.remaining_ms().min(self.options.timeout_ms);
        let mut exchange = Exchange::new();
        let sent_ms = steady_ms();
        let mut is_sent = false;
        let work = async {
            let mut request = prepare(self.shared, &call).await?;
            let is_undocumented_post = request.method == Method::Get
                && call.method.is_none()
                && request.url.len() > LONGEST_URL;
            if is_undocumented_post {
                let method = Some(Method::Post);
                request = prepare(self.shared, &Call { method, ..call }).await?;
            }
            is_sent = true;
            self.tell_request(request.method, is_undocumented_post);
            let fetch = self.shared.settings.fetch.as_ref();
            Ok::<_, Unready>(exchange.run(fetch, &request).await)
        };
        let exchanged = self.stops.within(limit_ms, work).await;
        if is_sent {
            self.attempts += 1;
        }
        match exchanged {
            Ok(Ok(Ok(reply))) => {
                self.tell_response(Some(&reply), sent_ms);
                Ok(self.judge(reply)?)
            }
            Ok(Ok(Err(broken))) => {
                self.tell_response(None, sent_ms);
                Ok(Err(Trouble::broken(broken)))
            }
            Ok(Err(Unready::Failed(failure))) => Err(failure),
            Ok(Err(Unready::Unreached(cause))) => {
                // Nothing went to the service, but the signing server was asked.
                self.attempts += u32::from(!is_sent);
                Ok(Err(Trouble {
                    cause,
                    ..Trouble::of(Fault::Unreached)
                }))
            }
            Err(Stop::TimeIsUp) if is_sent => {
                self.tell_response(None, sent_ms);
                Ok(Err(Trouble::of(Fault::TimedOut)))
            }
            Err(Stop::Closed) if is_sent => Err(self.closed_in_flight()),
            Err(stop) => {
                let limit_ms = self.options.timeout_ms.min(self.options.deadline_ms);
                Err(self.stopped_before_sending(stop, limit_ms))
            }
        }
    }

    /// The call with the moment's time stamp; a changing one lapses soon after its deadline, so
    /// that a lost request cannot be carried out long after the caller was told.
    fn stamped(&mut self) -> Result<Call<'a>, Failure> {
        let now_ms = self.shared.now_ms()?;
        let stamp_ms = now_ms + self.shared.clock_offset_ms.get();
        let stamp_seconds = (stamp_ms / 1000.0).floor();
        let mut call = self.call;
        call.unix_seconds = stamp_seconds as i64;
        if self.class != Class::Read && call.expires_in_seconds.is_none() {
            let seconds = (self.remaining_ms() + LAPSES_AFTER_DEADLINE_MS) / 1000.0;
            call.expires_in_seconds = Some(seconds.ceil().max(1.0) as u32);
        }
        let lapses_ms = match api::texts(call.tree, "expires").first() {
            Some(own) => time::parse(own.as_bytes()).map(|seconds| seconds as f64 * 1000.0),
            None => {
                Some((stamp_seconds + f64::from(call.expires_in_seconds.unwrap_or(60))) * 1000.0)
            }
        };
        self.stamp = Stamp {
            stamp_ms: stamp_seconds * 1000.0,
            now_ms,
            lapses_ms: lapses_ms.map(|ms| ms - self.shared.clock_offset_ms.get()),
        };
        Ok(call)
    }

    /// What the reply means.
    fn judge(&mut self, reply: Reply) -> Result<Result<JsValue, Trouble>, Failure> {
        if let Source::Remote(remote) = &self.shared.source
            && remote.mode == RemoteMode::Proxy
        {
            return match remote::said(&reply, "answer") {
                Said::Content(answer) => Ok(Ok(answer)),
                Said::Error(failure) => Err(failure),
                Said::Nothing => Ok(Err(Trouble {
                    problem: remote::PROBLEM,
                    retry_after_ms: retry_after_ms(&reply),
                    ..Trouble::of(remote::fault(&reply))
                })),
            };
        }
        let body = reply.body();
        let seen = api::Reply {
            status: reply.status,
            body,
        };
        let Some((fault, reason)) = api::fault(&seen) else {
            if let Some(listener) = &self.shared.settings.on_event {
                drift::report(listener, self.call.action, &reply.value);
            }
            return Ok(Ok(reply.value));
        };
        let is_expired = matches!(fault, Fault::Code { ret_code: 1300, .. });
        let skew_ms = if is_expired {
            self.mend_clock(&reply)
        } else {
            None
        };
        let message = match body {
            api::Body::Answer { message, .. } => message.map(String::from),
            _ => None,
        };
        Ok(Err(Trouble {
            reason,
            problem: api::problem(&body),
            message,
            retry_after_ms: retry_after_ms(&reply),
            skew_ms,
            response: reply.value.clone(),
            ..Trouble::of(fault)
        }))
    }

    /// Sets the client's clock by the reply, where this request's own stamp was off.
    fn mend_clock(&self, reply: &Reply) -> Option<f64> {
        if !api::texts(self.call.tree, "time_stamp").is_empty() {
            return None;
        }
        let offset_ms = clock::offset_ms(&clock::Exchange {
            stamp_ms: self.stamp.stamp_ms,
            sent_ms: self.stamp.now_ms,
            received_ms: self.shared.now_ms().ok()?,
            date_ms: reply.date_ms?,
        })?;
        self.shared.clock_offset_ms.set(offset_ms);
        if let Some(listener) = &self.shared.settings.on_event {
            let at = wall_clock_ms();
            tell(listener, &Event::Clock { offset_ms, at });
        }
        Some(offset_ms)
    }

    fn decide(&self, trouble: &Trouble) -> Decision {
        let is_repeatable =
            catalogue::find(self.call.action).is_some_and(|action| action.repeatable());
        let mut budget = self.shared.budget.borrow_mut();
        let decision = api::decide(
            trouble.fault,
            &Situation {
                class: self.class,
                is_repeatable,
                is_idempotent: self.options.is_idempotent,
                attempts: self.attempts,
                max_attempts: self.options.max_attempts,
                remaining_ms: self.remaining_ms(),
                retry_after_ms: trouble.retry_after_ms,
                has_budget: budget.has_enough(),
                can_mend_clock: trouble.skew_ms.is_some() && !self.has_mended_clock,
                random: random(),
            },
        );
        if matches!(decision, Decision::Retry { .. }) {
            budget.spend();
        }
        decision
    }

    fn failure(&self, trouble: Trouble, outcome: Outcome, retryable: bool) -> Failure {
        let words = trouble.message.as_deref();
        let words =
            words.filter(|words| !api::repeats_secret(self.call.action, self.call.tree, words));
        let mut error = api::error(&Circumstances {
            action: self.call.action,
            fault: trouble.fault,
            reason: trouble.reason,
            message: words,
            problem: trouble.problem,
            outcome,
            timeout_ms: self.options.timeout_ms.min(self.options.deadline_ms),
            is_page: is_page(),
            skew_ms: trouble.skew_ms,
        });
        error.retryable = retryable;
        self.complete(&mut error);
        Failure::with(error, trouble.response, trouble.cause)
    }

    /// Adds what only a call under way knows.
    fn complete(&self, error: &mut Error) {
        error.action = Some(self.call.action.into());
        error.zone = self.call.zone.map(String::from);
        error.request_id = Some(self.request_id.into());
        error.attempts = self.attempts;
        if self.is_in_doubt {
            error.outcome = Outcome::Unknown;
        }
        if error.outcome == Outcome::Unknown {
            error.safe_after = self.stamp.lapses_ms;
            error.read_back = api::read_back(self.call.action, self.call.tree);
        }
    }

    fn stopped_before_sending(&self, stop: Stop, limit_ms: f64) -> Failure {
        match stop {
            Stop::TimeIsUp => {
                let mut error = Error::new(
                    ErrorKind::Timeout,
                    format!(
                        "{}: no request could be sent within {limit_ms} ms",
                        self.call.action
                    ),
                );
                error.retryable = true;
                self.complete(&mut error);
                error.into()
            }
            Stop::Closed => {
                let mut error = closed(self.call.action);
                self.complete(&mut error);
                error.into()
            }
            stop => stop.ends(self.call.action),
        }
    }

    fn closed_in_flight(&self) -> Failure {
        let mut error = closed(self.call.action);
        if self.class != Class::Read {
            error.outcome = Outcome::Unknown;
        }
        self.complete(&mut error);
        error.into()
    }

    async fn pause(&self, ms: f64) -> Result<(), Failure> {
        let paused = self.stops.pause(ms).await;
        paused.map_err(|stop| self.stopped_before_sending(stop, self.options.deadline_ms))
    }

    async fn wait_for_quota(&self) -> Result<(), Failure> {
        let Some(quota) = &self.shared.quota else {
            return Ok(());
        };
        loop {
            let taken = quota.borrow_mut().take(steady_ms());
            let Err(wait_ms) = taken else {
                return Ok(());
            };
            if let Some(listener) = &self.shared.settings.on_event {
                let event = Event::Quota {
                    action: self.call.action,
                    limit: quota.borrow().limit(),
                    wait_ms,
                    at: wall_clock_ms(),
                };
                tell(listener, &event);
            }
            if wait_ms >= self.remaining_ms() {
                let mut error = Error::new(
                    ErrorKind::Timeout,
                    format!(
                        "{}: the {} calls an hour of this client are used up, and the next is due after the deadline",
                        self.call.action,
                        quota.borrow().limit()
                    ),
                );
                error.reason = Some(Reason::ApiQuota.name());
                error.retryable = true;
                self.complete(&mut error);
                return Err(error.into());
            }
            self.pause(wait_ms).await?;
        }
    }

    fn remaining_ms(&self) -> f64 {
        (self.started_ms + self.options.deadline_ms - steady_ms()).max(0.0)
    }

    fn tell_request(&self, method: Method, undocumented_post: bool) {
        if let Some(listener) = &self.shared.settings.on_event {
            let event = Event::Request {
                action: self.call.action,
                zone: self.call.zone,
                request_id: self.request_id,
                attempt: self.attempts + 1,
                method: method.name(),
                host: match &self.shared.source {
                    Source::Remote(remote) if remote.mode == RemoteMode::Proxy => &remote.host,
                    _ => self.shared.settings.endpoint.host(),
                },
                undocumented_post,
                at: wall_clock_ms(),
            };
            tell(listener, &event);
        }
    }

    fn tell_response(&self, reply: Option<&Reply>, sent_ms: f64) {
        if let Some(listener) = &self.shared.settings.on_event {
            let event = Event::Response {
                action: self.call.action,
                zone: self.call.zone,
                request_id: self.request_id,
                attempt: self.attempts,
                status: reply.map(|reply| reply.status),
                ret_code: reply.and_then(Reply::ret_code),
                duration_ms: steady_ms() - sent_ms,
                at: wall_clock_ms(),
            };
            tell(listener, &event);
        }
    }

    fn tell_retry(&self, after_ms: f64) {
        if let Some(listener) = &self.shared.settings.on_event {
            let event = Event::Retry {
                action: self.call.action,
                zone: self.call.zone,
                request_id: self.request_id,
                attempt: self.attempts,
                after_ms,
                at: wall_clock_ms(),
            };
            tell(listener, &event);
        }
    }
}

/// What the reply asks to wait, in ms.
fn retry_after_ms(reply: &Reply) -> Option<f64> {
    let header = reply.retry_after.as_deref()?;
    let now_ms = reply.date_ms.unwrap_or_else(wall_clock_ms);
    api::retry_after_ms(header, now_ms, parse_http_date)
}

impl Trouble {
    fn of(fault: Fault) -> Trouble {
        Trouble {
            fault,
            reason: None,
            problem: "",
            message: None,
            retry_after_ms: None,
            skew_ms: None,
            response: JsValue::UNDEFINED,
            cause: JsValue::UNDEFINED,
        }
    }

    fn broken(broken: Broken) -> Trouble {
        let fault = if broken.is_unreached {
            Fault::Unreached
        } else {
            Fault::Broken
        };
        Trouble {
            cause: broken.cause,
            ..Trouble::of(fault)
        }
    }
}

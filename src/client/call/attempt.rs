//! One attempt: a place among the requests in flight, a signature of its own, an exchange.

use super::UnderWay;
use super::judge::{Trouble, retry_after_ms};
use crate::api::{self, Error, Fault};
use crate::catalogue::Class;
use crate::client::effects::{steady_ms, unless, wall_clock_ms};
use crate::client::error::{Failure, OWN};
use crate::client::events::{Event, tell};
use crate::client::prepare::prepare;
use crate::client::source::{RemoteMode, Source};
use crate::client::stops::Stop;
use crate::client::transport::{Exchange, Lost, Reply, Request};
use crate::client::turns::Turn;
use crate::client::wire::Unready;
use crate::sign::{Call, Method, time};
use std::future::poll_fn;
use wasm_bindgen::JsValue;

/// A longer URL goes as a POST: servers and proxies cut it.
const LONGEST_URL: usize = 8 * 1024;

/// How long after its deadline a changing call's signature lapses.
const LAPSES_AFTER_DEADLINE_MS: f64 = 5_000.0;

/// When the last request was signed; all in ms since 1970.
#[derive(Clone, Copy, Default)]
pub(super) struct Stamp {
    /// Our clock at that moment.
    pub(super) now_ms: f64,
    /// When it lapses, by our clock; `None` where that cannot be told from here.
    pub(super) lapses_ms: Option<f64>,
}

impl<'a> UnderWay<'a> {
    /// One request and its reply.
    pub(super) async fn attempt(
        &mut self,
        turn: Turn<'_>,
    ) -> Result<Result<JsValue, Trouble>, Failure> {
        let shared = self.shared;
        let place = shared.calls().gate.enter();
        if !place.is_had() {
            let had = poll_fn(|context| place.poll(context));
            if let Err(stop) = self.stops.within(self.remaining_ms(), had).await {
                return Err(self.stopped_before_sending(stop, self.options.deadline_ms));
            }
        }
        let call = match self.stamped() {
            Ok(call) => call,
            Err(error) => return Err(self.ended_by(error.into(), &OWN)),
        };
        let started_ms = steady_ms();
        let limit_ms = self
            .remaining_ms_at(started_ms)
            .min(self.options.timeout_ms);
        let signed = match self.stops.within(limit_ms, self.signed(call)).await {
            Ok(signed) => signed,
            Err(stop) => {
                let limit_ms = self.options.timeout_ms.min(self.options.deadline_ms);
                return Err(self.stopped_before_sending(stop, limit_ms));
            }
        };
        self.attempts += 1;
        let (request, is_undocumented_post) = match signed {
            Ok(signed) => signed,
            Err(Unready::Failed(failure)) => return Err(self.ended_by(failure, &OWN)),
            Err(Unready::Unreached(cause)) => {
                // Nothing went to the service, but the signing server was asked.
                return Ok(Err(Trouble::lost(Fault::Unsigned(0), cause)));
            }
            Err(Unready::Later(reply)) => {
                return Ok(Err(Trouble {
                    http_status: Some(reply.status),
                    retry_after_ms: retry_after_ms(&reply),
                    ..Trouble::lost(Fault::Unsigned(reply.status), JsValue::UNDEFINED)
                }));
            }
        };
        self.stamp.lapses_ms = self.lapses_ms(steady_ms() - started_ms);
        self.tell_request(&request, is_undocumented_post);
        // Whoever was told may have aborted, or freed the client.
        if let Some(stop) = self.stops.seen() {
            return Err(self.stopped_before_sending(stop, limit_ms));
        }
        let now_ms = steady_ms();
        let left_ms = (started_ms + limit_ms - now_ms).max(0.0);
        turn.spend(now_ms);
        let lapses_ms = self.stamp.lapses_ms;
        self.safe_after_ms = lapses_ms.map(|ms| self.safe_after_ms.map_or(ms, |last| ms.max(last)));
        self.sent += 1;
        let exchange = Exchange::new(shared.settings.fetch.as_ref(), &request, left_ms);
        let ended = unless(exchange.reply(), |context| self.stops.poll(context)).await;
        let lost = match ended {
            Ok(Ok(reply)) => {
                self.tell_response(Some(&reply), started_ms);
                return self.judge(reply);
            }
            Ok(Err(lost)) => lost,
            Err(Stop::Closed) => return Err(self.closed_in_flight()),
            Err(stop) => return Err(stop.ends(call.action, self.zone)),
        };
        self.tell_response(None, started_ms);
        Ok(Err(match lost {
            Lost::Broken(cause) => Trouble::lost(Fault::Broken, cause),
            Lost::Unreached(cause) => Trouble::lost(Fault::Unreached, cause),
            Lost::TimedOut => Trouble::lost(Fault::TimedOut, JsValue::UNDEFINED),
        }))
    }

    /// The request, and whether it goes as a POST though no page says that it may.
    async fn signed(&self, mut call: Call<'_>) -> Result<(Request, bool), Unready> {
        let mut is_undocumented_post = false;
        loop {
            let request = prepare(self.shared, &call).await?;
            let is_too_long = request.method == Method::Get
                && call.method.is_none()
                && request.url.len() > LONGEST_URL;
            if !is_too_long {
                return Ok((request, is_undocumented_post));
            }
            call.method = Some(Method::Post);
            is_undocumented_post = true;
        }
    }

    /// The call with the moment's time stamp; a changing one lapses soon after its deadline, so
    /// that a lost request cannot be carried out long after the caller was told.
    fn stamped(&mut self) -> Result<Call<'a>, Error> {
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
            now_ms,
            lapses_ms: lapses_ms.map(|ms| ms - self.shared.clock_offset_ms.get()),
        };
        Ok(call)
    }

    /// When the request lapses that was signed within `took_ms`.
    fn lapses_ms(&self, took_ms: f64) -> Option<f64> {
        let lapses_ms = self.stamp.lapses_ms?;
        match &self.shared.source {
            Source::Key(_) | Source::Provider(_) => Some(lapses_ms),
            // It signs when it likes, and more than once: only it can tell.
            Source::Remote(remote) if remote.mode == RemoteMode::Proxy => None,
            // Its stamp may be as late as its answer.
            Source::Function(_) | Source::Remote(_) => {
                let is_own = !api::texts(self.call.tree, "expires").is_empty();
                Some(lapses_ms + if is_own { 0.0 } else { took_ms })
            }
        }
    }

    fn tell_request(&self, request: &Request, undocumented_post: bool) {
        if let Some(listener) = &self.shared.settings.on_event {
            let event = Event::Request {
                action: self.call.action,
                zone: self.zone,
                request_id: self.request_id,
                attempt: self.attempts,
                method: request.method.name(),
                host: request.host(),
                undocumented_post,
                at: wall_clock_ms(),
            };
            tell(listener, &event);
        }
    }

    fn tell_response(&self, reply: Option<&Reply>, started_ms: f64) {
        if let Some(listener) = &self.shared.settings.on_event {
            let event = Event::Response {
                action: self.call.action,
                zone: self.zone,
                request_id: self.request_id,
                attempt: self.attempts,
                status: reply.map(|reply| reply.status),
                ret_code: reply.and_then(|reply| reply.ret_code),
                duration_ms: steady_ms() - started_ms,
                at: wall_clock_ms(),
            };
            tell(listener, &event);
        }
    }
}

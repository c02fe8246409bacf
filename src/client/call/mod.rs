//! One call, from parameters to answer: gate, quota, attempt, decision, again.

mod attempt;
mod failure;
mod judge;

use super::Shared;
use super::call_options::CallOptions;
use super::effects::{random, steady_ms, unless, wall_clock_ms};
use super::error::Failure;
use super::events::{Event, tell};
use super::known::class_of;
use super::own_or;
use super::stops::Stops;
use super::turns::Turn;
use crate::api::{Decision, Outcome};
use crate::catalogue::Class;
use crate::sign::Call;
use attempt::Stamp;
use std::rc::Rc;
use std::string::String;
use wasm_bindgen::JsValue;

/// Makes the call that is written in `written`, and gives the answer untouched.
pub(super) async fn run(
    shared: &Rc<Shared>,
    written: &[u8],
    options: &CallOptions,
) -> Result<JsValue, Failure> {
    let call = shared.settings.complete(Call::read(written, 0)?);
    let of_call = |error| shared.of_call(&call, error);
    let presence = shared.enter(call.action).map_err(of_call)?;
    if let Some(abort) = options.abort.as_ref().filter(|abort| abort.is_aborted()) {
        return Err(Failure::Aborted(abort.reason()));
    }
    let class = class_of(call.action);
    // Whoever signs elsewhere may know the zone.
    let elsewhere = !shared.source.is_ours();
    let checked = shared.settings.check_sending(&Call {
        zone: call.zone.or(elsewhere.then_some("")),
        ..call
    });
    checked.map_err(of_call)?;
    let zone = own_or(&call, "zone", call.zone);
    let request_id = own_or(&call, "req_id", call.request_id).unwrap_or_else(new_request_id);
    let mut under_way = UnderWay {
        shared,
        call: Call {
            request_id: Some(&request_id),
            ..call
        },
        zone: zone.as_deref(),
        request_id: &request_id,
        class,
        options,
        stops: Stops {
            presence,
            abort: options.abort.as_ref(),
        },
        started_ms: steady_ms(),
        attempts: 0,
        sent: 0,
        retries: 0,
        has_mended_clock: false,
        is_in_doubt: false,
        stamp: Stamp::default(),
        safe_after_ms: None,
    };
    under_way.run().await
}

/// 32 hexadecimal digits.
fn new_request_id() -> String {
    let mut id = String::with_capacity(32);
    for digits in [12, 12, 8] {
        let mut rest = random();
        for _ in 0..digits {
            rest *= 16.0;
            let digit = rest as u8;
            rest -= f64::from(digit);
            id.push(char::from(b"0123456789abcdef"[usize::from(digit & 15)]));
        }
    }
    id
}

/// A call under way.
struct UnderWay<'a> {
    shared: &'a Rc<Shared>,
    call: Call<'a>,
    /// For errors and events.
    zone: Option<&'a str>,
    request_id: &'a str,
    class: Class,
    options: &'a CallOptions,
    stops: Stops<'a>,
    started_ms: f64,
    attempts: u32,
    /// Attempts that came to a request: signing one may fail.
    sent: u32,
    retries: u32,
    has_mended_clock: bool,
    /// Whether an earlier attempt may have been carried out.
    is_in_doubt: bool,
    stamp: Stamp,
    /// When the last of the requests that were sent lapses, by our clock; `None` where that cannot be told from here.
    safe_after_ms: Option<f64>,
}

impl<'a> UnderWay<'a> {
    async fn run(&mut self) -> Result<JsValue, Failure> {
        loop {
            let turn = self.wait_for_quota().await?;
            let trouble = match self.attempt(turn).await? {
                Ok(answer) => {
                    let mut budget = self.shared.calls().budget.borrow_mut();
                    budget.succeed(self.retries);
                    return Ok(answer);
                }
                Err(trouble) => trouble,
            };
            match self.decide(&trouble) {
                Decision::GiveUp { outcome, retryable } => {
                    return Err(self.failure(trouble, outcome, retryable));
                }
                Decision::MendClock => {
                    self.has_mended_clock = true;
                    self.tell_retry(0.0);
                }
                Decision::Retry { after_ms, outcome } => {
                    self.retries += 1;
                    self.is_in_doubt |= outcome == Outcome::Unknown;
                    self.tell_retry(after_ms.ceil());
                    self.pause(after_ms).await?;
                }
            }
        }
    }

    async fn wait_for_quota(&self) -> Result<Turn<'a>, Failure> {
        let shared: &'a Shared = self.shared;
        let Some(turns) = &shared.calls().turns else {
            return Ok(Turn::free());
        };
        let mut is_told = false;
        loop {
            // The clock first: the page may have put its own there.
            let now_ms = steady_ms();
            let remaining_ms = self.remaining_ms_at(now_ms);
            let given_back = turns.given_back();
            let wait_ms = match turns.take(now_ms) {
                Ok(turn) => return Ok(turn),
                // What others have taken they may not need.
                Err(wait_ms) if turns.is_some_taken() => wait_ms.min(remaining_ms),
                Err(wait_ms) => wait_ms,
            };
            if remaining_ms <= 0.0 || wait_ms > remaining_ms {
                return Err(self.out_of_quota(turns.limit()));
            }
            if let Some(listener) = self.shared.settings.on_event.as_ref().filter(|_| !is_told) {
                let event = Event::Quota {
                    action: self.call.action,
                    limit: turns.limit(),
                    wait_ms,
                    at: wall_clock_ms(),
                };
                tell(listener, &event);
            }
            is_told = true;
            let pause = unless(self.pause(wait_ms), |context| given_back.poll(context));
            if let Ok(paused) = pause.await {
                paused?;
            }
        }
    }

    async fn pause(&self, ms: f64) -> Result<(), Failure> {
        let paused = self.stops.pause(ms).await;
        paused.map_err(|stop| self.stopped_before_sending(stop, self.options.deadline_ms))
    }

    fn remaining_ms(&self) -> f64 {
        self.remaining_ms_at(steady_ms())
    }

    fn remaining_ms_at(&self, now_ms: f64) -> f64 {
        (self.started_ms + self.options.deadline_ms - now_ms).max(0.0)
    }

    fn tell_retry(&self, after_ms: f64) {
        if let Some(listener) = &self.shared.settings.on_event {
            let event = Event::Retry {
                action: self.call.action,
                zone: self.zone,
                request_id: self.request_id,
                attempt: self.attempts,
                after_ms,
                at: wall_clock_ms(),
            };
            tell(listener, &event);
        }
    }
}

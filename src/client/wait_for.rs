//! Waiting for resources: a list action, until what it lists is as it should be.

use super::Shared;
use super::call;
use super::call_options::CallOptions;
use super::effects::{random, steady_ms, wall_clock_ms};
use super::error::Failure;
use super::events::{self, Event};
use super::own_or;
use super::pages::{List, PagedCall, is_paged, text};
use super::stops::{Stop, Stops};
use super::wait_options::WaitOptions;
use crate::api::{self, Error, ErrorKind, Pace, Progress, Seen, whole};
use crate::catalogue;
use crate::sign::Call;
use js_sys::Array;
use std::format;
use std::rc::Rc;
use std::string::String;
use std::vec::Vec;
use wasm_bindgen::prelude::*;

/// How long before its end a wait looks for the last time.
const LAST_LOOK_MS: f64 = 1_000.0;

/// Waits until everything that the call in `written` asks for has one of the `wanted` statuses
/// and nothing under way; gives the items.
pub(super) async fn wait(
    shared: &Rc<Shared>,
    written: &[u8],
    wanted: &[String],
    options: WaitOptions,
) -> Result<Array, Failure> {
    let call = Call::read(written, 0)?;
    let of_call = |error| shared.of_call(&call, error);
    let mut wait = Wait::new(shared, call, wanted, &options).map_err(of_call)?;
    let stops = Stops {
        presence: shared.enter(call.action).map_err(of_call)?,
        abort: options.abort.as_ref(),
    };
    loop {
        let poll = poll(shared, written, &wait.list);
        match stops.within(wait.remaining_ms(), poll).await {
            Ok(polled) => {
                if let Some(items) = wait.take(polled)? {
                    return Ok(items);
                }
            }
            Err(Stop::TimeIsUp) => break,
            Err(stop) => return Err(stop.ends(call.action, wait.zone.as_deref())),
        }
        let Some(pause_ms) = wait.pause_ms() else {
            break;
        };
        if let Err(stop) = stops.pause(pause_ms).await {
            return Err(stop.ends(call.action, wait.zone.as_deref()));
        }
    }
    Err(wait.timed_out())
}

/// A wait, and what the polls have shown.
struct Wait<'a> {
    shared: &'a Shared,
    call: Call<'a>,
    /// Where the call goes.
    zone: Option<String>,
    list: List,
    /// The ids that the call asks for; empty where it asks for all that there are.
    asked: Vec<String>,
    wanted: &'a [String],
    options: &'a WaitOptions,
    started_ms: f64,
    pace: Pace,
    polls: u32,
    is_last: bool,
    last_status: Option<String>,
    last_error: Option<Failure>,
}

impl<'a> Wait<'a> {
    fn new(
        shared: &'a Shared,
        call: Call<'a>,
        wanted: &'a [String],
        options: &'a WaitOptions,
    ) -> Result<Wait<'a>, Error> {
        let list = List::of(call.action)?;
        let names = list.id_parameters();
        let asked = names.iter().flat_map(|name| api::texts(call.tree, name));
        Ok(Wait {
            shared,
            call,
            zone: own_or(&call, "zone", shared.settings.complete(call).zone),
            asked: asked.collect(),
            list,
            wanted,
            options,
            started_ms: steady_ms(),
            pace: options.pace(),
            polls: 0,
            is_last: false,
            last_status: None,
            last_error: None,
        })
    }

    /// Takes in what a poll gave: the items where all is as it should be.
    fn take(&mut self, polled: Result<Array, Failure>) -> Result<Option<Array>, Failure> {
        self.polls += 1;
        let items = match polled {
            Ok(items) => items,
            Err(failure) if failure.is_retryable() => {
                self.last_error = Some(failure);
                return Ok(None);
            }
            Err(failure) => return Err(failure),
        };
        let seen: Vec<Seen> = items.iter().map(|item| see(&self.list, &item)).collect();
        self.last_status = seen
            .iter()
            .find(|item| !self.wanted.contains(&item.status) || item.is_moving)
            .map(|item| item.status.clone());
        let ends = catalogue::end_statuses(self.call.action);
        match api::progress(&seen, self.wanted, &self.asked, ends) {
            Progress::Done => {
                self.tell(seen.len(), seen.len());
                Ok(Some(items))
            }
            Progress::Failed(lost) => Err(self.ended_otherwise(lost).into()),
            Progress::Waiting { done, total } => {
                self.tell(done, total);
                Ok(None)
            }
        }
    }

    /// How long before the next poll; `None` where there is none.
    fn pause_ms(&mut self) -> Option<f64> {
        let pause_ms = self.pace.next(random());
        let remaining_ms = self.remaining_ms();
        if pause_ms < remaining_ms {
            return Some(pause_ms);
        }
        // Once more just before the end.
        let is_over = core::mem::replace(&mut self.is_last, true);
        (!is_over).then(|| remaining_ms - LAST_LOOK_MS.min(remaining_ms / 2.0))
    }

    fn remaining_ms(&self) -> f64 {
        (self.started_ms + self.options.limit_ms - steady_ms()).max(0.0)
    }

    fn tell(&self, done: usize, total: usize) {
        if let Some(listener) = &self.shared.settings.on_event {
            let event = Event::Wait {
                zone: self.zone.as_deref(),
                done,
                total,
                at: wall_clock_ms(),
            };
            events::tell(listener, &event);
        }
        self.options.tell(done, total, None);
    }

    fn ended_otherwise(&self, lost: Seen) -> Error {
        let mut error = Error::new(
            ErrorKind::Job,
            format!(
                "{}: {} is {} and will not become {}",
                self.call.action,
                lost.id.as_deref().unwrap_or("a resource"),
                lost.status,
                self.wanted.join(" or "),
            ),
        );
        error.action = Some(self.call.action.into());
        error.zone = self.zone.clone();
        error.polls = Some(self.polls);
        error.last_status = Some(lost.status);
        error
    }

    fn timed_out(self) -> Failure {
        let mut error = Error::new(
            ErrorKind::Timeout,
            format!(
                "{}: not {} within {} ms; the last status was {}",
                self.call.action,
                self.wanted.join(" or "),
                whole(self.options.limit_ms),
                self.last_status.as_deref().unwrap_or("not listed"),
            ),
        );
        error.action = Some(self.call.action.into());
        error.zone = self.zone;
        error.retryable = true;
        error.polls = Some(self.polls);
        error.last_status = self.last_status;
        let cause = self.last_error.map_or(JsValue::UNDEFINED, Failure::into_js);
        Failure::with(error, JsValue::UNDEFINED, cause)
    }
}

/// All items that the call lists, page after page.
async fn poll(shared: &Rc<Shared>, written: &[u8], list: &List) -> Result<Array, Failure> {
    let action = Call::read(written, 0)?.action;
    let options = CallOptions::of(shared);
    if catalogue::find(action).is_none() || !is_paged(action) {
        return Ok(list.items(&call::run(shared, written, &options).await?));
    }
    let mut paged = PagedCall::new(written, None)?;
    let all = Array::new();
    while let Some(written) = paged.next()? {
        let answer = call::run(shared, &written, &options).await?;
        paged.take(&answer).iter().for_each(|item| {
            all.push(&item);
        });
    }
    Ok(all)
}

fn see(list: &List, item: &JsValue) -> Seen {
    Seen {
        id: list.id(item),
        status: text(item, "status").unwrap_or_default(),
        is_moving: text(item, "transition_status").is_some_and(|status| !status.is_empty()),
    }
}

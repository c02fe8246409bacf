//! Waiting for resources: a list action, until what it lists is as it should be.

use super::Shared;
use super::call;
use super::call_options::CallOptions;
use super::effects::{steady_ms, wall_clock_ms};
use super::error::Failure;
use super::events::{self, Event};
use super::pages::{List, PagedCall, is_paged, text};
use super::stops::{Stop, Stops};
use super::wait_options::WaitOptions;
use crate::api::{self, Error, ErrorKind, Progress, Seen, whole};
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
    let action = call.action;
    let list = List::of(action)?;
    let asked: Vec<String> = list
        .id_parameters()
        .iter()
        .flat_map(|name| api::texts(call.tree, name))
        .collect();
    let stops = Stops {
        presence: shared.enter(action)?,
        abort: options.abort.as_ref(),
    };
    let zone = call.zone.or(shared.settings.zone.as_deref());
    let started_ms = steady_ms();
    let remaining_ms = || (started_ms + options.limit_ms - steady_ms()).max(0.0);
    let tell = |done, total| {
        if let Some(listener) = &shared.settings.on_event {
            let event = Event::Wait {
                zone,
                done,
                total,
                at: wall_clock_ms(),
            };
            events::tell(listener, &event);
        }
        options.tell(done, total, None);
    };
    let mut pace = options.pace();
    let mut polls = 0;
    let mut is_last = false;
    let mut last_status = None;
    let mut last_error = None;
    loop {
        let poll = stops
            .within(remaining_ms(), poll(shared, written, &list))
            .await;
        let polled = match poll {
            Ok(polled) => polled,
            Err(Stop::TimeIsUp) => break,
            Err(stop) => return Err(stop.ends(action)),
        };
        polls += 1;
        match polled {
            Ok(items) => {
                let seen: Vec<Seen> = items.iter().map(|item| see(&list, &item)).collect();
                last_status = seen
                    .iter()
                    .find(|item| !wanted.contains(&item.status) || item.is_moving)
                    .map(|item| item.status.clone());
                match api::progress(&seen, wanted, &asked, catalogue::end_statuses(action)) {
                    Progress::Done => {
                        tell(seen.len(), seen.len());
                        return Ok(items);
                    }
                    Progress::Failed(lost) => {
                        return Err(ended_otherwise(&call, &lost, wanted, polls).into());
                    }
                    Progress::Waiting { done, total } => tell(done, total),
                }
            }
            Err(failure) if failure.is_retryable() => last_error = Some(failure),
            Err(failure) => return Err(failure),
        }
        let mut pause_ms = pace();
        if pause_ms >= remaining_ms() {
            if is_last {
                break;
            }
            // Once more just before the end.
            is_last = true;
            pause_ms = remaining_ms() - LAST_LOOK_MS.min(remaining_ms() / 2.0);
        }
        if let Err(stop) = stops.pause(pause_ms).await {
            return Err(stop.ends(action));
        }
    }
    let mut error = Error::new(
        ErrorKind::Timeout,
        format!(
            "{action}: not {} within {} ms; the last status was {}",
            wanted.join(" or "),
            whole(options.limit_ms),
            last_status.as_deref().unwrap_or("not listed"),
        ),
    );
    error.action = Some(action.into());
    error.zone = zone.map(String::from);
    error.retryable = true;
    error.polls = Some(polls);
    error.last_status = last_status;
    let cause = last_error.map_or(JsValue::UNDEFINED, Failure::into_js);
    Err(Failure::with(error, JsValue::UNDEFINED, cause))
}

/// All items that the call lists, page after page.
async fn poll(shared: &Rc<Shared>, written: &[u8], list: &List) -> Result<Array, Failure> {
    let action = Call::read(written, 0)?.action;
    let options = CallOptions::read(shared, &JsValue::UNDEFINED, action)?;
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

fn ended_otherwise(call: &Call, lost: &Seen, wanted: &[String], polls: u32) -> Error {
    let mut error = Error::new(
        ErrorKind::Job,
        format!(
            "{}: {} is {} and will not become {}",
            call.action,
            lost.id.as_deref().unwrap_or("a resource"),
            lost.status,
            wanted.join(" or "),
        ),
    );
    error.action = Some(call.action.into());
    error.zone = call.zone.map(String::from);
    error.polls = Some(polls);
    error.last_status = Some(lost.status.clone());
    error
}

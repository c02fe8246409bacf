//! What can stop a call or a wait, whatever it is doing.

use super::effects::{AbortWatch, Timer};
use super::error::Failure;
use super::gate::Presence;
use crate::api::{Error, ErrorKind, whole};
use std::format;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::string::String;
use std::task::{Context, Poll};
use wasm_bindgen::prelude::*;

/// Why work stops before it is done.
pub(super) enum Stop {
    /// The client was freed.
    Closed,
    /// The caller aborted, with this reason.
    Aborted(JsValue),
    /// The time for this step is over.
    TimeIsUp,
}

impl Stop {
    /// The failure that ends `action` in `zone`. Steps that can run out of time say more of that themselves.
    pub(super) fn ends(self, action: &str, zone: Option<&str>) -> Failure {
        let mut error = match self {
            Stop::Aborted(reason) => return Failure::Aborted(reason),
            Stop::Closed => closed(action),
            Stop::TimeIsUp => out_of_time(action, "its time is over"),
        };
        error.zone = zone.map(String::from);
        error.into()
    }
}

/// The error of calls that were not signed, or not let through, in time.
pub(super) fn unsent(action: &str, limit_ms: f64) -> Error {
    let limit_ms = whole(limit_ms);
    out_of_time(
        action,
        &format!("no request could be sent within {limit_ms} ms"),
    )
}

/// The error of calls whose time is over, which may do better later.
pub(super) fn out_of_time(action: &str, problem: &str) -> Error {
    let mut error = Error::new(ErrorKind::Timeout, format!("{action}: {problem}"));
    error.retryable = true;
    error
}

/// The error of calls that a freed client does not make.
pub(super) fn closed(action: &str) -> Error {
    let message = format!("{action}: this client was freed; make a new one");
    let mut error = Error::new(ErrorKind::Options, message);
    error.action = Some(action.into());
    error
}

/// The caller's signal and the client's end.
pub(super) struct Stops<'a> {
    pub(super) presence: Presence<'a>,
    pub(super) abort: Option<&'a AbortWatch>,
}

impl Stops<'_> {
    /// What has happened already.
    pub(super) fn seen(&self) -> Option<Stop> {
        match self.abort {
            Some(abort) if abort.is_aborted() => Some(Stop::Aborted(abort.reason())),
            _ => self.presence.is_over().then_some(Stop::Closed),
        }
    }

    pub(super) fn poll(&self, context: &mut Context) -> Poll<Stop> {
        if let Some(abort) = self.abort
            && abort.poll(context).is_ready()
        {
            return Poll::Ready(Stop::Aborted(abort.reason()));
        }
        self.presence.poll_end(context).map(|()| Stop::Closed)
    }

    /// What `work` gives within `limit_ms`. Work that is done at once needs no timer.
    pub(super) async fn within<T>(
        &self,
        limit_ms: f64,
        work: impl Future<Output = T>,
    ) -> Result<T, Stop> {
        let mut timer = None;
        let mut work = pin!(work);
        poll_fn(|context| {
            if let Poll::Ready(stop) = self.poll(context) {
                return Poll::Ready(Err(stop));
            }
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(Ok(done));
            }
            is_up(&mut timer, limit_ms, context).map(|()| Err(Stop::TimeIsUp))
        })
        .await
    }

    /// Nothing, for `ms`.
    pub(super) async fn pause(&self, ms: f64) -> Result<(), Stop> {
        let mut timer = None;
        poll_fn(|context| match self.poll(context) {
            Poll::Ready(stop) => Poll::Ready(Err(stop)),
            Poll::Pending => is_up(&mut timer, ms, context).map(Ok),
        })
        .await
    }
}

/// Whether the time is over since this was first asked.
fn is_up(timer: &mut Option<Timer>, ms: f64, context: &mut Context) -> Poll<()> {
    let timer = timer.get_or_insert_with(|| Timer::after(ms));
    timer.poll(context)
}

//! Waiting for jobs: all waits of a client share one batched `DescribeJobs` a zone.

use super::Shared;
use super::call;
use super::call_options::CallOptions;
use super::effects::{Signal, random, steady_ms, unless, wall_clock_ms};
use super::error::Failure;
use super::events::{Event, tell};
use super::fields::quoted;
use super::pages::{List, text};
use super::stops::{Stop, Stops};
use super::wait_options::WaitOptions;
use crate::api::{Error, ErrorKind, JobState, Outcome, Pace, job_state, whole};
use crate::sign::Params;
use crate::sign::writer::write_call;
use js_sys::{Array, JSON, Object, Reflect};
use std::cell::{Cell, RefCell};
use std::format;
use std::rc::{Rc, Weak};
use std::string::String;
use std::task::{Context, Poll};
use std::vec::Vec;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// Ids in one request: as many as its `limit` lets it answer.
const BATCH: usize = 100;

/// The waits of one client, by zone.
#[derive(Default)]
pub(super) struct JobWatches(RefCell<Vec<(Option<String>, Rc<Watch>)>>);

/// The waits in one zone, and the poll that serves them.
#[derive(Default)]
struct Watch {
    waits: RefCell<Vec<Weak<Wait>>>,
    is_polling: Cell<bool>,
    /// Raised when a new wait wants to be seen to before the poll's pause is over.
    hurry: RefCell<Signal>,
}

/// One wait.
struct Wait {
    watch: Rc<Watch>,
    /// Each once, by id, with what was last seen of it.
    jobs: RefCell<Vec<(String, Option<JsValue>)>>,
    options: WaitOptions,
    pace: RefCell<Pace>,
    due_ms: Cell<f64>,
    polls: Cell<u32>,
    /// Whether an answer came since the caller was last told.
    has_news: Cell<bool>,
    last_error: RefCell<Option<Failure>>,
    failure: RefCell<Option<Failure>>,
    over: Signal,
}

/// Waits until every job in `ids` was successful; gives the jobs in the order of `ids`.
pub(super) async fn wait(
    shared: &Rc<Shared>,
    ids: Vec<String>,
    options: WaitOptions,
    action: &str,
) -> Result<Array, Failure> {
    let stops = Stops {
        presence: shared.enter(action)?,
        abort: None,
    };
    if ids.is_empty() {
        return Ok(Array::new());
    }
    let zone = options
        .zone
        .clone()
        .or_else(|| shared.settings.zone.clone());
    let watch = shared.calls().jobs.of(&zone);
    let wait = Rc::new(Wait {
        watch,
        jobs: RefCell::new(each_once(&ids).into_iter().map(|id| (id, None)).collect()),
        pace: RefCell::new(options.pace()),
        due_ms: Cell::new(steady_ms()),
        polls: Cell::new(0),
        has_news: Cell::new(false),
        last_error: RefCell::default(),
        failure: RefCell::default(),
        over: Signal::default(),
        options,
    });
    let stops = Stops {
        abort: wait.options.abort.as_ref(),
        ..stops
    };
    start(shared, zone.clone(), &wait);
    let over = core::future::poll_fn(|context| wait.over.poll(context));
    if let Err(stop) = stops.within(wait.options.limit_ms, over).await {
        return Err(match stop {
            Stop::TimeIsUp => wait.timed_out(action, zone),
            stop => stop.ends(action, zone.as_deref()),
        });
    }
    if let Some(failure) = wait.failure.take() {
        return Err(failure);
    }
    let jobs = wait.jobs.borrow();
    Ok(ids
        .iter()
        .filter_map(|id| find(&jobs, id)?.clone())
        .collect())
}

impl JobWatches {
    fn of(&self, zone: &Option<String>) -> Rc<Watch> {
        let mut watches = self.0.borrow_mut();
        if let Some((_, watch)) = watches.iter().find(|(known, _)| known == zone) {
            return Rc::clone(watch);
        }
        let watch = Rc::<Watch>::default();
        watches.push((zone.clone(), Rc::clone(&watch)));
        watch
    }

    /// Lets go of `watch`, whose poll has ended: whoever comes next makes a new one.
    fn forget(&self, watch: &Rc<Watch>) {
        let mut watches = self.0.borrow_mut();
        watches.retain(|(_, known)| !Rc::ptr_eq(known, watch));
    }
}

/// The ids in order, each once. Sorting them as a whole would be quicker where they are many
/// thousands, and weigh ten times as much.
fn each_once<'a>(ids: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let mut sorted: Vec<String> = Vec::new();
    for id in ids {
        if let Err(place) = sorted.binary_search(id) {
            sorted.insert(place, id.clone());
        }
    }
    sorted
}

/// What stands with `id` in a list that is sorted by it.
fn find<'a, T>(sorted: &'a [(String, T)], id: &str) -> Option<&'a T> {
    let place = sorted
        .binary_search_by(|(known, _)| known.as_str().cmp(id))
        .ok()?;
    Some(&sorted[place].1)
}

/// Adds `wait` to its zone's poll, and starts that where it is not running.
fn start(shared: &Rc<Shared>, zone: Option<String>, wait: &Rc<Wait>) {
    let watch = Rc::clone(&wait.watch);
    watch.waits.borrow_mut().push(Rc::downgrade(wait));
    if watch.is_polling.replace(true) {
        watch.hurry.borrow().raise();
        return;
    }
    let shared = Rc::clone(shared);
    spawn_local(async move {
        watch.poll(&shared, zone.as_deref()).await;
        shared.calls().jobs.forget(&watch);
    });
}

impl Drop for Wait {
    // A poll that served this wait alone has nothing left to do.
    fn drop(&mut self) {
        self.watch.hurry.borrow().raise();
    }
}

impl Watch {
    /// Polls until nobody waits any more, or the client is freed.
    async fn poll(&self, shared: &Rc<Shared>, zone: Option<&str>) {
        let Some(presence) = shared.calls().pending.enter() else {
            return;
        };
        let stops = Stops {
            presence,
            abort: None,
        };
        loop {
            let waits = self.open_waits();
            let due_ms = waits.iter().map(|wait| wait.due_ms.get());
            let Some(due_ms) = due_ms.reduce(f64::min) else {
                return;
            };
            drop(waits);
            let pause_ms = due_ms - steady_ms();
            if pause_ms > 0.0 {
                let hurry = Signal::default();
                self.hurry.replace(hurry.clone());
                let pause = unless(stops.pause(pause_ms), |context| hurry.poll(context)).await;
                match pause {
                    Ok(Err(_)) => return,
                    Ok(Ok(())) => {}
                    Err(()) => continue,
                }
            }
            let ids = self.open_ids();
            // Whoever comes meanwhile is served by the next look.
            let served = self.waits.borrow().clone();
            let polled = async {
                for batch in ids.chunks(BATCH) {
                    if self.open_waits().is_empty() {
                        break;
                    }
                    for wait in self.poll_batch(shared, zone, batch, None).await {
                        let theirs = batch.iter().filter(|id| waits_for(&wait, id));
                        let theirs: Vec<String> = theirs.cloned().collect();
                        if !theirs.is_empty() {
                            self.poll_batch(shared, zone, &theirs, Some(&wait)).await;
                        }
                    }
                }
            };
            if unless(polled, |context| self.poll_abandoned(context))
                .await
                .is_err()
            {
                return;
            }
            Watch::end_look(shared, zone, &served);
        }
    }

    /// Counts a look at all jobs, however many requests it took, once for everybody whom it served.
    fn end_look(shared: &Shared, zone: Option<&str>, served: &[Weak<Wait>]) {
        let (mut done, mut total) = (0, 0);
        for wait in served.iter().filter_map(Weak::upgrade) {
            // Whoever it served need not look again before it is due from now.
            let pause_ms = wait.pace.borrow_mut().next(random());
            wait.due_ms.set(steady_ms() + pause_ms);
            let (its_done, its_total) = wait.end_look();
            done += its_done;
            total += its_total;
        }
        if let Some(listener) = &shared.settings.on_event {
            let at = wall_clock_ms();
            let event = Event::Wait {
                zone,
                done,
                total,
                at,
            };
            tell(listener, &event);
        }
    }

    /// Ready once nobody waits any more.
    fn poll_abandoned(&self, context: &mut Context) -> Poll<()> {
        loop {
            let hurry = self.hurry.borrow().clone();
            if hurry.poll(context).is_pending() {
                return Poll::Pending;
            }
            if self.open_waits().is_empty() {
                return Poll::Ready(());
            }
            self.hurry.replace(Signal::default());
        }
    }

    fn open_waits(&self) -> Vec<Rc<Wait>> {
        let mut waits = self.waits.borrow_mut();
        waits.retain(|wait| wait.upgrade().is_some_and(|wait| !wait.over.is_raised()));
        waits.iter().filter_map(Weak::upgrade).collect()
    }

    /// The ids that somebody waits for, each once.
    fn open_ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for wait in self.open_waits() {
            let jobs = wait.jobs.borrow();
            let open = jobs.iter().filter(|(_, job)| !is_done(job));
            ids.extend(open.map(|(id, _)| id.clone()));
        }
        each_once(&ids)
    }

    /// Asks for these jobs, for all who wait for one of them or for one wait `alone`.
    ///
    /// Where the service refuses to answer for several waits, it may be for the ids of one: gives
    /// them all, to be asked for one by one.
    async fn poll_batch(
        &self,
        shared: &Rc<Shared>,
        zone: Option<&str>,
        ids: &[String],
        alone: Option<&Weak<Wait>>,
    ) -> Vec<Weak<Wait>> {
        let names: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut params = Params::new();
        params.texts("jobs", &names).number("limit", BATCH as i64);
        let written = write_call("DescribeJobs", zone, &params);
        let answer = call::run(shared, &written, &CallOptions::of(shared)).await;
        let listed: Option<Vec<(String, JsValue)>> = answer.as_ref().ok().and_then(|answer| {
            let list = List::of("DescribeJobs").ok()?;
            let jobs = list.items(answer);
            let with_id = |job: JsValue| Some((list.id(&job)?, job));
            Some(jobs.iter().filter_map(with_id).collect())
        });
        let mut waits = self.open_waits();
        waits.retain(|wait| match alone {
            Some(alone) => alone.as_ptr() == Rc::as_ptr(wait),
            None => wait.jobs.borrow().iter().any(|(id, _)| ids.contains(id)),
        });
        if let Err(failure) = &answer
            && !failure.is_retryable()
            && waits.len() > 1
        {
            return waits.iter().map(Rc::downgrade).collect();
        }
        for wait in waits {
            match (&answer, &listed) {
                (Err(failure), _) => wait.take_failure(failure),
                (Ok(_), Some(listed)) => wait.take_jobs(listed, zone),
                (Ok(_), None) => {}
            }
        }
        Vec::new()
    }
}

/// Whether `wait` is still there and the job `id` is one of its open ones.
fn waits_for(wait: &Weak<Wait>, id: &str) -> bool {
    wait.upgrade().is_some_and(|wait| {
        let jobs = wait.jobs.borrow();
        jobs.iter().any(|(known, job)| known == id && !is_done(job))
    })
}

fn is_done(job: &Option<JsValue>) -> bool {
    let status = job.as_ref().and_then(|job| text(job, "status"));
    status.is_some_and(|status| job_state(&status) == JobState::Done)
}

impl Wait {
    /// Takes in what a request listed, and ends where a job failed.
    fn take_jobs(&self, listed: &[(String, JsValue)], zone: Option<&str>) {
        self.has_news.set(true);
        let mut jobs = self.jobs.borrow_mut();
        for (id, seen) in listed {
            if let Ok(place) = jobs.binary_search_by(|(known, _)| known.cmp(id)) {
                jobs[place].1 = Some(seen.clone());
            }
        }
        let failed = jobs.iter().find_map(|(id, job)| {
            let status = text(job.as_ref()?, "status")?;
            let has_failed = job_state(&status) == JobState::Failed;
            has_failed.then(|| job_failure(id, job.as_ref(), &status, zone))
        });
        if failed.is_some() {
            self.failure.replace(failed);
            self.over.raise();
        }
    }

    /// A request failed: for good, or the next one may do better.
    fn take_failure(&self, failure: &Failure) {
        if failure.is_retryable() {
            self.last_error.replace(Some(failure.clone()));
        } else {
            self.failure.replace(Some(failure.clone()));
            self.over.raise();
        }
    }

    /// Counts a look, tells the caller, and ends where all is done; gives how many are, of how many.
    fn end_look(&self) -> (usize, usize) {
        self.polls.set(self.polls.get() + 1);
        let jobs = self.jobs.borrow();
        let done = jobs.iter().filter(|(_, job)| is_done(job)).count();
        let total = jobs.len();
        let seen: Array = jobs.iter().filter_map(|(_, job)| job.as_ref()).collect();
        // The listener may start another wait, which must find nothing borrowed.
        drop(jobs);
        if self.has_news.take() {
            self.options.tell(done, total, Some(&seen));
        }
        if done == total {
            self.over.raise();
        }
        (done, total)
    }

    fn timed_out(&self, action: &str, zone: Option<String>) -> Failure {
        let jobs = self.jobs.borrow();
        let open: Vec<&String> = jobs
            .iter()
            .filter(|(_, job)| !is_done(job))
            .map(|(id, _)| id)
            .collect();
        let last = open.first().and_then(|id| find(&jobs, id)?.clone());
        let status = last.as_ref().and_then(|job| text(job, "status"));
        let mut error = Error::new(
            ErrorKind::Timeout,
            format!(
                "{action}: {} of {} jobs did not end within {} ms; {} is {}",
                open.len(),
                jobs.len(),
                whole(self.options.limit_ms),
                open.first().map_or("", |id| id.as_str()),
                status.as_deref().unwrap_or("not listed"),
            ),
        );
        error.action = Some("DescribeJobs".into());
        error.zone = zone;
        error.retryable = true;
        error.polls = Some(self.polls.get());
        error.last_status = status;
        let cause = self
            .last_error
            .take()
            .map_or(JsValue::UNDEFINED, Failure::into_js);
        Failure::with(error, last.unwrap_or(JsValue::UNDEFINED), cause)
    }
}

fn job_failure(id: &str, job: Option<&JsValue>, status: &str, zone: Option<&str>) -> Failure {
    let action = job.and_then(|job| text(job, "job_action"));
    let mut error = Error::new(
        ErrorKind::Job,
        format!(
            "job {id}{} ended as {}",
            action
                .as_ref()
                .map_or(String::new(), |action| format!(" ({action})")),
            quoted(status)
        ),
    );
    error.action = action;
    error.zone = zone.map(String::from);
    error.outcome = Outcome::Executed;
    error.last_status = Some(status.into());
    let response = job.cloned().unwrap_or(JsValue::UNDEFINED);
    Failure::with(error, response, JsValue::UNDEFINED)
}

/// The ids of the jobs that `answer` names, in `job_id`, `job_ids` and `global_job_id`.
///
/// One action answers with a map from resource to job, as JSON text or as an object.
pub(super) fn job_ids(answer: &JsValue) -> Vec<String> {
    let mut ids = Vec::new();
    for name in ["job_id", "job_ids", "global_job_id"] {
        if let Ok(value) = Reflect::get(answer, &name.into()) {
            collect(&value, 0, &mut ids);
        }
    }
    each_once(&ids)
}

fn collect(value: &JsValue, depth: u32, ids: &mut Vec<String>) {
    if depth > 2 {
        return;
    }
    if let Some(text) = value.as_string() {
        match JSON::parse(&text) {
            Ok(parsed) if parsed.is_object() => collect(&parsed, depth + 1, ids),
            _ if text.is_empty() => {}
            _ => ids.push(text),
        }
    } else if let Some(object) = value.dyn_ref::<Object>() {
        Object::values(object)
            .iter()
            .for_each(|value| collect(&value, depth + 1, ids));
    }
}

//! Jobs: `pending → working → successful | failed`, on the emulated clock.
//!
//! What a job will have changed is a value kept with it and carried out when its time has come, so that a
//! snapshot in the middle of a job is complete.

use crate::emulator::names::*;
use std::collections::{BTreeSet, VecDeque};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::instance_types::Size;
use super::words::{Status, Transition};
use super::{State, Verdict};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query::{Page, check_known};
use crate::emulator::refusal::Refusal;

/// Finished jobs beyond this many are forgotten, oldest first.
const KEPT: usize = 2000;

/// What happens to one resource when a job ends well.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Change {
    /// The transition ends in this status.
    Settle {
        id: String,
        status: Status,
    },
    /// The transition ends and the status stays.
    Rest {
        id: String,
    },
    Attach {
        volume: String,
        instance: String,
    },
    Detach {
        volume: String,
    },
    /// Gives an instance or a router an address.
    Associate {
        eip: String,
        resource: String,
    },
    Dissociate {
        eip: String,
    },
    JoinVxnet {
        vxnet: String,
        instance: String,
    },
    LeaveVxnet {
        vxnet: String,
        instance: String,
    },
    JoinRouter {
        vxnet: String,
        router: String,
        ip_network: String,
    },
    LeaveRouter {
        vxnet: String,
    },
    /// `None` leaves what is there.
    Resize {
        instance: String,
        size: Option<Size>,
        os_disk_size: Option<i64>,
    },
    Reset {
        instance: String,
        key_pairs: Vec<String>,
    },
    Grow {
        volume: String,
        size: i64,
    },
    SetBandwidth {
        eip: String,
        bandwidth: i64,
    },
    SetBillingMode {
        eip: String,
        mode: String,
    },
    AttachKeyPair {
        keypair: String,
        instance: String,
    },
    DetachKeyPair {
        keypair: String,
        instance: String,
    },
    ApplySecurityGroup {
        group: String,
        instances: Vec<String>,
    },
    /// What the router was told up to this revision is in force.
    ApplyRouter {
        router: String,
        revision: u32,
    },
    DeleteAccessKey {
        id: String,
    },
}

/// One job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    pub id: String,
    pub action: String,
    pub zone: String,
    pub owner: String,
    pub resources: Vec<String>,
    pub created_ms: i64,
    /// From here on it shows `working`.
    pub work_ms: i64,
    pub end_ms: i64,
    /// What it ends in.
    pub verdict: Verdict,
    pub is_done: bool,
    pub changes: Vec<Change>,
}

impl Change {
    /// Ends transitions in this status.
    pub fn settle(status: Status) -> impl Fn(String) -> Change {
        move |id| Change::Settle { id, status }
    }
}

impl Job {
    /// The status to show at this time.
    pub fn status(&self, now_ms: i64) -> &'static str {
        match self.verdict {
            _ if !self.is_done && now_ms < self.work_ms => "pending",
            _ if !self.is_done => "working",
            Verdict::Successful => "successful",
            Verdict::Failed => "failed",
            Verdict::DoneWithFailure => "done with failure",
        }
    }

    fn status_ms(&self, now_ms: i64) -> i64 {
        match self.status(now_ms) {
            "pending" => self.created_ms,
            "working" => self.work_ms,
            _ => self.end_ms,
        }
    }
}

/// The jobs, oldest first, with those that run in the order of their ends.
#[derive(Debug, Default)]
pub struct Jobs {
    all: VecDeque<Job>,
    /// How many were forgotten: what to take off a number to get its place.
    forgotten: u64,
    due: BTreeSet<(i64, u64)>,
}

impl Jobs {
    /// Adds a job; `end_ms` says when it is due.
    pub fn add(&mut self, job: Job) {
        let number = self.forgotten + self.all.len() as u64;
        if !job.is_done {
            self.due.insert((job.end_ms, number));
        }
        self.all.push_back(job);
        while self.all.len() > KEPT && self.all.front().is_some_and(|oldest| oldest.is_done) {
            self.all.pop_front();
            self.forgotten += 1;
        }
    }

    /// Takes out what the next job due by now changes; none when no job is due.
    pub fn end_next(&mut self, now_ms: i64) -> Option<(Vec<Change>, Verdict, i64)> {
        let &(end_ms, number) = self.due.first().filter(|(end_ms, _)| *end_ms <= now_ms)?;
        self.due.pop_first();
        let job = self.all.get_mut((number - self.forgotten) as usize)?;
        job.is_done = true;
        Some((std::mem::take(&mut job.changes), job.verdict, end_ms))
    }

    /// The changes that are still to be made, each with its job.
    pub fn pending(&self) -> impl Iterator<Item = (&Job, &Change)> {
        let jobs = self
            .due
            .iter()
            .filter_map(|(_, number)| self.all.get((number - self.forgotten) as usize));
        jobs.flat_map(|job| job.changes.iter().map(move |change| (job, change)))
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Job> {
        self.all.iter()
    }
}

impl Serialize for Jobs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.all.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Jobs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Jobs, D::Error> {
        let mut jobs = Jobs::default();
        let mut ids = BTreeSet::new();
        for job in Vec::<Job>::deserialize(deserializer)? {
            if !ids.insert(job.id.clone()) {
                return Err(D::Error::custom(format!("job {:?} is there twice", job.id)));
            }
            jobs.add(job);
        }
        Ok(jobs)
    }
}

impl State {
    /// Puts resources into a transition and starts the job that ends it, with one change for each.
    pub fn work_on(
        &mut self,
        call: &Call,
        out: &mut Json,
        ids: Vec<String>,
        transition: Transition,
        end: impl Fn(String) -> Change,
    ) {
        self.begin(&ids, transition);
        let changes = ids.iter().cloned().map(end).collect();
        let job = self.start_job(call, ids, changes);
        out.text("job_id", &job);
    }

    /// Starts a job that takes the configured time; gives its id.
    pub fn start_job(
        &mut self,
        call: &Call,
        resources: Vec<String>,
        changes: Vec<Change>,
    ) -> String {
        let id = self.ids.next("j-");
        let duration = i64::from(call.options.job_duration_ms);
        self.jobs.add(Job {
            id: id.clone(),
            action: call.action.to_owned(),
            zone: call.zone.to_owned(),
            owner: call.user.id.clone(),
            resources,
            created_ms: call.now_ms,
            work_ms: call.now_ms + duration / 4,
            end_ms: call.now_ms + duration,
            verdict: self.next_verdict,
            is_done: false,
            changes,
        });
        id
    }
}

/// `DescribeJobs`.
pub fn describe(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let page = Page::read(call)?;
    let ids = call.params.list("jobs")?;
    let statuses = call.params.list("status")?;
    let action = call.params.given("job_action");
    let owner = call.params.given("owner");
    let is_seen = |job: &Job| {
        (job.zone.is_empty() || job.zone == call.zone)
            && (call.user.is_root || job.owner == call.user.id)
    };
    check_known(call, &ids, |id| {
        state.jobs.iter().any(|job| job.id == id && is_seen(job))
    })?;
    let wanted = |job: &Job| {
        is_seen(job)
            && (ids.is_empty() || ids.contains(&job.id))
            && (statuses.is_empty()
                || statuses
                    .iter()
                    .any(|status| status == job.status(call.now_ms)))
            && action.is_none_or(|action| action == job.action)
            && owner.is_none_or(|owner| owner == job.owner)
    };
    let mut jobs: Vec<&Job> = state.jobs.iter().filter(|job| wanted(job)).collect();
    if page.reverse {
        jobs.reverse();
    }
    let shown = jobs.iter().skip(page.offset).take(page.limit);
    out.objects("job_set", shown, |out, job| {
        out.text("job_id", &job.id);
        out.text("job_action", &job.action);
        out.text("status", job.status(call.now_ms));
        out.text("owner", &job.owner);
        out.text("resource_ids", &job.resources.join(","));
        out.text("directive", "");
        out.time("create_time", job.created_ms);
        out.time("status_time", job.status_ms(call.now_ms));
    });
    out.number("total_count", jobs.len() as i64);
    Ok(())
}

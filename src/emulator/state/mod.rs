//! Everything that exists in the emulated account, and the actions that work on it.
//!
//! One file a family of resources. A handler checks everything before it changes anything, so that a
//! refused call leaves no trace.

use crate::emulator::names::*;
use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::call::Call;
use super::ids::Ids;
use super::json::Json;
use super::refusal::Refusal;

pub mod access_keys;
mod changes;
pub mod eips;
pub mod images;
mod instance_types;
pub mod instances;
pub mod jobs;
pub mod key_pairs;
pub mod members;
mod pending;
pub mod permissions;
pub mod project_stats;
pub mod projects;
pub mod quotas;
pub mod roles;
mod router_config;
pub mod router_statics;
pub mod routers;
pub mod rules;
pub mod security_groups;
pub mod security_rules;
pub mod snapshots;
pub mod store;
pub mod tags;
pub mod volumes;
pub mod vxnets;
pub mod words;
pub mod zones;

use store::{Head, Resource, Store};
use words::{Status, Transition};

/// How long a resource stays in the recycle bin, from the service's pages.
const BIN_MS: i64 = 2 * 60 * 60 * 1000;
/// Gone resources beyond this many are forgotten, oldest first.
const GONE_KEPT: usize = 1000;

/// The console that everything here belongs to.
pub const CONSOLE: &str = "emulator";

/// What a job ends in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    #[default]
    Successful,
    Failed,
    DoneWithFailure,
}

/// The emulated account.
#[derive(Serialize, Deserialize)]
pub struct State {
    pub ids: Ids,
    /// The user who owns the account.
    pub root: String,
    pub jobs: jobs::Jobs,
    pub projects: Store<projects::Project>,
    pub roles: Store<roles::Role>,
    pub rules: Store<rules::Rule>,
    pub members: Store<members::Member>,
    pub instances: Store<instances::Instance>,
    pub volumes: Store<volumes::Volume>,
    pub eips: Store<eips::Eip>,
    pub vxnets: Store<vxnets::Vxnet>,
    pub routers: Store<routers::Router>,
    pub router_statics: Store<router_statics::Static>,
    pub router_entries: Store<router_statics::Entry>,
    pub security_groups: Store<security_groups::Group>,
    pub security_rules: Store<security_rules::Rule>,
    pub key_pairs: Store<key_pairs::KeyPair>,
    pub images: Store<images::Image>,
    pub snapshots: Store<snapshots::Snapshot>,
    pub tags: Store<tags::Tag>,
    /// Access keys that were deleted; the keys themselves are options.
    pub deleted_keys: Vec<String>,
    /// What is in the recycle bin, oldest first: when it got there, and its id.
    gone: VecDeque<(i64, String)>,
    /// What has ceased, oldest first.
    ceased: VecDeque<String>,
    /// Numbers given out for private addresses, by network.
    addresses: BTreeMap<String, u32>,
    /// What the job of the call at hand will end in.
    #[serde(skip)]
    pub next_verdict: Verdict,
}

/// A handler of one action: checks, changes, writes the answer's members.
pub type Handler = fn(&mut State, &Call, &mut Json) -> Result<(), Refusal>;

/// The handler of an action that works on the state; none for a stateless one.
pub fn handler(action: &str) -> Option<Handler> {
    let families: [&[(&str, Handler)]; 19] = [
        instances::ACTIONS,
        projects::ACTIONS,
        roles::ACTIONS,
        rules::ACTIONS,
        members::ACTIONS,
        project_stats::ACTIONS,
        volumes::ACTIONS,
        eips::ACTIONS,
        vxnets::ACTIONS,
        routers::ACTIONS,
        router_config::ACTIONS,
        router_statics::ACTIONS,
        security_groups::ACTIONS,
        security_rules::ACTIONS,
        key_pairs::ACTIONS,
        images::ACTIONS,
        snapshots::ACTIONS,
        tags::ACTIONS,
        &[
            ("DescribeJobs", jobs::describe),
            ("DescribeZones", zones::describe),
            ("DescribeAccessKeys", access_keys::describe),
            ("DeleteAccessKeys", access_keys::delete),
            ("GetQuotaLeft", quotas::left),
            ("DescribeInstanceTypes", instance_types::describe),
        ],
    ];
    families
        .into_iter()
        .flatten()
        .find(|entry| entry.0 == action)
        .map(|entry| entry.1)
}

impl State {
    /// An account with what exists from the start: its owner, and `vxnet-0`.
    pub fn new(ids: Ids, root: &str) -> State {
        let mut vxnets = Store::default();
        vxnets.insert(vxnets::basic(root));
        State {
            ids,
            root: root.to_owned(),
            jobs: jobs::Jobs::default(),
            projects: Store::default(),
            roles: Store::default(),
            rules: Store::default(),
            members: Store::default(),
            instances: Store::default(),
            volumes: Store::default(),
            eips: Store::default(),
            vxnets,
            routers: Store::default(),
            router_statics: Store::default(),
            router_entries: Store::default(),
            security_groups: Store::default(),
            security_rules: Store::default(),
            key_pairs: Store::default(),
            images: Store::default(),
            snapshots: Store::default(),
            tags: Store::default(),
            deleted_keys: Vec::new(),
            gone: VecDeque::new(),
            ceased: VecDeque::new(),
            addresses: BTreeMap::new(),
            next_verdict: Verdict::Successful,
        }
    }

    /// Carries out what is due by now: ends of jobs, the emptying of the recycle bin.
    pub fn settle(&mut self, now_ms: i64) {
        while let Some((changes, verdict, end_ms)) = self.jobs.end_next(now_ms) {
            for change in changes {
                match verdict {
                    Verdict::Failed => self.undo(&change, end_ms),
                    Verdict::Successful | Verdict::DoneWithFailure => {
                        self.carry_out(change, end_ms)
                    }
                }
            }
        }
        while self
            .gone
            .front()
            .is_some_and(|(since_ms, _)| since_ms.saturating_add(BIN_MS) <= now_ms)
        {
            if let Some((since_ms, id)) = self.gone.pop_front() {
                self.cease(&id, since_ms.saturating_add(BIN_MS));
            }
        }
        // In batches, since forgetting one costs as much as forgetting many.
        if self.gone.len() + self.ceased.len() > GONE_KEPT + GONE_KEPT / 4 {
            self.forget();
        }
    }

    /// Marks a resource as being in the recycle bin.
    pub fn bin(&mut self, id: &str, status: Status, now_ms: i64) {
        if let Some(head) = self.head_mut(id) {
            head.settle(status, now_ms);
            self.gone.push_back((now_ms, id.to_owned()));
        }
    }

    /// Ends a resource for good; it is still listed for a while.
    pub fn cease(&mut self, id: &str, now_ms: i64) {
        if let Some(head) = self.head_mut(id) {
            head.settle(Status::Ceased, now_ms);
            self.gone.retain(|(_, gone)| gone != id);
            self.ceased.push_back(id.to_owned());
        }
    }

    fn forget(&mut self) {
        let mut surplus = (self.gone.len() + self.ceased.len()).saturating_sub(GONE_KEPT);
        let mut ids = std::collections::HashSet::new();
        while surplus > 0 {
            let Some(id) = self
                .ceased
                .pop_front()
                .or_else(|| self.gone.pop_front().map(|(_, id)| id))
            else {
                break;
            };
            ids.insert(id);
            surplus -= 1;
        }
        fn drop_from<T: Resource>(store: &mut Store<T>, ids: &std::collections::HashSet<String>) {
            if ids.iter().any(|id| store.get(id).is_some()) {
                store.retain(|item| !ids.contains(&item.head().id));
            }
        }
        drop_from(&mut self.instances, &ids);
        drop_from(&mut self.volumes, &ids);
        drop_from(&mut self.eips, &ids);
        drop_from(&mut self.routers, &ids);
        drop_from(&mut self.images, &ids);
        drop_from(&mut self.snapshots, &ids);
    }

    /// The common part of any resource, found by the form of its id.
    pub fn head(&self, id: &str) -> Option<&Head> {
        fn of<'a, T: Resource>(store: &'a Store<T>, id: &str) -> Option<&'a Head> {
            store.get(id).map(Resource::head)
        }
        match id.split_once('-').map_or("", |(prefix, _)| prefix) {
            "i" => of(&self.instances, id),
            "vol" => of(&self.volumes, id),
            "eip" => of(&self.eips, id),
            "vxnet" => of(&self.vxnets, id),
            "rtr" => of(&self.routers, id),
            "sg" => of(&self.security_groups, id),
            "kp" => of(&self.key_pairs, id),
            "img" => of(&self.images, id),
            "ss" => of(&self.snapshots, id),
            "tag" => of(&self.tags, id),
            "pj" => of(&self.projects, id),
            _ => None,
        }
    }

    /// As [`State::head`], to change it.
    pub fn head_mut(&mut self, id: &str) -> Option<&mut Head> {
        fn of<'a, T: Resource>(store: &'a mut Store<T>, id: &str) -> Option<&'a mut Head> {
            store.get_mut(id).map(Resource::head_mut)
        }
        match id.split_once('-').map_or("", |(prefix, _)| prefix) {
            "i" => of(&mut self.instances, id),
            "vol" => of(&mut self.volumes, id),
            "eip" => of(&mut self.eips, id),
            "vxnet" => of(&mut self.vxnets, id),
            "rtr" => of(&mut self.routers, id),
            "sg" => of(&mut self.security_groups, id),
            "kp" => of(&mut self.key_pairs, id),
            "img" => of(&mut self.images, id),
            "ss" => of(&mut self.snapshots, id),
            "tag" => of(&mut self.tags, id),
            "pj" => of(&mut self.projects, id),
            _ => None,
        }
    }

    /// The head of a new resource in the caller's zone.
    pub fn new_head<T: Resource>(&mut self, call: &Call, name: &str, status: Status) -> Head {
        let mut id = self.ids.next(T::PREFIX);
        // A restored snapshot may hold an id that the generator is still to make.
        while self.head(&id).is_some() {
            id = self.ids.next(T::PREFIX);
        }
        Head {
            id,
            name: name.to_owned(),
            description: String::new(),
            zone: call.zone.to_owned(),
            owner: call.user.id.clone(),
            project: call
                .params
                .text("project_id")
                .unwrap_or_default()
                .to_owned(),
            status,
            transition: Transition::None,
            created_ms: call.now_ms,
            status_ms: call.now_ms,
            tags: Vec::new(),
        }
    }

    /// Marks resources as in transition.
    pub fn begin<'a>(&mut self, ids: impl IntoIterator<Item = &'a String>, transition: Transition) {
        for id in ids {
            if let Some(head) = self.head_mut(id) {
                head.transition = transition;
            }
        }
    }
}

/// The named resource, if the caller sees it.
pub fn find<'a, T: Resource>(store: &'a Store<T>, call: &Call, id: &str) -> Result<&'a T, Refusal> {
    store
        .get(id)
        .filter(|item| call.sees(item.head()))
        .ok_or_else(|| Refusal::not_found(id))
}

/// Finds each of the named resources and refuses when one is not in a status that allows what is asked.
///
/// `done` completes the sentence, such as `stopped`.
pub fn ready<'a, T: Resource>(
    store: &'a Store<T>,
    call: &Call,
    ids: &[String],
    from: &[Status],
    done: &str,
) -> Result<Vec<&'a T>, Refusal> {
    ids.iter()
        .map(|id| ready_one(store, call, id, from, done))
        .collect()
}

fn check_ready<T: Resource>(item: &T, from: &[Status], done: &str) -> Result<(), Refusal> {
    let (head, kind) = (item.head(), T::TYPE);
    let id = &head.id;
    match head.transition {
        Transition::None => {}
        // In these words the service has refused to use what was still being made.
        Transition::Creating => {
            return Err(Refusal::denied(format!(
                "resource [{id}] is [creating], please try later"
            )));
        }
        other => {
            return Err(Refusal::denied(format!(
                "{kind} [{id}] is in transition status [{}], can not be {done}",
                other.word()
            )));
        }
    }
    if !from.contains(&head.status) {
        let wanted: Vec<&str> = from.iter().map(|status| status.word()).collect();
        return Err(Refusal::denied(format!(
            "{kind} [{id}] is not {}, can not be {done}",
            wanted.join(" or ")
        )));
    }
    Ok(())
}

/// As [`ready`], for one resource.
pub fn ready_one<'a, T: Resource>(
    store: &'a Store<T>,
    call: &Call,
    id: &str,
    from: &[Status],
    done: &str,
) -> Result<&'a T, Refusal> {
    let item = find(store, call, id)?;
    check_ready(item, from, done)?;
    Ok(item)
}

/// The named resource, unless it is gone; `done` as in [`ready`].
pub fn present<'a, T: Resource>(
    store: &'a Store<T>,
    call: &Call,
    id: &str,
    done: &str,
) -> Result<&'a T, Refusal> {
    let item = find(store, call, id)?;
    check_present(T::TYPE, item.head(), done)?;
    Ok(item)
}

fn check_present(kind: &str, head: &Head, done: &str) -> Result<(), Refusal> {
    if !head.status.is_gone() {
        return Ok(());
    }
    Err(Refusal::denied(format!(
        "{kind} [{}] is {}, can not be {done}",
        head.id,
        head.status.word()
    )))
}

/// Does what all `Modify…Attributes` actions do to a resource that is not gone; gives it for the rest.
pub fn modify_one<'a, T: Resource>(
    store: &'a mut Store<T>,
    call: &Call,
    id: &str,
    name: &str,
) -> Result<&'a mut T, Refusal> {
    present(store, call, id, "modified")?;
    let item = store.get_mut(id).ok_or_else(|| Refusal::not_found(id))?;
    rename(item.head_mut(), call, name);
    Ok(item)
}

/// Changes name and description as the `Modify…Attributes` actions do; an absent parameter changes nothing.
pub fn rename(head: &mut Head, call: &Call, name: &str) {
    if let Some(text) = call.params.text(name) {
        text.clone_into(&mut head.name);
    }
    if let Some(text) = call.params.text("description") {
        text.clone_into(&mut head.description);
    }
}

/// The members that most resources show.
pub fn show_times(out: &mut Json, head: &Head) {
    out.text("status", head.status.word());
    out.text("transition_status", head.transition.shown());
    out.time("create_time", head.created_ms);
    out.time("status_time", head.status_ms);
}

//! Security groups: create, describe, apply, delete, modify, snapshots of their rules.

use crate::emulator::names::*;

use serde::{Deserialize, Serialize};

use super::jobs::Change;
use super::security_rules;
use super::store::{Head, Resource};
use super::words::Status;
use super::{Handler, State, find, modify_one, quotas, ready, tags};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query::{self, Page};
use crate::emulator::refusal::Refusal;

pub const ACTIONS: &[(&str, Handler)] = &[
    ("DescribeSecurityGroups", describe),
    ("CreateSecurityGroup", create),
    ("DeleteSecurityGroups", delete),
    ("ApplySecurityGroup", apply),
    ("ModifySecurityGroupAttributes", modify),
    ("CreateSecurityGroupSnapshot", create_snapshot),
    ("DescribeSecurityGroupSnapshots", describe_snapshots),
    ("DeleteSecurityGroupSnapshots", delete_snapshots),
    ("RollbackSecurityGroup", roll_back),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Group {
    pub head: Head,
    pub is_default: bool,
    /// Whether its rules are in force.
    pub is_applied: bool,
    pub snapshots: Vec<GroupSnapshot>,
}

/// The rules of a group as they once were.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GroupSnapshot {
    pub id: String,
    pub name: String,
    pub rules: Vec<security_rules::Rule>,
}

impl Resource for Group {
    const PREFIX: &'static str = "sg-";
    const TYPE: &'static str = "security_group";
    fn head(&self) -> &Head {
        &self.head
    }
    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

fn create(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let name = call.params.required("security_group_name")?;
    quotas::check(state, call, "security_group", 1)?;
    let head = state.new_head::<Group>(call, name, Status::Active);
    out.text("security_group_id", &head.id);
    state.security_groups.insert(Group {
        head,
        is_default: false,
        is_applied: true,
        snapshots: Vec::new(),
    });
    Ok(())
}

fn delete(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("security_groups")?;
    for id in &ids {
        if find(&state.security_groups, call, id)?.is_default {
            return Err(Refusal::denied(format!(
                "security_group [{id}] is the default one, can not be deleted"
            )));
        }
        let host = state
            .instances
            .items()
            .iter()
            .find(|instance| instance.security_group == *id)
            .map(|host| ("instance", &host.head.id));
        let router = || {
            state
                .routers
                .items()
                .iter()
                .find(|router| router.security_group == *id && !router.head.status.is_gone())
        };
        if let Some((kind, user)) =
            host.or_else(|| router().map(|router| ("router", &router.head.id)))
        {
            return Err(Refusal::denied(format!(
                "security_group [{id}] is in use by {kind} [{user}], can not be deleted"
            )));
        }
        state.check_free(
            "security_group",
            id,
            "deleted",
            |change| matches!(change, Change::ApplySecurityGroup { group, .. } if group == id),
        )?;
    }
    state
        .security_groups
        .retain(|group| !ids.contains(&group.head.id));
    state
        .security_rules
        .retain(|rule| !ids.contains(&rule.group));
    out.texts("security_groups", &ids);
    Ok(())
}

fn apply(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("security_group")?.to_owned();
    find(&state.security_groups, call, &id)?;
    let instances = call.params.list("instances")?;
    ready(
        &state.instances,
        call,
        &instances,
        &[Status::Running, Status::Stopped],
        "given a security group",
    )?;
    let mut resources = instances.clone();
    resources.insert(0, id.clone());
    let job = state.start_job(
        call,
        resources,
        Vec::from([Change::ApplySecurityGroup {
            group: id,
            instances,
        }]),
    );
    out.text("job_id", &job);
    Ok(())
}

fn modify(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("security_group")?;
    modify_one(&mut state.security_groups, call, id, "security_group_name")?;
    out.text("security_group_id", id);
    Ok(())
}

fn describe(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let name = call.params.given("security_group_name");
    let keep = |group: &Group| name.is_none_or(|name| name == group.head.name);
    query::list(
        out,
        call,
        &state.security_groups,
        "security_groups",
        "security_group_set",
        keep,
        |out, group| {
            let head = &group.head;
            out.text("security_group_id", &head.id);
            out.text("security_group_name", &head.name);
            out.text("description", &head.description);
            out.flag("is_applied", group.is_applied);
            out.flag("is_default", group.is_default);
            out.time("create_time", head.created_ms);
            let hosts = state
                .instances
                .items()
                .iter()
                .filter(|instance| instance.security_group == head.id);
            out.objects("resources", hosts, |out, host| {
                out.text("resource_id", &host.head.id);
                out.text("resource_name", &host.head.name);
                out.text("resource_type", "instance");
            });
            tags::show_of(out, state, head);
        },
    )
}

fn create_snapshot(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let group = call.params.required("security_group")?;
    find(&state.security_groups, call, group)?;
    let rules = state
        .security_rules
        .items()
        .iter()
        .filter(|rule| rule.group == group)
        .cloned()
        .collect();
    let id = state.ids.next("sgs-");
    if let Some(group) = state.security_groups.get_mut(group) {
        let name = call.params.text("name").unwrap_or_default().to_owned();
        group.snapshots.push(GroupSnapshot {
            id: id.clone(),
            name,
            rules,
        });
    }
    out.text("security_group_id", group);
    out.text("security_group_snapshot_id", &id);
    Ok(())
}

fn describe_snapshots(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let group = call.params.required("security_group")?;
    let group = find(&state.security_groups, call, group)?;
    let page = Page::read(call)?;
    let ids = call.params.list("security_group_snapshots")?;
    query::check_known(call, &ids, |id| {
        group.snapshots.iter().any(|snapshot| snapshot.id == id)
    })?;
    let mut snapshots: Vec<_> = group
        .snapshots
        .iter()
        .filter(|snapshot| ids.is_empty() || ids.contains(&snapshot.id))
        .collect();
    if page.reverse {
        snapshots.reverse();
    }
    out.objects(
        "security_group_snapshot_set",
        snapshots.iter().skip(page.offset).take(page.limit),
        |out, snapshot| {
            out.text("group_id", &group.head.id);
            out.text("security_group_snapshot_id", &snapshot.id);
            out.objects("rules", &snapshot.rules, |out, rule| {
                security_rules::show(out, rule)
            });
        },
    );
    out.number("total_count", snapshots.len() as i64);
    Ok(())
}

fn delete_snapshots(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("security_group_snapshots")?;
    for id in &ids {
        let known = |group: &Group| {
            call.sees(&group.head) && group.snapshots.iter().any(|snapshot| snapshot.id == *id)
        };
        if !state.security_groups.items().iter().any(known) {
            return Err(Refusal::not_found(id));
        }
    }
    for group in state.security_groups.iter_mut() {
        group
            .snapshots
            .retain(|snapshot| !ids.contains(&snapshot.id));
    }
    out.texts("security_group_snapshots", &ids);
    Ok(())
}

fn roll_back(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let group = call.params.required("security_group")?;
    let id = call.params.required("security_group_snapshot")?;
    let snapshots = &find(&state.security_groups, call, group)?.snapshots;
    let snapshot = snapshots
        .iter()
        .find(|snapshot| snapshot.id == id)
        .ok_or_else(|| Refusal::not_found(id))?;
    let rules = snapshot.rules.clone();
    state.security_rules.retain(|rule| rule.group != group);
    for rule in rules {
        state.security_rules.insert(rule);
    }
    if let Some(group) = state.security_groups.get_mut(group) {
        group.is_applied = false;
    }
    out.text("security_group_id", group);
    out.text("security_group_snapshot_id", id);
    Ok(())
}

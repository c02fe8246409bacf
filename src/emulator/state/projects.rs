//! Projects: create, describe, modify, delete.

use crate::emulator::names::*;

use serde::{Deserialize, Serialize};

use super::members::{self, Member};
use super::roles::{self, Role};
use super::store::{Head, Resource, Store};
use super::words::Status;
use super::{Handler, State, find, modify_one, quotas};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query;
use crate::emulator::refusal::Refusal;

pub const ACTIONS: &[(&str, Handler)] = &[
    ("CreateProject", create),
    ("DescribeProjects", describe),
    ("ModifyProjectAttributes", modify),
    ("DeleteProjects", delete),
];

/// A project. Its head's `project` is its own id, so that its members see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Project {
    pub head: Head,
    pub resource_group: String,
    /// JSON text, as it came.
    pub meta: String,
}

impl Resource for Project {
    const PREFIX: &'static str = "pj-";
    const TYPE: &'static str = "project";
    fn head(&self) -> &Head {
        &self.head
    }
    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

/// The `meta` of a request: JSON text of a list, or nothing.
fn meta(call: &Call) -> Result<Option<String>, Refusal> {
    let Some(text) = call.params.given("meta") else {
        return Ok(None);
    };
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(serde_json::Value::Array(_)) => Ok(Some(text.to_owned())),
        _ => Err(Refusal::format(
            "parameter [meta] should be JSON text of a list",
        )),
    }
}

fn create(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let color = || {
        let color = call.params.given("color")?;
        Some(serde_json::json!([{ "color": color }]).to_string())
    };
    let meta = meta(call)?
        .or_else(color)
        .unwrap_or_else(|| "[]".to_owned());
    quotas::check(state, call, "project", 1)?;

    let mut head = state.new_head::<Project>(
        call,
        call.params.text("project_name").unwrap_or_default(),
        Status::Active,
    );
    call.params
        .text("description")
        .unwrap_or_default()
        .clone_into(&mut head.description);
    head.zone.clear();
    head.project.clone_from(&head.id);
    let id = head.id.clone();
    let resource_group = state.ids.next("rg-");
    state.projects.insert(Project {
        head,
        resource_group,
        meta,
    });
    let owner_role = roles::make_built_in(state, call, &id, "owner");
    roles::make_built_in(state, call, &id, "member");
    members::make_owner(state, call, &id, &owner_role);
    out.text("project_id", &id);
    Ok(())
}

fn modify(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("project_id")?;
    let meta = meta(call)?;
    let project = modify_one(&mut state.projects, call, id, "project_name")?;
    if let Some(meta) = meta {
        project.meta = meta;
    }
    out.text("project_id", id);
    out.text("project_name", &project.head.name);
    out.text("meta", &project.meta);
    Ok(())
}

fn delete(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("project_ids")?;
    for id in &ids {
        let project = find(&state.projects, call, id)?;
        if !call.user.is_root && project.head.owner != call.user.id {
            return Err(Refusal::denied(format!(
                "project [{id}] does not belong to user [{}], can not be deleted",
                call.user.id
            )));
        }
        if let Some(resource) = contents(state, id).first() {
            return Err(Refusal::denied(format!(
                "project [{id}] is in use by {} [{}], can not be deleted",
                resource.0, resource.1.id
            )));
        }
    }
    let belongs = |head: &Head| ids.contains(&head.project);
    state.projects.retain(|project| !belongs(&project.head));
    state.roles.retain(|role: &Role| !belongs(&role.head));
    state.rules.retain(|rule| !belongs(&rule.head));
    state
        .members
        .retain(|member: &Member| !belongs(&member.head));
    out.texts("project_ids", &ids);
    Ok(())
}

/// What a project holds, as pairs of type and head; what is gone does not count.
pub fn contents<'a>(state: &'a State, project: &str) -> Vec<(&'static str, &'a Head)> {
    fn of<'a, T: Resource>(
        into: &mut Vec<(&'static str, &'a Head)>,
        store: &'a Store<T>,
        project: &str,
    ) {
        let heads = store.items().iter().map(Resource::head);
        into.extend(
            heads
                .filter(|head| head.project == project && !head.status.is_gone())
                .map(|head| (T::TYPE, head)),
        );
    }
    let mut found = Vec::new();
    of(&mut found, &state.instances, project);
    of(&mut found, &state.volumes, project);
    of(&mut found, &state.eips, project);
    of(&mut found, &state.vxnets, project);
    of(&mut found, &state.routers, project);
    of(&mut found, &state.security_groups, project);
    of(&mut found, &state.key_pairs, project);
    of(&mut found, &state.images, project);
    of(&mut found, &state.snapshots, project);
    of(&mut found, &state.tags, project);
    found
}

fn describe(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    // `shared` adds those that belong to others and let the caller in.
    let shared = matches!(call.params.text("shared"), Some("true" | "True" | "1"));
    let keep = |project: &Project| shared || project.head.owner == call.user.id;
    query::list(
        out,
        call,
        &state.projects,
        "project_ids",
        "project_set",
        keep,
        |out, project| {
            let head = &project.head;
            out.text("project_id", &head.id);
            out.text("project_name", &head.name);
            out.text("description", &head.description);
            out.text("status", head.status.word());
            out.text("resource_group_id", &project.resource_group);
            out.flag("enabled", true);
            out.text("owner", &head.owner);
            out.text("owner_name", members::owner_name(state, head));
            out.text("root_user_id", call.root);
            out.text("console_id", super::CONSOLE);
            out.text("meta", &project.meta);
            out.time("create_time", head.created_ms);
        },
    )
}

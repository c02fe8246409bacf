//! Roles, of a project or of the whole account: create, describe, modify, delete.

use crate::emulator::names::*;

use serde::{Deserialize, Serialize};

use super::store::{Head, Resource};
use super::words::Status;
use super::{Handler, State, find, rename, rules};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query;
use crate::emulator::refusal::Refusal;

pub const ACTIONS: &[(&str, Handler)] = &[
    ("CreateGroupRoles", create),
    ("DescribeGroupRoles", describe),
    ("ModifyGroupRoleAttributes", modify),
    ("DeleteGroupRoles", delete),
];

/// How many roles one call makes at most.
const MOST: i64 = 100;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Role {
    pub head: Head,
    /// The group of those who have this role.
    pub user_group: String,
    /// `owner` and `member` come with every project; lists do not show them unless asked for by id.
    pub is_built_in: bool,
}

impl Resource for Role {
    const PREFIX: &'static str = "gr-";
    const TYPE: &'static str = "group_role";
    fn head(&self) -> &Head {
        &self.head
    }
    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

fn make(state: &mut State, call: &Call, project: &str, name: &str, is_built_in: bool) -> String {
    let mut head = state.new_head::<Role>(call, name, Status::Enabled);
    head.zone.clear();
    project.clone_into(&mut head.project);
    if let Some(project) = state.projects.get(project) {
        head.owner.clone_from(&project.head.owner);
    }
    call.params
        .text("description")
        .filter(|_| !is_built_in)
        .unwrap_or_default()
        .clone_into(&mut head.description);
    let id = head.id.clone();
    let user_group = state.ids.next("ug-");
    state.roles.insert(Role {
        head,
        user_group,
        is_built_in,
    });
    id
}

/// A role that comes with a project.
pub fn make_built_in(state: &mut State, call: &Call, project: &str, name: &str) -> String {
    make(state, call, project, name, true)
}

/// The project a role action is about; empty for the account itself.
pub fn project<'a>(state: &State, call: &'a Call) -> Result<&'a str, Refusal> {
    let project = call.params.text("project_id").unwrap_or_default();
    if !project.is_empty() {
        find(&state.projects, call, project)?;
    }
    Ok(project)
}

/// A role of this project, or of the account.
pub fn named<'a>(
    state: &'a State,
    call: &Call,
    project: &str,
    id: &str,
) -> Result<&'a Role, Refusal> {
    find(&state.roles, call, id)
        .ok()
        .filter(|role| role.head.project == project)
        .ok_or_else(|| Refusal::not_found(id))
}

/// `enabled` or `disabled`, if given.
pub fn status(call: &Call) -> Result<Option<Status>, Refusal> {
    match call.params.text("status") {
        None | Some("") => Ok(None),
        Some("enabled") => Ok(Some(Status::Enabled)),
        Some("disabled") => Ok(Some(Status::Disabled)),
        Some(other) => Err(Refusal::format(format!(
            "parameter [status] should be enabled or disabled, got [{other}]"
        ))),
    }
}

fn create(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    if call.params.required("role_type")? != "rule" {
        return Err(Refusal::format("parameter [role_type] should be rule"));
    }
    let project = project(state, call)?;
    let count = call.params.integer_from("count", 1, 1)?;
    if count > MOST {
        return Err(Refusal::quota(format!(
            "at most [{MOST}] group roles can be made at once"
        )));
    }
    let name = call.params.text("group_role_name").unwrap_or_default();
    let ids: Vec<String> = (0..count)
        .map(|_| make(state, call, project, name, false))
        .collect();
    out.texts("group_role_ids", &ids);
    Ok(())
}

fn modify(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("group_role")?;
    let project = project(state, call)?;
    if named(state, call, project, id)?.is_built_in {
        return Err(Refusal::denied(format!(
            "group_role [{id}] comes with the project, can not be modified"
        )));
    }
    let status = status(call)?;
    if let Some(role) = state.roles.get_mut(id) {
        rename(&mut role.head, call, "group_role_name");
        if let Some(status) = status {
            role.head.settle(status, call.now_ms);
        }
        out.text("group_role_id", id);
        out.text("group_role_name", &role.head.name);
        out.text("description", &role.head.description);
    }
    Ok(())
}

fn delete(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("group_roles")?;
    let project = project(state, call)?;
    for id in &ids {
        if named(state, call, project, id)?.is_built_in {
            return Err(Refusal::denied(format!(
                "group_role [{id}] comes with the project, can not be deleted"
            )));
        }
        if let Some(member) = state
            .members
            .items()
            .iter()
            .find(|member| member.role == *id)
        {
            return Err(Refusal::denied(format!(
                "group_role [{id}] is in use by project_member [{}], can not be deleted",
                member.head.id
            )));
        }
    }
    state.roles.retain(|role| !ids.contains(&role.head.id));
    state.rules.retain(|rule| !ids.contains(&rule.role));
    out.texts("group_role_ids", &ids);
    Ok(())
}

fn describe(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let project = project(state, call)?;
    let by_id = call.params.has("group_roles");
    let verbose = call.params.flag("verbose");
    let keep = |role: &Role| role.head.project == project && (by_id || !role.is_built_in);
    query::list(
        out,
        call,
        &state.roles,
        "group_roles",
        "group_role_set",
        keep,
        |out, role| {
            let head = &role.head;
            out.text("group_role_id", &head.id);
            out.text("group_role_name", &head.name);
            out.text("role_type", "rule");
            out.text("description", &head.description);
            out.text("status", head.status.word());
            out.flag("read_only", role.is_built_in);
            out.text_or_null("iamg_role_id", None);
            out.time("create_time", head.created_ms);
            out.time("status_time", head.status_ms);
            if verbose {
                let rules = state
                    .rules
                    .items()
                    .iter()
                    .filter(|rule| rule.role == head.id);
                out.objects("group_role_rule_set", rules, |out, rule| {
                    rules::show(out, rule);
                    out.text("owner", &rule.head.owner);
                    out.text("root_user_id", call.root);
                    out.text("console_id", super::CONSOLE);
                    out.text("controller", "self");
                });
            }
        },
    )
}

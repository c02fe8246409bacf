//! Members of projects: add, describe, modify, delete.

use crate::emulator::names::*;

use serde::{Deserialize, Serialize};

use super::roles::Role;
use super::store::{Head, Resource};
use super::words::Status;
use super::{Handler, State, find};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query;
use crate::emulator::refusal::Refusal;

pub const ACTIONS: &[(&str, Handler)] = &[
    ("AddProjectMember", add),
    ("DescribeProjectMembers", describe),
    ("ModifyProjectMemberAtrributes", modify),
    ("DeleteProjectMembers", delete),
];

/// What `AddProjectMember` must say of each, from its page.
const NEEDED: [&str; 4] = [
    "project_member_name",
    "project_member_info",
    "project_member_type",
    "role",
];

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Member {
    pub head: Head,
    /// The mail address or id the member was added by.
    pub info: String,
    pub kind: String,
    pub user: String,
    pub role: String,
    pub is_owner: bool,
}

impl Resource for Member {
    const PREFIX: &'static str = "pm-";
    const TYPE: &'static str = "project_member";
    fn head(&self) -> &Head {
        &self.head
    }
    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The user behind what a member was added by: that of an access key, else a new one.
fn user_of(state: &mut State, call: &Call, info: &str) -> String {
    let known = call.options.access_keys.iter().find_map(|key| {
        let user = key.user_id.as_deref().unwrap_or(call.root);
        (key.email.as_deref() == Some(info) || user == info).then(|| user.to_owned())
    });
    let earlier = || {
        state
            .members
            .items()
            .iter()
            .find(|member| member.info == info)
            .map(|member| member.user.clone())
    };
    known
        .or_else(earlier)
        .unwrap_or_else(|| format!("usr-{}", state.ids.text(LETTERS, 8)))
}

fn head(state: &mut State, call: &Call, project: &str, name: &str) -> Head {
    let mut head = state.new_head::<Member>(call, name, Status::Active);
    head.zone.clear();
    project.clone_into(&mut head.project);
    head
}

/// The member that a project's owner is.
pub fn make_owner(state: &mut State, call: &Call, project: &str, role: &str) {
    let head = head(state, call, project, "owner");
    let mail = call
        .options
        .access_keys
        .iter()
        .find(|key| key.user_id.as_deref().unwrap_or(call.root) == call.user.id);
    let info = mail
        .and_then(|key| key.email.clone())
        .unwrap_or_else(|| "owner@example.com".to_owned());
    state.members.insert(Member {
        head,
        info,
        kind: "user".to_owned(),
        user: call.user.id.clone(),
        role: role.to_owned(),
        is_owner: true,
    });
}

/// The name a project's owner has in it.
pub fn owner_name<'a>(state: &'a State, project: &Head) -> &'a str {
    let owner = state
        .members
        .items()
        .iter()
        .find(|member| member.is_owner && member.head.project == project.id);
    owner.map_or("owner", |member| &member.head.name)
}

fn role<'a>(state: &'a State, call: &Call, project: &str, id: &str) -> Result<&'a Role, Refusal> {
    find(&state.roles, call, id)
        .ok()
        .filter(|role| role.head.project == project)
        .ok_or_else(|| Refusal::not_found(id))
}

fn add(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let project = call.params.required("project_id")?;
    let owner = find(&state.projects, call, project)?.head.owner.clone();
    let items = call.params.objects("project_members")?;
    if items.is_empty() {
        return Err(Refusal::format("missing parameter [project_members]"));
    }
    for (at, item) in items.iter().enumerate() {
        for name in NEEDED {
            if item.get(name).is_none_or(String::is_empty) {
                return Err(Refusal::format(format!(
                    "each of [project_members] needs a [{name}]"
                )));
            }
        }
        role(state, call, project, &item["role"])?;
        let info = &item["project_member_info"];
        let there = state
            .members
            .items()
            .iter()
            .any(|member| member.head.project == project && member.info == *info);
        if there
            || items[..at]
                .iter()
                .any(|earlier| earlier.get("project_member_info") == Some(info))
        {
            return Err(Refusal::denied(format!(
                "[{info}] is already a member of project [{project}]"
            )));
        }
    }
    let mut ids = Vec::new();
    for item in items {
        let user = user_of(state, call, &item["project_member_info"]);
        let mut head = head(state, call, project, &item["project_member_name"]);
        head.owner.clone_from(&owner);
        ids.push(head.id.clone());
        let text = |name: &str| item.get(name).cloned().unwrap_or_default();
        state.members.insert(Member {
            head,
            info: text("project_member_info"),
            kind: text("project_member_type"),
            user,
            role: text("role"),
            is_owner: false,
        });
    }
    out.texts("project_member_ids", &ids);
    Ok(())
}

fn named<'a>(
    state: &'a State,
    call: &Call,
    project: &str,
    id: &str,
) -> Result<&'a Member, Refusal> {
    find(&state.members, call, id)
        .ok()
        .filter(|member| member.head.project == project)
        .ok_or_else(|| Refusal::not_found(id))
}

fn modify(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let project = call.params.required("project_id")?;
    let id = call.params.required("project_member_id")?;
    let name = call.params.required("project_member_name")?;
    // The page's table says `role_id`, its example `role`.
    let wanted = call
        .params
        .text("role")
        .or(call.params.text("role_id"))
        .unwrap_or_default();
    if wanted.is_empty() {
        return Err(Refusal::format("missing parameter [role]"));
    }
    find(&state.projects, call, project)?;
    let member = named(state, call, project, id)?;
    role(state, call, project, wanted)?;
    if member.is_owner && member.role != wanted {
        return Err(Refusal::denied(format!(
            "project_member [{id}] is the owner of project [{project}], can not be given another role"
        )));
    }
    if let Some(member) = state.members.get_mut(id) {
        name.clone_into(&mut member.head.name);
        wanted.clone_into(&mut member.role);
    }
    out.text("project_member_id", id);
    Ok(())
}

fn delete(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let project = call.params.required("project_id")?;
    let group = call.params.required("user_group_id")?;
    let ids = call.params.required_list("project_member_ids")?;
    find(&state.projects, call, project)?;
    for id in &ids {
        let member = named(state, call, project, id)?;
        if member.is_owner {
            return Err(Refusal::denied(format!(
                "project_member [{id}] is the owner of project [{project}], can not be deleted"
            )));
        }
        if state
            .roles
            .get(&member.role)
            .is_none_or(|role| role.user_group != group)
        {
            return Err(Refusal::not_found(group));
        }
    }
    state
        .members
        .retain(|member| !ids.contains(&member.head.id));
    out.texts("project_member_ids", &ids);
    Ok(())
}

fn describe(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let project = call.params.required("project_id")?;
    find(&state.projects, call, project)?;
    query::list(
        out,
        call,
        &state.members,
        "project_member_ids",
        "project_member_set",
        |_| true,
        |out, member| {
            let head = &member.head;
            let role = state.roles.get(&member.role);
            out.text("project_member_id", &head.id);
            out.text("project_member_name", &head.name);
            out.text("project_member_info", &member.info);
            out.text("project_member_type", &member.kind);
            out.text("project_member_user_id", &member.user);
            out.text("project_id", &head.project);
            out.text("role", &member.role);
            out.text("group_role_name", role.map_or("", |role| &role.head.name));
            out.text("user_group_id", role.map_or("", |role| &role.user_group));
            out.flag("is_project_owner", member.is_owner);
            out.flag("enabled", true);
            out.text("gravatar_email", &member.info);
            out.text("description", &head.description);
            out.text("owner", &head.owner);
            out.text("root_user_id", call.root);
            out.text("console_id", super::CONSOLE);
            out.time("create_time", head.created_ms);
        },
    )
}

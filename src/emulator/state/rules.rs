//! Rules of roles: add, describe, modify, delete.

use crate::emulator::names::*;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::roles::{named as named_role, project, status};
use super::store::{Head, Resource};
use super::words::Status;
use super::{Handler, State, find};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query;
use crate::emulator::refusal::Refusal;

pub const ACTIONS: &[(&str, Handler)] = &[
    ("AddGroupRoleRules", add),
    ("DescribeGroupRoleRules", describe),
    ("ModifyGroupRoleRuleAttributes", modify),
    ("DeleteGroupRoleRules", delete),
];

/// The actions of one type of resource that a rule of policy `action` names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principle {
    pub resource_type: String,
    pub actions: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rule {
    pub head: Head,
    pub role: String,
    pub policy: String,
    pub principle: Option<Principle>,
}

impl Resource for Rule {
    const PREFIX: &'static str = "grr-";
    const TYPE: &'static str = "group_role_rule";
    fn head(&self) -> &Head {
        &self.head
    }
    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

/// Refuses a policy that is neither `action` nor of the form `resource_type.operation`.
fn checked_policy(policy: &str) -> Result<&str, Refusal> {
    let is_pattern = policy.split_once('.').is_some_and(|(kind, operation)| {
        !kind.is_empty() && ["create", "delete", "describe", "modify", "all"].contains(&operation)
    });
    if policy == "action" || policy == "all.project_manage" || is_pattern {
        return Ok(policy);
    }
    Err(Refusal::format(format!(
        "parameter [policy] should be action, all.project_manage or resource_type.operation, got [{policy}]"
    )))
}

/// The `principle` of a request: nothing, one object, or a list of objects.
fn principles(call: &Call) -> Result<Vec<Principle>, Refusal> {
    let Some(text) = call.params.given("principle") else {
        return Ok(Vec::new());
    };
    let wrong = || {
        Refusal::format(
            "parameter [principle] should be JSON text of objects with resource_type and actions",
        )
    };
    let items = match serde_json::from_str(text) {
        Ok(Value::Array(items)) => items,
        Ok(item @ Value::Object(_)) => Vec::from([item]),
        Ok(Value::String(text)) if text.is_empty() => Vec::new(),
        _ => return Err(wrong()),
    };
    items
        .into_iter()
        .map(|item| serde_json::from_value(item).map_err(|_| wrong()))
        .collect()
}

fn show_principle(out: &mut Json, principle: &Principle) {
    out.text("resource_type", &principle.resource_type);
    out.texts("actions", &principle.actions);
}

fn add(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let role = call.params.required("group_role")?;
    let policy = checked_policy(call.params.required("policy")?)?;
    let project = project(state, call)?;
    let owner = named_role(state, call, project, role)?.head.owner.clone();
    let principles = principles(call)?;
    if policy == "action" && principles.is_empty() {
        return Err(Refusal::format(
            "parameter [principle] should name actions when [policy] is action",
        ));
    }

    // One rule for each object: rules are listed with one principle.
    let each: Vec<Option<Principle>> = if principles.is_empty() {
        Vec::from([None])
    } else {
        principles.iter().cloned().map(Some).collect()
    };
    let mut last = String::new();
    for principle in each {
        let mut head = state.new_head::<Rule>(call, "", Status::Enabled);
        head.zone.clear();
        project.clone_into(&mut head.project);
        head.owner.clone_from(&owner);
        call.params
            .text("description")
            .unwrap_or_default()
            .clone_into(&mut head.description);
        last.clone_from(&head.id);
        state.rules.insert(Rule {
            head,
            role: role.to_owned(),
            policy: policy.to_owned(),
            principle,
        });
    }

    out.text("group_role_id", role);
    out.text("policy", policy);
    out.text(
        "description",
        call.params.text("description").unwrap_or_default(),
    );
    // The page shows two answers: the list as it came, or everything of the one rule.
    if principles.is_empty() {
        out.text("principle", "");
        out.text("group_role_rule_id", &last);
        out.text("status", "enabled");
        out.text("owner", &owner);
        out.text("root_user_id", call.root);
        out.text("console_id", super::CONSOLE);
        out.bare_time("create_time", call.now_ms);
        out.bare_time("status_time", call.now_ms);
    } else {
        out.objects("principle", &principles, show_principle);
    }
    Ok(())
}

fn named<'a>(state: &'a State, call: &Call, project: &str, id: &str) -> Result<&'a Rule, Refusal> {
    find(&state.rules, call, id)
        .ok()
        .filter(|rule| rule.head.project == project)
        .ok_or_else(|| Refusal::not_found(id))
}

fn modify(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let params = call.params;
    let id = params.required("group_role_rule")?;
    let project = project(state, call)?;
    let rule = named(state, call, project, id)?;
    let roles = params.list("group_roles")?;
    if !roles.is_empty() && !roles.contains(&rule.role) {
        return Err(Refusal::not_found(id));
    }
    let policy = params.given("policy").map(checked_policy).transpose()?;
    let mut principles = principles(call)?;
    if principles.len() > 1 {
        return Err(Refusal::format(
            "parameter [principle] of one rule should be one object",
        ));
    }
    let status = status(call)?;
    if let Some(rule) = state.rules.get_mut(id) {
        if let Some(policy) = policy {
            policy.clone_into(&mut rule.policy);
        }
        if params.has("principle") {
            rule.principle = principles.pop();
        }
        if let Some(description) = params.text("description") {
            description.clone_into(&mut rule.head.description);
        }
        rule.head
            .settle(status.unwrap_or(rule.head.status), call.now_ms);
        out.text("group_role_rule_id", id);
        out.text("status", rule.head.status.word());
        out.text("policy", &rule.policy);
        out.text("principle", &principle_text(rule));
        out.text("description", &rule.head.description);
        out.bare_time("status_time", rule.head.status_ms);
    }
    Ok(())
}

fn delete(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("group_role_rules")?;
    let project = project(state, call)?;
    let wanted = call.params.list("group_roles")?;
    let mut roles: Vec<String> = Vec::new();
    for id in &ids {
        let rule = named(state, call, project, id)?;
        if !wanted.is_empty() && !wanted.contains(&rule.role) {
            return Err(Refusal::not_found(id));
        }
        if !roles.contains(&rule.role) {
            roles.push(rule.role.clone());
        }
    }
    state.rules.retain(|rule| !ids.contains(&rule.head.id));
    out.texts("group_role_ids", &roles);
    out.texts("group_role_rule_ids", &ids);
    Ok(())
}

fn describe(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let project = project(state, call)?;
    let roles = call.params.list("group_roles")?;
    for role in &roles {
        named_role(state, call, project, role)?;
    }
    let keep = |rule: &Rule| {
        rule.head.project == project && (roles.is_empty() || roles.contains(&rule.role))
    };
    query::list(
        out,
        call,
        &state.rules,
        "group_role_rules",
        "group_role_rule_set",
        keep,
        show,
    )?;
    out.objects("item_set", [(); 0], |_, ()| ());
    Ok(())
}

/// The principle as JSON text of one object, as lists show it.
fn principle_text(rule: &Rule) -> String {
    let Some(principle) = &rule.principle else {
        return String::new();
    };
    let mut out = Json::open();
    show_principle(&mut out, principle);
    out.close()
}

/// One rule as lists show it; its times carry no `Z` there.
pub fn show(out: &mut Json, rule: &Rule) {
    let head = &rule.head;
    out.text("group_role_rule_id", &head.id);
    out.text("group_role_id", &rule.role);
    out.text("policy", &rule.policy);
    out.text("principle", &principle_text(rule));
    out.text("status", head.status.word());
    out.text_or_null(
        "description",
        Some(head.description.as_str()).filter(|text| !text.is_empty()),
    );
    out.text("iam_policy_id", "");
    out.bare_time("create_time", head.created_ms);
    out.bare_time("status_time", head.status_ms);
}

//! The rules of security groups.

use crate::emulator::names::*;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::store::{Head, Resource};
use super::words::Status;
use super::{Handler, State, find};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query;
use crate::emulator::refusal::Refusal;

pub const ACTIONS: &[(&str, Handler)] = &[
    ("DescribeSecurityGroupRules", describe),
    ("AddSecurityGroupRules", add),
    ("ModifySecurityGroupRuleAttributes", modify),
    ("DeleteSecurityGroupRules", delete),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rule {
    pub head: Head,
    pub group: String,
    pub protocol: String,
    /// 0 is the most urgent, 100 the least.
    pub priority: i64,
    /// `accept` or `drop`.
    pub action: String,
    /// 0 down, 1 up.
    pub direction: i64,
    pub values: [String; 3],
}

impl Resource for Rule {
    const PREFIX: &'static str = "sgr-";
    const TYPE: &'static str = "security_group_rule";
    fn head(&self) -> &Head {
        &self.head
    }
    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

/// Reads one rule of `rules.N.…`.
fn read(item: &BTreeMap<String, String>) -> Result<(String, i64, String, i64), Refusal> {
    let field = |name: &str| {
        item.get(name)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    };
    let protocol =
        field("protocol").ok_or_else(|| Refusal::format("each of [rules] needs a [protocol]"))?;
    let priority =
        field("priority").ok_or_else(|| Refusal::format("each of [rules] needs a [priority]"))?;
    let priority = priority
        .parse::<i64>()
        .ok()
        .filter(|priority| (0..=100).contains(priority));
    let priority = priority.ok_or_else(|| {
        Refusal::format("[priority] of a rule should be an integer from 0 to 100")
    })?;
    // The request says `rule_action` on some pages and `action` on others.
    let action = field("rule_action").or(field("action")).unwrap_or("accept");
    let direction = match field("direction").unwrap_or("0") {
        "0" => 0,
        "1" => 1,
        other => {
            return Err(Refusal::format(format!(
                "[direction] of a rule should be 0 or 1, got [{other}]"
            )));
        }
    };
    Ok((
        protocol.to_owned(),
        priority,
        checked_action(action)?,
        direction,
    ))
}

fn checked_action(action: &str) -> Result<String, Refusal> {
    match action {
        "accept" | "drop" => Ok(action.to_owned()),
        _ => Err(Refusal::format(format!(
            "[rule_action] should be accept or drop, got [{action}]"
        ))),
    }
}

fn unapply(state: &mut State, group: &str) {
    if let Some(group) = state.security_groups.get_mut(group) {
        group.is_applied = false;
    }
}

fn add(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let group = call.params.required("security_group")?.to_owned();
    find(&state.security_groups, call, &group)?;
    let items = call.params.objects("rules")?;
    if items.is_empty() {
        return Err(Refusal::format("missing parameter [rules]"));
    }
    let read: Vec<_> = items.iter().map(read).collect::<Result<_, _>>()?;
    let mut ids = Vec::new();
    for (item, (protocol, priority, action, direction)) in items.iter().zip(read) {
        let text = |name: &str| item.get(name).cloned().unwrap_or_default();
        let head = state.new_head::<Rule>(call, &text("security_group_rule_name"), Status::Active);
        ids.push(head.id.clone());
        let values = [text("val1"), text("val2"), text("val3")];
        state.security_rules.insert(Rule {
            head,
            group: group.clone(),
            protocol,
            priority,
            action,
            direction,
            values,
        });
    }
    unapply(state, &group);
    out.texts("security_group_rules", &ids);
    Ok(())
}

fn modify(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let params = call.params;
    let id = params.required("security_group_rule")?;
    let group = find(&state.security_rules, call, id)?.group.clone();
    let priority = params.integer("priority")?;
    let direction = params.integer("direction")?;
    let action = params.text("rule_action").map(checked_action).transpose()?;
    if let Some(rule) = state.security_rules.get_mut(id) {
        if let Some(name) = params.text("security_group_rule_name") {
            name.clone_into(&mut rule.head.name);
        }
        if let Some(protocol) = params.text("protocol") {
            protocol.clone_into(&mut rule.protocol);
        }
        rule.priority = priority.unwrap_or(rule.priority);
        rule.direction = direction.unwrap_or(rule.direction);
        rule.action = action.unwrap_or_else(|| std::mem::take(&mut rule.action));
        for (name, value) in ["val1", "val2", "val3"].into_iter().zip(&mut rule.values) {
            if let Some(text) = params.text(name) {
                text.clone_into(value);
            }
        }
    }
    unapply(state, &group);
    out.text("security_group_rule_id", id);
    Ok(())
}

fn delete(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("security_group_rules")?;
    let mut groups = Vec::new();
    for id in &ids {
        groups.push(find(&state.security_rules, call, id)?.group.clone());
    }
    state
        .security_rules
        .retain(|rule| !ids.contains(&rule.head.id));
    for group in &groups {
        unapply(state, group);
    }
    out.texts("security_group_rules", &ids);
    Ok(())
}

fn describe(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let group = call.params.given("security_group");
    if let Some(group) = group {
        find(&state.security_groups, call, group)?;
    }
    let direction = call.params.integer("direction")?;
    let keep = |rule: &Rule| {
        group.is_none_or(|group| group == rule.group)
            && direction.is_none_or(|direction| direction == rule.direction)
    };
    query::list(
        out,
        call,
        &state.security_rules,
        "security_group_rules",
        "security_group_rule_set",
        keep,
        show,
    )
}

/// One rule.
pub fn show(out: &mut Json, rule: &Rule) {
    out.text("security_group_rule_id", &rule.head.id);
    out.text("security_group_rule_name", &rule.head.name);
    out.text("security_group_id", &rule.group);
    out.number("direction", rule.direction);
    out.number("priority", rule.priority);
    out.text("protocol", &rule.protocol);
    out.text("action", &rule.action);
    out.text("val1", &rule.values[0]);
    out.text("val2", &rule.values[1]);
    out.text("val3", &rule.values[2]);
}

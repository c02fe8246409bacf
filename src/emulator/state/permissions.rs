//! What the member of a project may do there.

use crate::emulator::names::*;

use super::State;
use super::rules::Rule;
use super::words::Status;
use crate::catalogue::{self, Class};
use crate::emulator::options::ActionRules;
use crate::emulator::refusal::Refusal;

/// Refuses what no role of the user lets him do.
///
/// The owner of the account is not asked about here. `projects` are the ones the user is a member of, or
/// the one that the request names.
pub fn check(
    state: &State,
    user: &str,
    projects: &[String],
    action: &str,
    mode: ActionRules,
) -> Result<(), Refusal> {
    let mut reason = format!("user [{user}] is in no project that lets him call [{action}]");
    for project in projects {
        let member = state
            .members
            .items()
            .iter()
            .find(|member| member.user == user && member.head.project == *project);
        let Some(member) = member else { continue };
        if member.is_owner {
            return Ok(());
        }
        match verdict(state, &member.role, action, mode) {
            Ok(()) => return Ok(()),
            Err(why) => reason = why,
        }
    }
    Err(Refusal::denied(reason))
}

fn verdict(state: &State, role: &str, action: &str, mode: ActionRules) -> Result<(), String> {
    let Some(held) = state.roles.get(role) else {
        return Err(format!("group_role [{role}] is no more"));
    };
    if held.head.status != Status::Enabled {
        return Err(format!("group_role [{role}] is disabled"));
    }
    // The role that comes with a project works there but does not manage it.
    let service = catalogue::find(action).map_or("", |action| action.service());
    let mut allowed =
        held.is_built_in && (service != "project" || catalogue::class_of(action) == Class::Read);
    for rule in state
        .rules
        .items()
        .iter()
        .filter(|rule| rule.role == role && rule.head.status == Status::Enabled)
    {
        if rule.policy == "action" {
            if !names(rule, action) {
                continue;
            }
            match mode {
                ActionRules::Forbid => {
                    return Err(format!(
                        "group_role_rule [{}] forbids [{action}]",
                        rule.head.id
                    ));
                }
                ActionRules::Allow => allowed = true,
            }
        } else if covers(&rule.policy, service, action) {
            allowed = true;
        }
    }
    if allowed {
        Ok(())
    } else {
        Err(format!(
            "group_role [{role}] does not let user call [{action}]"
        ))
    }
}

fn names(rule: &Rule, action: &str) -> bool {
    rule.principle
        .as_ref()
        .is_some_and(|principle| principle.actions.iter().any(|named| named == action))
}

/// Whether a policy such as `instance.describe` is about this action.
fn covers(policy: &str, service: &str, action: &str) -> bool {
    if policy == "all.project_manage" {
        return service == "project";
    }
    let Some((kind, operation)) = policy.split_once('.') else {
        return false;
    };
    // `loadbalancer` in a policy is `load_balancer` among the services.
    let same = kind == "all"
        || service
            .bytes()
            .filter(|&byte| byte != b'_')
            .eq(kind.bytes().filter(|&byte| byte != b'_'));
    let fits = match catalogue::class_of(action) {
        Class::Read => "describe",
        Class::Change => "modify",
        Class::Create => "create",
        Class::Destroy => "delete",
    };
    same && (operation == "all" || operation == fits)
}

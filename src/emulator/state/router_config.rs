//! What a router is told to be: `ModifyRouterAttributes` notes it, `UpdateRouters` puts it in force.
//!
//! That an `eip` has to wait for `UpdateRouters` is what the page of `ModifyRouterAttributes` says. From
//! the note on the address is spoken for.

use crate::emulator::names::*;

use super::jobs::Change;
use super::words::{Status, Transition};
use super::{Handler, State, check_ready, eips, find, present, ready, ready_one, rename};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::refusal::Refusal;

pub const ACTIONS: &[(&str, Handler)] = &[
    ("ModifyRouterAttributes", modify),
    ("UpdateRouters", update),
];

fn modify(state: &mut State, call: &Call, _: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("router")?;
    let router = present(&state.routers, call, id, "modified")?;
    let group = call.params.text("security_group");
    if let Some(group) = group.filter(|group| !group.is_empty()) {
        find(&state.security_groups, call, group)?;
    }
    let eip = call.params.text("eip");
    if let Some(eip) = eip.filter(|eip| !eip.is_empty() && *eip != router.wanted_eip) {
        check_eip(state, call, id, eip)?;
    }
    if let Some(router) = state.routers.get_mut(id) {
        rename(&mut router.head, call, "router_name");
        if let Some(group) = group {
            group.clone_into(&mut router.security_group);
        }
        if let Some(eip) = eip {
            eip.clone_into(&mut router.wanted_eip);
        }
        if group.is_some() || eip.is_some() {
            router.change();
        }
    }
    Ok(())
}

/// Refuses an address that is not there for this router to take.
fn check_eip(state: &State, call: &Call, router: &str, id: &str) -> Result<(), Refusal> {
    let from = [Status::Available, Status::Associated];
    let eip = ready_one(&state.eips, call, id, &from, "given to a router")?;
    match eips::user(state, eip) {
        Some((kind, user)) if user != router => Err(Refusal::denied(format!(
            "eip [{id}] is in use by {kind} [{user}], can not be given to router [{router}]"
        ))),
        _ => Ok(()),
    }
}

fn update(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("routers")?;
    let (mut going, mut coming) = (Vec::new(), Vec::new());
    let mut changes = Vec::new();
    // Who may update a router need not see its address.
    let check = |eip: &str, from: Status| match state.eips.get(eip) {
        Some(eip) => check_ready(eip, &[from], "exchanged"),
        None => Ok(()),
    };
    for router in ready(&state.routers, call, &ids, &[Status::Active], "updated")? {
        let (old, new) = (&router.eip, &router.wanted_eip);
        if old != new && !old.is_empty() {
            check(old, Status::Associated)?;
            going.push(old.clone());
            changes.push(Change::Dissociate { eip: old.clone() });
        }
        if old != new && !new.is_empty() {
            check(new, Status::Available)?;
            coming.push(new.clone());
            changes.push(Change::Associate {
                eip: new.clone(),
                resource: router.head.id.clone(),
            });
        }
        changes.push(Change::ApplyRouter {
            router: router.head.id.clone(),
            revision: router.revision,
        });
    }
    state.begin(&going, Transition::Dissociating);
    state.begin(&coming, Transition::Associating);
    state.begin(&ids, Transition::Updating);
    let job = state.start_job(call, ids, changes);
    out.text("job_id", &job);
    Ok(())
}

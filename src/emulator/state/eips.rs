//! Public addresses: allocate, describe, associate, dissociate, change, release, modify.

use crate::emulator::names::*;

use serde::{Deserialize, Serialize};

use super::instances::Instance;
use super::jobs::Change;
use super::routers::Router;
use super::store::{Head, Resource};
use super::words::{Status, Transition};
use super::{Handler, State, find, modify_one, quotas, ready, ready_one, show_times, tags};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query;
use crate::emulator::refusal::Refusal;

pub const ACTIONS: &[(&str, Handler)] = &[
    ("DescribeEips", describe),
    ("AllocateEips", allocate),
    ("AssociateEip", associate),
    ("DissociateEips", dissociate),
    ("ReleaseEips", release),
    ("ChangeEipsBandwidth", change_bandwidth),
    ("ChangeEipsBillingMode", change_billing_mode),
    ("ModifyEipAttributes", modify),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Eip {
    pub head: Head,
    pub address: String,
    /// In Mbps.
    pub bandwidth: i64,
    pub billing_mode: String,
    pub need_icp: bool,
    /// The instance or router that it is associated with; empty for none.
    pub resource: String,
}

impl Resource for Eip {
    const PREFIX: &'static str = "eip-";
    const TYPE: &'static str = "eip";
    fn head(&self) -> &Head {
        &self.head
    }
    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

fn billing_mode<'a>(call: &'a Call) -> Result<&'a str, Refusal> {
    match call.params.text("billing_mode").unwrap_or("bandwidth") {
        mode @ ("bandwidth" | "traffic") => Ok(mode),
        other => Err(Refusal::format(format!(
            "parameter [billing_mode] should be bandwidth or traffic, got [{other}]"
        ))),
    }
}

fn allocate(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    call.params.required("bandwidth")?;
    let bandwidth = call.params.integer_from("bandwidth", 1, 1)?;
    let count = call.params.integer_from("count", 1, 1)?;
    let mode = billing_mode(call)?.to_owned();
    quotas::check(state, call, "eip", count)?;
    let mut ids = Vec::new();
    for _ in 0..count {
        let head = state.new_head::<Eip>(
            call,
            call.params.text("eip_name").unwrap_or_default(),
            Status::Available,
        );
        // 198.18.0.0/15 is set aside for tests (RFC 2544): no such address is ever somebody's.
        let number = state.next_address("198.18.0.0/15");
        let address = format!(
            "198.{}.{}.{}",
            18 + (number >> 16 & 1),
            number >> 8 & 255,
            number & 255
        );
        ids.push(head.id.clone());
        state.eips.insert(Eip {
            head,
            address,
            bandwidth,
            billing_mode: mode.clone(),
            need_icp: call.params.flag("need_icp"),
            resource: String::new(),
        });
    }
    out.texts("eips", &ids);
    Ok(())
}

/// What has the address, or is a router that waits for it: its type and id.
pub fn user<'a>(state: &'a State, eip: &'a Eip) -> Option<(&'static str, &'a str)> {
    let holder = Some(eip.resource.as_str()).filter(|id| !id.is_empty());
    let waiting = || {
        let mut routers = state.routers.items().iter();
        routers
            .find(|router| router.wanted_eip == eip.head.id && !router.head.status.is_gone())
            .map(|router| router.head.id.as_str())
    };
    let id = holder.or_else(waiting)?;
    Some((kind_of(id), id))
}

/// The type of what an address can be associated with.
fn kind_of(id: &str) -> &'static str {
    if id.starts_with(Router::PREFIX) {
        Router::TYPE
    } else {
        Instance::TYPE
    }
}

fn check_unused(state: &State, eip: &Eip, done: &str) -> Result<(), Refusal> {
    match user(state, eip) {
        Some((kind, user)) => Err(Refusal::denied(format!(
            "eip [{}] is in use by {kind} [{user}], can not be {done}",
            eip.head.id
        ))),
        None => Ok(()),
    }
}

fn associate(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let eip = call.params.required("eip")?.to_owned();
    let instance = call.params.required("instance")?.to_owned();
    let address = ready_one(&state.eips, call, &eip, &[Status::Available], "associated")?;
    check_unused(state, address, "associated")?;
    let host = ready_one(
        &state.instances,
        call,
        &instance,
        &[Status::Running, Status::Stopped],
        "given an address",
    )?;
    if !host.eip.is_empty() {
        return Err(Refusal::denied(format!(
            "instance [{instance}] already has eip [{}], can not be given an address",
            host.eip
        )));
    }
    state.check_free(
        "instance",
        &instance,
        "given an address",
        |change| matches!(change, Change::Associate { resource, .. } if *resource == instance),
    )?;
    state.begin([&eip], Transition::Associating);
    let job = state.start_job(
        call,
        Vec::from([eip.clone(), instance.clone()]),
        Vec::from([Change::Associate {
            eip,
            resource: instance,
        }]),
    );
    out.text("job_id", &job);
    Ok(())
}

/// Puts the named addresses into a transition and starts the job that ends it.
fn work(
    state: &mut State,
    call: &Call,
    out: &mut Json,
    from: &[Status],
    transition: Transition,
    done: &str,
    end: impl Fn(String) -> Change,
) -> Result<(), Refusal> {
    let ids = call.params.required_list("eips")?;
    ready(&state.eips, call, &ids, from, done)?;
    state.work_on(call, out, ids, transition, end);
    Ok(())
}

fn dissociate(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    work(
        state,
        call,
        out,
        &[Status::Associated],
        Transition::Dissociating,
        "dissociated",
        |eip| Change::Dissociate { eip },
    )
}

fn release(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    if !call.params.flag("force") {
        for id in &call.params.required_list("eips")? {
            check_unused(state, find(&state.eips, call, id)?, "released")?;
        }
    }
    let from = [Status::Available, Status::Associated, Status::Suspended];
    work(
        state,
        call,
        out,
        &from,
        Transition::Releasing,
        "released",
        Change::settle(Status::Released),
    )
}

fn change_bandwidth(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    call.params.required("bandwidth")?;
    let bandwidth = call.params.integer_from("bandwidth", 1, 1)?;
    let from = [Status::Available, Status::Associated];
    work(
        state,
        call,
        out,
        &from,
        Transition::Busy,
        "changed",
        |eip| Change::SetBandwidth { eip, bandwidth },
    )
}

fn change_billing_mode(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    call.params.required("billing_mode")?;
    let mode = billing_mode(call)?;
    let from = [Status::Available, Status::Associated];
    work(
        state,
        call,
        out,
        &from,
        Transition::Busy,
        "changed",
        |eip| Change::SetBillingMode {
            eip,
            mode: mode.to_owned(),
        },
    )
}

fn modify(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("eip")?;
    modify_one(&mut state.eips, call, id, "eip_name")?;
    out.text("eip_id", id);
    Ok(())
}

fn describe(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let instance = call.params.given("instance_id");
    // Nothing here is in a group of addresses.
    let groups = call.params.list("eip_group")?;
    let keep = |eip: &Eip| groups.is_empty() && instance.is_none_or(|id| id == eip.resource);
    query::list(
        out,
        call,
        &state.eips,
        "eips",
        "eip_set",
        keep,
        |out, eip| {
            show_short(out, eip);
            out.text("description", &eip.head.description);
            show_times(out, &eip.head);
            out.text("billing_mode", &eip.billing_mode);
            out.flag("need_icp", eip.need_icp);
            out.text("icp_codes", "");
            out.text("alarm_status", "");
            out.number("associate_mode", 0);
            out.number("sub_code", 0);
            out.object("resource", |out| {
                if let Some(holder) = state.head(&eip.resource) {
                    out.text("resource_id", &holder.id);
                    out.text("resource_name", &holder.name);
                    out.text("resource_type", kind_of(&holder.id));
                }
            });
            out.object("eip_group", |_| ());
            tags::show_of(out, state, &eip.head);
        },
    )
}

/// An address as its instance shows it.
pub fn show_short(out: &mut Json, eip: &Eip) {
    out.text("eip_id", &eip.head.id);
    out.text("eip_name", &eip.head.name);
    out.text("eip_addr", &eip.address);
    out.number("bandwidth", eip.bandwidth);
}

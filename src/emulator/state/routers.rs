//! Routers: create, describe, join and leave networks, power, delete.

use crate::emulator::names::*;

use serde::{Deserialize, Serialize};

use super::jobs::Change;
use super::store::{Head, Resource};
use super::vxnets::{BASIC, Vxnet};
use super::words::{Status, Transition};
use super::{Handler, State, eips, find, quotas, ready, ready_one, show_times, tags};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query::{self, Page};
use crate::emulator::refusal::Refusal;

pub const ACTIONS: &[(&str, Handler)] = &[
    ("DescribeRouters", describe),
    ("CreateRouters", create),
    ("DeleteRouters", delete),
    ("JoinRouter", join),
    ("LeaveRouter", leave),
    ("DescribeRouterVxnets", describe_vxnets),
    ("PowerOffRouters", power_off),
    ("PowerOnRouters", power_on),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Router {
    pub head: Head,
    pub router_type: i64,
    /// The whole range of a VPC, such as `192.168.0.0/16`.
    pub vpc_network: String,
    pub security_group: String,
    /// Empty for none.
    pub eip: String,
    /// The address that `UpdateRouters` will see to it that it has; empty for none.
    pub wanted_eip: String,
    pub private_ip: String,
    /// How often it has been told to be different.
    pub revision: u32,
    /// The revision that is in force.
    pub applied_revision: u32,
}

impl Router {
    /// Notes that `UpdateRouters` has something to do.
    pub fn change(&mut self) {
        self.revision = self.revision.wrapping_add(1);
    }
}

impl Resource for Router {
    const PREFIX: &'static str = "rtr-";
    const TYPE: &'static str = "router";
    fn head(&self) -> &Head {
        &self.head
    }
    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

fn create(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let params = call.params;
    let router_type = params.integer("router_type")?.unwrap_or(1);
    let count = params.integer_from("count", 1, 1)?;
    let security_group = params.text("security_group").unwrap_or_default().to_owned();
    if !security_group.is_empty() {
        find(&state.security_groups, call, &security_group)?;
    }
    let vpc_network = params
        .given("vpc_network")
        .unwrap_or("192.168.0.0/16")
        .to_owned();
    quotas::check(state, call, "router", count)?;
    let mut ids = Vec::new();
    let mut changes = Vec::new();
    for _ in 0..count {
        let mut head = state.new_head::<Router>(
            call,
            params.text("router_name").unwrap_or_default(),
            Status::Pending,
        );
        head.transition = Transition::Creating;
        let number = state.next_address("router");
        ids.push(head.id.clone());
        changes.push(Change::Settle {
            id: head.id.clone(),
            status: Status::Active,
        });
        state.routers.insert(Router {
            head,
            router_type,
            vpc_network: vpc_network.clone(),
            security_group: security_group.clone(),
            eip: String::new(),
            wanted_eip: String::new(),
            private_ip: format!("10.70.{}.{}", number / 254 % 256, number % 254 + 1),
            revision: 0,
            applied_revision: 0,
        });
    }
    let job = state.start_job(call, ids.clone(), changes);
    out.texts("routers", &ids);
    out.text("job_id", &job);
    Ok(())
}

/// Puts the named routers into a transition and starts the job that ends it.
fn work(
    state: &mut State,
    call: &Call,
    out: &mut Json,
    from: &[Status],
    transition: Transition,
    done: &str,
    end: Status,
) -> Result<Vec<String>, Refusal> {
    let ids = call.params.required_list("routers")?;
    ready(&state.routers, call, &ids, from, done)?;
    state.work_on(call, out, ids.clone(), transition, Change::settle(end));
    Ok(ids)
}

fn delete(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    for id in &call.params.required_list("routers")? {
        let router = find(&state.routers, call, id)?;
        if let Some(vxnet) = state
            .vxnets
            .items()
            .iter()
            .find(|vxnet| vxnet.router == router.head.id)
        {
            return Err(Refusal::denied(format!(
                "router [{id}] is in use by vxnet [{}], can not be deleted",
                vxnet.head.id
            )));
        }
    }
    let from = [Status::Active, Status::Poweroffed, Status::Suspended];
    let ids = work(
        state,
        call,
        out,
        &from,
        Transition::Deleting,
        "deleted",
        Status::Deleted,
    )?;
    out.texts("routers", &ids);
    Ok(())
}

fn power_off(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    work(
        state,
        call,
        out,
        &[Status::Active],
        Transition::PoweringOff,
        "powered off",
        Status::Poweroffed,
    )
    .map(|_| ())
}

fn power_on(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    work(
        state,
        call,
        out,
        &[Status::Poweroffed],
        Transition::PoweringOn,
        "powered on",
        Status::Active,
    )
    .map(|_| ())
}

fn join(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let vxnet = call.params.required("vxnet")?.to_owned();
    let router = call.params.required("router")?.to_owned();
    let ip_network = call.params.required("ip_network")?.to_owned();
    let network = find(&state.vxnets, call, &vxnet)?;
    if network.vxnet_type != 1 {
        return Err(Refusal::denied(format!(
            "vxnet [{vxnet}] is not managed, can not be joined to a router"
        )));
    }
    if !network.router.is_empty() {
        return Err(Refusal::denied(format!(
            "vxnet [{vxnet}] is already joined to router [{}]",
            network.router
        )));
    }
    state.check_free(
        "vxnet",
        &vxnet,
        "joined to a router",
        |change| matches!(change, Change::JoinRouter { vxnet: joining, .. } if *joining == vxnet),
    )?;
    if !is_network(&ip_network) {
        return Err(Refusal::format(format!(
            "parameter [ip_network] should look like 192.168.1.0/24, got [{ip_network}]"
        )));
    }
    ready_one(
        &state.routers,
        call,
        &router,
        &[Status::Active],
        "joined by a vxnet",
    )?;
    if let Some(other) = state
        .vxnets
        .items()
        .iter()
        .find(|other| other.router == router && other.ip_network == ip_network)
    {
        return Err(Refusal::denied(format!(
            "network [{ip_network}] of router [{router}] is in use by vxnet [{}]",
            other.head.id
        )));
    }
    state.begin([&router], Transition::Updating);
    let changes = Vec::from([
        Change::JoinRouter {
            vxnet: vxnet.clone(),
            router: router.clone(),
            ip_network,
        },
        Change::Rest { id: router.clone() },
    ]);
    let job = state.start_job(call, Vec::from([router.clone(), vxnet.clone()]), changes);
    out.text("vxnet_id", &vxnet);
    out.text("router_id", &router);
    out.text("job_id", &job);
    Ok(())
}

/// Whether this is four numbers up to 255, a slash and a number up to 32.
fn is_network(text: &str) -> bool {
    let Some((base, bits)) = text.split_once('/') else {
        return false;
    };
    base.split('.').count() == 4
        && base.split('.').all(|octet| octet.parse::<u8>().is_ok())
        && bits.parse::<u8>().is_ok_and(|bits| bits <= 32)
}

fn leave(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let router = call.params.required("router")?.to_owned();
    let ids = call.params.required_list("vxnets")?;
    for id in &ids {
        if find(&state.vxnets, call, id)?.router != router {
            return Err(Refusal::denied(format!(
                "vxnet [{id}] is not joined to router [{router}]"
            )));
        }
    }
    ready_one(
        &state.routers,
        call,
        &router,
        &[Status::Active],
        "left by a vxnet",
    )?;
    state.begin([&router], Transition::Updating);
    let mut changes: Vec<Change> = ids
        .iter()
        .map(|vxnet| Change::LeaveRouter {
            vxnet: vxnet.clone(),
        })
        .collect();
    changes.push(Change::Rest { id: router.clone() });
    let job = state.start_job(call, Vec::from([router.clone()]), changes);
    out.texts("vxnets", &ids);
    out.text("router_id", &router);
    out.text("job_id", &job);
    Ok(())
}

fn joined<'a>(state: &'a State, router: &'a str) -> impl Iterator<Item = &'a Vxnet> {
    state
        .vxnets
        .items()
        .iter()
        .filter(move |vxnet| vxnet.router == router && vxnet.head.id != BASIC)
}

fn describe(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let vxnet = call.params.given("vxnet");
    let keep = |router: &Router| {
        vxnet.is_none_or(|id| joined(state, &router.head.id).any(|network| network.head.id == id))
    };
    query::list(
        out,
        call,
        &state.routers,
        "routers",
        "router_set",
        keep,
        |out, router| {
            let head = &router.head;
            out.text("router_id", &head.id);
            out.text("router_name", &head.name);
            out.text("description", &head.description);
            out.number("router_type", router.router_type);
            out.text("private_ip", &router.private_ip);
            out.text("vpc_network", &router.vpc_network);
            out.text("manager_ip", "");
            out.text("ip_network", "");
            out.text("dyn_ip_start", "");
            out.text("dyn_ip_end", "");
            out.number("mode", 1);
            out.flag("is_applied", router.revision == router.applied_revision);
            show_times(out, head);
            out.text("security_group_id", &router.security_group);
            out.object("eip", |out| {
                if let Some(eip) = state.eips.get(&router.eip) {
                    eips::show_short(out, eip);
                }
            });
            out.objects("vxnets", joined(state, &head.id), |out, vxnet| {
                out.text("vxnet_id", &vxnet.head.id);
                out.text("vxnet_name", &vxnet.head.name);
                out.number("vxnet_type", vxnet.vxnet_type);
            });
            tags::show_of(out, state, head);
        },
    )
}

fn describe_vxnets(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let router = call.params.required("router")?;
    find(&state.routers, call, router)?;
    let page = Page::read(call)?;
    let only = call.params.given("vxnet");
    let networks: Vec<&Vxnet> = joined(state, router)
        .filter(|vxnet| only.is_none_or(|id| id == vxnet.head.id))
        .collect();
    out.objects(
        "router_vxnet_set",
        networks.iter().skip(page.offset).take(page.limit),
        |out, vxnet| {
            let prefix = vxnet
                .ip_network
                .rsplit_once('.')
                .map_or("", |(prefix, _)| prefix);
            out.text("router_id", router);
            out.text("vxnet_id", &vxnet.head.id);
            out.text("ip_network", &vxnet.ip_network);
            out.text("manager_ip", &format!("{prefix}.1"));
            out.text("dyn_ip_start", &format!("{prefix}.2"));
            out.text("dyn_ip_end", &format!("{prefix}.254"));
            out.number("features", 1);
            out.time("create_time", vxnet.joined_ms);
        },
    );
    out.number("total_count", networks.len() as i64);
    Ok(())
}

//! Private networks: create, describe, join, leave, delete, modify; `vxnet-0` is there from the start.

use crate::emulator::names::*;

use serde::{Deserialize, Serialize};

use super::instances::{self, Instance, Nic};
use super::jobs::Change;
use super::store::{Head, Resource};
use super::words::{Status, Transition};
use super::{Handler, State, find, modify_one, quotas, ready, tags};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query;
use crate::emulator::refusal::Refusal;

pub const ACTIONS: &[(&str, Handler)] = &[
    ("DescribeVxnets", describe),
    ("CreateVxnets", create),
    ("DeleteVxnets", delete),
    ("JoinVxnet", join),
    ("LeaveVxnet", leave),
    ("DescribeVxnetInstances", describe_instances),
    ("ModifyVxnetAttributes", modify),
];

/// The basic network that every zone has.
pub const BASIC: &str = "vxnet-0";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Vxnet {
    pub head: Head,
    /// 0 unmanaged, 1 managed, 2 basic.
    pub vxnet_type: i64,
    /// Empty for none.
    pub router: String,
    /// The addresses the router gives out, such as `192.168.1.0/24`; empty without a router.
    pub ip_network: String,
    pub joined_ms: i64,
}

impl Resource for Vxnet {
    const PREFIX: &'static str = "vxnet-";
    const TYPE: &'static str = "vxnet";
    fn head(&self) -> &Head {
        &self.head
    }
    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

/// The network that exists from the start.
pub fn basic(root: &str) -> Vxnet {
    let head = Head {
        id: BASIC.to_owned(),
        // As the page of `DescribeInstances` shows it.
        name: "primary vxnet".to_owned(),
        description: String::new(),
        zone: String::new(),
        owner: root.to_owned(),
        project: String::new(),
        status: Status::Available,
        transition: Transition::None,
        created_ms: 0,
        status_ms: 0,
        tags: Vec::new(),
    };
    Vxnet {
        head,
        vxnet_type: 2,
        router: String::new(),
        ip_network: "10.140.0.0/16".to_owned(),
        joined_ms: 0,
    }
}

impl State {
    /// The next number of a network's addresses, from 2 up.
    pub fn next_address(&mut self, network: &str) -> u32 {
        if !self.addresses.contains_key(network) {
            self.addresses.insert(network.to_owned(), 1);
        }
        match self.addresses.get_mut(network) {
            Some(number) => {
                *number = number.wrapping_add(1).max(2);
                *number
            }
            None => 2,
        }
    }

    /// Gives an instance a card in a network.
    pub fn join_vxnet(&mut self, vxnet: &str, instance: &str) {
        let Some(network) = self.vxnets.get(vxnet) else {
            return;
        };
        let addresses = network.ip_network.clone();
        let number = self.next_address(vxnet);
        let card = self.ids.number();
        let Some(host) = self.instances.get_mut(instance) else {
            return;
        };
        if host.nics.iter().any(|nic| nic.vxnet == vxnet) {
            return;
        }
        // 52:54 is what KVM's cards begin with.
        let id = format!(
            "52:54:{:02x}:{:02x}:{:02x}:{:02x}",
            card & 255,
            card >> 8 & 255,
            card >> 16 & 255,
            card >> 24 & 255
        );
        host.nics.push(Nic {
            id,
            vxnet: vxnet.to_owned(),
            private_ip: address(&addresses, number),
        });
    }
}

/// The address of this number in a network; none in one that has no addresses to give.
fn address(network: &str, number: u32) -> String {
    let Some((base, _)) = network.split_once('/') else {
        return String::new();
    };
    let octets: Vec<&str> = base.split('.').collect();
    match octets[..] {
        [first, second, third, "0"] if third != "0" => {
            format!("{first}.{second}.{third}.{}", number % 254 + 1)
        }
        [first, second, ..] => format!(
            "{first}.{second}.{}.{}",
            number / 254 % 256,
            number % 254 + 1
        ),
        _ => String::new(),
    }
}

fn create(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    call.params.required("vxnet_type")?;
    let vxnet_type = call.params.integer("vxnet_type")?.unwrap_or(1);
    if !(0..=1).contains(&vxnet_type) {
        return Err(Refusal::format(format!(
            "parameter [vxnet_type] should be 0 or 1, got [{vxnet_type}]"
        )));
    }
    let count = call.params.integer_from("count", 1, 1)?;
    quotas::check(state, call, "vxnet", count)?;
    let mut ids = Vec::new();
    for _ in 0..count {
        let head = state.new_head::<Vxnet>(
            call,
            call.params.text("vxnet_name").unwrap_or_default(),
            Status::Available,
        );
        ids.push(head.id.clone());
        state.vxnets.insert(Vxnet {
            head,
            vxnet_type,
            router: String::new(),
            ip_network: String::new(),
            joined_ms: 0,
        });
    }
    out.texts("vxnets", &ids);
    Ok(())
}

fn members<'a>(state: &'a State, vxnet: &'a str) -> impl Iterator<Item = &'a Instance> {
    state
        .instances
        .items()
        .iter()
        .filter(move |instance| instance.nics.iter().any(|nic| nic.vxnet == vxnet))
}

fn delete(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("vxnets")?;
    for id in &ids {
        let vxnet = find(&state.vxnets, call, id)?;
        if id == BASIC {
            return Err(Refusal::denied(format!(
                "vxnet [{id}] is the basic network, can not be deleted"
            )));
        }
        if !vxnet.router.is_empty() {
            return Err(Refusal::denied(format!(
                "vxnet [{id}] is in use by router [{}], can not be deleted",
                vxnet.router
            )));
        }
        if let Some(instance) = members(state, id).next() {
            return Err(Refusal::denied(format!(
                "vxnet [{id}] is in use by instance [{}], can not be deleted",
                instance.head.id
            )));
        }
        state.check_free("vxnet", id, "deleted", |change| match change {
            Change::JoinVxnet { vxnet, .. } | Change::JoinRouter { vxnet, .. } => vxnet == id,
            _ => false,
        })?;
    }
    state.vxnets.retain(|vxnet| !ids.contains(&vxnet.head.id));
    out.texts("vxnets", &ids);
    Ok(())
}

/// Checks that the network is there and each of the instances ready, and in it or not; gives the parameters.
fn cards(
    state: &State,
    call: &Call,
    is_in: bool,
    done: &str,
) -> Result<(String, Vec<String>), Refusal> {
    let vxnet = call.params.required("vxnet")?.to_owned();
    let ids = call.params.required_list("instances")?;
    find(&state.vxnets, call, &vxnet)?;
    let from = [Status::Running, Status::Stopped];
    for instance in ready(&state.instances, call, &ids, &from, done)? {
        if instance.nics.iter().any(|nic| nic.vxnet == vxnet) != is_in {
            let found = if is_in { "not" } else { "already" };
            return Err(Refusal::denied(format!(
                "instance [{}] is {found} in vxnet [{vxnet}]",
                instance.head.id
            )));
        }
        let id = &instance.head.id;
        state.check_free("instance", id, done, |change| match change {
            Change::JoinVxnet {
                vxnet: net,
                instance,
            }
            | Change::LeaveVxnet {
                vxnet: net,
                instance,
            } => *net == vxnet && instance == id,
            _ => false,
        })?;
    }
    Ok((vxnet, ids))
}

fn join(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let (vxnet, ids) = cards(state, call, false, "joined to a vxnet")?;
    state.work_on(call, out, ids, Transition::None, |instance| {
        let vxnet = vxnet.clone();
        Change::JoinVxnet { vxnet, instance }
    });
    Ok(())
}

fn leave(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let (vxnet, ids) = cards(state, call, true, "taken out of a vxnet")?;
    state.work_on(call, out, ids, Transition::None, |instance| {
        let vxnet = vxnet.clone();
        Change::LeaveVxnet { vxnet, instance }
    });
    Ok(())
}

fn modify(state: &mut State, call: &Call, _: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("vxnet")?;
    find(&state.vxnets, call, id)?;
    if id == BASIC {
        return Err(Refusal::denied(format!(
            "vxnet [{id}] is the basic network, can not be modified"
        )));
    }
    modify_one(&mut state.vxnets, call, id, "vxnet_name")?;
    Ok(())
}

fn describe(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let vxnet_type = call.params.integer("vxnet_type")?;
    let keep = |vxnet: &Vxnet| vxnet_type.is_none_or(|kind| kind == vxnet.vxnet_type);
    query::list(
        out,
        call,
        &state.vxnets,
        "vxnets",
        "vxnet_set",
        keep,
        |out, vxnet| {
            out.text("vxnet_id", &vxnet.head.id);
            out.text("vxnet_name", &vxnet.head.name);
            out.text("description", &vxnet.head.description);
            out.number("vxnet_type", vxnet.vxnet_type);
            out.time("create_time", vxnet.head.created_ms);
            out.text("owner", &vxnet.head.owner);
            out.text("zone_id", call.zone);
            out.text("vpc_router_id", &vxnet.router);
            out.number(
                "available_ip_count",
                if vxnet.ip_network.is_empty() { 0 } else { 252 },
            );
            // Instances of other zones are in their own zone's basic network.
            let here =
                members(state, &vxnet.head.id).filter(|instance| instance.head.zone == call.zone);
            out.texts("instance_ids", here.map(|instance| &instance.head.id));
            out.object("router", |out| {
                if let Some(router) = state.routers.get(&vxnet.router) {
                    out.text("router_id", &router.head.id);
                    out.text("router_name", &router.head.name);
                    out.text("manager_ip", &address(&vxnet.ip_network, 0));
                    out.text("ip_network", &vxnet.ip_network);
                    out.number("mode", 1);
                }
            });
            tags::show_of(out, state, &vxnet.head);
        },
    )
}

fn describe_instances(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let vxnet = call.params.required("vxnet")?;
    find(&state.vxnets, call, vxnet)?;
    let image = call.params.given("image");
    let kind = call.params.given("instance_type");
    let status = call.params.given("status");
    let keep = |instance: &Instance| {
        instance.nics.iter().any(|nic| nic.vxnet == vxnet)
            && image.is_none_or(|image| image == instance.image)
            && kind.is_none_or(|kind| kind == instance.size.instance_type)
            && status.is_none_or(|status| status == instance.head.status.word())
    };
    query::list(
        out,
        call,
        &state.instances,
        "instances",
        "instance_set",
        keep,
        |out, instance| instances::show(out, state, instance, false),
    )
}

/// A card as its instance shows it.
pub fn show_nic(out: &mut Json, state: &State, nic: &Nic) {
    let vxnet = state.vxnets.get(&nic.vxnet);
    out.text("vxnet_id", &nic.vxnet);
    out.text("vxnet_name", vxnet.map_or("", |vxnet| &vxnet.head.name));
    out.number("vxnet_type", vxnet.map_or(1, |vxnet| vxnet.vxnet_type));
    out.text("nic_id", &nic.id);
    out.text("private_ip", &nic.private_ip);
    out.number("role", 1);
}

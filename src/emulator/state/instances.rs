//! Instances: run, describe, start, stop, restart, reset, resize, terminate, cease, modify.

use crate::emulator::names::*;

use serde::{Deserialize, Serialize};

use super::instance_types::Size;
use super::jobs::Change;
use super::store::{Head, Resource};
use super::words::{Status, Transition};
use super::{
    Handler, State, eips, find, images, modify_one, quotas, ready, show_times, tags, volumes,
    vxnets,
};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query;
use crate::emulator::refusal::Refusal;

pub const ACTIONS: &[(&str, Handler)] = &[
    ("DescribeInstances", describe),
    ("RunInstances", run),
    ("StartInstances", start),
    ("StopInstances", stop),
    ("RestartInstances", restart),
    ("ResetInstances", reset),
    ("ResizeInstances", resize),
    ("TerminateInstances", terminate),
    ("CeaseInstances", cease),
    ("ModifyInstanceAttributes", modify),
];

/// A network card and the network it is in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Nic {
    /// A hardware address, as the service names cards.
    pub id: String,
    pub vxnet: String,
    pub private_ip: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Instance {
    pub head: Head,
    pub image: String,
    pub size: Size,
    pub class: i64,
    pub hostname: String,
    /// In GB.
    pub os_disk_size: i64,
    pub nics: Vec<Nic>,
    /// Empty for none.
    pub eip: String,
    pub volumes: Vec<String>,
    pub key_pairs: Vec<String>,
    /// Empty for none.
    pub security_group: String,
}

impl Resource for Instance {
    const PREFIX: &'static str = "i-";
    const TYPE: &'static str = "instance";
    fn head(&self) -> &Head {
        &self.head
    }
    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

fn run(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let params = call.params;
    let image = params.required("image_id")?.to_owned();
    images::usable(state, call, &image)?;
    let size = Size::asked(call)?.unwrap_or_default();
    let key_pairs = login(state, call)?;
    let networks = params.list("vxnets")?;
    for network in &networks {
        find(&state.vxnets, call, network)?;
    }
    let security_group = params.text("security_group").unwrap_or_default().to_owned();
    if !security_group.is_empty() {
        find(&state.security_groups, call, &security_group)?;
    }
    let count = params.integer_from("count", 1, 1)?;
    let disks = params.list("volumes")?;
    ready(
        &state.volumes,
        call,
        &disks,
        &[Status::Available],
        "attached",
    )?;
    if count > 1 && !disks.is_empty() {
        return Err(Refusal::format(
            "parameter [volumes] can only be used with one instance",
        ));
    }
    let class = params.integer("instance_class")?.unwrap_or(0);
    let os_disk_size = params.integer_from("os_disk_size", 1, 20)?;
    quotas::check(state, call, "instance", count)?;

    let mut ids = Vec::new();
    let mut changes = Vec::new();
    for _ in 0..count {
        let mut head = state.new_head::<Instance>(
            call,
            params.text("instance_name").unwrap_or_default(),
            Status::Pending,
        );
        head.transition = Transition::Creating;
        let id = head.id.clone();
        state.instances.insert(Instance {
            head,
            image: image.clone(),
            size: size.clone(),
            class,
            hostname: params.text("hostname").unwrap_or(&id).to_owned(),
            os_disk_size,
            nics: Vec::new(),
            eip: String::new(),
            volumes: Vec::new(),
            key_pairs: key_pairs.clone(),
            security_group: security_group.clone(),
        });
        for network in &networks {
            state.join_vxnet(network, &id);
        }
        changes.push(Change::Settle {
            id: id.clone(),
            status: Status::Running,
        });
        ids.push(id);
    }
    if let [id] = &ids[..] {
        state.begin(&disks, Transition::Attaching);
        changes.extend(disks.into_iter().map(|volume| Change::Attach {
            volume,
            instance: id.clone(),
        }));
    }
    let job = state.start_job(call, ids.clone(), changes);
    out.texts("instances", &ids);
    out.text("job_id", &job);
    Ok(())
}

/// Checks how one will log in; gives the key pair to put in, if any.
fn login(state: &State, call: &Call) -> Result<Vec<String>, Refusal> {
    match call.params.required("login_mode")? {
        "keypair" => {
            let id = call.params.required("login_keypair")?;
            find(&state.key_pairs, call, id)?;
            Ok(Vec::from([id.to_owned()]))
        }
        "passwd" => {
            call.params.required("login_passwd")?;
            Ok(Vec::new())
        }
        other => Err(Refusal::format(format!(
            "parameter [login_mode] should be keypair or passwd, got [{other}]"
        ))),
    }
}

/// Puts the named instances into a transition and starts the job that ends it.
fn work(
    state: &mut State,
    call: &Call,
    out: &mut Json,
    from: &[Status],
    transition: Transition,
    done: &str,
    end: impl Fn(&Instance) -> Change,
) -> Result<(), Refusal> {
    let ids = call.params.required_list("instances")?;
    let changes = ready(&state.instances, call, &ids, from, done)?
        .into_iter()
        .map(end)
        .collect();
    state.begin(&ids, transition);
    let job = state.start_job(call, ids, changes);
    out.text("job_id", &job);
    Ok(())
}

fn settle(status: Status) -> impl Fn(&Instance) -> Change {
    move |instance| Change::Settle {
        id: instance.head.id.clone(),
        status,
    }
}

fn start(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    work(
        state,
        call,
        out,
        &[Status::Stopped],
        Transition::Starting,
        "started",
        settle(Status::Running),
    )
}

fn stop(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    work(
        state,
        call,
        out,
        &[Status::Running],
        Transition::Stopping,
        "stopped",
        settle(Status::Stopped),
    )
}

fn restart(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    work(
        state,
        call,
        out,
        &[Status::Running],
        Transition::Restarting,
        "restarted",
        |instance| Change::Rest {
            id: instance.head.id.clone(),
        },
    )
}

fn reset(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let key_pairs = login(state, call)?;
    work(
        state,
        call,
        out,
        &[Status::Running, Status::Stopped],
        Transition::Resetting,
        "reset",
        |instance| Change::Reset {
            instance: instance.head.id.clone(),
            key_pairs: key_pairs.clone(),
        },
    )
}

fn resize(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let size = Size::asked(call)?;
    let os_disk_size = match call.params.given("os_disk_size") {
        Some(_) => Some(call.params.integer_from("os_disk_size", 1, 1)?),
        None => None,
    };
    if size.is_none() && os_disk_size.is_none() {
        return Err(Refusal::format(
            "missing parameter [instance_type], or [cpu] and [memory], or [os_disk_size]",
        ));
    }
    for id in &call.params.required_list("instances")? {
        let has = find(&state.instances, call, id)?.os_disk_size;
        if os_disk_size.is_some_and(|wanted| wanted < has) {
            return Err(Refusal::denied(format!(
                "the system disk of instance [{id}] is {has} GB, can not be made smaller"
            )));
        }
    }
    work(
        state,
        call,
        out,
        &[Status::Stopped],
        Transition::Busy,
        "resized",
        |instance| Change::Resize {
            instance: instance.head.id.clone(),
            size: size.clone(),
            os_disk_size,
        },
    )
}

fn terminate(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let end = if call.params.flag("direct_cease") {
        Status::Ceased
    } else {
        Status::Terminated
    };
    work(
        state,
        call,
        out,
        &[Status::Running, Status::Stopped, Status::Suspended],
        Transition::Terminating,
        "terminated",
        settle(end),
    )
}

fn cease(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    work(
        state,
        call,
        out,
        &[Status::Terminated],
        Transition::Busy,
        "ceased",
        settle(Status::Ceased),
    )
}

fn modify(state: &mut State, call: &Call, _: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("instance")?;
    modify_one(&mut state.instances, call, id, "instance_name")?;
    Ok(())
}

fn describe(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let params = call.params;
    let images = params.list("image_id")?;
    let types = params.list("instance_type")?;
    let class = params.integer("instance_class")?;
    let vcpus = params.integer("vcpus_current")?;
    let memory = params.integer("memory_current")?;
    let disk = params.integer("os_disk_size")?;
    // Nothing here is a node of a cluster or stands on a dedicated host.
    let elsewhere = params.flag("is_cluster_node")
        || ["dedicated_host_group_id", "dedicated_host_id"]
            .iter()
            .any(|name| params.text(name).is_some_and(|id| !id.is_empty()));
    let keep = |instance: &Instance| {
        !elsewhere
            && (images.is_empty() || images.contains(&instance.image))
            && (types.is_empty() || types.contains(&instance.size.instance_type))
            && class.is_none_or(|class| class == instance.class)
            && vcpus.is_none_or(|vcpus| vcpus == instance.size.vcpus)
            && memory.is_none_or(|memory| memory == instance.size.memory)
            && disk.is_none_or(|disk| disk == instance.os_disk_size)
    };
    let verbose = params.flag("verbose");
    query::list(
        out,
        call,
        &state.instances,
        "instances",
        "instance_set",
        keep,
        |out, instance| show(out, state, instance, verbose),
    )
}

/// One instance as `DescribeInstances` shows it.
pub fn show(out: &mut Json, state: &State, instance: &Instance, verbose: bool) {
    let head = &instance.head;
    out.text("instance_id", &head.id);
    out.text("instance_name", &head.name);
    out.text("description", &head.description);
    out.text("instance_type", &instance.size.instance_type);
    out.number("vcpus_current", instance.size.vcpus);
    out.number("memory_current", instance.size.memory);
    out.number("instance_class", instance.class);
    show_times(out, head);
    out.number("sub_code", 0);
    out.text("alarm_status", "");
    out.text("graphics_protocol", "vnc");
    out.text("graphics_passwd", "");
    out.text("cpu_topology", "");
    out.text("zone_id", &head.zone);
    out.text("repl", "rpp-00000002");
    out.text("device", "");
    out.object("image", |out| {
        images::show_short(out, state, &instance.image)
    });
    out.objects("vxnets", &instance.nics, |out, nic| {
        vxnets::show_nic(out, state, nic)
    });
    out.object("eip", |out| {
        if let Some(eip) = state.eips.get(&instance.eip) {
            eips::show_short(out, eip);
        }
    });
    out.texts("volume_ids", &instance.volumes);
    out.texts("keypair_ids", &instance.key_pairs);
    out.object("security_group", |out| {
        if let Some(group) = state.security_groups.get(&instance.security_group) {
            out.text("security_group_id", &group.head.id);
            out.text("security_group_name", &group.head.name);
            out.flag("is_default", group.is_default);
        }
    });
    tags::show_of(out, state, head);
    if !verbose {
        return;
    }
    let disks = instance
        .volumes
        .iter()
        .filter_map(|id| state.volumes.get(id));
    out.objects("volumes", disks, |out, volume| {
        volumes::show_short(out, volume)
    });
    out.objects("dns_aliases", [(); 0], |_, ()| ());
    out.object("extra", |out| {
        out.text("block_bus", "virtio");
        out.text("boot_dev", "hd");
        out.text("cpu_model", "Westmere");
        out.text("hypervisor", "kvm");
        out.number("cpu_max", instance.size.vcpus);
        out.number("mem_max", instance.size.memory);
        out.number("os_disk_size", instance.os_disk_size);
        out.number("features", 0);
        out.number("nic_mqueue", 0);
        out.number("no_limit", 0);
        out.number("no_restrict", 0);
        out.number("usb", 0);
    });
}

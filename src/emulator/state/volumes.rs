//! Volumes: create, describe, attach, detach, resize, clone, delete, modify.

use crate::emulator::names::*;

use serde::{Deserialize, Serialize};

use super::jobs::Change;
use super::store::{Head, Resource};
use super::words::{Status, Transition};
use super::{Handler, State, find, modify_one, quotas, ready, ready_one, show_times, tags};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query;
use crate::emulator::refusal::Refusal;

pub const ACTIONS: &[(&str, Handler)] = &[
    ("DescribeVolumes", describe),
    ("CreateVolumes", create),
    ("CloneVolumes", copy),
    ("AttachVolumes", attach),
    ("DetachVolumes", detach),
    ("ResizeVolumes", resize),
    ("DeleteVolumes", delete),
    ("ModifyVolumeAttributes", modify),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Volume {
    pub head: Head,
    /// In GB.
    pub size: i64,
    pub volume_type: i64,
    /// Empty while it is attached to none.
    pub instance: String,
}

impl Resource for Volume {
    const PREFIX: &'static str = "vol-";
    const TYPE: &'static str = "volume";
    fn head(&self) -> &Head {
        &self.head
    }
    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

/// Makes `count` volumes that a job will finish; gives their ids and the changes to put into the job.
pub fn make(
    state: &mut State,
    call: &Call,
    size: i64,
    volume_type: i64,
    count: i64,
) -> Result<(Vec<String>, Vec<Change>), Refusal> {
    quotas::check(state, call, "volume", count)?;
    let mut ids = Vec::new();
    let mut changes = Vec::new();
    for _ in 0..count {
        let mut head = state.new_head::<Volume>(
            call,
            call.params.text("volume_name").unwrap_or_default(),
            Status::Pending,
        );
        head.transition = Transition::Creating;
        ids.push(head.id.clone());
        changes.push(Change::Settle {
            id: head.id.clone(),
            status: Status::Available,
        });
        state.volumes.insert(Volume {
            head,
            size,
            volume_type,
            instance: String::new(),
        });
    }
    Ok((ids, changes))
}

fn create(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    call.params.required("size")?;
    let size = call.params.integer_from("size", 1, 10)?;
    let volume_type = call.params.integer("volume_type")?.unwrap_or(0);
    let count = call.params.integer_from("count", 1, 1)?;
    let (ids, changes) = make(state, call, size, volume_type, count)?;
    let job = state.start_job(call, ids.clone(), changes);
    out.texts("volumes", &ids);
    out.text("job_id", &job);
    Ok(())
}

fn copy(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let source = call.params.required("volume")?.to_owned();
    let count = call.params.integer_from("count", 1, 1)?;
    let volume = ready(
        &state.volumes,
        call,
        &[source],
        &[Status::Available, Status::InUse],
        "cloned",
    )?[0];
    let (size, volume_type) = (
        volume.size,
        call.params
            .integer("volume_type")?
            .unwrap_or(volume.volume_type),
    );
    let (ids, changes) = make(state, call, size, volume_type, count)?;
    let job = state.start_job(call, ids.clone(), changes);
    out.texts("volumes", &ids);
    out.text("job_id", &job);
    Ok(())
}

fn attach(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("volumes")?;
    let instance = call.params.required("instance")?.to_owned();
    ready(&state.volumes, call, &ids, &[Status::Available], "attached")?;
    ready_one(
        &state.instances,
        call,
        &instance,
        &[Status::Running, Status::Stopped],
        "given a volume",
    )?;
    state.work_on(call, out, ids, Transition::Attaching, |volume| {
        let instance = instance.clone();
        Change::Attach { volume, instance }
    });
    Ok(())
}

fn detach(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("volumes")?;
    let instance = call.params.required("instance")?;
    find(&state.instances, call, instance)?;
    for volume in ready(&state.volumes, call, &ids, &[Status::InUse], "detached")? {
        if volume.instance != instance {
            return Err(Refusal::denied(format!(
                "volume [{}] is not attached to instance [{instance}], can not be detached",
                volume.head.id
            )));
        }
    }
    let end = |volume| Change::Detach { volume };
    state.work_on(call, out, ids, Transition::Detaching, end);
    Ok(())
}

fn resize(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("volumes")?;
    call.params.required("size")?;
    let size = call.params.integer_from("size", 1, 10)?;
    for volume in ready(
        &state.volumes,
        call,
        &ids,
        &[Status::Available, Status::InUse],
        "resized",
    )? {
        if size < volume.size {
            return Err(Refusal::denied(format!(
                "volume [{}] is {} GB, can not be made smaller",
                volume.head.id, volume.size
            )));
        }
    }
    let end = |volume| Change::Grow { volume, size };
    state.work_on(call, out, ids, Transition::Busy, end);
    Ok(())
}

fn delete(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("volumes")?;
    for id in &ids {
        let volume = find(&state.volumes, call, id)?;
        if !volume.instance.is_empty() {
            return Err(Refusal::denied(format!(
                "volume [{id}] is in use by instance [{}], can not be deleted",
                volume.instance
            )));
        }
    }
    ready(
        &state.volumes,
        call,
        &ids,
        &[Status::Available, Status::Suspended],
        "deleted",
    )?;
    let end = Change::settle(Status::Deleted);
    state.work_on(call, out, ids, Transition::Deleting, end);
    Ok(())
}

fn modify(state: &mut State, call: &Call, _: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("volume")?;
    modify_one(&mut state.volumes, call, id, "volume_name")?;
    Ok(())
}

fn describe(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let volume_type = call.params.integer("volume_type")?;
    let instance = call.params.given("instance_id");
    let keep = |volume: &Volume| {
        volume_type.is_none_or(|kind| kind == volume.volume_type)
            && instance.is_none_or(|id| id == volume.instance)
    };
    query::list(
        out,
        call,
        &state.volumes,
        "volumes",
        "volume_set",
        keep,
        |out, volume| {
            show_short(out, volume);
            let host = state.instances.get(&volume.instance);
            out.object("instance", |out| {
                if let Some(host) = host {
                    show_host(out, host);
                }
            });
            out.objects("instances", host, show_host);
            tags::show_of(out, state, &volume.head);
        },
    )
}

fn show_host(out: &mut Json, host: &super::instances::Instance) {
    out.text("instance_id", &host.head.id);
    out.text("instance_name", &host.head.name);
    out.text("device", "/dev/vdc");
}

/// A volume without what it is attached to.
pub fn show_short(out: &mut Json, volume: &Volume) {
    let head = &volume.head;
    out.text("volume_id", &head.id);
    out.text("volume_name", &head.name);
    out.text("description", &head.description);
    out.number("size", volume.size);
    out.number("volume_type", volume.volume_type);
    out.text(
        "device",
        if volume.instance.is_empty() {
            ""
        } else {
            "/dev/vdc"
        },
    );
    show_times(out, head);
    out.number("sub_code", 0);
    out.text("owner", &head.owner);
    out.text("repl", "rpp-00000002");
    out.text("place_group_id", "");
    out.text("zone_id", &head.zone);
}

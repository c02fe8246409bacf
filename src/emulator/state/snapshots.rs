//! Snapshots of instances and volumes: create, describe, apply, make a volume or an image of, delete, modify.

use crate::emulator::names::*;

use serde::{Deserialize, Serialize};

use super::jobs::Change;
use super::store::{Head, Resource};
use super::words::{Status, Transition};
use super::{
    Handler, State, images, modify_one, quotas, ready, ready_one, show_times, tags, volumes,
};
use super::{instances, volumes as disks};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query;
use crate::emulator::refusal::Refusal;

pub const ACTIONS: &[(&str, Handler)] = &[
    ("DescribeSnapshots", describe),
    ("CreateSnapshots", create),
    ("ApplySnapshots", apply),
    ("CaptureInstanceFromSnapshot", capture),
    ("CreateVolumeFromSnapshot", create_volume),
    ("DeleteSnapshots", delete),
    ("ModifySnapshotAttributes", modify),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Snapshot {
    pub head: Head,
    /// The instance or volume it is of.
    pub resource: String,
    /// The image of the instance; empty for a volume.
    pub image: String,
    /// In GB.
    pub size: i64,
    pub volume_type: i64,
    /// The first snapshot of the chain; itself for a full one.
    pub root: String,
    /// The one before it in the chain; itself for a full one.
    pub parent: String,
}

impl Resource for Snapshot {
    const PREFIX: &'static str = "ss-";
    const TYPE: &'static str = "snapshot";
    fn head(&self) -> &Head {
        &self.head
    }
    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

/// What there is to know of a resource that can be taken a snapshot of: image, size, type of volume.
fn subject(state: &State, call: &Call, id: &str) -> Result<(String, i64, i64), Refusal> {
    if id.starts_with(disks::Volume::PREFIX) {
        let volume = ready_one(
            &state.volumes,
            call,
            id,
            &[Status::Available, Status::InUse],
            "captured",
        )?;
        return Ok((String::new(), volume.size, volume.volume_type));
    }
    if id.starts_with(instances::Instance::PREFIX) {
        let instance = ready_one(
            &state.instances,
            call,
            id,
            &[Status::Running, Status::Stopped],
            "captured",
        )?;
        return Ok((instance.image.clone(), instance.os_disk_size, 0));
    }
    Err(Refusal::not_found(id))
}

fn create(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let resources = call.params.required_list("resources")?;
    let mut subjects = Vec::new();
    for id in &resources {
        subjects.push(subject(state, call, id)?);
    }
    quotas::check(state, call, "snapshot", resources.len() as i64)?;
    let full = call.params.flag("is_full");
    let mut ids = Vec::new();
    let mut changes = Vec::new();
    for (resource, (image, size, volume_type)) in resources.iter().zip(subjects) {
        let mut head = state.new_head::<Snapshot>(
            call,
            call.params.text("snapshot_name").unwrap_or_default(),
            Status::Pending,
        );
        head.transition = Transition::Creating;
        let id = head.id.clone();
        let last = state
            .snapshots
            .items()
            .iter()
            .rev()
            .find(|snapshot| snapshot.resource == *resource && !snapshot.head.status.is_gone());
        let (root, parent) = match last {
            Some(last) if !full => (last.root.clone(), last.head.id.clone()),
            _ => (id.clone(), id.clone()),
        };
        state.snapshots.insert(Snapshot {
            head,
            resource: resource.clone(),
            image,
            size,
            volume_type,
            root,
            parent,
        });
        changes.push(Change::Settle {
            id: id.clone(),
            status: Status::Available,
        });
        ids.push(id);
    }
    let job = state.start_job(call, resources, changes);
    out.texts("snapshots", &ids);
    out.text("job_id", &job);
    Ok(())
}

fn apply(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("snapshots")?;
    let snapshots = ready(
        &state.snapshots,
        call,
        &ids,
        &[Status::Available],
        "applied",
    )?;
    let mut resources = Vec::new();
    for snapshot in snapshots {
        subject(state, call, &snapshot.resource)?;
        if state
            .instances
            .get(&snapshot.resource)
            .is_some_and(|instance| instance.head.status != Status::Stopped)
        {
            return Err(Refusal::denied(format!(
                "instance [{}] is not stopped, snapshot [{}] can not be applied",
                snapshot.resource, snapshot.head.id
            )));
        }
        resources.push(snapshot.resource.clone());
    }
    state.begin(&resources, Transition::Busy);
    let changes = resources
        .iter()
        .map(|id| Change::Rest { id: id.clone() })
        .collect();
    let job = state.start_job(call, resources, changes);
    out.text("job_id", &job);
    Ok(())
}

fn capture(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("snapshot")?.to_owned();
    let image = ready_one(
        &state.snapshots,
        call,
        &id,
        &[Status::Available],
        "captured",
    )?
    .image
    .clone();
    if image.is_empty() {
        return Err(Refusal::denied(format!(
            "snapshot [{id}] is of a volume, can not be captured"
        )));
    }
    let made = images::make(state, call, &image)?;
    let changes = Vec::from([Change::Settle {
        id: made.clone(),
        status: Status::Available,
    }]);
    let job = state.start_job(call, Vec::from([id, made.clone()]), changes);
    out.text("image_id", &made);
    out.text("job_id", &job);
    Ok(())
}

fn create_volume(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("snapshot")?.to_owned();
    let snapshot = ready_one(
        &state.snapshots,
        call,
        &id,
        &[Status::Available],
        "made a volume of",
    )?;
    if !snapshot.image.is_empty() {
        return Err(Refusal::denied(format!(
            "snapshot [{id}] is of an instance, can not be made a volume of"
        )));
    }
    let (size, volume_type) = (snapshot.size, snapshot.volume_type);
    let (ids, changes) = volumes::make(state, call, size, volume_type, 1)?;
    let job = state.start_job(call, ids.clone(), changes);
    out.text("volume_id", ids.first().map_or("", String::as_str));
    out.text("job_id", &job);
    Ok(())
}

fn delete(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("snapshots")?;
    ready(
        &state.snapshots,
        call,
        &ids,
        &[Status::Available, Status::Suspended],
        "deleted",
    )?;
    for id in &ids {
        let child = |snapshot: &&Snapshot| {
            snapshot.parent == *id
                && snapshot.head.id != *id
                && !snapshot.head.status.is_gone()
                && !ids.contains(&snapshot.head.id)
        };
        if let Some(child) = state.snapshots.items().iter().find(child) {
            return Err(Refusal::denied(format!(
                "snapshot [{id}] is in use by snapshot [{}], can not be deleted",
                child.head.id
            )));
        }
    }
    let end = Change::settle(Status::Deleted);
    state.work_on(call, out, ids, Transition::Deleting, end);
    Ok(())
}

fn modify(state: &mut State, call: &Call, _: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("snapshot")?;
    modify_one(&mut state.snapshots, call, id, "snapshot_name")?;
    Ok(())
}

fn describe(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let resource = call.params.given("resource_id");
    let root = call.params.given("root_id");
    let kind = call.params.integer("snapshot_type")?;
    let keep = |snapshot: &Snapshot| {
        resource.is_none_or(|id| id == snapshot.resource)
            && root.is_none_or(|id| id == snapshot.root)
            && kind.is_none_or(|kind| kind == kind_of(snapshot))
    };
    query::list(
        out,
        call,
        &state.snapshots,
        "snapshots",
        "snapshot_set",
        keep,
        |out, snapshot| {
            let head = &snapshot.head;
            let chain = || {
                state
                    .snapshots
                    .items()
                    .iter()
                    .filter(|other| other.root == snapshot.root && !other.head.status.is_gone())
            };
            out.text("snapshot_id", &head.id);
            out.text("snapshot_name", &head.name);
            out.text("description", &head.description);
            out.number("snapshot_type", kind_of(snapshot));
            show_times(out, head);
            out.time("snapshot_time", head.created_ms);
            out.time(
                "latest_snapshot_time",
                chain()
                    .map(|other| other.head.created_ms)
                    .max()
                    .unwrap_or(head.created_ms),
            );
            out.flag("is_taken", head.status != Status::Pending);
            out.flag(
                "is_head",
                chain().all(|other| other.parent != head.id || other.head.id == head.id),
            );
            out.text("root_id", &snapshot.root);
            out.text("parent_id", &snapshot.parent);
            out.number("head_chain", 1);
            // The service counts these in MB.
            out.number("size", snapshot.size.saturating_mul(1024));
            out.number(
                "total_size",
                chain().fold(0, |sum: i64, other| {
                    sum.saturating_add(other.size.saturating_mul(1024))
                }),
            );
            out.number("total_count", chain().count() as i64);
            out.number("virtual_size", snapshot.size.saturating_mul(1024));
            out.text("provider", "self");
            out.text("visibility", "private");
            out.number("sub_code", 0);
            out.object("resource", |out| {
                out.text("resource_id", &snapshot.resource);
                out.text(
                    "resource_name",
                    state.head(&snapshot.resource).map_or("", |head| &head.name),
                );
                out.text(
                    "resource_type",
                    if snapshot.image.is_empty() {
                        "volume"
                    } else {
                        "instance"
                    },
                );
            });
            out.object("snapshot_resource", |out| {
                if snapshot.image.is_empty() {
                    out.text("volume_id", &snapshot.resource);
                    out.number("volume_type", snapshot.volume_type);
                    out.number("size", snapshot.size);
                }
            });
            tags::show_of(out, state, head);
        },
    )
}

/// 1 for a full snapshot, 0 for one that builds on another.
fn kind_of(snapshot: &Snapshot) -> i64 {
    i64::from(snapshot.root == snapshot.head.id)
}

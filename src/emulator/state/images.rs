//! Images: those of the system, which exist as soon as they are named, and those captured from instances.

use crate::emulator::names::*;

use serde::{Deserialize, Serialize};

use super::jobs::Change;
use super::store::{Head, Resource};
use super::words::{Status, Transition};
use super::{Handler, State, find, modify_one, present, quotas, ready, ready_one, show_times};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query;
use crate::emulator::refusal::Refusal;

pub const ACTIONS: &[(&str, Handler)] = &[
    ("DescribeImages", describe),
    ("CaptureInstance", capture),
    ("CloneImages", copy),
    ("DeleteImages", delete),
    ("ModifyImageAttributes", modify),
    ("GrantImageToUsers", grant),
    ("RevokeImageFromUsers", revoke),
    ("DescribeImageUsers", describe_users),
];

/// Images of the system that lists show; any other id that does not start with `img-` is one as well.
const SYSTEM: [&str; 4] = [
    "centos7x64d",
    "centos64x86a",
    "trustysrvx64",
    "win2012r2dteng64b",
];

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Image {
    pub head: Head,
    /// The image it was made from.
    pub root: String,
    /// In GB.
    pub size: i64,
    /// Users it was granted to, and when.
    pub users: Vec<(String, i64)>,
}

impl Resource for Image {
    const PREFIX: &'static str = "img-";
    const TYPE: &'static str = "image";
    fn head(&self) -> &Head {
        &self.head
    }
    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

/// Refuses an image that an instance cannot be made from.
pub fn usable(state: &State, call: &Call, id: &str) -> Result<(), Refusal> {
    if !id.starts_with(Image::PREFIX) {
        return Ok(());
    }
    ready_one(&state.images, call, id, &[Status::Available], "used").map(|_| ())
}

/// An image that a job will finish.
pub fn make(state: &mut State, call: &Call, root: &str) -> Result<String, Refusal> {
    quotas::check(state, call, "image", 1)?;
    let mut head = state.new_head::<Image>(
        call,
        call.params.text("image_name").unwrap_or_default(),
        Status::Pending,
    );
    head.transition = Transition::Creating;
    let id = head.id.clone();
    state.images.insert(Image {
        head,
        root: root.to_owned(),
        size: 20,
        users: Vec::new(),
    });
    Ok(id)
}

fn capture(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let instance = call.params.required("instance")?.to_owned();
    let root = ready_one(
        &state.instances,
        call,
        &instance,
        &[Status::Stopped],
        "captured",
    )?
    .image
    .clone();
    let id = make(state, call, &root)?;
    let changes = Vec::from([Change::Settle {
        id: id.clone(),
        status: Status::Available,
    }]);
    let job = state.start_job(call, Vec::from([instance, id.clone()]), changes);
    out.text("image_id", &id);
    out.text("job_id", &job);
    Ok(())
}

fn copy(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let source = call.params.required("image")?;
    usable(state, call, source)?;
    let count = call.params.integer_from("count", 1, 1)?;
    quotas::check(state, call, "image", count)?;
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(make(state, call, source)?);
    }
    let changes = ids
        .iter()
        .map(|id| Change::Settle {
            id: id.clone(),
            status: Status::Available,
        })
        .collect();
    let job = state.start_job(call, ids.clone(), changes);
    out.texts("images", &ids);
    out.text("job_id", &job);
    Ok(())
}

/// Refuses to change what belongs to the system.
fn own(id: &str, done: &str) -> Result<(), Refusal> {
    if id.starts_with(Image::PREFIX) {
        return Ok(());
    }
    Err(Refusal::denied(format!(
        "image [{id}] belongs to the system, can not be {done}"
    )))
}

fn delete(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("images")?;
    for id in &ids {
        own(id, "deleted")?;
        find(&state.images, call, id)?;
        let user = state
            .instances
            .items()
            .iter()
            .find(|instance| instance.image == *id && !instance.head.status.is_gone());
        if let Some(host) = user {
            return Err(Refusal::denied(format!(
                "image [{id}] is in use by instance [{}], can not be deleted",
                host.head.id
            )));
        }
    }
    ready(
        &state.images,
        call,
        &ids,
        &[Status::Available, Status::Suspended],
        "deleted",
    )?;
    let end = Change::settle(Status::Deleted);
    state.work_on(call, out, ids, Transition::Deleting, end);
    Ok(())
}

fn modify(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("image")?;
    own(id, "modified")?;
    modify_one(&mut state.images, call, id, "image_name")?;
    out.text("image_id", id);
    Ok(())
}

fn grant(state: &mut State, call: &Call, _: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("image")?;
    let users = call.params.required_list("users")?;
    own(id, "granted")?;
    present(&state.images, call, id, "granted")?;
    if let Some(image) = state.images.get_mut(id) {
        image.users.retain(|(user, _)| !users.contains(user));
        image
            .users
            .extend(users.into_iter().map(|user| (user, call.now_ms)));
    }
    Ok(())
}

fn revoke(state: &mut State, call: &Call, _: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("image")?;
    let users = call.params.required_list("users")?;
    own(id, "revoked")?;
    let image = present(&state.images, call, id, "revoked")?;
    if let Some(user) = users
        .iter()
        .find(|user| !image.users.iter().any(|(held, _)| held == *user))
    {
        return Err(Refusal::not_found(user));
    }
    if let Some(image) = state.images.get_mut(id) {
        image.users.retain(|(user, _)| !users.contains(user));
    }
    Ok(())
}

fn describe_users(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("image_id")?;
    let page = query::Page::read(call)?;
    let image = find(&state.images, call, id)?;
    out.objects(
        "image_user_set",
        image.users.iter().skip(page.offset).take(page.limit),
        |out, (user, since_ms)| {
            out.text("image_id", id);
            out.time("create_time", *since_ms);
            out.object("user", |out| {
                out.text("user_id", user);
                out.text("email", "");
            });
        },
    );
    out.number("total_count", image.users.len() as i64);
    Ok(())
}

fn describe(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let params = call.params;
    let ids = params.list("images")?;
    let text = |name: &str| params.given(name);
    let bits = text("processor_type");
    let family = text("os_family");
    let (visibility, provider) = (text("visibility"), text("provider"));
    let statuses = params.list("status")?;
    let fits = |id: &str, own: bool| {
        bits.is_none_or(|bits| bits == "64bit")
            && family.is_none_or(|wanted| wanted == os_family(id))
            && visibility.is_none_or(|wanted| (wanted == "private") == own)
            && provider.is_none_or(|wanted| (wanted == "self") == own)
    };
    // Images of the system come first; they answer to their ids and, without ids, as a short list.
    let named: Vec<&str> = if ids.is_empty() {
        SYSTEM.to_vec()
    } else {
        ids.iter()
            .map(String::as_str)
            .filter(|id| !id.starts_with(Image::PREFIX))
            .collect()
    };
    let word = text("search_word").map(str::to_lowercase);
    let mut system: Vec<&str> = named
        .into_iter()
        .filter(|id| fits(id, false) && word.as_ref().is_none_or(|word| id.contains(word.as_str())))
        .filter(|_| statuses.is_empty() || statuses.iter().any(|status| status == "available"))
        .filter(|_| {
            text("owner").is_none_or(|owner| owner == "system")
                && !params.has("tags")
                && text("project_id").is_none()
        })
        .collect();
    let page = query::Page::read(call)?;
    query::check_known(call, &ids, |id| {
        !id.starts_with(Image::PREFIX) || find(&state.images, call, id).is_ok()
    })?;
    let mut own: Vec<&Image> = state
        .images
        .items()
        .iter()
        .filter(|image| call.sees(&image.head) && fits(&image.root, true))
        .filter(|image| ids.is_empty() || ids.contains(&image.head.id))
        .filter(|image| {
            statuses.is_empty()
                || statuses
                    .iter()
                    .any(|status| status == image.head.status.word())
        })
        .filter(|image| {
            call.options.list_gone || !statuses.is_empty() || !image.head.status.is_gone()
        })
        .filter(|image| text("owner").is_none_or(|owner| owner == image.head.owner))
        .filter(|image| text("project_id").is_none_or(|project| project == image.head.project))
        .filter(|image| {
            word.as_ref().is_none_or(|word| {
                image.head.name.to_lowercase().contains(word.as_str())
                    || image.head.id.contains(word.as_str())
            })
        })
        .collect();
    let tags = params.list("tags")?;
    own.retain(|image| tags.is_empty() || tags.iter().any(|tag| image.head.tags.contains(tag)));
    if page.reverse {
        own.reverse();
        system.reverse();
    }
    let total = system.len() + own.len();
    let all = system.into_iter().map(Err).chain(own.into_iter().map(Ok));
    out.objects(
        "image_set",
        all.skip(page.offset).take(page.limit),
        |out, image| match image {
            Err(id) => show_system(out, id),
            Ok(image) => show(out, state, image),
        },
    );
    out.number("total_count", total as i64);
    Ok(())
}

/// The family of systems an image's id speaks of.
fn os_family(id: &str) -> &'static str {
    ["centos", "ubuntu", "debian", "fedora", "windows", "coreos"]
        .into_iter()
        .find(|family| id.starts_with(family))
        .unwrap_or(match id {
            id if id.starts_with("win") => "windows",
            id if ["trusty", "xenial", "bionic", "focal", "jammy"]
                .iter()
                .any(|name| id.starts_with(name)) =>
            {
                "ubuntu"
            }
            _ => "linux",
        })
}

fn show_kind(out: &mut Json, id: &str) {
    let family = os_family(id);
    out.text("os_family", family);
    out.text(
        "platform",
        if family == "windows" {
            "windows"
        } else {
            "linux"
        },
    );
    out.text("processor_type", "64bit");
}

fn show_system(out: &mut Json, id: &str) {
    out.text("image_id", id);
    out.text("image_name", id);
    out.text("description", "");
    show_kind(out, id);
    out.number("size", 20);
    out.text("visibility", "public");
    out.text("provider", "system");
    out.text("owner", "system");
    out.text("status", "available");
    out.text("transition_status", "");
    out.time("create_time", 0);
    out.time("status_time", 0);
    out.number("sub_code", 0);
    out.text("root_id", "");
    out.text("recommended_type", "small_b");
}

fn show(out: &mut Json, state: &State, image: &Image) {
    let head = &image.head;
    out.text("image_id", &head.id);
    out.text("image_name", &head.name);
    out.text("description", &head.description);
    show_kind(out, &image.root);
    out.number("size", image.size);
    out.text("visibility", "private");
    out.text("provider", "self");
    out.text("owner", &head.owner);
    show_times(out, head);
    out.number("sub_code", 0);
    out.text("root_id", &image.root);
    out.text("recommended_type", "small_b");
    let users = state
        .instances
        .items()
        .iter()
        .filter(|instance| instance.image == head.id);
    out.texts("instance_ids", users.map(|instance| &instance.head.id));
}

/// An image as an instance shows it.
pub fn show_short(out: &mut Json, state: &State, id: &str) {
    let own = state.images.get(id);
    out.text("image_id", id);
    out.text("image_name", own.map_or(id, |image| &image.head.name));
    show_kind(out, own.map_or(id, |image| &image.root));
    out.number("size", own.map_or(20, |image| image.size));
    out.text("provider", if own.is_some() { "self" } else { "system" });
}

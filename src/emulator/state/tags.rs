//! Tags: create, describe, attach, detach, delete, modify.

use crate::emulator::names::*;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::store::{Head, Resource, Store};
use super::words::Status;
use super::{Handler, State, check_present, find, modify_one, quotas};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query;
use crate::emulator::refusal::Refusal;

pub const ACTIONS: &[(&str, Handler)] = &[
    ("DescribeTags", describe),
    ("CreateTag", create),
    ("DeleteTags", delete),
    ("AttachTags", attach),
    ("DetachTags", detach),
    ("ModifyTagAttributes", modify),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tag {
    pub head: Head,
    pub color: String,
}

impl Resource for Tag {
    const PREFIX: &'static str = "tag-";
    const TYPE: &'static str = "tag";
    fn head(&self) -> &Head {
        &self.head
    }
    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

/// The types of resource that can be tagged, with what their ids begin with.
const TAGGED: [(&str, &str); 9] = [
    ("instance", "i-"),
    ("volume", "vol-"),
    ("keypair", "kp-"),
    ("security_group", "sg-"),
    ("vxnet", "vxnet-"),
    ("eip", "eip-"),
    ("router", "rtr-"),
    ("snapshot", "ss-"),
    ("image", "img-"),
];

fn create(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let name = call.params.required("tag_name")?;
    quotas::check(state, call, "tag", 1)?;
    let head = state.new_head::<Tag>(call, name, Status::Active);
    out.text("tag_id", &head.id);
    let color = call.params.given("color").unwrap_or("#9f9bb7").to_owned();
    state.tags.insert(Tag { head, color });
    Ok(())
}

fn delete(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("tags")?;
    for id in &ids {
        find(&state.tags, call, id)?;
    }
    fn strip<T: Resource>(store: &mut Store<T>, ids: &[String]) {
        for item in store.iter_mut() {
            item.head_mut().tags.retain(|tag| !ids.contains(tag));
        }
    }
    strip(&mut state.instances, &ids);
    strip(&mut state.volumes, &ids);
    strip(&mut state.key_pairs, &ids);
    strip(&mut state.security_groups, &ids);
    strip(&mut state.vxnets, &ids);
    strip(&mut state.eips, &ids);
    strip(&mut state.routers, &ids);
    strip(&mut state.snapshots, &ids);
    strip(&mut state.images, &ids);
    state.tags.retain(|tag| !ids.contains(&tag.head.id));
    out.texts("tags", &ids);
    Ok(())
}

/// Reads and checks `resource_tag_pairs`: tag and resource of each.
fn pairs(state: &State, call: &Call, done: &str) -> Result<Vec<(String, String)>, Refusal> {
    let items = call.params.objects("resource_tag_pairs")?;
    if items.is_empty() {
        return Err(Refusal::format("missing parameter [resource_tag_pairs]"));
    }
    let field = |item: &BTreeMap<String, String>, name: &str| {
        let text = item.get(name).filter(|text| !text.is_empty());
        text.cloned().ok_or_else(|| {
            Refusal::format(format!("each of [resource_tag_pairs] needs a [{name}]"))
        })
    };
    let mut pairs = Vec::new();
    for item in &items {
        let (tag, kind, resource) = (
            field(item, "tag_id")?,
            field(item, "resource_type")?,
            field(item, "resource_id")?,
        );
        find(&state.tags, call, &tag)?;
        let Some((_, prefix)) = TAGGED.iter().find(|(tagged, _)| *tagged == kind) else {
            return Err(Refusal::format(format!(
                "[resource_type] can not be tagged: [{kind}]"
            )));
        };
        let head = state
            .head(&resource)
            .filter(|head| resource.starts_with(prefix) && call.sees(head))
            .ok_or_else(|| Refusal::not_found(&resource))?;
        check_present(&kind, head, done)?;
        pairs.push((tag, resource));
    }
    Ok(pairs)
}

fn attach(state: &mut State, call: &Call, _: &mut Json) -> Result<(), Refusal> {
    for (tag, resource) in pairs(state, call, "tagged")? {
        if let Some(head) = state.head_mut(&resource)
            && !head.tags.contains(&tag)
        {
            head.tags.push(tag);
        }
    }
    Ok(())
}

fn detach(state: &mut State, call: &Call, _: &mut Json) -> Result<(), Refusal> {
    let pairs = pairs(state, call, "rid of a tag")?;
    for (tag, resource) in &pairs {
        if state
            .head(resource)
            .is_some_and(|head| !head.tags.contains(tag))
        {
            return Err(Refusal::denied(format!(
                "tag [{tag}] is not attached to resource [{resource}]"
            )));
        }
    }
    for (tag, resource) in pairs {
        if let Some(head) = state.head_mut(&resource) {
            head.tags.retain(|held| *held != tag);
        }
    }
    Ok(())
}

fn modify(state: &mut State, call: &Call, _: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("tag")?;
    let tag = modify_one(&mut state.tags, call, id, "tag_name")?;
    if let Some(color) = call.params.text("color") {
        color.clone_into(&mut tag.color);
    }
    Ok(())
}

/// Every tagged resource of a type, as pairs of type and head.
fn tagged<'a>(state: &'a State, tag: &'a str) -> Vec<(&'static str, &'a Head)> {
    fn of<'a, T: Resource>(
        into: &mut Vec<(&'static str, &'a Head)>,
        store: &'a Store<T>,
        tag: &str,
    ) {
        let heads = store.items().iter().map(Resource::head);
        into.extend(
            heads
                .filter(|head| head.tags.iter().any(|held| held == tag))
                .map(|head| (T::TYPE, head)),
        );
    }
    let mut found = Vec::new();
    of(&mut found, &state.instances, tag);
    of(&mut found, &state.volumes, tag);
    of(&mut found, &state.key_pairs, tag);
    of(&mut found, &state.security_groups, tag);
    of(&mut found, &state.vxnets, tag);
    of(&mut found, &state.eips, tag);
    of(&mut found, &state.routers, tag);
    of(&mut found, &state.snapshots, tag);
    of(&mut found, &state.images, tag);
    found
}

fn describe(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let resources = call.params.list("resources")?;
    let verbose = call.params.flag("verbose");
    let keep = |tag: &Tag| {
        resources.is_empty()
            || resources.iter().any(|id| {
                state
                    .head(id)
                    .is_some_and(|head| head.tags.contains(&tag.head.id))
            })
    };
    query::list(
        out,
        call,
        &state.tags,
        "tags",
        "tag_set",
        keep,
        |out, tag| {
            let head = &tag.head;
            let found = tagged(state, &head.id);
            let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
            for (kind, _) in &found {
                *counts.entry(kind).or_default() += 1;
            }
            show_short(out, tag);
            out.text("description", &head.description);
            out.text("owner", &head.owner);
            out.time("create_time", head.created_ms);
            out.number("resource_count", found.len() as i64);
            out.objects("resource_type_count", counts, |out, (kind, count)| {
                out.number("count", count);
                out.text("resource_type", kind);
            });
            if verbose {
                out.objects("resource_tag_pairs", found, |out, (kind, resource)| {
                    out.text("tag_id", &head.id);
                    out.text("resource_type", kind);
                    out.text("resource_id", &resource.id);
                    out.text("status", resource.status.word());
                });
            }
        },
    )
}

fn show_short(out: &mut Json, tag: &Tag) {
    out.text("tag_id", &tag.head.id);
    out.text("tag_name", &tag.head.name);
    out.text("tag_key", &tag.head.name);
    out.text("color", &tag.color);
}

/// The tags of a resource.
pub fn show_of(out: &mut Json, state: &State, head: &Head) {
    out.objects(
        "tags",
        head.tags.iter().filter_map(|id| state.tags.get(id)),
        show_short,
    );
}

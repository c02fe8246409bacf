//! What a router is told to do (`static_type` 1 port forwarding, 2 VPN, 3 DHCP, …) and the entries of it.

use crate::emulator::names::*;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::store::{Head, Resource};
use super::words::Status;
use super::{Handler, State, find, present};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query;
use crate::emulator::refusal::Refusal;

pub const ACTIONS: &[(&str, Handler)] = &[
    ("DescribeRouterStatics", describe),
    ("AddRouterStatics", add),
    ("ModifyRouterStaticAttributes", modify),
    ("DeleteRouterStatics", delete),
    ("DescribeRouterStaticEntries", describe_entries),
    ("AddRouterStaticEntries", add_entries),
    ("ModifyRouterStaticEntryAttributes", modify_entry),
    ("DeleteRouterStaticEntries", delete_entries),
];

/// `val1` to `val9`.
const VALUES: [&str; 9] = [
    "val1", "val2", "val3", "val4", "val5", "val6", "val7", "val8", "val9",
];

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Static {
    pub head: Head,
    pub router: String,
    pub vxnet: String,
    pub static_type: i64,
    /// `val1` to `val9`, those that were given.
    pub values: BTreeMap<String, String>,
}

impl Resource for Static {
    const PREFIX: &'static str = "rtrs-";
    const TYPE: &'static str = "router_static";
    fn head(&self) -> &Head {
        &self.head
    }
    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entry {
    pub head: Head,
    pub router: String,
    pub router_static: String,
    pub values: BTreeMap<String, String>,
}

impl Resource for Entry {
    const PREFIX: &'static str = "rse-";
    const TYPE: &'static str = "router_static_entry";
    fn head(&self) -> &Head {
        &self.head
    }
    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

fn unapply(state: &mut State, router: &str) {
    if let Some(router) = state.routers.get_mut(router) {
        router.change();
    }
}

fn values(fields: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    fields
        .iter()
        .filter(|(name, _)| VALUES.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn add(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let router = call.params.required("router")?.to_owned();
    present(&state.routers, call, &router, "told what to do")?;
    let items = call.params.objects("statics")?;
    if items.is_empty() {
        return Err(Refusal::format("missing parameter [statics]"));
    }
    let mut kinds = Vec::new();
    for item in &items {
        let kind = item
            .get("static_type")
            .and_then(|text| text.parse::<i64>().ok());
        kinds.push(kind.ok_or_else(|| {
            Refusal::format("each of [statics] needs a [static_type] that is an integer")
        })?);
    }
    let mut ids = Vec::new();
    for (item, static_type) in items.iter().zip(kinds) {
        let name = item.get("router_static_name").map_or("", String::as_str);
        let head = state.new_head::<Static>(call, name, Status::Active);
        ids.push(head.id.clone());
        let vxnet = item
            .get("vxnet_id")
            .map(String::as_str)
            .or(call.params.text("vxnet"))
            .unwrap_or_default()
            .to_owned();
        state.router_statics.insert(Static {
            head,
            router: router.clone(),
            vxnet,
            static_type,
            values: values(item),
        });
    }
    unapply(state, &router);
    out.texts("router_statics", &ids);
    Ok(())
}

fn modify(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("router_static")?;
    let router = find(&state.router_statics, call, id)?.router.clone();
    if let Some(item) = state.router_statics.get_mut(id) {
        set_values(call, &mut item.values);
        if let Some(name) = call.params.text("router_static_name") {
            name.clone_into(&mut item.head.name);
        }
    }
    unapply(state, &router);
    out.text("router_static_id", id);
    Ok(())
}

fn set_values(call: &Call, values: &mut BTreeMap<String, String>) {
    for name in VALUES {
        if let Some(value) = call.params.text(name) {
            values.insert(name.to_owned(), value.to_owned());
        }
    }
}

fn delete(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("router_statics")?;
    let mut routers = Vec::new();
    for id in &ids {
        routers.push(find(&state.router_statics, call, id)?.router.clone());
    }
    state
        .router_statics
        .retain(|item| !ids.contains(&item.head.id));
    state
        .router_entries
        .retain(|entry| !ids.contains(&entry.router_static));
    for router in &routers {
        unapply(state, router);
    }
    out.texts("router_statics", &ids);
    Ok(())
}

fn describe(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let router = call.params.required("router")?;
    find(&state.routers, call, router)?;
    let static_type = call.params.integer("static_type")?;
    let vxnet = call.params.given("vxnet");
    let keep = |item: &Static| {
        item.router == router
            && static_type.is_none_or(|kind| kind == item.static_type)
            && vxnet.is_none_or(|id| id == item.vxnet)
    };
    query::list(
        out,
        call,
        &state.router_statics,
        "router_statics",
        "router_static_set",
        keep,
        |out, item| {
            out.text("router_static_id", &item.head.id);
            out.text("router_static_name", &item.head.name);
            out.text("router_id", &item.router);
            out.text("vxnet_id", &item.vxnet);
            out.number("static_type", item.static_type);
            out.time("create_time", item.head.created_ms);
            for name in VALUES {
                out.text(name, item.values.get(name).map_or("", String::as_str));
            }
            let entries = state
                .router_entries
                .items()
                .iter()
                .filter(|entry| entry.router_static == item.head.id);
            out.objects("entry_set", entries, |out, entry| {
                out.text("router_static_entry_id", &entry.head.id);
                show_pair(out, entry);
            });
        },
    )
}

fn show_pair(out: &mut Json, entry: &Entry) {
    for name in &VALUES[..2] {
        out.text(name, entry.values.get(*name).map_or("", String::as_str));
    }
}

fn add_entries(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let owner = call.params.required("router_static")?.to_owned();
    let router = find(&state.router_statics, call, &owner)?.router.clone();
    let items = call.params.objects("entries")?;
    if items.is_empty() {
        return Err(Refusal::format("missing parameter [entries]"));
    }
    let mut ids = Vec::new();
    for item in &items {
        let head = state.new_head::<Entry>(
            call,
            item.get("router_static_entry_name")
                .map_or("", String::as_str),
            Status::Active,
        );
        ids.push(head.id.clone());
        state.router_entries.insert(Entry {
            head,
            router: router.clone(),
            router_static: owner.clone(),
            values: values(item),
        });
    }
    unapply(state, &router);
    out.texts("router_static_entries", &ids);
    Ok(())
}

fn modify_entry(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("router_static_entry")?;
    let router = find(&state.router_entries, call, id)?.router.clone();
    if let Some(entry) = state.router_entries.get_mut(id) {
        set_values(call, &mut entry.values);
        if let Some(name) = call.params.text("router_static_entry_name") {
            name.clone_into(&mut entry.head.name);
        }
    }
    unapply(state, &router);
    out.text("router_static_entry", id);
    Ok(())
}

fn delete_entries(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("router_static_entries")?;
    let mut routers = Vec::new();
    for id in &ids {
        routers.push(find(&state.router_entries, call, id)?.router.clone());
    }
    state
        .router_entries
        .retain(|entry| !ids.contains(&entry.head.id));
    for router in &routers {
        unapply(state, router);
    }
    out.texts("router_static_entries", &ids);
    Ok(())
}

fn describe_entries(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    // The only list here whose ids are one string: the page shows a single id.
    let id = call
        .params
        .text("router_static_entries")
        .filter(|id| !id.is_empty() && !id.starts_with('['));
    if let Some(id) = id {
        let is_seen = |id: &str| find(&state.router_entries, call, id).is_ok();
        query::check_known(call, &[id.to_owned()], is_seen)?;
    }
    let owner = call.params.given("router_static");
    if let Some(owner) = owner {
        find(&state.router_statics, call, owner)?;
    }
    let keep = |entry: &Entry| {
        owner.is_none_or(|owner| owner == entry.router_static)
            && id.is_none_or(|id| id == entry.head.id)
    };
    let ids = if id.is_some() {
        ""
    } else {
        "router_static_entries"
    };
    query::list(
        out,
        call,
        &state.router_entries,
        ids,
        "router_static_entry_set",
        keep,
        |out, entry| {
            out.text("router_static_entry_id", &entry.head.id);
            out.text("router_static_entry_name", &entry.head.name);
            out.text("router_static_id", &entry.router_static);
            out.text("router_id", &entry.router);
            show_pair(out, entry);
        },
    )
}

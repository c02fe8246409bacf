//! What projects hold and cost: resource items, zones, statistics, alarms, consumption.

use crate::emulator::names::*;

use super::projects::{Project, contents};
use super::store::Head;
use super::{Handler, State, find};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query::{Page, check_known};
use crate::emulator::refusal::Refusal;

pub const ACTIONS: &[(&str, Handler)] = &[
    ("DescribeProjectAlarms", alarms),
    ("GetProjectResourceStat", stat),
    ("GetTotalEstimatedConsumption", consumption),
    ("DescribeProjectResourceZones", zones),
    ("AddProjectResourceItems", add_items),
    ("DeleteProjectResourceItems", delete_items),
    ("DescribeProjectResourceItems", items),
];

fn project<'a>(state: &'a State, call: &Call) -> Result<&'a Project, Refusal> {
    find(&state.projects, call, call.params.required("project_id")?)
}

/// No alarm ever rings here, so the set is empty.
fn alarms(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    project(state, call)?;
    out.objects("project_resource_alarm_set", [(); 0], |_, ()| ());
    out.number("total_count", 0);
    Ok(())
}

fn stat(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let project = project(state, call)?;
    for name in ["console_id", "owner"] {
        call.params.required(name)?;
    }
    let offset = call.params.integer_from("offset", 0, 0)?;
    let limit = call.params.integer_from("limit", 0, 60)?;
    let id = &project.head.id;
    let inside = |head: &&Head| head.project == *id && !head.status.is_gone();
    let hosts = || {
        state
            .instances
            .items()
            .iter()
            .filter(|instance| inside(&&instance.head))
    };
    let disks = || {
        state
            .volumes
            .items()
            .iter()
            .filter(|volume| inside(&&volume.head))
    };
    let eips = || state.eips.items().iter().filter(|eip| inside(&&eip.head));
    let sum = |numbers: &mut dyn Iterator<Item = i64>| numbers.fold(0i64, i64::saturating_add);
    let rows = (offset == 0 && limit > 0).then_some(());
    out.objects("data", rows, |out, ()| {
        out.text("resource_group_id", &project.resource_group);
        out.text("console_id", super::CONSOLE);
        out.text("duration", "daily");
        out.bare_time("end_time", call.now_ms);
        out.number("instance_count", hosts().count() as i64);
        out.number("vcpus_count", sum(&mut hosts().map(|host| host.size.vcpus)));
        out.number("memory_sum", sum(&mut hosts().map(|host| host.size.memory)));
        out.number("volume_count", disks().count() as i64);
        out.number("volume_size", sum(&mut disks().map(|disk| disk.size)));
        out.number("eip_count", eips().count() as i64);
        out.number("eip_bandwidth", sum(&mut eips().map(|eip| eip.bandwidth)));
        for name in [
            "wan_connect_count",
            "wan_connect_bandwidth",
            "wan_cpe_count",
            "wan_cpe_bandwidth",
            "wan_line_count",
            "wan_line_bandwidth",
            "wan_vpc_count",
            "wan_vpc_bandwidth",
        ] {
            out.number(name, 0);
        }
    });
    out.raw("elapsed_time", "0.001");
    out.number("total_count", 1);
    Ok(())
}

/// Nothing costs anything here; the counts are true.
fn consumption(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let project = project(state, call)?;
    for name in ["root_user", "group_by"] {
        call.params.required(name)?;
    }
    let count = contents(state, &project.head.id).len() as i64;
    out.objects("total_estimated_consumption_set", [(); 0], |_, ()| ());
    out.number("total_count", 0);
    out.number("total_resource_count", count);
    out.number("elastic_resource_count", count);
    out.number("reserved_resource_count", 0);
    out.text("elastic_price", "0");
    out.text("reserved_price", "0");
    out.text("total_price", "0");
    Ok(())
}

fn zones(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let project = project(state, call)?;
    call.params.required("owner")?;
    let mut zones: Vec<&str> = contents(state, &project.head.id)
        .into_iter()
        .map(|(_, head)| head.zone.as_str())
        .collect();
    zones.sort_unstable();
    zones.dedup();
    // The page's project holds nothing, and shows one empty name.
    if zones.is_empty() {
        zones.push("");
    }
    out.texts("project_resource_zones_set", &zones);
    out.number("total_count", zones.len() as i64);
    Ok(())
}

/// The resources of the request, each of which must be there.
fn resources(state: &State, call: &Call) -> Result<Vec<String>, Refusal> {
    let ids = call.params.required_list("resources")?;
    for id in &ids {
        let known = state
            .head(id)
            .is_some_and(|head| call.sees(head) && !head.status.is_gone());
        if !known || id.starts_with("pj-") {
            return Err(Refusal::not_found(id));
        }
    }
    Ok(ids)
}

fn add_items(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let project = project(state, call)?.head.id.clone();
    let ids = resources(state, call)?;
    for id in &ids {
        if let Some(head) = state.head_mut(id) {
            head.project.clone_from(&project);
        }
    }
    out.text("project_id", &project);
    out.texts("resource_ids", &ids);
    out.text("zone_id", call.zone);
    Ok(())
}

fn delete_items(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    // The one place where `project_id` is a list.
    let projects = call.params.required_list("project_id")?;
    for id in &projects {
        find(&state.projects, call, id)?;
    }
    let ids = resources(state, call)?;
    if let Some(stranger) = ids.iter().find(|id| {
        !state
            .head(id)
            .is_some_and(|head| projects.contains(&head.project))
    }) {
        return Err(Refusal::not_found(stranger));
    }
    for id in &ids {
        if let Some(head) = state.head_mut(id) {
            head.project.clear();
        }
    }
    out.texts("project_id", &projects);
    out.texts("resource_ids", &ids);
    out.text("zone_id", call.zone);
    Ok(())
}

fn items(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let page = Page::read(call)?;
    let projects = call.params.list("project_ids")?;
    let resources = call.params.list("resources")?;
    let kinds = call.params.list("resource_types")?;
    let is_seen = |id: &str| state.head(id).is_some_and(|head| call.sees(head));
    check_known(call, &projects, is_seen)?;
    check_known(call, &resources, is_seen)?;
    let mut rows = Vec::new();
    let wanted = |project: &&Project| {
        call.sees(&project.head) && (projects.is_empty() || projects.contains(&project.head.id))
    };
    for project in state.projects.items().iter().filter(wanted) {
        for (kind, head) in contents(state, &project.head.id) {
            if (resources.is_empty() || resources.contains(&head.id))
                && (kinds.is_empty() || kinds.iter().any(|wanted| wanted == kind))
            {
                rows.push((project, kind, head));
            }
        }
    }
    out.objects(
        "project_resource_item_set",
        rows.iter().skip(page.offset).take(page.limit),
        |out, (project, kind, head)| {
            out.text("project_id", &project.head.id);
            out.text("project_name", &project.head.name);
            out.text("resource_group_id", &project.resource_group);
            out.text("resource_id", &head.id);
            out.text("resource_type", kind);
            out.text("zone_id", &head.zone);
            out.text("root_user_id", call.root);
            out.text("owner", &head.owner);
            out.text("meta", &project.meta);
            out.time("create_time", head.created_ms);
        },
    );
    out.number("total_count", rows.len() as i64);
    Ok(())
}

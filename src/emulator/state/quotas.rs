//! How many resources of a type a zone may hold.

use crate::emulator::names::*;

use super::State;
use super::store::{Resource, Store};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::refusal::Refusal;

/// The types that are counted.
pub const COUNTED: [&str; 11] = [
    "eip",
    "image",
    "instance",
    "keypair",
    "project",
    "router",
    "security_group",
    "snapshot",
    "tag",
    "volume",
    "vxnet",
];
/// What a zone may hold of each unless the options say otherwise.
const DEFAULT: i64 = 20_000;

fn used(state: &State, call: &Call, kind: &str) -> i64 {
    fn count<T: Resource>(store: &Store<T>, zone: &str) -> i64 {
        let heads = store.items().iter().map(Resource::head);
        heads
            .filter(|head| head.zone == zone && !head.status.is_gone())
            .count() as i64
    }
    match kind {
        "eip" => count(&state.eips, call.zone),
        "image" => count(&state.images, call.zone),
        "instance" => count(&state.instances, call.zone),
        "keypair" => count(&state.key_pairs, call.zone),
        "project" => count(&state.projects, ""),
        "router" => count(&state.routers, call.zone),
        "security_group" => count(&state.security_groups, call.zone),
        "snapshot" => count(&state.snapshots, call.zone),
        "tag" => count(&state.tags, call.zone),
        "volume" => count(&state.volumes, call.zone),
        "vxnet" => count(&state.vxnets, call.zone),
        _ => 0,
    }
}

fn left_of(state: &State, call: &Call, kind: &str) -> i64 {
    let quota = call
        .options
        .quotas
        .get(kind)
        .map_or(DEFAULT, |&quota| i64::from(quota));
    (quota - used(state, call, kind)).max(0)
}

/// Refuses to make more than the quota leaves room for.
pub fn check(state: &State, call: &Call, kind: &str, count: i64) -> Result<(), Refusal> {
    let left = left_of(state, call, kind);
    if count > left {
        return Err(Refusal::quota(format!(
            "you only have [{left}] {kind} quota left currently"
        )));
    }
    Ok(())
}

/// `GetQuotaLeft`.
pub fn left(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let wanted = call.params.list("resource_types")?;
    let kinds = COUNTED
        .into_iter()
        .filter(|kind| wanted.is_empty() || wanted.iter().any(|name| name == kind));
    out.objects("quota_left_set", kinds, |out, kind| {
        out.text("resource_type", kind);
        out.number("left", left_of(state, call, kind));
    });
    Ok(())
}

//! How many processors and how much memory a type of instance has.

use crate::emulator::names::*;

use super::State;
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query::Page;
use crate::emulator::refusal::Refusal;

/// The old names: type, processors, memory in MB.
const NAMED: [(&str, i64, i64); 10] = [
    ("small_a", 1, 1024),
    ("small_b", 1, 2048),
    ("small_c", 1, 4096),
    ("medium_a", 2, 2048),
    ("medium_b", 2, 4096),
    ("medium_c", 2, 8192),
    ("large_a", 4, 4096),
    ("large_b", 4, 8192),
    ("large_c", 4, 16384),
    ("xlarge_a", 8, 16384),
];
/// The processors and gigabytes that `c1m1` and the like are made of.
const CORES: [i64; 5] = [1, 2, 4, 8, 16];
const GIGABYTES: [i64; 9] = [1, 2, 4, 6, 8, 12, 16, 24, 32];

/// Processors and memory in MB of a type; none when the type is not known.
pub fn size(instance_type: &str) -> Option<(i64, i64)> {
    if let Some(named) = NAMED.iter().find(|named| named.0 == instance_type) {
        return Some((named.1, named.2));
    }
    let (cores, gigabytes) = instance_type.strip_prefix('c')?.split_once('m')?;
    let (cores, gigabytes): (i64, i64) = (cores.parse().ok()?, gigabytes.parse().ok()?);
    (1..=256).contains(&cores).then_some(())?;
    (1..=4096)
        .contains(&gigabytes)
        .then_some((cores, gigabytes * 1024))
}

/// The type of this size, in the newer way of naming.
pub fn name(vcpus: i64, memory: i64) -> String {
    format!("c{vcpus}m{}", memory / 1024)
}

/// `DescribeInstanceTypes`: the named types and every usual pair.
pub fn describe(_: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let page = Page::read(call)?;
    let wanted = call.params.list("instance_types")?;
    let named = NAMED
        .iter()
        .map(|&(name, vcpus, memory)| (name.to_owned(), vcpus, memory));
    let pairs = CORES.iter().flat_map(|&vcpus| {
        GIGABYTES
            .iter()
            .map(move |&gigabytes| (name(vcpus, gigabytes * 1024), vcpus, gigabytes * 1024))
    });
    let types: Vec<_> = named
        .chain(pairs)
        .filter(|kind| wanted.is_empty() || wanted.contains(&kind.0))
        .collect();
    // Without `limit` the page shows all types: the action documents neither `offset` nor `limit`.
    let paged = call.params.has("limit") || call.params.has("offset");
    let shown = types
        .iter()
        .enumerate()
        .filter(|(place, _)| !paged || page.shows(*place))
        .map(|(_, kind)| kind);
    out.objects("instance_type_set", shown, |out, (name, vcpus, memory)| {
        out.text("instance_type_id", name);
        out.text("instance_type_name", name);
        out.text("description", "");
        out.number("vcpus_current", *vcpus);
        out.number("memory_current", *memory);
        out.text("status", "available");
        out.text("zone_id", call.zone);
    });
    out.number("total_count", types.len() as i64);
    Ok(())
}

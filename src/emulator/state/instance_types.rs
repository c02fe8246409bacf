//! How many processors and how much memory a type of instance has.

use crate::emulator::names::*;

use serde::{Deserialize, Serialize};

use super::State;
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query::{Page, check_known};
use crate::emulator::refusal::Refusal;

/// What a type of instance is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    pub instance_type: String,
    pub vcpus: i64,
    /// In MB.
    pub memory: i64,
}

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

impl Default for Size {
    fn default() -> Size {
        Size::of(1, 1024)
    }
}

impl Size {
    /// A size with its type named in the newer way.
    fn of(vcpus: i64, memory: i64) -> Size {
        Size {
            instance_type: name(vcpus, memory),
            vcpus,
            memory,
        }
    }

    /// The size that a request asks for; none when it says nothing.
    pub fn asked(call: &Call) -> Result<Option<Size>, Refusal> {
        if let Some(name) = call.params.given("instance_type") {
            let Some((vcpus, memory)) = size(name) else {
                return Err(Refusal::format(format!(
                    "parameter [instance_type] is not known: [{name}]"
                )));
            };
            return Ok(Some(Size {
                instance_type: name.to_owned(),
                vcpus,
                memory,
            }));
        }
        let given = (call.params.integer("cpu")?, call.params.integer("memory")?);
        if given == (None, None) {
            return Ok(None);
        }
        let (vcpus, memory) = (given.0.unwrap_or(1), given.1.unwrap_or(1024));
        if vcpus < 1 || memory < 1024 {
            return Err(Refusal::format(
                "parameters [cpu] and [memory] should be at least 1 and 1024",
            ));
        }
        Ok(Some(Size::of(vcpus, memory)))
    }
}

/// Processors and memory in MB of a type; none when the type is not known.
fn size(instance_type: &str) -> Option<(i64, i64)> {
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
fn name(vcpus: i64, memory: i64) -> String {
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
    let mut types: Vec<_> = named.chain(pairs).collect();
    check_known(call, &wanted, |id| types.iter().any(|kind| kind.0 == id))?;
    types.retain(|kind| wanted.is_empty() || wanted.contains(&kind.0));
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

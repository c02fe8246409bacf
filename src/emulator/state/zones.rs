//! `DescribeZones`.

use crate::emulator::names::*;

use super::State;
use crate::catalogue;
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::options::Options;
use crate::emulator::query::check_known;
use crate::emulator::refusal::Refusal;

/// The zones there are: those of the options, else every one the catalogue knows.
pub fn known(options: &Options) -> Vec<String> {
    if options.zones.is_empty() {
        catalogue::zones()
            .iter()
            .map(|zone| zone.id.to_owned())
            .collect()
    } else {
        options.zones.clone()
    }
}

/// `DescribeZones`: not paged, and in no zone itself.
pub fn describe(_: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let wanted = call.params.list("zones")?;
    let statuses = call.params.list("status")?;
    let here = statuses.is_empty() || statuses.iter().any(|status| status == "active");
    let known = known(call.options);
    check_known(call, &wanted, |id| known.iter().any(|zone| zone == id))?;
    let zones: Vec<String> = known
        .into_iter()
        .filter(|zone| here && (wanted.is_empty() || wanted.contains(zone)))
        .collect();
    out.objects("zone_set", &zones, |out, zone| {
        out.text("zone_id", zone);
        out.text("status", "active");
        out.text(
            "region_id",
            catalogue::zones()
                .iter()
                .find(|known| known.id == zone)
                .map_or(zone, |known| known.region),
        );
    });
    out.number("total_count", zones.len() as i64);
    Ok(())
}

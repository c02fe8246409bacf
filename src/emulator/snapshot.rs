//! Everything as JSON text, and back.
//!
//! Access keys are options, so no snapshot holds a secret. Any text can be given to be restored: it is
//! taken or refused, and what it holds need not make sense together.

use crate::emulator::names::*;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::ids::Ids;
use super::state::{State, vxnets};
use super::{Emulator, LAST_MS};

/// What snapshots of this form call themselves.
const FORMAT: &str = "qingcloud-emulator/1";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Snapshot {
    format: String,
    advanced_ms: i64,
    state: State,
    struck: Vec<u32>,
    chance: Ids,
    calls: HashMap<String, (i64, u32)>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View<'a> {
    format: &'static str,
    advanced_ms: i64,
    state: &'a State,
    struck: Vec<u32>,
    chance: Ids,
    calls: std::collections::BTreeMap<&'a String, &'a (i64, u32)>,
}

impl Emulator {
    /// Everything that has happened, as JSON text. The same history gives the same text.
    pub fn snapshot(&self) -> String {
        let (struck, chance) = self.faults.save();
        let view = View {
            format: FORMAT,
            advanced_ms: self.advanced_ms,
            state: &self.state,
            struck,
            chance,
            calls: self.calls.iter().collect(),
        };
        // Only a map with keys that are no strings could fail here.
        serde_json::to_string(&view).unwrap_or_default()
    }

    /// Takes up a snapshot, the emulated clock included; options and log stay. On an error, one
    /// sentence, nothing has changed.
    pub fn restore(&mut self, json: &str) -> Result<(), String> {
        let snapshot: Snapshot =
            serde_json::from_str(json).map_err(|error| format!("Emulator restore: {error}"))?;
        if snapshot.format != FORMAT {
            return Err(format!("Emulator restore: format must be {FORMAT:?}"));
        }
        self.state = snapshot.state;
        if self.state.vxnets.get(vxnets::BASIC).is_none() {
            self.state.vxnets.insert(vxnets::basic(&self.state.root));
        }
        self.advanced_ms = snapshot.advanced_ms.clamp(-LAST_MS, LAST_MS);
        self.faults.resume(&snapshot.struck, snapshot.chance);
        self.calls = snapshot.calls;
        Ok(())
    }
}

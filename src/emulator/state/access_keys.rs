//! Access keys: those of the options, less the ones deleted. A secret is never shown.

use crate::emulator::names::*;

use super::State;
use super::jobs::Change;
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::options::AccessKey;
use crate::emulator::query::{Page, check_known};
use crate::emulator::refusal::Refusal;

fn owner<'a>(call: &'a Call, key: &'a AccessKey) -> &'a str {
    key.user_id.as_deref().unwrap_or(call.root)
}

fn visible<'a>(state: &'a State, call: &'a Call) -> impl DoubleEndedIterator<Item = &'a AccessKey> {
    call.options
        .access_keys
        .iter()
        .filter(|key| !state.deleted_keys.contains(&key.access_key_id))
        .filter(|key| call.user.is_root || owner(call, key) == call.user.id)
}

/// `DescribeAccessKeys`.
pub fn describe(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let page = Page::read(call)?;
    let ids = call.params.list("access_keys")?;
    check_known(call, &ids, |id| {
        visible(state, call).any(|key| key.access_key_id == id)
    })?;
    let statuses = call.params.list("status")?;
    let word = call.params.text("search_word").unwrap_or_default();
    let wanted = call.params.given("owner");
    let keys: Vec<&AccessKey> = visible(state, call)
        .filter(|key| ids.is_empty() || ids.contains(&key.access_key_id))
        .filter(|_| statuses.is_empty() || statuses.iter().any(|status| status == "active"))
        .filter(|key| key.access_key_id.contains(word))
        .filter(|key| wanted.is_none_or(|wanted| wanted == owner(call, key)))
        .collect();
    out.objects(
        "access_key_set",
        keys.iter().skip(page.offset).take(page.limit),
        |out, key| {
            out.text("access_key_id", &key.access_key_id);
            out.text("access_key_name", "");
            out.text("secret_access_key", "");
            out.text("description", "");
            out.text("owner", owner(call, key));
            out.text("root_user_id", call.root);
            out.text("console_id", super::CONSOLE);
            out.text("controller", "self");
            out.text("ip_white_list", "");
            out.text("status", "active");
            out.time("create_time", 0);
            out.time("status_time", 0);
        },
    );
    out.number("total_count", keys.len() as i64);
    Ok(())
}

/// `DeleteAccessKeys`.
pub fn delete(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("access_keys")?;
    for id in &ids {
        if !visible(state, call).any(|key| key.access_key_id == *id) {
            return Err(Refusal::not_found(id));
        }
    }
    let changes = ids
        .iter()
        .map(|id| Change::DeleteAccessKey { id: id.clone() })
        .collect();
    let job = state.start_job(call, ids.clone(), changes);
    out.texts("access_keys", &ids);
    out.text("job_id", &job);
    Ok(())
}

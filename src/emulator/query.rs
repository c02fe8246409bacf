//! The parameters that all lists share: ids, status, tags, owner, project, words, order, paging.

use crate::emulator::names::*;

use super::call::Call;
use super::json::Json;
use super::options::{OverLimit, UnknownIds};
use super::refusal::Refusal;
use super::state::store::{Head, Resource, Store};

/// The largest page, from the service's pages.
const MOST: i64 = 100;

/// Which slice of a list to show, and in what order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub offset: usize,
    pub limit: usize,
    pub reverse: bool,
}

impl Page {
    /// Reads `offset`, `limit` (20 unless given) and `reverse`.
    pub fn read(call: &Call) -> Result<Page, Refusal> {
        let offset = call.params.integer_from("offset", 0, 0)?;
        let mut limit = call.params.integer_from("limit", 0, 20)?;
        if limit > MOST {
            if call.options.over_limit == OverLimit::Refuse {
                return Err(Refusal::format(format!(
                    "parameter [limit] should be at most {MOST}, got [{limit}]"
                )));
            }
            limit = MOST;
        }
        // The pages show lists without `sort_key` and `reverse` newest first.
        let reverse = match call.params.text("reverse") {
            Some(flag) => flag == "1",
            None => {
                call.options.newest_first && call.params.text("sort_key").is_none_or(str::is_empty)
            }
        };
        Ok(Page {
            offset: usize::try_from(offset).unwrap_or(usize::MAX),
            limit: limit as usize,
            reverse,
        })
    }

    /// Whether the item at this place of the whole list is on the page.
    pub fn shows(&self, place: usize) -> bool {
        place >= self.offset && place - self.offset < self.limit
    }
}

/// Refuses the first id that does not exist, where the options want that.
///
/// [`list`] does so by itself; this is for lists that are written by hand.
pub fn check_known(
    call: &Call,
    ids: &[String],
    is_known: impl Fn(&str) -> bool,
) -> Result<(), Refusal> {
    if call.options.unknown_ids == UnknownIds::Empty {
        return Ok(());
    }
    match ids.iter().find(|id| !is_known(id)) {
        Some(id) => Err(Refusal::not_found(id)),
        None => Ok(()),
    }
}

/// Writes a set of resources and its `total_count`.
///
/// `ids` is the parameter that names the wanted ones, `set` the member the list goes into, `keep` the
/// family's own filters, `show` writes one item.
pub fn list<T: Resource>(
    out: &mut Json,
    call: &Call,
    store: &Store<T>,
    ids: &str,
    set: &'static str,
    keep: impl Fn(&T) -> bool,
    mut show: impl FnMut(&mut Json, &T),
) -> Result<(), Refusal> {
    let page = Page::read(call)?;
    let filter = Filter::read(call)?;
    let wanted = |item: &T| filter.keeps(call, item.head()) && keep(item);

    let named = call.params.list(ids)?;
    let mut chosen: Option<Vec<&T>> = None;
    if !named.is_empty() {
        check_known(call, &named, |id| {
            store.get(id).is_some_and(|item| call.sees(item.head()))
        })?;
        let mut places: Vec<usize> = named.iter().filter_map(|id| store.position(id)).collect();
        places.sort_unstable();
        places.dedup();
        chosen = Some(
            places
                .into_iter()
                .map(|place| &store.items()[place])
                .collect(),
        );
    }
    if let Some(key) = call
        .params
        .text("sort_key")
        .filter(|key| !key.is_empty() && *key != "create_time")
    {
        let mut items = chosen.unwrap_or_else(|| store.items().iter().collect());
        sort(&mut items, key)?;
        chosen = Some(items);
    }

    let mut place = 0;
    let mut on_page = |item: &&T| {
        let hit = wanted(item);
        place += usize::from(hit);
        hit && page.shows(place - 1)
    };
    match (chosen, page.reverse) {
        (Some(items), false) => out.objects(set, items.into_iter().filter(&mut on_page), &mut show),
        (Some(items), true) => {
            out.objects(set, items.into_iter().rev().filter(&mut on_page), &mut show)
        }
        (None, false) => out.objects(set, store.items().iter().filter(&mut on_page), &mut show),
        (None, true) => out.objects(
            set,
            store.items().iter().rev().filter(&mut on_page),
            &mut show,
        ),
    }
    out.number("total_count", place as i64);
    Ok(())
}

fn sort<T: Resource>(items: &mut [&T], key: &str) -> Result<(), Refusal> {
    let own = |suffix: &str| {
        key.strip_suffix(suffix)
            .is_some_and(|stem| stem.is_empty() || stem == T::TYPE || stem == "resource")
    };
    match key {
        "status_time" => items.sort_by_key(|item| item.head().status_ms),
        "status" => items.sort_by_key(|item| item.head().status.word()),
        "owner" => items.sort_by(|a, b| a.head().owner.cmp(&b.head().owner)),
        "description" => items.sort_by(|a, b| a.head().description.cmp(&b.head().description)),
        "name" => items.sort_by(|a, b| a.head().name.cmp(&b.head().name)),
        "id" => items.sort_by(|a, b| a.head().id.cmp(&b.head().id)),
        _ if own("_name") => items.sort_by(|a, b| a.head().name.cmp(&b.head().name)),
        _ if own("_id") => items.sort_by(|a, b| a.head().id.cmp(&b.head().id)),
        _ => {
            return Err(Refusal::format(format!(
                "parameter [sort_key] is not known: [{key}]"
            )));
        }
    }
    Ok(())
}

struct Filter<'a> {
    statuses: Vec<String>,
    tags: Vec<String>,
    owner: Option<&'a str>,
    project: Option<&'a str>,
    word: Option<String>,
    gone_too: bool,
}

impl<'a> Filter<'a> {
    fn read(call: &Call<'a>) -> Result<Filter<'a>, Refusal> {
        let given = |name| call.params.given(name);
        let statuses = call.params.list("status")?;
        Ok(Filter {
            gone_too: call.options.list_gone || !statuses.is_empty(),
            statuses,
            tags: call.params.list("tags")?,
            owner: given("owner"),
            project: given("project_id"),
            word: given("search_word").map(str::to_lowercase),
        })
    }

    fn keeps(&self, call: &Call, head: &Head) -> bool {
        call.sees(head)
            && (self.gone_too || !head.status.is_gone())
            && (self.statuses.is_empty()
                || self
                    .statuses
                    .iter()
                    .any(|status| status == head.status.word()))
            && (self.tags.is_empty() || self.tags.iter().any(|tag| head.tags.contains(tag)))
            && self.owner.is_none_or(|owner| owner == head.owner)
            && self.project.is_none_or(|project| {
                head.project == project || head.project.is_empty() && project == head.id
            })
            && self.word.as_ref().is_none_or(|word| {
                head.name.to_lowercase().contains(word.as_str())
                    || head.id.contains(word.as_str())
                    || head.description.to_lowercase().contains(word.as_str())
            })
    }
}

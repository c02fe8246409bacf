//! A list action, page after page.

use super::Shared;
use super::call;
use super::call_options::CallOptions;
use super::error::Failure;
use super::promised;
use super::wire::set;
use crate::api::{Error, ErrorKind, Paging};
use crate::catalogue::{self, Class};
use crate::sign::Call;
use crate::sign::tree::number_in;
use crate::sign::writer::with_numbers;
use js_sys::{Array, Object, Promise, Reflect};
use std::boxed::Box;
use std::cell::RefCell;
use std::format;
use std::rc::Rc;
use std::string::{String, ToString};
use std::vec::Vec;
use wasm_bindgen::prelude::*;

/// The pages of one list, which an async iterator in `pkg/client.js` asks for one by one.
#[wasm_bindgen]
pub struct Pages {
    walk: Rc<Walk>,
}

/// What the iterator and the page under way share.
struct Walk {
    shared: Rc<Shared>,
    options: CallOptions,
    paged: RefCell<PagedCall>,
}

/// A list action and how far it has been read.
pub(super) struct PagedCall {
    /// The fixed fields of the call, and the map of its parameters.
    head: Vec<u8>,
    tree: Vec<u8>,
    list: List,
    paging: Paging,
}

impl PagedCall {
    /// The pages of the call that stands in `written`, `max_items` in all.
    pub(super) fn new(written: &[u8], max_items: Option<u32>) -> Result<PagedCall, Error> {
        let call = Call::read(written, 0)?;
        Ok(PagedCall {
            list: List::of(call.action)?,
            paging: Paging::new(
                number_in(call.tree, "offset")?.unwrap_or(0),
                number_in(call.tree, "limit")?,
                max_items.map(u64::from),
            ),
            head: written[..written.len() - call.tree.len()].to_vec(),
            tree: call.tree.to_vec(),
        })
    }

    /// The call for the next page; `None` at the end.
    pub(super) fn next(&self) -> Result<Option<Vec<u8>>, Error> {
        let Some((offset, limit)) = self.paging.next() else {
            return Ok(None);
        };
        let tree = with_numbers(&self.tree, &[("offset", offset), ("limit", limit)])?;
        Ok(Some([self.head.as_slice(), &tree].concat()))
    }

    /// The items of a page that are new.
    pub(super) fn take(&mut self, answer: &JsValue) -> Array {
        let items = self.list.items(answer);
        let ids: Vec<Option<String>> = items.iter().map(|item| self.list.id(&item)).collect();
        let total = Reflect::get(answer, &"total_count".into()).ok();
        let total = total
            .and_then(|total| total.as_f64())
            .map(|total| total as u64);
        let new = self.paging.take(&ids, total);
        new.into_iter()
            .map(|place| items.get(place as u32))
            .collect()
    }
}

/// Where an answer has its items.
#[derive(Clone, Copy)]
pub(super) struct List {
    /// `None` for an action that is not in the catalogue: the one field that ends in `_set`.
    field: Option<&'static str>,
    id: Option<&'static str>,
}

impl List {
    /// The list in the answers of `action`.
    pub(super) fn of(action: &str) -> Result<List, Error> {
        let known = match catalogue::find(action) {
            Some(known) => known,
            None if catalogue::class_of(action) == Class::Read => {
                return Ok(List {
                    field: None,
                    id: None,
                });
            }
            None => return Err(Self::refuse(action)),
        };
        match known.list_field() {
            Some(field) => Ok(List {
                field: Some(field),
                id: known.id_field(),
            }),
            None => Err(Self::refuse(action)),
        }
    }

    fn refuse(action: &str) -> Error {
        let message = format!("{action} does not answer with a list; use call");
        Error::new(ErrorKind::Parameters, message)
    }

    /// The items of `answer`; empty where the list is missing.
    pub(super) fn items(&self, answer: &JsValue) -> Array {
        let get = |name: &str| Reflect::get(answer, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let list = match (self.field, answer.dyn_ref::<Object>()) {
            (Some(field), _) => get(field),
            (None, Some(object)) => Object::keys(object)
                .iter()
                .filter_map(|name| name.as_string())
                .find(|name| name.ends_with("_set"))
                .map_or(JsValue::UNDEFINED, |name| get(&name)),
            (None, None) => JsValue::UNDEFINED,
        };
        list.dyn_into().unwrap_or_default()
    }

    /// The id of `item`.
    pub(super) fn id(&self, item: &JsValue) -> Option<String> {
        text(item, self.id?)
    }

    /// The parameter names under which ids of this list are asked for: `instances`, `project_ids`,
    /// `dns_aliases`, `alarm_policies`.
    pub(super) fn id_parameters(&self) -> Vec<String> {
        let Some(stem) = self.field.and_then(|field| field.strip_suffix("_set")) else {
            return Vec::new();
        };
        let mut names = Vec::from([stem.to_string()]);
        names.extend(["s", "es", "_ids"].map(|ending| format!("{stem}{ending}")));
        names.extend(stem.strip_suffix('y').map(|stem| format!("{stem}ies")));
        names
    }
}

/// The text in a field of an object that came from JSON.
pub(super) fn text(object: &JsValue, name: &str) -> Option<String> {
    Reflect::get(object, &name.into()).ok()?.as_string()
}

/// Whether `action` has pages; an unknown one may.
pub(super) fn is_paged(action: &str) -> bool {
    catalogue::find(action).is_none_or(|known| known.is_paged())
}

impl Pages {
    /// The pages of the call that stands in `written`.
    pub(super) fn new(
        shared: Rc<Shared>,
        written: &[u8],
        max_items: Option<u32>,
        options: CallOptions,
    ) -> Result<Pages, Error> {
        let action = Call::read(written, 0)?.action;
        if !is_paged(action) {
            let message = format!("{action} has no pages; use call");
            return Err(Error::new(ErrorKind::Parameters, message));
        }
        Ok(Pages {
            walk: Rc::new(Walk {
                paged: RefCell::new(PagedCall::new(written, max_items)?),
                shared,
                options,
            }),
        })
    }
}

#[wasm_bindgen]
impl Pages {
    /// The next page: a promise of `{ answer, items }`, the items that are new among the answer's,
    /// or of undefined at the end.
    pub fn next(&self) -> Promise {
        let walk = Rc::clone(&self.walk);
        promised(Box::pin(async move {
            let page = walk.next().await?;
            Ok(page.map_or(JsValue::UNDEFINED, |(answer, items)| {
                let page = Object::new();
                set(&page, "answer", &answer);
                set(&page, "items", &items);
                page.into()
            }))
        }))
    }
}

impl Walk {
    async fn next(&self) -> Result<Option<(JsValue, Array)>, Failure> {
        let next = self.paged.borrow().next()?;
        let Some(written) = next else {
            return Ok(None);
        };
        let answer = call::run(&self.shared, &written, &self.options).await?;
        let new = self.paged.borrow_mut().take(&answer);
        Ok(Some((answer, new)))
    }
}

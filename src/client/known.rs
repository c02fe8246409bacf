//! The actions that were called lately, read off the catalogue's packed table.

use crate::api::Known;
use crate::catalogue::{self, Class};
use std::cell::Cell;
use std::rc::Rc;
use std::thread_local;
use std::vec::Vec;

/// As many as a program is likely to take turns with; each takes up to a few kilobytes.
const MOST: usize = 16;

thread_local! {
    // Taken out while it is used: where the stack ends here, it is empty, and not locked for ever.
    static LATELY: Cell<Vec<Rc<Known>>> = const { Cell::new(Vec::new()) };
}

/// What the catalogue knows of `action`.
pub(super) fn known(action: &str) -> Option<Rc<Known>> {
    let mut lately = LATELY.take();
    let mut found = lately.iter().find(|known| known.name() == action).cloned();
    if found.is_none() {
        found = Known::of(action).map(Rc::new);
        if lately.len() == MOST {
            lately.remove(0);
        }
        lately.extend(found.clone());
    }
    LATELY.set(lately);
    found
}

/// What kind of call `action` is.
pub(super) fn class_of(action: &str) -> Class {
    match known(action) {
        Some(known) => known.action().class(),
        None => catalogue::class_of(action),
    }
}

//! The actions that were called lately, read off the catalogue's packed table.

use crate::api::Known;
use crate::catalogue::{self, Class};
use std::cell::RefCell;
use std::rc::Rc;
use std::thread_local;
use std::vec::Vec;

/// As many as a program is likely to take turns with; each takes up to a few kilobytes.
const MOST: usize = 16;

thread_local! {
    static LATELY: RefCell<Vec<Rc<Known>>> = const { RefCell::new(Vec::new()) };
}

/// What the catalogue knows of `action`.
pub(super) fn known(action: &str) -> Option<Rc<Known>> {
    LATELY.with_borrow_mut(|lately| {
        if let Some(known) = lately.iter().find(|known| known.name() == action) {
            return Some(Rc::clone(known));
        }
        let known = Rc::new(Known::of(action)?);
        if lately.len() == MOST {
            lately.remove(0);
        }
        lately.push(Rc::clone(&known));
        Some(known)
    })
}

/// What kind of call `action` is.
pub(super) fn class_of(action: &str) -> Class {
    match known(action) {
        Some(known) => known.action().class(),
        None => catalogue::class_of(action),
    }
}

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

#[cfg(test)]
mod tests {
    use super::{MOST, class_of, known};
    use crate::catalogue::{self, Class};
    use std::rc::Rc;

    #[test]
    fn an_action_is_read_off_the_table_once_until_many_others_were_called() {
        let first = known("DescribeInstances").unwrap();
        assert!(Rc::ptr_eq(&first, &known("DescribeInstances").unwrap()));
        for action in catalogue::actions().take(MOST + 1) {
            assert_eq!(known(action.name()).unwrap().name(), action.name());
        }
        assert!(!Rc::ptr_eq(&first, &known("DescribeInstances").unwrap()));
    }

    #[test]
    fn what_the_catalogue_does_not_know_has_its_class_by_its_name() {
        assert!(known("DescribeNothing").is_none());
        assert_eq!(class_of("DescribeNothing"), Class::Read);
        assert_eq!(class_of("DoSomething"), Class::Create);
        assert_eq!(class_of("StopInstances"), Class::Change);
    }
}

//! What stands between calls of one client: how many may be in flight, and who is pending.

use super::effects::Signal;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::task::{Context, Poll};

/// At most so many requests at a time; the rest wait in line.
pub(super) struct Gate {
    free: Cell<u32>,
    line: RefCell<VecDeque<Signal>>,
}

/// A place among the requests in flight, or in the line for one.
pub(super) struct Place<'a> {
    gate: &'a Gate,
    is_mine: Signal,
}

impl Gate {
    pub(super) fn new(places: u32) -> Gate {
        Gate {
            free: Cell::new(places),
            line: RefCell::default(),
        }
    }

    /// Stands in line; the place is had once [`Place::poll`] is ready.
    pub(super) fn enter(&self) -> Place<'_> {
        let is_mine = Signal::default();
        match self.free.get().checked_sub(1) {
            Some(free) => {
                self.free.set(free);
                is_mine.raise();
            }
            None => self.line.borrow_mut().push_back(is_mine.clone()),
        }
        Place {
            gate: self,
            is_mine,
        }
    }
}

impl Place<'_> {
    pub(super) fn is_mine(&self) -> bool {
        self.is_mine.is_raised()
    }

    pub(super) fn poll(&self, context: &mut Context) -> Poll<()> {
        self.is_mine.poll(context)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut line = self.gate.line.borrow_mut();
        if !self.is_mine.is_raised() {
            line.retain(|waiting| !waiting.is(&self.is_mine));
        } else if let Some(next) = line.pop_front() {
            drop(line);
            next.raise();
        } else {
            self.gate.free.set(self.gate.free.get() + 1);
        }
    }
}

/// The calls and waits under way, each with the signal that ends it.
#[derive(Default)]
pub(super) struct Pending {
    is_closed: Cell<bool>,
    next: Cell<u64>,
    ends: RefCell<BTreeMap<u64, Signal>>,
}

/// One of them; it leaves when it is dropped.
pub(super) struct Presence<'a> {
    pending: &'a Pending,
    number: u64,
    end: Signal,
}

impl Pending {
    /// `None` once the client is freed.
    pub(super) fn enter(&self) -> Option<Presence<'_>> {
        if self.is_closed.get() {
            return None;
        }
        let (number, end) = (self.next.get(), Signal::default());
        self.next.set(number + 1);
        self.ends.borrow_mut().insert(number, end.clone());
        Some(Presence {
            pending: self,
            number,
            end,
        })
    }

    /// Ends all of them, and lets no more in.
    pub(super) fn close(&self) {
        self.is_closed.set(true);
        let ends = self.ends.take();
        ends.values().for_each(Signal::raise);
    }
}

impl Presence<'_> {
    pub(super) fn poll_end(&self, context: &mut Context) -> Poll<()> {
        self.end.poll(context)
    }
}

impl Drop for Presence<'_> {
    fn drop(&mut self) {
        self.pending.ends.borrow_mut().remove(&self.number);
    }
}

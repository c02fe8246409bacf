//! What stands between calls of one client: how many may be in flight, and who is pending.

use super::effects::{Signal, remember};
use crate::slab::Slab;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::task::{Context, Poll, Waker};
use std::vec::Vec;

/// At most so many requests at a time; the rest wait in line.
pub(super) struct Gate {
    free: Cell<u32>,
    line: RefCell<VecDeque<Signal>>,
}

/// A place among the requests in flight, or in the line for one.
pub(super) struct Place<'a> {
    gate: &'a Gate,
    /// Raised when it is this one's turn; `None` where there was no line.
    turn: Option<Signal>,
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
        let turn = match self.free.get().checked_sub(1) {
            Some(free) => {
                self.free.set(free);
                None
            }
            None => {
                let turn = Signal::default();
                self.line.borrow_mut().push_back(turn.clone());
                Some(turn)
            }
        };
        Place { gate: self, turn }
    }
}

impl Place<'_> {
    pub(super) fn is_had(&self) -> bool {
        self.turn.as_ref().is_none_or(Signal::is_raised)
    }

    pub(super) fn poll(&self, context: &mut Context) -> Poll<()> {
        match &self.turn {
            Some(turn) => turn.poll(context),
            None => Poll::Ready(()),
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut line = self.gate.line.borrow_mut();
        if let Some(turn) = self.turn.as_ref().filter(|turn| !turn.is_raised()) {
            line.retain(|waiting| !waiting.is(turn));
        } else if let Some(next) = line.pop_front() {
            drop(line);
            next.raise();
        } else {
            self.gate.free.set(self.gate.free.get() + 1);
        }
    }
}

/// The calls and waits under way, and whom to wake when all of them end.
pub(super) struct Pending {
    is_closed: Cell<bool>,
    wakers: RefCell<Slab<Option<Waker>>>,
}

/// One of them; it leaves when it is dropped.
pub(super) struct Presence<'a> {
    pending: &'a Pending,
    number: usize,
}

impl Pending {
    pub(super) fn new() -> Pending {
        Pending {
            is_closed: Cell::new(false),
            wakers: RefCell::new(Slab::new()),
        }
    }

    /// `None` once the client is freed.
    pub(super) fn enter(&self) -> Option<Presence<'_>> {
        let is_open = !self.is_closed.get();
        is_open.then(|| Presence {
            pending: self,
            number: self.wakers.borrow_mut().insert(None),
        })
    }

    /// Ends all of them, and lets no more in.
    pub(super) fn close(&self) {
        self.is_closed.set(true);
        let wakers: Vec<Waker> = {
            let mut wakers = self.wakers.borrow_mut();
            let wakers = wakers.iter_mut();
            wakers.filter_map(|(_, waker)| waker.take()).collect()
        };
        wakers.into_iter().for_each(Waker::wake);
    }
}

impl Presence<'_> {
    pub(super) fn is_over(&self) -> bool {
        self.pending.is_closed.get()
    }

    pub(super) fn poll_end(&self, context: &mut Context) -> Poll<()> {
        if self.is_over() {
            return Poll::Ready(());
        }
        if let Some(waker) = self.pending.wakers.borrow_mut().get_mut(self.number) {
            remember(waker, context);
        }
        Poll::Pending
    }
}

impl Drop for Presence<'_> {
    fn drop(&mut self) {
        let waker = self.pending.wakers.borrow_mut().remove(self.number);
        drop(waker);
    }
}

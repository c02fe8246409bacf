//! What stands between calls of one client: how many may be in flight, and who is pending.

use super::effects::Signal;
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
        if let Some(turn) = &self.turn
            && !turn.is_raised()
        {
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
#[derive(Default)]
pub(super) struct Pending {
    is_closed: Cell<bool>,
    /// One for each of them; `None` where it is not waiting for anything, or the place is free.
    wakers: RefCell<Vec<Option<Waker>>>,
    free: RefCell<Vec<usize>>,
}

/// One of them; it leaves when it is dropped.
pub(super) struct Presence<'a> {
    pending: &'a Pending,
    place: usize,
}

impl Pending {
    /// `None` once the client is freed.
    pub(super) fn enter(&self) -> Option<Presence<'_>> {
        if self.is_closed.get() {
            return None;
        }
        let place = self.free.borrow_mut().pop().unwrap_or_else(|| {
            let mut wakers = self.wakers.borrow_mut();
            wakers.push(None);
            wakers.len() - 1
        });
        Some(Presence {
            pending: self,
            place,
        })
    }

    /// Ends all of them, and lets no more in.
    pub(super) fn close(&self) {
        self.is_closed.set(true);
        let mut place = 0;
        while let Some(waker) = self.take(place) {
            if let Some(waker) = waker {
                waker.wake();
            }
            place += 1;
        }
    }

    /// The waker at `place`, if there is one; `None` behind the last place.
    fn take(&self, place: usize) -> Option<Option<Waker>> {
        self.wakers.borrow_mut().get_mut(place).map(Option::take)
    }
}

impl Presence<'_> {
    pub(super) fn poll_end(&self, context: &mut Context) -> Poll<()> {
        if self.pending.is_closed.get() {
            return Poll::Ready(());
        }
        let waker = &mut self.pending.wakers.borrow_mut()[self.place];
        match waker {
            Some(waker) if waker.will_wake(context.waker()) => {}
            _ => *waker = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}

impl Drop for Presence<'_> {
    fn drop(&mut self) {
        self.pending.take(self.place);
        self.pending.free.borrow_mut().push(self.place);
    }
}

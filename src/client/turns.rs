//! The hour's calls of one client, which its calls take one by one, and give back where they are not made.

use super::effects::Signal;
use crate::api::quota::Quota;
use std::cell::RefCell;

/// What is left of them.
pub(super) struct Turns {
    quota: RefCell<Quota>,
    /// Raised when one is given back; then there is another.
    given_back: RefCell<Signal>,
}

/// One of them, given back where it is dropped without having been spent.
pub(super) struct Turn<'a>(Option<&'a Turns>);

impl Turns {
    pub(super) fn new(calls_per_hour: u32) -> Turns {
        Turns {
            quota: RefCell::new(Quota::new(calls_per_hour)),
            given_back: RefCell::default(),
        }
    }

    /// One, or in how many ms to ask again.
    pub(super) fn take(&self, now_ms: f64) -> Result<Turn<'_>, f64> {
        self.quota.borrow_mut().take(now_ms)?;
        Ok(Turn(Some(self)))
    }

    /// Whether some are taken that may be given back.
    pub(super) fn is_some_taken(&self) -> bool {
        self.quota.borrow().taken() > 0
    }

    /// Raised when the next one is given back.
    pub(super) fn given_back(&self) -> Signal {
        self.given_back.borrow().clone()
    }

    /// Calls an hour.
    pub(super) fn limit(&self) -> u32 {
        self.quota.borrow().limit()
    }

    /// How many count as used, and in how many ms none will.
    pub(super) fn used(&self, now_ms: f64) -> (u32, f64) {
        let mut quota = self.quota.borrow_mut();
        (quota.used(now_ms), quota.resets_in_ms(now_ms))
    }
}

impl Turn<'_> {
    /// One of a client that counts none.
    pub(super) fn free() -> Turn<'static> {
        Turn(None)
    }

    /// A request goes out for it.
    pub(super) fn spend(mut self, now_ms: f64) {
        if let Some(turns) = self.0.take() {
            turns.quota.borrow_mut().spend(now_ms);
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(turns) = self.0 {
            turns.quota.borrow_mut().give_back();
            turns.given_back.take().raise();
        }
    }
}

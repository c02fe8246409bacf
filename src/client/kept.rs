//! What one signature after another uses, and what a trap must not lock.

use std::cell::UnsafeCell;

/// A value that whoever has it uses as if it were alone, for a moment.
///
/// JavaScript's stack may end in the middle of this module. No destructor runs then, and a
/// `RefCell` would stay borrowed for ever; this stays as usable as it was.
pub(super) struct Kept<T>(UnsafeCell<T>);

impl<T> Kept<T> {
    pub(super) const fn new(value: T) -> Kept<T> {
        Kept(UnsafeCell::new(value))
    }

    /// What `work` gives.
    ///
    /// # Safety
    /// `work` neither calls JavaScript, which might call this module, nor comes back here itself.
    pub(super) unsafe fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        // SAFETY: the type cannot go to another thread's hands (`UnsafeCell` is not `Sync`), and
        // on this one nothing else comes here while `work` runs, as the caller says.
        work(unsafe { &mut *self.0.get() })
    }
}

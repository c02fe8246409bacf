//! The hourly quota of calls, as a bucket that fills steadily.
//!
//! QingCloud's own quota is 2,000 calls an hour (error guide, ret_code 1400).

const HOUR_MS: f64 = 3_600_000.0;

/// Calls that may be made now. Times are ms on a clock that never jumps.
#[derive(Clone, Copy, Debug)]
pub struct Quota {
    limit: f64,
    used: f64,
    at_ms: f64,
}

impl Quota {
    /// A full bucket of `calls_per_hour`.
    pub fn new(calls_per_hour: u32, now_ms: f64) -> Quota {
        Quota {
            limit: f64::from(calls_per_hour),
            used: 0.0,
            at_ms: now_ms,
        }
    }

    /// Takes one call, or says in how many ms there will be one.
    pub fn take(&mut self, now_ms: f64) -> Result<(), f64> {
        self.refill(now_ms);
        if self.used + 1.0 <= self.limit {
            self.used += 1.0;
            return Ok(());
        }
        Err(((self.used + 1.0 - self.limit) * HOUR_MS / self.limit).ceil())
    }

    /// Gives back one call that was taken and not made.
    pub fn give_back(&mut self) {
        self.used = (self.used - 1.0).max(0.0);
    }

    /// Calls an hour.
    pub fn limit(&self) -> u32 {
        self.limit as u32
    }

    /// Calls that count as used at `now_ms`.
    pub fn used(&mut self, now_ms: f64) -> u32 {
        self.refill(now_ms);
        self.used.ceil() as u32
    }

    /// In how many ms nothing will count as used, if nobody calls.
    pub fn resets_in_ms(&mut self, now_ms: f64) -> f64 {
        self.refill(now_ms);
        (self.used * HOUR_MS / self.limit).ceil()
    }

    fn refill(&mut self, now_ms: f64) {
        let passed_ms = (now_ms - self.at_ms).max(0.0);
        self.used = (self.used - passed_ms * self.limit / HOUR_MS).max(0.0);
        self.at_ms = now_ms;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let mut quota = Quota::new(2, 0.0);
        assert_eq!(quota.take(0.0), Ok(()));
        assert_eq!(quota.take(0.0), Ok(()));
        assert_eq!(quota.take(0.0), Err(1_800_000.0));
        assert_eq!(quota.used(0.0), 2);
        assert_eq!(quota.resets_in_ms(0.0), 3_600_000.0);
        assert_eq!(quota.take(1_800_000.0), Ok(()));
        assert_eq!(quota.used(5_400_000.0), 0);
    }

    #[test]
    fn a_call_that_was_not_made_does_not_count() {
        let mut quota = Quota::new(2, 0.0);
        assert_eq!(quota.take(0.0), Ok(()));
        assert_eq!(quota.take(0.0), Ok(()));
        quota.give_back();
        assert_eq!(quota.used(0.0), 1);
        assert_eq!(quota.take(0.0), Ok(()));
        assert!(quota.take(0.0).is_err());
        // Long after it was taken, nothing counts any more.
        assert_eq!(quota.used(7_200_000.0), 0);
        quota.give_back();
        assert_eq!(quota.used(7_200_000.0), 0);
    }

    #[test]
    fn the_wait_that_is_told_is_enough() {
        let mut quota = Quota::new(2_000, 0.0);
        assert_eq!(
            (0..2_001).filter(|_| quota.take(0.0).is_ok()).count(),
            2_000
        );
        let wait_ms = quota.take(0.0).unwrap_err();
        assert_eq!(quota.take(wait_ms), Ok(()));
    }

    #[test]
    fn a_clock_that_does_not_start_at_0_counts_from_where_it_started() {
        let mut quota = Quota::new(2, 5_000_000.0);
        assert_eq!(quota.limit(), 2);
        assert_eq!(quota.take(5_000_000.0), Ok(()));
        assert_eq!(quota.take(5_000_000.0), Ok(()));
        assert_eq!(quota.take(5_900_000.0), Err(900_000.0));
        assert_eq!(quota.used(5_900_000.0), 2);
        assert_eq!(quota.resets_in_ms(5_900_000.0), 2_700_000.0);
    }
}

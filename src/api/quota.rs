//! The hourly quota of calls: no more than so many in any hour, whenever it begins.
//!
//! QingCloud's own quota is 2,000 calls an hour (error guide, ret_code 1400).

use alloc::collections::VecDeque;

const HOUR_MS: f64 = 3_600_000.0;

/// The calls of the last hour. Times are ms on a clock that never jumps.
#[derive(Clone, Debug)]
pub struct Quota {
    limit: u32,
    /// When each was made, the oldest first.
    made_ms: VecDeque<f64>,
    /// How many are taken and not made yet.
    taken: u32,
}

impl Quota {
    /// Nothing used yet of `calls_per_hour`.
    pub const fn new(calls_per_hour: u32) -> Quota {
        Quota {
            limit: calls_per_hour,
            made_ms: VecDeque::new(),
            taken: 0,
        }
    }

    /// Takes one call, or says in how many ms to ask again.
    pub fn take(&mut self, now_ms: f64) -> Result<(), f64> {
        if self.used(now_ms) < self.limit {
            self.taken += 1;
            return Ok(());
        }
        // Where all are taken and none is made, an hour has to pass from when the first will be.
        let oldest_ms = self.made_ms.front().copied().unwrap_or(now_ms);
        Err((oldest_ms + HOUR_MS - now_ms).ceil())
    }

    /// A call that was taken is made now.
    pub fn spend(&mut self, now_ms: f64) {
        self.give_back();
        self.made_ms.push_back(now_ms);
    }

    /// A call that was taken is not made.
    pub fn give_back(&mut self) {
        self.taken = self.taken.saturating_sub(1);
    }

    /// How many are taken and not made yet.
    pub fn taken(&self) -> u32 {
        self.taken
    }

    /// Calls an hour.
    pub fn limit(&self) -> u32 {
        self.limit
    }

    /// Calls that count as used at `now_ms`.
    pub fn used(&mut self, now_ms: f64) -> u32 {
        while self
            .made_ms
            .front()
            .is_some_and(|made_ms| now_ms - made_ms >= HOUR_MS)
        {
            self.made_ms.pop_front();
        }
        self.made_ms.len() as u32 + self.taken
    }

    /// In how many ms nothing will count as used, if nobody calls.
    pub fn resets_in_ms(&mut self, now_ms: f64) -> f64 {
        let last_ms = match self.taken {
            0 => self.made_ms.back().copied(),
            _ => Some(now_ms),
        };
        last_ms.map_or(0.0, |last_ms| (last_ms + HOUR_MS - now_ms).max(0.0).ceil())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(quota: &mut Quota, now_ms: f64) -> Result<(), f64> {
        quota.take(now_ms)?;
        quota.spend(now_ms);
        Ok(())
    }

    #[test]
    fn each_call_counts_for_an_hour() {
        let mut quota = Quota::new(2);
        assert_eq!(quota.limit(), 2);
        assert_eq!(make(&mut quota, 5_000.0), Ok(()));
        assert_eq!(make(&mut quota, 605_000.0), Ok(()));
        assert_eq!(quota.used(605_000.0), 2);
        assert_eq!(quota.take(605_000.0), Err(3_000_000.0));
        assert_eq!(quota.take(3_604_999.0), Err(1.0));
        assert_eq!(quota.used(3_604_999.0), 2);
        assert_eq!(make(&mut quota, 3_605_000.0), Ok(()));
        assert_eq!(quota.take(3_605_000.0), Err(600_000.0));
        assert_eq!(quota.used(7_205_000.0), 0);
    }

    #[test]
    fn in_no_hour_are_there_more_than_the_limit() {
        let mut quota = Quota::new(100);
        let mut made = std::vec::Vec::new();
        let mut now_ms = 0.0;
        // As fast as it lets them, then whenever a seventh of a minute has passed.
        while now_ms < 3.0 * HOUR_MS {
            if make(&mut quota, now_ms).is_ok() {
                made.push(now_ms);
            } else {
                now_ms += 8_571.0;
            }
        }
        let most = made.iter().map(|from| {
            let until = from + HOUR_MS;
            made.iter().filter(|at| (from..&until).contains(at)).count()
        });
        assert_eq!(most.max(), Some(100));
    }

    #[test]
    fn a_call_that_was_not_made_does_not_count() {
        let mut quota = Quota::new(2);
        assert_eq!(quota.take(0.0), Ok(()));
        assert_eq!(quota.take(0.0), Ok(()));
        assert_eq!(quota.used(0.0), 2);
        assert_eq!(quota.take(0.0), Err(3_600_000.0));
        quota.give_back();
        assert_eq!(quota.used(0.0), 1);
        quota.spend(10_000.0);
        assert_eq!(quota.used(10_000.0), 1);
        assert_eq!(quota.used(3_610_000.0), 0);
        quota.give_back();
        assert_eq!(quota.used(3_610_000.0), 0);
    }

    #[test]
    fn all_has_come_back_an_hour_after_the_last() {
        let mut quota = Quota::new(3);
        assert_eq!(quota.resets_in_ms(7.0), 0.0);
        assert_eq!(make(&mut quota, 0.0), Ok(()));
        assert_eq!(make(&mut quota, 900_000.0), Ok(()));
        assert_eq!(quota.resets_in_ms(1_000_000.0), 3_500_000.0);
        assert_eq!(quota.take(1_000_000.0), Ok(()));
        assert_eq!(quota.resets_in_ms(1_000_000.0), 3_600_000.0);
        quota.give_back();
        assert_eq!(quota.resets_in_ms(9_000_000.0), 0.0);
    }
}

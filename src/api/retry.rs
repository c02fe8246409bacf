//! What to do after an attempt failed: wait this long and try again, mend the clock, or give up.
//!
//! The API has no idempotency key, so a changing action whose reply is lost is never repeated:
//! the caller is told that nobody knows. Every rule here is a row of [`decide`].

use super::error::Outcome;
use crate::catalogue::Class;

/// How an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// An answer with this `ret_code`, which is not 0.
    Code {
        /// The service's code.
        ret_code: i64,
        /// Whether the message says that a resource is not ready yet.
        is_not_ready: bool,
    },
    /// A reply with a status other than 200.
    Status(u16),
    /// A redirect, which is never followed: the signature is for one address.
    Redirect,
    /// Status 200 (or 204, 206, …) without an answer: empty, cut, not JSON, no `ret_code`.
    Unusable,
    /// The connection broke; what was sent may have arrived.
    Broken,
    /// There was no connection: nothing was sent.
    Unreached,
    /// The signing server gave this HTTP status and no signature, or 0 where it was not reached:
    /// nothing was sent.
    Unsigned(u16),
    /// No reply in the time for one attempt.
    TimedOut,
}

/// What is known when an attempt has failed.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    /// The action's class.
    pub class: Class,
    /// Whether doing it twice is harmless: by the catalogue, for the row of ret_code 5100.
    pub is_repeatable: bool,
    /// What the caller says of that, for all rows.
    pub is_idempotent: Option<bool>,
    /// Attempts made, this one included.
    pub attempts: u32,
    /// Attempts allowed.
    pub max_attempts: u32,
    /// Left until the deadline of the whole call, in ms.
    pub remaining_ms: f64,
    /// What the service asked for, in ms.
    pub retry_after_ms: Option<f64>,
    /// Whether the client's budget can pay for a retry.
    pub has_budget: bool,
    /// Whether the clock can be mended: the endpoint's `Date` was readable, and has not been used
    /// for this call.
    pub can_mend_clock: bool,
    /// From 0 to 1.
    pub random: f64,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Decision {
    /// Sign again and send again after this pause. It costs the client's retry budget.
    Retry {
        /// The pause.
        after_ms: f64,
        /// What is known of the action, should nothing come of that.
        outcome: Outcome,
    },
    /// Set the clock by the endpoint's and send again at once.
    MendClock,
    /// Tell the caller.
    GiveUp {
        /// What is known of the action.
        outcome: Outcome,
        /// Whether the same call may work later without risk.
        retryable: bool,
    },
}

const BASE_MS: f64 = 50.0;
const CAP_MS: f64 = 20_000.0;
const SLOW_BASE_MS: f64 = 2_000.0;
const SLOW_CAP_MS: f64 = 10_000.0;

/// The decision after `fault`.
pub fn decide(fault: Fault, situation: &Situation) -> Decision {
    let is_read = situation.class == Class::Read;
    let is_safe = match situation.is_idempotent {
        Some(is_idempotent) => is_read || is_idempotent,
        None => is_read,
    };
    let is_repeatable = is_safe || (situation.is_repeatable && situation.is_idempotent.is_none());
    match fault {
        Fault::Code { ret_code: 5300, .. }
        | Fault::Status(429)
        | Fault::Unreached
        | Fault::Unsigned(_) => retry(situation, backoff(situation), Outcome::NotExecuted),
        Fault::Code {
            ret_code: 1400,
            is_not_ready: true,
        } => retry(situation, slow_backoff(situation), Outcome::NotExecuted),
        Fault::Code { ret_code: 1300, .. } if situation.can_mend_clock => {
            if situation.attempts < situation.max_attempts {
                Decision::MendClock
            } else {
                give_up(Outcome::NotExecuted, true)
            }
        }
        Fault::Code { ret_code: 5100, .. } if is_repeatable => {
            retry(situation, backoff(situation), unknown_unless(is_read))
        }
        Fault::Code { ret_code: 5000, .. }
        | Fault::Status(500 | 502 | 503 | 504)
        | Fault::Unusable
        | Fault::Broken
        | Fault::TimedOut
            if is_safe =>
        {
            retry(situation, backoff(situation), unknown_unless(is_read))
        }
        Fault::Code {
            ret_code: 5000 | 5100,
            ..
        }
        | Fault::Status(500..)
        | Fault::Unusable
        | Fault::Broken
        | Fault::TimedOut => give_up(unknown_unless(is_read), is_read),
        Fault::Code { .. } | Fault::Status(_) | Fault::Redirect => {
            give_up(Outcome::NotExecuted, false)
        }
    }
}

/// A read changes nothing, whether it was carried out or not.
fn unknown_unless(is_read: bool) -> Outcome {
    if is_read {
        Outcome::NotExecuted
    } else {
        Outcome::Unknown
    }
}

fn give_up(outcome: Outcome, retryable: bool) -> Decision {
    Decision::GiveUp { outcome, retryable }
}

fn retry(situation: &Situation, after_ms: f64, outcome: Outcome) -> Decision {
    let after_ms = after_ms.max(situation.retry_after_ms.unwrap_or(0.0));
    let is_allowed = situation.attempts < situation.max_attempts
        && after_ms < situation.remaining_ms
        && situation.has_budget;
    if !is_allowed {
        return give_up(outcome, true);
    }
    Decision::Retry { after_ms, outcome }
}

/// Full jitter: anything from 0 to 50 ms, 100 ms, 200 ms … 20 s.
fn backoff(situation: &Situation) -> f64 {
    let doublings = situation.attempts.saturating_sub(1).min(16);
    situation.random * (BASE_MS * f64::from(1u32 << doublings)).min(CAP_MS)
}

/// A resource that is not ready takes seconds: 2 s to 10 s, or to the deadline where that is nearer.
/// Other pauses are not cut like that: they begin at 0, and a retry just before the deadline would
/// only turn what went wrong into a time-out.
fn slow_backoff(situation: &Situation) -> f64 {
    let most = situation.remaining_ms.clamp(SLOW_BASE_MS, SLOW_CAP_MS);
    SLOW_BASE_MS + situation.random * (most - SLOW_BASE_MS)
}

/// How long `Retry-After` asks to wait: seconds, or the date that `parse_date` reads, in ms.
pub fn retry_after_ms(
    header: &str,
    now_ms: f64,
    parse_date: impl FnOnce(&str) -> Option<f64>,
) -> Option<f64> {
    let header = header.trim_ascii();
    let is_number = !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit());
    let ms = |seconds: u32| f64::from(seconds) * 1000.0;
    is_number
        .then(|| header.parse().map_or(f64::INFINITY, ms))
        .or_else(|| parse_date(header).map(|date_ms| date_ms - now_ms))
        .map(|ms| ms.max(0.0))
}

/// Tokens that retries of one client share, so that an outage is not made worse.
///
/// 500 to start with; a retry costs 14 and gives them back if it succeeds; a call that succeeds
/// at once gives 1.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    tokens: u32,
}

const FULL: u32 = 500;
const COST: u32 = 14;

impl Default for Budget {
    fn default() -> Budget {
        Budget { tokens: FULL }
    }
}

impl Budget {
    /// Whether a retry can be paid for.
    pub fn has_enough(&self) -> bool {
        self.tokens >= COST
    }

    /// Pays for a retry.
    pub fn spend(&mut self) {
        self.tokens = self.tokens.saturating_sub(COST);
    }

    /// Notes a success after so many retries that were paid for: the last one's tokens come back.
    pub fn succeed(&mut self, retries: u32) {
        let gain = if retries == 0 { 1 } else { COST };
        self.tokens = (self.tokens + gain).min(FULL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Class::{Change, Create, Destroy, Read};
    use proptest::prelude::*;

    fn situation(class: Class) -> Situation {
        Situation {
            class,
            is_repeatable: false,
            is_idempotent: None,
            attempts: 1,
            max_attempts: 3,
            remaining_ms: 60_000.0,
            retry_after_ms: None,
            has_budget: true,
            can_mend_clock: false,
            random: 0.5,
        }
    }

    const fn code(ret_code: i64) -> Fault {
        Fault::Code {
            ret_code,
            is_not_ready: false,
        }
    }

    const NOT_READY: Fault = Fault::Code {
        ret_code: 1400,
        is_not_ready: true,
    };

    /// Rows that say nothing of what happened.
    const LOST: [Fault; 9] = [
        code(5000),
        Fault::Status(500),
        Fault::Status(502),
        Fault::Status(503),
        Fault::Status(504),
        Fault::Unusable,
        Fault::Broken,
        Fault::TimedOut,
        code(5100),
    ];

    fn is_retry(fault: Fault, situation: &Situation) -> bool {
        matches!(decide(fault, situation), Decision::Retry { .. })
    }

    #[test]
    fn what_was_turned_away_is_retried_for_every_class() {
        for class in [Read, Change, Create, Destroy] {
            for fault in [
                code(5300),
                Fault::Status(429),
                Fault::Unreached,
                Fault::Unsigned(500),
                NOT_READY,
            ] {
                assert!(is_retry(fault, &situation(class)), "{fault:?} {class:?}");
            }
        }
    }

    #[test]
    fn a_lost_reply_to_a_read_is_retried() {
        for fault in LOST {
            assert!(is_retry(fault, &situation(Read)), "{fault:?}");
        }
    }

    #[test]
    fn a_lost_reply_to_a_change_is_never_retried() {
        for class in [Change, Create, Destroy] {
            for fault in LOST {
                let decision = decide(fault, &situation(class));
                let wanted = give_up(Outcome::Unknown, false);
                assert_eq!(decision, wanted, "{fault:?} {class:?}");
            }
        }
    }

    #[test]
    fn a_retry_says_whether_the_action_may_be_done_already() {
        let outcome_of = |fault, situation: &Situation| match decide(fault, situation) {
            Decision::Retry { outcome, .. } => Some(outcome),
            _ => None,
        };
        let repeatable = Situation {
            is_idempotent: Some(true),
            ..situation(Change)
        };
        for fault in LOST {
            assert_eq!(outcome_of(fault, &repeatable), Some(Outcome::Unknown));
            let read = outcome_of(fault, &situation(Read));
            assert_eq!(read, Some(Outcome::NotExecuted));
        }
        let turned_away = outcome_of(code(5300), &repeatable);
        assert_eq!(turned_away, Some(Outcome::NotExecuted));
    }

    #[test]
    fn an_overloaded_service_is_asked_again_for_repeatable_changes_only() {
        let repeatable = Situation {
            is_repeatable: true,
            ..situation(Change)
        };
        assert!(is_retry(code(5100), &repeatable));
        for fault in &LOST[..8] {
            assert!(!is_retry(*fault, &repeatable), "{fault:?}");
        }
    }

    #[test]
    fn the_caller_has_the_last_word_on_repeating() {
        let with = |is_idempotent| Situation {
            is_repeatable: true,
            is_idempotent: Some(is_idempotent),
            ..situation(Create)
        };
        for fault in LOST {
            assert!(is_retry(fault, &with(true)), "{fault:?}");
            assert!(!is_retry(fault, &with(false)), "{fault:?}");
        }
    }

    #[test]
    fn refusals_are_final_and_nothing_was_done() {
        for class in [Read, Create] {
            for fault in [
                code(1100),
                code(1200),
                code(1300),
                code(1400),
                code(2100),
                code(2500),
                Fault::Status(400),
                Fault::Status(403),
                Fault::Status(404),
                Fault::Redirect,
            ] {
                let wanted = give_up(Outcome::NotExecuted, false);
                assert_eq!(decide(fault, &situation(class)), wanted, "{fault:?}");
            }
        }
    }

    #[test]
    fn a_status_nobody_documents_says_nothing_of_a_change() {
        let wanted = give_up(Outcome::Unknown, false);
        assert_eq!(decide(Fault::Status(520), &situation(Create)), wanted);
    }

    #[test]
    fn the_clock_is_mended_where_it_can_be() {
        let mendable = Situation {
            can_mend_clock: true,
            ..situation(Create)
        };
        assert_eq!(decide(code(1300), &mendable), Decision::MendClock);
        let last = Situation {
            attempts: 3,
            ..mendable
        };
        assert_eq!(
            decide(code(1300), &last),
            give_up(Outcome::NotExecuted, true)
        );
    }

    #[test]
    fn attempts_and_deadline_bound_every_retry() {
        let last = Situation {
            attempts: 3,
            ..situation(Read)
        };
        assert!(!is_retry(Fault::Broken, &last));
        let late = Situation {
            remaining_ms: 10.0,
            ..situation(Read)
        };
        assert!(!is_retry(Fault::Broken, &late));
        let asked_to_wait = Situation {
            retry_after_ms: Some(61_000.0),
            ..situation(Read)
        };
        assert!(!is_retry(Fault::Status(429), &asked_to_wait));
        let until_the_very_end = Situation {
            retry_after_ms: Some(60_000.0),
            ..situation(Read)
        };
        assert!(!is_retry(Fault::Status(429), &until_the_very_end));
    }

    #[test]
    fn what_is_not_ready_is_given_two_to_ten_seconds() {
        for (random, wanted) in [(0.0, 2_000.0), (0.5, 6_000.0), (1.0, 10_000.0)] {
            let decision = decide(
                NOT_READY,
                &Situation {
                    random,
                    ..situation(Create)
                },
            );
            let retry = Decision::Retry {
                after_ms: wanted,
                outcome: Outcome::NotExecuted,
            };
            assert_eq!(decision, retry);
        }
    }

    #[test]
    fn what_is_not_ready_is_given_what_is_left_where_that_is_at_least_two_seconds() {
        for (remaining_ms, random, wanted) in [
            (10_001.0, 0.5, Some(6_000.0)),
            (3_000.0, 0.0, Some(2_000.0)),
            (3_000.0, 0.5, Some(2_500.0)),
            (2_001.0, 0.5, Some(2_000.5)),
            (2_000.0, 0.0, None),
            (1_000.0, 0.5, None),
        ] {
            let situation = Situation {
                remaining_ms,
                random,
                ..situation(Create)
            };
            let decision = decide(NOT_READY, &situation);
            let expected = wanted.map_or(give_up(Outcome::NotExecuted, true), |after_ms| {
                Decision::Retry {
                    after_ms,
                    outcome: Outcome::NotExecuted,
                }
            });
            assert_eq!(decision, expected, "{remaining_ms} ms left");
        }
        // The service's own wish is honoured or not, but never cut.
        let asked = Situation {
            remaining_ms: 3_000.0,
            retry_after_ms: Some(4_000.0),
            ..situation(Create)
        };
        assert!(!is_retry(NOT_READY, &asked));
    }

    #[test]
    fn a_pause_is_at_least_what_the_service_asks_for() {
        let asked = Situation {
            retry_after_ms: Some(3_000.0),
            ..situation(Read)
        };
        let wanted = Decision::Retry {
            after_ms: 3_000.0,
            outcome: Outcome::NotExecuted,
        };
        assert_eq!(decide(Fault::Status(503), &asked), wanted);
    }

    #[test]
    fn both_forms_of_retry_after_are_read() {
        let date =
            |text: &str| (text == "Fri, 31 Dec 1999 23:59:59 GMT").then_some(946_684_799_000.0);
        let read = |text| retry_after_ms(text, 946_684_790_000.0, date);
        assert_eq!(read("120"), Some(120_000.0));
        assert_eq!(read(" 0 "), Some(0.0));
        assert_eq!(read("Fri, 31 Dec 1999 23:59:59 GMT"), Some(9_000.0));
        assert_eq!(read("soon"), None);
    }

    /// How many retries `budget` pays for.
    fn drain(mut budget: Budget) -> usize {
        let mut retries = 0;
        while budget.has_enough() {
            budget.spend();
            retries += 1;
        }
        retries
    }

    #[test]
    fn a_budget_ends_a_storm_of_retries() {
        assert_eq!(drain(Budget::default()), 35);
        let broke = Situation {
            has_budget: false,
            ..situation(Read)
        };
        assert!(!is_retry(Fault::Broken, &broke));
    }

    #[test]
    fn a_success_earns_and_a_retry_that_succeeds_gets_its_tokens_back() {
        let mut budget = Budget { tokens: 0 };
        budget.succeed(1);
        assert_eq!(drain(budget), 1);
        let mut budget = Budget { tokens: 13 };
        budget.succeed(0);
        assert_eq!(drain(budget), 1);
    }

    #[test]
    fn a_budget_never_grows_past_its_start() {
        let mut budget = Budget::default();
        (0..1_000).for_each(|_| budget.succeed(0));
        assert_eq!(drain(budget), 35);
    }

    proptest! {
        #[test]
        fn pauses_have_full_jitter_within_bounds(attempts in 1u32..40, random in 0.0..1.0f64) {
            let situation = Situation { attempts, max_attempts: 100, random, ..situation(Read) };
            let Decision::Retry { after_ms, .. } = decide(Fault::Broken, &situation) else {
                return Err(TestCaseError::fail("no retry"));
            };
            let top = (50.0 * 2f64.powi(attempts as i32 - 1)).min(20_000.0);
            prop_assert!((0.0..=top).contains(&after_ms));
            prop_assert!((after_ms - random * top).abs() < 1e-6);
        }
    }
}

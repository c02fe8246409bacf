//! How far the endpoint's clock is from ours.

/// A smaller difference is not worth mending: the header has whole seconds, and a reply takes time.
const TOLERANCE_MS: f64 = 5_000.0;

/// A larger one is no clock that is off but a header that is wrong.
const BOUND_MS: f64 = 7.0 * 86_400_000.0;

/// What one exchange shows: all times in ms since 1970.
#[derive(Clone, Copy, Debug)]
pub struct Exchange {
    /// The time stamp that this request was signed with.
    pub stamp_ms: f64,
    /// Our clock when it was sent, and when the reply came.
    pub sent_ms: f64,
    /// See `sent_ms`.
    pub received_ms: f64,
    /// The reply's `Date`.
    pub date_ms: f64,
}

/// The offset to add to our clock, where this request's stamp was off by more than 5 s.
///
/// The comparison is with the request's own stamp, not with the client's offset of now: of twenty
/// calls that were signed before the first answer came, each is mended by its own answer.
pub fn offset_ms(exchange: &Exchange) -> Option<f64> {
    // The header is cut to the second.
    let server_ms = exchange.date_ms + 500.0;
    let offset_ms = server_ms - (exchange.sent_ms + exchange.received_ms) / 2.0;
    let is_off = (server_ms - exchange.stamp_ms).abs() > TOLERANCE_MS;
    (is_off && offset_ms.abs() <= BOUND_MS).then_some(offset_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(stamp_ms: f64, date_ms: f64) -> Exchange {
        Exchange {
            stamp_ms,
            sent_ms: 1_000_000_000.0,
            received_ms: 1_000_000_200.0,
            date_ms,
        }
    }

    #[test]
    fn an_offset_points_to_the_endpoints_clock() {
        let ahead = exchange(1_000_000_000.0, 1_003_600_000.0);
        assert_eq!(offset_ms(&ahead), Some(3_600_400.0));
        let behind = exchange(1_000_000_000.0, 1_000_000_000.0 - 86_400_000.0);
        assert_eq!(offset_ms(&behind), Some(-86_399_600.0));
    }

    #[test]
    fn a_stamp_that_was_right_mends_nothing() {
        assert_eq!(offset_ms(&exchange(1_003_600_000.0, 1_003_600_000.0)), None);
        assert_eq!(offset_ms(&exchange(1_000_000_000.0, 1_000_004_000.0)), None);
    }

    #[test]
    fn an_offset_of_days_is_believed_and_one_of_more_than_a_week_is_not() {
        const DAY_MS: f64 = 86_400_000.0;
        let by_days = |days: f64| exchange(1_000_000_000.0, 1_000_000_000.0 + days * DAY_MS);
        assert!(offset_ms(&by_days(6.9)).is_some());
        assert_eq!(offset_ms(&by_days(7.1)), None);
    }

    #[test]
    fn a_difference_of_five_seconds_is_still_tolerated() {
        // The header is cut to the second, so the middle of that second counts.
        assert_eq!(offset_ms(&exchange(1_000_000_000.0, 1_000_004_500.0)), None);
        assert!(offset_ms(&exchange(1_000_000_000.0, 1_000_004_501.0)).is_some());
    }

    #[test]
    fn an_absurd_date_mends_nothing() {
        assert_eq!(offset_ms(&exchange(1_000_000_000.0, 0.0)), None);
    }
}

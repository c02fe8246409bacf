//! How far the endpoint's clock is from ours.

/// A larger difference is no clock that is off but a header that is wrong.
const BOUND_MS: f64 = 7.0 * 86_400_000.0;

/// What one exchange shows: all times in ms since 1970.
#[derive(Clone, Copy, Debug)]
pub struct Exchange {
    /// Our clock when it was sent, and when the reply came.
    pub sent_ms: f64,
    /// See `sent_ms`.
    pub received_ms: f64,
    /// The reply's `Date`.
    pub date_ms: f64,
}

/// The offset to add to our clock, as far as a header of whole seconds tells; none where it is absurd.
///
/// However small it is, the request is signed again: one that was long on its way, or whose `expires` is
/// near, comes too late though both clocks are right. It comes from this exchange alone, not from the
/// client's offset of now: of twenty calls that were signed before the first answer came, each is mended
/// by its own answer.
pub fn offset_ms(exchange: &Exchange) -> Option<f64> {
    // The header is cut to the second.
    let server_ms = exchange.date_ms + 500.0;
    let offset_ms = server_ms - (exchange.sent_ms + exchange.received_ms) / 2.0;
    (offset_ms.abs() <= BOUND_MS).then_some(offset_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(date_ms: f64) -> Exchange {
        Exchange {
            sent_ms: 1_000_000_000.0,
            received_ms: 1_000_000_200.0,
            date_ms,
        }
    }

    #[test]
    fn an_offset_points_to_the_endpoints_clock() {
        let ahead = exchange(1_003_600_000.0);
        assert_eq!(offset_ms(&ahead), Some(3_600_400.0));
        let behind = exchange(1_000_000_000.0 - 86_400_000.0);
        assert_eq!(offset_ms(&behind), Some(-86_399_600.0));
    }

    #[test]
    fn a_clock_that_is_right_is_told_as_right_as_the_header_can() {
        assert_eq!(offset_ms(&exchange(1_000_000_000.0)), Some(400.0));
        assert_eq!(offset_ms(&exchange(1_000_003_000.0)), Some(3_400.0));
    }

    #[test]
    fn an_offset_of_days_is_believed_and_one_of_more_than_a_week_is_not() {
        const DAY_MS: f64 = 86_400_000.0;
        let by_days = |days: f64| exchange(1_000_000_000.0 + days * DAY_MS);
        assert!(offset_ms(&by_days(6.9)).is_some());
        assert_eq!(offset_ms(&by_days(7.1)), None);
    }

    #[test]
    fn an_absurd_date_mends_nothing() {
        assert_eq!(offset_ms(&exchange(0.0)), None);
    }
}

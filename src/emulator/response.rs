//! What goes back: status, headers, body, and what befalls them on the way.

use crate::emulator::names::*;
use std::borrow::Cow;
use std::ops::Range;

/// An answer. The body is JSON unless a fault made it something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Names in small letters, and values.
    pub headers: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    /// The whole body, even where only half of it is to arrive.
    pub body: String,
    /// What befalls it on the way.
    pub effect: Effect,
}

/// What the one who delivers the answer must do with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// Wait so long first.
    pub delay_ms: u32,
    /// How it arrives.
    pub delivery: Delivery,
}

/// How an answer arrives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Delivery {
    /// Whole.
    #[default]
    Whole,
    /// Never.
    Hang,
    /// The connection breaks before the first byte.
    Lost,
    /// The connection breaks in the middle of the body.
    Cut,
}

/// The header that says where an answer came from.
pub const SOURCE: &str = "x-qingcloud-emulator";

/// A time as HTTP writes it (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
pub fn http_date(unix_ms: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let seconds = unix_ms.div_euclid(1000);
    let stamp = crate::sign::time::format(seconds).unwrap_or(*b"1970-01-01T00:00:00Z");
    let text = |range: Range<usize>| std::str::from_utf8(&stamp[range]).unwrap_or_default();
    let day = DAYS[seconds.div_euclid(86_400).rem_euclid(7) as usize];
    let month = usize::from(stamp[5] - b'0') * 10 + usize::from(stamp[6] - b'0');
    let month = MONTHS.get(month - 1).copied().unwrap_or("Jan");
    let (date, year, time) = (text(8..10), text(0..4), text(11..19));
    [day, ", ", date, " ", month, " ", year, " ", time, " GMT"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_that_of_the_standard() {
        assert_eq!(http_date(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(
            http_date(1_709_164_800_000),
            "Thu, 29 Feb 2024 00:00:00 GMT"
        );
        assert_eq!(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    }
}

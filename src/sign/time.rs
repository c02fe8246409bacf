//! Unix seconds to the time stamps that the service signs, and back. There is no clock in here.

/// Seconds of the first and the last moment a four-digit year can name.
const RANGE: core::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;

/// Writes `unix_seconds` as `YYYY-MM-DDThh:mm:ssZ` in UTC, or `None` outside the years 0 to 9999.
///
/// The form is that of the API guide's `time_stamp` and `expires`.
pub fn format(unix_seconds: i64) -> Option<[u8; 20]> {
    if !RANGE.contains(&unix_seconds) {
        return None;
    }
    let since = (unix_seconds - RANGE.start()) as u64;
    let second = (since % 86_400) as u32;
    // From 400 years before the first year on, so that nothing is below 0.
    let (year, month, day) = civil((since / 86_400) as u32 + DAYS_OF_ERA);
    let mut out = *b"0000-00-00T00:00:00Z";
    for (at, value) in [
        (0, year / 100),
        (2, year % 100),
        (5, month),
        (8, day),
        (11, second / 3600),
        (14, second / 60 % 60),
        (17, second % 60),
    ] {
        out[at] += (value / 10) as u8;
        out[at + 1] += (value % 10) as u8;
    }
    Some(out)
}

/// Reads `YYYY-MM-DDThh:mm:ssZ`, the only form the service takes; `None` for any other text.
pub fn parse(text: &[u8]) -> Option<i64> {
    let number = |range: core::ops::Range<usize>| {
        text.get(range)?.iter().try_fold(0i64, |sum, digit| {
            digit
                .is_ascii_digit()
                .then(|| sum * 10 + i64::from(digit - b'0'))
        })
    };
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    // Writing it again refuses the 30th of February, hour 24 and wrong separators in one go.
    (format(seconds)?.as_slice() == text).then_some(seconds)
}

/// Days of 400 years, after which the calendar repeats.
const DAYS_OF_ERA: u32 = 146_097;

/// Days since the 1st of January 400 years before the year 0, to year, month, day in the proleptic
/// Gregorian calendar. Years are counted from March, so that the leap day comes last.
fn civil(days: u32) -> (u32, u32, u32) {
    let since_march = days - 60;
    let era = since_march / DAYS_OF_ERA;
    let day_of_era = since_march % DAYS_OF_ERA;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = (march_month + 2) % 12 + 1;
    let year = era * 400 + year_of_era + u32::from(month <= 2) - 400;
    (year, month, day)
}

/// Days since 1970-01-01 of a year, month and day.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let march_year = year - i64::from(month <= 2);
    let era = march_year.div_euclid(400);
    let year_of_era = march_year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Computed with Python's `datetime.fromtimestamp(n, timezone.utc)`.
    const KNOWN: [(i64, &str); 8] = [
        (0, "1970-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59Z"),
        (951_782_399, "2000-02-28T23:59:59Z"),
        (951_782_400, "2000-02-29T00:00:00Z"),
        (1_377_613_810, "2013-08-27T14:30:10Z"),
        (4_107_542_400, "2100-03-01T00:00:00Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"),
        (-62_135_596_800, "0001-01-01T00:00:00Z"),
    ];

    #[test]
    fn known_moments_are_written_and_read() {
        for (seconds, text) in KNOWN {
            assert_eq!(format(seconds).unwrap(), text.as_bytes(), "{seconds}");
            assert_eq!(parse(text.as_bytes()), Some(seconds), "{text}");
        }
    }

    #[test]
    fn moments_without_a_four_digit_year_are_refused() {
        assert_eq!(format(253_402_300_800), None);
        assert_eq!(format(i64::MIN), None);
        assert_eq!(format(i64::MAX), None);
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "2013-08-27T14:30:10",
            "2013-08-27 14:30:10Z",
            "2013-02-30T00:00:00Z",
            "2013-08-27T24:00:00Z",
            "2013-13-01T00:00:00Z",
            "2013-08-27T14:30:10.5Z",
            "+013-08-27T14:30:10Z",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn parse_undoes_format(seconds in RANGE) {
            prop_assert_eq!(parse(&format(seconds).unwrap()), Some(seconds));
        }
    }
}

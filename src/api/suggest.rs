//! The name that may have been meant.

/// The longest name that is compared; no name of the API is longer.
const LONGEST: usize = 64;

/// The known name nearest to `given`, if it is near enough to be a slip: other capitals or
/// underscores, or one letter in three wrong, missing or too many, or two that changed places.
pub fn nearest(given: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let most = (given.len() / 3).min(3);
    known
        .filter_map(|name| Some((distance(given, name, most)?, name)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// How many letters differ, capitals and underscores aside; `None` if more than `most`.
fn distance(given: &str, known: &str, most: usize) -> Option<usize> {
    let letters = |text: &str, into: &mut [u8; LONGEST]| {
        let letters = text.bytes().filter(|byte| *byte != b'_');
        let mut length = 0usize;
        for (place, letter) in into.iter_mut().zip(letters) {
            *place = letter.to_ascii_lowercase();
            length += 1;
        }
        length
    };
    let (mut a, mut b) = ([0; LONGEST], [0; LONGEST]);
    let (a_length, b_length) = (letters(given, &mut a), letters(known, &mut b));
    if given.len() > LONGEST || a_length.abs_diff(b_length) > most {
        return None;
    }
    let (a, b) = (&a[..a_length], &b[..b_length]);
    // The row above, and the one above that, for letters that changed places.
    let mut row: [usize; LONGEST + 1] = core::array::from_fn(|place| place);
    let mut above = row;
    for (place, letter) in a.iter().enumerate() {
        let last = row;
        row[0] = place + 1;
        for (column, other) in b.iter().enumerate() {
            let mut least = (last[column] + usize::from(letter != other))
                .min(last[column + 1] + 1)
                .min(row[column] + 1);
            if place > 0 && column > 0 && *letter == b[column - 1] && a[place - 1] == *other {
                least = least.min(above[column - 1] + 1);
            }
            row[column + 1] = least;
        }
        above = last;
    }
    Some(row[b.len()]).filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const NAMES: [&str; 5] = [
        "image_id",
        "instances",
        "instance_type",
        "login_mode",
        "zone",
    ];

    #[test]
    fn slips_find_the_name_that_was_meant() {
        for (given, meant) in [
            ("instnces", "instances"),
            ("instance", "instances"),
            ("imageId", "image_id"),
            ("image-id", "image_id"),
            ("InstanceType", "instance_type"),
            ("login_mod", "login_mode"),
            ("zoen", "zone"),
            ("Isntanecs", "instances"),
        ] {
            assert_eq!(nearest(given, NAMES.into_iter()), Some(meant), "{given}");
        }
    }

    #[test]
    fn other_words_find_nothing() {
        let endless = "x".repeat(10_000);
        for given in ["", "x", "volume", "description", "名字", endless.as_str()] {
            assert_eq!(nearest(given, NAMES.into_iter()), None, "{given}");
        }
    }
}

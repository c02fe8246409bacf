//! The known mistakes that make another string to sign of a request.

use crate::emulator::names::*;

use super::evidence::Parts;
use super::mistakes::{Code, Mistake};
use super::recipe::{Encoding, Layout, Order, Recipe, Selection};
use super::seen;

/// A recipe with one mistake.
pub struct Variant {
    pub mistake: Mistake,
    pub recipe: Recipe,
    pub text: Vec<u8>,
}

impl Variant {
    /// Both mistakes at once; none when they are about the same thing.
    pub fn with(&self, other: &Variant) -> Option<Recipe> {
        let right = Recipe::default();
        let (a, b) = (&self.recipe, &other.recipe);
        fn either<T: Clone + PartialEq>(a: &T, b: &T, right: &T) -> Option<T> {
            match (a == right, b == right) {
                (true, _) => Some(b.clone()),
                (_, true) => Some(a.clone()),
                _ => None,
            }
        }
        Some(Recipe {
            params: either(&a.params, &b.params, &right.params)?,
            order: either(&a.order, &b.order, &right.order)?,
            encoding: a.encoding.and(&b.encoding),
            path: either(&a.path, &b.path, &right.path)?,
            verb: either(&a.verb, &b.verb, &right.verb)?,
            layout: either(&a.layout, &b.layout, &right.layout)?,
        })
    }
}

impl Encoding {
    /// Two ways to encode wrongly at once.
    fn and(&self, other: &Encoding) -> Encoding {
        Encoding {
            plus_for_space: self.plus_for_space || other.plus_for_space,
            small_hex: self.small_hex || other.small_hex,
            tilde: self.tilde || other.tilde,
            twice: self.twice || other.twice,
            raw_values: self.raw_values || other.raw_values,
            raw_names: self.raw_names || other.raw_names,
            latin1: self.latin1 || other.latin1,
            bare: [&self.bare[..], &other.bare].concat(),
        }
    }
}

/// Every known mistake that makes another string to sign of this request. Where two make the same, the
/// first one is kept: the special ones stand before the general ones.
pub fn variants(parts: &Parts, base: &[u8]) -> Vec<Variant> {
    let mut found: Vec<Variant> = Vec::new();
    let mut add = |code: Code, detail: String, change: &dyn Fn(&mut Recipe)| {
        let mut recipe = Recipe::default();
        change(&mut recipe);
        let text = recipe.make(parts, false);
        let earlier = found.iter().map(|earlier| earlier.text.as_slice());
        if earlier.chain([base]).all(|earlier| earlier != text) {
            found.push(Variant {
                mistake: Mistake::new(code, detail),
                recipe,
                text,
            });
        }
    };
    let nothing = String::new;

    add(Code::PlusForSpace, nothing(), &|recipe| {
        recipe.encoding.plus_for_space = true
    });
    add(Code::LowerCaseHex, nothing(), &|recipe| {
        recipe.encoding.small_hex = true
    });
    add(Code::TildeEncoded, nothing(), &|recipe| {
        recipe.encoding.tilde = true
    });
    add(Code::DoubleEncoded, nothing(), &|recipe| {
        recipe.encoding.twice = true;
    });
    add(Code::DoubleEncoded, nothing(), &|recipe| {
        recipe.params = Selection::DecodedAgain;
    });
    let (singles, functions) = bare_sets(parts);
    for bare in singles {
        add(Code::ReservedLeftBare, seen::shown(&bare), &|recipe| {
            recipe.encoding.bare.clone_from(&bare);
        });
    }
    add(Code::NamesNotEncoded, nothing(), &|recipe| {
        recipe.encoding.raw_names = true
    });
    add(Code::NotEncoded, nothing(), &|recipe| {
        recipe.encoding.raw_values = true
    });
    add(Code::NotEncoded, nothing(), &|recipe| {
        (recipe.encoding.raw_values, recipe.encoding.raw_names) = (true, true)
    });
    for bare in functions {
        add(Code::ReservedLeftBare, seen::shown(&bare), &|recipe| {
            recipe.encoding.bare.clone_from(&bare);
        });
    }
    add(Code::NotUtf8, nothing(), &|recipe| {
        recipe.encoding.latin1 = true
    });
    for tilde in [true, false] {
        for bare in [&b"*"[..], b"!'()*", b""] {
            add(Code::FormEncoded, nothing(), &|recipe| {
                recipe.encoding = Encoding {
                    plus_for_space: true,
                    tilde,
                    bare: bare.to_vec(),
                    ..Encoding::default()
                };
            });
        }
    }

    for (code, order) in [
        (Code::SortedAsJoinedText, Order::JoinedText),
        (Code::SortedAsJoinedText, Order::JoinedEncodedText),
        (Code::SortedByNumber, Order::Number),
        (Code::SortedIgnoringCase, Order::IgnoringCase),
        (Code::SortedAsUtf16, Order::Utf16),
        (Code::SortedAfterEncoding, Order::EncodedName),
        (Code::NotSorted, Order::Received),
    ] {
        add(code, nothing(), &|recipe| recipe.order = order);
    }

    for (code, path) in paths(parts) {
        let detail = String::from_utf8_lossy(&path).into_owned();
        add(code, detail, &|recipe| recipe.path = Some(path.clone()));
    }
    let small = parts.method.to_ascii_lowercase();
    for verb in [
        "GET", "POST", "PUT", "DELETE", "HEAD", &small, "get", "post",
    ] {
        add(Code::WrongVerb, verb.to_owned(), &|recipe| {
            recipe.verb = Some(verb.as_bytes().to_vec())
        });
    }
    for (layout, shape) in [
        (Layout::CarriageReturns, "GET\\r\\n/iaas/\\r\\n…"),
        (Layout::LineEndBehind, "GET\\n/iaas/\\n…\\n"),
        (Layout::QuestionMark, "GET\\n/iaas/?…"),
        (Layout::QuestionMarkOnLine, "GET\\n/iaas/\\n?…"),
        (Layout::WithoutMethod, "/iaas/\\n…"),
        (Layout::QueryAlone, "…"),
        (Layout::Joined, "GET/iaas/…"),
        (Layout::Ampersands, "GET&%2Fiaas%2F&…"),
    ] {
        add(Code::WrongLayout, shape.to_owned(), &|recipe| {
            recipe.layout = layout
        });
    }

    add(Code::ValueTrimmed, nothing(), &|recipe| {
        recipe.params = Selection::Trimmed
    });
    add(Code::SignatureSigned, nothing(), &|recipe| {
        recipe.params = Selection::WithSignature
    });
    for (place, pair) in parts.pairs.iter().enumerate() {
        let name = String::from_utf8_lossy(&pair.name).into_owned();
        let code = if seen::is_public(&name) {
            Code::PublicParameterNotSigned
        } else {
            Code::ParameterNotSigned
        };
        add(code, name, &|recipe| {
            recipe.params = Selection::Without(place)
        });
    }
    add(Code::EmptyValuesLeftOut, nothing(), &|recipe| {
        recipe.params = Selection::WithoutEmpty
    });
    for seconds in -5..=5 {
        add(Code::TimeStampMadeTwice, nothing(), &|recipe| {
            recipe.params = Selection::Later(seconds)
        });
    }
    found
}

/// The sets of characters that programs leave unencoded, as far as this request has them: each one by
/// itself, and those of well-known functions.
fn bare_sets(parts: &Parts) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    const FUNCTIONS: [&[u8]; 8] = [
        // encodeURIComponent, and with what some leave besides
        b"!'()*",
        b"!'()*/",
        b"!'()",
        b"/:",
        // encodeURI
        b"!'()*;,/?:@&=+$#",
        b"!'()*;,/?:@&=+$",
        // HttpUtility of C#, CGI.escape of Ruby
        b"!*()",
        b"*-_.",
    ];
    let is_present = |byte: &u8| {
        let has = |text: &[u8]| text.contains(byte);
        parts
            .pairs
            .iter()
            .any(|pair| has(&pair.name) || has(&pair.value))
    };
    let present: Vec<u8> = (0x21..0x7f_u8)
        .filter(|byte| !byte.is_ascii_alphanumeric() && !b"-_.~".contains(byte))
        .filter(is_present)
        .collect();
    let mut singles: Vec<Vec<u8>> = present.iter().map(|&byte| Vec::from([byte])).collect();
    singles.push(Vec::from([0x80]));
    let of = |set: &[u8]| {
        present
            .iter()
            .copied()
            .filter(|byte| set.contains(byte))
            .collect()
    };
    let mut functions: Vec<Vec<u8>> = FUNCTIONS.iter().map(|set| of(set)).collect();
    // Everything short of what parts the query.
    functions.push(
        present
            .iter()
            .copied()
            .filter(|byte| !b"&=%+#".contains(byte))
            .collect(),
    );
    functions.retain(|set| !set.is_empty());
    (singles, functions)
}

/// Paths that are signed instead of the right one.
fn paths(parts: &Parts) -> Vec<(Code, Vec<u8>)> {
    let path = parts.path;
    let mut paths = Vec::new();
    match path.strip_suffix(b"/") {
        Some(bare) => {
            paths.push((Code::MissingSlash, bare.to_vec()));
            paths.push((Code::ExtraSlash, [path, b"/"].concat()));
        }
        None => paths.push((Code::ExtraSlash, [path, b"/"].concat())),
    }
    for (one, other) in [("/iaas", "/iam"), ("/iam", "/iaas")] {
        for slash in ["", "/"] {
            let own = format!("{one}/");
            if path.ends_with(own.as_bytes()) || path.ends_with(one.as_bytes()) {
                paths.push((Code::IaasForIam, format!("{other}{slash}").into_bytes()));
            }
        }
    }
    for other in [
        "/",
        "",
        "/iaas/",
        "/iaas",
        "/iam/",
        "iaas/",
        "iaas",
        "//iaas/",
        "/IAAS/",
        "/api/",
        "api.qingcloud.com/iaas/",
        "https://api.qingcloud.com/iaas/",
        "%2Fiaas%2F",
    ] {
        paths.push((Code::WrongPath, other.as_bytes().to_vec()));
    }
    paths
}

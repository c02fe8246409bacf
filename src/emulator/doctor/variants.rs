//! The known mistakes that make another string to sign of a request.

use crate::emulator::names::*;
use std::collections::HashSet;

use super::encoding::Encoding;
use super::evidence::Parts;
use super::mistakes::{Code, Mistake};
use super::recipe::{Head, Layout, Order, Query, Recipe, Selection};
use super::seen;

/// A recipe with one mistake.
#[derive(Clone)]
pub struct Variant {
    pub mistake: Mistake,
    pub recipe: Recipe,
}

impl Recipe {
    /// The mistakes of both at once; none when they are about the same thing.
    pub fn with(&self, other: &Recipe) -> Option<Recipe> {
        Some(Recipe {
            query: self.query.with(&other.query)?,
            head: self.head.with(&other.head)?,
        })
    }
}

impl Query {
    fn with(&self, other: &Query) -> Option<Query> {
        Some(Query {
            params: either(&self.params, &other.params)?,
            order: either(&self.order, &other.order)?,
            encoding: self.encoding.and(&other.encoding),
        })
    }
}

impl Head {
    fn with(&self, other: &Head) -> Option<Head> {
        Some(Head {
            path: either(&self.path, &other.path)?,
            verb: either(&self.verb, &other.verb)?,
            layout: either(&self.layout, &other.layout)?,
        })
    }
}

/// The one of the two that is not as it should be; none when neither is.
fn either<T: Clone + Default + PartialEq>(a: &T, b: &T) -> Option<T> {
    let right = T::default();
    match (*a == right, *b == right) {
        (true, _) => Some(b.clone()),
        (_, true) => Some(a.clone()),
        _ => None,
    }
}

/// The known mistakes, but those of single parameters of the action; the likely ones first, since of a large
/// request not all are tried. Where two make the same of a request, the first one is meant: of encodings, the
/// special ones stand before the general ones.
pub fn variants(parts: &Parts) -> Vec<Variant> {
    let mut list = List(Vec::new());
    let (likely, unlikely) = heads(parts);
    list.0.extend(likely);
    slips(&mut list);
    orders(&mut list);
    values(parts, &mut list);
    sets(parts, &mut list);
    list.0.extend(unlikely);
    layouts(&mut list);
    list.0
}

/// A list in the making.
struct List(Vec<Variant>);

impl List {
    fn add(&mut self, code: Code, detail: impl Into<String>, change: impl Fn(&mut Recipe)) {
        let mut recipe = Recipe::default();
        change(&mut recipe);
        if recipe != Recipe::default() {
            self.0.push(Variant {
                mistake: Mistake::new(code, detail),
                recipe,
            });
        }
    }
}

/// Slips of an encoder.
fn slips(list: &mut List) {
    list.add(Code::PlusForSpace, "", |recipe| {
        recipe.query.encoding.plus_for_space = true
    });
    list.add(Code::LowerCaseHex, "", |recipe| {
        recipe.query.encoding.small_hex = true
    });
    list.add(Code::TildeEncoded, "", |recipe| {
        recipe.query.encoding.over = b"~".to_vec()
    });
    list.add(Code::DoubleEncoded, "", |recipe| {
        recipe.query.encoding.twice = true;
    });
    list.add(Code::DoubleEncoded, "", |recipe| {
        recipe.query.params = Selection::DecodedAgain;
    });
}

/// Encoders that know another set of characters.
fn sets(parts: &Parts, list: &mut List) {
    let (singles, functions) = bare_sets(parts);
    for bare in singles {
        list.add(Code::ReservedLeftBare, seen::shown(&bare), |recipe| {
            recipe.query.encoding.bare.clone_from(&bare);
        });
    }
    list.add(Code::NamesNotEncoded, "", |recipe| {
        recipe.query.encoding.raw_names = true
    });
    list.add(Code::NotEncoded, "", |recipe| {
        recipe.query.encoding.raw_values = true
    });
    list.add(Code::NotEncoded, "", |recipe| {
        (
            recipe.query.encoding.raw_values,
            recipe.query.encoding.raw_names,
        ) = (true, true)
    });
    for bare in functions {
        list.add(Code::ReservedLeftBare, seen::shown(&bare), |recipe| {
            recipe.query.encoding.bare.clone_from(&bare);
        });
    }
    // Some leave only letters and digits as they are, or those and some of these.
    for over in [&b"-._~"[..], b"-._", b"_", b".", b"-", b"-_", b"-.", b"._"] {
        let over: Vec<u8> = over
            .iter()
            .copied()
            .filter(|&byte| parts.has[usize::from(byte)])
            .collect();
        list.add(Code::OverEncoded, seen::shown(&over), |recipe| {
            recipe.query.encoding.over.clone_from(&over)
        });
    }
    if let Some(empty) = parts.pairs.iter().find(|pair| pair.value.is_empty()) {
        list.add(Code::MissingEquals, empty.shown_name(), |recipe| {
            recipe.query.encoding.no_equals = true
        });
    }
    list.add(Code::NotUtf8, "", |recipe| {
        recipe.query.encoding.latin1 = true
    });
    for tilde in [&b"~"[..], b""] {
        for bare in [&b"*"[..], b"!'()*", b""] {
            list.add(Code::FormEncoded, "", |recipe| {
                recipe.query.encoding = Encoding {
                    plus_for_space: true,
                    over: tilde.to_vec(),
                    bare: bare.to_vec(),
                    ..Encoding::default()
                };
            });
        }
    }
}

fn orders(list: &mut List) {
    for (code, order) in [
        (Code::SortedAsJoinedText, Order::JoinedText),
        (Code::SortedAsJoinedText, Order::JoinedEncodedText),
        (Code::SortedByNumber, Order::Number),
        (Code::SortedIgnoringCase, Order::IgnoringCase),
        (Code::SortedAsUtf16, Order::Utf16),
        (Code::SortedAfterEncoding, Order::EncodedName),
        (Code::NotSorted, Order::Received),
    ] {
        list.add(code, "", |recipe| recipe.query.order = order);
    }
}

/// Paths and methods, the likely ones and the others.
fn heads(parts: &Parts) -> (Vec<Variant>, Vec<Variant>) {
    let (mut likely, mut others) = (List(Vec::new()), List(Vec::new()));
    let mut tried = HashSet::new();
    for (code, path) in paths(parts) {
        let list = if code == Code::WrongPath {
            &mut others
        } else {
            &mut likely
        };
        if path != parts.path && tried.insert(path.clone()) {
            let detail = String::from_utf8_lossy(&path);
            list.add(code, detail, |recipe| recipe.head.path = Some(path.clone()));
        }
    }
    for verb in ["GET", "POST", "get", "post", "PUT", "DELETE", "HEAD"] {
        let list = if verb.eq_ignore_ascii_case("GET") || verb.eq_ignore_ascii_case("POST") {
            &mut likely
        } else {
            &mut others
        };
        if verb != parts.method {
            list.add(Code::WrongVerb, verb, |recipe| {
                recipe.head.verb = Some(verb.as_bytes().to_vec())
            });
        }
    }
    (likely.0, others.0)
}

fn layouts(list: &mut List) {
    for layout in [Layout::AmpersandBehind, Layout::AmpersandBefore] {
        list.add(Code::StrayAmpersand, "", |recipe| {
            recipe.head.layout = layout
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
        list.add(Code::WrongLayout, shape, |recipe| {
            recipe.head.layout = layout
        });
    }
}

/// Parameters left out, added or with another value.
fn values(parts: &Parts, list: &mut List) {
    for name in seen::public_names() {
        if let Some(place) = parts.place(name) {
            list.add(Code::PublicParameterNotSigned, name, |recipe| {
                recipe.query.params = Selection::Without(place)
            });
        }
    }
    list.add(Code::ValueTrimmed, "", |recipe| {
        recipe.query.params = Selection::Trimmed
    });
    list.add(Code::SignatureSigned, "", |recipe| {
        recipe.query.params = Selection::With("signature", "")
    });
    for (name, value) in [
        ("version", "1"),
        ("signature_version", "1"),
        ("signature_method", "HmacSHA256"),
    ] {
        if parts.place(name).is_none() {
            list.add(Code::MissingPublicParameter, name, |recipe| {
                recipe.query.params = Selection::With(name, value)
            });
        }
    }
    // One alone is a parameter that was not signed.
    if parts
        .pairs
        .iter()
        .filter(|pair| pair.value.is_empty())
        .count()
        > 1
    {
        list.add(Code::EmptyValuesLeftOut, "", |recipe| {
            recipe.query.params = Selection::WithoutEmpty
        });
    }
    for seconds in -5..=5 {
        list.add(Code::TimeStampMadeTwice, "", |recipe| {
            recipe.query.params = Selection::Later(seconds)
        });
    }
}

/// Each parameter of the action left out: as many as the request has.
pub fn left_out(parts: &Parts) -> impl Iterator<Item = Variant> {
    let own = parts.pairs.iter().enumerate();
    let own = own.filter(|(_, pair)| !seen::is_public(&String::from_utf8_lossy(&pair.name)));
    own.map(|(place, pair)| Variant {
        mistake: Mistake::new(Code::ParameterNotSigned, pair.shown_name()),
        recipe: Recipe {
            query: Query {
                params: Selection::Without(place),
                ..Query::default()
            },
            head: Head::default(),
        },
    })
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
    let present: Vec<u8> = (0x21..0x7f_u8)
        .filter(|byte| !byte.is_ascii_alphanumeric() && !b"-_.~".contains(byte))
        .filter(|byte| parts.has[usize::from(*byte)])
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

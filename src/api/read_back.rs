//! Where to look whether a lost call was carried out.

use super::error::{Ids, ReadBack};
use crate::catalogue::{self, Type};
use crate::sign::tree::{Reader, Token};
use alloc::string::String;
use alloc::vec::Vec;

/// The read that shows what became of `action`, with the ids that its parameters in `tree` name,
/// and with the `zone` to look in where that has to be said.
pub fn read_back(action: &str, tree: &[u8], zone: Option<&str>) -> Option<ReadBack> {
    let known = catalogue::find(action)?.read_back()?;
    let mut params = Vec::new();
    for (from, to) in known.parameters() {
        let ids = texts(tree, from.name());
        let ids = match (to.type_(), ids.as_slice()) {
            (_, []) => continue,
            (Type::Array, _) => Ids::Many(ids),
            (_, [id]) => Ids::One(id.clone()),
            // The read takes one id; without it, it lists them all.
            (_, _) => continue,
        };
        params.retain(|(name, _)| *name != to.name());
        params.push((to.name(), ids));
    }
    params.extend(zone.map(|zone| ("zone", Ids::One(zone.into()))));
    Some(ReadBack {
        action: known.action(),
        params,
    })
}

/// The strings and numbers in the parameter `name`: itself, the items of its list, or `name.1`, `name.2` and on.
pub fn texts(tree: &[u8], name: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut reader = Reader::new(tree);
    // A tree that is cut short has been refused before; here it just ends the search.
    let _ = reader.next();
    while let Some(field) = reader.name() {
        let Some(token) = reader.next() else { break };
        let is_named = field
            .strip_prefix(name.as_bytes())
            .is_some_and(|rest| rest.is_empty() || is_index(rest));
        if !is_named {
            if reader.skip(token).is_none() {
                break;
            }
            continue;
        }
        let mut depth = 0usize;
        let mut token = token;
        loop {
            match token {
                Token::Text(text) | Token::Number(text) => {
                    found.extend(core::str::from_utf8(text).map(String::from))
                }
                Token::List | Token::Map => depth += 1,
                // A damaged tree may end what it never opened.
                Token::End => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                break;
            }
            match reader.next() {
                Some(next) => token = next,
                None => return found,
            }
        }
    }
    found
}

/// Whether `rest` is `.1`, `.2` and on.
fn is_index(rest: &[u8]) -> bool {
    rest.strip_prefix(b".")
        .is_some_and(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::Params;
    use alloc::vec;

    #[test]
    fn the_strings_and_numbers_of_a_parameter_are_found() {
        let mut params = Params::new();
        params
            .text("zone", "pek3")
            .texts("instances", &["i-1", "i-2"])
            .text("eips.1", "eip-1")
            .text("eips.2", "eip-2")
            .number("limit", 1);
        let tree = params.tree();
        assert_eq!(texts(&tree, "instances"), ["i-1", "i-2"]);
        assert_eq!(texts(&tree, "zone"), ["pek3"]);
        assert_eq!(texts(&tree, "eips"), ["eip-1", "eip-2"]);
        assert_eq!(texts(&tree, "limit"), ["1"]);
        assert!(texts(&tree, "volumes").is_empty());
    }

    #[test]
    fn a_damaged_tree_ends_the_search() {
        // A map with a name, and its end in place of the value.
        let tree = [&[6, 8, 9][..], b"instances", &[7, 7]].concat();
        assert!(texts(&tree, "instances").is_empty());
    }

    #[test]
    fn a_lost_stop_is_looked_up_by_its_instances() {
        let mut params = Params::new();
        params.texts("instances", &["i-1"]);
        let found = read_back("StopInstances", &params.tree(), None).unwrap();
        assert_eq!(found.action, "DescribeInstances");
        assert_eq!(found.params, [("instances", Ids::Many(vec!["i-1".into()]))]);
    }

    #[test]
    fn a_read_that_takes_one_id_is_given_a_text() {
        let mut params = Params::new();
        params.text("router", "rtr-1").texts("vxnets", &["vxnet-1"]);
        let found = read_back("LeaveRouter", &params.tree(), None).unwrap();
        assert_eq!(found.action, "DescribeRouterVxnets");
        assert_eq!(found.params, [("router", Ids::One("rtr-1".into()))]);
    }

    #[test]
    fn a_zone_that_has_to_be_said_is_a_parameter() {
        let found = read_back("StopInstances", &Params::new().tree(), Some("gd2")).unwrap();
        assert_eq!(found.params, [("zone", Ids::One("gd2".into()))]);
    }

    #[test]
    fn every_read_back_of_the_catalogue_can_be_called_as_it_is() {
        for action in catalogue::actions() {
            let Some(known) = action.read_back() else {
                continue;
            };
            let mut params = Params::new();
            for (from, _) in known.parameters() {
                params.texts(from.name(), &["x-1"]);
            }
            let found = read_back(action.name(), &params.tree(), None).unwrap();
            let read = catalogue::find(found.action).unwrap();
            for (name, ids) in found.params {
                let is_list = read.parameter(name).unwrap().type_() == Type::Array;
                assert_eq!(
                    is_list,
                    matches!(ids, Ids::Many(_)),
                    "{} {name}",
                    action.name()
                );
            }
        }
    }

    #[test]
    fn an_unknown_action_has_no_read_back() {
        assert_eq!(read_back("NoSuchAction", &Params::new().tree(), None), None);
    }
}

//! What the service's pages say of each action, as data and look-ups.
//!
//! | file | what | written |
//! | --- | --- | --- |
//! | `actions/*.json` | the actions of a service: class, parameters, answer, list, job, read-back | by `cargo xtask import-catalogue` |
//! | `structures.json` | the shapes that answers and items share, by name | by it |
//! | `codes.json`, `zones.json`, `statuses.json` | return codes, zones, statuses of resources | by it |
//! | `examples.json` | the requests and answers that the project pages print | by it |
//! | `curated.json` | what no source says, decided by hand; the import lays it over the facts | by hand |
//! | `descriptions.json` | what things are, in English and Chinese | by hand |
//!
//! `sources` says where a fact stands: `docs` a page of the documentation, `swagger` the official
//! specification, `python`, `go` and `cli` the official SDKs and command line. `notes` name what
//! differs between them.
//!
//! `build.rs` turns all that into static tables (see `build/`). Signing needs only the exceptions
//! below, which are always there; feature `catalogue` adds the table of everything.

include!(concat!(env!("OUT_DIR"), "/exceptions.rs"));

/// How the list, object or boolean in a parameter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `name.1=…&name.2=…`, or `name.1.field=…`: the usual way.
    Indexed,
    /// The whole value as JSON text: `name=["a","b"]`.
    Json,
    /// JSON text when the call has a `project_id`, else indexed: the role actions exist
    /// inside a project and for the whole account, and the pages differ.
    JsonInProject,
    /// A boolean written `true` or `false`; elsewhere flags are `1` and `0`.
    Boolean,
}

/// What an action does with some of its parameters.
#[derive(Clone, Copy)]
pub(crate) struct Exceptions(&'static [u8]);

/// What is not written the usual way in `action`.
pub(crate) fn exceptions(action: &str) -> Exceptions {
    let line = ENCODINGS
        .split(|byte| *byte == b'\n')
        .find_map(|line| line.strip_prefix(action.as_bytes())?.strip_prefix(b" "));
    Exceptions(line.unwrap_or_default())
}

impl Exceptions {
    /// How `parameter` is written.
    pub(crate) fn encoding(self, parameter: &[u8]) -> Encoding {
        let mut words = self.0.split(|byte| *byte == b' ');
        let kind = words.find_map(|word| match word.strip_prefix(parameter)? {
            [b':', kind] => Some(kind),
            _ => None,
        });
        match kind {
            Some(b'j') => Encoding::Json,
            Some(b'p') => Encoding::JsonInProject,
            Some(b'b') => Encoding::Boolean,
            _ => Encoding::Indexed,
        }
    }
}

/// How `parameter` of `action` is written; unknown ones are [`Encoding::Indexed`].
pub fn encoding(action: &str, parameter: &str) -> Encoding {
    exceptions(action).encoding(parameter.as_bytes())
}

/// The name sent as `action`. One differs: `GetRouterMonitor` is sent as `GetMonitor`.
pub fn wire_action(action: &str) -> &str {
    let known = WIRE_NAMES.iter().find(|(known, _)| *known == action);
    known.map_or(action, |(_, wire)| wire)
}

/// Whether the action is documented as POST (two are: they carry a file or a certificate).
pub fn is_post(action: &str) -> bool {
    POSTS.contains(&action)
}

#[cfg(feature = "catalogue")]
mod facts;
#[cfg(feature = "catalogue")]
mod table;
#[cfg(all(test, feature = "catalogue"))]
mod tests;

#[cfg(feature = "catalogue")]
pub use facts::{
    ReturnCode, Statuses, Transition, Zone, end_statuses, return_code, return_codes, statuses,
    zones,
};
#[cfg(feature = "catalogue")]
pub use table::{
    Action, Answer, Field, Fields, Parameter, Parameters, ReadBack, Required, Shape, Type, Values,
    actions, find,
};

/// What kind of call an action is.
#[cfg(feature = "catalogue")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Changes nothing.
    Read,
    /// Changes what is there.
    Change,
    /// Makes something.
    Create,
    /// Deletes something, or overwrites data that cannot be had back.
    Destroy,
}

/// What kind of call `action` is. An unknown one is a read when its name starts with `Describe`
/// or `Get`, and else taken for the kind that must not be repeated.
#[cfg(feature = "catalogue")]
pub fn class_of(action: &str) -> Class {
    match find(action) {
        Some(action) => action.class(),
        None if action.starts_with("Describe") || action.starts_with("Get") => Class::Read,
        None => Class::Create,
    }
}

#[cfg(feature = "catalogue")]
fn look_up<T: Copy>(table: &[(&'static str, T)], name: &str) -> Option<T> {
    let place = table
        .binary_search_by(|(known, _)| (*known).cmp(name))
        .ok()?;
    Some(table[place].1)
}

#[cfg(test)]
mod exceptions_tests {
    use super::{Encoding, encoding, is_post, wire_action};

    #[test]
    fn project_lists_are_json_and_the_status_filter_is_not() {
        assert_eq!(encoding("DeleteProjects", "project_ids"), Encoding::Json);
        assert_eq!(encoding("DescribeProjects", "project_ids"), Encoding::Json);
        assert_eq!(encoding("DescribeProjects", "status"), Encoding::Indexed);
        assert_eq!(encoding("CreateProject", "meta"), Encoding::Json);
        assert_eq!(encoding("AddGroupRoleRules", "principle"), Encoding::Json);
    }

    #[test]
    fn role_lists_depend_on_whether_there_is_a_project() {
        for (action, parameter) in [
            ("DeleteGroupRoles", "group_roles"),
            ("DescribeGroupRoleRules", "status"),
            ("ModifyGroupRoleRuleAttributes", "group_roles"),
        ] {
            assert_eq!(
                encoding(action, parameter),
                Encoding::JsonInProject,
                "{action}.{parameter}"
            );
        }
    }

    #[test]
    fn three_parameters_are_booleans_on_the_wire() {
        for (action, parameter) in [
            ("CreateProject", "selected"),
            ("DescribeProjects", "shared"),
            ("RunInstances", "os_disk_encryption"),
        ] {
            assert_eq!(
                encoding(action, parameter),
                Encoding::Boolean,
                "{action}.{parameter}"
            );
        }
    }

    #[test]
    fn what_is_not_known_is_sent_the_usual_way() {
        assert_eq!(encoding("RunInstances", "vxnets"), Encoding::Indexed);
        assert_eq!(encoding("NoSuchAction", "list"), Encoding::Indexed);
        assert_eq!(wire_action("NoSuchAction"), "NoSuchAction");
        assert!(!is_post("NoSuchAction"));
    }

    #[test]
    fn one_action_is_sent_under_another_name_and_two_are_posts() {
        assert_eq!(wire_action("GetRouterMonitor"), "GetMonitor");
        assert!(is_post("UploadUserDataAttachment") && is_post("CreateServerCertificate"));
    }
}

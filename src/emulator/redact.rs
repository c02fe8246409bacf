//! Which parameters hold secrets, and requests without them.

use crate::emulator::names::*;

use serde_json::Value;

use crate::catalogue;

/// What stands in the place of a secret.
pub const MASK: &str = "***";

/// Whether a parameter of this name holds a secret, in this action or in any.
///
/// The catalogue marks them; names that say it themselves count in actions it does not know, too.
pub fn is_secret(action: &str, name: &str) -> bool {
    let marked = catalogue::find(action).and_then(|action| action.parameter(base(name)));
    marked.is_some_and(|parameter| parameter.is_secret()) || says_so(meaning(name))
}

/// The same for the many parameters of one request: what the catalogue says of an action is read once.
pub struct Secrets {
    /// The parameters that it marks, in every spelling.
    marked: Vec<&'static str>,
}

impl Secrets {
    /// Those of an action.
    pub fn of(action: &str) -> Secrets {
        let parameters = catalogue::find(action).into_iter();
        let marked = parameters
            .flat_map(|action| action.parameters())
            .filter(|parameter| parameter.is_secret());
        Secrets {
            marked: marked
                .flat_map(|parameter| parameter.aliases().chain([parameter.name()]))
                .collect(),
        }
    }

    /// Whether a parameter of this name holds one.
    pub fn holds(&self, name: &str) -> bool {
        self.marked.contains(&base(name)) || says_so(meaning(name))
    }
}

/// The parameter that an item or a field of one belongs to.
fn base(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// The part of a name that says what the value is.
fn meaning(name: &str) -> &str {
    let last = name.rsplit('.').next().unwrap_or(name);
    if last.bytes().all(|byte| byte.is_ascii_digit()) {
        base(name)
    } else {
        last
    }
}

fn says_so(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("passwd")
        || name.ends_with("password")
        || name == "token"
        || name == "signature"
        || [
            "secret",
            "private_key",
            "priv_key",
            "userdata_value",
            "attachment_content",
        ]
        .iter()
        .any(|part| name.contains(part))
}

/// The value with what is secret in it masked: all of it, or members of its JSON text.
pub fn masked(action: &str, name: &str, value: &str) -> String {
    if is_secret(action, name) {
        return MASK.to_owned();
    }
    masked_json(value).unwrap_or_else(|| value.to_owned())
}

/// Whether the value is JSON text with secret members, whatever its own name.
pub fn has_secret_members(value: &str) -> bool {
    masked_json(value).is_some()
}

/// The JSON text with its secret members masked; none where there are none.
fn masked_json(value: &str) -> Option<String> {
    if !value.starts_with(['[', '{']) {
        return None;
    }
    let mut json = serde_json::from_str::<Value>(value).ok()?;
    mask_members(&mut json).then(|| json.to_string())
}

/// Masks secret members in place; says whether there were any. The parser bounds the depth.
fn mask_members(json: &mut Value) -> bool {
    match json {
        Value::Array(items) => items
            .iter_mut()
            .fold(false, |found, item| mask_members(item) | found),
        Value::Object(members) => members.iter_mut().fold(false, |found, (name, value)| {
            if says_so(name) {
                *value = Value::from(MASK);
                true
            } else {
                mask_members(value) | found
            }
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        for (action, name) in [
            ("RunInstances", "login_passwd"),
            ("CreateRDB", "rdb_password"),
            ("Unheard", "admin_password"),
            ("Unheard", "token"),
            ("X", "users.1.passwd"),
            ("X", "passwds_list.passwd.2"),
            ("X", "signature"),
        ] {
            assert!(
                is_secret(action, name) || name == "passwds_list.passwd.2",
                "{action} {name}"
            );
        }
        for name in [
            "change_passwd_first_login",
            "instance_name",
            "login_keypair",
            "signature_method",
        ] {
            assert!(!is_secret("RunInstances", name), "{name}");
        }
        assert_eq!(
            masked("X", "conf", r#"{"a":[{"db_password":"p","b":1}]}"#),
            r#"{"a":[{"b":1,"db_password":"***"}]}"#
        );
        assert_eq!(masked("X", "conf", "[1, 2]"), "[1, 2]");
    }

    #[test]
    fn what_is_read_once_says_the_same_of_every_parameter() {
        let mut found = 0;
        for action in catalogue::actions() {
            let secrets = Secrets::of(action.name());
            for parameter in action.parameters() {
                for name in parameter.aliases().chain([parameter.name()]) {
                    for name in [name, &format!("{name}.1"), &format!("{name}.1.x")] {
                        let expected = is_secret(action.name(), name);
                        assert_eq!(secrets.holds(name), expected, "{} {name}", action.name());
                        found += usize::from(expected);
                    }
                }
            }
        }
        assert!(found > 10, "{found}");
        assert!(Secrets::of("Unheard").holds("a.private_key"));
    }
}

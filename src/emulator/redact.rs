//! Which parameters hold secrets, and requests without them.

use crate::emulator::names::*;

use serde_json::Value;

use crate::catalogue::{self, Action};

/// What stands in the place of a secret.
pub const MASK: &str = "***";

/// Whether a parameter of this name holds a secret, in this action or in any.
///
/// The catalogue marks them; names that say it themselves count in actions it does not know, too.
pub fn is_secret(action: &str, name: &str) -> bool {
    let action = catalogue::find(action);
    action.is_some_and(|action| is_marked(&action, base(name))) || says_so(meaning(name))
}

/// The same for the many parameters of one request: the action is looked up once, and each list.
pub struct Secrets {
    /// None where no parameter of it is marked.
    action: Option<Action>,
    /// The list asked for last, and what the catalogue says of it.
    last: (String, bool),
}

impl Secrets {
    /// Those of an action.
    pub fn of(action: &str) -> Secrets {
        Secrets {
            action: catalogue::find(action).filter(|action| {
                let mut parameters = action.parameters();
                parameters.any(|parameter| parameter.is_secret())
            }),
            last: (String::new(), false),
        }
    }

    /// Whether a parameter of this name holds one.
    pub fn holds(&mut self, name: &str) -> bool {
        let base = base(name);
        if let Some(action) = &self.action
            && self.last.0 != base
        {
            self.last = (base.to_owned(), is_marked(action, base));
        }
        self.last.1 || says_so(meaning(name))
    }
}

fn is_marked(action: &Action, base: &str) -> bool {
    action
        .parameter(base)
        .is_some_and(|parameter| parameter.is_secret())
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
        let mut secrets = Secrets::of("RunInstances");
        for (name, expected) in [
            ("login_passwd", true),
            ("login_passwd.1", true),
            ("login_mode", false),
            ("", false),
            ("a.private_key", true),
        ] {
            assert_eq!(secrets.holds(name), expected, "{name}");
            assert_eq!(is_secret("RunInstances", name), expected, "{name}");
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
}

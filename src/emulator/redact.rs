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
    let base = name.split('.').next().unwrap_or(name);
    if catalogue::find(action)
        .and_then(|action| action.parameter(base))
        .is_some_and(|parameter| parameter.is_secret())
    {
        return true;
    }
    let last = name.rsplit('.').next().unwrap_or(name);
    says_so(if last.bytes().all(|byte| byte.is_ascii_digit()) {
        base
    } else {
        last
    })
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

/// Whether the value is secret as a whole, or holds secret members as JSON text.
pub fn holds_secret(action: &str, name: &str, value: &str) -> bool {
    masked(action, name, value) != value
}

/// The value with what is secret in it masked: all of it, or members of its JSON text.
pub fn masked(action: &str, name: &str, value: &str) -> String {
    if is_secret(action, name) {
        return MASK.to_owned();
    }
    if value.starts_with(['[', '{'])
        && let Ok(mut json) = serde_json::from_str::<Value>(value)
        && mask_members(&mut json)
    {
        return json.to_string();
    }
    value.to_owned()
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
}

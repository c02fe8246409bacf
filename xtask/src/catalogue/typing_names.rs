//! Names and literals as TypeScript writes them.

use serde_json::Value;

/// `security_group_rule` as a type name: `SecurityGroupRule`.
pub fn camel(name: &str) -> String {
    let capitals = name.split(['_', '-']).map(|word| {
        let mut letters = word.chars();
        letters.next().map_or(String::new(), |first| {
            first.to_uppercase().chain(letters).collect()
        })
    });
    capitals.collect()
}

/// A name as a property; quoted where it is no identifier (`min-size`).
pub fn property(name: &str) -> String {
    let is_identifier = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_identifier && !name.starts_with(|first: char| first.is_ascii_digit()) {
        name.into()
    } else {
        literal(&name.into())
    }
}

/// A value as a literal type.
pub fn literal(value: &Value) -> String {
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::{camel, literal, property};

    #[test]
    fn names_of_the_api_become_names_of_types() {
        assert_eq!(camel("security_group_rule"), "SecurityGroupRule");
        assert_eq!(camel("s2_server"), "S2Server");
        assert_eq!(property("instance_id"), "instance_id");
        assert_eq!(property("min-size"), "\"min-size\"");
        assert_eq!(literal(&"a\"b".into()), "\"a\\\"b\"");
        assert_eq!(literal(&20.into()), "20");
    }
}

//! The parameters of one request, decoded and sorted by name, and the ways to read them.

use crate::emulator::names::*;
use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::refusal::Refusal;

/// Decoded parameters in the order of their names' bytes; no name occurs twice.
#[derive(Debug, Default)]
pub struct Params<'a> {
    sorted: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Params<'a> {
    /// Takes the pairs in any order.
    pub fn new(mut pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>) -> Result<Params<'a>, Refusal> {
        if !pairs.is_sorted_by(|a, b| a.0 < b.0) {
            pairs.sort_by(|a, b| a.0.cmp(&b.0));
            if let Some(twice) = pairs.windows(2).find(|two| two[0].0 == two[1].0) {
                return Err(Refusal::format(format!(
                    "parameter [{}] is there twice",
                    twice[0].0
                )));
            }
        }
        Ok(Params { sorted: pairs })
    }

    /// All of them, sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sorted
            .iter()
            .map(|(name, value)| (name.as_ref(), value.as_ref()))
    }

    /// The value of exactly this name.
    pub fn text(&self, name: &str) -> Option<&str> {
        let at = self
            .sorted
            .binary_search_by(|pair| pair.0.as_ref().cmp(name))
            .ok()?;
        Some(&self.sorted[at].1)
    }

    /// The value, if there is one that is not empty.
    pub fn given(&self, name: &str) -> Option<&str> {
        self.text(name).filter(|value| !value.is_empty())
    }

    /// The value, which must be there and not be empty.
    pub fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.given(name)
            .ok_or_else(|| Refusal::format(format!("missing parameter [{name}]")))
    }

    /// The value as an integer.
    pub fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        match self.text(name) {
            None | Some("") => Ok(None),
            Some(value) => match value.parse() {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(Refusal::format(format!(
                    "parameter [{name}] should be an integer, got [{value}]"
                ))),
            },
        }
    }

    /// The value as an integer from `least` up, or `default` where there is none.
    pub fn integer_from(&self, name: &str, least: i64, default: i64) -> Result<i64, Refusal> {
        let number = self.integer(name)?.unwrap_or(default);
        if number < least {
            return Err(Refusal::format(format!(
                "parameter [{name}] should be at least {least}, got [{number}]"
            )));
        }
        Ok(number)
    }

    /// Whether the value is 1.
    pub fn flag(&self, name: &str) -> bool {
        self.text(name) == Some("1")
    }

    /// Whether `name` itself or any `name.N` is there.
    pub fn has(&self, name: &str) -> bool {
        self.text(name).is_some() || !self.under(name).is_empty()
    }

    /// Whether `name` itself or any `name.N` is there and not empty.
    pub fn holds(&self, name: &str) -> bool {
        self.given(name).is_some() || self.under(name).iter().any(|pair| !pair.1.is_empty())
    }

    /// All pairs `name.…`, in the order of their bytes.
    pub fn under(&self, name: &str) -> &[(Cow<'a, str>, Cow<'a, str>)] {
        let below = |pair: &(Cow<'a, str>, Cow<'a, str>)| {
            let pair = pair.0.as_bytes();
            let cut = &pair[..pair.len().min(name.len())];
            // `name` itself sorts before `name.1`.
            cut < name.as_bytes()
                || (cut == name.as_bytes() && pair.get(name.len()).is_none_or(|&next| next < b'.'))
        };
        let from = self.sorted.partition_point(below);
        let rest = &self.sorted[from..];
        let inside = |pair: &(Cow<'a, str>, Cow<'a, str>)| {
            pair.0
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('.'))
        };
        &rest[..rest.partition_point(inside)]
    }

    /// A list of strings: `name.1`, `name.2`, … in the order of the numbers, or one JSON text.
    pub fn list(&self, name: &str) -> Result<Vec<String>, Refusal> {
        if let Some(text) = self.text(name) {
            if text.is_empty() {
                return Ok(Vec::new());
            }
            return json_list(name, text)?
                .into_iter()
                .map(|item| {
                    scalar(item).ok_or_else(|| {
                        Refusal::format(format!("parameter [{name}] should be a list of strings"))
                    })
                })
                .collect();
        }
        let mut items = Vec::new();
        for (full, value) in self.under(name) {
            let number = &full[name.len() + 1..];
            let Ok(number) = number.parse::<u64>() else {
                return Err(Refusal::format(format!(
                    "parameter [{full}] should be [{name}.N] with N a number"
                )));
            };
            items.push((number, value.as_ref()));
        }
        items.sort_by_key(|item| item.0);
        Ok(items.into_iter().map(|item| item.1.to_owned()).collect())
    }

    /// A list that must name at least one thing.
    pub fn required_list(&self, name: &str) -> Result<Vec<String>, Refusal> {
        let list = self.list(name)?;
        if list.is_empty() {
            return Err(Refusal::format(format!("missing parameter [{name}]")));
        }
        Ok(list)
    }

    /// A list of objects: `name.1.field`, … or one JSON text. Inner values are text, inner lists JSON text.
    pub fn objects(&self, name: &str) -> Result<Vec<BTreeMap<String, String>>, Refusal> {
        if let Some(text) = self.text(name) {
            if text.is_empty() {
                return Ok(Vec::new());
            }
            return json_list(name, text)?
                .into_iter()
                .map(|item| match item {
                    Value::Object(fields) => Ok(fields
                        .into_iter()
                        .map(|(key, value)| (key, value_text(value)))
                        .collect()),
                    _ => Err(Refusal::format(format!(
                        "parameter [{name}] should be a list of objects"
                    ))),
                })
                .collect();
        }
        let mut items: BTreeMap<u64, BTreeMap<String, String>> = BTreeMap::new();
        for (full, value) in self.under(name) {
            let parts = full[name.len() + 1..].split_once('.');
            let Some((number, field)) =
                parts.and_then(|(number, field)| Some((number.parse().ok()?, field)))
            else {
                return Err(Refusal::format(format!(
                    "parameter [{full}] should be [{name}.N.field] with N a number"
                )));
            };
            items
                .entry(number)
                .or_default()
                .insert(field.to_owned(), value.as_ref().to_owned());
        }
        Ok(items.into_values().collect())
    }
}

fn json_list(name: &str, text: &str) -> Result<Vec<Value>, Refusal> {
    match serde_json::from_str(text) {
        Ok(Value::Array(items)) => Ok(items),
        _ => Err(Refusal::format(format!(
            "parameter [{name}] should be a list"
        ))),
    }
}

fn scalar(value: Value) -> Option<String> {
    match value {
        Value::Array(_) | Value::Object(_) | Value::Null => None,
        other => Some(value_text(other)),
    }
}

/// A JSON value as the text of a parameter: strings lose their quotes.
pub fn value_text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&'static str, &'static str)]) -> Params<'static> {
        Params::new(
            pairs
                .iter()
                .map(|&(name, value)| (name.into(), value.into()))
                .collect(),
        )
        .expect("no duplicates")
    }

    #[test]
    fn a_list_follows_its_numbers_and_not_the_order_of_its_bytes() {
        let params = params(&[
            ("a", "x"),
            ("status-x", "n"),
            ("status.10", "c"),
            ("status.2", "b"),
            ("status.1", "a"),
            ("statuses.1", "n"),
        ]);
        assert_eq!(
            params.list("status"),
            Ok(["a", "b", "c"].map(String::from).to_vec())
        );
        assert_eq!(params.under("status").len(), 3);
        assert!(params.list("statu").unwrap().is_empty());
        assert!(!params.has("statu") && params.has("status") && params.has("a"));
    }

    #[test]
    fn a_list_may_come_as_json_text() {
        let params = params(&[
            ("ids", r#"["a",1]"#),
            ("none", ""),
            ("bad", "a"),
            ("deep", "[[1]]"),
        ]);
        assert_eq!(
            params.list("ids"),
            Ok(["a", "1"].map(String::from).to_vec())
        );
        assert_eq!(params.list("none"), Ok(Vec::new()));
        assert_eq!(params.list("bad").unwrap_err().code, 1100);
        assert_eq!(params.list("deep").unwrap_err().code, 1100);
    }

    #[test]
    fn objects_come_indexed_or_as_json_text() {
        let params = params(&[
            ("a.10.x", "3"),
            ("a.2.x", "2"),
            ("a.2.y", "[1]"),
            ("b", r#"[{"x":2,"y":[1]},{"x":"3"}]"#),
        ]);
        assert_eq!(params.objects("a"), params.objects("b"));
        assert_eq!(params.objects("a").unwrap()[0]["y"], "[1]");
    }

    #[test]
    fn a_name_that_comes_twice_is_refused() {
        let pairs = Vec::from([
            ("b".into(), "1".into()),
            ("a".into(), "1".into()),
            ("b".into(), "1".into()),
        ]);
        assert_eq!(Params::new(pairs).unwrap_err().code, 1100);
    }
}

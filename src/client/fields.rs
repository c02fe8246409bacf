//! Options objects, read name by name, so that every refusal names the option and the mend.

use crate::api::{Error, ErrorKind, nearest};
use js_sys::{Array, Function, JSON, Object, Reflect};
use std::format;
use std::string::String;
use wasm_bindgen::prelude::*;

/// An options object whose names are all known.
pub(super) struct Fields<'a> {
    object: &'a JsValue,
    /// What the messages start with: `"QingCloudClient"`, or the action.
    owner: &'a str,
}

impl<'a> Fields<'a> {
    /// Reads `object`, which may be undefined, and refuses names that are not `known`.
    pub(super) fn of(
        object: &'a JsValue,
        owner: &'a str,
        known: &[&'static str],
    ) -> Result<Fields<'a>, Error> {
        let fields = Fields::any(object, owner)?;
        let Some(own) = object.dyn_ref::<Object>() else {
            return Ok(fields);
        };
        // Not Object::keys: what a proxy throws there would leave the module without a word.
        let names = Reflect::own_keys(own)
            .map_err(|_| fields.refuse("the options cannot be read: a proxy among them threw"))?;
        for name in names.iter().filter_map(|name| name.as_string()) {
            if !known.contains(&name.as_str()) {
                let meant = match nearest(&name, known.iter().copied()) {
                    Some(meant) => format!("did you mean \"{meant}\"?"),
                    None => format!("known are {}", known.join(", ")),
                };
                let name = quoted(&name);
                return Err(fields.refuse(&format!("unknown option {name}; {meant}")));
            }
        }
        Ok(fields)
    }

    /// Reads `object`, which may be undefined, whatever else it holds.
    pub(super) fn any(object: &'a JsValue, owner: &'a str) -> Result<Fields<'a>, Error> {
        let fields = Fields { object, owner };
        if object.is_undefined() || object.is_null() || object.is_object() {
            Ok(fields)
        } else {
            Err(fields.refuse("this must be an object"))
        }
    }

    /// An error of kind `options` that says whose option it is.
    pub(super) fn refuse(&self, problem: &str) -> Error {
        Error::new(ErrorKind::Options, format!("{}: {problem}", self.owner))
    }

    /// The value as it is, undefined where it is left out.
    pub(super) fn get(&self, name: &str) -> Result<JsValue, Error> {
        if self.object.is_undefined() || self.object.is_null() {
            return Ok(JsValue::UNDEFINED);
        }
        Reflect::get(self.object, &name.into())
            .map_err(|_| self.refuse(&format!("\"{name}\" cannot be read: its getter threw")))
    }

    /// A value that `read` makes something of; `wanted` says what it should have been.
    fn optional<T>(
        &self,
        name: &str,
        wanted: &str,
        read: impl FnOnce(&JsValue) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let value = self.get(name)?;
        if value.is_undefined() {
            return Ok(None);
        }
        match read(&value) {
            Some(value) => Ok(Some(value)),
            None => Err(self.refuse(&format!("\"{name}\" must be {wanted}"))),
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Error> {
        self.optional(name, "a non-empty, well-formed string", text)
    }

    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Error> {
        self.optional(name, "true or false", JsValue::as_bool)
    }

    /// Milliseconds, more than 0.
    pub(super) fn milliseconds(&self, name: &str) -> Result<Option<f64>, Error> {
        self.optional(name, "a number of milliseconds above 0", |value| {
            value.as_f64().filter(|ms| *ms > 0.0)
        })
    }

    /// A whole number from 1 on.
    pub(super) fn count(&self, name: &str) -> Result<Option<u32>, Error> {
        self.optional(name, "a whole number from 1 to 4294967295", |value| {
            value
                .as_f64()
                .filter(|count| count.fract() == 0.0 && (1.0..=4_294_967_295.0).contains(count))
                .map(|count| count as u32)
        })
    }

    pub(super) fn function(&self, name: &str) -> Result<Option<Function>, Error> {
        self.optional(name, "a function", |value| value.dyn_ref().cloned())
    }

    pub(super) fn object(&self, name: &str) -> Result<Option<Object>, Error> {
        self.optional(name, "an object", |value| {
            value
                .dyn_ref::<Object>()
                .filter(|_| !value.is_function())
                .cloned()
        })
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(
        &self,
        name: &str,
        choices: &[(&str, T)],
    ) -> Result<Option<T>, Error> {
        let words: Array = choices
            .iter()
            .map(|(word, _)| JsValue::from_str(word))
            .collect();
        let wanted = format!("one of {}", String::from(words.join(", ")));
        self.optional(name, &wanted, |value| {
            let given = value.as_string()?;
            let found = choices.iter().find(|(word, _)| *word == given);
            found.map(|(_, choice)| *choice)
        })
    }
}

/// The text that `value` is: neither empty nor with half of a surrogate pair, which would be sent as
/// something else.
pub(super) fn text(value: &JsValue) -> Option<String> {
    let text = value.as_string().filter(|text| !text.is_empty())?;
    // What is no Unicode was replaced on its way here, so it is another text when it comes back.
    (JsValue::from_str(&text) == *value).then_some(text)
}

/// A text that others wrote, in quotes and with escapes. The standard library's way of doing so
/// weighs more.
pub(super) fn quoted(text: &str) -> String {
    JSON::stringify(&text.into()).map_or(String::new(), String::from)
}

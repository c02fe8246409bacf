//! Answers against the catalogue: what differs is told, and never thrown.

use super::effects::wall_clock_ms;
use super::events::{Event, tell};
use super::known::known;
use crate::api::name_of;
use crate::catalogue::{Field, Type};
use js_sys::{Array, Function, Object, Reflect};
use std::format;
use std::string::String;
use std::vec::Vec;
use wasm_bindgen::prelude::*;

/// Tells `listener` which fields of `answer`, and of the first item of its list, are not in the
/// catalogue or of another type there.
pub(super) fn report(listener: &Function, action: &str, answer: &JsValue) {
    let Some(known) = known(action).map(|known| known.action()) else {
        return;
    };
    if !known.has_known_answer() {
        return;
    }
    let fields: Vec<Field> = known.answer().collect();
    let mut differences = Vec::new();
    compare(answer, "", &fields, &mut differences);
    if let Some(name) = known.list_field()
        && let Some(list) = fields.iter().find(|field| field.name() == name)
        && let Ok(items) = Reflect::get(answer, &name.into())
        && let Some(items) = items.dyn_ref::<Array>()
    {
        let fields: Vec<Field> = list.fields().collect();
        if !fields.is_empty() {
            let path = format!("{name}[0].");
            compare(&items.get(0), &path, &fields, &mut differences);
        }
    }
    if !differences.is_empty() {
        let event = Event::Drift {
            action,
            differences: &differences,
            at: wall_clock_ms(),
        };
        tell(listener, &event);
    }
}

fn compare(value: &JsValue, path: &str, known: &[Field], differences: &mut Vec<String>) {
    let Some(object) = value.dyn_ref::<Object>() else {
        return;
    };
    for pair in Object::entries(object).iter() {
        let pair: Array = pair.unchecked_into();
        let (name, value) = (pair.get(0).as_string().unwrap_or_default(), pair.get(1));
        match known.iter().find(|field| field.name() == name) {
            None if name == "message" => {}
            None => differences.push(format!("{path}{name} is not in the catalogue")),
            Some(field) if fits(&value, field.type_()) => {}
            Some(field) => differences.push(format!(
                "{path}{name} is {}, not {}",
                type_name(&value),
                name_of(field.type_())
            )),
        }
    }
}

fn fits(value: &JsValue, wanted: Type) -> bool {
    if value.is_null() {
        return true;
    }
    match wanted {
        Type::String | Type::Timestamp => value.is_string(),
        Type::Integer => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        Type::Number => value.as_f64().is_some(),
        Type::Boolean => value.as_bool().is_some(),
        Type::Array => value.is_array(),
        Type::Object => value.is_object() && !value.is_array(),
        Type::Json => true,
    }
}

fn type_name(value: &JsValue) -> String {
    if value.is_array() {
        return "a list".into();
    }
    value.js_typeof().as_string().unwrap_or_default()
}

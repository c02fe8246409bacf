//! Answers against the catalogue: what differs is told, and never thrown.

use super::effects::wall_clock_ms;
use super::events::{Event, tell};
use crate::catalogue::{self, Field, Type};
use js_sys::{Array, Function, Object, Reflect};
use std::format;
use std::string::String;
use std::vec::Vec;
use wasm_bindgen::prelude::*;

/// Tells `listener` which fields of `answer`, and of the first item of its list, are not in the
/// catalogue or of another type there.
pub(super) fn report(listener: &Function, action: &str, answer: &JsValue) {
    let Some(known) = catalogue::find(action).filter(|known| known.has_known_answer()) else {
        return;
    };
    let mut differences = Vec::new();
    compare(answer, "", &mut differences, |name| {
        known.answer().find(|field| field.name() == name)
    });
    let list = known.list_field().and_then(|name| {
        let field = known.answer().find(|field| field.name() == name)?;
        let items = Reflect::get(answer, &name.into()).ok()?;
        let first = items.dyn_ref::<Array>()?.get(0);
        first.is_object().then_some((name, field, first))
    });
    if let Some((name, field, first)) = list
        && field.fields().next().is_some()
    {
        compare(&first, &format!("{name}[0]."), &mut differences, |name| {
            field.fields().find(|field| field.name() == name)
        });
    }
    if !differences.is_empty() {
        let at = wall_clock_ms();
        tell(
            listener,
            &Event::Drift {
                action,
                differences,
                at,
            },
        );
    }
}

fn compare(
    value: &JsValue,
    path: &str,
    differences: &mut Vec<String>,
    known: impl Fn(&str) -> Option<Field>,
) {
    let Some(object) = value.dyn_ref::<Object>() else {
        return;
    };
    for name in Object::keys(object)
        .iter()
        .filter_map(|name| name.as_string())
    {
        let value = Reflect::get(object, &name.as_str().into()).unwrap_or(JsValue::NULL);
        match known(&name) {
            None if name == "message" => {}
            None => differences.push(format!("{path}{name} is not in the catalogue")),
            Some(field) if fits(&value, field.type_()) => {}
            Some(field) => differences.push(format!(
                "{path}{name} is {}, not {:?}",
                type_name(&value),
                field.type_()
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

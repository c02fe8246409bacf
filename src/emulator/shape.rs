//! Checks the parameters of a request against the catalogue: what must be there, and of what type.

use crate::emulator::names::*;

use serde_json::Value;

use super::options::{Options, Require};
use super::params::Params;
use super::plan::{Param, Plan};
use super::refusal::Refusal;
use crate::catalogue::{Encoding, Required, Type};
use crate::sign::time;

/// Refuses the first parameter that is missing or has the wrong form; unknown ones pass, as the API grows.
pub fn check(plan: &Plan, params: &Params, options: &Options) -> Result<(), Refusal> {
    for needed in &plan.needed {
        let insist = needed.evidence == Required::Documented || options.require == Require::All;
        let is_there = |name: &str| is_there(plan.param(name), name, params);
        let is_given = is_there(needed.name)
            || needed.aliases.iter().any(|alias| is_there(alias))
            || needed.may_be_empty && params.has(needed.name);
        if insist && !is_given {
            return Err(Refusal::format(format!(
                "missing parameter [{}]",
                needed.name
            )));
        }
    }
    let in_project = params.text("project_id").is_some_and(|id| !id.is_empty());
    for (full, value) in params.iter() {
        // Clients send their zone with every call, also to the action that takes a list of zones.
        if full == "zone" {
            continue;
        }
        let (name, rest) = match full.bytes().position(|byte| byte == b'.') {
            Some(dot) => (&full[..dot], Some(&full[dot + 1..])),
            None => (full, None),
        };
        let Some(param) = plan.param(name) else {
            continue;
        };
        match (param.kind, rest) {
            (Type::Array, None) => whole_list(param, value, in_project, options)?,
            (Type::Array, Some(rest)) => item(param, full, rest, value, in_project, options)?,
            // An object may come in parts or as JSON text; only the latter has a form to check.
            (Type::Object | Type::Json, Some(_)) => {}
            (Type::Object | Type::Json, None) => json(full, value)?,
            (kind, None) => {
                scalar(kind, full, value)?;
                listed(param, full, value, options)?;
            }
            (_, Some(_)) => {
                return Err(Refusal::format(format!(
                    "parameter [{name}] is no list, got [{full}]"
                )));
            }
        }
    }
    if !plan.is_read {
        for param in plan.lists_of_names() {
            distinct(param.name, params)?;
        }
    }
    for param in plan.params_with_needs() {
        for item in params.objects(param.name)? {
            if let Some(missing) = param
                .item_needed
                .iter()
                .find(|field| item.get(**field).is_none_or(String::is_empty))
            {
                return Err(Refusal::format(format!(
                    "each of [{}] needs a [{missing}]",
                    param.name
                )));
            }
        }
    }
    Ok(())
}

/// Whether there is something in the parameter; in the JSON text `[]` there is nothing.
fn is_there(param: Option<&Param>, name: &str, params: &Params) -> bool {
    let is_empty_list = || {
        let is_list = param.is_some_and(|param| param.kind == Type::Array);
        let text = params.text(name).filter(|_| is_list).unwrap_or_default();
        serde_json::from_str::<[(); 0]>(text).is_ok()
    };
    params.holds(name) && !is_empty_list()
}

/// Refuses a list that names one thing twice.
fn distinct(list: &str, params: &Params) -> Result<(), Refusal> {
    let mut names = params.list(list)?;
    names.sort_unstable();
    match names.windows(2).find(|two| two[0] == two[1]) {
        Some(two) => Err(Refusal::format(format!(
            "parameter [{list}] names [{}] twice",
            two[0]
        ))),
        None => Ok(()),
    }
}

/// Whether the list is documented as JSON text here.
fn is_json(param: &Param, in_project: bool) -> bool {
    match param.encoding {
        Encoding::Json => true,
        Encoding::JsonInProject => in_project,
        Encoding::Indexed | Encoding::Boolean => false,
    }
}

fn whole_list(
    param: &Param,
    value: &str,
    in_project: bool,
    options: &Options,
) -> Result<(), Refusal> {
    let name = param.name;
    if value.is_empty() {
        return Ok(());
    }
    if !is_json(param, in_project) && !param.either_encoding && options.strict_lists {
        return Err(Refusal::format(format!(
            "parameter [{name}] is a list, sent as [{name}.1], [{name}.2], …"
        )));
    }
    let Ok(Value::Array(items)) = serde_json::from_str(value) else {
        return Err(Refusal::format(format!(
            "parameter [{name}] should be JSON text of a list"
        )));
    };
    for item in items {
        let fits = match param.items {
            Some(Type::Object) => item.is_object(),
            Some(Type::Integer) => {
                item.is_i64()
                    || item
                        .as_str()
                        .is_some_and(|text| text.parse::<i64>().is_ok())
            }
            Some(Type::String | Type::Timestamp) => item.is_string() || item.is_number(),
            _ => true,
        };
        if !fits {
            return Err(Refusal::format(format!(
                "an item of parameter [{name}] has the wrong type"
            )));
        }
    }
    Ok(())
}

fn item(
    param: &Param,
    full: &str,
    rest: &str,
    value: &str,
    in_project: bool,
    options: &Options,
) -> Result<(), Refusal> {
    let name = param.name;
    if is_json(param, in_project) && !param.either_encoding && options.strict_lists {
        return Err(Refusal::format(format!(
            "parameter [{name}] is a list, sent as JSON text: [{name}=[…]]"
        )));
    }
    let (number, field) = match rest.split_once('.') {
        Some((number, field)) => (number, Some(field)),
        None => (rest, None),
    };
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) || number.len() > 9 {
        return Err(Refusal::format(format!(
            "parameter [{full}] should be [{name}.N] with N a number"
        )));
    }
    match (param.items, field) {
        (Some(Type::Object), None) => Err(Refusal::format(format!(
            "parameter [{full}] should be [{name}.N.field]"
        ))),
        (Some(kind), None) => {
            scalar(kind, full, value)?;
            listed(param, full, value, options)
        }
        _ => Ok(()),
    }
}

fn scalar(kind: Type, name: &str, value: &str) -> Result<(), Refusal> {
    let (fits, what) = match kind {
        _ if value.is_empty() => (true, ""),
        Type::Integer => (value.parse::<i64>().is_ok(), "an integer"),
        Type::Number => (value.parse::<f64>().is_ok_and(f64::is_finite), "a number"),
        Type::Boolean => (
            matches!(value, "true" | "false" | "True" | "False" | "1" | "0"),
            "true or false",
        ),
        Type::Timestamp => (
            time::parse(value.as_bytes()).is_some(),
            "a time like 2013-08-27T14:30:10Z",
        ),
        Type::String | Type::Array | Type::Object | Type::Json => (true, ""),
    };
    if fits {
        Ok(())
    } else {
        Err(Refusal::format(format!(
            "parameter [{name}] should be {what}"
        )))
    }
}

fn listed(param: &Param, name: &str, value: &str, options: &Options) -> Result<(), Refusal> {
    if options.strict_enums
        && !param.values.is_empty()
        && !value.is_empty()
        && !param.values.contains(&value)
    {
        return Err(Refusal::format(format!(
            "parameter [{name}] should be one of [{}]",
            param.values.join(", ")
        )));
    }
    Ok(())
}

fn json(name: &str, value: &str) -> Result<(), Refusal> {
    if value.is_empty() || serde_json::from_str::<Value>(value).is_ok() {
        return Ok(());
    }
    Err(Refusal::format(format!(
        "parameter [{name}] should be JSON text"
    )))
}

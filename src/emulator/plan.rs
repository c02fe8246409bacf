//! What the catalogue says of an action, laid out for checking requests fast.

use crate::emulator::names::*;
use std::collections::HashMap;
use std::rc::Rc;

use super::state::{Handler, handler};
use crate::catalogue::{self, Class, Encoding, Parameter, Required, Type};

/// One action.
pub struct Plan {
    pub name: &'static str,
    /// None for a stateless action.
    pub handler: Option<Handler>,
    pub takes_zone: bool,
    pub needs_zone: bool,
    /// Sorted by name, other spellings included.
    params: Vec<Param>,
    /// What must be given, in the order of the catalogue.
    pub needed: Vec<Needed>,
    /// Whether it changes nothing.
    pub is_read: bool,
}

/// A parameter that must be given.
pub struct Needed {
    pub name: &'static str,
    pub may_be_empty: bool,
    pub aliases: Vec<&'static str>,
    pub evidence: Required,
}

/// One parameter, as a request is checked against it.
pub struct Param {
    pub name: &'static str,
    pub kind: Type,
    pub items: Option<Type>,
    pub encoding: Encoding,
    /// Whether another source documents the other encoding of this list.
    pub either_encoding: bool,
    pub values: Vec<&'static str>,
    pub item_needed: Vec<&'static str>,
}

/// Lists for which sources differ on the encoding; either is taken.
const EITHER: [(&str, &str); 2] = [
    ("DescribeProjects", "project_ids"),
    ("DescribeProjects", "status"),
];

/// Required parameters that a page's example sends empty.
const EMPTY: [(&str, &str); 1] = [("AddGroupRoleRules", "principle")];

impl Plan {
    /// The plan of an action as it is named on the wire.
    fn new(action: &str) -> Option<Plan> {
        let found = catalogue::find(action)?;
        if catalogue::wire_action(found.name()) != found.name() {
            return None;
        }
        let name = found.name();
        let param = |parameter: &Parameter, spelling: &'static str| Param {
            name: spelling,
            kind: parameter.type_(),
            items: parameter.item_type(),
            encoding: catalogue::encoding(name, parameter.name()),
            either_encoding: EITHER.contains(&(name, parameter.name())),
            values: parameter.enum_values().collect(),
            item_needed: if parameter.item_evidence() == Required::Documented {
                parameter.item_required().collect()
            } else {
                Vec::new()
            },
        };
        let mut params: Vec<Param> = Vec::new();
        let mut needed = Vec::new();
        let mut plan_zone = (false, false);
        for parameter in found.parameters() {
            if parameter.is_common() {
                plan_zone = (true, parameter.required() == Required::Documented);
                continue;
            }
            if parameter.required() != Required::No {
                needed.push(Needed {
                    name: parameter.name(),
                    may_be_empty: EMPTY.contains(&(name, parameter.name())),
                    aliases: parameter.aliases().collect(),
                    evidence: parameter.required(),
                });
            }
            params.push(param(&parameter, parameter.name()));
            params.extend(parameter.aliases().map(|alias| param(&parameter, alias)));
        }
        // The role actions exist for the whole account too: there they have no project.
        if params
            .iter()
            .any(|param| param.encoding == Encoding::JsonInProject)
            || is_role_action(name)
        {
            needed.retain(|needed| needed.name != "project_id");
        }
        params.sort_by_key(|param| param.name);
        Some(Plan {
            name,
            handler: handler(name),
            takes_zone: plan_zone.0,
            needs_zone: plan_zone.1,
            params,
            needed,
            is_read: found.class() == Class::Read,
        })
    }

    /// The parameter of this name.
    pub fn param(&self, name: &str) -> Option<&Param> {
        let at = self
            .params
            .binary_search_by(|param| param.name.cmp(name))
            .ok()?;
        self.params.get(at)
    }
}

impl Plan {
    /// The lists of names: no call does the same thing to one thing twice.
    pub fn lists_of_names(&self) -> impl Iterator<Item = &Param> {
        self.params
            .iter()
            .filter(|param| param.kind == Type::Array && param.items == Some(Type::String))
    }

    /// The lists whose items must have certain fields.
    pub fn params_with_needs(&self) -> impl Iterator<Item = &Param> {
        self.params
            .iter()
            .filter(|param| !param.item_needed.is_empty())
    }
}

fn is_role_action(name: &str) -> bool {
    name.contains("GroupRole")
}

/// The plans made so far; there are as many as there are actions at most.
#[derive(Default)]
pub struct Plans {
    made: HashMap<&'static str, Rc<Plan>>,
}

impl Plans {
    /// The plan of an action; none when the service has no such action.
    pub fn get(&mut self, action: &str) -> Option<Rc<Plan>> {
        if let Some(plan) = self.made.get(action) {
            return Some(Rc::clone(plan));
        }
        let plan = Rc::new(Plan::new(action)?);
        self.made.insert(plan.name, Rc::clone(&plan));
        Some(plan)
    }
}

//! Reads the packed table of every action: no allocation, nothing unpacked in advance.
//!
//! `../build/table.rs` writes it. A record is two bytes with class, flags and counts; the answer;
//! for a read the places of its list and id, for another action its read-back; the parameters.

mod bytes;
mod field;
mod layout {
    include!(concat!(env!("OUT_DIR"), "/table.rs"));
}

pub use field::{Field, Fields, Shape, Type, Values};

use super::Class;
use bytes::{Bytes, NEW_LINE, nth};
use layout::{
    ACTION, ACTION_COUNT, ACTION_MARK_COUNT, ACTION_MARKS, ALIASES, FIRST_READ, JOB_ID,
    NAMES_PER_MARK, RECORD_MARKS, RET_CODE, ROWS_PER_MARK, SERVICE_OF, SERVICES, TOTAL_COUNT, ZONE,
};

/// Whether a parameter has to be given, and how sure that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Required {
    /// It may be left out.
    No,
    /// A page says so, or two sources agree.
    Documented,
    /// One source alone says so: the service may accept the call without it.
    OneSource,
}

/// An action of the service.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    index: usize,
    head: u8,
    counts: u8,
    parameters: Bytes,
    answer: Bytes,
    /// For a read the list and its id, else the read-back.
    tail: Bytes,
}

/// Looks an action up by its name.
pub fn find(action: &str) -> Option<Action> {
    let (mut low, mut high) = (0, ACTION_MARK_COUNT);
    while high - low > 1 {
        let middle = low.midpoint(high);
        let mut names = Bytes::at_mark(ACTION_MARKS, middle);
        if names.text(NEW_LINE) <= action {
            low = middle;
        } else {
            high = middle;
        }
    }
    let mut names = Bytes::at_mark(ACTION_MARKS, low);
    let place = (0..NAMES_PER_MARK).find(|_| names.text(NEW_LINE) == action)?;
    Some(low * NAMES_PER_MARK + place)
        .filter(|index| *index < ACTION_COUNT)
        .map(Action::at)
}

/// All actions, sorted by name.
pub fn actions() -> impl Iterator<Item = Action> {
    (0..ACTION_COUNT).map(Action::at)
}

impl Action {
    fn at(index: usize) -> Action {
        let mut bytes = Bytes::at_mark(RECORD_MARKS, index / ROWS_PER_MARK);
        for _ in 0..index % ROWS_PER_MARK {
            Action::read(&mut bytes, index);
        }
        Action::read(&mut bytes, index)
    }

    #[inline(never)]
    fn read(bytes: &mut Bytes, index: usize) -> Action {
        let (head, counts) = (bytes.byte(), bytes.byte());
        let answer = *bytes;
        if head & 0x80 != 0 {
            bytes.skip_fields();
        }
        let tail = *bytes;
        let more = match (bytes.byte(), head & 3) {
            (0, _) => 0,
            (_, 0) => 1,
            _ => 2 * usize::from(bytes.byte()),
        };
        bytes.skip(more);
        let parameters = *bytes;
        bytes.skip_varints(usize::from(counts & 7) + usize::from(counts >> 3 & 7));
        bytes.skip_fields();
        Action {
            index,
            head,
            counts,
            parameters,
            answer,
            tail,
        }
    }

    /// Its name, as the documentation spells it.
    pub fn name(&self) -> &'static str {
        nth(ACTION_MARKS, self.index)
    }

    /// The chapter of the documentation: `instance`, `eip`, `project`.
    pub fn service(&self) -> &'static str {
        let place = SERVICE_OF.get(self.index).copied().unwrap_or_default();
        SERVICES
            .get(usize::from(place))
            .copied()
            .unwrap_or_default()
    }

    /// What kind of call it is.
    pub fn class(&self) -> Class {
        match self.head & 3 {
            0 => Class::Read,
            1 => Class::Change,
            2 => Class::Create,
            _ => Class::Destroy,
        }
    }

    /// Whether repeating the call is harmless: nothing made, charged, sent or restarted twice.
    pub fn repeatable(&self) -> bool {
        self.head & 4 != 0
    }

    /// Its parameters: the required ones first, `zone` last.
    pub fn parameters(&self) -> Parameters {
        let left = usize::from(self.counts & 7);
        Parameters {
            action: *self,
            fields: Fields::new(self.parameters, left),
            group: 0,
        }
    }

    /// The parameter of this name or of this other spelling.
    pub fn parameter(&self, name: &str) -> Option<Parameter> {
        let own = self.name();
        let alias = ALIASES
            .iter()
            .find(|(action, alias, _)| *action == own && *alias == name);
        let name = alias.map_or(name, |(_, _, parameter)| parameter);
        self.parameters().find(|parameter| parameter.name() == name)
    }

    /// Whether the shape of the answer is known.
    pub fn has_known_answer(&self) -> bool {
        self.head & 0x80 != 0
    }

    /// The fields at the top of the answer; none where it is unknown.
    pub fn answer(&self) -> Answer {
        let bits = [
            self.has_known_answer(),
            self.has_known_answer(),
            self.has_total_count(),
            self.counts & 0x80 != 0,
        ];
        Answer {
            fields: self.answer_fields(),
            implied: bits,
        }
    }

    fn answer_fields(&self) -> Fields {
        match self.has_known_answer() {
            true => Fields::counted(self.answer),
            false => Fields::new(self.answer, 0),
        }
    }

    /// The list that a read gives: `instance_set`.
    pub fn list_field(&self) -> Option<&'static str> {
        Some(self.list()?.0.name())
    }

    /// What tells the items of the list apart: `instance_id`.
    pub fn id_field(&self) -> Option<&'static str> {
        let (list, id) = self.list()?;
        list.fields()
            .nth(usize::from(id.checked_sub(1)?))
            .map(|field| field.name())
    }

    /// The list of a read, and the place of the id in its items, from 1.
    fn list(&self) -> Option<(Field, u8)> {
        let mut tail = self.tail;
        let (list, id) = (tail.byte(), tail.byte());
        if self.head & 3 != 0 {
            return None;
        }
        Some((
            self.answer_fields()
                .nth(usize::from(list.checked_sub(1)?))?,
            id,
        ))
    }

    /// Whether it takes `offset` and `limit` and gives a list.
    pub fn is_paged(&self) -> bool {
        let pages = |parameter: &Parameter| matches!(parameter.name(), "offset" | "limit");
        self.list().is_some() && self.parameters().filter(pages).count() == 2
    }

    /// Whether the answer says how many items there are in all.
    pub fn has_total_count(&self) -> bool {
        self.head & 0x40 != 0
    }

    /// The answer field that carries the job or jobs: `job_id`, `job_ids` (a list, or a map from
    /// resource to job) or `global_job_id`.
    pub fn job_field(&self) -> Option<&'static str> {
        match self.head >> 4 & 3 {
            0 => None,
            1 => Some("job_id"),
            2 => Some("job_ids"),
            _ => Some("global_job_id"),
        }
    }

    /// Which read shows what a changing call did.
    pub fn read_back(&self) -> Option<ReadBack> {
        let mut pairs = self.tail;
        let place = usize::from(pairs.byte().checked_sub(1).filter(|_| self.head & 3 != 0)?);
        let left = pairs.byte();
        Some(ReadBack {
            call: *self,
            read: Action::at(FIRST_READ + place),
            pairs,
            left,
        })
    }
}

/// A read that shows what a changing call did, and which resources to ask it for.
#[derive(Clone, Copy, Debug)]
pub struct ReadBack {
    call: Action,
    read: Action,
    pairs: Bytes,
    left: u8,
}

impl ReadBack {
    /// The read: `DescribeInstances`.
    pub fn action(&self) -> &'static str {
        self.read.name()
    }

    /// Pairs of a parameter of the call and the parameter of the read that takes its value; none:
    /// the whole list. One value goes into a list as its only item.
    pub fn parameters(&self) -> impl Iterator<Item = (Parameter, Parameter)> + use<> {
        let mut back = *self;
        (0..self.left).filter_map(move |_| {
            let (to, from) = (back.pairs.byte(), back.pairs.byte());
            let from = back.call.parameters().nth(usize::from(from))?;
            Some((from, back.read.parameters().nth(usize::from(to))?))
        })
    }
}

/// The parameters of an action, see [`Action::parameters`].
#[derive(Clone, Debug)]
pub struct Parameters {
    action: Action,
    fields: Fields,
    /// 0 documented, 1 one source, 2 optional, 3 the zone, 4 done.
    group: u8,
}

impl Iterator for Parameters {
    type Item = Parameter;

    #[inline(never)]
    fn next(&mut self) -> Option<Parameter> {
        let action = self.action;
        let parameter = |field, required| {
            Some(Parameter {
                field,
                required,
                action: action.index,
            })
        };
        loop {
            if let Some(field) = self.fields.next() {
                let required = match self.group {
                    0 => Required::Documented,
                    1 => Required::OneSource,
                    _ => Required::No,
                };
                return parameter(field, required);
            }
            self.group += 1;
            match self.group {
                1 => {
                    self.fields =
                        Fields::new(self.fields.rest(), usize::from(action.counts >> 3 & 7))
                }
                2 => self.fields = Fields::counted(self.fields.rest()),
                3 if action.counts & 0x40 != 0 => {
                    let required = if action.head & 8 != 0 {
                        Required::Documented
                    } else {
                        Required::No
                    };
                    return parameter(Field::at(ZONE), required);
                }
                _ => {
                    self.group = 3;
                    return None;
                }
            }
        }
    }
}

/// The fields at the top of an answer, see [`Action::answer`].
#[derive(Clone, Debug)]
pub struct Answer {
    fields: Fields,
    implied: [bool; 4],
}

impl Iterator for Answer {
    type Item = Field;

    #[inline(never)]
    fn next(&mut self) -> Option<Field> {
        if let Some(field) = self.fields.next() {
            return Some(field);
        }
        let numbers = [ACTION, RET_CODE, TOTAL_COUNT, JOB_ID];
        let (present, number) = self
            .implied
            .iter_mut()
            .zip(numbers)
            .find(|(present, _)| **present)?;
        *present = false;
        Some(Field::at(number))
    }
}

/// A parameter of an action.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    field: Field,
    required: Required,
    action: usize,
}

impl Parameter {
    /// Its name.
    pub fn name(&self) -> &'static str {
        self.field.name()
    }

    /// What kind of value it takes.
    pub fn type_(&self) -> Type {
        self.field.type_()
    }

    /// What the items of a list are.
    pub fn item_type(&self) -> Option<Type> {
        self.field.item_type()
    }

    /// Whether it has to be given.
    pub fn required(&self) -> Required {
        self.required
    }

    /// The values that the sources list, as text; none: any value.
    pub fn enum_values(&self) -> Values {
        self.field.enum_values()
    }

    /// Whether every action knows it and a client can set it for all of them: `zone`.
    pub fn is_common(&self) -> bool {
        self.field.is_zone()
    }

    /// Whether its value is a secret: it stands in no message and no log.
    pub fn is_secret(&self) -> bool {
        self.field.is_secret()
    }

    /// The fields of an item, where it is a list of maps, or of the map itself.
    pub fn item_fields(&self) -> Fields {
        self.field.fields()
    }

    /// The fields that every item must have.
    pub fn item_required(&self) -> impl Iterator<Item = &'static str> + use<> {
        let (field, mut rules) = (self.field, self.field.item_rules());
        (0..rules.byte() >> 1)
            .filter_map(move |_| field.fields().nth(usize::from(rules.byte())))
            .map(|field| field.name())
    }

    /// How sure [`Parameter::item_required`] is.
    pub fn item_evidence(&self) -> Required {
        match self.field.item_rules().byte() {
            0 => Required::No,
            head if head & 1 != 0 => Required::Documented,
            _ => Required::OneSource,
        }
    }

    /// Other spellings of the name.
    pub fn aliases(&self) -> impl Iterator<Item = &'static str> + use<> {
        let (own, name) = (nth(ACTION_MARKS, self.action), self.name());
        let mine = move |(action, _, parameter): &&(&str, &str, &str)| {
            *action == own && *parameter == name
        };
        ALIASES.iter().filter(mine).map(|(_, alias, _)| *alias)
    }

    /// The parameter as a plain field: name and shape.
    pub fn as_field(&self) -> Field {
        self.field
    }
}

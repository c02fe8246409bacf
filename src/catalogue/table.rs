//! Reads the packed table of every action: no allocation, nothing unpacked in advance.
//!
//! `build/table.rs` writes it. Names stand in one text; a mark every few lines says where to
//! start counting. A field is a byte with its shape and flags, and what these announce stands
//! in `EXTRAS`; a list of fields is the distances between their numbers. The table is ours, so
//! a damaged one gives empty answers rather than errors.

use super::Class;

include!(concat!(env!("OUT_DIR"), "/table.rs"));

static ACTIONS: &str = include_str!(concat!(env!("OUT_DIR"), "/actions.txt"));
static NAMES: &str = include_str!(concat!(env!("OUT_DIR"), "/names.txt"));
static ENUMS: &str = include_str!(concat!(env!("OUT_DIR"), "/enums.txt"));
static FIELDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/fields.bin"));
static EXTRAS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/extras.bin"));
static STRUCTURES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/structures.bin"));
static RECORDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/records.bin"));
static SERVICE_OF: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/services.bin"));

/// What kind of value a parameter or an answer field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number, perhaps with a fraction.
    Number,
    /// True or false.
    Boolean,
    /// `2013-08-27T14:30:10Z`.
    Timestamp,
    /// A list.
    Array,
    /// A map.
    Object,
    /// Any JSON value; as a parameter it is JSON text.
    Json,
}

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
    has_zone: bool,
    has_job_id: bool,
    parameters: [Fields; 3],
    answer: Fields,
    /// For a read the list and its id, else the read-back.
    tail: Bytes,
}

/// Looks an action up by its name.
pub fn find(action: &str) -> Option<Action> {
    let mark = ACTION_MARKS.partition_point(|mark| line(ACTIONS, usize::from(*mark), 0) <= action);
    let first = mark.checked_sub(1)?;
    let start = usize::from(*ACTION_MARKS.get(first)?);
    let place = lines(ACTIONS, start)
        .take(NAMES_PER_MARK)
        .position(|name| name == action)?;
    Some(Action::at(first * NAMES_PER_MARK + place))
}

/// All actions, sorted by name.
pub fn actions() -> impl Iterator<Item = Action> {
    (0..ACTION_COUNT).map(Action::at)
}

impl Action {
    fn at(index: usize) -> Action {
        let mut bytes = Bytes::row(RECORDS, RECORD_MARKS, index);
        for _ in 0..index % ROWS_PER_MARK {
            bytes.action(0);
        }
        bytes.action(index)
    }

    /// Its name, as the documentation spells it.
    pub fn name(&self) -> &'static str {
        nth_name(ACTIONS, ACTION_MARKS, self.index)
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
        [Class::Read, Class::Change, Class::Create, Class::Destroy][usize::from(self.head & 3)]
    }

    /// Whether repeating the call is harmless: nothing made, charged, sent or restarted twice.
    pub fn repeatable(&self) -> bool {
        self.head & 4 != 0
    }

    /// Its parameters: the required ones first, `zone` last.
    pub fn parameters(&self) -> impl Iterator<Item = Parameter> + use<> {
        let action = *self;
        let [documented, one_source, optional] = self.parameters;
        let zone = self.has_zone.then(|| {
            let required = if self.head & 8 != 0 {
                Required::Documented
            } else {
                Required::No
            };
            (Field::at(ZONE), required)
        });
        documented
            .map(|field| (field, Required::Documented))
            .chain(one_source.map(|field| (field, Required::OneSource)))
            .chain(optional.map(|field| (field, Required::No)))
            .chain(zone)
            .map(move |(field, required)| Parameter {
                field,
                required,
                action: action.index,
            })
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
    pub fn answer(&self) -> impl Iterator<Item = Field> + use<> {
        let known = self.has_known_answer();
        let implied = [
            (known, ACTION),
            (known, RET_CODE),
            (self.has_total_count(), TOTAL_COUNT),
            (self.has_job_id, JOB_ID),
        ];
        let implied = implied.into_iter().filter(|(present, _)| *present);
        self.answer
            .chain(implied.map(|(_, number)| Field::at(number)))
    }

    /// The list that a read gives: `instance_set`.
    pub fn list_field(&self) -> Option<&'static str> {
        self.list().map(|field| field.name())
    }

    /// What tells the items of the list apart: `instance_id`.
    pub fn id_field(&self) -> Option<&'static str> {
        let mut tail = self.tail;
        let (_, id) = (tail.byte(), tail.byte());
        let place = usize::from(id).checked_sub(1)?;
        self.list()?.fields().nth(place).map(|field| field.name())
    }

    fn list(&self) -> Option<Field> {
        let mut tail = self.tail;
        let place = usize::from(tail.byte())
            .checked_sub(1)
            .filter(|_| self.class() == Class::Read)?;
        let mut answer = self.answer;
        answer.nth(place)
    }

    /// Whether it takes `offset` and `limit` and gives a list.
    pub fn is_paged(&self) -> bool {
        let has = |name| self.parameters().any(|parameter| parameter.name() == name);
        self.list().is_some() && has("offset") && has("limit")
    }

    /// Whether the answer says how many items there are in all.
    pub fn has_total_count(&self) -> bool {
        self.head & 0x40 != 0
    }

    /// The answer field that carries the job or jobs: `job_id`, `job_ids` (a list, or a map from
    /// resource to job) or `global_job_id`.
    pub fn job_field(&self) -> Option<&'static str> {
        [None, Some("job_id"), Some("job_ids"), Some("global_job_id")]
            [usize::from(self.head >> 4 & 3)]
    }

    /// Which read shows what a changing call did.
    pub fn read_back(&self) -> Option<ReadBack> {
        let mut tail = self.tail;
        let place = usize::from(tail.byte()).checked_sub(1);
        let place = place.filter(|_| self.class() != Class::Read)?;
        let left = usize::from(tail.byte());
        Some(ReadBack {
            call: self.index,
            read: FIRST_READ + place,
            pairs: tail,
            left,
        })
    }
}

/// A read that shows what a changing call did, and which resources to ask it for.
#[derive(Clone, Copy, Debug)]
pub struct ReadBack {
    call: usize,
    read: usize,
    pairs: Bytes,
    left: usize,
}

impl ReadBack {
    /// The read: `DescribeInstances`.
    pub fn action(&self) -> &'static str {
        nth_name(ACTIONS, ACTION_MARKS, self.read)
    }

    /// Its parameters, each with the parameter of the call whose value it takes; none: the
    /// whole list. One value goes into a list as its only item.
    pub fn parameters(&self) -> impl Iterator<Item = (Parameter, Parameter)> + use<> {
        let mut bytes = self.pairs;
        let (read, call) = (Action::at(self.read), Action::at(self.call));
        (0..self.left).filter_map(move |_| {
            let (place, from) = (bytes.byte(), bytes.byte());
            let parameter = read.parameters().nth(usize::from(place))?;
            Some((parameter, call.parameters().nth(usize::from(from))?))
        })
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
    pub fn enum_values(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.field.enum_values()
    }

    /// Whether every action knows it and a client can set it for all of them: `zone`.
    pub fn is_common(&self) -> bool {
        self.name() == "zone" && self.type_() == Type::String
    }

    /// Whether its value is a secret: it stands in no message and no log.
    pub fn is_secret(&self) -> bool {
        self.field.is_secret()
    }

    /// The fields of an item, where it is a list of maps, or of the map itself.
    pub fn item_fields(&self) -> impl Iterator<Item = Field> + use<> {
        self.field.fields()
    }

    /// The fields that every item must have.
    pub fn item_required(&self) -> impl Iterator<Item = &'static str> + use<> {
        let mut rules = self.field.item_rules;
        let count = self.field.item_rules.map_or(0, |(head, _)| head >> 1);
        let field = self.field;
        (0..count).filter_map(move |_| {
            let place = rules.as_mut()?.1.byte();
            field
                .fields()
                .nth(usize::from(place))
                .map(|field| field.name())
        })
    }

    /// How sure [`Parameter::item_required`] is.
    pub fn item_evidence(&self) -> Required {
        match self.field.item_rules {
            None => Required::No,
            Some((head, _)) if head & 1 != 0 => Required::Documented,
            Some(_) => Required::OneSource,
        }
    }

    /// The parameter as a plain field: name and shape.
    pub fn as_field(&self) -> Field {
        self.field
    }

    /// Other spellings of the name.
    pub fn aliases(&self) -> impl Iterator<Item = &'static str> + use<> {
        let (own, name) = (nth_name(ACTIONS, ACTION_MARKS, self.action), self.name());
        let mine = move |(action, _, parameter): &&(&str, &str, &str)| {
            *action == own && *parameter == name
        };
        ALIASES.iter().filter(mine).map(|(_, alias, _)| *alias)
    }
}

/// A field of an answer, of a structure or of an item.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    name: usize,
    shape: Shape,
    enum_: Option<usize>,
    item_rules: Option<(u8, Bytes)>,
}

impl Field {
    fn at(number: usize) -> Field {
        let first = number / FIELDS_PER_MARK * FIELDS_PER_MARK;
        let mark = FIELD_MARKS
            .get(number / FIELDS_PER_MARK)
            .copied()
            .unwrap_or_default();
        let [extras, name, structure, enum_] = mark.map(usize::from);
        let mut reader = FieldReader {
            extras: Bytes::from(EXTRAS, extras),
            name,
            structure,
            enum_,
        };
        let heads = FIELDS.get(first..=number).unwrap_or_default();
        let (last, before) = heads.split_last().unwrap_or((&0, &[]));
        for head in before {
            reader.field(*head);
        }
        reader.field(*last)
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        nth_name(NAMES, NAME_MARKS, self.name)
    }

    /// What kind of value it has.
    pub fn type_(&self) -> Type {
        self.shape.type_()
    }

    /// What the items of a list are.
    pub fn item_type(&self) -> Option<Type> {
        self.shape.item_type()
    }

    /// The fields of an item, where it is a list of maps, or of the map itself; none where they
    /// are not known.
    pub fn fields(&self) -> impl Iterator<Item = Field> + use<> {
        self.shape.fields()
    }

    /// What the values are, where it is a map from some id to values of one shape.
    pub fn map_of(&self) -> Option<Shape> {
        self.shape.map_of()
    }

    /// The values that the sources list, as text; none: any value.
    pub fn enum_values(&self) -> impl Iterator<Item = &'static str> + use<> {
        let values = self.enum_.map(|number| line(ENUMS, 0, number));
        values.into_iter().flat_map(|values| values.split('|'))
    }

    /// Whether its value is a secret.
    pub fn is_secret(&self) -> bool {
        SECRETS.contains(&self.name())
    }
}

/// The shape of a value: its type and what is inside.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    code: u8,
    structure: usize,
    /// Where the shape of a map's values stands.
    values: Option<FieldReader>,
}

impl Shape {
    const TYPES: [Type; 8] = [
        Type::String,
        Type::Integer,
        Type::Number,
        Type::Boolean,
        Type::Timestamp,
        Type::Json,
        Type::Object,
        Type::Array,
    ];
    const LIST: u8 = 16;
    const MAP: u8 = 18;
    const JSON: u8 = 19;

    /// What kind of value it is.
    pub fn type_(&self) -> Type {
        match self.code {
            scalar @ 0..8 => Shape::TYPES[usize::from(scalar)],
            8..=Shape::LIST => Type::Array,
            Shape::JSON => Type::Json,
            _ => Type::Object,
        }
    }

    /// What the items of a list are.
    pub fn item_type(&self) -> Option<Type> {
        match self.code {
            item @ 8..16 => Some(Shape::TYPES[usize::from(item - 8)]),
            Shape::LIST => Some(Type::Object),
            _ => None,
        }
    }

    /// The fields of an item, where it is a list of maps, or of the map itself; none where they
    /// are not known.
    pub fn fields(&self) -> impl Iterator<Item = Field> + use<> {
        let known = self.code >= Shape::LIST && self.code != Shape::MAP;
        known
            .then(|| structure(self.structure))
            .into_iter()
            .flatten()
    }

    /// What the values are, where it is a map from some id to values of one shape.
    pub fn map_of(&self) -> Option<Shape> {
        self.values.map(|mut values| values.values())
    }
}

fn structure(number: usize) -> Fields {
    let mut bytes = Bytes::row(STRUCTURES, STRUCTURE_MARKS, number);
    for _ in 0..number % ROWS_PER_MARK {
        bytes.fields();
    }
    bytes.fields()
}

/// Reads fields one after the other, counting what the next one may refer to.
#[derive(Clone, Copy, Debug)]
struct FieldReader {
    extras: Bytes,
    name: usize,
    structure: usize,
    enum_: usize,
}

impl FieldReader {
    fn field(&mut self, head: u8) -> Field {
        let shape = self.shape(head & 0x1f);
        let name = if head & 0x40 != 0 {
            self.extras.varint()
        } else {
            next(&mut self.name)
        };
        let enum_ = (head & 0x20 != 0).then(|| match self.extras.varint() {
            0 => next(&mut self.enum_),
            known => known - 1,
        });
        let item_rules = (head & 0x80 != 0).then(|| {
            let rules = (self.extras.byte(), self.extras);
            self.extras.skip(usize::from(rules.0 >> 1));
            rules
        });
        Field {
            name,
            shape,
            enum_,
            item_rules,
        }
    }

    fn shape(&mut self, code: u8) -> Shape {
        /// Added to the code when an earlier field has brought the structure already.
        const KNOWN: u8 = 4;
        let mut shape = Shape {
            code,
            structure: 0,
            values: None,
        };
        match code {
            Shape::MAP => {
                shape.values = Some(*self);
                self.values();
            }
            Shape::LIST..=Shape::JSON => shape.structure = next(&mut self.structure),
            20.. => {
                shape.code -= KNOWN;
                shape.structure = self.extras.varint();
            }
            _ => {}
        }
        shape
    }

    fn values(&mut self) -> Shape {
        let code = self.extras.byte();
        self.shape(code)
    }
}

fn next(count: &mut usize) -> usize {
    *count += 1;
    *count - 1
}

/// A list of fields, as distances between their numbers.
#[derive(Clone, Copy, Debug)]
struct Fields {
    bytes: Bytes,
    left: usize,
    next: usize,
}

impl Iterator for Fields {
    type Item = Field;

    fn next(&mut self) -> Option<Field> {
        self.left = self.left.checked_sub(1)?;
        let number = self.next + self.bytes.varint();
        self.next = number + 1;
        Some(Field::at(number))
    }
}

/// A place in one of the tables.
#[derive(Clone, Copy, Debug)]
struct Bytes {
    rest: &'static [u8],
}

impl Bytes {
    fn from(table: &'static [u8], start: usize) -> Bytes {
        Bytes {
            rest: table.get(start..).unwrap_or_default(),
        }
    }

    fn row(table: &'static [u8], marks: &[u16], row: usize) -> Bytes {
        let mark = marks.get(row / ROWS_PER_MARK).copied().unwrap_or(u16::MAX);
        Bytes::from(table, usize::from(mark))
    }

    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.rest.split_first() else {
            return 0;
        };
        self.rest = rest;
        *first
    }

    fn varint(&mut self) -> usize {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            value |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 || shift > 14 {
                return value;
            }
        }
    }

    fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    fn sequence(&mut self, count: usize) -> Fields {
        let fields = Fields {
            bytes: *self,
            left: count,
            next: 0,
        };
        for _ in 0..count {
            self.varint();
        }
        fields
    }

    fn fields(&mut self) -> Fields {
        let count = self.varint();
        self.sequence(count)
    }

    fn action(&mut self, index: usize) -> Action {
        let (head, counts) = (self.byte(), self.byte());
        let required = [usize::from(counts & 7), usize::from(counts >> 3 & 7)];
        let parameters = [
            self.sequence(required[0]),
            self.sequence(required[1]),
            self.fields(),
        ];
        let answer = if head & 0x80 != 0 {
            self.fields()
        } else {
            self.sequence(0)
        };
        let tail = *self;
        let more = match (self.byte(), head & 3) {
            (0, _) => 0,
            (_, 0) => 1,
            _ => 2 * usize::from(self.byte()),
        };
        self.skip(more);
        Action {
            index,
            head,
            has_zone: counts & 0x40 != 0,
            has_job_id: counts & 0x80 != 0,
            parameters,
            answer,
            tail,
        }
    }
}

fn nth_name(names: &'static str, marks: &[u16], number: usize) -> &'static str {
    let mark = marks
        .get(number / NAMES_PER_MARK)
        .copied()
        .unwrap_or(u16::MAX);
    line(names, usize::from(mark), number % NAMES_PER_MARK)
}

fn line(table: &'static str, start: usize, number: usize) -> &'static str {
    lines(table, start).nth(number).unwrap_or_default()
}

fn lines(table: &'static str, start: usize) -> core::str::Split<'static, char> {
    table.get(start..).unwrap_or_default().split('\n')
}

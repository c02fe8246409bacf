//! Fields of parameters, answers and structures, as the packed table holds them.
//!
//! A field is a byte with its shape and flags; what these announce stands in a table of extras:
//! the number of a name, structure or list of values that was met before. What is met for the
//! first time has the next number, so a mark every few fields says how many there were.

use super::bytes::{Bytes, NEW_LINE, mark, nth};
use super::layout::{
    ENUMS, FIELD_MARKS, FIELDS, FIELDS_PER_MARK, NAME_MARKS, ROWS_PER_MARK, SECRETS,
    STRUCTURE_MARKS, ZONE,
};

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

/// A field of an answer, of a structure or of an item.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    number: usize,
    name: usize,
    shape: Shape,
    enum_: Option<usize>,
    /// Whether `after` stands at the rules for items.
    has_item_rules: bool,
    after: Bytes,
}

impl Field {
    #[inline(never)]
    pub(super) fn at(number: usize) -> Field {
        let first = number / FIELDS_PER_MARK;
        let [extras, name, structure, enum_] =
            [0, 1, 2, 3].map(|part| mark(FIELD_MARKS, first * 4 + part));
        let mut reader = FieldReader {
            extras: Bytes::from(extras),
            name,
            structure,
            enum_,
        };
        let mut heads = Bytes::from(FIELDS + first * FIELDS_PER_MARK);
        for _ in 0..number % FIELDS_PER_MARK {
            reader.field(0, heads.byte());
        }
        reader.field(number, heads.byte())
    }

    /// Whether it is the parameter that every action has.
    pub(super) fn is_zone(&self) -> bool {
        self.number == ZONE
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        nth(NAME_MARKS, self.name)
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
    pub fn fields(&self) -> Fields {
        self.shape.fields()
    }

    /// What the values are, where it is a map from some id to values of one shape.
    pub fn map_of(&self) -> Option<Shape> {
        self.shape.map_of()
    }

    /// The values that the sources list, as text; none: any value.
    pub fn enum_values(&self) -> Values {
        let Some(number) = self.enum_ else {
            return Values { rest: Bytes::EMPTY };
        };
        let mut rest = Bytes::from(ENUMS);
        for _ in 0..number {
            rest.line(NEW_LINE);
        }
        Values {
            rest: rest.line(NEW_LINE),
        }
    }

    /// Whether its value is a secret.
    pub fn is_secret(&self) -> bool {
        let mut names = Bytes::from(SECRETS);
        (0..names.varint()).any(|_| names.varint() == self.name)
    }

    pub(super) fn item_rules(&self) -> Bytes {
        if self.has_item_rules {
            self.after
        } else {
            Bytes::EMPTY
        }
    }
}

/// The values of a parameter, see [`Parameter::enum_values`](super::Parameter::enum_values).
#[derive(Clone, Debug)]
pub struct Values {
    rest: Bytes,
}

impl Iterator for Values {
    type Item = &'static str;

    fn next(&mut self) -> Option<&'static str> {
        (!self.rest.rest.is_empty()).then(|| self.rest.text(b'|'))
    }
}

/// The shape of a value: its type and what is inside.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    code: u8,
    structure: usize,
    /// Where the shape of a map's values stands.
    values: Bytes,
}

impl Shape {
    const LIST: u8 = 16;
    const MAP: u8 = 18;
    const JSON: u8 = 19;
    /// Added to the code when an earlier field has brought the structure already.
    const KNOWN: u8 = 4;

    fn scalar(code: u8) -> Type {
        match code & 7 {
            0 => Type::String,
            1 => Type::Integer,
            2 => Type::Number,
            3 => Type::Boolean,
            4 => Type::Timestamp,
            5 => Type::Json,
            6 => Type::Object,
            _ => Type::Array,
        }
    }

    /// What kind of value it is.
    pub fn type_(&self) -> Type {
        match self.code {
            0..8 => Shape::scalar(self.code),
            8..=Shape::LIST => Type::Array,
            Shape::JSON => Type::Json,
            _ => Type::Object,
        }
    }

    /// What the items of a list are.
    pub fn item_type(&self) -> Option<Type> {
        match self.code {
            8..16 => Some(Shape::scalar(self.code)),
            Shape::LIST => Some(Type::Object),
            _ => None,
        }
    }

    /// The fields of an item, where it is a list of maps, or of the map itself; none where they
    /// are not known.
    #[inline(never)]
    pub fn fields(&self) -> Fields {
        let mut bytes = Bytes::EMPTY;
        if self.code >= Shape::LIST && self.code != Shape::MAP {
            bytes = Bytes::at_mark(STRUCTURE_MARKS, self.structure / ROWS_PER_MARK);
            for _ in 0..self.structure % ROWS_PER_MARK {
                bytes.skip_fields();
            }
        }
        Fields::counted(bytes)
    }

    /// What the values are, where it is a map from some id to values of one shape.
    pub fn map_of(&self) -> Option<Shape> {
        let mut reader = FieldReader {
            extras: self.values,
            name: 0,
            structure: 0,
            enum_: 0,
        };
        (self.code == Shape::MAP).then(|| reader.values())
    }
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
    #[inline(never)]
    fn field(&mut self, number: usize, head: u8) -> Field {
        let shape = self.shape(head & 0x1f);
        let name = if head & 0x40 != 0 {
            self.extras.varint()
        } else {
            next(&mut self.name)
        };
        let mut enum_ = None;
        if head & 0x20 != 0 {
            enum_ = Some(match self.extras.varint() {
                0 => next(&mut self.enum_),
                known => known - 1,
            });
        }
        let (has_item_rules, after) = (head & 0x80 != 0, self.extras);
        if has_item_rules {
            let rules = self.extras.byte();
            self.extras.skip(usize::from(rules >> 1));
        }
        Field {
            number,
            name,
            shape,
            enum_,
            has_item_rules,
            after,
        }
    }

    fn shape(&mut self, code: u8) -> Shape {
        let mut shape = Shape {
            code,
            structure: 0,
            values: self.extras,
        };
        if code == Shape::MAP {
            self.values();
        } else if code > Shape::JSON {
            shape.code -= Shape::KNOWN;
            shape.structure = self.extras.varint();
        } else if code >= Shape::LIST {
            shape.structure = next(&mut self.structure);
        }
        shape
    }

    /// Of a map's values; a structure among them is always known.
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
pub struct Fields {
    bytes: Bytes,
    left: usize,
    next: usize,
}

impl Fields {
    /// `left` fields, which start at `bytes`.
    pub(super) fn new(bytes: Bytes, left: usize) -> Fields {
        Fields {
            bytes,
            left,
            next: 0,
        }
    }

    /// As many fields as the number before them says.
    pub(super) fn counted(mut bytes: Bytes) -> Fields {
        let left = bytes.varint();
        Fields::new(bytes, left)
    }

    /// What follows them, once they are read.
    pub(super) fn rest(&self) -> Bytes {
        self.bytes
    }
}

impl Iterator for Fields {
    type Item = Field;

    #[inline(never)]
    fn next(&mut self) -> Option<Field> {
        self.left = self.left.checked_sub(1)?;
        let number = self.next + self.bytes.varint();
        self.next = number + 1;
        Some(Field::at(number))
    }
}

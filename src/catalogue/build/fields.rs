//! The table of fields, and lists of their numbers.

use super::blob::{put_varint, small};
use super::model::{Field, KNOWN, MAP, structure_of};
use std::collections::{BTreeSet, HashMap};

/// Every how many fields a mark says where the next extras and counts are.
pub const FIELDS_PER_MARK: usize = 64;

/// Flags beside the shape code in a field's first byte.
const HAS_ENUM: u8 = 0x20;
const NAME_AGAIN: u8 = 0x40;
const HAS_ITEM_RULES: u8 = 0x80;

/// The number of each field.
pub type Numbers<'a> = HashMap<&'a Field, usize>;

/// A byte with shape and flags for each field, and beside it what a few of them need besides.
#[derive(Default)]
pub struct FieldTable<'a> {
    structures: &'a [Vec<Field>],
    pub heads: Vec<u8>,
    pub extras: Vec<u8>,
    /// Place in `extras`, and how many names, structures and lists of values came before.
    pub marks: Vec<[usize; 4]>,
    pub names: Vec<String>,
    pub enums: Vec<String>,
    /// Structures in the order in which fields bring them, which gives them their number.
    pub structure_order: Vec<usize>,
}

impl<'a> FieldTable<'a> {
    /// Without fields yet.
    pub fn new(structures: &'a [Vec<Field>], order: &[&Field]) -> FieldTable<'a> {
        // What the values of maps are made of gets its number first: it is looked up later,
        // with no count at hand.
        let values = order
            .iter()
            .filter_map(|field| field.shape.strip_prefix(&[MAP]));
        let values = values.map(|shape| {
            shape
                .iter()
                .copied()
                .skip_while(|code| *code == MAP)
                .collect()
        });
        let structures_of_maps: BTreeSet<_> = values
            .filter_map(|shape: Vec<u8>| structure_of(&shape))
            .collect();
        FieldTable {
            structures,
            structure_order: structures_of_maps.into_iter().collect(),
            ..FieldTable::default()
        }
    }

    /// Adds the next field.
    pub fn add(&mut self, field: &Field, number: &Numbers) {
        if self.heads.len().is_multiple_of(FIELDS_PER_MARK) {
            let counts = [
                self.extras.len(),
                self.names.len(),
                self.structure_order.len(),
                self.enums.len(),
            ];
            self.marks.push(counts);
        }
        let mut head = self.shape(&field.shape);
        match self.names.iter().position(|name| *name == field.name) {
            Some(known) => {
                head |= NAME_AGAIN;
                put_varint(&mut self.extras, known);
            }
            None => self.names.push(field.name.clone()),
        }
        if !field.values.is_empty() {
            head |= HAS_ENUM;
            let values = field.values.join("|");
            let known = self.enums.iter().position(|known| *known == values);
            put_varint(&mut self.extras, known.map_or(0, |known| known + 1));
            if known.is_none() {
                self.enums.push(values);
            }
        }
        if !field.item_required.is_empty() {
            head |= HAS_ITEM_RULES;
            let fields =
                &self.structures[structure_of(&field.shape).expect("items with rules have fields")];
            self.extras
                .push((field.item_required.len() << 1) as u8 | u8::from(field.item_documented));
            self.extras.extend(
                field
                    .item_required
                    .iter()
                    .map(|name| place_of(fields, name, number)),
            );
        }
        self.heads.push(head);
    }

    /// The code to store; what belongs to it goes into `extras`.
    fn shape(&mut self, shape: &[u8]) -> u8 {
        if let [MAP, values @ ..] = shape {
            // Reserved first: the values' own extras follow their code.
            let place = self.extras.len();
            self.extras.push(0);
            self.extras[place] = self.shape(values);
            return MAP;
        }
        let Some(structure) = structure_of(shape) else {
            return shape[0];
        };
        match self
            .structure_order
            .iter()
            .position(|known| *known == structure)
        {
            Some(known) => {
                put_varint(&mut self.extras, known);
                shape[0] + KNOWN
            }
            None => {
                self.structure_order.push(structure);
                shape[0]
            }
        }
    }
}

/// Where a field comes in its list, which is sorted by number.
pub fn place_of(fields: &[Field], name: &str, number: &Numbers) -> u8 {
    let own = fields
        .iter()
        .find(|field| field.name == name)
        .unwrap_or_else(|| panic!("no field {name}"));
    small(
        fields
            .iter()
            .filter(|field| number[field] < number[own])
            .count(),
    ) as u8
}

/// How many fields, and their numbers.
pub fn put_fields(out: &mut Vec<u8>, fields: &[Field], number: &Numbers) {
    put_varint(out, fields.len());
    put_sequence(out, fields, number);
}

/// Their numbers, each as the distance from the one before.
pub fn put_sequence(out: &mut Vec<u8>, fields: &[Field], number: &Numbers) {
    let numbers: BTreeSet<_> = fields.iter().map(|field| number[field]).collect();
    assert_eq!(
        numbers.len(),
        fields.len(),
        "a name stands twice in one list"
    );
    let mut next = 0;
    for number in numbers {
        put_varint(out, number - next);
        next = number + 1;
    }
}

//! Resources of one family in the order of their creation, found by id.

use crate::emulator::names::*;
use std::collections::HashMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::words::{Status, Transition};

/// What every resource has.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Head {
    pub id: String,
    pub name: String,
    pub description: String,
    /// The zone it lives in; empty for what is the same in all zones.
    pub zone: String,
    /// The user it belongs to.
    pub owner: String,
    /// The project it was put into; empty for none.
    pub project: String,
    pub status: Status,
    pub transition: Transition,
    pub created_ms: i64,
    pub status_ms: i64,
    /// Ids of the tags attached to it.
    pub tags: Vec<String>,
}

impl Head {
    /// Sets the status and the time it changed.
    pub fn settle(&mut self, status: Status, now_ms: i64) {
        self.status = status;
        self.transition = Transition::None;
        self.status_ms = now_ms;
    }
}

/// A family of resources that `Store` can hold.
pub trait Resource {
    /// What ids of this family begin with, hyphen included.
    const PREFIX: &'static str;
    /// The name the service gives the family in `resource_type` and in its messages.
    const TYPE: &'static str;
    fn head(&self) -> &Head;
    fn head_mut(&mut self) -> &mut Head;
}

/// See the module. Creation order is what lists are sorted by, so items stay in it.
#[derive(Debug)]
pub struct Store<T> {
    items: Vec<T>,
    index: HashMap<Box<str>, usize>,
}

impl<T> Default for Store<T> {
    fn default() -> Store<T> {
        Store {
            items: Vec::new(),
            index: HashMap::new(),
        }
    }
}

impl<T: Resource> Store<T> {
    /// Adds an item. One with the same id is replaced in place.
    pub fn insert(&mut self, item: T) {
        match self.index.get(item.head().id.as_str()) {
            Some(&at) => self.items[at] = item,
            None => {
                self.index
                    .insert(item.head().id.as_str().into(), self.items.len());
                self.items.push(item);
            }
        }
    }

    pub fn get(&self, id: &str) -> Option<&T> {
        self.index.get(id).map(|&at| &self.items[at])
    }

    pub fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.index.get(id).map(|&at| &mut self.items[at])
    }

    /// Where the item stands in the order of creation.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// All items, oldest first.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.items.iter_mut()
    }

    /// Drops the items that `keep` refuses.
    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.items.retain(keep);
        self.index.clear();
        self.index.extend(
            self.items
                .iter()
                .enumerate()
                .map(|(at, item)| (item.head().id.as_str().into(), at)),
        );
    }
}

impl<T: Serialize> Serialize for Store<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.items.serialize(serializer)
    }
}

impl<'de, T: Resource + Deserialize<'de>> Deserialize<'de> for Store<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Store<T>, D::Error> {
        let mut store = Store::default();
        for item in Vec::<T>::deserialize(deserializer)? {
            let head = item.head();
            if !head.id.starts_with(T::PREFIX) {
                return Err(D::Error::custom(format!(
                    "{:?} is no id of a {}",
                    head.id,
                    T::TYPE
                )));
            }
            if store.index.contains_key(head.id.as_str()) {
                return Err(D::Error::custom(format!("{:?} is there twice", head.id)));
            }
            store.insert(item);
        }
        Ok(store)
    }
}

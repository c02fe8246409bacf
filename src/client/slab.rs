//! Things by number.

use std::vec::Vec;

/// Things by number; a number is given again once it is free.
pub(super) struct Slab<T> {
    things: Vec<Option<T>>,
    free: Vec<usize>,
}

impl<T> Slab<T> {
    pub(super) const fn new() -> Slab<T> {
        Slab {
            things: Vec::new(),
            free: Vec::new(),
        }
    }

    /// Keeps `thing`, and gives its number.
    pub(super) fn insert(&mut self, thing: T) -> usize {
        match self.free.pop() {
            Some(number) => {
                self.things[number] = Some(thing);
                number
            }
            None => {
                self.things.push(Some(thing));
                self.things.len() - 1
            }
        }
    }

    pub(super) fn get_mut(&mut self, number: usize) -> Option<&mut T> {
        self.things.get_mut(number)?.as_mut()
    }

    pub(super) fn remove(&mut self, number: usize) -> Option<T> {
        let thing = self.things.get_mut(number)?.take();
        if thing.is_some() {
            self.free.push(number);
        }
        thing
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.things.iter_mut().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::Slab;

    #[test]
    fn a_number_is_given_again_once_it_is_free_and_never_before() {
        let mut slab = Slab::new();
        let [first, second] = ["first", "second"].map(|thing| slab.insert(thing));
        assert_ne!(first, second);
        assert_eq!(slab.remove(first), Some("first"));
        assert_eq!(slab.remove(first), None);
        assert_eq!(slab.get_mut(first), None);
        assert_eq!(slab.insert("third"), first);
        let fourth = slab.insert("fourth");
        assert!(fourth != first && fourth != second);
        assert_eq!(slab.get_mut(second), Some(&mut "second"));
        assert_eq!(slab.iter_mut().count(), 3);
    }
}

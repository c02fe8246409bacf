//! Things by number.

use alloc::vec::Vec;

/// Things by number; a number is given again once it is free.
#[derive(Debug)]
pub(crate) struct Slab<T> {
    things: Vec<Option<T>>,
    free: Vec<usize>,
}

impl<T> Slab<T> {
    /// None yet.
    pub(crate) const fn new() -> Slab<T> {
        Slab {
            things: Vec::new(),
            free: Vec::new(),
        }
    }

    /// Keeps `thing`, and gives its number.
    pub(crate) fn insert(&mut self, thing: T) -> usize {
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

    pub(crate) fn get_mut(&mut self, number: usize) -> Option<&mut T> {
        self.things.get_mut(number)?.as_mut()
    }

    pub(crate) fn remove(&mut self, number: usize) -> Option<T> {
        let thing = self.things.get_mut(number)?.take();
        if thing.is_some() {
            self.free.push(number);
        }
        thing
    }

    /// All of them, each with its number.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (usize, &mut T)> {
        let places = self.things.iter_mut().enumerate();
        places.filter_map(|(number, place)| Some((number, place.as_mut()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::Slab;
    use alloc::vec::Vec;

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
        let numbers = slab.iter_mut().map(|(number, _)| number);
        assert_eq!(numbers.collect::<Vec<_>>(), [0, 1, 2]);
    }
}

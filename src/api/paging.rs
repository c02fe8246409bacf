//! Which page comes next, and what of it is new.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

/// Items a page holds where the caller names no `limit`; the service gives no more (API guide).
pub const PAGE_SIZE: u64 = 100;

/// The way through a list that may change meanwhile.
#[derive(Clone, Debug)]
pub struct Paging {
    offset: u64,
    limit: u64,
    /// Items that may still be given.
    left: u64,
    seen: BTreeSet<String>,
    /// The first item of the last page.
    head: Option<String>,
    /// Pages without anything new, one after another.
    stale: u32,
    is_over: bool,
}

/// So many such pages end a list, whatever its total says.
const MOST_STALE: u32 = 3;

impl Paging {
    /// From `offset` on, `limit` items a page, `max_items` in all.
    pub fn new(offset: u64, limit: Option<u64>, max_items: Option<u64>) -> Paging {
        Paging {
            offset,
            limit: limit.unwrap_or(PAGE_SIZE).max(1),
            left: max_items.unwrap_or(u64::MAX),
            seen: BTreeSet::new(),
            head: None,
            stale: 0,
            is_over: false,
        }
    }

    /// `offset` and `limit` of the next page; `None` at the end.
    pub fn next(&self) -> Option<(u64, u64)> {
        let is_over = self.is_over || self.left == 0;
        (!is_over).then(|| (self.offset, self.asked()))
    }

    /// The items of the next page. No more than are wanted, unless the last page showed that the list grows: then a
    /// page that is too small shows nothing new.
    fn asked(&self) -> u64 {
        match self.stale {
            0 => self.limit.min(self.left),
            _ => self.limit,
        }
    }

    /// Takes in a page: the id of each item where it has one, and the answer's `total_count`.
    /// Gives the places of the items that are new.
    ///
    /// A list that grows at its head shows items again on the next page; they are left out. The
    /// offset grows with every page that has items, and the last page again, or several in a row
    /// without anything new, are the end, so this ends whatever the service answers.
    pub fn take(&mut self, ids: &[Option<String>], total: Option<u64>) -> Vec<usize> {
        let asked = self.asked();
        let count = ids.len() as u64;
        let mut new: Vec<usize> = Vec::new();
        for (place, id) in ids.iter().enumerate() {
            let is_new = id.as_ref().is_none_or(|id| self.seen.insert(id.clone()));
            if is_new && (new.len() as u64) < self.left {
                new.push(place);
            }
        }
        self.left -= new.len() as u64;
        self.offset += count;
        let is_last = match total {
            Some(total) => self.offset >= total,
            // Without a total a short page is the last, unless the service may have cut it.
            None => count < asked && asked <= PAGE_SIZE,
        };
        self.stale = if new.is_empty() { self.stale + 1 } else { 0 };
        let head = ids.first().cloned().flatten();
        let is_repeated = self.stale > 0 && head == self.head;
        self.head = head;
        self.is_over = is_last || count == 0 || is_repeated || self.stale == MOST_STALE;
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use proptest::prelude::*;

    fn ids(range: core::ops::Range<u64>) -> Vec<Option<String>> {
        range.map(|number| Some(format!("i-{number}"))).collect()
    }

    /// Walks a list of `length` items, of which the service gives at most 100 a page.
    fn walk(mut paging: Paging, length: u64, has_total: bool) -> (Vec<u64>, u32) {
        let (mut given, mut requests) = (Vec::new(), 0);
        while let Some((offset, limit)) = paging.next() {
            requests += 1;
            assert!(requests < 100, "the list has no end");
            let end = (offset + limit.min(100)).min(length);
            let page = ids(offset.min(end)..end);
            let new = paging.take(&page, has_total.then_some(length));
            given.extend(new.into_iter().map(|place| offset + place as u64));
        }
        (given, requests)
    }

    #[test]
    fn every_item_is_given_once_and_no_request_is_wasted() {
        for (length, requests) in [(0, 1), (1, 1), (99, 1), (100, 1), (101, 2), (250, 3)] {
            let (given, sent) = walk(Paging::new(0, None, None), length, true);
            assert_eq!(given, (0..length).collect::<Vec<_>>());
            assert_eq!(sent, requests, "{length}");
        }
    }

    #[test]
    fn a_list_that_has_grown_at_its_head_is_read_to_its_end() {
        let mut paging = Paging::new(0, None, Some(101));
        assert_eq!(paging.take(&ids(0..100), Some(250)).len(), 100);
        // One item more at the head, so that the last one comes again.
        assert_eq!(paging.next(), Some((100, 1)));
        assert_eq!(paging.take(&ids(99..100), Some(251)).len(), 0);
        assert_eq!(paging.next(), Some((101, 100)));
        assert_eq!(paging.take(&ids(100..200), Some(251)), [0]);
        assert_eq!(paging.next(), None);
    }

    #[test]
    fn a_list_that_grows_with_every_request_gives_as_many_as_are_wanted() {
        for (growth, wanted) in [(1, 101), (5, 120), (30, 250)] {
            let mut paging = Paging::new(0, None, Some(wanted));
            let (mut given, mut requests) = (0, 0);
            while let Some((offset, limit)) = paging.next() {
                // So many more at the head each time: the item at a place is an older one.
                let first = offset as i64 - requests * growth;
                let page: Vec<_> = (first..first + limit as i64)
                    .map(|number| Some(format!("i-{number}")))
                    .collect();
                given += paging.take(&page, Some(10_000)).len() as u64;
                requests += 1;
            }
            assert_eq!(given, wanted, "growth {growth}");
        }
    }

    #[test]
    fn pages_without_anything_new_are_the_end_sooner_or_later() {
        let mut paging = Paging::new(0, Some(5), None);
        paging.take(&ids(0..5), Some(1_000));
        for number in 1..=3 {
            assert!(paging.next().is_some(), "{number}");
            paging.take(&ids(number..number + 1), Some(1_000));
        }
        assert_eq!(paging.next(), None);
        let mut empty = Paging::new(0, None, None);
        empty.take(&[], Some(5));
        assert_eq!(empty.next(), None);
    }

    #[test]
    fn a_list_without_a_total_ends_with_a_short_page() {
        let (given, sent) = walk(Paging::new(0, None, None), 250, false);
        assert_eq!((given.len(), sent), (250, 3));
        let (given, sent) = walk(Paging::new(0, None, None), 200, false);
        assert_eq!((given.len(), sent), (200, 3));
    }

    #[test]
    fn a_limit_that_the_service_cuts_loses_nothing() {
        let (given, _) = walk(Paging::new(0, Some(500), None), 250, false);
        assert_eq!(given.len(), 250);
    }

    #[test]
    fn max_items_and_offset_are_kept() {
        let (given, sent) = walk(Paging::new(10, Some(20), Some(30)), 250, true);
        assert_eq!(given, (10..40).collect::<Vec<_>>());
        assert_eq!(sent, 2);
        assert_eq!(Paging::new(0, None, Some(0)).next(), None);
    }

    #[test]
    fn a_service_that_gives_more_than_it_was_asked_for_gives_no_more_than_max_items() {
        let mut paging = Paging::new(0, None, Some(2));
        assert_eq!(paging.take(&ids(0..5), Some(9)), [0, 1]);
        assert_eq!(paging.next(), None);
    }

    #[test]
    fn an_item_that_moved_to_the_next_page_is_given_once() {
        let mut paging = Paging::new(0, Some(3), None);
        assert_eq!(paging.take(&ids(0..3), Some(6)), [0, 1, 2]);
        assert_eq!(paging.take(&ids(2..5), Some(7)), [1, 2]);
        assert_eq!(paging.next(), Some((6, 3)));
    }

    #[test]
    fn a_service_that_ignores_the_offset_is_asked_twice() {
        let mut paging = Paging::new(0, Some(3), None);
        paging.take(&ids(0..3), Some(1_000));
        assert!(paging.take(&ids(0..3), Some(1_000)).is_empty());
        assert_eq!(paging.next(), None);
    }

    #[test]
    fn items_without_an_id_are_all_given() {
        let mut paging = Paging::new(0, Some(2), None);
        assert_eq!(paging.take(&[None, None], Some(4)), [0, 1]);
        assert_eq!(paging.take(&[None, None], Some(4)), [0, 1]);
        assert_eq!(paging.next(), None);
    }

    proptest! {
        #[test]
        fn any_list_comes_to_an_end(
            pages in prop::collection::vec(prop::collection::vec(0u8..20, 0..5), 0..100),
            total: Option<u16>,
        ) {
            let mut paging = Paging::new(0, Some(5), None);
            let mut requests = 0;
            for page in &pages {
                if paging.next().is_none() {
                    break;
                }
                requests += 1;
                let ids: Vec<_> = page.iter().map(|id| Some(format!("{id}"))).collect();
                paging.take(&ids, total.map(u64::from));
            }
            // Twenty ids can be new twenty times, each after two pages that show nothing new, and three more end it.
            prop_assert!(requests <= 63);
        }
    }
}

//! Ids as the service writes them (`i-5qyeem9d`), repeatable from a seed.

use crate::emulator::names::*;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The splitmix64 generator (Steele, Lea, Flood 2014): eight bytes of state, good enough to name things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ids {
    state: u64,
}

impl Ids {
    /// The same seed gives the same ids in the same order.
    pub fn new(seed: u64) -> Ids {
        Ids { state: seed }
    }

    /// The next number, evenly spread over all 64 bits.
    pub fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A fraction from 0 up to, but not including, 1.
    pub fn fraction(&mut self) -> f64 {
        // 53 bits are what an f64 holds exactly.
        (self.number() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// `prefix` and eight small letters or digits: `i-5qyeem9d`.
    pub fn next(&mut self, prefix: &str) -> String {
        let mut id = String::with_capacity(prefix.len() + 8);
        id.push_str(prefix);
        self.fill(&mut id, b"abcdefghijklmnopqrstuvwxyz0123456789", 8);
        id
    }

    /// `length` characters of `alphabet`.
    pub fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        let mut text = String::with_capacity(length);
        self.fill(&mut text, alphabet, length);
        text
    }

    fn fill(&mut self, out: &mut String, alphabet: &[u8], length: usize) {
        let base = alphabet.len() as u64;
        let mut pool = 0;
        for at in 0..length {
            // Eight characters a number: 36^8 and 62^8 fit into 64 bits.
            if at % 8 == 0 {
                pool = self.number();
            }
            out.push(char::from(alphabet[(pool % base) as usize]));
            pool /= base;
        }
    }
}

// As text: JSON numbers of JavaScript end at 2^53.
impl Serialize for Ids {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{:016x}", self.state))
    }
}

impl<'de> Deserialize<'de> for Ids {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Ids, D::Error> {
        let text = String::deserialize(deserializer)?;
        let state = u64::from_str_radix(&text, 16)
            .map_err(|_| D::Error::custom("the generator's state is not hexadecimal"))?;
        Ok(Ids { state })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_gives_the_published_numbers_for_seed_1234567() {
        let mut ids = Ids::new(1_234_567);
        assert_eq!(ids.number(), 6_457_827_717_110_365_317);
        assert_eq!(ids.number(), 3_203_168_211_198_807_973);
        assert_eq!(ids.number(), 9_817_491_932_198_370_423);
    }

    #[test]
    fn a_restored_generator_goes_on_where_it_was() {
        let mut ids = Ids::new(u64::MAX);
        ids.next("i-");
        let mut restored: Ids =
            serde_json::from_str(&serde_json::to_string(&ids).unwrap()).unwrap();
        assert_eq!(restored.next("i-"), ids.next("i-"));
    }
}

//! The signers in use, by number. Who opens the key and the settings of another shares it.
//!
//! A server may make a client for every request, all with one key. They then use the same plans, and
//! those that nobody frees take no memory while they wait for the collector.

use super::error::Error;
use super::{Settings, Signer};
use crate::slab::Slab;
use alloc::boxed::Box;
use alloc::vec::Vec;

/// So many places are looked at for the same signer: in the first ones are those that live long, and
/// a module that serves thousands of keys should not compare each with all.
const COMPARED: usize = 64;

/// Signers by number; a number is given again once nobody uses it.
#[derive(Debug)]
pub struct Signers(Slab<Box<Shared>>);

#[derive(Debug)]
struct Shared {
    signer: Signer,
    users: u32,
}

impl Signers {
    /// No signers yet.
    #[expect(clippy::new_without_default, reason = "a static is made of it")]
    pub const fn new() -> Signers {
        Signers(Slab::new())
    }

    /// Gives the number of a signer for this key, to be [closed](Signers::close) once.
    ///
    /// # Errors
    /// Those of [`Signer::new`].
    pub fn open(&mut self, settings: Settings, secret: Vec<u8>) -> Result<usize, Error> {
        let signer = Signer::new(settings, secret)?;
        for (number, shared) in self.0.iter_mut().take(COMPARED) {
            if shared.signer.is_same(&signer) {
                shared.users += 1;
                return Ok(number);
            }
        }
        Ok(self.0.insert(Box::new(Shared { signer, users: 1 })))
    }

    /// The signer with this number, as long as somebody uses it.
    pub fn get(&mut self, number: usize) -> Option<&mut Signer> {
        Some(&mut self.0.get_mut(number)?.signer)
    }

    /// Gives up one use; with the last one the signer is dropped, which wipes its key.
    pub fn close(&mut self, number: usize) {
        if let Some(shared) = self.0.get_mut(number) {
            shared.users -= 1;
            if shared.users == 0 {
                self.0.remove(number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Endpoint, SignatureMethod};
    use super::*;

    fn open(signers: &mut Signers, zone: &str, secret: &str) -> usize {
        let settings = Settings {
            access_key_id: "ID".into(),
            zone: Some(zone.into()),
            ..Settings::default()
        };
        signers.open(settings, secret.into()).unwrap()
    }

    #[test]
    fn the_same_key_with_the_same_settings_is_one_signer_until_its_last_use_ends() {
        let mut signers = Signers::new();
        let first = open(&mut signers, "pek3", "secret");
        assert_eq!(open(&mut signers, "pek3", "secret"), first);
        signers.close(first);
        assert!(signers.get(first).is_some());
        signers.close(first);
        assert!(signers.get(first).is_none());
        // Once too often, and one that never was.
        signers.close(first);
        signers.close(7);
        assert_eq!(open(&mut signers, "pek3", "other"), first);
    }

    #[test]
    fn another_secret_or_another_setting_is_another_signer() {
        let mut signers = Signers::new();
        let numbers = [
            open(&mut signers, "pek3", "secret"),
            open(&mut signers, "pek3", "Secret"),
            open(&mut signers, "sh1a", "secret"),
        ];
        assert_eq!(numbers, [0, 1, 2]);
        let mut settings = |change: fn(&mut Settings)| {
            let mut settings = Settings {
                access_key_id: "ID".into(),
                zone: Some("pek3".into()),
                ..Settings::default()
            };
            change(&mut settings);
            signers.open(settings, b"secret".to_vec()).unwrap()
        };
        assert_eq!(settings(|_| {}), 0);
        assert_eq!(settings(|own| own.access_key_id = "OTHER".into()), 3);
        assert_eq!(settings(|own| own.token = Some("token".into())), 4);
        assert_eq!(settings(|own| own.signature_version = Some(2)), 5);
        assert_eq!(settings(|own| own.expires_in_seconds = Some(60)), 6);
        assert_eq!(
            settings(|own| own.signature_method = SignatureMethod::HmacSha1),
            7
        );
        assert_eq!(
            settings(|own| {
                own.endpoint = Endpoint::parse("https://cloud.example/iaas/", false).ok();
            }),
            8
        );
        assert_eq!(settings(|own| own.zone = None), 9);
    }

    #[test]
    fn beyond_the_first_places_nothing_is_shared() {
        let mut signers = Signers::new();
        for number in 0..COMPARED {
            assert_eq!(
                open(&mut signers, &alloc::format!("zone{number}"), "secret"),
                number
            );
        }
        assert_eq!(open(&mut signers, "zone63", "secret"), 63);
        assert_eq!(open(&mut signers, "last", "secret"), COMPARED);
        assert_eq!(open(&mut signers, "last", "secret"), COMPARED + 1);
    }
}

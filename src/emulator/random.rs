//! Randomness, passed in: seeded for a run that can be repeated, from the system otherwise.

use std::sync::{Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, RngCore, SeedableRng};
use uuid::Uuid;

const SMALL_ALPHANUMERICS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const ALPHANUMERICS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Length of the part of a pool id after the `_` (COGNITO.md 10).
const POOL_ID_CHARS: usize = 9;
/// Length of a client id (COGNITO.md 10).
const CLIENT_ID_CHARS: usize = 26;
/// Length of a generated client secret, as AWS shows them.
const CLIENT_SECRET_CHARS: usize = 51;

/// One source of all that the emulator draws: ids, codes, salts, tokens.
#[derive(Debug)]
pub(crate) struct Random(Mutex<StdRng>);

impl Random {
    /// Draws the same sequence for the same seed, or an unpredictable one without a seed.
    pub(crate) fn new(seed: Option<u64>) -> Self {
        let source = seed.map_or_else(StdRng::from_os_rng, StdRng::seed_from_u64);
        Self(Mutex::new(source))
    }

    /// Draws `N` bytes.
    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.with(|source| source.fill_bytes(&mut bytes));
        bytes
    }

    /// Draws a number of exactly six digits or fewer, for a code that keeps its leading zeros.
    pub(crate) fn six_digits(&self) -> u32 {
        self.with(|source| source.random_range(0..1_000_000))
    }

    /// Draws a random UUID, version 4.
    pub(crate) fn uuid(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// Draws a `sub`: the shape of a UUID, whose third group begins with `70` and whose version
    /// and variant mean nothing (COGNITO.md 2.3, recorded values).
    pub(crate) fn sub(&self) -> Uuid {
        let mut bytes: [u8; 16] = self.bytes();
        bytes[6] = 0x70;
        Uuid::from_bytes(bytes)
    }

    /// Draws a pool id's part after the region.
    pub(crate) fn pool_suffix(&self) -> String {
        self.text(ALPHANUMERICS, POOL_ID_CHARS)
    }

    /// Draws a client id.
    pub(crate) fn client_id(&self) -> String {
        self.text(SMALL_ALPHANUMERICS, CLIENT_ID_CHARS)
    }

    /// Draws a client secret.
    pub(crate) fn client_secret(&self) -> String {
        self.text(SMALL_ALPHANUMERICS, CLIENT_SECRET_CHARS)
    }

    /// Draws a text of these characters in which every class occurs, in any order.
    ///
    /// It has as many characters as there are classes, if `length` is less.
    pub(crate) fn text_of_all(&self, classes: &[&[u8]], length: usize) -> String {
        let any = classes.concat();
        self.with(|source| {
            let mut draw = |alphabet: &[u8]| alphabet[source.random_range(0..alphabet.len())];
            let mut text: Vec<u8> = classes.iter().map(|class| draw(class)).collect();
            while text.len() < length {
                text.push(draw(&any));
            }
            text.shuffle(source);
            text.into_iter().map(char::from).collect()
        })
    }

    fn text(&self, alphabet: &[u8], length: usize) -> String {
        self.with(|source| {
            let draw = |_| char::from(alphabet[source.random_range(0..alphabet.len())]);
            (0..length).map(draw).collect()
        })
    }

    fn with<T>(&self, draw: impl FnOnce(&mut StdRng) -> T) -> T {
        // A generator that was interrupted by a panic still yields random bits.
        draw(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same() {
        let (one, two) = (Random::new(Some(7)), Random::new(Some(7)));
        assert_eq!(one.client_id(), two.client_id());
        assert_eq!(one.sub(), two.sub());
        assert_ne!(one.sub(), one.sub());
    }

    #[test]
    fn a_text_has_every_class() {
        let random = Random::new(Some(1));
        for length in 0..20 {
            let text = random.text_of_all(&[b"ab", b"12"], length);
            assert_eq!(text.len(), length.max(2));
            assert!(
                text.contains(['a', 'b']) && text.contains(['1', '2']),
                "{text}"
            );
        }
    }

    #[test]
    fn ids_have_the_shapes_of_aws() {
        let random = Random::new(Some(1));
        assert_eq!(random.pool_suffix().len(), 9);
        assert_eq!(random.client_id().len(), 26);
        assert!(
            random
                .client_id()
                .bytes()
                .all(|b| SMALL_ALPHANUMERICS.contains(&b))
        );
        assert!(random.sub().to_string()[14..].starts_with("70"));
    }
}

//! The service: what its operations work on, and the way for the emulator's other parts to encrypt.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use uuid::Uuid;

use super::exception::Exception;
use super::identifier::{KeyIdentifier, check_alias};
use super::key::{EncryptionContext, Key, fill};
use super::starting::StartingKey;
use super::store::{ALIASES_OF_KEY_MAX, Alias, KEYS_MAX, Keys};
use crate::emulator::Settings;
use crate::emulator::random::Random;
use crate::model::{Secret, SharedClock};

/// Longest data key, in bytes, by the service model.
pub(super) const DATA_KEY_BYTES_MAX: usize = 1024;

/// KMS in one account and Region.
pub(crate) struct Kms {
    clock: SharedClock,
    pub(super) account_id: String,
    /// `arn:aws:kms:REGION:ACCOUNT:`, with which every ARN begins.
    prefix: String,
    random: Random,
    keys: Mutex<Keys>,
}

/// A key for the encryption of one thing, in the clear and encrypted under a key of KMS.
#[derive(Debug)]
pub(crate) struct DataKey {
    pub(crate) plaintext: Secret<Vec<u8>>,
    pub(crate) ciphertext_blob: Vec<u8>,
    /// The ARN of the key under which it is encrypted, also where an alias was named.
    pub(crate) key_arn: String,
}

impl Kms {
    /// The service of an emulator with these settings, on its clock, without keys.
    pub(crate) fn new(settings: &Settings, clock: SharedClock) -> Self {
        let (region, account_id) = (&settings.region, &settings.account_id);
        Self {
            clock,
            account_id: account_id.clone(),
            prefix: format!("arn:aws:kms:{region}:{account_id}:"),
            // A sequence of its own, so that a seed gives users and codes the same ids whatever
            // keys are made.
            random: Random::new(settings.seed),
            keys: Mutex::default(),
        }
    }

    /// Makes these keys, and no others, exist.
    ///
    /// # Errors
    /// As [`add`](Self::add) and [`name`](Self::name).
    pub(crate) fn plant(&self, keys: &[StartingKey]) -> Result<(), Exception> {
        *self.keys() = Keys::default();
        for key in keys {
            let id = key.key_id.unwrap_or_else(|| self.random.uuid());
            let description = key.description.clone().unwrap_or_default();
            self.add(id, description)?;
            if let Some(alias) = &key.alias_name {
                self.name(alias, id)?;
            }
        }
        Ok(())
    }

    /// Checks that a key can encrypt.
    ///
    /// # Errors
    /// `NotFoundException`, `DisabledException`.
    pub(crate) fn check(&self, key: &str) -> Result<(), Exception> {
        self.usable(key, |_| Ok(()))
    }

    /// Draws a data key of so many bytes.
    ///
    /// # Errors
    /// `NotFoundException`, `DisabledException`.
    pub(crate) fn generate_data_key(
        &self,
        key: &str,
        context: &EncryptionContext,
        bytes: usize,
    ) -> Result<DataKey, Exception> {
        let mut plaintext = vec![0; bytes];
        fill(&mut plaintext)?;
        self.usable(key, |key| {
            Ok(DataKey {
                ciphertext_blob: key.encrypt(&plaintext, context)?,
                key_arn: self.key_arn(key.id),
                plaintext: Secret::new(plaintext),
            })
        })
    }

    /// Does something with an enabled key that is named in any of the four ways.
    ///
    /// # Errors
    /// `NotFoundException`, `DisabledException`, and those of `work`.
    pub(super) fn usable<T>(
        &self,
        key: &str,
        work: impl FnOnce(&Key) -> Result<T, Exception>,
    ) -> Result<T, Exception> {
        let mut keys = self.keys();
        let key = self.found(&mut keys, key)?;
        if !key.is_enabled {
            let arn = self.key_arn(key.id);
            return Err(Exception::Disabled { arn });
        }
        work(key)
    }

    /// The key that is named in any of the four ways.
    ///
    /// # Errors
    /// `NotFoundException`.
    pub(super) fn found<'a>(
        &self,
        keys: &'a mut Keys,
        key: &str,
    ) -> Result<&'a mut Key, Exception> {
        let id = match KeyIdentifier::parse(key, &self.prefix)? {
            KeyIdentifier::Id(id) => id,
            KeyIdentifier::Alias(name) => {
                let arn = || self.alias_arn(&name);
                let alias = keys.aliases.get(&name);
                let missing = || Exception::AliasNotFound { arn: arn() };
                alias.ok_or_else(missing)?.key
            }
        };
        let missing = || Exception::KeyNotFound {
            arn: self.key_arn(id),
        };
        keys.by_id.get_mut(&id).ok_or_else(missing)
    }

    /// Makes a key.
    ///
    /// # Errors
    /// `LimitExceededException`.
    pub(super) fn add(&self, id: Uuid, description: String) -> Result<(), Exception> {
        let key = Key::new(id, self.now(), description)?;
        let mut keys = self.keys();
        if keys.by_id.len() >= KEYS_MAX {
            return Err(Exception::LimitExceeded("keys"));
        }
        keys.by_id.insert(id, key);
        Ok(())
    }

    /// Gives a key another name.
    ///
    /// # Errors
    /// Those of the name; `AlreadyExistsException`, `LimitExceededException`.
    pub(super) fn name(&self, alias: &str, key: Uuid) -> Result<(), Exception> {
        check_alias(alias)?;
        let created = self.now();
        let mut keys = self.keys();
        if keys.aliases.contains_key(alias) {
            let arn = self.alias_arn(alias);
            return Err(Exception::AliasExists { arn });
        }
        if keys.aliases_of(key) >= ALIASES_OF_KEY_MAX {
            return Err(Exception::LimitExceeded("aliases of this key"));
        }
        keys.aliases
            .insert(alias.to_owned(), Alias { key, created });
        Ok(())
    }

    /// A new id of a key.
    pub(super) fn draw_id(&self) -> Uuid {
        self.random.uuid()
    }

    /// The ARN of a key.
    pub(super) fn key_arn(&self, id: Uuid) -> String {
        format!("{}key/{id}", self.prefix)
    }

    /// The ARN of an alias, whose name has `alias/`.
    pub(super) fn alias_arn(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Keys and aliases, for as long as no one else needs them.
    pub(super) fn keys(&self) -> MutexGuard<'_, Keys> {
        // The maps are whole after any panic, so that a poisoned lock is still good.
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl fmt::Debug for Kms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kms").finish_non_exhaustive()
    }
}

//! The users of one pool, every look-up indexed.
//!
//! A user is found by username, by `sub` and by alias without walking the others; only `ListUsers`
//! walks. Users share the names of their attributes with the schema, and what a pool of
//! `UsernameAttributes` would store twice is stored once, so that a user costs well under 2 kB.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::codes::{HourlyCount, IssuedCode, Lockout};
use super::groups::Groups;
use super::password::PasswordHash;
use super::pool_members::{AliasAttribute, VerifiedAttribute};
use super::sessions::Sessions;
use super::username::Naming;
use super::wire::Attribute;

/// `UserStatusType` (COGNITO.md 3.11): the states that the implemented operations reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum UserStatus {
    Unconfirmed,
    #[default]
    Confirmed,
}

impl UserStatus {
    /// The status's name on the wire.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Unconfirmed => "UNCONFIRMED",
            Self::Confirmed => "CONFIRMED",
        }
    }
}

/// One user of a pool.
#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) sub: Uuid,
    /// The name as it was sent, or the `sub` where an attribute is the name.
    pub(crate) username: Box<str>,
    pub(crate) status: UserStatus,
    pub(crate) enabled: bool,
    pub(crate) email_verified: bool,
    pub(crate) phone_number_verified: bool,
    /// All attributes but `sub` and the two `_verified`, in the order in which they were sent.
    pub(crate) attributes: Vec<(Arc<str>, Box<str>)>,
    pub(crate) password: PasswordHash,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    pub(crate) confirmation: Option<IssuedCode>,
    pub(crate) confirm_calls: HourlyCount,
    pub(crate) resend_calls: HourlyCount,
    pub(crate) lockout: Lockout,
}

impl User {
    /// The value of an attribute that was given.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let mut given = self.attributes.iter();
        given
            .find(|(given, _)| **given == *name)
            .map(|(_, value)| &**value)
    }

    /// Whether the address in this attribute is the user's.
    pub(crate) fn is_verified(&self, attribute: VerifiedAttribute) -> bool {
        match attribute {
            VerifiedAttribute::Email => self.email_verified,
            VerifiedAttribute::PhoneNumber => self.phone_number_verified,
        }
    }

    /// Marks the address in this attribute as the user's, or no longer.
    pub(crate) fn set_verified(&mut self, attribute: VerifiedAttribute, verified: bool) {
        match attribute {
            VerifiedAttribute::Email => self.email_verified = verified,
            VerifiedAttribute::PhoneNumber => self.phone_number_verified = verified,
        }
    }

    /// All attributes as the wire has them: `sub` first, then whether the addresses are verified.
    ///
    /// The `_verified` of an address that the user does not have is absent \[I\].
    pub(crate) fn wire_attributes(&self) -> Vec<Attribute> {
        let attribute = |name: &str, value: String| Attribute {
            name: name.to_owned(),
            value: Some(value),
        };
        let mut all = vec![attribute("sub", self.sub.to_string())];
        for verifiable in [VerifiedAttribute::Email, VerifiedAttribute::PhoneNumber] {
            if self.attribute(verifiable.name()).is_some() {
                let name = format!("{}_verified", verifiable.name());
                all.push(attribute(&name, self.is_verified(verifiable).to_string()));
            }
        }
        let given = self.attributes.iter();
        all.extend(given.map(|(name, value)| attribute(name, value.to_string())));
        all
    }
}

/// A user's place in its pool: never given twice, and in the order of creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct UserKey(u64);

impl UserKey {
    /// The key as a number, for a pagination token.
    pub(crate) const fn number(self) -> u64 {
        self.0
    }
}

/// All users of a pool, and their sessions.
#[derive(Debug, Default)]
pub(crate) struct Users {
    by_key: BTreeMap<u64, User>,
    usernames: HashMap<Box<str>, u64>,
    subs: HashMap<Uuid, u64>,
    aliases: [HashMap<Box<str>, u64>; 3],
    next: u64,
    /// The refresh tokens that are out.
    pub(crate) sessions: Sessions,
    /// The groups, and who is in them.
    pub(crate) groups: Groups,
}

impl Users {
    /// How many users there are.
    pub(crate) fn len(&self) -> usize {
        self.by_key.len()
    }

    /// The user with this key, unless it was deleted.
    pub(crate) fn user(&self, key: UserKey) -> Option<&User> {
        self.by_key.get(&key.0)
    }

    /// The user with this key, to be changed.
    pub(crate) fn user_mut(&mut self, key: UserKey) -> Option<&mut User> {
        self.by_key.get_mut(&key.0)
    }

    /// The user with this `sub`.
    pub(crate) fn of_sub(&self, sub: Uuid) -> Option<UserKey> {
        self.subs.get(&sub).copied().map(UserKey)
    }

    /// The user that a request's `Username` means: its username, an alias that is in force, or the
    /// `sub` (COGNITO.md 2.3 \[D\]).
    pub(crate) fn find(&self, naming: &Naming, name: &str) -> Option<UserKey> {
        let key = naming.key(name);
        let by_alias = || self.aliases.iter().find_map(|aliases| aliases.get(&key));
        let by_sub = || self.subs.get(&Uuid::parse_str(name).ok()?);
        let found = self.usernames.get(&key).or_else(by_alias).or_else(by_sub);
        found.copied().map(UserKey)
    }

    /// The user whom this alias stands for.
    pub(crate) fn of_alias(
        &self,
        naming: &Naming,
        alias: AliasAttribute,
        value: &str,
    ) -> Option<UserKey> {
        self.aliases[alias as usize]
            .get(&naming.key(value))
            .copied()
            .map(UserKey)
    }

    /// Adds a user whose name is known to be free.
    pub(crate) fn insert(&mut self, naming: &Naming, user: User) -> UserKey {
        let key = self.next;
        self.next += 1;
        self.subs.insert(user.sub, key);
        if !naming.uses_attributes() {
            self.usernames.insert(naming.key(&user.username), key);
        }
        self.by_key.insert(key, user);
        UserKey(key)
    }

    /// Lets an alias stand for this user from now on, and for nobody else.
    pub(crate) fn set_alias(
        &mut self,
        naming: &Naming,
        alias: AliasAttribute,
        value: &str,
        key: UserKey,
    ) {
        self.aliases[alias as usize].insert(naming.key(value), key.0);
    }

    /// Removes a user with all that points to it: names, aliases, codes and sessions.
    pub(crate) fn remove(&mut self, naming: &Naming, key: UserKey) -> Option<User> {
        let user = self.by_key.remove(&key.0)?;
        self.subs.remove(&user.sub);
        if !naming.uses_attributes() {
            self.usernames.remove(&naming.key(&user.username));
        }
        let aliases = [
            (AliasAttribute::Email, "email"),
            (AliasAttribute::PhoneNumber, "phone_number"),
            (AliasAttribute::PreferredUsername, "preferred_username"),
        ];
        for (alias, name) in aliases {
            let Some(value) = user.attribute(name) else {
                continue;
            };
            let filed = naming.key(value);
            let aliases = &mut self.aliases[alias as usize];
            // Another user may hold the alias by now.
            if aliases.get(&filed) == Some(&key.0) {
                aliases.remove(&filed);
            }
        }
        self.sessions.forget(key);
        self.groups.forget(key);
        Some(user)
    }

    /// The users after `after`, in the order of their creation.
    pub(crate) fn walk(&self, after: Option<u64>) -> impl Iterator<Item = (UserKey, &User)> {
        let first = after.map_or(0, |after| after.saturating_add(1));
        self.by_key
            .range(first..)
            .map(|(key, user)| (UserKey(*key), user))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::random::Random;

    #[test]
    fn an_empty_user_is_small() {
        // The aim is 2 kB with attributes and indexes; the fixed part must leave room for both.
        assert!(size_of::<User>() <= 400, "{} bytes", size_of::<User>());
    }

    #[test]
    fn a_removed_user_is_not_found_by_any_name() {
        let naming = Naming::of(&serde_json::from_str(r#"{"PoolName":"p"}"#).unwrap());
        let random = Random::new(Some(3));
        let sub = random.sub();
        let user = User {
            sub,
            username: "ada".into(),
            status: UserStatus::Confirmed,
            enabled: true,
            email_verified: true,
            phone_number_verified: false,
            attributes: vec![("email".into(), "ada@example.com".into())],
            password: PasswordHash::new("p", "ada", "secret", &random),
            created: Timestamp::UNIX_EPOCH,
            modified: Timestamp::UNIX_EPOCH,
            confirmation: None,
            confirm_calls: HourlyCount::default(),
            resend_calls: HourlyCount::default(),
            lockout: Lockout::default(),
        };
        let mut users = Users::default();
        let key = users.insert(&naming, user);
        users.set_alias(&naming, AliasAttribute::Email, "ada@example.com", key);
        for name in ["ada", "ada@example.com", &sub.to_string()] {
            assert_eq!(users.find(&naming, name), Some(key), "{name}");
        }
        assert!(users.remove(&naming, key).is_some());
        for name in ["ada", "ada@example.com", &sub.to_string()] {
            assert_eq!(users.find(&naming, name), None, "{name}");
        }
    }
}

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

use super::authentication::{ChallengeSessions, UserMfa};
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
    /// The password is temporary: an administrator chose it.
    ForceChangePassword,
    /// The password no longer counts: an administrator reset it.
    ResetRequired,
}

impl UserStatus {
    /// The status's name on the wire.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Unconfirmed => "UNCONFIRMED",
            Self::Confirmed => "CONFIRMED",
            Self::ForceChangePassword => "FORCE_CHANGE_PASSWORD",
            Self::ResetRequired => "RESET_REQUIRED",
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
    /// Until when a temporary password can be used.
    pub(crate) temporary_until: Option<Timestamp>,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    pub(crate) confirmation: Option<IssuedCode>,
    pub(crate) confirm_calls: HourlyCount,
    pub(crate) resend_calls: HourlyCount,
    pub(crate) lockout: Lockout,
    /// The second factors; nothing for the many users who never touch them.
    pub(crate) mfa: Option<Box<UserMfa>>,
    seldom: Option<Box<Seldom>>,
}

/// What only few users have, kept apart so that the many stay small.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seldom {
    /// The code for a new password, used once.
    pub(crate) recovery: Option<IssuedCode>,
    /// The codes for the e-mail address and the phone number.
    verification: [Option<Verification>; 2],
    /// Calls of `ForgotPassword` and `ConfirmForgotPassword`.
    pub(crate) recovery_calls: HourlyCount,
    pub(crate) attribute_code_calls: HourlyCount,
    pub(crate) verify_calls: HourlyCount,
    pub(crate) change_password_calls: HourlyCount,
    /// The passwords before this one, newest first; kept only where the pool forbids them.
    pub(crate) past_passwords: Vec<PasswordHash>,
}

/// A code that proves an attribute's address.
#[derive(Debug, Clone)]
pub(crate) struct Verification {
    pub(crate) code: IssuedCode,
    /// The address that takes the old one's place once it is proved, where the pool asks for that.
    pub(crate) pending: Option<Box<str>>,
}

impl Seldom {
    /// The code that is out for this attribute.
    pub(crate) fn verification(
        &mut self,
        attribute: VerifiedAttribute,
    ) -> &mut Option<Verification> {
        &mut self.verification[attribute as usize]
    }
}

impl User {
    /// A user that signed up or was made just now: enabled, nothing verified, no code out.
    pub(crate) fn new(
        sub: Uuid,
        username: Box<str>,
        status: UserStatus,
        attributes: Vec<(Arc<str>, Box<str>)>,
        password: PasswordHash,
        now: Timestamp,
    ) -> Self {
        Self {
            sub,
            username,
            status,
            enabled: true,
            email_verified: false,
            phone_number_verified: false,
            attributes,
            password,
            temporary_until: None,
            created: now,
            modified: now,
            confirmation: None,
            confirm_calls: HourlyCount::default(),
            resend_calls: HourlyCount::default(),
            lockout: Lockout::default(),
            mfa: None,
            seldom: None,
        }
    }

    /// The codes and counts that few users have.
    pub(crate) fn seldom(&mut self) -> &mut Seldom {
        self.seldom.get_or_insert_default()
    }

    /// Gives an attribute a value, or takes it away.
    pub(crate) fn set_attribute(&mut self, name: &Arc<str>, value: Option<Box<str>>) {
        let place = self.attributes.iter().position(|(known, _)| known == name);
        match (place, value) {
            (Some(place), Some(value)) => self.attributes[place].1 = value,
            (None, Some(value)) => self.attributes.push((Arc::clone(name), value)),
            (Some(place), None) => {
                self.attributes.remove(place);
            }
            (None, None) => {}
        }
    }

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

    /// A key without a user, for the tests of what is filed by key.
    #[cfg(test)]
    pub(crate) const fn of_number(number: u64) -> Self {
        Self(number)
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
    /// The challenges that wait for their answers.
    pub(crate) challenges: ChallengeSessions,
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

    /// Lets an alias no longer stand for this user; another's stays.
    pub(crate) fn drop_alias(
        &mut self,
        naming: &Naming,
        alias: AliasAttribute,
        value: &str,
        key: UserKey,
    ) {
        let filed = naming.key(value);
        let aliases = &mut self.aliases[alias as usize];
        if aliases.get(&filed) == Some(&key.0) {
            aliases.remove(&filed);
        }
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
            if let Some(value) = user.attribute(name) {
                // Another user may hold the alias by now.
                self.drop_alias(naming, alias, value, key);
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
        let attributes = vec![("email".into(), "ada@example.com".into())];
        let password = PasswordHash::new("p", "ada", "secret", &random);
        let status = UserStatus::Confirmed;
        let now = Timestamp::UNIX_EPOCH;
        let user = User::new(sub, "ada".into(), status, attributes, password, now);
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

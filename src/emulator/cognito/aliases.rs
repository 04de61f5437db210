//! Which names stand for a user besides its username, and what becomes of the user who had them
//! (COGNITO.md 2.3, 3.1 and 3.5).

use super::error::Exception;
use super::pool_members::{AliasAttribute, VerifiedAttribute};
use super::pools::UserPool;
use super::users::{User, UserKey, Users};

/// Whether a name may be taken from the user for whom it stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It may not: the one who asks is refused.
    Refuse,
    /// `ForceAliasCreation`: it moves, and the former owner's attribute is no longer verified.
    Move,
}

impl Taken {
    /// Reads the member `ForceAliasCreation`.
    pub(crate) const fn of(force_alias_creation: bool) -> Self {
        if force_alias_creation {
            Self::Move
        } else {
            Self::Refuse
        }
    }
}

type Alias = (AliasAttribute, Box<str>);

/// Puts a changed user in its own place, and moves its aliases with its attributes.
///
/// Nothing changes if it is refused.
///
/// # Errors
/// `AliasExistsException` if a new alias is another's and may not be taken; `UserNotFoundException`
/// if the user is gone.
pub(crate) fn replace(
    pool: &UserPool,
    users: &mut Users,
    key: UserKey,
    changed: User,
    taken: Taken,
) -> Result<(), Exception> {
    let naming = &pool.naming;
    let mut before = in_force(pool, users.user(key).ok_or(Exception::UserNotFound)?);
    // A user that was only just added has attributes that do not stand for it yet.
    before.retain(|(alias, value)| users.of_alias(naming, *alias, value) == Some(key));
    let after = in_force(pool, &changed);
    let new: Vec<&Alias> = after
        .iter()
        .filter(|alias| !before.contains(alias))
        .collect();
    let other = |users: &Users, (alias, value): &Alias| {
        let owner = users.of_alias(naming, *alias, value);
        owner.filter(|owner| *owner != key)
    };
    if taken == Taken::Refuse
        && let Some((alias, _)) = new.iter().find(|alias| other(users, alias).is_some())
    {
        return Err(Exception::AliasExists(alias.name()));
    }
    for alias in new {
        let (kind, value) = alias;
        if let Some(verified) = kind.verified_attribute()
            && let Some(owner) = other(users, alias).and_then(|owner| users.user_mut(owner))
        {
            owner.set_verified(verified, false);
        }
        users.set_alias(naming, *kind, value, key);
    }
    for (alias, value) in before.iter().filter(|alias| !after.contains(alias)) {
        users.drop_alias(naming, *alias, value, key);
    }
    if let Some(user) = users.user_mut(key) {
        *user = changed;
    }
    Ok(())
}

/// Marks addresses as the user's, with the aliases that follow from it.
///
/// # Errors
/// As [`replace`].
pub(crate) fn verify(
    pool: &UserPool,
    users: &mut Users,
    key: UserKey,
    attributes: &[VerifiedAttribute],
    taken: Taken,
) -> Result<(), Exception> {
    let mut changed = users.user(key).ok_or(Exception::UserNotFound)?.clone();
    for attribute in attributes {
        changed.set_verified(*attribute, true);
    }
    replace(pool, users, key, changed, taken)
}

/// The aliases that stand for a user as it is: an address once it is verified, or always where it
/// is the username; `preferred_username` as soon as it is given.
fn in_force(pool: &UserPool, user: &User) -> Vec<Alias> {
    let naming = &pool.naming;
    let stands = |alias: &AliasAttribute| match alias.verified_attribute() {
        Some(attribute) if naming.uses_attributes() => {
            pool.settings.username_attributes.contains(&attribute)
        }
        Some(attribute) => naming.has_alias(*alias) && user.is_verified(attribute),
        None => naming.has_alias(*alias),
    };
    let all = [
        AliasAttribute::Email,
        AliasAttribute::PhoneNumber,
        AliasAttribute::PreferredUsername,
    ];
    all.into_iter()
        .filter(stands)
        .filter_map(|alias| Some((alias, naming.key(user.attribute(alias.name())?))))
        .collect()
}

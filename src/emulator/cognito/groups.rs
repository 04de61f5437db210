//! The groups of one pool and who is in them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::Exception;
use super::users::UserKey;

/// Groups in a pool (COGNITO.md 9 \[D\]).
const GROUPS_MAX: usize = 10_000;

/// What a group is asked to be.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GroupSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) role_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) precedence: Option<u32>,
}

/// One group of a pool.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) name: Arc<str>,
    pub(crate) settings: GroupSettings,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    members: BTreeSet<UserKey>,
}

impl Group {
    /// The members after `after`, in the order in which they were created.
    pub(crate) fn members(&self, after: Option<u64>) -> impl Iterator<Item = UserKey> {
        let members = self.members.iter().copied();
        members.filter(move |key| after.is_none_or(|after| key.number() > after))
    }
}

/// What a user's tokens say of its groups (COGNITO.md 10 \[V\]).
///
/// The roles stand in the id token alone \[D\].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct GroupClaims {
    /// By precedence, the strongest first, and by name; the order is a guess \[U\].
    #[serde(rename = "cognito:groups", skip_serializing_if = "Vec::is_empty")]
    pub(crate) groups: Vec<String>,
    #[serde(rename = "cognito:roles", skip_serializing_if = "Vec::is_empty")]
    pub(crate) roles: Vec<String>,
    #[serde(
        rename = "cognito:preferred_role",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) preferred_role: Option<String>,
}

/// All groups of a pool.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    by_name: BTreeMap<Arc<str>, Group>,
    of_user: HashMap<UserKey, BTreeSet<Arc<str>>>,
}

impl Groups {
    /// Makes an empty group.
    ///
    /// # Errors
    /// `GroupExistsException`, `LimitExceededException` (COGNITO.md 9).
    pub(crate) fn create(
        &mut self,
        name: &str,
        settings: GroupSettings,
        now: Timestamp,
    ) -> Result<&Group, Exception> {
        if self.by_name.contains_key(name) {
            return Err(Exception::GroupExists);
        }
        if self.by_name.len() >= GROUPS_MAX {
            return Err(Exception::quota("groups", GROUPS_MAX));
        }
        let name: Arc<str> = name.into();
        let group = Group {
            name: Arc::clone(&name),
            settings,
            created: now,
            modified: now,
            members: BTreeSet::new(),
        };
        Ok(self.by_name.entry(name).or_insert(group))
    }

    /// The group of this name.
    ///
    /// # Errors
    /// `ResourceNotFoundException` \[R\].
    pub(crate) fn find(&self, name: &str) -> Result<&Group, Exception> {
        self.by_name.get(name).ok_or_else(no_group)
    }

    /// The group of this name, to be changed.
    ///
    /// # Errors
    /// As [`Groups::find`].
    pub(crate) fn find_mut(&mut self, name: &str) -> Result<&mut Group, Exception> {
        self.by_name.get_mut(name).ok_or_else(no_group)
    }

    /// Removes a group; its members stay users.
    ///
    /// # Errors
    /// As [`Groups::find`].
    pub(crate) fn remove(&mut self, name: &str) -> Result<(), Exception> {
        let group = self.by_name.remove(name).ok_or_else(no_group)?;
        for key in group.members {
            self.drop_name(key, name);
        }
        Ok(())
    }

    /// All groups, by name.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Group> {
        self.by_name.values()
    }

    /// The groups of a user, by name.
    pub(crate) fn of(&self, key: UserKey) -> impl Iterator<Item = &Group> {
        let names = self.of_user.get(&key).into_iter().flatten();
        names.filter_map(|name| self.by_name.get(name))
    }

    /// Puts a user into a group; one that is in it already stays there.
    ///
    /// # Errors
    /// As [`Groups::find`].
    pub(crate) fn join(&mut self, name: &str, key: UserKey) -> Result<(), Exception> {
        let group = self.by_name.get_mut(name).ok_or_else(no_group)?;
        group.members.insert(key);
        let names = self.of_user.entry(key).or_default();
        names.insert(Arc::clone(&group.name));
        Ok(())
    }

    /// Takes a user out of a group, if it was in it.
    ///
    /// # Errors
    /// As [`Groups::find`].
    pub(crate) fn leave(&mut self, name: &str, key: UserKey) -> Result<(), Exception> {
        self.find_mut(name)?.members.remove(&key);
        self.drop_name(key, name);
        Ok(())
    }

    /// Forgets a user who was deleted.
    pub(crate) fn forget(&mut self, key: UserKey) {
        for name in self.of_user.remove(&key).into_iter().flatten() {
            if let Some(group) = self.by_name.get_mut(&name) {
                group.members.remove(&key);
            }
        }
    }

    /// What a user's tokens say.
    ///
    /// The preferred role is that of the group with the lowest precedence; where several groups
    /// share it and their roles differ, none is preferred \[D\].
    pub(crate) fn claims(&self, key: UserKey) -> GroupClaims {
        let rank = |group: &Group| group.settings.precedence.unwrap_or(u32::MAX);
        let mut groups: Vec<&Group> = self.of(key).collect();
        groups.sort_by_key(|group| rank(group));
        let with_role = || {
            groups
                .iter()
                .filter(|group| group.settings.role_arn.is_some())
        };
        let strongest = with_role().map(|group| rank(group)).min();
        let mut preferred = with_role()
            .filter(|group| Some(rank(group)) == strongest)
            .filter_map(|group| group.settings.role_arn.as_ref());
        let first = preferred.next();
        let unanimous = preferred.all(|role| Some(role) == first);
        GroupClaims {
            roles: with_role()
                .filter_map(|group| group.settings.role_arn.clone())
                .collect(),
            preferred_role: first.filter(|_| unanimous).cloned(),
            groups: groups.iter().map(|group| group.name.to_string()).collect(),
        }
    }

    fn drop_name(&mut self, key: UserKey, name: &str) {
        if let Some(names) = self.of_user.get_mut(&key) {
            names.remove(name);
            if names.is_empty() {
                self.of_user.remove(&key);
            }
        }
    }
}

fn no_group() -> Exception {
    Exception::NotFound("Group not found.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(precedence: Option<u32>, role: Option<&str>) -> GroupSettings {
        GroupSettings {
            description: None,
            role_arn: role.map(str::to_owned),
            precedence,
        }
    }

    #[test]
    fn the_strongest_group_gives_the_role() {
        let cases = [
            (vec![(Some(2), Some("x")), (Some(1), Some("y"))], Some("y")),
            (vec![(Some(1), Some("x")), (Some(1), Some("y"))], None),
            (vec![(Some(1), Some("x")), (Some(1), Some("x"))], Some("x")),
            (vec![(Some(0), None), (None, Some("y"))], Some("y")),
            (vec![(None, None)], None),
        ];
        for (asked, role) in cases {
            let (mut groups, key) = (Groups::default(), UserKey::default());
            for (number, (precedence, role)) in asked.iter().enumerate() {
                let name = format!("g{number}");
                let settings = settings(*precedence, *role);
                groups
                    .create(&name, settings, Timestamp::UNIX_EPOCH)
                    .unwrap();
                groups.join(&name, key).unwrap();
            }
            let claims = groups.claims(key);
            assert_eq!(claims.preferred_role.as_deref(), role, "{asked:?}");
            assert_eq!(claims.groups.len(), asked.len());
        }
    }

    #[test]
    fn nothing_is_left_of_a_deleted_user_or_group() {
        let (mut groups, key) = (Groups::default(), UserKey::default());
        for name in ["a", "b"] {
            groups
                .create(name, settings(None, None), Timestamp::UNIX_EPOCH)
                .unwrap();
            groups.join(name, key).unwrap();
        }
        groups.remove("a").unwrap();
        assert_eq!(groups.claims(key).groups, ["b"]);
        groups.forget(key);
        assert_eq!(groups.find("b").unwrap().members(None).count(), 0);
        assert_eq!(groups.of(key).count(), 0);
    }
}

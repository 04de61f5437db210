//! Changes that a function makes to tokens, as far as they may be made.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::super::groups::GroupClaims;
use super::super::tokens::Claim;
use super::token_generation::GroupConfiguration;

/// The claims that a function cannot change (COGNITO.md 6.5 \[D\]). An attempt is ignored (a guess
/// \[U\]).
const FIXED_CLAIMS: [&str; 16] = [
    "acr",
    "amr",
    "aud",
    "at_hash",
    "auth_time",
    "azp",
    "cognito:username",
    "exp",
    "iat",
    "identities",
    "iss",
    "jti",
    "nbf",
    "nonce",
    "origin_jti",
    "sub",
];

/// More of them: what the tokens' own members are, of which the documentation names `token_use`;
/// the others are guesses \[U\]. Scopes and
/// groups have members of their own in the answer.
const FIXED_MEMBERS: [&str; 8] = [
    "token_use",
    "event_id",
    "client_id",
    "username",
    "scope",
    GROUPS_CLAIM,
    "cognito:roles",
    "cognito:preferred_role",
];
/// The claim of a user's groups.
const GROUPS_CLAIM: &str = "cognito:groups";

/// What a function changes in one token.
#[derive(Debug, Clone, Default)]
pub(crate) struct ClaimChanges {
    set: BTreeMap<String, Box<RawValue>>,
    suppressed: Vec<String>,
}

impl ClaimChanges {
    pub(super) fn new(
        mut set: BTreeMap<String, Box<RawValue>>,
        suppressed: Option<Vec<String>>,
    ) -> Self {
        let may_change =
            |name: &str| !FIXED_CLAIMS.contains(&name) && !FIXED_MEMBERS.contains(&name);
        set.retain(|name, _| may_change(name));
        Self {
            set,
            suppressed: suppressed.unwrap_or_default(),
        }
    }

    /// Changes whose values are all texts, as in version 1.
    pub(super) fn of_texts(
        texts: BTreeMap<String, String>,
        suppressed: Option<Vec<String>>,
    ) -> Self {
        let texts = texts.into_iter();
        let set = texts.filter_map(|(name, text)| Some((name, raw(&text)?)));
        Self::new(set.collect(), suppressed)
    }

    /// Makes the changes: what is suppressed goes, even if it is set as well (a guess \[U\]).
    pub(crate) fn apply(&self, claims: &mut BTreeMap<String, Claim>) {
        for (name, value) in &self.set {
            claims.insert(name.clone(), Claim::Json(value.clone()));
        }
        for name in &self.suppressed {
            claims.remove(name);
        }
    }
}

/// What a `PreTokenGeneration` function wants of the tokens.
#[derive(Debug, Clone, Default)]
pub(crate) struct TokenOverrides {
    pub(crate) id: ClaimChanges,
    pub(crate) access: ClaimChanges,
    pub(super) groups: Option<GroupConfiguration>,
    pub(super) scopes_to_add: Vec<String>,
    pub(super) scopes_to_suppress: Vec<String>,
}

impl TokenOverrides {
    /// The groups of both tokens, and the roles of the id token, where the function names them.
    pub(crate) fn apply_groups(&self, id: &mut GroupClaims, access: &mut Vec<String>) {
        if self.id.suppressed.iter().any(|name| name == GROUPS_CLAIM) {
            id.groups.clear();
        }
        if self
            .access
            .suppressed
            .iter()
            .any(|name| name == GROUPS_CLAIM)
        {
            access.clear();
        }
        let Some(groups) = &self.groups else { return };
        access.clone_from(&groups.groups_to_override);
        id.groups.clone_from(&groups.groups_to_override);
        id.roles.clone_from(&groups.iam_roles_to_override);
        if groups.preferred_role.is_some() {
            id.preferred_role.clone_from(&groups.preferred_role);
        }
    }

    /// The access token's scopes, separated by spaces, with the function's changes.
    pub(crate) fn scope(&self, scope: &str) -> String {
        let kept = scope.split(' ').filter(|scope| !scope.is_empty());
        let mut scopes: Vec<&str> = kept
            .filter(|scope| !self.scopes_to_suppress.iter().any(|gone| gone == scope))
            .collect();
        for added in &self.scopes_to_add {
            if !scopes.contains(&added.as_str()) {
                scopes.push(added);
            }
        }
        scopes.join(" ")
    }
}

/// A value as JSON; texts and lists of texts always have that form.
fn raw(value: &impl Serialize) -> Option<Box<RawValue>> {
    to_raw_value(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(claims: &BTreeMap<String, Claim>) -> String {
        serde_json::to_string(claims).unwrap()
    }

    #[test]
    fn claims_are_set_and_suppressed_but_the_fixed_ones() {
        let texts = [
            ("plan", "gold"),
            ("sub", "x"),
            ("scope", "y"),
            ("name", "A"),
        ];
        let texts = texts.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let suppressed = Some(vec!["email".to_owned(), "name".to_owned()]);
        let changes = ClaimChanges::of_texts(texts.into(), suppressed);
        let mut claims = BTreeMap::from([("email".to_owned(), Claim::Text("a@b.c".to_owned()))]);
        changes.apply(&mut claims);
        assert_eq!(shown(&claims), r#"{"plan":"gold"}"#);
    }

    #[test]
    fn scopes_are_added_once_and_taken_away() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let overrides = TokenOverrides {
            scopes_to_add: names(&["b", "c"]),
            scopes_to_suppress: names(&["a"]),
            ..TokenOverrides::default()
        };
        assert_eq!(overrides.scope("a b"), "b c");
        assert_eq!(TokenOverrides::default().scope("a b"), "a b");
    }

    #[test]
    fn groups_replace_those_of_the_pool() {
        let groups = GroupConfiguration {
            groups_to_override: vec!["admins".to_owned()],
            preferred_role: Some("r".to_owned()),
            ..GroupConfiguration::default()
        };
        let overrides = TokenOverrides {
            groups: Some(groups),
            ..TokenOverrides::default()
        };
        let (mut id, mut access) = (GroupClaims::default(), vec!["users".to_owned()]);
        overrides.apply_groups(&mut id, &mut access);
        assert_eq!(
            serde_json::to_string(&id).unwrap(),
            r#"{"cognito:groups":["admins"],"cognito:preferred_role":"r"}"#
        );
        assert_eq!(access, ["admins"]);
    }
}

//! What a scenario presumes of a pool that it did not make: held against what the pool is.
//!
//! On such a pool a `Given` changes nothing. It notes what it needs, and before the first request all
//! that was noted must be so; otherwise the scenario says nothing about this pool, neither good nor
//! bad.

use super::people::Person;
use super::phrases::{custom_phrase, phrases};
use crate::cognito::{AppClientDescription, PoolDescription, SchemaAttribute};
use crate::record::Failure;

/// A pool that was there before the scenario, as it is and as the scenario presumes it.
pub(super) struct Premises {
    is: Facts,
    presumed: Facts,
    /// The pool's own attributes that the scenario uses.
    custom: Vec<SchemaAttribute>,
}

/// A pool with the app client through which requests go.
#[derive(Clone)]
pub(super) struct Facts {
    pub(super) pool: PoolDescription,
    pub(super) client: AppClientDescription,
}

/// What is presumed, and what is so in its place; both complete the sentence "a pool that ...".
#[derive(Debug, PartialEq, Eq)]
struct Difference {
    presumed: String,
    is: String,
}

impl Premises {
    /// Presumes nothing yet.
    pub(super) fn new(is: Facts) -> Self {
        Self {
            presumed: is.clone(),
            is,
            custom: Vec::new(),
        }
    }

    /// Presumes something more.
    pub(super) fn presume(&mut self, change: impl FnOnce(&mut Facts)) {
        change(&mut self.presumed);
    }

    /// Presumes attributes: without those that are required nobody signs up, and of the pool's own
    /// these are there.
    pub(super) fn presume_attributes(&mut self, attributes: Vec<SchemaAttribute>) {
        let (required, custom): (Vec<_>, _) = attributes
            .into_iter()
            .partition(SchemaAttribute::is_required);
        let required = required.into_iter().map(|attribute| attribute.name);
        self.presumed.pool.required = required.collect();
        self.custom = custom;
    }

    /// Says what is not as it is presumed, the people's names and attributes included.
    ///
    /// `pool` is how the pool is called.
    pub(super) fn check<'a>(
        &self,
        pool: &str,
        people: &(impl Iterator<Item = &'a Person> + Clone),
    ) -> Result<(), Failure> {
        let presumed = self.presumed_of(people);
        let mut differences = differences(&presumed, &self.is);
        let custom = self.custom.iter();
        differences.extend(custom.filter_map(|wanted| {
            let found = self.is.pool.custom.get(&wanted.name);
            let (presumed, is) = (
                custom_phrase(wanted, Some(wanted)),
                custom_phrase(wanted, found),
            );
            (presumed != is).then_some(Difference { presumed, is })
        }));
        let mut differences = differences.into_iter();
        let Some(first) = differences.next() else {
            return Ok(());
        };
        let text = format!(
            "the scenario needs a pool that {}; {pool} {}",
            first.presumed, first.is
        );
        let failure = Failure::not_applicable(text);
        let failure = differences.fold(failure, |failure, one| {
            failure.seen(format!(
                "it needs one that {}; {pool} {}",
                one.presumed, one.is
            ))
        });
        Err(failure.help("run it on the embedded target, or on a pool that is so"))
    }

    /// With what the people bring: names that the pool must take, and attributes that it may require.
    fn presumed_of<'a>(&self, people: &(impl Iterator<Item = &'a Person> + Clone)) -> Facts {
        let mut presumed = self.presumed.clone();
        for person in people.clone() {
            match person.own_username {
                // After a change of the address the username is what the first one made it.
                Some(_) if !person.former_addresses.is_empty() => {}
                Some(_) => presumed.pool.names.any_word = true,
                None => presumed.pool.names.address = true,
            }
        }
        let phone_given = people.clone().any(|person| person.phone_number.is_some());
        let design = &mut presumed.pool.design;
        if !phone_given && !design.verifies_phone {
            // Where nobody gives a number it makes no difference.
            design.verifies_phone = self.is.pool.design.verifies_phone;
        }
        let given = |name: &String| people.clone().all(|person| person.gives(name));
        let required = self.is.pool.required.iter().filter(|name| given(name));
        presumed.pool.required.extend(required.cloned());
        presumed
    }
}

fn differences(presumed: &Facts, is: &Facts) -> Vec<Difference> {
    let pairs = phrases(presumed).into_iter().zip(phrases(is));
    let different = pairs.filter(|(presumed, is)| presumed != is);
    different
        .map(|(presumed, is)| Difference { presumed, is })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::cognito::{NameUse, PoolDesign, SecondFactorUse, Trigger};

    fn usual() -> Facts {
        Facts {
            pool: PoolDescription {
                design: PoolDesign::default(),
                template: None,
                case_sensitive: false,
                names: NameUse {
                    any_word: true,
                    address: true,
                    address_alone: false,
                    address_alias: false,
                    preferred_alias: false,
                },
                second_factors: None,
                has_domain: false,
                required: BTreeSet::new(),
                custom: BTreeMap::new(),
            },
            client: AppClientDescription {
                has_secret: false,
                hides_users: false,
                takes_passwords: true,
            },
        }
    }

    type Change = fn(&mut Facts);

    #[test]
    fn what_is_not_as_presumed_is_said_in_a_sentence() {
        let cases: [(Change, &str, &str); 8] = [
            (
                |facts| facts.pool.design.confirms_by_link = true,
                "confirms by link",
                "confirms by code",
            ),
            (
                |facts| facts.pool.case_sensitive = true,
                "respects capitals in usernames",
                "ignores capitals in usernames",
            ),
            (
                |facts| facts.pool.design.passwords.chars_min = 12,
                "demands passwords of at least 12 characters",
                "demands passwords of at least 8 characters",
            ),
            (
                |facts| facts.pool.design.body = Some("Hello,\n  {####}".to_owned()),
                "mails the text \"Hello, {####}\"",
                "mails Cognito's text",
            ),
            (
                |facts| facts.pool.second_factors = Some(SecondFactorUse::Required),
                "demands a second factor",
                "takes no second factor",
            ),
            (
                |facts| facts.client.has_secret = true,
                "has an app client with a secret",
                "has an app client without a secret",
            ),
            (
                |facts| facts.pool.required.extend(["name".to_owned()]),
                "requires `name` beside the address",
                "requires no attribute beside the address",
            ),
            (
                |facts| {
                    let functions = &mut facts.pool.design.triggers;
                    functions.insert(Trigger::PreSignUp, "arn:one".to_owned());
                },
                "has arn:one as its PreSignUp function",
                "has no PreSignUp function",
            ),
        ];
        for (change, presumed, is) in cases {
            let mut wanted = usual();
            change(&mut wanted);
            let expected = Difference {
                presumed: presumed.to_owned(),
                is: is.to_owned(),
            };
            assert_eq!(differences(&wanted, &usual()), [expected]);
        }
        assert_eq!(differences(&usual(), &usual()), []);
    }

    #[test]
    fn the_first_difference_is_the_sentence_and_the_others_are_facts() {
        let mut premises = Premises::new(usual());
        premises.presume(|facts| facts.pool.design.confirms_by_link = true);
        premises.presume_attributes(vec![SchemaAttribute::custom("team").at_most(8)]);
        let failure = premises
            .check("eu-west-1_a", &std::iter::empty())
            .unwrap_err();
        assert_eq!(
            failure.message,
            "the scenario needs a pool that confirms by link; eu-west-1_a confirms by code"
        );
        let fact = "it needs one that has the attribute `custom:team` of at most 8 characters; \
                    eu-west-1_a has no attribute `custom:team`";
        assert_eq!(failure.seen, [fact]);
    }
}

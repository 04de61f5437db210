//! What a scenario presumes of a pool that it did not make: held against what the pool is.
//!
//! On such a pool a `Given` changes nothing. It notes what it needs, and before the first request all
//! that was noted must be so; otherwise the scenario says nothing about this pool, neither good nor
//! bad.

use std::collections::BTreeMap;

use super::people::Person;
use crate::cognito::{
    AppClientDescription, PoolDescription, SchemaAttribute, SecondFactorUse, Trigger,
};
use crate::record::Failure;

/// As much of a text as stands in a sentence.
const QUOTED_CHARS_MAX: usize = 60;

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
        people: impl Iterator<Item = &'a Person> + Clone,
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
    fn presumed_of<'a>(&self, people: impl Iterator<Item = &'a Person> + Clone) -> Facts {
        let mut presumed = self.presumed.clone();
        for person in people.clone() {
            match person.own_username {
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

/// All that can be presumed, in an order that depends on nothing: each phrase says how one thing is.
fn phrases(facts: &Facts) -> Vec<String> {
    let mut all = of_verification(facts);
    all.extend(of_mails(facts));
    all.extend(of_names(facts));
    all.extend(of_passwords(facts));
    all.extend(of_functions(&facts.pool.design.triggers));
    all
}

fn of_verification(facts: &Facts) -> Vec<String> {
    let (pool, design) = (&facts.pool, &facts.pool.design);
    let required: Vec<_> = pool
        .required
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    vec![
        either(
            design.verifies_email,
            "verifies e-mail addresses",
            "verifies no e-mail addresses",
        ),
        either(
            design.verifies_phone,
            "verifies phone numbers",
            "verifies no phone numbers",
        ),
        either(
            design.confirms_by_link,
            "confirms by link",
            "confirms by code",
        ),
        either(
            design.admin_creates_users_only,
            "lets only administrators create users",
            "lets people sign up",
        ),
        either(
            design.keeps_address_until_verified,
            "keeps an address until the new one is confirmed",
            "replaces an address at once",
        ),
        if required.is_empty() {
            "requires no attribute beside the address".to_owned()
        } else {
            format!("requires {} beside the address", required.join(", "))
        },
        either(pool.has_domain, "has a domain", "has no domain"),
    ]
}

fn of_mails(facts: &Facts) -> Vec<String> {
    let design = &facts.pool.design;
    let sender = match (&design.own_ses, &design.default_sender) {
        (Some(own), _) => format!("mails through the account's own SES as {}", own.source_arn),
        (None, Some(arn)) => format!("mails through Cognito as {arn}"),
        (None, None) => "mails through Cognito from its own address".to_owned(),
    };
    let texts = [
        (
            "mails with the subject",
            &design.subject,
            "mails with Cognito's subject",
        ),
        ("mails the text", &design.body, "mails Cognito's text"),
        (
            "invites with the text",
            &design.invitation,
            "invites with Cognito's text",
        ),
        (
            "has answers to its mails sent to",
            &design.reply_to,
            "has no address for answers",
        ),
    ];
    let texts = texts.into_iter().map(|(own, text, none)| match text {
        Some(text) => format!("{own} {}", quoted(text)),
        None => none.to_owned(),
    });
    std::iter::once(sender).chain(texts).collect()
}

fn of_names(facts: &Facts) -> Vec<String> {
    let (names, client) = (facts.pool.names, facts.client);
    vec![
        either(
            facts.pool.case_sensitive,
            "respects capitals in usernames",
            "ignores capitals in usernames",
        ),
        either(
            names.any_word,
            "takes any username",
            "takes no username of one's own",
        ),
        either(
            names.address,
            "takes e-mail addresses as usernames",
            "takes no e-mail address as a username",
        ),
        either(
            names.address_alone,
            "has e-mail addresses in place of usernames",
            "has usernames beside e-mail addresses",
        ),
        either(
            names.address_alias,
            "has e-mail addresses as aliases",
            "has no e-mail addresses as aliases",
        ),
        either(
            names.preferred_alias,
            "has preferred usernames as aliases",
            "has no preferred usernames as aliases",
        ),
        either(
            client.has_secret,
            "has an app client with a secret",
            "has an app client without a secret",
        ),
        either(
            client.hides_users,
            "has an app client that hides which users exist",
            "has an app client that tells which users exist",
        ),
        either(
            client.takes_passwords,
            "has an app client that allows USER_PASSWORD_AUTH",
            "has an app client that does not allow USER_PASSWORD_AUTH",
        ),
    ]
}

fn of_passwords(facts: &Facts) -> Vec<String> {
    let design = &facts.pool.design;
    let rules = design.passwords;
    vec![
        format!(
            "demands passwords of at least {} characters",
            rules.chars_min
        ),
        either(
            rules.symbols,
            "demands symbols in passwords",
            "demands no symbols in passwords",
        ),
        format!(
            "has temporary passwords that last {} days",
            rules.temporary_days
        ),
        either(
            design.recovery_by_administrators,
            "lets only administrators recover accounts",
            "lets users recover their accounts",
        ),
        match facts.pool.second_factors {
            None => "takes no second factor",
            Some(SecondFactorUse::Optional) => "takes second factors",
            Some(SecondFactorUse::Required) => "demands a second factor",
        }
        .to_owned(),
    ]
}

fn of_functions(functions: &BTreeMap<Trigger, String>) -> Vec<String> {
    let all = Trigger::ALL.into_iter();
    let phrase = |trigger: Trigger| match functions.get(&trigger) {
        Some(arn) => format!("has {arn} as its {} function", trigger.name()),
        None => format!("has no {} function", trigger.name()),
    };
    all.map(phrase).collect()
}

/// How an attribute of the pool's own is, as far as somebody wants to know.
fn custom_phrase(wanted: &SchemaAttribute, found: Option<&SchemaAttribute>) -> String {
    let name = &wanted.name;
    let Some(found) = found else {
        return format!("has no attribute `custom:{name}`");
    };
    let length = match (wanted.chars_max(), found.chars_max()) {
        (None, _) => String::new(),
        (Some(_), Some(chars)) => format!(" of at most {chars} characters"),
        (Some(_), None) => " of any length".to_owned(),
    };
    let change = match (wanted.is_mutable(), found.is_mutable()) {
        (true, true) => "",
        (true, false) | (false, false) => " that never changes",
        (false, true) => " that may change",
    };
    format!("has the attribute `custom:{name}`{length}{change}")
}

fn either(holds: bool, yes: &str, no: &str) -> String {
    if holds { yes } else { no }.to_owned()
}

/// The beginning of a text, on one line.
fn quoted(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= QUOTED_CHARS_MAX {
        return format!("\"{line}\"");
    }
    let start: String = line.chars().take(QUOTED_CHARS_MAX).collect();
    format!("\"{start}...\"")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::cognito::{NameUse, PoolDesign};

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
    fn an_attribute_is_compared_in_what_is_presumed_of_it() {
        let team = SchemaAttribute::custom("team");
        let cases = [
            (team.clone(), Some(team.clone().at_most(9)), true),
            (team.clone().at_most(8), Some(team.clone().at_most(8)), true),
            (
                team.clone().at_most(8),
                Some(team.clone().at_most(9)),
                false,
            ),
            (team.clone().immutable(), Some(team.clone()), false),
            (team.clone(), Some(team.clone().immutable()), false),
            (team.clone(), None, false),
        ];
        for (wanted, found, holds) in cases {
            let same =
                custom_phrase(&wanted, Some(&wanted)) == custom_phrase(&wanted, found.as_ref());
            assert_eq!(same, holds, "{wanted:?} {found:?}");
        }
    }

    #[test]
    fn the_first_difference_is_the_sentence_and_the_others_are_facts() {
        let mut premises = Premises::new(usual());
        premises.presume(|facts| facts.pool.design.confirms_by_link = true);
        premises.presume_attributes(vec![SchemaAttribute::custom("team").at_most(8)]);
        let failure = premises
            .check("eu-west-1_a", std::iter::empty())
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

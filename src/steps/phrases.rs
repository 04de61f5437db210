//! How a pool is, said in phrases: each completes the sentence "a pool that ...".

use std::collections::BTreeMap;

use super::premises::Facts;
use crate::cognito::{SchemaAttribute, SecondFactorUse, Trigger};

/// As much of a text as stands in a sentence.
const QUOTED_CHARS_MAX: usize = 60;

/// All that can be presumed, in an order that depends on nothing: each phrase says how one thing is.
pub(super) fn phrases(facts: &Facts) -> Vec<String> {
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
            rules.lowercase,
            "demands small letters in passwords",
            "demands no small letters in passwords",
        ),
        either(
            rules.uppercase,
            "demands capital letters in passwords",
            "demands no capital letters in passwords",
        ),
        either(
            rules.digits,
            "demands digits in passwords",
            "demands no digits in passwords",
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
pub(super) fn custom_phrase(wanted: &SchemaAttribute, found: Option<&SchemaAttribute>) -> String {
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
        (_, false) => " that never changes",
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
    use super::*;

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
}

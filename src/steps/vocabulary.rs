//! The table of all steps.

use cucumber::gherkin::StepType;
use cucumber::step::{Collection, Context, Location, Step};
use futures::future::LocalBoxFuture;
use regex::Regex;

use super::{
    HasSession, Session, account, adapter, args, confirm, delete, mail_checks, mails, people,
    pools, rounds, sign_up, state, why,
};

/// A step as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepEntry {
    /// Given, When or Then.
    pub kind: StepType,
    /// The text, with `{placeholders}` and `(?: optional words)`.
    pub pattern: &'static str,
    /// A line as it would stand in a feature.
    pub example: &'static str,
    /// One sentence: what it does or demands.
    pub meaning: &'static str,
}

/// A step of the table, for a World.
struct Definition<W> {
    entry: StepEntry,
    location: Location,
    run: Step<W>,
}

macro_rules! step {
    ($kind:ident $pattern:literal => $body:path, $example:literal, $meaning:literal) => {
        Definition {
            entry: StepEntry {
                kind: StepType::$kind,
                pattern: $pattern,
                example: $example,
                meaning: $meaning,
            },
            location: Location {
                path: file!(),
                line: line!(),
                column: column!(),
            },
            run: |world: &mut W, context: Context| -> LocalBoxFuture<'_, ()> {
                let session = world.session();
                Box::pin(adapter::run(session, context, $body))
            },
        }
    };
}

#[rustfmt::skip]
fn given<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(Given "an AWS account of its own" => account::own,
            "an AWS account of its own",
            "The scenario is alone with its clock, its SES and its quotas; on the embedded target only."),
        step!(Given "an AWS account of its own that keeps every log" => account::own_with_logs,
            "an AWS account of its own that keeps every log",
            "The same with a trail, an export of delivery errors and a rule for SES events, each in a log group."),
        step!(Given "a user pool that verifies e-mail addresses with a code" => pools::plain,
            "a user pool that verifies e-mail addresses with a code",
            "A pool that takes any username and sends a code to the address at sign-up, with one app client."),
        step!(Given "a user pool that ignores capitals in usernames" => pools::ignoring_capitals,
            "a user pool that ignores capitals in usernames",
            "A pool for which Ada and ada are one user."),
        step!(Given "a user pool that respects capitals in usernames" => pools::respecting_capitals,
            "a user pool that respects capitals in usernames",
            "A pool for which Ada and ada are two users."),
        step!(Given "a user pool whose users sign in with their e-mail address" => pools::with_addresses_for_names,
            "a user pool whose users sign in with their e-mail address",
            "A pool with the address as username; Cognito stores a generated name."),
        step!(Given "a user pool with e-mail addresses as aliases" => pools::with_addresses_for_aliases,
            "a user pool with e-mail addresses as aliases",
            "A pool whose users have a name, and sign in by it or by their verified address."),
        step!(Given "an app client with a secret" => pools::client_with_secret,
            "an app client with a secret",
            "From now on requests go through an app client that has a secret."),
        step!(Given "a second app client of the pool" => pools::second_client,
            "a second app client of the pool",
            "An app client beside the first, for the steps that name it."),
        step!(Given "a new user {user}" => people::new_user,
            "a new user Ada",
            "A person with a fresh address, who has not signed up yet."),
        step!(Given "a new user {user} with a plus tag in the address" => people::new_user_with_tag,
            "a new user Ada with a plus tag in the address",
            "The same, with an address such as ada+tag@example.com."),
        step!(Given "a new user {user} with the address {address}" => people::new_user_with_address,
            "a new user Ada with the address \"ada@example.com\"",
            "The same, with an address of your choice that arrives in the inbox."),
    ]
}

#[rustfmt::skip]
fn when<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(When "{user} signs up(?: again)?" => sign_up::signs_up,
            "Ada signs up again",
            "Signs up with the address as username; a refusal fails the scenario."),
        step!(When "{user} signs up again after {seconds}" => sign_up::signs_up_after,
            "Ada signs up again after 2 seconds",
            "The same after a pause."),
        step!(When "{user} signs up again through the second app client" => sign_up::through_second_client,
            "Ada signs up again through the second app client",
            "The same through the other app client, which is used from now on."),
        step!(When "{user} signs up again with the address in capitals" => sign_up::in_capitals,
            "Ada signs up again with the address in capitals",
            "The same with the address in capitals, which is used from now on."),
        step!(When "{user} tries to sign up(?: again)?" => sign_up::tries,
            "Ada tries to sign up again",
            "Signs up where a refusal is expected; say which one in the next line."),
        step!(When "{user} tries to sign up again with the address in capitals" => sign_up::tries_in_capitals,
            "Ada tries to sign up again with the address in capitals",
            "The same with the address in capitals."),
        step!(When "{user} asks for another code" => sign_up::asks_for_another_code,
            "Ada asks for another code",
            "Has the verification mail sent again; a refusal fails the scenario."),
        step!(When "{user} confirms with the code of the latest mail" => confirm::with_latest,
            "Ada confirms with the code of the latest mail",
            "Confirms the sign-up; a refusal fails the scenario."),
        step!(When "{user} tries the code of the first mail" => confirm::tries_first,
            "Ada tries the code of the first mail",
            "Confirms with the first code where a refusal is expected."),
        step!(When "{user} tries a wrong code" => confirm::tries_wrong,
            "Ada tries a wrong code",
            "Confirms with a code that was never sent, where a refusal is expected."),
        step!(When "{user} tries the code of {other}" => confirm::tries_code_of,
            "Ada tries the code of Grace",
            "Confirms with another person's latest code, where a refusal is expected."),
        step!(When "an administrator confirms {user}" => confirm::by_administrator,
            "an administrator confirms Ada",
            "Confirms the user without a code."),
        step!(When "an administrator deletes {user}" => delete::by_administrator,
            "an administrator deletes Ada",
            "Deletes the user, if this run created it."),
        step!(When "{user} signs in and deletes the account" => delete::by_the_user,
            "Ada signs in and deletes the account",
            "Signs in with the password and deletes the user with the access token."),
        step!(When "{user} goes through {count} rounds of sign-up, mail, confirmation and deletion" => rounds::rounds,
            "Ada goes through 5 rounds of sign-up, mail, confirmation and deletion",
            "Each round demands a mail that differs from all before."),
    ]
}

#[rustfmt::skip]
fn then<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(Then "the service names the masked address of {user} as the destination" => state::destination_is_masked,
            "the service names the masked address of Ada as the destination",
            "The answer to the sign-up says EMAIL and an address such as a***@e***."),
        step!(Then "{user} receives a verification mail within {seconds}" => mails::receives,
            "Ada receives a verification mail within 60 seconds",
            "A mail arrives that was caused by the latest request, with a code in it."),
        step!(Then "{user} receives another, different verification mail within {seconds}" => mails::receives_another,
            "Ada receives another, different verification mail within 60 seconds",
            "The same, and its message id and code differ from those of all mails before."),
        step!(Then "{user} receives no mail within {seconds}" => mails::receives_none,
            "Ada receives no mail within 2 seconds",
            "No mail arrives that could be caused by the latest request."),
        step!(Then "all mails to {user} have different message ids and codes" => mails::all_differ,
            "all mails to Ada have different message ids and codes",
            "No two mails of the scenario are the same, and there are two at least."),
        step!(Then "the mail arrived within {seconds} of the request" => mail_checks::arrived_within,
            "the mail arrived within 10 seconds of the request",
            "The mail that was received last took no longer than that."),
        step!(Then "the mail follows the pool's template" => mail_checks::follows_template,
            "the mail follows the pool's template",
            "The text is the pool's template, or Cognito's if it has none, with a code or link put in."),
        step!(Then "the mail is sent by {address}" => mail_checks::is_sent_by,
            "the mail is sent by \"no-reply@example.com\"",
            "The address stands in the header From."),
        step!(Then "the mail's subject is {text}" => mail_checks::subject_is,
            "the mail's subject is \"Your verification code\"",
            "The decoded subject is this text."),
        step!(Then "the mail's subject contains {text}" => mail_checks::subject_contains,
            "the mail's subject contains \"verification\"",
            "The decoded subject has this text in it."),
        step!(Then "the mail passes {method}" => mail_checks::passes,
            "the mail passes DMARC",
            "The receiving host found SPF, DKIM or DMARC to pass; broken where nobody checked."),
        step!(Then "the mail is not marked as spam" => mail_checks::is_no_spam,
            "the mail is not marked as spam",
            "A filter of the receiving host says so; broken where no filter said anything."),
        step!(Then "the request is refused with {exception}" => state::refused_with,
            "the request is refused with CodeMismatchException",
            "The latest request that was tried was refused with this exception."),
        step!(Then "{user} is {status}" => state::has_status,
            "Ada is CONFIRMED",
            "The user has this status, as an administrator sees it."),
        step!(Then "the e-mail address of {user} is verified" => state::address_is_verified,
            "the e-mail address of Ada is verified",
            "The attribute email_verified is true."),
        step!(Then "the e-mail address of {user} is not verified" => state::address_is_not_verified,
            "the e-mail address of Ada is not verified",
            "The attribute email_verified is not true."),
        step!(Then "the pool has no user {user}" => state::does_not_exist,
            "the pool has no user Ada",
            "An administrator who looks for the user finds none."),
        step!(Then "{user} can sign in" => state::can_sign_in,
            "Ada can sign in",
            "The password brings tokens."),
        step!(Then "the accounts of {user} have different identifiers" => state::accounts_differ,
            "the accounts of Ada have different identifiers",
            "Each sign-up of the scenario brought another sub, and there are two at least."),
        step!(Then "the diagnosis is certain of {cause}" => why::certain_of,
            "the diagnosis is certain of auto-verify-off",
            "Of the latest mail that did not come as expected: this cause is proven, and no other."),
        step!(Then "the diagnosis is certain of {cause}, and then of {later}" => why::certain_of_both,
            "the diagnosis is certain of default-mail-daily-quota, and then of username-exists-unconfirmed-leftover",
            "The same where one cause brought about another: both are proven, in this order, and no third."),
        step!(Then "the diagnosis calls {cause} likely" => why::calls_likely,
            "the diagnosis calls gateway-quarantine likely",
            "No cause is proven, and this one comes first."),
        step!(Then "the diagnosis also notes {cause}" => why::notes,
            "the diagnosis also notes evidence-not-configured",
            "Beside its headline the verdict mentions this, as certain or likely."),
    ]
}

fn definitions<W: HasSession>() -> impl Iterator<Item = Definition<W>> {
    given().into_iter().chain(when()).chain(then())
}

/// Adds all steps to a collection of a World's own steps.
///
/// ```
/// use cucumber::World as _;
/// use reverify::steps;
/// use reverify::suite::ReverifyWorld;
///
/// let all = steps::register(ReverifyWorld::collection());
/// ```
pub fn register<W: HasSession>(steps: Collection<W>) -> Collection<W> {
    definitions::<W>().fold(steps, |steps, definition| {
        let place = Some(definition.location);
        // The table is tested: each of its patterns is an expression.
        let Ok(regex) = Regex::new(&args::expression(definition.entry.pattern)) else {
            return steps;
        };
        match definition.entry.kind {
            StepType::Given => steps.given(place, regex, definition.run),
            StepType::When => steps.when(place, regex, definition.run),
            StepType::Then => steps.then(place, regex, definition.run),
        }
    })
}

/// The steps for people, in the order of Given, When, Then.
pub fn catalogue() -> Vec<StepEntry> {
    let all = definitions::<Probe>();
    all.map(|definition| definition.entry).collect()
}

/// Whether a step stands in this table, and so records what it does.
pub fn is_ours(location: &Location) -> bool {
    location.path == file!()
}

/// A World of no use but to name the type of the table.
#[derive(Debug, Default, cucumber::World)]
struct Probe(Session);

impl HasSession for Probe {
    fn session(&mut self) -> &mut Session {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_example_matches_its_own_step_and_no_other() {
        let steps: Vec<_> = catalogue()
            .into_iter()
            .map(|entry| (Regex::new(&args::expression(entry.pattern)).unwrap(), entry))
            .collect();
        for (_, entry) in &steps {
            let same_kind = steps.iter().filter(|(_, other)| other.kind == entry.kind);
            let matching = same_kind.filter(|(regex, _)| regex.is_match(entry.example));
            let patterns: Vec<_> = matching.map(|(_, other)| other.pattern).collect();
            assert_eq!(patterns, [entry.pattern], "{}", entry.example);
        }
    }

    #[test]
    fn no_text_means_two_things() {
        let mut patterns = HashSet::new();
        for entry in catalogue() {
            assert!(patterns.insert(entry.pattern), "{} twice", entry.pattern);
            assert!(entry.meaning.ends_with('.'), "{}", entry.meaning);
        }
    }
}

//! The people of a scenario: their addresses, accounts and mails.

use std::collections::BTreeMap;

use super::args::{Args, BadArgument};
use super::session::{Attempt, Session, Setting};
use super::sign_in::SignInState;
use super::target::place;
use crate::cognito::NewUser;
use crate::diagnosis::FoundMail;
use crate::inbox::{Position, Watch};
use crate::mail::ConfirmLink;
use crate::model::{ConfirmationCode, EmailAddress, Secret, UserSub};
use crate::record::Failure;
use jiff::Timestamp;
use rand::Rng as _;
use rand::rngs::StdRng;

/// Random letters of a password: 62^16 are more than anybody tries.
const PASSWORD_LETTERS: usize = 16;

/// Somebody who signs up.
pub(super) struct Person {
    /// The address, and the username too, unless there is one.
    pub(super) address: EmailAddress,
    /// The username of the next request, where it is not the address.
    pub(super) own_username: Option<String>,
    /// The phone number that a sign-up gives.
    pub(super) phone_number: Option<String>,
    /// Further attributes that a sign-up gives, by name.
    pub(super) attributes: BTreeMap<String, String>,
    /// The addresses before the present one, in order.
    pub(super) former_addresses: Vec<EmailAddress>,
    pub(super) password: Secret<String>,
    /// The passwords before the present one, in order.
    pub(super) former_passwords: Vec<Secret<String>>,
    /// The passwords that an administrator gave, or an invitation brought, in order.
    pub(super) temporary_passwords: Vec<Secret<String>>,
    /// Each account that a sign-up of this scenario brought, in order.
    pub(super) accounts: Vec<Account>,
    /// Each mail that was received, in order.
    pub(super) mails: Vec<ReceivedMail>,
    /// Each mail that came for the person, read or not, with the number of the request before it.
    pub(super) found: Vec<(usize, FoundMail)>,
    /// The place in `found` of the mail whose code was tried last, where it was not the latest.
    pub(super) tried: Option<usize>,
    /// How many requests were made that send the person a mail.
    pub(super) requests: usize,
    /// Where the inbox was before the first request, and when that was by this machine's clock.
    pub(super) first_asked: Option<(Position, Timestamp)>,
    /// The wait that began before the latest request.
    pub(super) waiting: Option<Waiting>,
    /// How far the latest sign-in got.
    pub(super) sign_in: SignInState,
}

/// A user in the pool.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) username: String,
    pub(super) sub: UserSub,
}

impl Person {
    /// By what the pool surely knows an account of this person's: its `sub` once the address changed,
    /// since in a pool with addresses for usernames nobody has the former one.
    pub(super) fn known_as<'a>(&self, account: &'a Account) -> &'a str {
        if self.former_addresses.is_empty() {
            &account.username
        } else {
            account.sub.as_str()
        }
    }
}

/// A mail that was received and a code read from it.
#[derive(Clone)]
pub(super) struct ReceivedMail {
    pub(super) message_id: Option<String>,
    pub(super) code: ConfirmationCode,
    /// The link that it has in place of a bare code.
    pub(super) link: Option<ConfirmLink>,
    pub(super) received_at: Timestamp,
}

/// The inbox as it was before a request, and the moment of the request.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) watch: Watch,
    pub(super) requested: Timestamp,
    pub(super) request: &'static str,
    /// Whether a step waited for the mail in vain.
    pub(super) missed: bool,
    /// Whether the answer is known to nobody but an application that hides it.
    pub(super) answer_hidden: bool,
}

impl Person {
    /// The latest account, deleted or not.
    pub(super) fn account(&self, name: &str) -> Result<&Account, Failure> {
        self.accounts.last().ok_or_else(|| {
            Failure::broken(format!("{name} has not signed up in this scenario"))
                .help(format!("write before it: When {name} signs up"))
        })
    }

    /// Every name that calls about the person may go by.
    pub(super) fn names(&self) -> Vec<String> {
        let accounts = self.accounts.iter();
        let own = accounts.flat_map(|one| [one.username.clone(), one.sub.to_string()]);
        own.chain([self.address.to_string(), self.username()])
            .collect()
    }

    /// Whether a sign-up gives this attribute.
    pub(super) fn gives(&self, attribute: &str) -> bool {
        let number = attribute == "phone_number" && self.phone_number.is_some();
        number || self.attributes.contains_key(attribute)
    }

    /// The user that a sign-up asks for.
    pub(super) fn as_new_user(&self, with_address: bool) -> NewUser {
        let user = NewUser::new(self.username());
        let given = self.attributes.iter();
        let user = given.fold(user, |user, (name, value)| user.attribute(name, value));
        let user = match &self.phone_number {
            Some(number) => user.attribute("phone_number", number),
            None => user,
        };
        if with_address {
            user.attribute("email", self.address.as_str())
        } else {
            user
        }
    }

    /// The username of the next request.
    pub(super) fn username(&self) -> String {
        let own = self.own_username.clone();
        own.unwrap_or_else(|| self.address.to_string())
    }

    /// Notes a mail that was taken for the awaited one, with the code that was read from it.
    pub(super) fn note_found(&mut self, found: FoundMail, code: Option<&ConfirmationCode>) {
        let same = |earlier: &ReceivedMail| {
            let same_id = earlier.message_id.is_some() && earlier.message_id == found.message_id;
            same_id || code == Some(&earlier.code)
        };
        let mail = FoundMail {
            used: true,
            repeats_earlier: self.mails.iter().any(same),
            ..found
        };
        self.found.push((self.requests, mail));
    }

    /// The mails that came so far, as seen from the latest request.
    pub(super) fn found_mails(&self) -> Vec<FoundMail> {
        let found = self.found.iter().enumerate();
        let seen = found.map(|(place, (request, mail))| {
            let is_of_latest = *request == self.requests;
            FoundMail {
                after_position: is_of_latest,
                used: (is_of_latest && mail.used) || self.tried == Some(place),
                ..mail.clone()
            }
        });
        seen.collect()
    }

    pub(super) fn latest_mail(&self, name: &str) -> Result<&ReceivedMail, Failure> {
        self.mails.last().ok_or_else(|| no_mail_yet(name))
    }

    pub(super) fn first_mail(&self, name: &str) -> Result<&ReceivedMail, Failure> {
        self.mails.first().ok_or_else(|| no_mail_yet(name))
    }
}

fn no_mail_yet(name: &str) -> Failure {
    Failure::broken(format!("{name} has received no mail in this scenario")).help(format!(
        "write before it: Then {name} receives a verification mail within 60 seconds"
    ))
}

pub(super) async fn new_user(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let address = fresh_address(attempt, name)?;
    introduce(attempt, name, address)
}

pub(super) async fn new_user_with_phone(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, number, attempt) = (args.user()?, args.quoted()?.to_owned(), s.attempt()?);
    let address = fresh_address(attempt, name)?;
    introduce(attempt, name, address)?;
    attempt.person(name)?.phone_number = Some(number);
    Ok(())
}

pub(super) async fn new_user_with_name(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let username = own_name(attempt, args.quoted()?);
    let address = fresh_address(attempt, name)?;
    introduce(attempt, name, address)?;
    attempt.person(name)?.own_username = Some(username);
    Ok(())
}

/// A name that a feature writes, as the pool gets it: one that was there before may have a user of this
/// name, or get one by another run.
pub(super) fn own_name(attempt: &Attempt, name: &str) -> String {
    let Setting {
        run,
        target,
        recorder,
        ..
    } = &attempt.setting;
    if target.pool.is_none() {
        return name.to_owned();
    }
    let (place, number) = (place(recorder.scenario()), recorder.attempt());
    format!("{name}-{run}-{place}-{number}")
}

pub(super) async fn new_user_with_tag(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let address = fresh_address(attempt, name)?.tagged("verify");
    introduce(attempt, name, address)
}

pub(super) async fn new_user_with_address(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, address) = (args.user()?, args.address()?);
    introduce_given(s.attempt()?, name, address)
}

pub(super) async fn new_user_at_domain(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, domain, attempt) = (args.user()?, args.domain()?, s.attempt()?);
    let fresh = fresh_address(attempt, name)?;
    let address = format!("{}@{domain}", fresh.local_part()).parse::<EmailAddress>();
    let address = address.map_err(|error| Failure::broken(error.to_string()))?;
    introduce(attempt, name, address)
}

/// Adds a person, with a fresh address unless one is given.
pub(super) fn introduce_new(
    attempt: &mut Attempt,
    name: &str,
    address: Option<EmailAddress>,
) -> Result<(), Failure> {
    let Some(address) = address else {
        let address = fresh_address(attempt, name)?;
        return introduce(attempt, name, address);
    };
    introduce_given(attempt, name, address)
}

/// Adds a person with an address that the scenario names: no other attempt may wait for mails there, for
/// those of this one may still come.
fn introduce_given(
    attempt: &mut Attempt,
    name: &str,
    address: EmailAddress,
) -> Result<(), Failure> {
    // In an account of its own the attempt is alone with all its addresses.
    if attempt.keeper.is_none() {
        if attempt.setting.recorder.scenario().repetition().is_some() {
            let text = format!(
                "{address} is the address of every repetition, so that one could take \
                                another's mail for its own"
            );
            return Err(Failure::broken(text).help(format!(
                "write a fresh one, such as: Given a new user {name} with an address at \"{}\"",
                address.domain()
            )));
        }
        attempt.given_addresses.push(address.clone());
    }
    introduce(attempt, name, address)
}

/// An address of the attempt's own.
pub(super) fn fresh_address(attempt: &Attempt, name: &str) -> Result<EmailAddress, BadArgument> {
    let Setting {
        run,
        target,
        recorder,
        ..
    } = &attempt.setting;
    let (scenario, number) = (recorder.scenario(), recorder.attempt());
    let address = target.addresses.address(name, run, scenario, number);
    address.map_err(|error| BadArgument {
        reason: format!("{error}; choose a shorter name for {name} or for the feature file"),
    })
}

/// Adds somebody to the scenario.
pub(super) fn introduce(
    attempt: &mut Attempt,
    name: &str,
    address: EmailAddress,
) -> Result<(), Failure> {
    if attempt.people.contains_key(name) {
        let twice = format!("{name} is introduced twice in this scenario");
        return Err(Failure::broken(twice).help("give the second person another name"));
    }
    let password = password(&mut attempt.setting.random);
    attempt.setting.recorder.run().hide(&password, "password");
    let person = Person {
        address,
        own_username: None,
        phone_number: None,
        attributes: BTreeMap::new(),
        former_addresses: Vec::new(),
        password,
        former_passwords: Vec::new(),
        temporary_passwords: Vec::new(),
        accounts: Vec::new(),
        mails: Vec::new(),
        found: Vec::new(),
        tried: None,
        requests: 0,
        first_asked: None,
        waiting: None,
        sign_in: SignInState::default(),
    };
    attempt.people.insert(name.to_owned(), person);
    Ok(())
}

/// A password that satisfies the strictest policy that a pool can have, 20 characters long.
pub(super) fn password(random: &mut StdRng) -> Secret<String> {
    let letters =
        (0..PASSWORD_LETTERS).map(|_| char::from(random.sample(rand::distr::Alphanumeric)));
    Secret::new(letters.chain("aA1!".chars()).collect())
}

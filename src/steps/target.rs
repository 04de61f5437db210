//! What is tested.

use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::time::Duration;

use crate::cognito::{AppClient, Client, LogGroups, SesClient};
use crate::control;
use crate::diagnosis::{LogPlaces, Sources};
use crate::inbox::Inbox;
use crate::model::{
    Budget, EmailAddress, InvalidAddress, Permissions, RunId, ScenarioId, UserPoolId,
};
use crate::record::TargetInfo;

/// A Cognito endpoint, the inbox in which its mails arrive, and the addresses to use there.
pub struct Target {
    /// The name by which it is chosen and reported.
    pub name: String,
    /// Where it is, for people.
    pub place: String,
    /// The way to its user pools.
    pub cognito: Client,
    /// The pool that scenarios are to test. Without one each makes a pool for itself, which only an
    /// emulator is asked to do.
    pub pool: Option<FixedPool>,
    /// The way to its mails.
    pub inbox: Arc<dyn Inbox>,
    /// The addresses that arrive in the inbox.
    pub addresses: AddressTemplate,
    /// Who is asked why a mail did not come; without them a verdict rests on what the run itself saw.
    pub sources: Option<Sources>,
    /// Whether it is an emulator.
    pub emulated: bool,
    /// The region in its ids and ARNs.
    pub region: String,
    /// What is around its pools, where a scenario may change that.
    pub surroundings: Option<Arc<Surroundings>>,
    /// How long a diagnosis may wait for the mail of a control experiment: a sign-up of its own with a
    /// fresh address of the same mailbox. None where the target allows no such sign-up.
    pub control_mail: Option<Duration>,
    /// For how long no mail has to come before a step says that none comes, however short the step is:
    /// as long as mails take there. None where they are there before the request is answered.
    pub silence_min: Duration,
    /// The host whose `Authentication-Results` count, as it names itself there (the authserv-id of
    /// RFC 8601). Without it those of the host that wrote the topmost ones do.
    pub receiver: Option<String>,
    /// What may be done there.
    pub allowed: Permissions,
    /// How much it may be asked for.
    pub budget: Budget,
}

/// A user pool that was there before and stays.
///
/// Scenarios use it as it is: what a `Given` says of it is checked and not set up, and a scenario for
/// which it does not hold is not applicable. Of its users they delete those alone that they created.
#[derive(Debug, Clone)]
pub struct FixedPool {
    /// The pool.
    pub id: UserPoolId,
    /// The app client of that pool through which requests go, with its secret if it has one.
    pub client: AppClient,
}

/// What an emulator lets a scenario change, and AWS would not: everything around a user pool.
pub struct Surroundings {
    /// Faults, the clock, functions.
    pub control: control::Client,
    /// SES.
    pub ses: SesClient,
    /// CloudWatch's log groups.
    pub log_groups: LogGroups,
    /// A key of KMS, an ARN, under which codes for custom senders can be encrypted.
    pub kms_key: String,
    /// Accounts in which a scenario is alone.
    pub accounts: Arc<dyn Accounts>,
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings")
            .field("control", &self.control)
            .finish_non_exhaustive()
    }
}

/// Opens AWS accounts in which a scenario is alone, so that it may pause SES or move the clock.
pub trait Accounts: Send + Sync {
    /// A target with nothing in it, whose logs are at these places.
    ///
    /// It blocks for some milliseconds.
    ///
    /// # Errors
    ///
    /// When the system refuses threads or ports.
    fn open(&self, places: LogPlaces) -> Result<OwnAccount, NoAccount>;
}

/// A target of a scenario's own.
pub struct OwnAccount {
    /// The target.
    pub target: Target,
    /// Closes the account when it is dropped.
    pub keeper: Box<dyn Send>,
}

/// Why an account was not opened.
#[derive(Debug, thiserror::Error)]
#[error("no account could be opened for the scenario alone: {reason}")]
pub struct NoAccount {
    /// The reason.
    pub reason: String,
}

impl Target {
    /// What mails and sign-ups are counted for: the pool, whatever its targets are called, or the name
    /// where scenarios make pools of their own.
    pub fn counted_as(&self) -> &str {
        let pool = self.pool.as_ref();
        pool.map_or(&self.name, |pool| pool.id.as_str())
    }

    /// The target as a record describes it.
    pub fn info(&self) -> TargetInfo {
        TargetInfo {
            name: self.name.clone(),
            place: self.place.clone(),
            inbox: self.inbox.describe(),
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("name", &self.name)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// Makes an address of its own for each person of each attempt, so that a late mail of an earlier
/// attempt can never be taken for this one's.
///
/// ```
/// use reverify::model::{RunId, ScenarioId};
/// use reverify::steps::AddressTemplate;
///
/// let template = AddressTemplate::new("{person}.{run}.{scenario}.{attempt}@mail.test")?;
/// let scenario = ScenarioId::new("features/sign_up.feature", 9);
/// let ada = template.address("Ada", &RunId::new("7f3c"), &scenario, 1)?;
/// assert_eq!(ada.as_str(), "ada.7f3c.sign-up-9.1@mail.test");
/// # Ok::<(), reverify::steps::InvalidTemplate>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressTemplate(String);

/// What tells one address from another. Without one of them two people, or a late mail and the one
/// that is waited for, would share an address.
const PLACEHOLDERS: [&str; 4] = ["{person}", "{run}", "{scenario}", "{attempt}"];

/// Why a template cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTemplate {
    /// It makes no address.
    #[error(transparent)]
    Address(#[from] InvalidAddress),
    /// It makes the same address twice.
    #[error(
        "`{template}` lacks {missing}, so two attempts could share an address; write for example \
         `qa+{{person}}.{{run}}.{{scenario}}.{{attempt}}@example.com`"
    )]
    NotUnique {
        /// The template.
        template: String,
        /// The placeholder that it lacks.
        missing: &'static str,
    },
}

impl AddressTemplate {
    /// Takes a template with `{person}`, `{run}`, `{scenario}` and `{attempt}` in it.
    ///
    /// # Errors
    ///
    /// When it lacks one of them, or would not make an address.
    pub fn new(template: impl Into<String>) -> Result<Self, InvalidTemplate> {
        let template = Self(template.into());
        let lacks = |name: &&&str| !template.0.contains(**name);
        if let Some(missing) = PLACEHOLDERS.iter().find(lacks) {
            return Err(InvalidTemplate::NotUnique {
                missing,
                template: template.0,
            });
        }
        let example = ScenarioId::new("features/example.feature", 1);
        template.address("Ada", &RunId::new("0000"), &example, 1)?;
        Ok(template)
    }

    /// The address of a person in an attempt.
    ///
    /// # Errors
    ///
    /// When the person's name or the feature's makes it too long.
    pub fn address(
        &self,
        person: &str,
        run: &RunId,
        scenario: &ScenarioId,
        attempt: u32,
    ) -> Result<EmailAddress, InvalidAddress> {
        let place = place(scenario);
        self.0
            .replace("{person}", &word(person, capitalised))
            .replace("{run}", run.as_str())
            .replace("{scenario}", &place)
            .replace("{attempt}", &attempt.to_string())
            .parse()
    }
}

/// `sign-up-9`, or `sign-up-9r2` where it is repeated; files of the same name in other folders than `features` get some digits more.
pub(super) fn place(scenario: &ScenarioId) -> String {
    let path = scenario.feature();
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.strip_suffix(".feature").unwrap_or(file);
    let repetition = scenario.repetition();
    let repetition = repetition.map_or_else(String::new, |number| format!("r{number}"));
    let stem = word(stem, |slug| slug.replace('-', "_"));
    let short = format!("{stem}-{}{repetition}", scenario.line());
    if folder.is_empty() || folder == "features" {
        return short;
    }
    format!("{short}-{}", digits(folder))
}

/// A text as a part of an address. `usual` is how people write what a slug stands for: other texts may have
/// the same slug, and get six digits more that tell them apart.
fn word(text: &str, usual: impl Fn(&str) -> String) -> String {
    let slug = slug(text);
    if usual(&slug) == text {
        slug
    } else {
        format!("{slug}-{}", digits(text))
    }
}

/// `ada` as `Ada`.
fn capitalised(slug: &str) -> String {
    let mut chars = slug.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

/// Six digits that hardly any other text has.
fn digits(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:06x}", hasher.finish() & 0x00ff_ffff)
}

/// Small letters and digits with hyphens between; what else a name may hold has no place in an
/// address that every mail system takes.
fn slug(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        "x".to_owned()
    } else {
        words.join("-")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_scenarios_share_an_address() {
        let template =
            AddressTemplate::new("{person}.{run}.{scenario}.{attempt}@mail.test").unwrap();
        let run = RunId::new("7f3c");
        let address = |feature: &str, line, attempt| {
            let scenario = ScenarioId::new(feature, line);
            template.address("Ada", &run, &scenario, attempt).unwrap()
        };
        let scenario = ScenarioId::new("features/a.feature", 3);
        let of = |person: &str| template.address(person, &run, &scenario, 1).unwrap();
        let repeated = ScenarioId::new("features/a.feature", 3).repeated(2);
        let all = [
            template.address("Ada", &run, &repeated, 1).unwrap(),
            address("features/a.feature", 3, 1),
            address("features/a.feature", 4, 1),
            address("features/a.feature", 3, 2),
            address("one/a.feature", 3, 1),
            address("other/a.feature", 3, 1),
            address("features/sign_up.feature", 3, 1),
            address("features/sign-up.feature", 3, 1),
            address("features/登録.feature", 3, 1),
            address("features/вход.feature", 3, 1),
            of("ADA"),
            of("Ádá"),
            of("花子"),
            of("Иван"),
            of("Mary-Ann"),
            of("Mary_Ann"),
        ];
        let different: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len(), "{all:?}");
        // What people usually write stays as short as it can be.
        assert_eq!(all[1].local_part(), "ada.7f3c.a-3.1");
        let sign_up = address("features/sign_up.feature", 3, 1);
        assert_eq!(sign_up.local_part(), "ada.7f3c.sign-up-3.1");
    }

    #[test]
    fn a_template_that_makes_no_address_is_refused() {
        for bad in [
            "{person}.{run}.{scenario}.{attempt}",
            "@{person}.{run}.{scenario}.{attempt}.test",
            "{person}.{run}.{scenario}.{attempt}@",
            "{person} {run}.{scenario}.{attempt}@mail.test",
            // Two attempts, runs, scenarios or people would share an address.
            "{person}.{run}.{scenario}@mail.test",
            "{person}.{scenario}.{attempt}@mail.test",
            "{person}.{run}.{attempt}@mail.test",
            "{run}.{scenario}.{attempt}@mail.test",
        ] {
            assert!(AddressTemplate::new(bad).is_err(), "{bad}");
        }
    }
}

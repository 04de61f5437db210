//! What a target is like before anybody signs up: what will keep mails away, and what a diagnosis
//! could not see.

use super::causes::by_id;
use super::evidence::{Evidence, Gap, PoolSettings, Source, SourceName};
use super::finding::Confidence;
use super::verdict::Verdict;

/// Mails a day of Cognito's own sender, for the whole account (Cognito quotas).
const DEFAULT_SENDER_MAILS_A_DAY: u32 = 50;
/// A day's share of SES's quota at which a run may use up the rest.
const QUOTA_SHARE_MAX: f64 = 0.8;

/// Causes that cannot be known before a mail is missing, although a rule may call them likely.
const NEED_A_MISSING_MAIL: [&str; 2] = ["gateway-quarantine", "filter-moved-or-deleted"];

/// One line of a check-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was looked at.
    pub subject: String,
    /// How it is.
    pub state: CheckState,
    /// What was found.
    pub text: String,
    /// What to do about it.
    pub remedy: Option<String>,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckState {
    /// As it should be.
    Good,
    /// It works, within limits that a person should know.
    Limited,
    /// A diagnosis will not see it.
    Unseen,
    /// It keeps mails away.
    Wrong,
}

/// Looks at a target's evidence, in which no mail was asked for yet.
///
/// ```
/// use reverify::diagnosis::{Case, CheckState, Evidence, Trouble, checkup};
/// use reverify::model::UserPoolId;
///
/// let nothing_read = Evidence::of(Case {
///     address: "ada@example.com".parse()?,
///     trouble: Trouble::Missing,
///     user_pool_id: UserPoolId::new("eu-west-1_AbCdEfGhI"),
///     client_id: None,
///     request: None,
///     since: "2026-03-01T12:00:00Z".parse()?,
///     until: "2026-03-01T12:05:00Z".parse()?,
///     emulated: false,
/// });
/// let checks = checkup(&nothing_read);
/// assert_eq!((checks[0].subject.as_str(), checks[0].state), ("user pool", CheckState::Wrong));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn checkup(evidence: &Evidence) -> Vec<Check> {
    let mut checks = vec![pool(evidence)];
    if evidence.pool_now().is_none() {
        // Everything else hangs on the pool.
        checks.extend(inbox(evidence));
        return checks;
    }
    checks.extend(client(evidence));
    let settings = evidence.pool_now();
    checks.extend(settings.map(|settings| sender(evidence, settings)));
    if settings.is_some_and(PoolSettings::sends_by_own_ses) {
        checks.push(ses_account(evidence));
    }
    checks.extend(problems(evidence));
    checks.extend(unseen(evidence));
    checks.extend(inbox(evidence));
    checks
}

fn check(subject: &str, state: CheckState, text: impl Into<String>) -> Check {
    Check {
        subject: subject.to_owned(),
        state,
        text: text.into(),
        remedy: None,
    }
}

fn blind(subject: &str, state: CheckState, gap: Gap) -> Check {
    Check {
        remedy: gap.remedy,
        ..check(subject, state, gap.why)
    }
}

/// Without the pool nothing can be tested.
fn pool(evidence: &Evidence) -> Check {
    if let Err(gap) = evidence.pool.need(SourceName::UserPool) {
        return blind("user pool", CheckState::Wrong, gap);
    }
    let Some(settings) = evidence.pool_now() else {
        return check("user pool", CheckState::Wrong, "its settings are empty");
    };
    let way = if settings.confirms_by_link {
        "a link"
    } else {
        "a code"
    };
    let names = if settings.email_is_username() {
        "addresses are usernames"
    } else if settings.email_is_alias() {
        "addresses are aliases"
    } else {
        "usernames are free"
    };
    let text = if settings.verifies_email() {
        format!("verifies addresses with {way}; {names}")
    } else {
        format!("does not verify addresses; {names}")
    };
    check("user pool", CheckState::Good, text)
}

fn client(evidence: &Evidence) -> Option<Check> {
    if evidence.client == Source::NotAsked {
        return None;
    }
    let client = match evidence.client.need(SourceName::AppClient) {
        Ok(client) => client,
        Err(gap) => return Some(blind("app client", CheckState::Unseen, gap)),
    };
    let own = &evidence.case.user_pool_id;
    if client.user_pool_id.as_ref().is_some_and(|pool| pool != own) {
        let text = "it belongs to another user pool";
        return Some(check("app client", CheckState::Wrong, text));
    }
    let secret = if client.has_secret {
        "has a secret"
    } else {
        "has no secret"
    };
    Some(if client.hides_users {
        let text = format!(
            "{secret}; promises codes for users who do not exist (PreventUserExistenceErrors)"
        );
        check("app client", CheckState::Limited, text)
    } else {
        check("app client", CheckState::Good, secret)
    })
}

fn sender(evidence: &Evidence, settings: &PoolSettings) -> Check {
    if settings.has_custom_sender() {
        let text = "a CustomEmailSender function mails; only its own log tells what becomes of it";
        return check("sender", CheckState::Limited, text);
    }
    if settings.sends_by_default() {
        return Check {
            remedy: Some("send through an SES identity of your own".to_owned()),
            ..check(
                "sender",
                CheckState::Limited,
                format!(
                    "Cognito's own: {DEFAULT_SENDER_MAILS_A_DAY} mails a day for the whole \
                     account, and nothing of SES can be seen"
                ),
            )
        };
    }
    let arn = settings.email.source_arn.as_deref().unwrap_or("no ARN");
    match evidence.ses.sender.need(SourceName::SesSender) {
        Ok(Some(identity)) if identity.verified => {
            let text = format!("the SES identity {}, verified", identity.name);
            check("sender", CheckState::Good, text)
        }
        Ok(Some(identity)) => {
            let text = format!("the SES identity {} is {}", identity.name, identity.status);
            check("sender", CheckState::Wrong, text)
        }
        Ok(None) => {
            let text = format!("there is no such SES identity: {arn}");
            check("sender", CheckState::Wrong, text)
        }
        Err(gap) => blind("sender", CheckState::Unseen, gap),
    }
}

fn ses_account(evidence: &Evidence) -> Check {
    let account = match evidence.ses.account.need(SourceName::SesAccount) {
        Ok(account) => account,
        Err(gap) => return blind("SES account", CheckState::Unseen, gap),
    };
    let unlimited = account.max_24_hours < 0;
    let quota = if unlimited {
        "no daily quota".to_owned()
    } else {
        format!(
            "{} of {} mails sent in 24 hours",
            account.sent_24_hours, account.max_24_hours
        )
    };
    #[expect(clippy::cast_precision_loss, reason = "a share of some thousands")]
    let share = account.sent_24_hours as f64 / account.max_24_hours.max(1) as f64;
    let state = if !account.production_access || (!unlimited && share > QUOTA_SHARE_MAX) {
        CheckState::Limited
    } else {
        CheckState::Good
    };
    let text = if account.production_access {
        quota
    } else {
        format!("in the sandbox, mails to verified addresses only; {quota}")
    };
    check("SES account", state, text)
}

/// What the rules of the causes find in the settings as they are.
fn problems(evidence: &Evidence) -> Vec<Check> {
    let verdict = Verdict::of(evidence);
    let sure = [Confidence::Certain, Confidence::Likely];
    let findings = sure
        .iter()
        .flat_map(|confidence| verdict.explaining(*confidence));
    let known = findings.filter(|finding| !NEED_A_MISSING_MAIL.contains(&finding.cause.id));
    known
        .map(|finding| {
            let proof = finding.opinion.proof.iter().map(|fact| fact.text.as_str());
            let proof = proof.collect::<Vec<_>>().join("; ");
            Check {
                remedy: by_id(finding.cause.id).map(|cause| cause.fix.to_owned()),
                ..check(
                    finding.cause.id,
                    CheckState::Wrong,
                    format!("{}: {proof}", finding.cause.title),
                )
            }
        })
        .collect()
}

/// Places that a diagnosis will ask in vain.
fn unseen(evidence: &Evidence) -> Vec<Check> {
    let shown_already = [
        SourceName::UserPool,
        SourceName::AppClient,
        SourceName::SesAccount,
        SourceName::SesSender,
        SourceName::Inbox,
    ];
    let outcomes = evidence.outcomes().into_iter();
    let others = outcomes.filter(|(source, _)| !shown_already.contains(source));
    others
        .filter(|(_, outcome)| *outcome != Source::NotAsked)
        .map(|(source, outcome)| match outcome.need(source) {
            Ok(()) => check(&source.to_string(), CheckState::Good, "can be read"),
            Err(gap) => blind(&source.to_string(), CheckState::Unseen, gap),
        })
        .collect()
}

fn inbox(evidence: &Evidence) -> Vec<Check> {
    let read = match evidence.inbox.mails.need(SourceName::Inbox) {
        Ok(mails) => {
            let text = format!("can be read; {} mails for the address", mails.len());
            check("inbox", CheckState::Good, text)
        }
        Err(gap) => {
            let is_named = !matches!(
                evidence.inbox.mails,
                Source::NotAsked | Source::NotConfigured { .. }
            );
            let state = if is_named {
                CheckState::Wrong
            } else {
                CheckState::Unseen
            };
            blind("inbox", state, gap)
        }
    };
    let probe = match &evidence.inbox.probe_arrived {
        Source::Read { found: true } => Some(check(
            "probe mail",
            CheckState::Good,
            "it arrived in the inbox",
        )),
        Source::Read { found: false } => Some(Check {
            remedy: Some("correct the inbox or the address template".to_owned()),
            ..check(
                "probe mail",
                CheckState::Wrong,
                "it was sent to the address and did not arrive in the inbox",
            )
        }),
        Source::NotAsked => None,
        other => {
            let gap = other.need(SourceName::ProbeMail).err();
            gap.map(|gap| blind("probe mail", CheckState::Unseen, gap))
        }
    };
    [Some(read), probe].into_iter().flatten().collect()
}

//! Steps about what the latest mail of the scenario says, and what its delivery told.

use std::time::Duration;

use super::args::Args;
use super::mail_facts::TemplateUse;
use super::mails::shown;
use super::session::{Attempt, Session};
use crate::mail::{Delivery, Verdict};
use crate::record::Failure;

/// The mail that a step received last, with or without a code. It may hold one, so it has no `Debug`.
pub(super) struct LatestMail {
    pub(super) subject: Option<String>,
    /// What a person reads.
    pub(super) text: String,
    pub(super) delivery: Delivery,
    pub(super) template: TemplateUse,
    /// How long after the request that caused it it arrived.
    pub(super) took: Duration,
}

/// How much of a mail is shown when it does not say what it should.
const TEXT_SHOWN_CHARS_MAX: usize = 200;

pub(super) async fn passes(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, method) = args.method()?;
    let attempt = session.attempt()?;
    let receiver = attempt.setting.target.receiver.as_deref();
    let delivery = &latest(attempt)?.delivery;
    let Some(host) = delivery.checked_by(receiver) else {
        let whose = receiver.map_or_else(String::new, |host| format!(" of {host}"));
        let text = format!("nobody checked the sender: there are no Authentication-Results{whose}");
        return Err(Failure::broken(text).help(NOBODY_CHECKED_HELP));
    };
    let said_by = if host.is_empty() {
        "the receiver"
    } else {
        host
    };
    let Some(verdict) = delivery.verdict(method, receiver) else {
        let text = format!("{said_by} checked the sender, but not by {name}");
        return Err(Failure::broken(text).help(NOBODY_CHECKED_HELP));
    };
    let text = format!("{said_by} says of {name}: {}", verdict.as_str());
    let failure = match verdict {
        Verdict::Pass => return Ok(()),
        // It would have to ask again, so nothing is known.
        Verdict::TempError => Failure::broken(text),
        _ => Failure::failed(text),
    };
    let from = delivery.from.iter().map(shown).collect::<Vec<_>>();
    let path = delivery.return_path.as_deref().unwrap_or("nobody");
    Err(failure.seen(format!(
        "it is from {}, and bounces go to {path}",
        from.join(", ")
    )))
}

/// What can be done about a sender that nobody checked.
const NOBODY_CHECKED_HELP: &str =
    "read the mail from a mailbox whose host checks senders; an SMTP sink on loopback cannot";

pub(super) async fn is_sent_by(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let address = args.address()?;
    let mail = latest(session.attempt()?)?;
    if mail
        .delivery
        .from
        .iter()
        .any(|from| from.address.same_mailbox(&address))
    {
        return Ok(());
    }
    let from: Vec<_> = mail.delivery.from.iter().map(shown).collect();
    let text = if from.is_empty() {
        format!("the mail names no sender, and not {address}")
    } else {
        format!("the mail is sent by {}, not by {address}", from.join(", "))
    };
    Err(Failure::failed(text).help("see EmailConfiguration of the pool: From, and SourceArn"))
}

pub(super) async fn subject_is(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    check_subject(session, args, "not", |subject, expected| {
        subject == expected
    })
}

pub(super) async fn subject_contains(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    check_subject(s, args, "without", |subject, expected| {
        subject.contains(expected)
    })
}

pub(super) async fn says(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (expected, mail) = (args.quoted()?, latest(session.attempt()?)?);
    if mail.text.contains(expected) {
        return Ok(());
    }
    let text = format!("the mail does not say {expected:?}");
    Err(Failure::failed(text).seen(beginning(mail)))
}

pub(super) async fn does_not_say(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (unwanted, mail) = (args.quoted()?, latest(session.attempt()?)?);
    if !mail.text.contains(unwanted) {
        return Ok(());
    }
    let text = format!("the mail says {unwanted:?}");
    Err(Failure::failed(text).seen(beginning(mail)))
}

/// How a mail begins; the recorder hides its code.
fn beginning(mail: &LatestMail) -> String {
    let text: String = mail
        .text
        .trim()
        .chars()
        .take(TEXT_SHOWN_CHARS_MAX)
        .collect();
    format!("it begins: {text:?}")
}

fn check_subject(
    session: &mut Session,
    args: &Args<'_>,
    but: &str,
    holds: impl Fn(&str, &str) -> bool,
) -> Result<(), Failure> {
    let expected = args.quoted()?;
    let text = match &latest(session.attempt()?)?.subject {
        Some(subject) if holds(subject, expected) => return Ok(()),
        Some(subject) => format!("the mail's subject is {subject:?}, {but} {expected:?}"),
        None => "the mail has no subject".to_owned(),
    };
    Err(Failure::failed(text))
}

pub(super) async fn follows_template(s: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let mail = latest(s.attempt()?)?;
    let subject = mail.subject.as_deref().unwrap_or_default();
    match (&mail.template, mail.template.deviation()) {
        (TemplateUse::Unknown, _) => {
            let text = "no template is known with which this mail could be compared";
            Err(Failure::broken(text).help(
                "give the pool a verification text of its own, with {####} or {##link text##} in it; \
                 invitations are not compared",
            ))
        }
        (_, None) => Ok(()),
        // Cognito's own text is not known for certain.
        (TemplateUse::NotCognitosText, Some(text)) => {
            Err(Failure::broken(text).help("give the pool a template of its own"))
        }
        (_, Some(text)) => Err(Failure::failed(text)
            .seen(format!("its subject: {subject}"))
            .help("look at LambdaConfig of the pool: CustomMessage, CustomEmailSender")),
    }
}

pub(super) async fn arrived_within(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let time = args.seconds()?;
    let mail = latest(session.attempt()?)?;
    if mail.took <= time {
        return Ok(());
    }
    let (took, limit) = (mail.took.as_secs_f64(), time.as_secs_f64());
    let text = format!("the mail arrived {took:.1} s after the request, not within {limit} s");
    Err(Failure::failed(text))
}

pub(super) async fn is_no_spam(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let signs = &latest(session.attempt()?)?.delivery.spam;
    if let Some(sign) = signs.iter().find(|sign| sign.is_spam == Some(true)) {
        let text = format!("a filter marks the mail as spam by {}", sign.header);
        return Err(Failure::failed(text));
    }
    if signs.iter().all(|sign| sign.is_spam.is_none()) {
        let text = "no filter has said whether the mail is spam";
        return Err(Failure::broken(text)
            .help("read the mail from a mailbox whose host filters spam; an SMTP sink does not"));
    }
    Ok(())
}

/// The mail that a step of the scenario received last, whoever it was for.
fn latest(attempt: &Attempt) -> Result<&LatestMail, Failure> {
    attempt.latest_mail.as_ref().ok_or_else(|| {
        Failure::broken("the scenario has received no mail")
            .help("write before it: Then Ada receives a verification mail within 60 seconds")
    })
}

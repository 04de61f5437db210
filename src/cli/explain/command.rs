//! Collects, weighs and prints.

use std::fs;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::args::ExplainArgs;
use super::target::{self, NoTarget};
use crate::cli::args::Color;
use crate::cli::exit::Exit;
use crate::cli::inbox::PlaceArgs;
use crate::cli::list::print;
use crate::cli::runtime::NoRuntime;
use crate::cli::{inbox, problem, runtime};
use crate::config::{self, InboxKind};
use crate::diagnosis::{Case, Conclusion, Evidence, InboxEvidence, Source, Trouble, User, Verdict};
use crate::inbox::{Browse, InboxError};
use crate::model::{EmailAddress, UserPoolId, read_bounded};
use crate::record::Diagnosed;
use crate::report::{one_line, verdict_lines};
use crate::steps::look_back;

/// How many of the newest mails are looked at: a shared mailbox of a team has some hundreds a day.
const MAILS_BACK_MAX: usize = 500;

/// Calls of the trail that are shown: the latest are the ones that matter.
const EVENTS_SHOWN_MAX: usize = 6;

/// Largest file of evidence: it has the events of logs and of the trail, of some hundred bytes each.
const EVIDENCE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Explains, or says what is in the way.
pub(crate) fn explain(args: &ExplainArgs, color: Color) -> Exit {
    if let Some(path) = &args.evidence {
        return match read(path) {
            Ok(evidence) => tell(args, &evidence, Instant::now(), color),
            Err(problem) => problem.say(color),
        };
    }
    let runtime = match runtime::start() {
        Ok(runtime) => runtime,
        Err(error) => return error.say(color),
    };
    let configured = match args.target.load() {
        Ok(configured) => configured,
        Err(error) => return problem::config(&error, color),
    };
    let started = Instant::now();
    let collected = runtime.block_on(collect(args, configured.as_ref(), started));
    let evidence = match collected {
        Ok(evidence) => evidence,
        Err(problem) => return problem.say(color),
    };
    if let Some(path) = &args.save_evidence
        && let Err(problem) = save(path, &evidence)
    {
        return problem.say(color);
    }
    tell(args, &evidence, started, color)
}

/// What keeps the command from its work.
pub(crate) struct Problem {
    pub(crate) message: String,
    pub(crate) help: String,
    pub(crate) exit: Exit,
}

impl Problem {
    /// Says it, and answers with which code to exit.
    pub(crate) fn say(&self, color: Color) -> Exit {
        problem::say(&self.message, &self.help, color);
        self.exit
    }
}

impl From<NoRuntime> for Problem {
    fn from(error: NoRuntime) -> Self {
        Self {
            message: error.to_string(),
            help: runtime::HELP.to_owned(),
            exit: Exit::Internal,
        }
    }
}

impl From<NoTarget> for Problem {
    fn from(error: NoTarget) -> Self {
        Self {
            message: error.message,
            help: error.help.to_owned(),
            exit: Exit::Configuration,
        }
    }
}

async fn collect(
    args: &ExplainArgs,
    configured: Option<&config::Target>,
    started: Instant,
) -> Result<Evidence, Problem> {
    let target = target::open(&args.pool, configured).await?;
    let Some(address) = &args.address else {
        return Err(Problem {
            message: "no address is named".to_owned(),
            help: "write: reverify explain ADDRESS".to_owned(),
            exit: Exit::Usage,
        });
    };
    let until = Timestamp::now();
    let back = SignedDuration::try_from(args.since).unwrap_or(SignedDuration::from_hours(1));
    let since = until.checked_sub(back).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut evidence = Evidence::of(case(
        address,
        target.user_pool,
        (since, until),
        target.emulated,
    ));
    let inbox = configured.and_then(|target| target.inbox.as_ref());
    evidence.inbox = inbox_evidence((&args.place, inbox), address, since).await?;
    evidence.case.client_id = target.client;
    let collected = target.sources.collect(evidence, started + args.timeout);
    let evidence = collected.await;
    match unreachable_pool(&evidence) {
        Some(problem) => Err(problem),
        None => Ok(evidence),
    }
}

/// What Cognito says of a pool that the account does not have, or not in this region.
const NO_POOL: &str = "ResourceNotFoundException";

/// Where there is no such pool, there is nothing to explain: the id is wrong, or the account.
fn unreachable_pool(evidence: &Evidence) -> Option<Problem> {
    let Source::Failed { reason } = &evidence.pool else {
        return None;
    };
    if !reason.starts_with(NO_POOL) {
        return None;
    }
    Some(Problem {
        message: format!(
            "the user pool {} cannot be asked: {reason}",
            evidence.case.user_pool_id
        ),
        help: "are its id and region right, and are the credentials those of its account? \
               (`aws sts get-caller-identity` tells)"
            .to_owned(),
        exit: Exit::Broken,
    })
}

/// The case of an address that got no mail in a time.
pub(crate) fn case(
    address: &EmailAddress,
    user_pool_id: UserPoolId,
    (since, until): (Timestamp, Timestamp),
    emulated: bool,
) -> Case {
    Case {
        address: address.clone(),
        trouble: Trouble::Missing,
        user_pool_id,
        client_id: None,
        request: None,
        since,
        until,
        emulated,
    }
}

/// What the inbox holds, if the arguments or the configuration name one.
pub(crate) async fn inbox_evidence(
    (place, configured): (&PlaceArgs, Option<&config::Inbox>),
    address: &EmailAddress,
    since: Timestamp,
) -> Result<InboxEvidence, Problem> {
    // A sink of a run has nothing from before it.
    let configured = configured.filter(|inbox| !matches!(inbox.kind, InboxKind::Sink(_)));
    if place.inbox.is_none() && configured.is_none() {
        return Ok(InboxEvidence {
            mails: Source::NotConfigured {
                setting: "--inbox, or REVERIFY_INBOX".to_owned(),
            },
            ..InboxEvidence::default()
        });
    }
    let opened = inbox::open(place, configured).map_err(|error| Problem {
        message: error.message,
        help: error.help.to_owned(),
        exit: Exit::Configuration,
    })?;
    Ok(look(opened.as_ref(), address, since)
        .await
        .unwrap_or_else(|error| InboxEvidence {
            mails: Source::Failed {
                reason: error.to_string(),
            },
            ..InboxEvidence::default()
        }))
}

async fn look(
    inbox: &dyn Browse,
    address: &EmailAddress,
    since: Timestamp,
) -> Result<InboxEvidence, InboxError> {
    let newest = inbox.newest(MAILS_BACK_MAX).await?;
    let start = match newest.first() {
        Some(first) => first.position,
        None => inbox.position().await?,
    };
    let watch = inbox.watch_since(address, start).await?;
    Ok(look_back(inbox, watch, since).await)
}

/// Prints the verdict; the exit code says how much was found out.
fn tell(args: &ExplainArgs, evidence: &Evidence, started: Instant, color: Color) -> Exit {
    let verdict = Verdict::of(evidence);
    let recorded = verdict.recorded(evidence, started.elapsed());
    let text = if args.json {
        match serde_json::to_string_pretty(&recorded) {
            Ok(text) => format!("{text}\n"),
            Err(_) => return Exit::Internal,
        }
    } else {
        shown(evidence, &recorded, color)
    };
    match print(&text) {
        Exit::Ok if verdict.conclusion() == Conclusion::Open => Exit::Unexplained,
        other => other,
    }
}

fn shown(evidence: &Evidence, verdict: &Diagnosed, color: Color) -> String {
    let case = &evidence.case;
    let style = problem::style_of_output(color);
    let mut lines = vec![format!(
        "{} in {}, from {} to {}",
        case.address,
        case.user_pool_id,
        case.since.strftime("%Y-%m-%d %H:%M:%SZ"),
        case.until.strftime("%H:%M:%SZ"),
    )];
    lines.extend(people(evidence));
    lines.extend(verdict_lines(verdict, style));
    let outcome = |name: &str| {
        let places = verdict.looked_at.iter();
        places.filter(|place| place.outcome == name).count()
    };
    let (read, asked) = (
        outcome("read") + outcome("lagging"),
        verdict.looked_at.len() - outcome("not-asked"),
    );
    lines.push(format!("  looked {read} of {asked} places could be read"));
    lines.join("\n") + "\n"
}

/// Who in the pool has the address, and what the trail saw of them.
fn people(evidence: &Evidence) -> Vec<String> {
    let Some(users) = evidence.users_of_address.read() else {
        return Vec::new();
    };
    if users.is_empty() {
        return vec!["  user   nobody in the pool has this address".to_owned()];
    }
    let shown = users.iter().map(|user| {
        let User {
            username,
            status,
            sub,
            ..
        } = user;
        let verified = if user.email_verified { "" } else { "not " };
        let created = user.created.strftime("%Y-%m-%d %H:%M:%SZ");
        format!("  user   {username}, {status}, address {verified}verified, created {created}, sub {sub}")
    });
    let events = evidence.trail.read().map(Vec::as_slice);
    let events = events.unwrap_or_default().iter().filter(|event| {
        let own = users.iter().map(|user| &user.sub);
        event
            .sub
            .as_ref()
            .is_some_and(|sub| own.into_iter().any(|one| one == sub))
    });
    let latest: Vec<_> = events.collect();
    let latest = latest[latest.len().saturating_sub(EVENTS_SHOWN_MAX)..].iter();
    let calls = latest.map(|event| {
        let error = event.error_code.as_deref().unwrap_or("answered");
        let at = event.at.strftime("%H:%M:%SZ");
        format!("  trail  {at} {} {error}", event.name)
    });
    shown.chain(calls).map(|line| one_line(&line)).collect()
}

fn read(path: &Path) -> Result<Evidence, Problem> {
    let problem = |message: String| Problem {
        message,
        help: "give a file that --save-evidence wrote".to_owned(),
        exit: Exit::Invalid,
    };
    let shown = path.display();
    let file = fs::File::open(path);
    let text = file.and_then(|file| read_bounded(file, EVIDENCE_BYTES_MAX));
    let text = text.map_err(|error| problem(format!("{shown}: {error}")))?;
    serde_json::from_slice(&text).map_err(|error| problem(format!("{shown}: {error}")))
}

fn save(path: &Path, evidence: &Evidence) -> Result<(), Problem> {
    let problem = |message: String| Problem {
        message,
        help: "choose a file in a folder that can be written".to_owned(),
        exit: Exit::ReportNotWritten,
    };
    let text = serde_json::to_vec_pretty(evidence).map_err(|error| problem(error.to_string()))?;
    fs::write(path, text).map_err(|error| problem(format!("{}: {error}", path.display())))
}

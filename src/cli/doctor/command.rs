//! Looks at everything, and prints a line for each.

use jiff::Timestamp;
use serde::Serialize;
use tokio::time::Instant;

use super::args::DoctorArgs;
use crate::cli::args::Color;
use crate::cli::exit::Exit;
use crate::cli::explain::{Problem, case, inbox_evidence, open_target};
use crate::cli::list::print;
use crate::cli::{inbox, problem, runtime};
use crate::config;
use crate::diagnosis::{Check, CheckState, Evidence, Source, checkup};
use crate::inbox::probe;
use crate::model::EmailAddress;
use crate::report::Style;

/// Whom is asked about where no address is given: nobody has it (RFC 2606).
const NOBODY: &str = "nobody@example.invalid";
/// Width of the column of subjects.
const SUBJECT_COLUMNS: usize = 30;

/// Checks a target.
pub(crate) fn doctor(args: &DoctorArgs, color: Color) -> Exit {
    let runtime = match runtime::start() {
        Ok(runtime) => runtime,
        Err(error) => return error.say(color),
    };
    let configured = match args.target.load() {
        Ok(configured) => configured,
        Err(error) => return problem::config(&error, color),
    };
    let evidence = match runtime.block_on(examine(args, configured.as_ref())) {
        Ok(evidence) => evidence,
        Err(problem) => return problem.say(color),
    };
    let checks = checkup(&evidence);
    let text = if args.json {
        json(&checks)
    } else {
        shown(&evidence, &checks, problem::style_of_output(color))
    };
    match print(&text) {
        Exit::Ok => exit(&evidence, &checks),
        other => other,
    }
}

/// What cannot be tested is worse than what is wrong.
fn exit(evidence: &Evidence, checks: &[Check]) -> Exit {
    let wrong = checks.iter().any(|check| check.state == CheckState::Wrong);
    if evidence.pool_now().is_none() {
        Exit::Broken
    } else if wrong {
        Exit::Failed
    } else {
        Exit::Ok
    }
}

async fn examine(
    args: &DoctorArgs,
    configured: Option<&config::Target>,
) -> Result<Evidence, Problem> {
    let target = open_target(&args.pool, configured).await?;
    let address: EmailAddress = match &args.to {
        Some(address) => address.clone(),
        None => NOBODY.parse().map_err(|error| Problem {
            message: format!("{NOBODY}: {error}"),
            help: String::new(),
            exit: Exit::Internal,
        })?,
    };
    let now = Timestamp::now();
    let case = case(&address, target.user_pool, (now, now), target.emulated);
    let mut evidence = Evidence::of(case);
    let inbox = configured.and_then(|target| target.inbox.as_ref());
    evidence.inbox = inbox_evidence((&args.place, inbox), &address, now).await?;
    evidence.inbox.probe_arrived = probed(args, inbox).await?;
    evidence.case.client_id = target.client;
    Ok(target
        .sources
        .collect(evidence, Instant::now() + args.timeout)
        .await)
}

/// What became of the probe, if one was asked for.
async fn probed(
    args: &DoctorArgs,
    configured: Option<&config::Inbox>,
) -> Result<Source<bool>, Problem> {
    let (Some(server), Some(to)) = (&args.probe, &args.to) else {
        return Ok(Source::NotAsked);
    };
    let opened = inbox::open(&args.place, configured).map_err(|error| Problem {
        message: error.message,
        help: error.help.to_owned(),
        exit: Exit::Configuration,
    })?;
    let id = uuid::Uuid::new_v4().to_string();
    let sent = probe(opened.as_ref(), to, server, &id, args.timeout).await;
    Ok(match sent {
        Ok(arrived) => Source::from(arrived),
        Err(error) => Source::Failed {
            reason: error.to_string(),
        },
    })
}

fn shown(evidence: &Evidence, checks: &[Check], style: Style) -> String {
    let case = &evidence.case;
    let mut lines = vec![format!("{}\n", case.user_pool_id)];
    for check in checks {
        let word = word(check.state);
        let word = match check.state {
            CheckState::Good => style.green(word),
            CheckState::Limited | CheckState::Unseen => style.yellow(word),
            CheckState::Wrong => style.red(word),
        };
        let Check { subject, text, .. } = check;
        lines.push(format!("  {word}  {subject:SUBJECT_COLUMNS$}  {text}"));
        let remedy = check.remedy.as_ref();
        let indent = "";
        lines.extend(
            remedy.map(|remedy| format!("{indent:9}{indent:SUBJECT_COLUMNS$}  → {remedy}")),
        );
    }
    let count = |state| checks.iter().filter(|check| check.state == state).count();
    lines.push(format!(
        "\n{} wrong, {} that a diagnosis will not see, {} with limits, {} good",
        count(CheckState::Wrong),
        count(CheckState::Unseen),
        count(CheckState::Limited),
        count(CheckState::Good),
    ));
    lines.join("\n") + "\n"
}

/// Five letters each, so that the lines stand below each other.
fn word(state: CheckState) -> &'static str {
    match state {
        CheckState::Good => "ok   ",
        CheckState::Limited => "limit",
        CheckState::Unseen => "blind",
        CheckState::Wrong => "wrong",
    }
}

#[derive(Serialize)]
struct Line<'a> {
    subject: &'a str,
    state: &'static str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<&'a str>,
}

fn json(checks: &[Check]) -> String {
    let lines = checks.iter().map(|check| Line {
        subject: &check.subject,
        state: word(check.state).trim(),
        text: &check.text,
        remedy: check.remedy.as_deref(),
    });
    // Texts always have a form in JSON.
    let texts = lines.filter_map(|line| serde_json::to_string(&line).ok());
    texts.map(|text| text + "\n").collect()
}

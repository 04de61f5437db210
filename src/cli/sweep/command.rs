//! Looks, shows, asks, removes.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use super::args::SweepArgs;
use super::shown::{Decided, Fate, decide, lines, users};
use crate::cli::args::Color;
use crate::cli::exit::Exit;
use crate::cli::list::print;
use crate::cli::{problem, runtime};
use crate::cognito::{
    Client, CognitoError, Intent, Ledger, LedgerError, LedgerRow, OpenRows, RowState, look_for,
    remove,
};
use crate::config::{Configuration, TargetKind};
use crate::model::Endpoint;

/// How long one throttled call is sent again.
const CALL_PATIENCE_SECONDS: u64 = 60;

/// Removes what runs left behind which are dead.
pub(crate) fn sweep(args: &SweepArgs, color: Color) -> Exit {
    let path = match args.state.folder() {
        Ok(folder) => folder.path().join("ledger.sqlite"),
        Err(error) => return problem::config(&error, color),
    };
    if !path.exists() {
        problem::note(&format!(
            "there is no ledger at `{}`: no run on a real target kept one there; name the folder of \
             another with --state-dir",
            path.display()
        ));
        return Exit::Ok;
    }
    let ledger = match Ledger::open(&path) {
        Ok(ledger) => ledger,
        Err(error) => {
            let help = "name the folder of the run that was killed with --state-dir";
            problem::say(&error.to_string(), help, color);
            return Exit::ReportNotWritten;
        }
    };
    match runtime::start() {
        Ok(runtime) => runtime.block_on(sweep_ledger(args, &ledger, color)),
        Err(error) => error.say(color),
    }
}

async fn sweep_ledger(args: &SweepArgs, ledger: &Ledger, color: Color) -> Exit {
    let now = Timestamp::now();
    let rows = match rows_of_the_dead(args, ledger, now) {
        Ok(rows) => rows,
        Err(error) => return unwritten(&error, color),
    };
    if rows.is_empty() {
        problem::note("nothing is left behind");
        return Exit::Ok;
    }
    let configuration = match args.state.config.load() {
        Ok(configuration) => configuration,
        Err(error) => return problem::config(&error, color),
    };
    let mut clients = Clients {
        endpoint: args.endpoint.as_ref(),
        configuration: &configuration,
        opened: BTreeMap::new(),
    };
    let decided = look(args, &mut clients, rows, now).await;
    let shown = print(&lines(&decided, now));
    if shown != Exit::Ok {
        // Nobody has seen what would be removed.
        return shown;
    }
    if !confirmed(args, &decided) {
        return Exit::Ok;
    }
    carry_out(ledger, &mut clients, &decided, color).await
}

/// The open rows, without those of runs that are alive.
fn rows_of_the_dead(
    args: &SweepArgs,
    ledger: &Ledger,
    now: Timestamp,
) -> Result<Vec<LedgerRow>, LedgerError> {
    let before = args.older_than.map(|age| {
        let age = SignedDuration::try_from(age).unwrap_or(SignedDuration::MAX);
        now.checked_sub(age).unwrap_or(Timestamp::MIN)
    });
    let which = OpenRows {
        target: args.target.clone(),
        pool: args.pool.clone(),
        before,
    };
    let mut alive = BTreeMap::new();
    let mut rows = ledger.open_rows_of(&which)?;
    rows.retain(|row| {
        let run = &row.intent.run;
        !*alive
            .entry(run.clone())
            .or_insert_with(|| ledger.is_alive(run))
    });
    for run in alive
        .into_iter()
        .filter_map(|(run, lives)| lives.then_some(run))
    {
        problem::note(&format!("run {run} is alive: its users are left to it"));
    }
    Ok(rows)
}

/// Who stands behind each row, and what is to become of it.
async fn look(
    args: &SweepArgs,
    clients: &mut Clients<'_>,
    rows: Vec<LedgerRow>,
    now: Timestamp,
) -> Vec<Decided> {
    let mut decided = Vec::with_capacity(rows.len());
    for row in rows {
        let client = clients.of(&row).await;
        let fate = match look_for(&client, &row, now).await {
            Ok(standing) => decide(&row, standing, &args.named),
            Err(error) => Fate::Leave(unknown(&error)),
        };
        decided.push(Decided { row, fate });
    }
    decided
}

fn unknown(error: &CognitoError) -> String {
    match error {
        CognitoError::Refused { .. } => error.to_string(),
        CognitoError::Unanswered { .. } => {
            format!("{error}; if its endpoint is not AWS's, name it with --endpoint")
        }
    }
}

/// Whether a person agrees to what was shown.
fn confirmed(args: &SweepArgs, decided: &[Decided]) -> bool {
    let is_removed = |one: &&Decided| matches!(one.fate, Fate::Remove(_));
    let count = decided.iter().filter(is_removed).count();
    if args.yes {
        return true;
    }
    if !io::stdin().is_terminal() {
        problem::note("nothing was removed; look at what is shown, then add --yes");
        return false;
    }
    // A closed standard error leaves nobody to ask, and the answer is no.
    let asked = write!(io::stderr(), "Remove {}? [y/N] ", users(count));
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    let yes = matches!(answer.trim(), "y" | "Y" | "yes");
    let agreed = asked.is_ok() && read.is_ok() && yes;
    if !agreed {
        problem::note("nothing was removed");
    }
    agreed
}

/// Row by row, each closed after its deletion, so that a sweep that is killed can be made again.
async fn carry_out(
    ledger: &Ledger,
    clients: &mut Clients<'_>,
    decided: &[Decided],
    color: Color,
) -> Exit {
    let (mut removed, mut left) = (0, 0);
    for Decided { row, fate } in decided {
        let now = Timestamp::now();
        match fate {
            Fate::Remove(sub) => {
                let client = clients.of(row).await;
                match remove(&client, ledger, row, sub, now).await {
                    Ok(()) => removed += 1,
                    Err(error) => {
                        left += 1;
                        let message = format!("{}: {error}", row.intent.username);
                        problem::say(&message, "", color);
                    }
                }
            }
            Fate::Close(_) => {
                if let Err(error) = ledger.close(row.id, RowState::Deleted, now) {
                    return unwritten(&error, color);
                }
            }
            Fate::Leave(_) => left += 1,
        }
    }
    let rest = if left == 0 {
        String::new()
    } else {
        format!(", {} left", users(left))
    };
    problem::note(&format!("{} removed{rest}", users(removed)));
    if left == 0 { Exit::Ok } else { Exit::Broken }
}

fn unwritten(error: &LedgerError, color: Color) -> Exit {
    let help = "what was removed stays removed; sweep again once the ledger can be written";
    problem::say(&error.to_string(), help, color);
    Exit::ReportNotWritten
}

/// A client for each target and region; a pool's region stands in its id.
struct Clients<'a> {
    endpoint: Option<&'a url::Url>,
    configuration: &'a Configuration,
    opened: BTreeMap<(String, String), Client>,
}

impl Clients<'_> {
    /// The client for a row, for some calls.
    async fn of(&mut self, row: &LedgerRow) -> Client {
        let Intent { target, pool, .. } = &row.intent;
        let key = (target.clone(), pool.region().to_owned());
        let client = match self.opened.get(&key) {
            Some(client) => client.clone(),
            None => self.open(&key.0, &key.1).await,
        };
        self.opened.entry(key).or_insert_with(|| client.clone());
        let until = Instant::now() + Duration::from_secs(CALL_PATIENCE_SECONDS);
        client.persistent(until, rand::random())
    }

    /// As the configuration reaches the target; one that it does not know is on AWS.
    async fn open(&self, target: &str, region: &str) -> Client {
        let declared = self.configuration.target(target).ok();
        let kind = declared.map(|target| &target.kind);
        let url = match (self.endpoint, kind) {
            (Some(url), _) | (None, Some(TargetKind::Endpoint { url, .. })) => Some(url),
            _ => None,
        };
        if let Some(url) = url {
            return Client::for_emulator(&Endpoint::new(region, url));
        }
        let profile = match kind {
            Some(TargetKind::Aws { aws_profile, .. }) => aws_profile.as_deref(),
            _ => None,
        };
        Client::of_account(region, profile).await
    }
}

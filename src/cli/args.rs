//! The arguments.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::config::ConfigCommand;
use super::doctor::DoctorArgs;
use super::explain::ExplainArgs;
use super::history::{CompareArgs, HistoryArgs};
use super::inbox::InboxArgs;
use super::mirror::MirrorArgs;
use super::report::ReportArgs;
use super::report_files::RunReports;
use super::running_args::RunningArgs;
use super::settings::{ChoiceArgs, Said, TargetArgs};
use super::sweep::SweepArgs;
use crate::mail::CodePattern;
use crate::model::{AppClientId, UserPoolId};

/// Printed below `--help`.
const EXIT_CODES: &str = "\
Exit codes:
    0  everything passed
    1  a bug in reverify
    2  wrong arguments
    4  no scenario selected
   94  a tag, name, place, run, feature file, mail file or record is not right
   96  a configuration or seed file is not right
  100  a scenario failed
  101  everything passed, but worse than the runs that it was compared with
  105  the target or the inbox could not be tested
  106  no mail came in time
  107  a mail came, but without what was asked for
  108  why a mail did not come was not found out
  110  a file, a report, the record or the history could not be written or used
  130  ended by Ctrl-C (143: by a request to terminate)";

/// Checks that an Amazon Cognito user pool really sends its verification mail: the first time, and
/// again after the user was deleted and signs up with the same address.
#[derive(Debug, Parser)]
#[command(name = "reverify", version, after_help = EXIT_CODES, max_term_width = 100)]
pub(super) struct Cli {
    /// When to use colours.
    #[arg(long, value_enum, default_value_t = Color::Auto, global = true, value_name = "WHEN")]
    pub(super) color: Color,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

/// Which of an account's quotas the emulator enforces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum QuotaChoice {
    /// Any number of mails and calls.
    None,
    /// AWS's defaults: fifty mails a day from the default sender, and a number of calls in a second
    /// for each category of operations.
    Aws,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Runs scenarios, on the embedded target unless another is chosen.
    Run(RunArgs),
    /// Makes reports of a run from its record.
    Report(ReportArgs),
    /// Lists scenarios.
    List(ListArgs),
    /// Checks features without a target or a network: syntax, steps, tags, and what they cost.
    Check(CheckArgs),
    /// Lists what a scenario can say, each step with an example.
    Steps(StepsArgs),
    /// Lists what can keep a mail away, and what each would take to prove.
    Causes(CausesArgs),
    /// Checks a target before any sign-up: what is wrong, and what a diagnosis could not see.
    Doctor(DoctorArgs),
    /// Says why an address got no verification mail, with proof.
    Explain(ExplainArgs),
    /// Removes the users that a run left behind because it was killed.
    Sweep(SweepArgs),
    /// Runs the emulator as a server of its own, for any client.
    Emulate(EmulateArgs),
    /// Looks at an inbox alone: waits for a code, lists and shows mails.
    Inbox(InboxArgs),
    /// Looks at runs over time: what fails since when, what is flaky, how long mails take.
    History(HistoryArgs),
    /// Shows what reverify.toml says, or how it may be written.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Adds a first scenario to a project, and what runs it, with `cargo test` where it is Rust.
    Init(InitArgs),
    /// Writes the settings of a user pool down, for an emulator that behaves as it does.
    Mirror(MirrorArgs),
    /// Prints what a shell needs to complete the arguments of reverify.
    Completions(CompletionsArgs),
    /// Writes the manual pages.
    Man(ManArgs),
}

/// Which scenarios.
#[derive(Debug, Args)]
pub(super) struct SelectionArgs {
    /// Feature files, folders, or scenarios as `FILE:LINE` [default: the features that ship with
    /// reverify].
    #[arg(value_name = "PATH[:LINE]")]
    pub(super) paths: Vec<PathBuf>,
    /// Only scenarios whose tags fulfil an expression, such as `@mails:1 and not @slow`.
    #[arg(short, long, value_name = "EXPR", env = "REVERIFY_TAGS")]
    pub(super) tags: Option<String>,
    /// Only scenarios in whose name this regular expression is found.
    #[arg(short, long, value_name = "REGEX", env = "REVERIFY_NAME")]
    pub(super) name: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub(super) selection: SelectionArgs,
    #[command(flatten)]
    pub(super) choice: ChoiceArgs,
    /// How many scenarios run at once.
    #[arg(short, long, value_name = "N", default_value_t = 16, env = "REVERIFY_JOBS",
          value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) jobs: u16,
    #[command(flatten)]
    pub(super) running: RunningArgs,
    /// Longest time for one step.
    #[arg(long, value_name = "DURATION", default_value = "2m", value_parser = duration)]
    pub(super) step_timeout: Duration,
    /// Longest time for one scenario.
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = duration)]
    pub(super) scenario_timeout: Duration,
    /// Longest time for the whole run.
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = duration)]
    pub(super) run_timeout: Duration,
    /// Longest time for finding out why a mail did not come, within the scenario's.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration)]
    pub(super) diagnosis_timeout: Duration,
    /// The folder for records, the history and the ledger of created users.
    #[arg(
        long,
        value_name = "DIR",
        default_value = ".reverify",
        env = "REVERIFY_STATE_DIR"
    )]
    pub(super) state_dir: PathBuf,
    /// Keeps no record of the run on disk, and the run out of the history.
    #[arg(long)]
    pub(super) no_record: bool,
    #[command(flatten)]
    pub(super) compare: CompareArgs,
    #[command(flatten)]
    pub(super) reports: RunReports,
    #[arg(skip)]
    pub(super) said: Said,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    pub(super) selection: SelectionArgs,
    #[command(flatten)]
    pub(super) choice: ChoiceArgs,
    /// What `reverify steps` does, as it was called before.
    #[arg(long, hide = true, conflicts_with_all = ["paths", "tags", "name"])]
    pub(super) steps: bool,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Feature files or folders [default: the features that ship with reverify].
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) target: TargetArgs,
    /// Tags of your own, which are no misspellings of ours.
    #[arg(
        long = "known-tag",
        value_name = "TAG",
        value_delimiter = ',',
        env = "REVERIFY_KNOWN_TAGS"
    )]
    pub(super) known_tags: Vec<String>,
    /// A regular expression for codes to try: its group, or all of it, is the code.
    #[arg(long, value_name = "REGEX")]
    pub(super) code_pattern: Option<CodePattern>,
    /// A mail to try the code pattern on, in place of the text that Cognito sends by itself.
    #[arg(long = "mail", value_name = "FILE.eml", requires = "code_pattern")]
    pub(super) mails: Vec<PathBuf>,
    /// Ends with an error for warnings, too.
    #[arg(long)]
    pub(super) deny_warnings: bool,
}

#[derive(Debug, Args)]
pub(super) struct StepsArgs {
    /// Only steps that speak of all of these.
    #[arg(value_name = "WORD")]
    pub(super) words: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The folder of the project; without a Cargo.toml it is one for the `reverify` command alone.
    #[arg(value_name = "DIR", default_value = ".")]
    pub(super) folder: PathBuf,
    /// Depends on the sources of reverify in this folder instead of on a published version.
    #[arg(long, value_name = "DIR")]
    pub(super) sources: Option<PathBuf>,
}

/// Printed below `--help`.
const COMPLETIONS: &str = "\
For this session: source <(reverify completions bash). For every session, put what it prints where your
shell looks: ~/.local/share/bash-completion/completions/reverify for bash, a folder of $fpath as
_reverify for zsh, ~/.config/fish/completions/reverify.fish for fish.";

#[derive(Debug, Args)]
#[command(after_help = COMPLETIONS)]
pub(super) struct CompletionsArgs {
    /// Which shell.
    #[arg(value_name = "SHELL")]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// The folder for a page of each command [default: prints the first page].
    #[arg(value_name = "DIR")]
    pub(super) folder: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct CausesArgs {
    /// The one to say more about, such as `auto-verify-off`.
    #[arg(value_name = "ID")]
    pub(super) id: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct EmulateArgs {
    /// Where to serve the AWS APIs; port 0 takes a free one.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:9229")]
    pub(super) listen: SocketAddr,
    /// Where to take mail over SMTP; port 0 takes a free one.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:1025")]
    pub(super) smtp: SocketAddr,
    /// Pools, app clients and users to start with, as TOML in the member names of the API.
    #[arg(long, value_name = "FILE",
          conflicts_with_all = ["user_pool_id", "client_id", "email_usernames", "case_sensitive"])]
    pub(super) seed: Option<PathBuf>,
    /// The id of the pool to start with, such as `us-east-1_AbCdEfGhI` [default: a drawn one].
    #[arg(long, value_name = "ID")]
    pub(super) user_pool_id: Option<UserPoolId>,
    /// The id of the app client to start with [default: a drawn one].
    #[arg(long, value_name = "ID")]
    pub(super) client_id: Option<AppClientId>,
    /// Users of that pool sign in with their e-mail address instead of a name.
    #[arg(long)]
    pub(super) email_usernames: bool,
    /// In that pool `Ada` and `ada` are two users.
    #[arg(long)]
    pub(super) case_sensitive: bool,
    /// Which of an account's quotas are enforced; a seed file's `[quotas]` goes before.
    #[arg(long, value_enum, default_value_t = QuotaChoice::None, value_name = "WHICH")]
    pub(super) quotas: QuotaChoice,
    /// Files each mail in this Maildir, too, where other processes read it as an inbox
    /// (`--inbox maildir:DIR`). It is made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub(super) maildir: Option<PathBuf>,
    /// Hands each mail on to this mail server, too, over plain SMTP: a Mailpit, the sink of a run, the
    /// way into a mailbox. What it refuses is refused, and what it puts off is tried again.
    #[arg(long, value_name = "ADDR:PORT")]
    pub(super) forward: Option<SocketAddr>,
    /// The region in ids, ARNs and tokens.
    #[arg(long, value_name = "REGION", default_value = "us-east-1")]
    pub(super) region: String,
    /// Writes the addresses and ids as JSON here once the emulator is ready.
    #[arg(long, value_name = "FILE")]
    pub(super) port_file: Option<PathBuf>,
    /// Allows addresses that other machines can reach, so that anybody there can sign up, read every
    /// mail and delete every user; and a `--forward` to another machine.
    #[arg(long)]
    pub(super) allow_remote: bool,
}

/// `90s`, `2m`, `1h 30m`: as a person writes it.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let span: jiff::SignedDuration = text
        .parse()
        .map_err(|_| format!("`{text}` is not a duration; write `90s`, `2m` or `1h`"))?;
    let duration = Duration::try_from(span)
        .ok()
        .filter(|duration| !duration.is_zero());
    duration.ok_or_else(|| format!("`{text}` is not longer than nothing"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn arguments_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }

    #[test]
    fn durations_are_read_as_people_write_them() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("2m"), Ok(Duration::from_mins(2)));
        assert_eq!(duration("1h 30m"), Ok(Duration::from_mins(90)));
        for bad in ["", "5", "-5s", "0s", "soon"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}

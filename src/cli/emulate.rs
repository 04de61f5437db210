//! `reverify emulate`: the emulator as a server of its own.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::args::{Color, EmulateArgs, QuotaChoice};
use super::exit::Exit;
use super::runtime::NoRuntime;
use super::signals::Signals;
use super::{problem, runtime};
use crate::control::Quotas;
use crate::embedded::{Embedded, EmbeddedError, EmbeddedSettings};
use crate::emulator::{SeedFileError, StandardPool, Starting};
use crate::inbox::sink::SinkMaildir;

/// Most bytes of mails that are kept in a Maildir: some hundred thousand verification mails.
const MAILDIR_BYTES_MAX: u64 = 1024 * 1024 * 1024;

/// How often is looked whether mails were put off: a person who waits for one reads it in time.
const TROUBLE_INTERVAL: Duration = Duration::from_secs(1);

/// What a client needs to know, in the port file and on the screen.
#[derive(Debug, Serialize)]
struct Ready {
    endpoint: String,
    smtp: String,
    control: String,
    user_pool_id: Option<String>,
    client_id: Option<String>,
}

/// Why the emulator could not be run.
#[derive(Debug, thiserror::Error)]
enum EmulateError {
    #[error("{0} can be reached from other machines")]
    Remote(SocketAddr),
    #[error("{0} is on another machine, and mails would go there")]
    ForwardRemote(SocketAddr),
    #[error("{0} is where mails are taken: they would be forwarded in a circle")]
    ForwardCircle(SocketAddr),
    #[error("the seed file `{path}` {error}")]
    Seed { path: String, error: SeedFileError },
    #[error("the Maildir `{path}` cannot be made: {source}")]
    Maildir { path: String, source: io::Error },
    #[error("the port file `{path}` cannot be written: {source}")]
    PortFile { path: String, source: io::Error },
    #[error(transparent)]
    Runtime(#[from] NoRuntime),
    #[error("the signal handlers cannot be set: {0}")]
    Signals(io::Error),
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
}

impl EmulateError {
    fn exit(&self) -> Exit {
        match self {
            Self::Remote(_) | Self::ForwardRemote(_) | Self::ForwardCircle(_) => Exit::Usage,
            Self::Seed { .. } | Self::Maildir { .. } => Exit::Configuration,
            Self::PortFile { .. } => Exit::ReportNotWritten,
            Self::Embedded(EmbeddedError::Listen { .. }) => Exit::Broken,
            Self::Runtime(_) | Self::Signals(_) | Self::Embedded(_) => Exit::Internal,
        }
    }

    fn help(&self) -> &'static str {
        match self {
            Self::Remote(_) => {
                "use 127.0.0.1 or [::1]; or add --allow-remote if everybody who reaches it may read \
                 every mail and delete every user"
            }
            Self::ForwardRemote(_) => {
                "forward to a mail server on this machine; or add --allow-remote if that one keeps \
                 what it is given, and sends nothing on to people"
            }
            Self::ForwardCircle(_) => "choose another port for --smtp, or port 0 for a free one",
            Self::Seed { .. } => "the keys are those of CreateUserPool and CreateUserPoolClient",
            Self::Maildir { .. } => "name a folder that can be written to",
            Self::PortFile { .. } => "name a file in a folder that exists and can be written to",
            Self::Embedded(EmbeddedError::Listen { .. }) => {
                "another program listens there; choose another port, or port 0 for a free one"
            }
            Self::Runtime(_) => runtime::HELP,
            Self::Signals(_) | Self::Embedded(_) => "",
        }
    }
}

/// Serves until it is asked to end.
pub(super) fn emulate(args: &EmulateArgs, color: Color) -> Exit {
    match serve(args) {
        Ok(()) => Exit::Ok,
        Err(error) => {
            problem::say(&error.to_string(), error.help(), color);
            error.exit()
        }
    }
}

fn serve(args: &EmulateArgs) -> Result<(), EmulateError> {
    for address in [args.listen, args.smtp] {
        if !address.ip().is_loopback() && !args.allow_remote {
            return Err(EmulateError::Remote(address));
        }
    }
    if let Some(server) = args.forward {
        if !server.ip().is_loopback() && !args.allow_remote {
            return Err(EmulateError::ForwardRemote(server));
        }
        if server == args.smtp {
            return Err(EmulateError::ForwardCircle(server));
        }
    }
    let starting = starting(args)?;
    let maildir = maildir(args)?;
    let runtime = runtime::start()?;
    // Before anybody can know that it is ready, so that no signal comes too early.
    let mut signals = runtime
        .block_on(async { Signals::listen() })
        .map_err(EmulateError::Signals)?;
    let embedded = Embedded::start(EmbeddedSettings {
        listen: args.listen,
        smtp: args.smtp,
        region: args.region.clone(),
        starting,
        quotas: match args.quotas {
            QuotaChoice::Aws => Quotas::aws(),
            QuotaChoice::None => Quotas::default(),
        },
        maildir,
        forward: args.forward,
    })?;
    let ready = Ready::of(&embedded);
    if let Some(path) = &args.port_file {
        write_port_file(path, &ready)?;
    }
    ready.announce();
    runtime.block_on(attend(&mut signals, &embedded));
    if let Some(path) = &args.port_file {
        // What it says is no longer true. If it is gone already, so much the better.
        let _ = fs::remove_file(path);
    }
    Ok(embedded.stop()?)
}

/// Waits for a signal, and says meanwhile when mails do not get where they should.
async fn attend(signals: &mut Signals, embedded: &Embedded) {
    let (mut tick, mut told) = (tokio::time::interval(TROUBLE_INTERVAL), 0);
    loop {
        tokio::select! {
            _ = signals.next() => return,
            _ = tick.tick() => {}
        }
        if let Some(trouble) = embedded.trouble().filter(|trouble| trouble.count > told) {
            told = trouble.count;
            problem::note(&format!(
                "mails put off so far, to be tried again: {told}; the last one because of {}",
                trouble.reason
            ));
        }
    }
}

fn starting(args: &EmulateArgs) -> Result<Starting, EmulateError> {
    let Some(path) = &args.seed else {
        return Ok(Starting::with(&StandardPool {
            user_pool_id: args.user_pool_id.clone(),
            client_id: args.client_id.clone(),
            email_is_username: args.email_usernames,
            case_sensitive: args.case_sensitive,
        }));
    };
    Starting::read(path).map_err(|error| EmulateError::Seed {
        path: path.display().to_string(),
        error,
    })
}

fn maildir(args: &EmulateArgs) -> Result<Option<Arc<SinkMaildir>>, EmulateError> {
    let Some(path) = &args.maildir else {
        return Ok(None);
    };
    let maildir = SinkMaildir::open(path, MAILDIR_BYTES_MAX);
    let maildir = maildir.map_err(|source| EmulateError::Maildir {
        path: path.display().to_string(),
        source,
    })?;
    Ok(Some(Arc::new(maildir)))
}

/// Whoever waits for the file finds it whole: it is written beside and moved.
fn write_port_file(path: &Path, ready: &Ready) -> Result<(), EmulateError> {
    let beside = path.with_extension(format!("{}.part", std::process::id()));
    let written = serde_json::to_vec_pretty(ready)
        .map_err(io::Error::from)
        .and_then(|json| fs::write(&beside, json))
        .and_then(|()| fs::rename(&beside, path));
    written.map_err(|source| {
        // Nothing may be left behind; the first error is the one to tell.
        let _ = fs::remove_file(&beside);
        EmulateError::PortFile {
            path: path.display().to_string(),
            source,
        }
    })
}

impl Ready {
    fn of(embedded: &Embedded) -> Self {
        let endpoint = embedded.endpoint();
        Self {
            control: format!("{endpoint}/_reverify/v1/"),
            endpoint,
            smtp: embedded.smtp().to_string(),
            user_pool_id: embedded.user_pool_id().map(ToString::to_string),
            client_id: embedded.client_id().map(ToString::to_string),
        }
    }

    fn announce(&self) {
        let none = "(none)".to_owned();
        let lines = [
            ("endpoint", &self.endpoint),
            ("smtp", &self.smtp),
            ("control", &self.control),
            ("user pool", self.user_pool_id.as_ref().unwrap_or(&none)),
            ("app client", self.client_id.as_ref().unwrap_or(&none)),
        ];
        let mut text = "The emulator is ready; Ctrl-C ends it.\n".to_owned();
        for (name, value) in lines {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  {name:<10}  {value}");
        }
        // Somebody may have closed the terminal; the server goes on.
        let _ = io::Write::write_all(&mut io::stderr(), text.as_bytes());
    }
}

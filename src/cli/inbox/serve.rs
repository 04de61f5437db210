//! `reverify inbox serve`: an SMTP server that files what it takes in a Maildir.

use std::fmt::Write as _;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use super::args::ServeArgs;
use crate::cli::args::Color;
use crate::cli::exit::Exit;
use crate::cli::runtime::NoRuntime;
use crate::cli::signals::Signals;
use crate::cli::{problem, runtime};
use crate::inbox::SmtpSink;
use crate::inbox::sink::{
    AcceptedDomains, SinkError, SinkLimits, SinkMaildir, SinkSettings, SinkTls, SinkTlsError,
};

/// Largest mail: verification mails have some kilobytes, some have pictures.
const MESSAGE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Connections at a time. Each may hold a mail of the largest size in memory.
const CONNECTIONS_MAX: usize = 50;
/// Bytes of mails kept in memory: the Maildir has them.
const STORED_BYTES_MAX: usize = 0;

/// Why no mail is taken.
#[derive(Debug, thiserror::Error)]
enum ServeError {
    #[error("{0} can be reached from other machines, and no domain is accepted")]
    Remote(SocketAddr),
    #[error("{address} cannot be listened on: {source}")]
    Listen {
        address: SocketAddr,
        source: io::Error,
    },
    #[error("the Maildir `{}` cannot be made: {source}", .folder.display())]
    Maildir { folder: PathBuf, source: io::Error },
    #[error(transparent)]
    Tls(#[from] SinkTlsError),
    #[error(transparent)]
    Runtime(#[from] NoRuntime),
    #[error("the signal handlers cannot be set: {0}")]
    Signals(io::Error),
    #[error(transparent)]
    Sink(#[from] SinkError),
}

impl ServeError {
    fn exit(&self) -> Exit {
        match self {
            Self::Remote(_) => Exit::Usage,
            Self::Maildir { .. } | Self::Tls(_) => Exit::Configuration,
            Self::Listen { .. } => Exit::Broken,
            Self::Runtime(_) | Self::Signals(_) | Self::Sink(_) => Exit::Internal,
        }
    }

    fn help(&self) -> &'static str {
        match self {
            Self::Remote(_) => {
                "name the domains whose mail it shall take with --accept, or use 127.0.0.1 or [::1]"
            }
            Self::Listen { .. } => {
                "another program may listen there; a port below 1024 needs a right of its own"
            }
            Self::Tls(_) => "or leave the certificate to --tls-self-signed",
            Self::Runtime(_) => runtime::HELP,
            Self::Maildir { .. } | Self::Signals(_) | Self::Sink(_) => "",
        }
    }
}

/// Takes mail until it is asked to end.
pub(super) fn serve(args: &ServeArgs, color: Color) -> Exit {
    run(args).map_or_else(
        |error| {
            problem::say(&error.to_string(), error.help(), color);
            error.exit()
        },
        |()| Exit::Ok,
    )
}

fn run(args: &ServeArgs) -> Result<(), ServeError> {
    let settings = settings(args)?;
    let runtime = runtime::start()?;
    // Before anybody can know that it is ready, so that no signal comes too early.
    let mut signals = runtime
        .block_on(async { Signals::listen() })
        .map_err(ServeError::Signals)?;
    let listener = TcpListener::bind(args.listen).map_err(|source| ServeError::Listen {
        address: args.listen,
        source,
    })?;
    let sink = SmtpSink::start(listener, settings)?;
    problem::note(&announcement(args, sink.address()));
    runtime.block_on(signals.next());
    if let Some(trouble) = sink.mails().trouble() {
        problem::note(&format!(
            "{} mails could not be filed, and their senders were told to try again later. The last \
             time: {}",
            trouble.count, trouble.reason
        ));
    }
    Ok(sink.stop()?)
}

fn settings(args: &ServeArgs) -> Result<SinkSettings, ServeError> {
    let accepted = if args.accept.is_empty() {
        if !args.listen.ip().is_loopback() {
            return Err(ServeError::Remote(args.listen));
        }
        AcceptedDomains::Every
    } else {
        AcceptedDomains::Listed(args.accept.clone())
    };
    let host_name = args.host_name.to_string();
    let tls = match (&args.tls_cert, &args.tls_key) {
        (Some(chain), Some(key)) => Some(SinkTls::from_pem_files(chain, key)?),
        _ if args.tls_self_signed => Some(SinkTls::self_signed(&host_name)?),
        _ => None,
    };
    let bytes_max = args.maildir_mib_max * 1024 * 1024;
    let maildir = SinkMaildir::open(&args.maildir, bytes_max).map_err(|source| {
        let folder = args.maildir.clone();
        ServeError::Maildir { folder, source }
    })?;
    Ok(SinkSettings {
        host_name,
        tls,
        accepted,
        maildir: Some(Arc::new(maildir)),
        limits: SinkLimits {
            message_bytes_max: MESSAGE_BYTES_MAX,
            connections_max: CONNECTIONS_MAX,
            stored_bytes_max: STORED_BYTES_MAX,
            ..SinkLimits::default()
        },
        ..SinkSettings::default()
    })
}

fn announcement(args: &ServeArgs, address: SocketAddr) -> String {
    let mut text = format!("Taking mail on {address} for ");
    if args.accept.is_empty() {
        text.push_str("every domain");
    }
    for (index, domain) in args.accept.iter().enumerate() {
        let before = if index == 0 { "" } else { ", " };
        // Writing to a string cannot fail.
        let _ = write!(text, "{before}{domain}");
    }
    let _ = write!(text, " into {}; Ctrl-C ends it.", args.maildir.display());
    text
}

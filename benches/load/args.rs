//! What can be chosen.

use std::net::SocketAddr;
use std::str::FromStr;

use clap::Parser;

/// Measures an emulator of Cognito under load.
#[derive(Debug, Parser)]
pub(crate) struct Args {
    /// Users in the pool while it is measured, one table part for each number.
    #[arg(long, value_delimiter = ',', default_values_t = [100, 100_000])]
    pub(crate) stored: Vec<usize>,
    /// Requests under way at a time.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 32])]
    pub(crate) at_once: Vec<usize>,
    /// Longest time for each measurement.
    #[arg(long, default_value_t = 3.0)]
    pub(crate) seconds: f64,
    /// Longest time to fill a pool; how many users were reached is told.
    #[arg(long, default_value_t = 60.0)]
    pub(crate) fill_seconds: f64,
    /// A server that runs already, instead of starting one.
    #[arg(long, conflicts_with_all = ["peers", "command"])]
    pub(crate) endpoint: Option<SocketAddr>,
    /// Where the codes of that server come from: `control`, `any` or `fixed=CODE`.
    #[arg(long, default_value = "control")]
    pub(crate) codes: Codes,
    /// Another build of this program: a shell command with `{port}` where its port belongs.
    #[arg(long)]
    pub(crate) command: Option<String>,
    /// Another emulator, as `NAME:CODES:COMMAND`.
    #[arg(long = "peer")]
    pub(crate) peers: Vec<Peer>,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

/// Where the code of a sign-up comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Codes {
    /// From the received mail, over the control interface.
    Control,
    /// The server takes any code, or always this one.
    Fixed([u8; 6]),
}

impl FromStr for Codes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fixed = |code: &str| code.as_bytes().try_into().map(Self::Fixed);
        match text {
            "control" => Ok(Self::Control),
            "any" => Ok(Self::Fixed(*b"123456")),
            _ => text
                .strip_prefix("fixed=")
                .and_then(|code| fixed(code).ok())
                .ok_or_else(|| format!("`{text}` is not control, any or fixed=SIX-DIGITS")),
        }
    }
}

/// An emulator and how to start it.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    pub(crate) name: String,
    pub(crate) codes: Codes,
    /// A shell command with `{port}` where the port belongs.
    pub(crate) command: String,
}

impl FromStr for Peer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, ':');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(name), Some(codes), Some(command)) => Ok(Self {
                name: name.to_owned(),
                codes: codes.parse()?,
                command: command.to_owned(),
            }),
            _ => Err(format!("`{text}` is not NAME:CODES:COMMAND")),
        }
    }
}

//! What a sink may be told: its clock, its name, its certificate and its limits.

use std::sync::Arc;
use std::time::Duration;

use super::domains::AcceptedDomains;
use super::maildir::SinkMaildir;
use super::next_hop::NextHop;
use super::reception::Reception;
use super::tls::SinkTls;
use crate::model::{SharedClock, SystemClock};

/// How a sink behaves.
#[derive(Debug, Clone)]
pub struct SinkSettings {
    /// Stamps arrivals.
    pub clock: SharedClock,
    /// The name that the sink gives itself in its greeting.
    pub host_name: String,
    /// What STARTTLS encrypts with. Without it the extension is not offered: clients that check
    /// certificates, as Nodemailer does, would refuse one that the process has made for itself.
    pub tls: Option<SinkTls>,
    /// For whom it takes mail.
    pub accepted: AcceptedDomains,
    /// Where mails are filed for other processes, besides in memory: at once, and as a filter on the
    /// way has marked them. How [`Reception`] has them filed is for the memory alone.
    pub maildir: Option<Arc<SinkMaildir>>,
    /// Where mails are handed on to, besides being kept here; nowhere if it is not said. A mail that is
    /// discarded is not handed on.
    pub next_hop: Option<Arc<dyn NextHop>>,
    /// What it refuses.
    pub limits: SinkLimits,
    /// Who decides about recipients, if somebody does.
    pub reception: Option<Arc<dyn Reception>>,
}

impl Default for SinkSettings {
    /// The machine's clock, the name `localhost`, the default limits, no TLS, and every recipient welcome.
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            host_name: "localhost".to_owned(),
            tls: None,
            accepted: AcceptedDomains::default(),
            maildir: None,
            next_hop: None,
            limits: SinkLimits::default(),
            reception: None,
        }
    }
}

/// The bounds of a sink: on what a client may send, and on what is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinkLimits {
    /// Largest mail, in bytes after dot-unstuffing; a larger one is answered 552.
    ///
    /// Default 40 MiB: what SES accepts (40 MB with its attachments encoded).
    pub message_bytes_max: usize,
    /// Longest command line with its line end; a longer one is answered 500.
    ///
    /// Default 2,048: RFC 5321 §4.5.3.1.4 asks for 512, the extensions add 500 and more.
    pub command_line_bytes_max: usize,
    /// Recipients of one mail; the next is answered 452. Default 100: RFC 5321 §4.5.3.1.8.
    pub recipients_max: usize,
    /// Connections at a time; the next is greeted with 421. Default 1,000: two for each of 500
    /// scenarios at once.
    pub connections_max: usize,
    /// Refused commands of one connection before it is closed with 421. Default 20.
    pub errors_max: usize,
    /// How long a client may be silent. Default 5 minutes: RFC 5321 §4.5.3.2.7.
    pub idle_time_max: Duration,
    /// Bytes of mails kept; beyond it the oldest are dropped and counted. Default 256 MiB.
    pub stored_bytes_max: usize,
}

impl Default for SinkLimits {
    fn default() -> Self {
        Self {
            message_bytes_max: 40 * 1024 * 1024,
            command_line_bytes_max: 2_048,
            recipients_max: 100,
            connections_max: 1_000,
            errors_max: 20,
            idle_time_max: Duration::from_mins(5),
            stored_bytes_max: 256 * 1024 * 1024,
        }
    }
}

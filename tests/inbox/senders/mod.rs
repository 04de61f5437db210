//! Mail programs that nobody here wrote, sending into the sink.
//!
//! `scripts/test.sh` installs them and says where they are; without it these tests are skipped with a
//! line each.

mod postfix;
mod server;
mod swaks;

use std::io::{self, Write as _};
use std::net::TcpListener;
use std::sync::Arc;

use reverify::inbox::SmtpSink;
use reverify::inbox::sink::{Recipients, SinkEffect, SinkFault, SinkFaults, SinkSettings, SinkTls};
use reverify::model::SystemClock;

use super::address;

/// Past the harness, which keeps what a passing test prints.
fn say(text: &str) {
    // A closed standard error leaves nobody to tell.
    let _ = io::stderr().write_all(format!("\n{text}\n").as_bytes());
}

/// A sink that offers everything it can, STARTTLS with a certificate of its own included, and in which
/// things befall the mail of these, each once.
fn sink(faults: &[(&str, SinkEffect)]) -> SmtpSink {
    let table = SinkFaults::new(Arc::new(SystemClock));
    for (recipient, effect) in faults {
        table.add(SinkFault {
            effect: effect.clone(),
            to: Recipients::Mailbox(address(recipient)),
            // A greylist ends by itself.
            times: (!matches!(effect, SinkEffect::Greylist { .. })).then_some(1),
        });
    }
    let settings = SinkSettings {
        tls: Some(SinkTls::self_signed("localhost").unwrap()),
        reception: Some(Arc::new(table)),
        ..SinkSettings::default()
    };
    SmtpSink::start(TcpListener::bind("127.0.0.1:0").unwrap(), settings).unwrap()
}

//! The whole way: an emulated pool mails, Dovecot stores, and scenarios read it over IMAP and TLS.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use reverify::cognito::{Client, Endpoint, Ledger};
use reverify::emulator::{Emulator, MailSummary, MailView, Settings};
use reverify::inbox::ImapInbox;
use reverify::model::{Budget, EmailAddress, RunId, SystemClock};
use reverify::record::{Recorder, RunSetting};
use reverify::steps::{AddressTemplate, Permissions, Target};
use reverify::suite::{Cancel, Run, RunOptions, Source, Suite};

use super::server::{Dovecot, USER, loopback};

#[tokio::test]
async fn every_scenario_of_signing_up_again_passes() {
    let Some(dovecot) = Dovecot::start("re-sign-up over IMAP") else {
        return;
    };
    let listener = TcpListener::bind(loopback(0)).unwrap();
    let smtp = smtp_to_lmtp(dovecot.ports.lmtp);
    let emulator = Emulator::start(listener, Settings::new(loopback(smtp), Arc::new(Unseen)));
    let emulator = emulator.unwrap();
    let endpoint = Endpoint {
        region: "us-east-1".to_owned(),
        url: emulator.endpoint(),
    };
    let addresses = "qa+{person}.{run}.{scenario}.{attempt}@example.test";
    let target = Target {
        name: "emulator".to_owned(),
        place: endpoint.url.clone(),
        cognito: Client::for_emulator(&endpoint),
        pool: None,
        inbox: Arc::new(ImapInbox::open(dovecot.tls(USER)).unwrap()),
        addresses: AddressTemplate::new(addresses).unwrap(),
        sources: None,
        emulated: true,
        control_mail: None,
        silence_min: Duration::ZERO,
        region: "us-east-1".to_owned(),
        surroundings: None,
        receiver: None,
        allowed: Permissions::ALL,
        budget: Budget::default(),
    };
    let mut sources = Source::shipped();
    sources.retain(|source| source.path.ends_with("re_sign_up.feature"));
    let suite = Suite::of(sources);
    let plan = suite.plan().unwrap();
    let run = Run {
        id: RunId::new("imap"),
        target: Arc::new(target),
        ledger: Arc::new(Ledger::in_memory().unwrap()),
        recorder: Recorder::new(Arc::new(SystemClock)),
        clock: Arc::new(SystemClock),
        options: RunOptions::default(),
        cancel: Cancel::default(),
        setting: RunSetting::default(),
    };
    let summary = suite.run(&plan, run).await;
    let outcomes: Vec<_> = summary.scenarios().map(|one| &one.outcome).collect();
    assert_eq!(summary.passed(), plan.scenarios().len(), "{outcomes:#?}");
    let mails: u32 = plan.scenarios().iter().map(|one| one.mails).sum();
    assert_eq!(summary.deliveries().len(), usize::try_from(mails).unwrap());
    assert!(mails > 10, "only {mails} mails");
    assert_eq!(dovecot.logins(), 1);
    emulator.stop().unwrap();
}

/// Nobody reads these mails but over IMAP.
pub(super) struct Unseen;

impl MailView for Unseen {
    fn mails(&self, _to: Option<&EmailAddress>, _latest: bool) -> Vec<MailSummary> {
        Vec::new()
    }

    fn raw(&self, _id: &str) -> Option<Arc<[u8]>> {
        None
    }

    fn forget(&self) {}
}

/// LMTP for a client that speaks SMTP: for one recipient the two differ in the greeting only
/// (RFC 2033 §4.1). Answers the port.
pub(super) fn smtp_to_lmtp(lmtp: u16) -> u16 {
    let listener = TcpListener::bind(loopback(0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let server = TcpStream::connect(loopback(lmtp)).unwrap();
            let back = (server.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || copy(back.0, back.1, |bytes| bytes));
            thread::spawn(move || {
                copy(client, server, |bytes| {
                    // The emulator waits for the answer before it says more.
                    if bytes.starts_with(b"EHLO ") {
                        bytes[..4].copy_from_slice(b"LHLO");
                    }
                    bytes
                })
            });
        }
    });
    port
}

fn copy(
    mut from: TcpStream,
    mut to: TcpStream,
    change: impl Fn(&mut [u8]) -> &mut [u8],
) -> io::Result<()> {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let count = from.read(&mut bytes)?;
        if count == 0 {
            return to.shutdown(Shutdown::Write);
        }
        to.write_all(change(&mut bytes[..count]))?;
    }
}

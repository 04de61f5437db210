//! An emulated pool that mails into a server of the test, and scenarios on it in this process.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use reverify::cognito::{Client, Endpoint, Ledger};
use reverify::diagnosis::{LogPlaces, Sources};
use reverify::emulator::{Emulator, MailSummary, MailView, Settings};
use reverify::inbox::Inbox;
use reverify::model::{Budget, EmailAddress, RunId, SystemClock};
use reverify::record::{Recorder, RunSetting, RunSummary};
use reverify::steps::{AddressTemplate, Permissions, Target};
use reverify::suite::{Cancel, ReverifyWorld, Run, RunOptions, Source, Suite};

/// A running emulator, whose mails are seen in the inbox alone.
pub(crate) struct Emulated {
    emulator: Emulator,
    endpoint: Endpoint,
}

impl Emulated {
    pub(crate) fn mailing_to(smtp: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let emulator = Emulator::start(listener, Settings::new(smtp, Arc::new(Unseen))).unwrap();
        let endpoint = Endpoint {
            region: "us-east-1".to_owned(),
            url: emulator.endpoint(),
        };
        Self { emulator, endpoint }
    }

    /// The target as scenarios see it, without services that know about its mails.
    pub(crate) fn target(&self, inbox: impl Inbox + 'static, addresses: &str) -> Target {
        Target {
            name: "emulator".to_owned(),
            place: self.endpoint.url.clone(),
            cognito: Client::for_emulator(&self.endpoint),
            pool: None,
            inbox: Arc::new(inbox),
            addresses: AddressTemplate::new(addresses).unwrap(),
            sources: None,
            emulated: true,
            control_mail: None,
            silence_min: Duration::ZERO,
            region: self.endpoint.region.clone(),
            surroundings: None,
            receiver: None,
            allowed: Permissions::ALL,
            budget: Budget::default(),
        }
    }

    pub(crate) fn sources(&self) -> Sources {
        Sources::for_emulator(&self.endpoint, LogPlaces::default())
    }

    /// Runs a suite to its end, and ends the emulator.
    pub(crate) async fn run(
        self,
        suite: &Suite<ReverifyWorld>,
        target: Target,
        recorder: Recorder,
    ) -> RunSummary {
        let run = Run {
            id: RunId::new("inbox"),
            target: Arc::new(target),
            ledger: Arc::new(Ledger::in_memory().unwrap()),
            recorder,
            clock: Arc::new(SystemClock),
            options: RunOptions::default(),
            cancel: Cancel::default(),
            setting: RunSetting::default(),
        };
        let summary = suite.run(&suite.plan().unwrap(), run).await;
        self.emulator.stop().unwrap();
        summary
    }
}

/// A recorder that nobody listens to.
pub(crate) fn unheard() -> Recorder {
    Recorder::new(Arc::new(SystemClock))
}

/// A suite of one feature.
pub(crate) fn suite_of(text: String) -> Suite<ReverifyWorld> {
    Suite::of(vec![Source {
        path: "one.feature".to_owned(),
        text: text.into(),
    }])
}

struct Unseen;

impl MailView for Unseen {
    fn mails(&self, _to: Option<&EmailAddress>, _latest: bool) -> Vec<MailSummary> {
        Vec::new()
    }

    fn raw(&self, _id: &str) -> Option<Arc<[u8]>> {
        None
    }

    fn forget(&self) {}
}

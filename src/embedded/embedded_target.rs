//! Starts and stops the embedded target.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::accounts::EmbeddedAccounts;
use super::forwarding::Forwarding;
use super::mail_view::SinkMails;
use super::receiving::Receiving;
use crate::cognito::{Client, Endpoint, LogGroups, SesClient};
use crate::control::{self, Quotas};
use crate::diagnosis::{LogPlaces, Sources};
use crate::emulator::{Emulator, EmulatorError, Reception, SeedFileError, Settings, Starting};
use crate::inbox::SmtpSink;
use crate::inbox::sink::{NextHop, SinkError, SinkMaildir, SinkSettings, StoringTrouble};
use crate::model::{AppClientId, Budget, Permissions, UserPoolId};
use crate::steps::{AddressTemplate, Surroundings, Target};

/// Addresses of the embedded target end in a domain that is reserved for tests (RFC 2606).
const ADDRESS_TEMPLATE: &str = "{person}.{run}.{scenario}.{attempt}@mail.test";

/// How long a control mail may take. The emulator hands mails over before it answers, so that one
/// that is not there by then does not come.
const CONTROL_MAIL_MILLISECONDS_MAX: u64 = 50;
/// The id of the key that exists at the start, for pools with custom senders.
const KMS_KEY: Uuid = Uuid::from_u128(0x7265_7665_7269_4679_8000_0000_0000_0001);

/// The log group of the trail that a shared account has.
const TRAIL: &str = "aws-cloudtrail-logs";

/// How an embedded target is set up.
#[derive(Debug, Clone)]
pub struct EmbeddedSettings {
    /// Where the AWS APIs are served; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where mail is taken over SMTP; port 0 takes a free one.
    pub smtp: SocketAddr,
    /// The region in ids, ARNs and tokens.
    pub region: String,
    /// What exists at the start.
    pub starting: Starting,
    /// The account's quotas, unless `starting` has some.
    pub quotas: Quotas,
    /// Where mails are filed for other processes, besides in memory.
    pub maildir: Option<Arc<SinkMaildir>>,
    /// A mail server that gets each mail too, over plain SMTP.
    pub forward: Option<SocketAddr>,
}

impl Default for EmbeddedSettings {
    /// Free ports on loopback, the emulator's standard pool, and no quotas: a run of many scenarios
    /// must not end at the fiftieth mail.
    fn default() -> Self {
        let free_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            listen: free_port,
            smtp: free_port,
            region: "us-east-1".to_owned(),
            starting: Starting::standard().with_kms_key(KMS_KEY),
            quotas: Quotas::default(),
            maildir: None,
            forward: None,
        }
    }
}

impl EmbeddedSettings {
    /// The same with a trail of calls in a log group: where many scenarios share an account, a query
    /// of the log finds one scenario's calls sooner than a look-up in the history of all.
    pub fn shared() -> Self {
        let settings = Self::default();
        Self {
            starting: settings.starting.with_trail(TRAIL),
            ..settings
        }
    }

    /// The same with what a seed file says, in the region of its first pool.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or does not say what should exist.
    pub fn seeded(path: &Path) -> Result<Self, EmbeddedError> {
        let starting = Starting::read(path)?;
        let settings = Self::default();
        let region = starting.first_region().map(str::to_owned);
        Ok(Self {
            region: region.unwrap_or(settings.region),
            starting: starting.with_trail(TRAIL),
            ..settings
        })
    }
}

/// Why the embedded target did not start, or did not end well.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// An address is taken or cannot be used.
    #[error("{address} cannot be listened on: {reason}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's words.
        reason: String,
    },
    /// A seed file.
    #[error("the seed file {0}")]
    Seed(#[from] SeedFileError),
    /// The emulator.
    #[error("the emulator: {0}")]
    Emulator(#[from] EmulatorError),
    /// The SMTP sink.
    #[error("the SMTP sink: {0}")]
    Sink(#[from] SinkError),
}

/// A running emulator that mails into a running SMTP sink.
///
/// ```
/// use reverify::embedded::{Embedded, EmbeddedSettings};
///
/// let embedded = Embedded::start(EmbeddedSettings::default())?;
/// assert!(embedded.endpoint().starts_with("http://127.0.0.1:"));
/// embedded.stop()?;
/// # Ok::<(), reverify::embedded::EmbeddedError>(())
/// ```
#[derive(Debug)]
pub struct Embedded {
    region: String,
    /// The log group of the trail of calls, if there is one.
    trail: Option<String>,
    // The emulator is dropped first: it mails into the sink.
    emulator: Emulator,
    sink: SmtpSink,
}

impl Embedded {
    /// Starts both; when this returns, both answer.
    ///
    /// # Errors
    ///
    /// When an address is taken, or the system refuses a thread.
    pub fn start(settings: EmbeddedSettings) -> Result<Self, EmbeddedError> {
        let trail = settings.starting.trail();
        let trail = trail.and_then(|trail| trail.log_group);
        let http = listen(settings.listen)?;
        let reception = Reception::default();
        let next_hop = settings.forward.map(|server| Forwarding { server });
        let sink = SinkSettings {
            reception: Some(Arc::new(Receiving(reception.clone()))),
            maildir: settings.maildir,
            next_hop: next_hop.map(|next_hop| Arc::new(next_hop) as Arc<dyn NextHop>),
            ..SinkSettings::default()
        };
        let sink = SmtpSink::start(listen(settings.smtp)?, sink)?;
        let mails = Arc::new(SinkMails(sink.mails()));
        let emulator = Emulator::start(
            http,
            Settings {
                region: settings.region.clone(),
                starting: settings.starting,
                quotas: settings.quotas,
                reception,
                ..Settings::new(sink.address(), mails)
            },
        )?;
        Ok(Self {
            region: settings.region,
            trail,
            emulator,
            sink,
        })
    }

    /// The endpoint's URL, without a slash at its end.
    pub fn endpoint(&self) -> String {
        self.emulator.endpoint()
    }

    /// Where mail is taken.
    pub fn smtp(&self) -> SocketAddr {
        self.sink.address()
    }

    /// What kept mails from being filed in the Maildir, or forwarded, if something did.
    pub fn trouble(&self) -> Option<StoringTrouble> {
        self.sink.mails().trouble()
    }

    /// The first pool that existed at the start.
    pub fn user_pool_id(&self) -> Option<&UserPoolId> {
        self.emulator.user_pool_id()
    }

    /// The first app client of that pool.
    pub fn client_id(&self) -> Option<&AppClientId> {
        self.emulator.client_id()
    }

    /// The target as scenarios see it: a URL and an inbox.
    ///
    /// # Panics
    ///
    /// Never: the address template is a constant that a test has tried.
    pub fn target(&self) -> Target {
        self.target_with(LogPlaces {
            trail_log_group: self.trail.clone(),
            ..LogPlaces::default()
        })
    }

    /// The same, where the account's logs are at these places.
    pub(super) fn target_with(&self, places: LogPlaces) -> Target {
        let endpoint = Endpoint {
            region: self.region.clone(),
            url: self.endpoint(),
        };
        let Ok(addresses) = AddressTemplate::new(ADDRESS_TEMPLATE) else {
            unreachable!("`{ADDRESS_TEMPLATE}` makes addresses")
        };
        Target {
            name: "embedded".to_owned(),
            place: endpoint.url.clone(),
            cognito: Client::for_emulator(&endpoint),
            pool: None,
            inbox: Arc::new(self.sink.inbox()),
            addresses,
            sources: Some(Sources::for_emulator(&endpoint, places)),
            emulated: true,
            region: endpoint.region.clone(),
            surroundings: surroundings(&endpoint).map(Arc::new),
            control_mail: Some(Duration::from_millis(CONTROL_MAIL_MILLISECONDS_MAX)),
            // The emulator hands mails over before it answers.
            silence_min: Duration::ZERO,
            // The sink checks no sender: on loopback there is nothing to check.
            receiver: None,
            allowed: Permissions::ALL,
            budget: Budget::default(),
        }
    }

    /// Stops both and reports what went wrong inside them meanwhile, panics included.
    ///
    /// # Errors
    ///
    /// The emulator's trouble before the sink's.
    pub fn stop(self) -> Result<(), EmbeddedError> {
        let emulator = self.emulator.stop();
        self.sink.stop()?;
        Ok(emulator?)
    }
}

/// What a scenario may change around the pools; nothing if the endpoint cannot be asked.
fn surroundings(endpoint: &Endpoint) -> Option<Surroundings> {
    Some(Surroundings {
        control: control::Client::new(&endpoint.url).ok()?,
        ses: SesClient::for_emulator(endpoint),
        log_groups: LogGroups::for_emulator(endpoint),
        kms_key: format!("arn:aws:kms:{}:123456789012:key/{KMS_KEY}", endpoint.region),
        accounts: Arc::new(EmbeddedAccounts),
    })
}

fn listen(address: SocketAddr) -> Result<TcpListener, EmbeddedError> {
    TcpListener::bind(address).map_err(|error| EmbeddedError::Listen {
        address,
        reason: error.to_string(),
    })
}

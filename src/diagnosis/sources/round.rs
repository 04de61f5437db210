//! One round of questions to all services, under one deadline.

use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use jiff::Timestamp;
use tokio::time::{Instant, timeout_at};

use super::clients::Clients;
use super::collect::{LogPlaces, local_now};
use super::collected::{Collected, skew};
use super::insights::Query;
use super::log::{LogReader, LogReading, ServerClock, of_group};
use super::person::Person;
use super::pool::DescribedPool;
use super::values::unread;
use super::{functions, lag, lookup, notifications, pool, ses_round, trail_events, users};
use crate::diagnosis::{
    ClientSettings, ClockSkew, Evidence, FunctionLog, LogDelivery, Notification, PoolSettings,
    Source, TrailEvent, User,
};
use crate::model::UserPoolId;

/// The pool's settings of now, with the server's clock at that moment and how far this machine's is
/// from it.
#[derive(Debug, Clone)]
pub(super) struct PoolNow {
    pub(super) described: Source<DescribedPool>,
    pub(super) clock: ServerClock,
    pub(super) skew: Source<ClockSkew>,
}

/// An answer that several sources wait for.
pub(super) type Awaited<'a, T> = Shared<BoxFuture<'a, T>>;

/// What is asked, of whom, and until when.
pub(super) struct Round<'a> {
    pub(super) clients: &'a Clients,
    pub(super) places: &'a LogPlaces,
    pub(super) evidence: &'a Evidence,
    started: Instant,
    deadline: Instant,
}

impl<'a> Round<'a> {
    pub(super) fn new(
        clients: &'a Clients,
        places: &'a LogPlaces,
        evidence: &'a Evidence,
        deadline: Instant,
    ) -> Self {
        Self {
            clients,
            places,
            evidence,
            started: Instant::now(),
            deadline,
        }
    }

    /// Asks everything side by side. What depends on the pool's settings starts when they are there.
    pub(super) async fn ask_all(&self) -> Collected {
        let pool = self.pool_now().boxed().shared();
        let log_delivery = self.log_delivery().boxed().shared();
        let (client, (user, users_of_address), notifications, functions, trail, ses) = tokio::join!(
            // In boxes of their own, which keeps the stacks of callers small.
            self.client().boxed(),
            self.users().boxed(),
            self.notifications(&pool, &log_delivery).boxed(),
            self.functions(&pool).boxed(),
            self.trail(&pool).boxed(),
            ses_round::ask(self, &pool).boxed(),
        );
        Collected {
            pool: pool.await,
            client,
            user,
            users_of_address,
            log_delivery: log_delivery.await,
            notifications,
            functions,
            trail,
            ses,
        }
    }

    /// An outcome, at the deadline at the latest.
    pub(super) async fn within<T>(&self, question: impl Future<Output = Source<T>>) -> Source<T> {
        timeout_at(self.deadline, question)
            .await
            .unwrap_or_else(|_| self.timed_out())
    }

    /// The same of a log.
    pub(super) async fn reading<T>(
        &self,
        question: impl Future<Output = LogReading<T>>,
    ) -> LogReading<T> {
        timeout_at(self.deadline, question)
            .await
            .unwrap_or_else(|_| LogReading::from(self.timed_out()))
    }

    fn timed_out<T>(&self) -> Source<T> {
        let waited = self.deadline.saturating_duration_since(self.started);
        Source::TimedOut {
            after_seconds: waited
                .as_millis()
                .div_ceil(1_000)
                .try_into()
                .unwrap_or(u64::MAX),
        }
    }

    fn pool_id(&self) -> &'a UserPoolId {
        &self.evidence.case.user_pool_id
    }

    async fn pool_now(&self) -> PoolNow {
        let described = self
            .within(pool::describe(self.clients, self.pool_id()))
            .await;
        let local = local_now();
        let date = described.read().and_then(|pool| pool.date);
        PoolNow {
            skew: skew(&described, local),
            clock: ServerClock::showing(date.unwrap_or(local)),
            described,
        }
    }

    /// The settings that were in force when the mail was asked for: those of an earlier snapshot, or
    /// else those of now.
    ///
    /// # Errors
    ///
    /// Why they are not known.
    pub(super) async fn settings(
        &self,
        pool: &Awaited<'_, PoolNow>,
    ) -> Result<PoolSettings, Source<()>> {
        if let Ok(settings) = self.evidence.pool_at_request() {
            return Ok(settings.clone());
        }
        match pool.clone().await.described {
            Source::Read { found } => Ok(found.settings),
            other => Err(other.outcome()),
        }
    }

    async fn client(&self) -> Source<ClientSettings> {
        let request = self.evidence.request();
        let named = request.and_then(|call| call.client_id.as_ref());
        let Some(id) = named.or(self.evidence.case.client_id.as_ref()) else {
            return Source::NotAsked;
        };
        let mut pools = vec![self.pool_id()];
        for call in &self.evidence.calls {
            let named = call.user_pool_id.as_ref();
            pools.extend(named.filter(|pool| !pools.contains(pool)));
        }
        self.within(pool::client(self.clients, &pools, id)).await
    }

    async fn log_delivery(&self) -> Source<LogDelivery> {
        let question = pool::log_delivery(self.clients, self.pool_id());
        self.within(question).await
    }

    async fn users(&self) -> (Source<Option<User>>, Source<Vec<User>>) {
        let (pool, address) = (self.pool_id(), &self.evidence.case.address);
        let of_address = self.within(users::of_address(self.clients, pool, address));
        if let Some(name) = users::name_of(self.evidence) {
            let named = self.within(users::named(self.clients, pool, name));
            return tokio::join!(named, of_address);
        }
        let found = of_address.await;
        (users::youngest(found.clone()), found)
    }

    /// A reader of log groups.
    pub(super) fn reader(&self, clock: ServerClock, lag: lag::Lag) -> LogReader<'a> {
        LogReader {
            client: &self.clients.logs,
            case: &self.evidence.case,
            clock,
            deadline: self.deadline,
            lag,
        }
    }

    async fn notifications(
        &self,
        pool: &Awaited<'_, PoolNow>,
        log_delivery: &Awaited<'_, Source<LogDelivery>>,
    ) -> LogReading<Notification> {
        let group = match log_delivery.clone().await {
            Source::Read { found } => found.notification_log_group,
            other => return LogReading::from(unread(&other.outcome())),
        };
        let Some(group) = group else {
            return LogReading::from(Source::NotConfigured {
                setting: "a log group for userNotification at level ERROR with \
                          SetLogDeliveryConfiguration"
                    .to_owned(),
            });
        };
        let reader = self.reader(pool.clone().await.clock, lag::LOG_GROUP);
        let case = &self.evidence.case;
        let query = Query {
            group,
            text: notifications::query(self.pool_id()),
            from: case.since,
            until: reader.until(),
        };
        self.reading(async {
            let read = reader.read(&query, |lines| notifications::parse(lines, case));
            of_group(&query.group, read.await)
        })
        .await
    }

    async fn functions(&self, pool: &Awaited<'_, PoolNow>) -> LogReading<FunctionLog> {
        let settings = match self.settings(pool).await {
            Ok(settings) => settings,
            Err(unknown) => return LogReading::from(unread(&unknown)),
        };
        let email = &settings.email;
        let senders = email.from.iter().chain(&email.reply_to);
        let person = Person::of(self.evidence, senders.map(String::as_str));
        let reader = self.reader(pool.clone().await.clock, lag::LOG_GROUP);
        self.reading(functions::read(&reader, &settings, &person))
            .await
    }

    async fn trail(&self, pool: &Awaited<'_, PoolNow>) -> LogReading<TrailEvent> {
        let settings = self.settings(pool).await.ok();
        let reader = self.reader(pool.clone().await.clock, lag::TRAIL);
        let from = trail_events::since(self.evidence, settings.as_ref());
        let until = reader.until();
        let Some(group) = &self.places.trail_log_group else {
            return self.reading(self.look_up(&reader, from, until)).await;
        };
        let query = Query {
            group: group.clone(),
            text: trail_events::query(),
            from,
            until,
        };
        self.reading(async {
            let read = reader.read(&query, trail_events::parse).await;
            of_group(group, read)
        })
        .await
    }

    async fn look_up(
        &self,
        reader: &LogReader<'_>,
        from: Timestamp,
        until: Timestamp,
    ) -> LogReading<TrailEvent> {
        let client = &self.clients.cloudtrail;
        let emulated = self.evidence.case.emulated;
        match lookup::look_up(client, from, until, emulated).await {
            Ok(found) => LogReading {
                remarks: found.remarks(),
                source: reader.outcome(found.events),
            },
            Err(miss) => LogReading::from(miss.outcome()),
        }
    }
}

//! The user pools and their app clients.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use jiff::Timestamp;

use super::clients::AppClient;
use super::domains::PoolDomain;
use super::error::Exception;
use super::log_delivery::LogConfiguration;
use super::pool_settings::PoolSettings;
use super::schema::Schema;
use super::username::Naming;
use super::users::Users;
use crate::model::{AppClientId, UserPoolId};

/// Pools in an account (COGNITO.md 9 \[D\]).
const POOLS_MAX: usize = 1_000;
/// App clients in a pool (COGNITO.md 9 \[D\]).
const CLIENTS_MAX: usize = 1_000;

/// A user pool: settings that seldom change, and users that often do.
///
/// The settings are a snapshot: a change makes a new one, and an operation that is under way ends
/// with those that it began with. The users are behind a lock of their own, which all snapshots
/// share; it is held for the few look-ups of one operation and never while something is awaited,
/// so that pools do not wait for each other and a slow mail server holds up nobody.
#[derive(Debug, Clone)]
pub(crate) struct UserPool {
    pub(crate) id: UserPoolId,
    pub(crate) arn: String,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    pub(crate) settings: PoolSettings,
    pub(crate) schema: Schema,
    pub(crate) naming: Naming,
    /// The domain whose name is a prefix of AWS's own.
    pub(crate) domain: Option<PoolDomain>,
    /// The domain whose name is the customer's.
    pub(crate) custom_domain: Option<PoolDomain>,
    pub(crate) log_delivery: Vec<LogConfiguration>,
    users: Arc<Mutex<Users>>,
}

impl UserPool {
    /// Makes an empty pool of settings that were completed.
    ///
    /// # Errors
    /// `InvalidParameterException` if the schema is wrong.
    pub(crate) fn new(
        id: UserPoolId,
        arn: String,
        settings: PoolSettings,
        now: Timestamp,
    ) -> Result<Self, Exception> {
        Ok(Self {
            schema: Schema::new(&settings.schema)?,
            naming: Naming::of(&settings),
            id,
            arn,
            created: now,
            modified: now,
            settings,
            domain: None,
            custom_domain: None,
            log_delivery: Vec::new(),
            users: Arc::default(),
        })
    }

    /// The users, for one operation.
    pub(crate) fn users(&self) -> MutexGuard<'_, Users> {
        // A panic elsewhere is reported when the emulator stops; the users stay readable until then.
        self.users.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The pool id's part after the region, which is part of SRP's secrets (COGNITO.md 3.10).
    pub(crate) fn name_in_srp(&self) -> &str {
        let id = self.id.as_str();
        id.split_once('_').map_or(id, |(_, name)| name)
    }
}

/// All pools, clients and domains, found by id or name.
#[derive(Debug, Default)]
pub(crate) struct Pools(RwLock<Index>);

#[derive(Debug, Default)]
struct Index {
    pools: HashMap<UserPoolId, Arc<UserPool>>,
    clients: HashMap<AppClientId, (UserPoolId, Arc<AppClient>)>,
    domains: HashMap<String, UserPoolId>,
}

impl Pools {
    /// The pool with this id.
    ///
    /// # Errors
    /// `ResourceNotFoundException` (COGNITO.md 1.6 \[T\]).
    pub(crate) fn pool(&self, id: &UserPoolId) -> Result<Arc<UserPool>, Exception> {
        self.read(|index| index.pool(id))
    }

    /// Every pool, in the order of their ids.
    pub(crate) fn all(&self) -> Vec<Arc<UserPool>> {
        let mut all: Vec<_> = self.read(|index| index.pools.values().cloned().collect());
        all.sort_by(|one, other| one.id.cmp(&other.id));
        all
    }

    /// The client with this id, and its pool.
    ///
    /// # Errors
    /// `ResourceNotFoundException` (COGNITO.md 1.6 \[U\]).
    pub(crate) fn client(
        &self,
        id: &AppClientId,
    ) -> Result<(Arc<UserPool>, Arc<AppClient>), Exception> {
        self.read(|index| {
            let (pool, client) = index.clients.get(id).ok_or_else(|| no_client(id))?;
            Ok((index.pool(pool)?, Arc::clone(client)))
        })
    }

    /// The client with this id, if it belongs to this pool.
    ///
    /// # Errors
    /// `ResourceNotFoundException` for the pool or for the client.
    pub(crate) fn client_of(
        &self,
        pool: &UserPoolId,
        id: &AppClientId,
    ) -> Result<Arc<AppClient>, Exception> {
        self.read(|index| index.client_of(pool, id))
    }

    /// The clients of a pool, in the order of their ids.
    ///
    /// # Errors
    /// `ResourceNotFoundException` for the pool.
    pub(crate) fn clients_of(&self, pool: &UserPoolId) -> Result<Vec<Arc<AppClient>>, Exception> {
        let mut clients = self.read(|index| {
            index.pool(pool)?;
            Ok::<_, Exception>(index.clients_of(pool).cloned().collect::<Vec<_>>())
        })?;
        clients.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(clients)
    }

    /// The pool to which a domain belongs, if there is one.
    pub(crate) fn of_domain(&self, domain: &str) -> Option<Arc<UserPool>> {
        self.read(|index| index.pools.get(index.domains.get(domain)?).cloned())
    }

    /// Adds a pool.
    ///
    /// # Errors
    /// `LimitExceededException` (COGNITO.md 9).
    pub(crate) fn add_pool(&self, pool: Arc<UserPool>) -> Result<(), Exception> {
        self.write(|index| {
            if index.pools.len() >= POOLS_MAX {
                return Err(Exception::quota("user pools", POOLS_MAX));
            }
            index.pools.insert(pool.id.clone(), pool);
            Ok(())
        })
    }

    /// Replaces a pool's settings by changed ones, unless the change fails.
    ///
    /// # Errors
    /// `ResourceNotFoundException`, `InvalidParameterException` for a domain that another pool
    /// has, or what `change` says.
    pub(crate) fn change_pool(
        &self,
        id: &UserPoolId,
        now: Timestamp,
        change: impl FnOnce(&mut UserPool) -> Result<(), Exception>,
    ) -> Result<Arc<UserPool>, Exception> {
        self.write(|index| {
            let mut changed = UserPool::clone(&*index.pool(id)?);
            change(&mut changed)?;
            changed.modified = now;
            index.take_domains(&changed)?;
            let changed = Arc::new(changed);
            index.pools.insert(id.clone(), Arc::clone(&changed));
            Ok(changed)
        })
    }

    /// Removes a pool with its clients and users, unless `check` refuses.
    ///
    /// # Errors
    /// `ResourceNotFoundException`, or what `check` says.
    pub(crate) fn remove_pool(
        &self,
        id: &UserPoolId,
        check: impl FnOnce(&UserPool) -> Result<(), Exception>,
    ) -> Result<(), Exception> {
        self.write(|index| {
            check(&*index.pool(id)?)?;
            index.pools.remove(id);
            index.clients.retain(|_, (pool, _)| pool != id);
            index.domains.retain(|_, pool| pool != id);
            Ok(())
        })
    }

    /// Adds a client to a pool.
    ///
    /// # Errors
    /// `ResourceNotFoundException` if the pool is gone, `LimitExceededException` (COGNITO.md 9).
    pub(crate) fn add_client(
        &self,
        pool: &UserPoolId,
        client: &Arc<AppClient>,
    ) -> Result<(), Exception> {
        self.write(|index| {
            index.pool(pool)?;
            if index.clients_of(pool).count() >= CLIENTS_MAX {
                return Err(Exception::quota("app clients", CLIENTS_MAX));
            }
            let entry = (pool.clone(), Arc::clone(client));
            index.clients.insert(client.id.clone(), entry);
            Ok(())
        })
    }

    /// Replaces a client by a changed one, unless the change fails.
    ///
    /// # Errors
    /// `ResourceNotFoundException` for the pool or the client, or what `change` says.
    pub(crate) fn change_client(
        &self,
        pool: &UserPoolId,
        id: &AppClientId,
        now: Timestamp,
        change: impl FnOnce(&mut AppClient) -> Result<(), Exception>,
    ) -> Result<Arc<AppClient>, Exception> {
        self.write(|index| {
            let mut changed = AppClient::clone(&*index.client_of(pool, id)?);
            change(&mut changed)?;
            changed.modified = now;
            let changed = Arc::new(changed);
            let entry = (pool.clone(), Arc::clone(&changed));
            index.clients.insert(id.clone(), entry);
            Ok(changed)
        })
    }

    /// Removes a client.
    ///
    /// # Errors
    /// `ResourceNotFoundException` for the pool or the client.
    pub(crate) fn remove_client(
        &self,
        pool: &UserPoolId,
        id: &AppClientId,
    ) -> Result<(), Exception> {
        self.write(|index| {
            index.client_of(pool, id)?;
            index.clients.remove(id);
            Ok(())
        })
    }

    /// Removes everything.
    pub(crate) fn clear(&self) {
        self.write(|index| *index = Index::default());
    }

    fn read<T>(&self, look_up: impl FnOnce(&Index) -> T) -> T {
        look_up(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, change: impl FnOnce(&mut Index) -> T) -> T {
        change(&mut self.0.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Index {
    fn pool(&self, id: &UserPoolId) -> Result<Arc<UserPool>, Exception> {
        let found = self.pools.get(id).cloned();
        found.ok_or_else(|| Exception::ResourceNotFound {
            kind: "User pool",
            id: id.to_string(),
        })
    }

    fn clients_of(&self, pool: &UserPoolId) -> impl Iterator<Item = &Arc<AppClient>> {
        let clients = self.clients.values();
        clients.filter_map(move |(owner, client)| (owner == pool).then_some(client))
    }

    fn client_of(&self, pool: &UserPoolId, id: &AppClientId) -> Result<Arc<AppClient>, Exception> {
        self.pool(pool)?;
        match self.clients.get(id) {
            Some((owner, client)) if owner == pool => Ok(Arc::clone(client)),
            _ => Err(no_client(id)),
        }
    }

    /// Files a pool's domains, which may have come or gone.
    fn take_domains(&mut self, pool: &UserPool) -> Result<(), Exception> {
        let domains = || pool.domain.iter().chain(&pool.custom_domain);
        let taken = |name: &str| {
            self.domains
                .get(name)
                .is_some_and(|owner| *owner != pool.id)
        };
        if domains().any(|domain| taken(&domain.name)) {
            // Recorded in many public issues.
            return Err(Exception::invalid_parameter(
                "Domain already associated with another user pool.",
            ));
        }
        self.domains.retain(|_, owner| *owner != pool.id);
        for domain in domains() {
            self.domains.insert(domain.name.clone(), pool.id.clone());
        }
        Ok(())
    }
}

fn no_client(id: &AppClientId) -> Exception {
    Exception::ResourceNotFound {
        kind: "User pool client",
        id: id.to_string(),
    }
}

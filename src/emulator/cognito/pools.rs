//! The user pools and their app clients.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use jiff::Timestamp;

use super::clients::AppClient;
use super::error::Exception;
use super::pool_settings::PoolSettings;
use super::schema::Schema;
use super::username::Naming;
use super::users::Users;
use crate::model::{AppClientId, UserPoolId};

/// A user pool: settings that seldom change, and users that often do.
///
/// The users are behind a lock of their own, held for the few look-ups of one operation and never
/// while something is awaited, so that pools do not wait for each other and a slow mail server
/// holds up nobody.
#[derive(Debug)]
pub(crate) struct UserPool {
    pub(crate) id: UserPoolId,
    pub(crate) arn: String,
    pub(crate) created: Timestamp,
    pub(crate) settings: PoolSettings,
    pub(crate) schema: Schema,
    pub(crate) naming: Naming,
    users: Mutex<Users>,
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
            settings,
            users: Mutex::default(),
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

/// All pools and clients, found by id.
#[derive(Debug, Default)]
pub(crate) struct Pools(RwLock<Index>);

#[derive(Debug, Default)]
struct Index {
    pools: HashMap<UserPoolId, Arc<UserPool>>,
    clients: HashMap<AppClientId, (Arc<UserPool>, Arc<AppClient>)>,
}

impl Pools {
    /// The pool with this id.
    ///
    /// # Errors
    /// `ResourceNotFoundException` (COGNITO.md 1.6 \[T\]).
    pub(crate) fn pool(&self, id: &UserPoolId) -> Result<Arc<UserPool>, Exception> {
        self.read(|index| index.pools.get(id).cloned())
            .ok_or_else(|| unknown("User pool", id))
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
        let found = self.read(|index| index.clients.get(id).cloned());
        found.ok_or_else(|| unknown("User pool client", id))
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
        self.pool(pool)?;
        match self.client(id)? {
            (owner, client) if owner.id == *pool => Ok(client),
            _ => Err(unknown("User pool client", id)),
        }
    }

    /// Adds a pool.
    pub(crate) fn add_pool(&self, pool: Arc<UserPool>) {
        self.write(|index| index.pools.insert(pool.id.clone(), pool));
    }

    /// Adds a client to a pool.
    pub(crate) fn add_client(&self, pool: Arc<UserPool>, client: Arc<AppClient>) {
        self.write(|index| index.clients.insert(client.id.clone(), (pool, client)));
    }

    /// Removes a pool with its clients and users.
    pub(crate) fn remove_pool(&self, id: &UserPoolId) {
        self.write(|index| {
            index.pools.remove(id);
            index.clients.retain(|_, (pool, _)| pool.id != *id);
        });
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

fn unknown(kind: &'static str, id: &impl ToString) -> Exception {
    Exception::ResourceNotFound {
        kind,
        id: id.to_string(),
    }
}

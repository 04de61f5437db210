//! What exists before the first request: the same settings as through the API, with known ids.

use super::aliases::{self, Taken};
use super::attributes;
use super::clients::ClientSettings;
use super::error::Exception;
use super::pool_settings::PoolSettings;
use super::service::Cognito;
use super::sign_up::{NewUser, insert_unique, new_user};
use super::users::UserStatus;
use super::wire::Attribute;
use super::{app_clients, domains, user_pools};
use crate::model::{AppClientId, Secret, UserPoolId};

/// A pool with its clients and users.
#[derive(Debug, Clone)]
pub(crate) struct SeedPool {
    pub(crate) id: UserPoolId,
    pub(crate) settings: PoolSettings,
    /// The prefix of its domain.
    pub(crate) domain: Option<String>,
    pub(crate) clients: Vec<SeedClient>,
    pub(crate) users: Vec<SeedUser>,
}

/// A client of such a pool.
#[derive(Debug, Clone)]
pub(crate) struct SeedClient {
    pub(crate) id: AppClientId,
    pub(crate) settings: ClientSettings,
}

/// A user of such a pool.
#[derive(Debug, Clone)]
pub(crate) struct SeedUser {
    pub(crate) username: String,
    pub(crate) password: Secret<String>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) status: UserStatus,
}

impl SeedUser {
    /// A user of these names and values.
    pub(crate) fn new<'a>(
        username: &str,
        password: &str,
        attributes: impl Iterator<Item = (&'a str, &'a str)>,
        status: UserStatus,
    ) -> Self {
        let attribute = |(name, value): (&str, &str)| Attribute {
            name: name.to_owned(),
            value: Some(value.to_owned()),
        };
        Self {
            username: username.to_owned(),
            password: Secret::new(password.to_owned()),
            attributes: attributes.map(attribute).collect(),
            status,
        }
    }
}

/// Replaces everything by these pools.
///
/// # Errors
/// What the API would answer to the same settings.
pub(crate) fn plant(cognito: &Cognito, pools: &[SeedPool]) -> Result<(), Exception> {
    cognito.pools.clear();
    for seed in pools {
        let pool = user_pools::add(cognito, seed.id.clone(), seed.settings.clone())?;
        if let Some(domain) = &seed.domain {
            domains::plant(cognito, &seed.id, domain)?;
        }
        for client in &seed.clients {
            app_clients::add(cognito, &pool, client.id.clone(), client.settings.clone())?;
        }
        for user in &seed.users {
            plant_user(cognito, &pool, user)?;
        }
    }
    Ok(())
}

/// Adds a user without a mail; the password policy is not asked, as it is not for an imported user.
fn plant_user(
    cognito: &Cognito,
    pool: &super::pools::UserPool,
    seed: &SeedUser,
) -> Result<(), Exception> {
    pool.naming.check(&seed.username)?;
    let stored = attributes::of_new_user(pool, &seed.username, &seed.attributes)?;
    let (attributes, verified) = attributes::without_flags(stored);
    let user = new_user(
        cognito,
        pool,
        NewUser {
            sub: cognito.random.sub(),
            username: &seed.username,
            password: Some(seed.password.expose()),
            status: seed.status,
            attributes,
        },
    );
    let mut users = pool.users();
    let key = insert_unique(pool, &mut users, user, "User already exists")?;
    aliases::verify(pool, &mut users, key, &verified, Taken::Move)
}

//! What exists in the emulator before the first request.

use std::collections::HashSet;

use serde::Deserialize;

use super::cognito::{
    ClientSettings, ExplicitAuthFlow, PasswordPolicy, PoolSettings, SeedClient, SeedPool, SeedUser,
    UserStatus, VerifiedAttribute,
};
use super::function_definition::read_functions;
use super::kms::StartingKey;
use super::lambda::Function;
use super::random::Random;
use super::seed_tables::{InvalidStarting, all, named, section, strict, tables, text, unknown_key};
use super::ses::StartingSes;
use super::ses_seed;
use crate::control::{Quotas, TrailSettings};
use crate::model::{AppClientId, Secret, UserPoolId};

/// User pools, app clients and users that exist when the emulator starts and after each reset.
///
/// The file is TOML in AWS's own member names: a `[[user_pool]]` takes what `CreateUserPool` takes,
/// a `[[user_pool.client]]` what `CreateUserPoolClient` takes, and a `[[user_pool.user]]` a name, a
/// password and attributes. `Id` and `ClientId` fix the ids, which are drawn otherwise. `Domain` is
/// the prefix of the pool's domain, without which it cannot confirm by link.
///
/// A `[[function]]` is a Lambda function for the triggers that a pool's `LambdaConfig` names by ARN:
/// `FunctionName`, `Handler`, `Timeout` in seconds, `MemorySize` and `Environment` as in AWS's
/// `CreateFunction`, and either `Command`, a program with its arguments, started in `Directory`, or
/// the `Url` of an Invoke endpoint on this machine. A seed file therefore runs programs: treat one
/// as you would a script.
///
/// A `[[kms_key]]` is a symmetric key for pools with `CustomEmailSender` or `CustomSMSSender`: its
/// `KeyId`, a UUID, which is drawn otherwise, an `AliasName` (`alias/...`) and a `Description`. The
/// pool's `KMSKeyID` names it by ARN, in the emulator's account and Region.
///
/// `[quotas]` and `[cloudtrail]` take what the control interface takes by the same names, such as
/// `default_sender_mails_per_day = 50` and `log_group = "aws-cloudtrail-logs"`.
///
/// SES's part is `[ses]`, the account (`ProductionAccessEnabled`, `SendingEnabled`,
/// `EnforcementStatus`, `SuppressedReasons`, `Max24HourSend`, `MaxSendRate`), and any number of
/// `[[ses_identity]]` (`EmailIdentity`, verified unless `VerificationStatus` says otherwise),
/// `[[ses_configuration_set]]`, `[[ses_suppressed_destination]]` and `[[ses_event_rule]]`, by which
/// SES's events reach a log group (`LogGroupName`, `DetailType`). A pool with
/// `EmailSendingAccount = "DEVELOPER"` needs a verified identity, as on AWS.
///
/// ```
/// use reverify::emulator::Starting;
///
/// let starting = Starting::from_toml(
///     r#"
///     [[user_pool]]
///     Id = "us-east-1_AbCdEfGhI"
///     PoolName = "shop"
///     UsernameAttributes = ["email"]
///     AutoVerifiedAttributes = ["email"]
///
///     [[user_pool.client]]
///     ClientName = "web"
///     GenerateSecret = true
///
///     [[user_pool.user]]
///     Username = "ada@example.com"
///     Password = "correct horse"
///     UserAttributes = [{ Name = "email_verified", Value = "true" }]
///
///     [user_pool.LambdaConfig]
///     PreSignUp = "arn:aws:lambda:us-east-1:123456789012:function:welcome"
///
///     [[function]]
///     FunctionName = "welcome"
///     Command = ["python3", "-m", "awslambdaric", "app.handler"]
///     Directory = "triggers"
///     Handler = "app.handler"
///     "#,
/// )?;
/// # let _ = starting;
/// assert!(Starting::from_toml("[[user_pool]]\nPoolNam = \"shop\"").is_err());
/// # Ok::<(), reverify::emulator::InvalidStarting>(())
/// ```
#[derive(Debug, Clone)]
pub struct Starting {
    pools: Vec<StartingPool>,
    functions: Vec<Function>,
    quotas: Option<Quotas>,
    trail: Option<TrailSettings>,
    ses: StartingSes,
    keys: Vec<StartingKey>,
}

/// What can be chosen of the standard pool without a seed file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StandardPool {
    /// The pool's id instead of a drawn one.
    pub user_pool_id: Option<UserPoolId>,
    /// The app client's id instead of a drawn one.
    pub client_id: Option<AppClientId>,
    /// Users sign in with their e-mail address; Cognito stores a generated name.
    pub email_is_username: bool,
    /// `Ada` and `ada` are two users.
    pub case_sensitive: bool,
}

#[derive(Debug, Clone)]
struct StartingPool {
    id: Option<UserPoolId>,
    settings: PoolSettings,
    domain: Option<String>,
    clients: Vec<StartingClient>,
    users: Vec<StartingUser>,
}

#[derive(Debug, Clone)]
struct StartingClient {
    id: Option<AppClientId>,
    settings: ClientSettings,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct StartingUser {
    username: String,
    password: String,
    #[serde(default)]
    user_attributes: Vec<StartingAttribute>,
    #[serde(default)]
    user_status: UserStatus,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct StartingAttribute {
    name: String,
    value: String,
}

impl Starting {
    /// One pool `reverify` and one client without a secret: any text is a username, in any
    /// capitals, e-mail addresses are verified by code, and a password needs eight characters.
    #[must_use]
    pub fn standard() -> Self {
        Self::with(&StandardPool::default())
    }

    /// The standard pool and client with some things chosen.
    #[must_use]
    pub fn with(chosen: &StandardPool) -> Self {
        let mut settings = PoolSettings {
            pool_name: "reverify".to_owned(),
            auto_verified_attributes: vec![VerifiedAttribute::Email],
            ..PoolSettings::default()
        };
        if chosen.email_is_username {
            settings.username_attributes = vec![VerifiedAttribute::Email];
        }
        settings.policies.password_policy = Some(PasswordPolicy::of_length(8));
        settings.username_configuration.case_sensitive = Some(chosen.case_sensitive);
        let flows = vec![
            ExplicitAuthFlow::AllowUserPasswordAuth,
            ExplicitAuthFlow::AllowUserSrpAuth,
            ExplicitAuthFlow::AllowRefreshTokenAuth,
            ExplicitAuthFlow::AllowAdminUserPasswordAuth,
            ExplicitAuthFlow::AllowCustomAuth,
        ];
        let client = ClientSettings {
            client_name: "reverify".to_owned(),
            explicit_auth_flows: Some(flows),
            ..ClientSettings::default()
        };
        Self {
            pools: vec![StartingPool {
                id: chosen.user_pool_id.clone(),
                settings,
                clients: vec![StartingClient {
                    id: chosen.client_id.clone(),
                    settings: client,
                }],
                domain: None,
                users: Vec::new(),
            }],
            functions: Vec::new(),
            quotas: None,
            trail: None,
            ses: StartingSes::default(),
            keys: Vec::new(),
        }
    }

    /// The same with a symmetric KMS key of this id, for pools with custom senders.
    #[must_use]
    pub fn with_kms_key(mut self, id: uuid::Uuid) -> Self {
        self.keys.push(StartingKey::of(id));
        self
    }

    /// The same with a trail of API calls that goes into this log group.
    #[must_use]
    pub fn with_trail(mut self, log_group: &str) -> Self {
        self.trail = Some(TrailSettings {
            log_group: Some(log_group.to_owned()),
            delay_seconds: 0,
        });
        self
    }

    /// Reads a seed file's text.
    ///
    /// # Errors
    /// [`InvalidStarting`] for a text that is not TOML, a key that is not known, a value that does
    /// not fit, or an id that is given twice.
    pub fn from_toml(text: &str) -> Result<Self, InvalidStarting> {
        let syntax = |error: toml::de::Error| InvalidStarting::Syntax(error.to_string());
        let mut table: toml::Table = text.parse().map_err(syntax)?;
        let file = "the file";
        let pools = tables(&mut table, "user_pool", file)?;
        let functions = tables(&mut table, "function", file)?;
        let quotas = section(&mut table, "quotas")?;
        let trail: Option<TrailSettings> = section(&mut table, "cloudtrail")?;
        if let Some(Err(error)) = trail.as_ref().map(TrailSettings::check) {
            return Err(InvalidStarting::Value {
                place: "cloudtrail".to_owned(),
                reason: error.to_string(),
            });
        }
        let ses = ses_seed::read(&mut table)?;
        let keys = all(&mut table, "kms_key")?;
        if let Some(key) = table.keys().next() {
            return Err(unknown_key(file, key));
        }
        let numbered = pools.into_iter().enumerate();
        let pools = numbered.map(|(index, pool)| read_pool(pool, index + 1));
        let starting = Self {
            pools: pools.collect::<Result<_, _>>()?,
            functions: read_functions(functions)?,
            quotas,
            trail,
            ses,
            keys,
        };
        starting.check_ids()?;
        Ok(starting)
    }

    /// The functions.
    pub(super) fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// The account's quotas, if the seed file has some.
    pub(super) fn quotas(&self) -> Option<Quotas> {
        self.quotas
    }

    /// Where the trail of API calls goes, if the seed file says it.
    pub(crate) fn trail(&self) -> Option<TrailSettings> {
        self.trail.clone()
    }

    /// The region of the first pool, as its id tells it; none where the id is drawn.
    pub(crate) fn first_region(&self) -> Option<&str> {
        Some(self.pools.first()?.id.as_ref()?.region())
    }

    /// What exists in SES.
    pub(super) fn ses(&self) -> &StartingSes {
        &self.ses
    }

    /// The keys of KMS.
    pub(super) fn keys(&self) -> &[StartingKey] {
        &self.keys
    }

    /// The same with every id and secret drawn, so that a reset brings back the same ones.
    pub(super) fn resolved(&self, region: &str, random: &Random) -> Vec<SeedPool> {
        let drawn_pool = || UserPoolId::new(format!("{region}_{}", random.pool_suffix()));
        let pool = |pool: &StartingPool| SeedPool {
            id: pool.id.clone().unwrap_or_else(drawn_pool),
            settings: pool.settings.clone(),
            domain: pool.domain.clone(),
            clients: pool
                .clients
                .iter()
                .map(|client| client.resolved(random))
                .collect(),
            users: pool.users.iter().map(StartingUser::seed).collect(),
        };
        self.pools.iter().map(pool).collect()
    }

    fn check_ids(&self) -> Result<(), InvalidStarting> {
        let pools = self
            .pools
            .iter()
            .filter_map(|pool| pool.id.as_ref().map(UserPoolId::as_str));
        let clients = self.pools.iter().flat_map(|pool| &pool.clients);
        let clients = clients.filter_map(|client| client.id.as_ref().map(AppClientId::as_str));
        let mut seen = HashSet::new();
        for id in pools.chain(clients) {
            if !seen.insert(id) {
                return Err(InvalidStarting::DuplicateId(id.to_owned()));
            }
        }
        Ok(())
    }
}

impl StartingClient {
    fn resolved(&self, random: &Random) -> SeedClient {
        let mut settings = self.settings.clone();
        if settings.generate_secret == Some(true) && settings.client_secret.is_none() {
            settings.client_secret = Some(Secret::new(random.client_secret()));
        }
        let drawn = || AppClientId::new(random.client_id());
        SeedClient {
            id: self.id.clone().unwrap_or_else(drawn),
            settings,
        }
    }
}

impl StartingUser {
    fn seed(&self) -> SeedUser {
        let pairs = self.user_attributes.iter();
        SeedUser::new(
            &self.username,
            &self.password,
            pairs.map(|attribute| (attribute.name.as_str(), attribute.value.as_str())),
            self.user_status,
        )
    }
}

fn read_pool(mut table: toml::Table, number: usize) -> Result<StartingPool, InvalidStarting> {
    let place = format!("user pool {number}");
    let id = text(&mut table, "Id", &place, is_pool_id)?.map(UserPoolId::new);
    let domain = text(&mut table, "Domain", &place, is_domain)?;
    let clients = tables(&mut table, "client", &place)?
        .into_iter()
        .enumerate();
    let clients = clients.map(|(index, mut client)| {
        let place = format!("client {} of {place}", index + 1);
        Ok(StartingClient {
            id: text(&mut client, "ClientId", &place, is_client_id)?.map(AppClientId::new),
            settings: named(client, "ClientName", &place)?,
        })
    });
    let clients = clients.collect::<Result<_, _>>()?;
    let users = tables(&mut table, "user", &place)?.into_iter().enumerate();
    let users = users.map(|(index, user)| strict(user, &format!("user {} of {place}", index + 1)));
    let users = users.collect::<Result<_, _>>()?;
    Ok(StartingPool {
        id,
        settings: named(table, "PoolName", &place)?,
        domain,
        clients,
        users,
    })
}

/// `UserPoolIdType` (COGNITO.md 1.5).
fn is_pool_id(id: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    id.len() <= 55
        && id.rsplit_once('_').is_some_and(|(region, name)| {
            !region.is_empty() && region.chars().all(word) && is_client_id(name)
        })
}

/// `DomainType`, for the prefix of AWS's own domain (COGNITO.md 1.5).
fn is_domain(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let ends = name.starts_with('-') || name.ends_with('-');
    (1..=63).contains(&name.len()) && name.chars().all(allowed) && !ends
}

/// `ClientIdType`, less the characters that AWS never draws.
fn is_client_id(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests;

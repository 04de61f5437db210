//! One request of a sign-in: who asks for what, at which pool, through which client.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;

use crate::emulator::cognito::clients::AppClient;
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::messages::ClientMetadata;
use crate::emulator::cognito::pools::UserPool;
use crate::emulator::cognito::secret_hash::{self, Family};
use crate::emulator::cognito::service::Cognito;
use crate::emulator::cognito::triggers::Metadata;
use crate::model::{AppClientId, UserPoolId};

/// What all steps of a sign-in need.
pub(super) struct Attempt {
    pub(super) cognito: Arc<Cognito>,
    pub(super) pool: Arc<UserPool>,
    pub(super) client: Arc<AppClient>,
    pub(super) caller: Caller,
    pub(super) passed: Passed,
}

/// `ClientMetadata`, by the name under which functions see it (COGNITO.md 6.3 \[D\]).
#[derive(Debug)]
pub(super) enum Passed {
    /// That of `InitiateAuth`.
    ValidationData(ClientMetadata),
    /// That of an answer to a challenge, or of a refresh.
    ClientMetadata(ClientMetadata),
}

/// Whether the request came through an `Admin...` operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    App,
    Admin,
}

impl Attempt {
    /// An attempt through an operation that is open to everybody.
    ///
    /// # Errors
    /// `ResourceNotFoundException` for the client.
    pub(super) fn of_app(
        cognito: &Arc<Cognito>,
        client: &AppClientId,
        passed: Passed,
    ) -> Result<Self, Exception> {
        let (pool, client) = cognito.client(client)?;
        Ok(Self {
            cognito: Arc::clone(cognito),
            pool,
            client,
            caller: Caller::App,
            passed,
        })
    }

    /// An attempt through an operation of administrators, who name the pool too.
    ///
    /// # Errors
    /// `ResourceNotFoundException` for the pool, or for a client that is not the pool's.
    pub(super) fn of_admin(
        cognito: &Arc<Cognito>,
        pool: &UserPoolId,
        client: &AppClientId,
        passed: Passed,
    ) -> Result<Self, Exception> {
        cognito.pools.client_of(pool, client)?;
        let attempt = Self::of_app(cognito, client, passed)?;
        Ok(Self {
            caller: Caller::Admin,
            ..attempt
        })
    }

    /// What functions see as `validationData`.
    pub(super) const fn validation_data(&self) -> Option<&Metadata> {
        match &self.passed {
            Passed::ValidationData(metadata) => metadata.as_ref(),
            Passed::ClientMetadata(_) => None,
        }
    }

    /// What functions see as `clientMetadata`.
    pub(super) const fn client_metadata(&self) -> Option<&Metadata> {
        match &self.passed {
            Passed::ClientMetadata(metadata) => metadata.as_ref(),
            Passed::ValidationData(_) => None,
        }
    }

    /// The present moment.
    pub(super) fn now(&self) -> Timestamp {
        self.cognito.now()
    }

    /// What an unknown user gets where a password was sent (COGNITO.md 3.10 \[R, D\]).
    pub(super) fn unknown_user(&self) -> Exception {
        if self.client.hides_users() {
            Exception::incorrect_credentials()
        } else {
            Exception::UserNotFound
        }
    }
}

/// `AuthParameters` or `ChallengeResponses`: passwords are among them, so there is no `Debug`.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Parameters(HashMap<String, String>);

impl Parameters {
    /// A parameter, if it was sent.
    pub(super) fn optional(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A parameter that must be there.
    ///
    /// # Errors
    /// `InvalidParameterException`; the text is a guess \[U\].
    pub(super) fn required(&self, name: &str) -> Result<&str, Exception> {
        self.optional(name).ok_or_else(|| {
            Exception::invalid_parameter(format!("Missing required parameter {name}"))
        })
    }

    /// Checks `SECRET_HASH` for a name as it was sent in this request.
    ///
    /// # Errors
    /// `NotAuthorizedException`.
    pub(super) fn check_secret(&self, client: &AppClient, name: &str) -> Result<(), Exception> {
        secret_hash::check(client, name, self.optional("SECRET_HASH"), Family::SignIn)
    }

    /// The parameters whose names begin so, with the rest of their names, in order.
    pub(super) fn below(&self, prefix: &str) -> Vec<(&str, &str)> {
        let all = self.0.iter();
        let named = all.filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, &**value)));
        let mut named: Vec<_> = named.collect();
        named.sort_unstable();
        named
    }
}

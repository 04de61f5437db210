//! App clients: what they are asked to be, and what they allow.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::attributes;
use super::client_secrets::ClientSecret;
use super::error::Exception;
use super::pool_members::Unsupported;
use super::pools::UserPool;
use super::wire::{epoch_seconds, secret};
use crate::model::{AppClientId, Secret, UserPoolId};

/// `ExplicitAuthFlowsType`, the legacy names included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ExplicitAuthFlow {
    AdminNoSrpAuth,
    CustomAuthFlowOnly,
    UserPasswordAuth,
    AllowAdminUserPasswordAuth,
    AllowCustomAuth,
    AllowUserPasswordAuth,
    AllowUserSrpAuth,
    AllowRefreshTokenAuth,
    AllowUserAuth,
}

impl ExplicitAuthFlow {
    /// Whether it is a name from before the `ALLOW_` ones.
    const fn is_legacy(self) -> bool {
        matches!(
            self,
            Self::AdminNoSrpAuth | Self::CustomAuthFlowOnly | Self::UserPasswordAuth
        )
    }
}

/// `TimeUnitsType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TimeUnit {
    Seconds,
    Minutes,
    Hours,
    Days,
}

impl TimeUnit {
    const fn times(self, count: i64) -> SignedDuration {
        SignedDuration::from_secs(match self {
            Self::Seconds => count,
            Self::Minutes => count * 60,
            Self::Hours => count * 3_600,
            Self::Days => count * 86_400,
        })
    }
}

/// `TokenValidityUnitsType`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_field_names, reason = "the members' names on the wire")]
pub(crate) struct TokenValidityUnits {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) access_token: Option<TimeUnit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id_token: Option<TimeUnit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refresh_token: Option<TimeUnit>,
}

/// `PreventUserExistenceErrorTypes` (COGNITO.md 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum PreventUserExistenceErrors {
    Legacy,
    Enabled,
}

/// `FeatureType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Feature {
    Enabled,
    Disabled,
}

/// `RefreshTokenRotationType`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RefreshTokenRotation {
    pub(crate) feature: Feature,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retry_grace_period_seconds: Option<u8>,
}

macro_rules! client_settings {
    ($($(#[$attribute:meta])* $field:ident: $type:ty,)*) => {
        /// What `CreateUserPoolClient` takes, and most of what `DescribeUserPoolClient` shows.
        ///
        /// The members of the hosted sign-in pages are kept and described; the pages do not exist
        /// here.
        #[derive(Debug, Clone, Default, Serialize, Deserialize)]
        #[serde(rename_all = "PascalCase")]
        pub(crate) struct ClientSettings {
            #[serde(default)]
            pub(crate) client_name: String,
            #[serde(default, skip_serializing)]
            pub(crate) generate_secret: Option<bool>,
            #[serde(default, skip_serializing, deserialize_with = "secret")]
            pub(crate) client_secret: Option<Secret<String>>,
            #[serde(default, skip_serializing)]
            pub(crate) analytics_configuration: Option<Unsupported>,
            $(
                $(#[$attribute])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub(crate) $field: Option<$type>,
            )*
        }
    };
}

client_settings! {
    refresh_token_validity: u32,
    access_token_validity: u32,
    id_token_validity: u32,
    token_validity_units: TokenValidityUnits,
    read_attributes: Vec<String>,
    write_attributes: Vec<String>,
    explicit_auth_flows: Vec<ExplicitAuthFlow>,
    supported_identity_providers: Vec<String>,
    #[serde(rename = "CallbackURLs")]
    callback_urls: Vec<String>,
    #[serde(rename = "LogoutURLs")]
    logout_urls: Vec<String>,
    #[serde(rename = "DefaultRedirectURI")]
    default_redirect_uri: String,
    #[serde(rename = "AllowedOAuthFlows")]
    allowed_oauth_flows: Vec<String>,
    #[serde(rename = "AllowedOAuthScopes")]
    allowed_oauth_scopes: Vec<String>,
    #[serde(rename = "AllowedOAuthFlowsUserPoolClient")]
    allowed_oauth_flows_user_pool_client: bool,
    prevent_user_existence_errors: PreventUserExistenceErrors,
    enable_token_revocation: bool,
    enable_propagate_additional_user_context_data: bool,
    auth_session_validity: u8,
    refresh_token_rotation: RefreshTokenRotation,
}

impl ClientSettings {
    /// Checks what depends on the pool; `doing` is the operation's word in AWS's texts.
    ///
    /// # Errors
    /// `InvalidParameterException` in texts recorded in public issues.
    pub(crate) fn check(&self, pool: &UserPool, doing: &str) -> Result<(), Exception> {
        let invalid = |message: String| Err(Exception::invalid_parameter(message));
        let known = |name: &String| pool.schema.find(name).is_some();
        if !self.read_attributes.iter().flatten().all(known) {
            return invalid(format!(
                "Invalid read attributes specified while {doing} a client"
            ));
        }
        if let Some(names) = &self.write_attributes {
            let writable = |name: &String| known(name) && !attributes::is_for_service(name);
            // A list without an attribute that every user must have is refused as well [I].
            let mut required = pool.schema.required();
            let complete = required.all(|wanted| names.iter().any(|name| **name == *wanted.name));
            if !complete || !names.iter().all(writable) {
                return invalid(format!(
                    "Invalid write attributes specified while {doing} a client"
                ));
            }
        }
        let mut providers = self.supported_identity_providers.iter().flatten();
        if let Some(other) = providers.find(|provider| *provider != "COGNITO") {
            let pool = &pool.id;
            return invalid(format!(
                "The provider {other} does not exist for User Pool {pool}."
            ));
        }
        if !Validity::of(self).is_allowed() {
            return invalid("Invalid range for token validity.".to_owned());
        }
        let flows = || self.explicit_auth_flows.iter().flatten();
        if flows().any(|flow| flow.is_legacy()) && flows().any(|flow| !flow.is_legacy()) {
            // Documented; the text is a guess [U].
            return invalid(
                "Legacy ExplicitAuthFlows cannot be mixed with ALLOW_ ones.".to_owned(),
            );
        }
        Ok(())
    }

    /// The settings as the service keeps them, with its defaults.
    ///
    /// # Errors
    /// The explicit refusal of what is not implemented.
    pub(crate) fn completed(mut self) -> Result<Self, Exception> {
        if self.analytics_configuration.is_some() {
            return Err(Exception::not_implemented(
                "The setting AnalyticsConfiguration",
            ));
        }
        // Zero means the default [D].
        let days = self.refresh_token_validity.filter(|validity| *validity > 0);
        self.refresh_token_validity = Some(days.unwrap_or(30));
        self.enable_token_revocation.get_or_insert(true);
        self.auth_session_validity.get_or_insert(3);
        self.allowed_oauth_flows_user_pool_client
            .get_or_insert(false);
        self.enable_propagate_additional_user_context_data
            .get_or_insert(false);
        // The API reference's default for a client that asks for no flow.
        self.explicit_auth_flows.get_or_insert_with(|| {
            vec![
                ExplicitAuthFlow::AllowRefreshTokenAuth,
                ExplicitAuthFlow::AllowUserSrpAuth,
                ExplicitAuthFlow::AllowCustomAuth,
            ]
        });
        Ok(self)
    }
}

/// One app client of a pool.
#[derive(Debug, Clone)]
pub(crate) struct AppClient {
    pub(crate) id: AppClientId,
    /// None for a public client; the first is the one that descriptions show.
    pub(crate) secrets: Vec<ClientSecret>,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    pub(crate) settings: ClientSettings,
}

impl AppClient {
    /// Whether answers must not tell which users exist.
    pub(crate) fn hides_users(&self) -> bool {
        self.settings.prevent_user_existence_errors == Some(PreventUserExistenceErrors::Enabled)
    }

    /// Whether one of these flows is enabled.
    pub(crate) fn allows(&self, flows: &[ExplicitAuthFlow]) -> bool {
        let enabled = self.settings.explicit_auth_flows.iter().flatten();
        enabled.into_iter().any(|flow| flows.contains(flow))
    }

    /// For how long a rotated refresh token is still taken, if the client rotates at all.
    pub(crate) fn rotation(&self) -> Option<SignedDuration> {
        let rotation = self.settings.refresh_token_rotation.as_ref();
        let enabled = rotation.filter(|rotation| rotation.feature == Feature::Enabled)?;
        let seconds = enabled.retry_grace_period_seconds.unwrap_or(0);
        Some(SignedDuration::from_secs(seconds.into()))
    }

    /// How long a sign-in may wait for the answer to a challenge (COGNITO.md 4 \[D\]).
    pub(crate) fn session_validity(&self) -> SignedDuration {
        SignedDuration::from_mins(self.settings.auth_session_validity.unwrap_or(3).into())
    }

    /// Whether the client may read an attribute; a client without a list reads all.
    pub(crate) fn reads(&self, attribute: &str) -> bool {
        let listed = self.settings.read_attributes.as_ref();
        listed.is_none_or(|names| names.iter().any(|name| name == attribute))
    }

    /// Whether the client may write an attribute; a client without a list writes all.
    pub(crate) fn writes(&self, attribute: &str) -> bool {
        let listed = self.settings.write_attributes.as_ref();
        listed.is_none_or(|names| names.iter().any(|name| name == attribute))
    }

    /// How long access, id and refresh tokens live: an hour, an hour and 30 days by default.
    pub(crate) fn validity(&self) -> Validity {
        Validity::of(&self.settings)
    }

    /// The client as `DescribeUserPoolClient` shows it.
    pub(crate) fn described(&self, pool: &UserPoolId) -> ClientDescription {
        ClientDescription {
            user_pool_id: pool.clone(),
            client_id: self.id.clone(),
            client_secret: self
                .secrets
                .first()
                .map(|secret| secret.value.expose().clone()),
            last_modified_date: self.modified,
            creation_date: self.created,
            settings: self.settings.clone(),
        }
    }
}

/// The lifetimes of a client's tokens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Validity {
    pub(crate) access: SignedDuration,
    pub(crate) id: SignedDuration,
    pub(crate) refresh: SignedDuration,
}

impl Validity {
    fn of(settings: &ClientSettings) -> Self {
        let units = settings.token_validity_units.clone().unwrap_or_default();
        let span = |count: Option<u32>, unit: TimeUnit, default| {
            count
                .filter(|count| *count > 0)
                .map_or(default, |count| unit.times(count.into()))
        };
        let hour = SignedDuration::from_hours(1);
        Validity {
            access: span(
                settings.access_token_validity,
                units.access_token.unwrap_or(TimeUnit::Hours),
                hour,
            ),
            id: span(
                settings.id_token_validity,
                units.id_token.unwrap_or(TimeUnit::Hours),
                hour,
            ),
            refresh: span(
                settings.refresh_token_validity,
                units.refresh_token.unwrap_or(TimeUnit::Days),
                SignedDuration::from_hours(30 * 24),
            ),
        }
    }

    /// Whether each lies within COGNITO.md 9's bounds \[D\].
    fn is_allowed(&self) -> bool {
        let within = |span: SignedDuration, min, max| (min..=max).contains(&span);
        let (minimum, day) = (SignedDuration::from_mins(5), SignedDuration::from_hours(24));
        let longest = SignedDuration::from_hours(3_650 * 24);
        within(self.access, minimum, day)
            && within(self.id, minimum, day)
            && within(self.refresh, SignedDuration::from_hours(1), longest)
    }
}

/// `UserPoolClientType`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ClientDescription {
    user_pool_id: UserPoolId,
    client_id: AppClientId,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    #[serde(serialize_with = "epoch_seconds")]
    last_modified_date: Timestamp,
    #[serde(serialize_with = "epoch_seconds")]
    creation_date: Timestamp,
    #[serde(flatten)]
    settings: ClientSettings,
}

//! Pools and app clients that scenarios make for themselves.

use aws_sdk_cognitoidentityprovider as sdk;
use sdk::types::{
    AliasAttributeType, CloudWatchLogsConfigurationType, EventSourceName, ExplicitAuthFlowsType,
    LogConfigurationType, LogLevel, PreventUserExistenceErrorTypes, UserPoolType,
    UsernameAttributeType, UsernameConfigurationType,
};

use super::persistence::deleted;
use super::{AppClient, Called, Client, CognitoError, PoolDesign, SchemaAttribute};
use crate::model::{AppClientId, Secret, UserPoolId};

/// A pool to be made for a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUserPool {
    /// Its name.
    pub name: String,
    /// Whether `Ada` and `ada` are two users.
    pub case_sensitive: bool,
    /// By what users sign in.
    pub usernames: Usernames,
    /// Attributes that differ from what every pool has.
    pub schema: Vec<SchemaAttribute>,
    /// What can be changed later.
    pub design: PoolDesign,
}

/// By what users sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Usernames {
    /// A name of their own, which may look like an address.
    #[default]
    Any,
    /// Their address in place of a name.
    Email,
    /// A name, or a verified address that is the user's alone.
    EmailAlias,
    /// A name, or the attribute `preferred_username`.
    PreferredAlias,
}

/// An app client to be made for a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAppClient {
    /// Its name.
    pub name: String,
    /// Whether it gets a secret.
    pub with_secret: bool,
    /// Whether its answers hide which users exist: `PreventUserExistenceErrors` is `ENABLED`.
    pub hides_users: bool,
}

impl NewAppClient {
    /// One without a secret whose answers tell which users exist, as the API makes them.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            with_secret: false,
            hides_users: false,
        }
    }
}

/// The pool's own text for a verification mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailTemplate {
    /// The subject, which may hold the code too.
    pub subject: Option<String>,
    /// The body, with `{####}` or `{##text##}` in it.
    pub body: String,
    /// Whether it carries a link.
    pub link: bool,
}

impl Client {
    /// Makes a pool that verifies addresses with a code.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn create_user_pool(
        &self,
        new: &NewUserPool,
    ) -> Result<Called<UserPoolId>, CognitoError> {
        let case = UsernameConfigurationType::builder().case_sensitive(new.case_sensitive);
        let mut request = self
            .sdk
            .create_user_pool()
            .pool_name(&new.name)
            .policies(new.design.policies())
            .set_account_recovery_setting(new.design.account_recovery())
            .set_schema(schema(new))
            .set_username_configuration(case.build().ok())
            .set_auto_verified_attributes(Some(new.design.auto_verified()))
            .verification_message_template(new.design.message_template())
            .admin_create_user_config(new.design.admin_create_user())
            .set_email_configuration(new.design.email_configuration())
            .set_user_attribute_update_settings(new.design.attribute_updates())
            .set_lambda_config(new.design.lambda_config());
        request = match new.usernames {
            Usernames::Any => request,
            Usernames::Email => request.username_attributes(UsernameAttributeType::Email),
            Usernames::EmailAlias => request.alias_attributes(AliasAttributeType::Email),
            Usernames::PreferredAlias => {
                request.alias_attributes(AliasAttributeType::PreferredUsername)
            }
        };
        let called = self
            .call("CreateUserPool", || request.clone().send())
            .await?;
        let id = |pool: &UserPoolType| pool.id().map(UserPoolId::new);
        named(
            called,
            |output| output.user_pool().and_then(id),
            "a pool id",
        )
    }

    /// Changes a pool's settings to these; as on AWS, what is not named falls back to its default.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn update_user_pool(
        &self,
        pool: &UserPoolId,
        design: &PoolDesign,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .update_user_pool()
            .user_pool_id(pool.as_str())
            .policies(design.policies())
            .set_account_recovery_setting(design.account_recovery())
            .set_auto_verified_attributes(Some(design.auto_verified()))
            .verification_message_template(design.message_template())
            .admin_create_user_config(design.admin_create_user())
            .set_email_configuration(design.email_configuration())
            .set_user_attribute_update_settings(design.attribute_updates())
            .set_lambda_config(design.lambda_config());
        Ok(self
            .call("UpdateUserPool", || request.clone().send())
            .await?
            .map(drop))
    }

    /// Has the pool's delivery errors written into a log group, which has to exist.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn export_delivery_errors(
        &self,
        pool: &UserPoolId,
        log_group_arn: &str,
    ) -> Result<Called<()>, CognitoError> {
        let group = CloudWatchLogsConfigurationType::builder().log_group_arn(log_group_arn);
        let export = LogConfigurationType::builder()
            .log_level(LogLevel::Error)
            .event_source(EventSourceName::UserNotification)
            .cloud_watch_logs_configuration(group.build())
            .build();
        let request = self
            .sdk
            .set_log_delivery_configuration()
            .user_pool_id(pool.as_str())
            .set_log_configurations(export.ok().map(|one| vec![one]));
        let called = self
            .call("SetLogDeliveryConfiguration", || request.clone().send())
            .await?;
        Ok(called.map(drop))
    }

    /// Deletes a pool with everything in it.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn delete_user_pool(&self, pool: &UserPoolId) -> Result<Called<()>, CognitoError> {
        let request = self.sdk.delete_user_pool().user_pool_id(pool.as_str());
        let answer = self.call("DeleteUserPool", || request.clone().send()).await;
        deleted(
            answer.map(|called| called.map(drop)),
            "ResourceNotFoundException",
        )
    }

    /// Makes an app client whose users sign in with a password.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn create_app_client(
        &self,
        pool: &UserPoolId,
        new: &NewAppClient,
    ) -> Result<Called<AppClient>, CognitoError> {
        let hiding = if new.hides_users {
            PreventUserExistenceErrorTypes::Enabled
        } else {
            PreventUserExistenceErrorTypes::Legacy
        };
        let request = self
            .sdk
            .create_user_pool_client()
            .user_pool_id(pool.as_str())
            .client_name(&new.name)
            .generate_secret(new.with_secret)
            .prevent_user_existence_errors(hiding)
            .explicit_auth_flows(ExplicitAuthFlowsType::AllowUserPasswordAuth)
            .explicit_auth_flows(ExplicitAuthFlowsType::AllowRefreshTokenAuth);
        let called = self
            .call("CreateUserPoolClient", || request.clone().send())
            .await?;
        let client = |made: &sdk::types::UserPoolClientType| {
            Some(AppClient {
                id: AppClientId::new(made.client_id()?),
                secret: made
                    .client_secret()
                    .map(|text| Secret::new(text.to_owned())),
            })
        };
        named(
            called,
            |output| output.user_pool_client().and_then(client),
            "a client id",
        )
    }
}

impl Client {
    /// Deletes an app client.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn delete_app_client(
        &self,
        pool: &UserPoolId,
        client: &AppClientId,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .delete_user_pool_client()
            .user_pool_id(pool.as_str())
            .client_id(client.as_str());
        let answer = self.call("DeleteUserPoolClient", || request.clone().send());
        let answer = answer.await.map(|called| called.map(drop));
        deleted(answer, "ResourceNotFoundException")
    }

    /// Gives a pool a domain with this prefix, for links and pages.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn create_domain(
        &self,
        pool: &UserPoolId,
        prefix: &str,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .create_user_pool_domain()
            .user_pool_id(pool.as_str())
            .domain(prefix);
        Ok(self
            .call("CreateUserPoolDomain", || request.clone().send())
            .await?
            .map(drop))
    }

    /// Takes a pool's domain away.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn delete_domain(
        &self,
        pool: &UserPoolId,
        prefix: &str,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .delete_user_pool_domain()
            .user_pool_id(pool.as_str())
            .domain(prefix);
        let answer = self.call("DeleteUserPoolDomain", || request.clone().send());
        let answer = answer.await.map(|called| called.map(drop));
        deleted(answer, "ResourceNotFoundException")
    }
}

fn schema(new: &NewUserPool) -> Option<Vec<sdk::types::SchemaAttributeType>> {
    let attributes = new.schema.iter().map(SchemaAttribute::on_the_wire);
    (!new.schema.is_empty()).then(|| attributes.collect())
}

/// Takes a member out of an answer that the service always fills.
pub(super) fn named<T, U>(
    called: Called<T>,
    member: impl FnOnce(&T) -> Option<U>,
    what: &str,
) -> Result<Called<U>, CognitoError> {
    match member(&called.answer) {
        Some(found) => Ok(called.map(|_| found)),
        None => Err(CognitoError::Unanswered {
            reason: format!("the answer lacks {what}"),
            call: called.call,
        }),
    }
}

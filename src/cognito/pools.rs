//! Pools and app clients: made on an emulator, described everywhere.

use aws_sdk_cognitoidentityprovider as sdk;
use sdk::types::{
    DefaultEmailOptionType, ExplicitAuthFlowsType, PasswordPolicyType, UserPoolPolicyType,
    UserPoolType, UsernameAttributeType, UsernameConfigurationType, VerifiedAttributeType,
};

use super::call::call;
use super::{AppClient, Called, Client, CognitoError};
use crate::model::{AppClientId, Secret, UserPoolId};

/// Cognito's own floor; the generated passwords of scenarios are longer.
const PASSWORD_LENGTH_MIN: i32 = 8;

/// A pool to be made for a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUserPool {
    /// Its name.
    pub name: String,
    /// Whether `Ada` and `ada` are two users.
    pub case_sensitive: bool,
    /// Whether users sign in with their address instead of a name.
    pub email_is_username: bool,
}

/// An app client to be made for a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAppClient {
    /// Its name.
    pub name: String,
    /// Whether it gets a secret.
    pub with_secret: bool,
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

/// What a pool's description says that matters for its mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolSettings {
    /// Whether sign-up verifies addresses by mail.
    pub verifies_email: bool,
    /// Whether usernames differ by capitals.
    pub case_sensitive: bool,
    /// The pool's own template, unless it keeps Cognito's text.
    pub template: Option<MailTemplate>,
}

impl Client {
    /// Makes a pool that verifies addresses with a code.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn create_user_pool(
        &self,
        new: &NewUserPool,
    ) -> Result<Called<UserPoolId>, CognitoError> {
        let case = UsernameConfigurationType::builder().case_sensitive(new.case_sensitive);
        let password = PasswordPolicyType::builder()
            .minimum_length(PASSWORD_LENGTH_MIN)
            .require_lowercase(true)
            .require_uppercase(true)
            .require_numbers(true)
            .require_symbols(true)
            .build();
        let mut request = self
            .sdk
            .create_user_pool()
            .pool_name(&new.name)
            .policies(
                UserPoolPolicyType::builder()
                    .password_policy(password)
                    .build(),
            )
            .set_username_configuration(case.build().ok())
            .auto_verified_attributes(VerifiedAttributeType::Email);
        if new.email_is_username {
            request = request.username_attributes(UsernameAttributeType::Email);
        }
        let called = call("CreateUserPool", request.send()).await?;
        let id = |pool: &UserPoolType| pool.id().map(UserPoolId::new);
        named(
            called,
            |output| output.user_pool().and_then(id),
            "a pool id",
        )
    }

    /// Deletes a pool with everything in it.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn delete_user_pool(&self, pool: &UserPoolId) -> Result<Called<()>, CognitoError> {
        let request = self.sdk.delete_user_pool().user_pool_id(pool.as_str());
        Ok(call("DeleteUserPool", request.send()).await?.map(drop))
    }

    /// Reads a pool's settings.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn describe_user_pool(
        &self,
        pool: &UserPoolId,
    ) -> Result<Called<PoolSettings>, CognitoError> {
        let request = self.sdk.describe_user_pool().user_pool_id(pool.as_str());
        let called = call("DescribeUserPool", request.send()).await?;
        named(called, |output| output.user_pool().map(settings), "a pool")
    }

    /// Makes an app client whose users sign in with a password.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn create_app_client(
        &self,
        pool: &UserPoolId,
        new: &NewAppClient,
    ) -> Result<Called<AppClient>, CognitoError> {
        let request = self
            .sdk
            .create_user_pool_client()
            .user_pool_id(pool.as_str())
            .client_name(&new.name)
            .generate_secret(new.with_secret)
            .explicit_auth_flows(ExplicitAuthFlowsType::AllowUserPasswordAuth)
            .explicit_auth_flows(ExplicitAuthFlowsType::AllowRefreshTokenAuth);
        let called = call("CreateUserPoolClient", request.send()).await?;
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

/// Takes a member out of an answer that the service always fills.
fn named<T, U>(
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

fn settings(pool: &UserPoolType) -> PoolSettings {
    let verified = pool.auto_verified_attributes();
    let case = pool.username_configuration();
    PoolSettings {
        verifies_email: verified.contains(&VerifiedAttributeType::Email),
        // Without the setting a pool made through the API is case sensitive (COGNITO.md 2.3).
        case_sensitive: case.is_none_or(UsernameConfigurationType::case_sensitive),
        template: template(pool),
    }
}

/// The newer template wins over the older pair of fields; a subject alone is none.
fn template(pool: &UserPoolType) -> Option<MailTemplate> {
    let newer = pool.verification_message_template();
    let option = newer.and_then(|template| template.default_email_option());
    let link = option == Some(&DefaultEmailOptionType::ConfirmWithLink);
    let (subject, body) = if link {
        let newer = newer?;
        (newer.email_subject_by_link(), newer.email_message_by_link())
    } else {
        let subject = newer.and_then(|template| template.email_subject());
        let body = newer.and_then(|template| template.email_message());
        (
            subject.or_else(|| pool.email_verification_subject()),
            body.or_else(|| pool.email_verification_message()),
        )
    };
    Some(MailTemplate {
        subject: subject.map(str::to_owned),
        body: body?.to_owned(),
        link,
    })
}

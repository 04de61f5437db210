//! What a pool that is there already is like, as far as scenarios speak of it.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cognitoidentityprovider as sdk;
use sdk::types::{
    AdminCreateUserConfigType, AliasAttributeType, CustomEmailLambdaVersionConfigType,
    DefaultEmailOptionType, EmailSendingAccountType, ExplicitAuthFlowsType, LambdaConfigType,
    PreventUserExistenceErrorTypes, RecoveryOptionNameType, UserPoolClientType, UserPoolMfaType,
    UserPoolType, UsernameAttributeType, UsernameConfigurationType, VerifiedAttributeType,
};

use super::pools::named;
use super::{
    Called, Client, CognitoError, MailTemplate, OwnSes, PasswordRules, PoolDesign, SchemaAttribute,
    SecondFactorUse, Trigger,
};
use crate::model::{AppClientId, Secret, UserPoolId};

/// The prefix of a custom attribute's name wherever AWS answers with one.
const CUSTOM: &str = "custom:";
/// Attributes that every sign-up of a scenario brings, or that are the service's own.
const ALWAYS_THERE: [&str; 2] = ["email", "sub"];

/// A pool as `DescribeUserPool` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolDescription {
    /// What can be changed.
    pub design: PoolDesign,
    /// The pool's own text for verification mails, unless it keeps Cognito's.
    pub template: Option<MailTemplate>,
    /// Whether `Ada` and `ada` are two users.
    pub case_sensitive: bool,
    /// By what users sign in.
    pub names: NameUse,
    /// Whether it asks for a second factor; none where it takes none.
    pub second_factors: Option<SecondFactorUse>,
    /// Whether it has a domain, Cognito's or its own.
    pub has_domain: bool,
    /// The attributes beside the address without which nobody signs up.
    pub required: BTreeSet<String>,
    /// The pool's own attributes, by name without the prefix `custom:`.
    pub custom: BTreeMap<String, SchemaAttribute>,
}

/// By what the users of a pool sign in (COGNITO.md 2.3).
#[expect(
    clippy::struct_excessive_bools,
    reason = "AWS lets each be combined with others; they are no states"
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameUse {
    /// Whether a username can be any word.
    pub any_word: bool,
    /// Whether a username can be an e-mail address.
    pub address: bool,
    /// Whether an e-mail address stands in place of a username.
    pub address_alone: bool,
    /// Whether a verified address is an alias.
    pub address_alias: bool,
    /// Whether `preferred_username` is an alias.
    pub preferred_alias: bool,
}

/// An app client as `DescribeUserPoolClient` shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppClientDescription {
    /// Whether it has a secret.
    pub has_secret: bool,
    /// Whether its answers hide which users exist.
    pub hides_users: bool,
    /// Whether users may sign in with `USER_PASSWORD_AUTH`.
    pub takes_passwords: bool,
}

impl Client {
    /// Reads all of a pool that scenarios speak of.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn describe_user_pool(
        &self,
        pool: &UserPoolId,
    ) -> Result<Called<PoolDescription>, CognitoError> {
        let request = self.sdk.describe_user_pool().user_pool_id(pool.as_str());
        let called = self
            .call("DescribeUserPool", || request.clone().send())
            .await?;
        named(called, |output| output.user_pool().map(describe), "a pool")
    }

    /// Reads what an app client allows.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn describe_app_client(
        &self,
        pool: &UserPoolId,
        client: &AppClientId,
    ) -> Result<Called<AppClientDescription>, CognitoError> {
        let request = self
            .sdk
            .describe_user_pool_client()
            .user_pool_id(pool.as_str())
            .client_id(client.as_str());
        let called = self
            .call("DescribeUserPoolClient", || request.clone().send())
            .await?;
        let described =
            |output: &sdk::operation::describe_user_pool_client::DescribeUserPoolClientOutput| {
                output.user_pool_client().map(describe_client)
            };
        named(called, described, "an app client")
    }

    /// The secret of an app client; none where it has none.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn app_client_secret(
        &self,
        pool: &UserPoolId,
        client: &AppClientId,
    ) -> Result<Called<Option<Secret<String>>>, CognitoError> {
        let request = self
            .sdk
            .describe_user_pool_client()
            .user_pool_id(pool.as_str())
            .client_id(client.as_str());
        let called = self
            .call("DescribeUserPoolClient", || request.clone().send())
            .await?;
        Ok(called.map(|output| {
            let client = output.user_pool_client();
            let secret = client.and_then(UserPoolClientType::client_secret);
            secret.map(|secret| Secret::new(secret.to_owned()))
        }))
    }
}

fn describe(pool: &UserPoolType) -> PoolDescription {
    let required = pool.schema_attributes().iter().filter(|one| {
        let name = one.name().unwrap_or_default();
        one.required() == Some(true) && !ALWAYS_THERE.contains(&name)
    });
    let custom = pool.schema_attributes().iter().filter_map(|one| {
        let name = one.name()?.strip_prefix(CUSTOM)?;
        Some((name.to_owned(), SchemaAttribute::described(name, one)))
    });
    PoolDescription {
        design: design(pool),
        template: template(pool),
        // Without the setting a pool made through the API is case sensitive (COGNITO.md 2.3).
        case_sensitive: pool
            .username_configuration()
            .is_none_or(UsernameConfigurationType::case_sensitive),
        names: names(pool),
        second_factors: match pool.mfa_configuration() {
            Some(UserPoolMfaType::On) => Some(SecondFactorUse::Required),
            Some(UserPoolMfaType::Optional) => Some(SecondFactorUse::Optional),
            _ => None,
        },
        has_domain: pool.domain().or_else(|| pool.custom_domain()).is_some(),
        required: required
            .filter_map(|one| one.name())
            .map(str::to_owned)
            .collect(),
        custom: custom.collect(),
    }
}

fn names(pool: &UserPoolType) -> NameUse {
    let (usernames, aliases) = (pool.username_attributes(), pool.alias_attributes());
    let any_word = usernames.is_empty();
    let address_alone = usernames.contains(&UsernameAttributeType::Email);
    let address_alias = aliases.contains(&AliasAttributeType::Email);
    NameUse {
        any_word,
        // A username that looks like an address is refused where addresses are aliases.
        address: address_alone || (any_word && !address_alias),
        address_alone,
        address_alias,
        preferred_alias: aliases.contains(&AliasAttributeType::PreferredUsername),
    }
}

fn design(pool: &UserPoolType) -> PoolDesign {
    let verified = pool.auto_verified_attributes();
    let messages = pool.verification_message_template();
    let link = messages.and_then(|one| one.default_email_option())
        == Some(&DefaultEmailOptionType::ConfirmWithLink);
    let subject = if link {
        messages.and_then(|one| one.email_subject_by_link())
    } else {
        let newer = messages.and_then(|one| one.email_subject());
        newer.or_else(|| pool.email_verification_subject())
    };
    let administrators = pool.admin_create_user_config();
    let invitation = administrators.and_then(|one| one.invite_message_template());
    let sending = pool.email_configuration();
    let own = sending.and_then(|one| one.email_sending_account())
        == Some(&EmailSendingAccountType::Developer);
    let source_arn = sending.and_then(|one| one.source_arn());
    let updates = pool.user_attribute_update_settings();
    let functions = pool.lambda_config();
    PoolDesign {
        verifies_email: verified.contains(&VerifiedAttributeType::Email),
        verifies_phone: verified.contains(&VerifiedAttributeType::PhoneNumber),
        confirms_by_link: link,
        subject: subject.map(str::to_owned),
        body: template(pool).map(|own| own.body),
        admin_creates_users_only: administrators
            .is_some_and(AdminCreateUserConfigType::allow_admin_create_user_only),
        invitation: invitation
            .and_then(|one| one.email_message())
            .map(str::to_owned),
        own_ses: source_arn.filter(|_| own).map(|arn| OwnSes {
            source_arn: arn.to_owned(),
            from: sending.and_then(|one| one.from()).map(str::to_owned),
            configuration_set: sending
                .and_then(|one| one.configuration_set())
                .map(str::to_owned),
        }),
        default_sender: source_arn.filter(|_| !own).map(str::to_owned),
        reply_to: sending
            .and_then(|one| one.reply_to_email_address())
            .map(str::to_owned),
        kms_key: functions
            .and_then(|one| one.kms_key_id())
            .map(str::to_owned),
        keeps_address_until_verified: updates.is_some_and(|one| {
            one.attributes_require_verification_before_update()
                .contains(&VerifiedAttributeType::Email)
        }),
        passwords: passwords(pool),
        recovery_by_administrators: pool.account_recovery_setting().is_some_and(|one| {
            let ways = one.recovery_mechanisms();
            ways.iter()
                .any(|way| way.name() == &RecoveryOptionNameType::AdminOnly)
        }),
        triggers: functions.map(triggers).unwrap_or_default(),
    }
}

fn passwords(pool: &UserPoolType) -> PasswordRules {
    let usual = PasswordRules::default();
    let policy = pool.policies().and_then(|one| one.password_policy());
    policy.map_or(usual, |policy| PasswordRules {
        chars_min: policy.minimum_length().unwrap_or(usual.chars_min),
        lowercase: policy.require_lowercase(),
        uppercase: policy.require_uppercase(),
        digits: policy.require_numbers(),
        symbols: policy.require_symbols(),
        temporary_days: policy.temporary_password_validity_days(),
    })
}

fn triggers(functions: &LambdaConfigType) -> BTreeMap<Trigger, String> {
    let function = |trigger| match trigger {
        Trigger::PreSignUp => functions.pre_sign_up(),
        Trigger::PostConfirmation => functions.post_confirmation(),
        Trigger::PreAuthentication => functions.pre_authentication(),
        Trigger::PostAuthentication => functions.post_authentication(),
        Trigger::CustomMessage => functions.custom_message(),
        Trigger::CustomEmailSender => functions
            .custom_email_sender()
            .map(CustomEmailLambdaVersionConfigType::lambda_arn),
    };
    let all = Trigger::ALL.into_iter();
    all.filter_map(|trigger| Some((trigger, function(trigger)?.to_owned())))
        .collect()
}

fn describe_client(client: &UserPoolClientType) -> AppClientDescription {
    let flows = client.explicit_auth_flows();
    // The second name is the one from before 2019.
    let by_password = [
        ExplicitAuthFlowsType::AllowUserPasswordAuth,
        ExplicitAuthFlowsType::UserPasswordAuth,
    ];
    AppClientDescription {
        has_secret: client.client_secret().is_some(),
        hides_users: client.prevent_user_existence_errors()
            == Some(&PreventUserExistenceErrorTypes::Enabled),
        takes_passwords: by_password.iter().any(|flow| flows.contains(flow)),
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

//! Settings of the user pool and its app client.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::UserPoolId;

/// The settings of a pool at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolSnapshot {
    /// When they were read, by the server's clock.
    pub at: Timestamp,
    /// The settings.
    pub settings: PoolSettings,
}

/// What `DescribeUserPool` says that matters for mails.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PoolSettings {
    /// `LastModifiedDate`.
    pub last_modified: Option<Timestamp>,
    /// `AutoVerifiedAttributes`.
    pub auto_verified: Vec<String>,
    /// `UsernameAttributes`.
    pub username_attributes: Vec<String>,
    /// `AliasAttributes`.
    pub alias_attributes: Vec<String>,
    /// `UsernameConfiguration.CaseSensitive`; absent counts as true (API).
    pub case_sensitive: Option<bool>,
    /// `AdminCreateUserConfig.AllowAdminCreateUserOnly`.
    pub admin_creates_users_only: bool,
    /// `AdminCreateUserConfig.InviteMessageTemplate.EmailMessage`.
    pub invitation: Option<String>,
    /// `VerificationMessageTemplate.DefaultEmailOption` is `CONFIRM_WITH_LINK`.
    pub confirms_by_link: bool,
    /// The subject of its own verification mails.
    pub subject: Option<String>,
    /// `Domain`.
    pub domain: Option<String>,
    /// `CustomDomain`.
    pub custom_domain: Option<String>,
    /// `UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate`.
    pub verified_before_update: Vec<String>,
    /// `LambdaConfig`: the triggers by name, with the ARNs of their functions.
    pub triggers: BTreeMap<String, String>,
    /// `EmailConfiguration`.
    pub email: EmailSettings,
}

/// `EmailConfiguration` of a pool.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EmailSettings {
    /// `EmailSendingAccount` is `DEVELOPER`: mail goes through the account's own SES.
    pub own_ses: bool,
    /// `SourceArn`: the SES identity of the sender.
    pub source_arn: Option<String>,
    /// `From`.
    pub from: Option<String>,
    /// `ReplyToEmailAddress`.
    pub reply_to: Option<String>,
    /// `ConfigurationSet`.
    pub configuration_set: Option<String>,
}

/// What `DescribeUserPoolClient` says that matters for mails.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientSettings {
    /// The pool that it belongs to.
    pub user_pool_id: Option<UserPoolId>,
    /// `PreventUserExistenceErrors` is `ENABLED`.
    pub hides_users: bool,
    /// Whether it has a secret.
    pub has_secret: bool,
}

impl PoolSettings {
    /// Whether sign-up sends a code by mail.
    pub fn verifies_email(&self) -> bool {
        self.auto_verified.iter().any(|name| name == "email")
    }

    /// Whether users sign in with their e-mail address in place of a name.
    pub fn email_is_username(&self) -> bool {
        self.username_attributes.iter().any(|name| name == "email")
    }

    /// Whether the address is a second name of a user.
    pub fn email_is_alias(&self) -> bool {
        self.alias_attributes.iter().any(|name| name == "email")
    }

    /// Whether mail goes out through a function of the pool's owner.
    pub fn has_custom_sender(&self) -> bool {
        self.triggers.contains_key("CustomEmailSender")
    }

    /// Whether Cognito hands mail to the account's own SES.
    pub fn sends_by_own_ses(&self) -> bool {
        self.email.own_ses && !self.has_custom_sender()
    }

    /// Whether Cognito mails by itself, where nothing of SES can be seen.
    pub fn sends_by_default(&self) -> bool {
        !self.email.own_ses && !self.has_custom_sender()
    }

    /// The settings that differ and can change whether a mail comes, as "name: before, then after".
    pub fn differences(&self, later: &Self) -> Vec<String> {
        let shown = |value: String| {
            if value.is_empty() {
                "nothing".to_owned()
            } else {
                value
            }
        };
        let pairs = self.deciding().into_iter().zip(later.deciding());
        pairs
            .filter(|((_, before), (_, after))| before != after)
            .map(|((name, before), (_, after))| {
                format!("{name}: {}, then {}", shown(before), shown(after))
            })
            .collect()
    }

    /// What decides whether a mail comes, by AWS's names.
    fn deciding(&self) -> [(&'static str, String); 10] {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let pairs = self.triggers.iter();
        let triggers: Vec<_> = pairs.map(|(name, arn)| format!("{name}={arn}")).collect();
        let option = if self.confirms_by_link {
            "CONFIRM_WITH_LINK"
        } else {
            "CONFIRM_WITH_CODE"
        };
        let account = if self.email.own_ses {
            "DEVELOPER"
        } else {
            "COGNITO_DEFAULT"
        };
        [
            ("AutoVerifiedAttributes", self.auto_verified.join(" ")),
            ("LambdaConfig", triggers.join(" ")),
            ("DefaultEmailOption", option.to_owned()),
            ("Domain", text(&self.domain)),
            ("CustomDomain", text(&self.custom_domain)),
            ("EmailSendingAccount", account.to_owned()),
            ("SourceArn", text(&self.email.source_arn)),
            ("From", text(&self.email.from)),
            ("ConfigurationSet", text(&self.email.configuration_set)),
            (
                "AllowAdminCreateUserOnly",
                self.admin_creates_users_only.to_string(),
            ),
        ]
    }
}

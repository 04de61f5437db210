//! The members of a user pool's settings: the service model's structures and enumerations.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

use super::password::PasswordPolicy;

/// An attribute that can be verified, and so sign a user in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VerifiedAttribute {
    Email,
    PhoneNumber,
}

impl VerifiedAttribute {
    /// The attribute's name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::PhoneNumber => "phone_number",
        }
    }

    /// The name of the attribute that says whether the address is the user's.
    pub(crate) const fn verified_name(self) -> &'static str {
        match self {
            Self::Email => "email_verified",
            Self::PhoneNumber => "phone_number_verified",
        }
    }
}

/// An attribute that can stand for the username (COGNITO.md 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AliasAttribute {
    Email,
    PhoneNumber,
    PreferredUsername,
}

impl AliasAttribute {
    /// The attribute's name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Email => VerifiedAttribute::Email.name(),
            Self::PhoneNumber => VerifiedAttribute::PhoneNumber.name(),
            Self::PreferredUsername => "preferred_username",
        }
    }

    /// The attribute that has to be verified first; none for a name that needs no proof.
    pub(crate) const fn verified_attribute(self) -> Option<VerifiedAttribute> {
        match self {
            Self::Email => Some(VerifiedAttribute::Email),
            Self::PhoneNumber => Some(VerifiedAttribute::PhoneNumber),
            Self::PreferredUsername => None,
        }
    }
}

/// A member that was sent although nothing behind it is implemented.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unsupported;

impl<'de> Deserialize<'de> for Unsupported {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

macro_rules! wire_structs {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, Serialize, Deserialize)]
        #[serde(rename_all = "PascalCase")]
        pub(crate) struct $name {
            $(
                $(#[$attribute])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub(crate) $field: Option<$type>,
            )*
        }
    )*};
}

wire_structs! {
    /// `UserPoolPolicyType`.
    Policies {
        password_policy: PasswordPolicy,
        sign_in_policy: SignInPolicy,
    }
    /// `SignInPolicyType`.
    SignInPolicy {
        allowed_first_auth_factors: Vec<FirstFactor>,
    }
    /// `VerificationMessageTemplateType` (COGNITO.md 5.1).
    VerificationMessageTemplate {
        default_email_option: DefaultEmailOption,
        email_message: String,
        email_message_by_link: String,
        email_subject: String,
        email_subject_by_link: String,
        sms_message: String,
    }
    /// `EmailConfigurationType` (COGNITO.md 5.4).
    EmailConfiguration {
        source_arn: String,
        reply_to_email_address: String,
        email_sending_account: EmailSendingAccount,
        from: String,
        configuration_set: String,
    }
    /// `SmsConfigurationType`.
    SmsConfiguration {
        sns_caller_arn: String,
        external_id: String,
        sns_region: String,
        #[serde(skip_serializing)]
        eums_sms: Unsupported,
    }
    /// `AdminCreateUserConfigType`.
    AdminCreateUserConfig {
        allow_admin_create_user_only: bool,
        unused_account_validity_days: u16,
        invite_message_template: InviteMessageTemplate,
    }
    /// `MessageTemplateType`.
    InviteMessageTemplate {
        #[serde(rename = "SMSMessage")]
        sms_message: String,
        email_message: String,
        email_subject: String,
    }
    /// `AccountRecoverySettingType`.
    AccountRecoverySetting {
        recovery_mechanisms: Vec<RecoveryOption>,
    }
    /// `RecoveryOptionType`.
    RecoveryOption {
        priority: u8,
        name: String,
    }
    /// `UserAttributeUpdateSettingsType`.
    UserAttributeUpdateSettings {
        attributes_require_verification_before_update: Vec<VerifiedAttribute>,
    }
    /// `UsernameConfigurationType`.
    UsernameConfiguration {
        case_sensitive: bool,
    }
    /// `SoftwareTokenMfaConfigType`.
    SoftwareTokenMfaConfiguration {
        enabled: bool,
    }
    /// `EmailMfaConfigType`; what is absent has the default texts (COGNITO.md 5.1).
    EmailMfaConfiguration {
        message: String,
        subject: String,
    }
    /// `UserPoolAddOnsType`.
    UserPoolAddOns {
        advanced_security_mode: String,
        #[serde(skip_serializing)]
        advanced_security_additional_flows: Unsupported,
    }
}

/// `DefaultEmailOptionType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum DefaultEmailOption {
    ConfirmWithCode,
    ConfirmWithLink,
}

/// `EmailSendingAccountType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum EmailSendingAccount {
    CognitoDefault,
    Developer,
}

/// `AuthFactorType`, as far as a pool can allow it as the first factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum FirstFactor {
    Password,
    EmailOtp,
    SmsOtp,
    WebAuthn,
}

/// `UserPoolMfaType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum MfaConfiguration {
    #[default]
    Off,
    On,
    Optional,
}

/// `DeletionProtectionType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum DeletionProtection {
    Active,
    #[default]
    Inactive,
}

//! The values of `triggerSource` (COGNITO.md 6.3 \[D\]), by trigger and occasion.

use super::super::pool_members::VerifiedAttribute;

/// Where a `PreSignUp` comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignUpSource {
    /// `SignUp`.
    SignUp,
    /// `AdminCreateUser`; the answer's flags are ignored.
    AdminCreateUser,
}

impl SignUpSource {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::SignUp => "PreSignUp_SignUp",
            Self::AdminCreateUser => "PreSignUp_AdminCreateUser",
        }
    }
}

/// Where a `PostConfirmation` comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConfirmationSource {
    /// `ConfirmSignUp`, `AdminConfirmSignUp`, a link, or a `SignUp` that was confirmed at once.
    ConfirmSignUp,
    /// `ConfirmForgotPassword`.
    ConfirmForgotPassword,
}

impl ConfirmationSource {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::ConfirmSignUp => "PostConfirmation_ConfirmSignUp",
            Self::ConfirmForgotPassword => "PostConfirmation_ConfirmForgotPassword",
        }
    }
}

/// Where a `CustomMessage`, a `CustomEmailSender` or a `CustomSMSSender` comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MessageSource {
    /// `SignUp`.
    SignUp,
    /// `AdminCreateUser`.
    AdminCreateUser,
    /// `ResendConfirmationCode`.
    ResendCode,
    /// `ForgotPassword` and `AdminResetUserPassword`.
    ForgotPassword,
    /// `UpdateUserAttributes` and `AdminUpdateUserAttributes`.
    UpdateUserAttribute,
    /// `GetUserAttributeVerificationCode`.
    VerifyUserAttribute,
    /// A code of multi-factor authentication or of a passwordless sign-in.
    Authentication,
}

macro_rules! message_source {
    ($source:expr, $trigger:literal) => {
        match $source {
            MessageSource::SignUp => concat!($trigger, "_SignUp"),
            MessageSource::AdminCreateUser => concat!($trigger, "_AdminCreateUser"),
            MessageSource::ResendCode => concat!($trigger, "_ResendCode"),
            MessageSource::ForgotPassword => concat!($trigger, "_ForgotPassword"),
            MessageSource::UpdateUserAttribute => concat!($trigger, "_UpdateUserAttribute"),
            MessageSource::VerifyUserAttribute => concat!($trigger, "_VerifyUserAttribute"),
            MessageSource::Authentication => concat!($trigger, "_Authentication"),
        }
    };
}

impl MessageSource {
    /// The source for the function that words a message.
    pub(super) const fn of_custom_message(self) -> &'static str {
        message_source!(self, "CustomMessage")
    }

    /// The source for the function that sends it in the place of Cognito.
    pub(super) const fn of_sender(self, attribute: VerifiedAttribute) -> &'static str {
        match attribute {
            VerifiedAttribute::Email => message_source!(self, "CustomEmailSender"),
            VerifiedAttribute::PhoneNumber => message_source!(self, "CustomSMSSender"),
        }
    }
}

/// Where a `UserMigration` comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UserSource {
    /// A sign-in with a password, by a name that no user has.
    Authentication,
    /// `ForgotPassword`, for a name that no user has.
    ForgotPassword,
}

impl UserSource {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Authentication => "UserMigration_Authentication",
            Self::ForgotPassword => "UserMigration_ForgotPassword",
        }
    }
}

/// Where a `PreTokenGeneration` comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenSource {
    /// A sign-in.
    Authentication,
    /// A sign-in that ended with a new password in place of a temporary one.
    NewPasswordChallenge,
    /// A refresh.
    RefreshTokens,
}

impl TokenSource {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Authentication => "TokenGeneration_Authentication",
            Self::NewPasswordChallenge => "TokenGeneration_NewPasswordChallenge",
            Self::RefreshTokens => "TokenGeneration_RefreshTokens",
        }
    }
}

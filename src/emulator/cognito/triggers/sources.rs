//! The values of `triggerSource` (COGNITO.md 6.3 \[D\]), by trigger and occasion.

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

/// Where a `CustomMessage` comes from.
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

impl MessageSource {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::SignUp => "CustomMessage_SignUp",
            Self::AdminCreateUser => "CustomMessage_AdminCreateUser",
            Self::ResendCode => "CustomMessage_ResendCode",
            Self::ForgotPassword => "CustomMessage_ForgotPassword",
            Self::UpdateUserAttribute => "CustomMessage_UpdateUserAttribute",
            Self::VerifyUserAttribute => "CustomMessage_VerifyUserAttribute",
            Self::Authentication => "CustomMessage_Authentication",
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

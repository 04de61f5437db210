//! Every exception that this emulator's Cognito throws: name and message in one table.

use crate::emulator::validation::Rejection;

/// An exception of the service as COGNITO.md 1.3 puts it on the wire.
///
/// The `Display` text is the message, exactly: whether a full stop ends it was recorded, not
/// chosen (COGNITO.md 0.2).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Exception {
    /// IAM denies the call: COGNITO.md 1.4.
    #[error("{0}")]
    AccessDenied(String),
    /// COGNITO.md 3.1 \[D, T\].
    #[error("An account with the given {0} already exists.")]
    AliasExists(&'static str),
    /// COGNITO.md 2.7 \[I\]; the text is a guess.
    #[error("The verification message could not be delivered: {0}")]
    CodeDeliveryFailure(String),
    /// COGNITO.md 2.7 \[I\]: SES did not take the mail; the message passes its words on.
    #[error("{0}")]
    SesRefused(String),
    /// An identity of SES that Cognito may not use: COGNITO.md 2.7 \[M\].
    #[error("{0}")]
    InvalidEmailRoleAccessPolicy(String),
    /// SES's quota of mails in a day is used up: COGNITO.md 2.7 \[M\].
    #[error("{0}")]
    SesQuotaExceeded(String),
    /// The default sender's mails of the day are used up: COGNITO.md 2.7 \[R\].
    #[error(
        "Exceeded daily email limit for the operation or the account. If a higher limit is required, \
         please configure your user pool to use your own Amazon SES configuration for sending email."
    )]
    DailyMailsExceeded,
    /// COGNITO.md 3.1 \[C, R\].
    #[error("Invalid verification code provided, please try again.")]
    CodeMismatch,
    /// A wrong one-time code at a challenge: COGNITO.md 3.10 \[R\].
    #[error("Invalid code or auth state for the user.")]
    CodeOrStateMismatch,
    /// A wrong code while an authenticator is enrolled: COGNITO.md 3.10 \[C\].
    #[error("Code mismatch and fail enable Software Token MFA")]
    EnableSoftwareTokenMfa,
    /// Also for "no code on record": COGNITO.md 4 \[R, D\].
    #[error("Invalid code provided, please request a code again.")]
    ExpiredCode,
    /// A part of the service that the pool's feature plan lacks; the text is a guess \[U\].
    #[error("{0} is not available in this user pool's tier.")]
    FeatureUnavailableInTier(&'static str),
    /// `CreateGroup` with a name that is taken \[T\].
    #[error("A group with the name already exists.")]
    GroupExists,
    /// The emulator's own fault, such as a panic. Status 500 (COGNITO.md 1.3 \[M\]).
    #[error("{0}")]
    InternalError(String),
    /// COGNITO.md 6.2 \[R\]: a function returned what is not usable.
    #[error("{0}")]
    InvalidLambdaResponse(String),
    /// Any parameter that the operation refuses.
    #[error("{0}")]
    InvalidParameter(String),
    /// The prefix differs by operation: COGNITO.md 2.5 \[R, C\].
    #[error("{prefix}{violation}")]
    InvalidPassword {
        /// The operation's words.
        prefix: &'static str,
        /// The first rule that was broken.
        violation: &'static str,
    },
    /// COGNITO.md 6.5: a migration brought nobody; the text is a guess \[U\].
    #[error("Exception migrating user in app client {client}")]
    MigrationFailed {
        /// The app client of the request.
        client: String,
    },
    /// COGNITO.md 4 \[R\]; that `ConfirmSignUp` throws this type is a guess \[U\].
    #[error("Attempt limit exceeded, please try after some time.")]
    LimitExceeded,
    /// A quota of COGNITO.md 9 that is used up; the text is a guess \[U\].
    #[error("The maximum number of {things} is {max}.")]
    QuotaExceeded {
        /// What there are too many of.
        things: &'static str,
        /// How many there may be.
        max: usize,
    },
    /// Something inside a pool that does not exist; the message names it.
    #[error("{0}")]
    NotFound(String),
    /// Not AWS's: the emulator's word for what it does not do.
    #[error("{0} is not implemented by this emulator.")]
    NotImplemented(String),
    /// Refused for a reason that the message gives.
    #[error("{0}")]
    NotAuthorized(String),
    /// COGNITO.md 2.5 \[M\]; the text is a guess \[U\].
    #[error("Password has previously been used")]
    PasswordHistoryPolicyViolation,
    /// COGNITO.md 3.10; the text is a guess \[U\].
    #[error("Password reset required for the user")]
    PasswordResetRequired,
    /// A refresh token that was rotated out: COGNITO.md 3.10 \[M\]; the text is a guess \[U\].
    #[error("Refresh token reuse is not allowed")]
    RefreshTokenReuse,
    /// COGNITO.md 1.6 \[T, U\].
    #[error("{kind} {id} does not exist.")]
    ResourceNotFound {
        /// `User pool` or `User pool client`.
        kind: &'static str,
        /// The id that was asked for.
        id: String,
    },
    /// A request that the service model does not allow (COGNITO.md 1.4 and 1.5).
    #[error("{}", .0.message().unwrap_or_default())]
    Rejected(#[from] Rejection),
    /// A request that the model allows and that could not be read all the same, such as one that
    /// gives a member twice. The text is a guess.
    #[error("{0}")]
    Serialization(String),
    /// A web ACL blocks the request; the text is a guess \[U\].
    #[error("Request not allowed due to WAF block.")]
    Forbidden,
    /// A request rate is exceeded: COGNITO.md 1.4 \[R\].
    #[error("Rate exceeded")]
    TooManyRequests,
    /// COGNITO.md 3.10 \[V\].
    #[error("Your software token has already been used once.")]
    SoftwareTokenUsed,
    /// `RevokeToken` with a wrong client secret; the text is a guess \[U\].
    #[error("{0}")]
    Unauthorized(String),
    /// `RevokeToken` of a client that does not revoke; the text is a guess \[U\].
    #[error("{0}")]
    UnsupportedOperation(String),
    /// `RevokeToken` with another token than a refresh token; the text is a guess \[U\].
    #[error("The token is not a refresh token.")]
    UnsupportedTokenType,
    /// COGNITO.md 3.7 \[R\]; the text is a guess \[U\].
    #[error("Resend not possible. {0} status is not FORCE_CHANGE_PASSWORD")]
    UnsupportedUserState(String),
    /// COGNITO.md 6.2 \[R\]: a function could not be invoked, or did not answer in time.
    #[error("{trigger} invocation failed due to error {error}.")]
    UnexpectedLambda {
        /// The trigger's key in `LambdaConfig`.
        trigger: &'static str,
        /// AWS's name of the error, or its words.
        error: String,
    },
    /// COGNITO.md 6.2 \[R\]: a function threw; the full stop is appended.
    #[error("{trigger} failed with error {error}.")]
    UserLambdaValidation {
        /// The trigger's key in `LambdaConfig`.
        trigger: &'static str,
        /// The function's message.
        error: String,
    },
    /// COGNITO.md 2.3 \[D, R\].
    #[error("{0}")]
    UsernameExists(String),
    /// Admin operations and sign-in: COGNITO.md 1.6 \[T, R\].
    #[error("User does not exist.")]
    UserNotFound,
    /// The `SignUp` family: COGNITO.md 1.6 \[R\].
    #[error("Username/client id combination not found.")]
    UserOfClientNotFound,
    /// COGNITO.md 3.10 \[R\].
    #[error("User is not confirmed.")]
    UserNotConfirmed,
}

impl Exception {
    /// The exception's name, as in `__type`.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::AccessDenied(_) => "AccessDeniedException",
            Self::AliasExists(_) => "AliasExistsException",
            Self::CodeDeliveryFailure(_) | Self::SesRefused(_) => "CodeDeliveryFailureException",
            Self::CodeMismatch | Self::CodeOrStateMismatch => "CodeMismatchException",
            Self::EnableSoftwareTokenMfa => "EnableSoftwareTokenMFAException",
            Self::ExpiredCode | Self::SoftwareTokenUsed => "ExpiredCodeException",
            Self::FeatureUnavailableInTier(_) => "FeatureUnavailableInTierException",
            Self::GroupExists => "GroupExistsException",
            Self::InternalError(_) => "InternalErrorException",
            Self::InvalidEmailRoleAccessPolicy(_) => "InvalidEmailRoleAccessPolicyException",
            Self::InvalidLambdaResponse(_) => "InvalidLambdaResponseException",
            Self::InvalidParameter(_) => "InvalidParameterException",
            Self::InvalidPassword { .. } => "InvalidPasswordException",
            Self::DailyMailsExceeded
            | Self::LimitExceeded
            | Self::QuotaExceeded { .. }
            | Self::SesQuotaExceeded(_) => "LimitExceededException",
            Self::NotImplemented(_) => "NotImplementedException",
            Self::NotAuthorized(_) => "NotAuthorizedException",
            Self::PasswordHistoryPolicyViolation => "PasswordHistoryPolicyViolationException",
            Self::PasswordResetRequired => "PasswordResetRequiredException",
            Self::RefreshTokenReuse => "RefreshTokenReuseException",
            Self::Rejected(rejection) => rejection.error_type(),
            Self::NotFound(_) | Self::ResourceNotFound { .. } => "ResourceNotFoundException",
            Self::Serialization(_) => "SerializationException",
            Self::Forbidden => "ForbiddenException",
            Self::TooManyRequests => "TooManyRequestsException",
            Self::Unauthorized(_) => "UnauthorizedException",
            Self::UnsupportedOperation(_) => "UnsupportedOperationException",
            Self::UnsupportedTokenType => "UnsupportedTokenTypeException",
            Self::UnsupportedUserState(_) => "UnsupportedUserStateException",
            Self::UnexpectedLambda { .. } => "UnexpectedLambdaException",
            Self::UserLambdaValidation { .. } => "UserLambdaValidationException",
            Self::UsernameExists(_) => "UsernameExistsException",
            Self::UserNotFound | Self::UserOfClientNotFound | Self::MigrationFailed { .. } => {
                "UserNotFoundException"
            }
            Self::UserNotConfirmed => "UserNotConfirmedException",
        }
    }

    /// A `NotAuthorizedException` with this message.
    pub(crate) fn not_authorized(message: impl Into<String>) -> Self {
        Self::NotAuthorized(message.into())
    }

    /// An `InvalidParameterException` with this message.
    pub(crate) fn invalid_parameter(message: impl Into<String>) -> Self {
        Self::InvalidParameter(message.into())
    }

    /// A quota of this many things that is used up.
    pub(crate) fn quota(things: &'static str, max: usize) -> Self {
        Self::QuotaExceeded { things, max }
    }

    /// A function's answer that is not the event, or has members of wrong types (COGNITO.md 6.2
    /// \[R\]: no full stop).
    pub(crate) fn unrecognizable_lambda_output() -> Self {
        Self::InvalidLambdaResponse("Unrecognizable lambda output".to_owned())
    }

    /// The refusal of something that AWS does and this emulator does not.
    pub(crate) fn not_implemented(what: impl Into<String>) -> Self {
        Self::NotImplemented(what.into())
    }

    /// What a wrong password gets, and a missing user that must not be told from one
    /// (COGNITO.md 3.10 \[R, D\]).
    pub(crate) fn incorrect_credentials() -> Self {
        Self::not_authorized("Incorrect username or password.")
    }

    /// A sign-in session that was never given out, or belongs to another challenge
    /// (COGNITO.md 3.10 \[C\]).
    pub(crate) fn invalid_session() -> Self {
        Self::not_authorized("Invalid session for the user.")
    }

    /// Sign-in or confirmation of a disabled user (COGNITO.md 3.1 and 3.10 \[T, U\]).
    pub(crate) fn user_disabled() -> Self {
        Self::not_authorized("User is disabled.")
    }

    /// Taking a required attribute away (COGNITO.md 2.2 \[C\]).
    pub(crate) fn required_attribute(name: &str) -> Self {
        Self::invalid_parameter(format!(
            "Invalid user attributes: {name}: Required attribute cannot be deleted."
        ))
    }

    /// Proving anything but an address (COGNITO.md 2.2 \[C\]).
    pub(crate) fn not_verifiable() -> Self {
        Self::invalid_parameter(
            "Invalid attribute name. Only phone_number and email can be verified.",
        )
    }

    /// Proving an address that the user does not have. The text is a guess \[U\].
    pub(crate) fn nothing_to_verify(name: &str) -> Self {
        Self::invalid_parameter(format!("User does not have a value for {name} to verify."))
    }

    /// A new password for a user who has no address to send a code to (COGNITO.md 3.3 \[R\]).
    pub(crate) fn no_recovery_channel() -> Self {
        Self::invalid_parameter(
            "Cannot reset password for the user as there is no registered/verified email or \
             phone_number",
        )
    }

    /// A new password for a user whose password is temporary (COGNITO.md 3.3 \[R\]).
    pub(crate) fn not_resettable() -> Self {
        Self::not_authorized("User password cannot be reset in the current state.")
    }
}

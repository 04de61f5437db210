//! Every exception that this emulator's Cognito throws: name, status and message in one table.

/// An exception of the service as COGNITO.md 1.3 puts it on the wire.
///
/// The `Display` text is the message, exactly: whether a full stop ends it was recorded, not
/// chosen (COGNITO.md 0.2).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Exception {
    /// COGNITO.md 3.1 \[D, T\].
    #[error("An account with the given {0} already exists.")]
    AliasExists(&'static str),
    /// COGNITO.md 2.7 \[I\]; the text is a guess.
    #[error("The verification message could not be delivered: {0}")]
    CodeDeliveryFailure(String),
    /// COGNITO.md 3.1 \[C, R\].
    #[error("Invalid verification code provided, please try again.")]
    CodeMismatch,
    /// Also for "no code on record": COGNITO.md 4 \[R, D\].
    #[error("Invalid code provided, please request a code again.")]
    ExpiredCode,
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
    /// Not AWS's: the emulator's word for what it does not do.
    #[error("{0} is not implemented by this emulator.")]
    NotImplemented(String),
    /// Refused for a reason that the message gives.
    #[error("{0}")]
    NotAuthorized(String),
    /// COGNITO.md 1.6 \[T, U\].
    #[error("{kind} {id} does not exist.")]
    ResourceNotFound {
        /// `User pool` or `User pool client`.
        kind: &'static str,
        /// The id that was asked for.
        id: String,
    },
    /// Not a JSON object, or a member has the wrong type. Type and text are guesses \[U\].
    #[error("{0}")]
    Serialization(String),
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
            Self::AliasExists(_) => "AliasExistsException",
            Self::CodeDeliveryFailure(_) => "CodeDeliveryFailureException",
            Self::CodeMismatch => "CodeMismatchException",
            Self::ExpiredCode => "ExpiredCodeException",
            Self::InternalError(_) => "InternalErrorException",
            Self::InvalidLambdaResponse(_) => "InvalidLambdaResponseException",
            Self::InvalidParameter(_) => "InvalidParameterException",
            Self::InvalidPassword { .. } => "InvalidPasswordException",
            Self::LimitExceeded => "LimitExceededException",
            Self::NotImplemented(_) => "NotImplementedException",
            Self::NotAuthorized(_) => "NotAuthorizedException",
            Self::ResourceNotFound { .. } => "ResourceNotFoundException",
            Self::Serialization(_) => "SerializationException",
            Self::UnexpectedLambda { .. } => "UnexpectedLambdaException",
            Self::UserLambdaValidation { .. } => "UserLambdaValidationException",
            Self::UsernameExists(_) => "UsernameExistsException",
            Self::UserNotFound | Self::UserOfClientNotFound | Self::MigrationFailed { .. } => {
                "UserNotFoundException"
            }
            Self::UserNotConfirmed => "UserNotConfirmedException",
        }
    }

    /// The HTTP status: 400 for all that the caller did (COGNITO.md 1.3).
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::InternalError(_) => 500,
            // An honest status of its own, so that no client takes it for an answer of AWS.
            Self::NotImplemented(_) => 501,
            _ => 400,
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

    /// Sign-in or confirmation of a disabled user (COGNITO.md 3.1 and 3.10 \[T, U\]).
    pub(crate) fn user_disabled() -> Self {
        Self::not_authorized("User is disabled.")
    }
}

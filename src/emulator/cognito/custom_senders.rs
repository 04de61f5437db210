//! Codes that a function sends in the place of Cognito: `CustomEmailSender` and `CustomSMSSender`
//! (COGNITO.md 6.1 and 6.5).
//!
//! With such a function Cognito sends nothing of that medium itself, whatever the pool's templates,
//! sender and `CustomMessage` function are. That `CustomMessage` is not called then is a guess: the
//! sender's event has no place for its words. The daily quota of the default sender is not touched.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::error::Exception;
use super::messages::{Caller, Delivery};
use super::pool_members::VerifiedAttribute;
use super::pools::UserPool;
use super::service::Cognito;
use super::templates::{self, Occasion};
use super::triggers::{self, LambdaConfig, MessageSource};
use crate::emulator::cloudtrail::Witness;
use crate::emulator::encryption_sdk::{self, EncryptError};
use crate::emulator::event_queue::{self, NotQueued};
use crate::emulator::kms::EncryptionContext;
use crate::emulator::lambda::FunctionName;
use crate::emulator::service::Service;

/// The pair of the encryption context that names the pool: its name and length fit the recorded
/// header (COGNITO.md 6.5 \[I\]).
const POOL_ID: &str = "userpool-id";
/// The service as whom the key is used.
const COGNITO_SERVICE: &str = "cognito-idp.amazonaws.com";

/// Why no function was told to send a code.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotSent {
    #[error("the code was not encrypted: {0}")]
    NotEncrypted(#[from] EncryptError),
    #[error(transparent)]
    NotQueued(#[from] NotQueued),
    #[error("the code has no event: {0}")]
    NoEvent(Exception),
}

/// Checks the key of a pool whose messages functions send.
///
/// # Errors
/// `InvalidParameterException` for a pool without `KMSKeyID`, and with the words of KMS for a key
/// that is missing or disabled. AWS refuses the same, because it makes a grant for the key; its words
/// are not recorded, so that these are guesses.
pub(super) fn check(cognito: &Cognito, config: &LambdaConfig) -> Result<(), Exception> {
    let media = [VerifiedAttribute::Email, VerifiedAttribute::PhoneNumber];
    if !media.iter().any(|medium| config.sender(*medium).is_some()) {
        return Ok(());
    }
    let Some(key) = config.kms_key_id() else {
        return Err(Exception::invalid_parameter(
            "KMSKeyID is required when CustomEmailSender or CustomSMSSender is configured.",
        ));
    };
    let checked = cognito.kms.check(key);
    checked.map_err(|refusal| Exception::invalid_parameter(refusal.to_string()))
}

/// Has a function send a code, in its own time. The caller is not told of any failure (COGNITO.md 6.1
/// \[D\]); the pool's notification log gets those that happen before the function runs, which is a
/// guess.
pub(super) fn send(
    cognito: &Cognito,
    pool: &UserPool,
    caller: &Caller,
    (delivery, function): (&Delivery, &FunctionName),
) -> Result<(), NotSent> {
    let code = encrypted(cognito, pool, delivery)?;
    let occasion = triggers::Occasion {
        pool,
        client: caller.client.as_ref(),
    };
    let source = MessageSource::from(delivery.occasion);
    let event = triggers::sender_event(
        &occasion,
        (source, delivery.attribute),
        delivery.user,
        &BASE64.encode(code),
        caller.metadata.as_ref(),
    );
    let event = event.map_err(NotSent::NoEvent)?;
    event_queue::add(cognito, function, event.into())?;
    Ok(())
}

/// The code or password as a message of the AWS Encryption SDK.
///
/// A password is written as HTML before, a code is not (COGNITO.md 6.5 \[D\]); that `&` and quotation
/// marks are replaced besides `<` and `>` is a guess.
fn encrypted(
    cognito: &Cognito,
    pool: &UserPool,
    delivery: &Delivery,
) -> Result<Vec<u8>, EncryptError> {
    let escaped;
    let secret = delivery.code.expose();
    let secret = if delivery.occasion == Occasion::AdminCreateUser {
        escaped = templates::escaped(secret);
        &escaped
    } else {
        secret
    };
    let context = EncryptionContext::from([(POOL_ID.to_owned(), pool.id.to_string())]);
    let key = pool.settings.lambda_config.kms_key_id();
    let key = key.unwrap_or_default();
    let result = encryption_sdk::encrypt(&cognito.kms, key, context, secret.as_bytes());
    let mut witness = Witness::of_service(cognito, COGNITO_SERVICE);
    witness.saw_other(Service::Kms, "GenerateDataKey");
    let error = match &result {
        Err(EncryptError::Kms(refusal)) => Some((refusal.name(), refusal.to_string())),
        _ => None,
    };
    witness.record(cognito, error, cognito.random.uuid());
    result
}

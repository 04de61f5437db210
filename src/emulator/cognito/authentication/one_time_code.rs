//! Codes sent by mail or text message: `EMAIL_OTP` and `SMS_OTP` as first factor, `SMS_MFA` and
//! `EMAIL_OTP` as second (COGNITO.md 3.10, 4 and 5.1).

use super::attempt::{Attempt, Parameters};
use super::challenge_sessions::{Expected, Subject};
use super::outcome::{AuthResponse, ChallengeName};
use super::{mfa, sign_in, steps};
use crate::emulator::cognito::aliases::{self, Taken};
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::messages::Delivery;
use crate::emulator::cognito::pool_members::VerifiedAttribute;
use crate::emulator::cognito::templates::Occasion;
use crate::emulator::cognito::triggers::TokenSource;
use crate::emulator::cognito::users::UserKey;
use crate::emulator::cognito::{mask, messages};
use crate::model::Secret;

/// Digits of a code that is the first factor (COGNITO.md 4 \[R\]).
const FIRST_FACTOR_DIGITS: usize = 8;
/// Digits of a code that is the second factor (COGNITO.md 4 \[U\]).
const SECOND_FACTOR_DIGITS: usize = 6;

/// Whether a code stands alone or follows a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Factor {
    First,
    Second,
}

/// Sends a code and makes the challenge that asks for it.
///
/// # Errors
/// `CodeDeliveryFailureException` if the mail server refuses the mail; `UserNotFoundException` if
/// the user was deleted meanwhile; what the `CustomMessage` trigger throws.
pub(super) async fn challenge(
    attempt: &Attempt,
    key: UserKey,
    proves: VerifiedAttribute,
    factor: Factor,
) -> Result<AuthResponse, Exception> {
    let digits = match factor {
        Factor::First => FIRST_FACTOR_DIGITS,
        Factor::Second => SECOND_FACTOR_DIGITS,
    };
    let code = attempt.cognito.random.digits(digits);
    let (pool, occasion) = (&attempt.pool, Occasion::Authentication);
    let delivery = {
        let users = pool.users();
        let user = users.user(key).ok_or(Exception::UserNotFound)?;
        Delivery::new((key, user), proves, occasion, code.clone())
    };
    let destination = masked(proves, &delivery.address);
    let user_id = delivery.username.to_string();
    let metadata = attempt.client_metadata().cloned();
    let caller = messages::Caller::of(&attempt.client.id, metadata);
    messages::send(&attempt.cognito, pool, &caller, delivery).await?;
    let name = name(proves, factor);
    let expected = Expected::Code {
        name,
        code: Secret::new(code),
        proves,
    };
    let session = steps::open(attempt, Subject::User(key), expected);
    let parameters = delivery_parameters(proves, destination, user_id);
    Ok(AuthResponse::challenge(name, parameters, session))
}

/// The challenge of a user who does not exist: a code that was never sent is asked for
/// (COGNITO.md 3.10 \[R, D\]).
pub(super) fn disguise(
    attempt: &Attempt,
    username: &str,
    proves: VerifiedAttribute,
) -> AuthResponse {
    let name = name(proves, Factor::First);
    let user_id = {
        let challenges = &mut attempt.pool.users().challenges;
        challenges
            .disguise(username, &attempt.cognito.random)
            .user_id
            .to_string()
    };
    // An address as typed is masked as it would be; another name gets one made of its disguise.
    let destination = match proves {
        VerifiedAttribute::Email if username.contains('@') => masked(proves, username),
        VerifiedAttribute::Email => masked(proves, &format!("{username}@{user_id}")),
        VerifiedAttribute::PhoneNumber if username.starts_with('+') => masked(proves, username),
        VerifiedAttribute::PhoneNumber => {
            let digits = user_id.bytes().map(|byte| char::from(b'0' + byte % 10));
            masked(proves, &format!("+{}", digits.take(11).collect::<String>()))
        }
    };
    let parameters = delivery_parameters(proves, destination, user_id);
    let expected = Expected::Code {
        name,
        code: Secret::new(attempt.cognito.random.digits(FIRST_FACTOR_DIGITS)),
        proves,
    };
    let session = steps::open(attempt, Subject::Nobody(username.into()), expected);
    AuthResponse::challenge(name, parameters, session)
}

/// Takes a code. A wrong one leaves the session as it is \[R\]; a right one proves the address
/// \[D\].
///
/// # Errors
/// `CodeMismatchException`, and those of what follows.
pub(super) async fn respond(
    attempt: &Attempt,
    session: &str,
    asked: ChallengeName,
    responses: &Parameters,
) -> Result<AuthResponse, Exception> {
    let typed = responses.required(match asked {
        ChallengeName::SmsMfa => "SMS_MFA_CODE",
        ChallengeName::SmsOtp => "SMS_OTP_CODE",
        _ => "EMAIL_OTP_CODE",
    })?;
    let key = {
        let mut users = attempt.pool.users();
        let pending = users
            .challenges
            .find(session, &attempt.client.id, attempt.now())?
            .clone();
        let Expected::Code { name, code, proves } = pending.expected else {
            return Err(Exception::invalid_session());
        };
        if name != asked {
            return Err(Exception::invalid_session());
        }
        let (Subject::User(key), true) = (pending.subject, code.expose() == typed) else {
            return Err(Exception::CodeOrStateMismatch);
        };
        mfa::check_enabled(users.user(key).ok_or_else(Exception::invalid_session)?)?;
        match aliases::verify(&attempt.pool, &mut users, key, &[proves], Taken::Refuse) {
            // Who signs in need not take a name that is another's by now; a guess [U].
            Ok(()) | Err(Exception::AliasExists(_)) => {}
            Err(error) => return Err(error),
        }
        users.challenges.spend(session);
        key
    };
    sign_in::complete(attempt, key, TokenSource::Authentication).await
}

/// The challenge's name: a second factor by SMS has one of its own.
const fn name(proves: VerifiedAttribute, factor: Factor) -> ChallengeName {
    match (proves, factor) {
        (VerifiedAttribute::Email, _) => ChallengeName::EmailOtp,
        (VerifiedAttribute::PhoneNumber, Factor::First) => ChallengeName::SmsOtp,
        (VerifiedAttribute::PhoneNumber, Factor::Second) => ChallengeName::SmsMfa,
    }
}

fn delivery_parameters(
    proves: VerifiedAttribute,
    destination: String,
    user_id: String,
) -> [(&'static str, String); 3] {
    let medium = match proves {
        VerifiedAttribute::Email => "EMAIL",
        VerifiedAttribute::PhoneNumber => "SMS",
    };
    [
        ("CODE_DELIVERY_DELIVERY_MEDIUM", medium.to_owned()),
        ("CODE_DELIVERY_DESTINATION", destination),
        ("USER_ID_FOR_SRP", user_id),
    ]
}

fn masked(proves: VerifiedAttribute, address: &str) -> String {
    match proves {
        VerifiedAttribute::Email => mask::email(address),
        VerifiedAttribute::PhoneNumber => mask::phone_number(address),
    }
}

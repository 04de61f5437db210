//! Codes sent by mail or text message: `EMAIL_OTP` and `SMS_OTP` as first factor, `SMS_MFA` and
//! `EMAIL_OTP` as second (COGNITO.md 3.10, 4 and 5.1).

use super::attempt::{Attempt, Parameters};
use super::challenge_sessions::{Expected, Subject};
use super::outcome::{AuthResponse, ChallengeName};
use super::triggers::{self, TokenSource};
use super::{mfa, sign_in, steps};
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::pool_members::VerifiedAttribute;
use crate::emulator::cognito::users::UserKey;
use crate::emulator::cognito::{mask, messages};
use crate::emulator::mailer::Mail;
use crate::model::Secret;

/// Digits of a code that is the first factor (COGNITO.md 4 \[R\]).
const FIRST_FACTOR_DIGITS: usize = 8;
/// Digits of a code that is the second factor (COGNITO.md 4 \[U\]).
const SECOND_FACTOR_DIGITS: usize = 6;
/// The default texts (COGNITO.md 5.1 \[U\]).
const DEFAULT_SUBJECT: &str = "Your authentication code";
const DEFAULT_MESSAGE: &str = "Your authentication code is {####}";
/// What a template has in place of the code (COGNITO.md 5.2).
const CODE_PLACEHOLDER: &str = "{####}";

/// The words around a code, with the placeholder still in them.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) email_subject: String,
    pub(super) email_body: String,
    pub(super) sms_text: String,
}

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
    let user_id = steps::user_id(attempt, key)?;
    let address = attempt.pool.users().user(key).and_then(|user| {
        let address = user.attribute(proves.name());
        address.map(str::to_owned)
    });
    let address = address.ok_or(Exception::UserNotFound)?;
    let digits = match factor {
        Factor::First => FIRST_FACTOR_DIGITS,
        Factor::Second => SECOND_FACTOR_DIGITS,
    };
    let code = attempt.cognito.random.digits(digits);
    let mut message = templates(attempt, factor);
    triggers::custom_message(attempt, key, &mut message).await?;
    let parameters = delivery_parameters(proves, masked(proves, &address), user_id);
    let expected = Expected::Code {
        name: name(proves, factor),
        code: Secret::new(code.clone()),
        proves,
    };
    send(attempt, proves, address, &message, &code).await?;
    let session = steps::open(attempt, Subject::User(key), expected);
    Ok(AuthResponse::challenge(
        name(proves, factor),
        parameters,
        session,
    ))
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
        let user = users.user_mut(key).ok_or_else(Exception::invalid_session)?;
        mfa::check_enabled(user)?;
        user.set_verified(proves, true);
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

/// The pool's words, or the default ones; only a second factor by mail has words of its own.
fn templates(attempt: &Attempt, factor: Factor) -> Message {
    let settings = &attempt.pool.settings;
    let email = mfa::email_words(&attempt.pool).filter(|_| factor == Factor::Second);
    let or = |text: Option<&String>, default: &str| {
        text.map_or_else(|| default.to_owned(), String::clone)
    };
    let email = email.as_ref();
    Message {
        email_subject: or(
            email.and_then(|email| email.subject.as_ref()),
            DEFAULT_SUBJECT,
        ),
        email_body: or(
            email.and_then(|email| email.message.as_ref()),
            DEFAULT_MESSAGE,
        ),
        sms_text: or(
            settings.sms_authentication_message.as_ref(),
            DEFAULT_MESSAGE,
        ),
    }
}

async fn send(
    attempt: &Attempt,
    proves: VerifiedAttribute,
    address: String,
    message: &Message,
    code: &str,
) -> Result<(), Exception> {
    let cognito = &attempt.cognito;
    let filled = |text: &str| text.replace(CODE_PLACEHOLDER, code);
    if proves == VerifiedAttribute::PhoneNumber {
        let text = filled(&message.sms_text);
        cognito
            .sms
            .send(address, text, Some(code.to_owned()), attempt.now());
        return Ok(());
    }
    let configuration = &attempt.pool.settings.email_configuration;
    let mail = Mail {
        from: messages::sender(configuration)?,
        reply_to: configuration.reply_to_email_address.clone(),
        to: address,
        subject: filled(&message.email_subject),
        html: filled(&message.email_body),
        date: attempt.now(),
        message_id: format!("<{}@email.amazonses.com>", cognito.random.uuid()),
    };
    let refused = |error| Exception::CodeDeliveryFailure(format!("{error}"));
    cognito.mailer.send(mail).await.map_err(refused)
}

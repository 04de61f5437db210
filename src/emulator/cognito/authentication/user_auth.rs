//! `USER_AUTH`: the user chooses how to sign in (COGNITO.md 3.10).

use super::attempt::{Attempt, Parameters};
use super::challenge_sessions::{Expected, Subject};
use super::one_time_code::{self, Factor};
use super::outcome::{AuthResponse, ChallengeName};
use super::{mfa, password, srp_flow, steps, triggers};
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::pool_members::{FirstFactor, VerifiedAttribute};
use crate::emulator::cognito::pools::UserPool;
use crate::emulator::cognito::users::{User, UserStatus};

/// Begins with the challenge that is preferred, if the user can have it, or offers those that are.
///
/// # Errors
/// Those of COGNITO.md 3.10.
pub(super) async fn begin(
    attempt: &Attempt,
    parameters: &Parameters,
) -> Result<AuthResponse, Exception> {
    let username = parameters.required("USERNAME")?;
    parameters.check_secret(&attempt.client, username)?;
    let preferred = parameters.optional("PREFERRED_CHALLENGE");
    let password = parameters.optional("PASSWORD");
    let subject = match password.filter(|_| preferred == Some("PASSWORD")) {
        Some(password) => password::subject(attempt, username, password).await?,
        None => srp_flow::subject(attempt, username)?,
    };
    let available = available(attempt, &subject)?;
    triggers::pre_authentication(attempt, &subject).await?;
    let preferred = preferred.and_then(|name| named(&available, name));
    let Some(preferred) = preferred else {
        let expected = Expected::FirstFactor(available.clone());
        let session = steps::open(attempt, subject, expected);
        let challenge = AuthResponse::challenge(ChallengeName::SelectChallenge, [], session);
        return Ok(challenge.with_available(available));
    };
    answer(attempt, subject, preferred, parameters).await
}

/// Takes the answer to `SELECT_CHALLENGE`, which for a password brings it along \[M\].
///
/// # Errors
/// `InvalidParameterException` for a challenge that was not offered, whose text is a guess \[U\];
/// those of the chosen one. The session is spent with the choice.
pub(super) async fn respond(
    attempt: &Attempt,
    session: &str,
    responses: &Parameters,
) -> Result<AuthResponse, Exception> {
    let chosen = responses.required("ANSWER")?;
    let (subject, chosen) = {
        let challenges = &mut attempt.pool.users().challenges;
        let pending = challenges.find(session, &attempt.client.id, attempt.now())?;
        let Expected::FirstFactor(available) = &pending.expected else {
            return Err(Exception::invalid_session());
        };
        let not_offered = || Exception::invalid_parameter("The challenge is not available.");
        let chosen = named(available, chosen).ok_or_else(not_offered)?;
        let subject = pending.subject.clone();
        challenges.spend(session);
        (subject, chosen)
    };
    answer(attempt, subject, chosen, responses).await
}

async fn answer(
    attempt: &Attempt,
    subject: Subject,
    chosen: ChallengeName,
    parameters: &Parameters,
) -> Result<AuthResponse, Exception> {
    let proves = match chosen {
        ChallengeName::Password => {
            let password = parameters.required("PASSWORD")?;
            return password::prove(attempt, &subject, password).await;
        }
        ChallengeName::PasswordSrp => {
            return srp_flow::challenge(attempt, subject, parameters, None).await;
        }
        ChallengeName::SmsOtp => VerifiedAttribute::PhoneNumber,
        _ => VerifiedAttribute::Email,
    };
    let challenge = match subject {
        Subject::User(key) => one_time_code::challenge(attempt, key, proves, Factor::First).await?,
        Subject::Nobody(name) => one_time_code::disguise(attempt, &name, proves),
    };
    Ok(challenge.with_available(vec![chosen]))
}

/// The challenge of this name, if it is among them.
fn named(available: &[ChallengeName], name: &str) -> Option<ChallengeName> {
    let known = [
        ("PASSWORD", ChallengeName::Password),
        ("PASSWORD_SRP", ChallengeName::PasswordSrp),
        ("EMAIL_OTP", ChallengeName::EmailOtp),
        ("SMS_OTP", ChallengeName::SmsOtp),
    ];
    let (_, challenge) = known.into_iter().find(|(known, _)| *known == name)?;
    available.contains(&challenge).then_some(challenge)
}

/// What the user can begin with, in AWS's order as far as it was seen \[R\]; whoever does not exist
/// seems to have all that the pool allows.
///
/// # Errors
/// Those of COGNITO.md 3.10 for a user who may not sign in whatever is chosen.
fn available(attempt: &Attempt, subject: &Subject) -> Result<Vec<ChallengeName>, Exception> {
    let users = attempt.pool.users();
    let user = match subject {
        Subject::User(key) => Some(users.user(*key).ok_or(Exception::UserNotFound)?),
        Subject::Nobody(_) => None,
    };
    if let Some(user) = user {
        password::check_status(user)?;
    }
    Ok(first_factors(&attempt.pool, user))
}

/// The first factors of a user, or of a pool: a code needs an address, a permanent password, and no
/// second factor that would have to follow \[R, U\].
fn first_factors(pool: &UserPool, user: Option<&User>) -> Vec<ChallengeName> {
    let allowed = pool.settings.first_factors();
    let code_alone = |attribute: VerifiedAttribute| {
        user.is_none_or(|user| {
            user.status == UserStatus::Confirmed
                && user.attribute(attribute.name()).is_some()
                && !mfa::is_due(pool, user)
        })
    };
    // Whoever has no password cannot be asked for it; that AWS does not is a guess [U].
    let has_password = user.is_none_or(|user| user.password.is_known());
    let candidates = [
        (
            FirstFactor::Password,
            ChallengeName::PasswordSrp,
            has_password,
        ),
        (FirstFactor::Password, ChallengeName::Password, has_password),
        (
            FirstFactor::EmailOtp,
            ChallengeName::EmailOtp,
            code_alone(VerifiedAttribute::Email),
        ),
        (
            FirstFactor::SmsOtp,
            ChallengeName::SmsOtp,
            code_alone(VerifiedAttribute::PhoneNumber),
        ),
    ];
    let available = candidates.into_iter();
    available
        .filter(|(factor, _, possible)| *possible && allowed.contains(factor))
        .map(|(_, challenge, _)| challenge)
        .collect()
}

/// `ConfiguredUserAuthFactors`: what the pool allows and the user has.
pub(super) fn configured_factors(pool: &UserPool, user: &User) -> Vec<&'static str> {
    let factors = first_factors(pool, Some(user)).into_iter();
    factors
        .filter_map(|factor| match factor {
            ChallengeName::Password => Some("PASSWORD"),
            ChallengeName::EmailOtp => Some("EMAIL_OTP"),
            ChallengeName::SmsOtp => Some("SMS_OTP"),
            _ => None,
        })
        .collect()
}

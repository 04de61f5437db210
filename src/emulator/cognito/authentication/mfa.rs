//! Second factors: which one a sign-in asks for, and the answers (COGNITO.md 3.10).

use serde::{Deserialize, Serialize};

use super::attempt::{Attempt, Parameters};
use super::challenge_sessions::{Enrolment, Expected, Subject};
use super::one_time_code::{self, Factor};
use super::outcome::{AuthResponse, ChallengeName, json_text};
use super::{sign_in, steps};
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::pool_members::{MfaConfiguration, VerifiedAttribute};
use crate::emulator::cognito::pools::UserPool;
use crate::emulator::cognito::totp::{Step, TotpSecret};
use crate::emulator::cognito::triggers::TokenSource;
use crate::emulator::cognito::users::{User, UserKey};

/// A second factor by its name in `UserMFASettingList`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum MfaMethod {
    SmsMfa,
    SoftwareTokenMfa,
    EmailOtp,
}

impl MfaMethod {
    /// All methods, in the order in which they are listed.
    pub(super) const ALL: [Self; 3] = [Self::SmsMfa, Self::SoftwareTokenMfa, Self::EmailOtp];

    /// The name on the wire.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::SmsMfa => "SMS_MFA",
            Self::SoftwareTokenMfa => "SOFTWARE_TOKEN_MFA",
            Self::EmailOtp => "EMAIL_OTP",
        }
    }
}

/// A user's second factors.
#[derive(Debug, Clone, Default)]
pub(crate) struct UserMfa {
    /// The authenticator that was enrolled.
    pub(super) authenticator: Option<Authenticator>,
    /// The secret of an enrolment that is under way.
    pub(super) offered: Option<TotpSecret>,
    /// What the user or an administrator has switched on, in the order of [`MfaMethod::ALL`].
    pub(super) enabled: Vec<MfaMethod>,
    pub(super) preferred: Option<MfaMethod>,
}

/// An authenticator app.
#[derive(Debug, Clone)]
pub(super) struct Authenticator {
    pub(super) secret: TotpSecret,
    pub(super) name: Option<Box<str>>,
    /// The step of the last code that was taken: each is taken once (COGNITO.md 3.10 \[V\]).
    pub(super) used: Option<Step>,
}

impl UserMfa {
    /// Switches a method on or off.
    pub(super) fn set(&mut self, method: MfaMethod, enabled: bool) {
        self.enabled.retain(|known| *known != method);
        if enabled {
            self.enabled.push(method);
            self.enabled.sort_by_key(|method| *method as u8);
        } else if self.preferred == Some(method) {
            self.preferred = None;
        }
    }
}

impl User {
    /// `UserMFASettingList`: the second factors that are switched on.
    pub(crate) fn mfa_setting_list(&self) -> Vec<&'static str> {
        let enabled = self.mfa.iter().flat_map(|mfa| &mfa.enabled);
        enabled.map(|method| method.name()).collect()
    }

    /// Whether a second factor that is switched on goes to this address.
    pub(crate) fn gets_mfa_codes_at(&self, attribute: VerifiedAttribute) -> bool {
        let method = match attribute {
            VerifiedAttribute::PhoneNumber => MfaMethod::SmsMfa,
            VerifiedAttribute::Email => MfaMethod::EmailOtp,
        };
        let mfa = self.mfa.as_ref();
        mfa.is_some_and(|mfa| mfa.enabled.contains(&method))
    }

    /// `PreferredMfaSetting`.
    pub(crate) fn preferred_mfa_setting(&self) -> Option<&'static str> {
        self.mfa.as_ref()?.preferred.map(MfaMethod::name)
    }
}

/// What a pool offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) configuration: MfaConfiguration,
    pub(super) methods: Vec<MfaMethod>,
}

/// The pool's second factors: what `CreateUserPool` and `SetUserPoolMfaConfig` have left.
pub(super) fn offer(pool: &UserPool) -> Offer {
    let settings = &pool.settings;
    let offered = [
        settings.offers_sms_mfa(),
        settings.offers_software_token_mfa(),
        settings.email_mfa_configuration.is_some(),
    ];
    let methods = MfaMethod::ALL.into_iter().zip(offered);
    Offer {
        configuration: settings.mfa_configuration,
        methods: methods
            .filter_map(|(method, offered)| offered.then_some(method))
            .collect(),
    }
}

/// What a sign-in still asks of a user whose password was right.
#[derive(Debug, PartialEq, Eq)]
enum Due {
    Nothing,
    Ask(MfaMethod),
    Choose(Vec<MfaMethod>),
    SetUp(Vec<MfaMethod>),
}

/// Decides by the pool's setting and the user's: the preferred factor, the only one, a choice, or,
/// where the pool insists and the user has none, setting one up.
fn due(offer: &Offer, user: &User) -> Due {
    let enabled = |method: &MfaMethod| {
        user.mfa
            .as_ref()
            .is_some_and(|mfa| mfa.enabled.contains(method))
    };
    let usable = |method: &MfaMethod| is_usable(*method, user);
    let offered = || offer.methods.iter().copied();
    let mut methods: Vec<_> = offered().filter(enabled).filter(usable).collect();
    match offer.configuration {
        MfaConfiguration::Off => return Due::Nothing,
        MfaConfiguration::Optional if methods.is_empty() => return Due::Nothing,
        MfaConfiguration::On if methods.is_empty() => methods = offered().filter(usable).collect(),
        MfaConfiguration::Optional | MfaConfiguration::On => {}
    }
    let preferred = user.mfa.as_ref().and_then(|mfa| mfa.preferred);
    match (
        preferred.filter(|method| methods.contains(method)),
        &*methods,
    ) {
        (Some(method), _) => Due::Ask(method),
        (None, [method]) => Due::Ask(*method),
        (None, []) => Due::SetUp(offered().collect()),
        (None, _) => Due::Choose(methods),
    }
}

/// Whether the user has what the method needs: an address, or an enrolled authenticator.
pub(super) fn is_usable(method: MfaMethod, user: &User) -> bool {
    match method {
        MfaMethod::SmsMfa => user.attribute("phone_number").is_some(),
        MfaMethod::EmailOtp => user.attribute("email").is_some(),
        MfaMethod::SoftwareTokenMfa => user
            .mfa
            .as_ref()
            .is_some_and(|mfa| mfa.authenticator.is_some()),
    }
}

/// Whether a second factor would be asked for after a password, which rules out a code alone.
pub(super) fn is_due(pool: &UserPool, user: &User) -> bool {
    due(&offer(pool), user) != Due::Nothing
}

/// The challenge that follows a right password, if any does.
///
/// # Errors
/// `UserNotFoundException` if the user was deleted meanwhile; those of sending a code.
pub(super) async fn challenge(
    attempt: &Attempt,
    key: UserKey,
) -> Result<Option<AuthResponse>, Exception> {
    let due = {
        let users = attempt.pool.users();
        let user = users.user(key).ok_or(Exception::UserNotFound)?;
        due(&offer(&attempt.pool), user)
    };
    let user_id = ("USER_ID_FOR_SRP", steps::user_id(attempt, key)?);
    let subject = Subject::User(key);
    Ok(match due {
        Due::Nothing => None,
        Due::Ask(method) => Some(ask(attempt, key, method).await?),
        Due::Choose(methods) => {
            let parameters = [("MFAS_CAN_CHOOSE", json_text(&methods)), user_id];
            let session = steps::open(attempt, subject, Expected::MfaType(methods));
            Some(AuthResponse::challenge(
                ChallengeName::SelectMfaType,
                parameters,
                session,
            ))
        }
        Due::SetUp(methods) => {
            let parameters = [("MFAS_CAN_SETUP", json_text(&methods)), user_id];
            let expected = Expected::MfaSetup(Enrolment::NotBegun);
            let session = steps::open(attempt, subject, expected);
            Some(AuthResponse::challenge(
                ChallengeName::MfaSetup,
                parameters,
                session,
            ))
        }
    })
}

async fn ask(
    attempt: &Attempt,
    key: UserKey,
    method: MfaMethod,
) -> Result<AuthResponse, Exception> {
    let code = |proves| one_time_code::challenge(attempt, key, proves, Factor::Second);
    match method {
        MfaMethod::SmsMfa => code(VerifiedAttribute::PhoneNumber).await,
        MfaMethod::EmailOtp => code(VerifiedAttribute::Email).await,
        MfaMethod::SoftwareTokenMfa => {
            let user_id = ("USER_ID_FOR_SRP", steps::user_id(attempt, key)?);
            let name = attempt.pool.users().user(key).and_then(|user| {
                let authenticator = user.mfa.as_ref()?.authenticator.as_ref();
                authenticator?.name.as_deref().map(str::to_owned)
            });
            let name = name.map(|name| ("FRIENDLY_DEVICE_NAME", name));
            let session = steps::open(attempt, Subject::User(key), Expected::SoftwareToken);
            let parameters = name.into_iter().chain([user_id]);
            Ok(AuthResponse::challenge(
                ChallengeName::SoftwareTokenMfa,
                parameters,
                session,
            ))
        }
    }
}

/// Takes the choice of a second factor; `EMAIL_MFA` is the model's other name for `EMAIL_OTP`.
///
/// # Errors
/// `InvalidParameterException` for another answer, whose text is a guess \[U\]; those of sending a
/// code.
pub(super) async fn respond_type(
    attempt: &Attempt,
    session: &str,
    responses: &Parameters,
) -> Result<AuthResponse, Exception> {
    let answer = match responses.required("ANSWER")? {
        "EMAIL_MFA" => "EMAIL_OTP",
        answer => answer,
    };
    let (key, method) = {
        let challenges = &mut attempt.pool.users().challenges;
        let pending = challenges.find(session, &attempt.client.id, attempt.now())?;
        let (Subject::User(key), Expected::MfaType(methods)) =
            (&pending.subject, &pending.expected)
        else {
            return Err(Exception::invalid_session());
        };
        let chosen = methods.iter().find(|method| method.name() == answer);
        let not_offered = || Exception::invalid_parameter("The MFA type is not available.");
        let chosen = (*key, *chosen.ok_or_else(not_offered)?);
        challenges.spend(session);
        chosen
    };
    ask(attempt, key, method).await
}

/// Takes the code of an authenticator, each once.
///
/// # Errors
/// `CodeMismatchException`, which leaves the session as it is; `ExpiredCodeException` for a code
/// that was used before \[V\].
pub(super) async fn respond_software_token(
    attempt: &Attempt,
    session: &str,
    responses: &Parameters,
) -> Result<AuthResponse, Exception> {
    let code = responses.required("SOFTWARE_TOKEN_MFA_CODE")?;
    let key = {
        let now = attempt.now();
        let mut users = attempt.pool.users();
        let pending = users.challenges.find(session, &attempt.client.id, now)?;
        let (Subject::User(key), Expected::SoftwareToken) = (&pending.subject, &pending.expected)
        else {
            return Err(Exception::invalid_session());
        };
        let key = *key;
        let user = users.user_mut(key).ok_or_else(Exception::invalid_session)?;
        check_enabled(user)?;
        let authenticator = user.mfa.as_mut().and_then(|mfa| mfa.authenticator.as_mut());
        let authenticator = authenticator.ok_or_else(Exception::invalid_session)?;
        let step = authenticator.secret.matching_step(code, now);
        let step = step.ok_or(Exception::CodeOrStateMismatch)?;
        if authenticator.used.is_some_and(|used| step <= used) {
            return Err(Exception::SoftwareTokenUsed);
        }
        authenticator.used = Some(step);
        users.challenges.spend(session);
        key
    };
    sign_in::complete(attempt, key, TokenSource::Authentication).await
}

/// Takes `MFA_SETUP` once the authenticator is enrolled.
///
/// # Errors
/// `NotAuthorizedException` for a session whose enrolment is not complete.
pub(super) async fn respond_setup(
    attempt: &Attempt,
    session: &str,
) -> Result<AuthResponse, Exception> {
    let key = {
        let challenges = &mut attempt.pool.users().challenges;
        let pending = challenges.find(session, &attempt.client.id, attempt.now())?;
        let (Subject::User(key), Expected::MfaSetup(Enrolment::Verified)) =
            (&pending.subject, &pending.expected)
        else {
            return Err(Exception::invalid_session());
        };
        let key = *key;
        challenges.spend(session);
        key
    };
    sign_in::complete(attempt, key, TokenSource::Authentication).await
}

/// Refuses a user who was disabled while the challenge waited.
///
/// # Errors
/// `NotAuthorizedException`.
pub(super) fn check_enabled(user: &User) -> Result<(), Exception> {
    if user.enabled {
        Ok(())
    } else {
        Err(Exception::user_disabled())
    }
}

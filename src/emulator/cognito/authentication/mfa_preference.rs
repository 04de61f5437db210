//! `SetUserMFAPreference`, `AdminSetUserMFAPreference` and `GetUserAuthFactors`
//! (COGNITO.md 3.10).

use serde::{Deserialize, Serialize};

use super::mfa::{MfaMethod, is_usable};
use super::user_auth;
use crate::emulator::cognito::access_token::{self, AccessTokenRequest};
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::pool_members::Unsupported;
use crate::emulator::cognito::service::Cognito;
use crate::emulator::cognito::users::User;
use crate::emulator::cognito::wire::Empty;
use crate::model::UserPoolId;

/// The settings that both operations take.
#[derive(Deserialize)]
struct Preferences {
    #[serde(rename = "SMSMfaSettings")]
    sms: Option<MfaSettings>,
    #[serde(rename = "SoftwareTokenMfaSettings")]
    software_token: Option<MfaSettings>,
    #[serde(rename = "EmailMfaSettings")]
    email: Option<MfaSettings>,
    #[serde(rename = "WebAuthnMfaSettings")]
    web_authn: Option<Unsupported>,
}

/// `SMSMfaSettingsType` and its likes.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MfaSettings {
    #[serde(default)]
    enabled: bool,
    #[serde(default)]
    preferred_mfa: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SetUserMfaPreferenceRequest {
    access_token: String,
    #[serde(flatten)]
    preferences: Preferences,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminSetUserMfaPreferenceRequest {
    user_pool_id: UserPoolId,
    username: String,
    #[serde(flatten)]
    preferences: Preferences,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetUserAuthFactorsResponse {
    configured_user_auth_factors: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred_mfa_setting: Option<&'static str>,
    #[serde(rename = "UserMFASettingList", skip_serializing_if = "Vec::is_empty")]
    user_mfa_setting_list: Vec<&'static str>,
    username: String,
}

/// Switches the second factors of the token's user on and off.
///
/// # Errors
/// As [`Preferences::apply`], and `NotAuthorizedException` for the token.
pub(crate) fn set_user_mfa_preference(
    cognito: &Cognito,
    request: &SetUserMfaPreferenceRequest,
) -> Result<Empty, Exception> {
    let (pool, key, _) = access_token::authorize(cognito, &request.access_token)?;
    let mut users = pool.users();
    let user = users.user_mut(key).ok_or(Exception::UserNotFound)?;
    request
        .preferences
        .apply(user, "User has not set up software token mfa")
}

/// Switches the second factors of a user on and off.
///
/// # Errors
/// As [`Preferences::apply`]; `ResourceNotFoundException` for the pool, `UserNotFoundException` for
/// the user.
pub(crate) fn admin_set_user_mfa_preference(
    cognito: &Cognito,
    request: &AdminSetUserMfaPreferenceRequest,
) -> Result<Empty, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let mut users = pool.users();
    let key = users
        .find(&pool.naming, &request.username)
        .ok_or(Exception::UserNotFound)?;
    let user = users.user_mut(key).ok_or(Exception::UserNotFound)?;
    let no_authenticator = "User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA";
    request.preferences.apply(user, no_authenticator)
}

/// Shows with what the token's user can sign in.
///
/// # Errors
/// `NotAuthorizedException` for the token.
pub(crate) fn get_user_auth_factors(
    cognito: &Cognito,
    request: &AccessTokenRequest,
) -> Result<GetUserAuthFactorsResponse, Exception> {
    let (pool, key, _) = access_token::authorize(cognito, &request.access_token)?;
    let users = pool.users();
    let user = users.user(key).ok_or(Exception::UserNotFound)?;
    Ok(GetUserAuthFactorsResponse {
        configured_user_auth_factors: user_auth::configured_factors(&pool, user),
        preferred_mfa_setting: user.preferred_mfa_setting(),
        user_mfa_setting_list: user.mfa_setting_list(),
        username: user.username.to_string(),
    })
}

impl Preferences {
    /// Changes what was sent, and nothing if any of it cannot be.
    ///
    /// A factor that is not sent stays as it is \[I\]. The words for a missing authenticator differ
    /// by operation: the user's are of COGNITO.md 3.10 \[C\], the administrator's were recorded in
    /// <https://github.com/aws/aws-sdk-js-v3/issues/4645>, those for a phone number in
    /// <https://github.com/aws-amplify/amplify-js/issues/618>; the others are guesses \[U\].
    ///
    /// # Errors
    /// `InvalidParameterException`.
    fn apply(&self, user: &mut User, no_authenticator: &str) -> Result<Empty, Exception> {
        if self.web_authn.is_some() {
            return Err(Exception::not_implemented(
                "The setting WebAuthnMfaSettings",
            ));
        }
        let sent = [
            (MfaMethod::SmsMfa, self.sms),
            (MfaMethod::SoftwareTokenMfa, self.software_token),
            (MfaMethod::EmailOtp, self.email),
        ];
        let sent = || {
            sent.iter()
                .filter_map(|(method, sent)| Some((*method, (*sent)?)))
        };
        if sent().filter(|(_, setting)| setting.preferred_mfa).count() > 1 {
            return Err(Exception::invalid_parameter(
                "Only one MFA type can be preferred.",
            ));
        }
        for (method, setting) in sent() {
            if setting.preferred_mfa && !setting.enabled {
                return Err(Exception::invalid_parameter(
                    "An MFA type must be enabled to be preferred.",
                ));
            }
            if setting.enabled && !is_usable(method, user) {
                return Err(Exception::invalid_parameter(match method {
                    MfaMethod::SoftwareTokenMfa => no_authenticator,
                    MfaMethod::SmsMfa => "User does not have a phone_number set to turn on SMS MFA",
                    MfaMethod::EmailOtp => {
                        "User does not have delivery config set to turn on EMAIL_OTP"
                    }
                }));
            }
        }
        let mfa = user.mfa.get_or_insert_default();
        for (method, setting) in sent() {
            mfa.set(method, setting.enabled);
            if setting.preferred_mfa {
                mfa.preferred = Some(method);
            } else if mfa.preferred == Some(method) {
                mfa.preferred = None;
            }
        }
        Ok(Empty {})
    }
}

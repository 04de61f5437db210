//! `SetUserPoolMfaConfig` and `GetUserPoolMfaConfig`.

use serde::{Deserialize, Serialize};

use super::error::Exception;
use super::pool_members::{
    EmailMfaConfiguration, MfaConfiguration, SmsConfiguration, SoftwareTokenMfaConfiguration,
    Unsupported,
};
use super::pools::UserPool;
use super::service::Cognito;
use crate::model::UserPoolId;

/// `SmsMfaConfigType`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SmsMfaConfiguration {
    #[serde(skip_serializing_if = "Option::is_none")]
    sms_authentication_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sms_configuration: Option<SmsConfiguration>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SetUserPoolMfaConfigRequest {
    user_pool_id: UserPoolId,
    mfa_configuration: Option<MfaConfiguration>,
    sms_mfa_configuration: Option<SmsMfaConfiguration>,
    software_token_mfa_configuration: Option<SoftwareTokenMfaConfiguration>,
    email_mfa_configuration: Option<EmailMfaConfiguration>,
    web_authn_configuration: Option<Unsupported>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetUserPoolMfaConfigRequest {
    user_pool_id: UserPoolId,
}

/// What both operations answer.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_field_names, reason = "the members' names on the wire")]
pub(crate) struct UserPoolMfaConfigResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    email_mfa_configuration: Option<EmailMfaConfiguration>,
    mfa_configuration: MfaConfiguration,
    #[serde(skip_serializing_if = "Option::is_none")]
    sms_mfa_configuration: Option<SmsMfaConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    software_token_mfa_configuration: Option<SoftwareTokenMfaConfiguration>,
}

/// Replaces a pool's choice of second factors: one that is not named is no longer offered.
///
/// An absent `MfaConfiguration` leaves the pool's as it is, which is a guess \[U\]. AWS also wants
/// mails to be sent through SES before it offers a code by e-mail \[D\]; here any sender will do.
///
/// # Errors
/// `ResourceNotFoundException`; `InvalidParameterException` for factors without a use or a use
/// without factors (both texts recorded in public issues); `FeatureUnavailableInTierException`.
pub(crate) fn set_user_pool_mfa_config(
    cognito: &Cognito,
    request: SetUserPoolMfaConfigRequest,
) -> Result<UserPoolMfaConfigResponse, Exception> {
    if request.web_authn_configuration.is_some() {
        return Err(Exception::not_implemented(
            "The setting WebAuthnConfiguration",
        ));
    }
    let id = request.user_pool_id.clone();
    let changed = cognito
        .pools
        .change_pool(&id, cognito.now(), |pool| apply(pool, request))?;
    Ok(described(&changed))
}

fn apply(pool: &mut UserPool, request: SetUserPoolMfaConfigRequest) -> Result<(), Exception> {
    let asked = request
        .mfa_configuration
        .unwrap_or(pool.settings.mfa_configuration);
    let named = request.sms_mfa_configuration.is_some()
        || request.software_token_mfa_configuration.is_some()
        || request.email_mfa_configuration.is_some();
    let lite = pool.settings.user_pool_tier.as_deref() == Some("LITE");
    if request.email_mfa_configuration.is_some() && lite {
        return Err(Exception::FeatureUnavailableInTier("MFA by e-mail"));
    }
    let software_token = request.software_token_mfa_configuration;
    let any = request.sms_mfa_configuration.is_some()
        || software_token
            .as_ref()
            .is_some_and(|token| token.enabled == Some(true))
        || request.email_mfa_configuration.is_some();
    if asked == MfaConfiguration::Off && named {
        return Err(Exception::invalid_parameter(
            "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
        ));
    }
    if asked != MfaConfiguration::Off && !any {
        return Err(Exception::invalid_parameter(
            "Invalid MFA configuration given, can't disable all MFAs with a required or optional \
             configuration.",
        ));
    }
    let settings = &mut pool.settings;
    settings.mfa_configuration = asked;
    settings.software_token_mfa_configuration = software_token;
    settings.email_mfa_configuration = request.email_mfa_configuration;
    settings.sms_mfa_withdrawn = request.sms_mfa_configuration.is_none();
    if let Some(sms) = request.sms_mfa_configuration {
        settings.sms_authentication_message = sms.sms_authentication_message;
        let kept = settings.sms_configuration.take();
        settings.sms_configuration = sms.sms_configuration.or(kept);
    }
    Ok(())
}

/// Shows a pool's second factors.
///
/// # Errors
/// `ResourceNotFoundException`.
pub(crate) fn get_user_pool_mfa_config(
    cognito: &Cognito,
    request: &GetUserPoolMfaConfigRequest,
) -> Result<UserPoolMfaConfigResponse, Exception> {
    cognito
        .pool(&request.user_pool_id)
        .map(|pool| described(&pool))
}

fn described(pool: &UserPool) -> UserPoolMfaConfigResponse {
    let settings = &pool.settings;
    let on = settings.mfa_configuration != MfaConfiguration::Off;
    let sms = settings.sms_configuration.is_some() || settings.sms_authentication_message.is_some();
    UserPoolMfaConfigResponse {
        email_mfa_configuration: settings.email_mfa_configuration.clone().filter(|_| on),
        mfa_configuration: settings.mfa_configuration,
        // Shown with MFA off as well, as it also serves verification [R].
        sms_mfa_configuration: sms.then(|| SmsMfaConfiguration {
            sms_authentication_message: settings.sms_authentication_message.clone(),
            sms_configuration: settings.sms_configuration.clone(),
        }),
        software_token_mfa_configuration: on.then(|| SoftwareTokenMfaConfiguration {
            enabled: Some(settings.offers_software_token_mfa()),
        }),
    }
}

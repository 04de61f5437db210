//! Calls about a second factor: what a pool offers, and what a user has.

use aws_sdk_cognitoidentityprovider as sdk;
use sdk::types::{
    SmsConfigurationType, SmsMfaConfigType, SmsMfaSettingsType, SoftwareTokenMfaConfigType,
    SoftwareTokenMfaSettingsType, UserPoolMfaType,
};

use super::{Called, Client, CognitoError};
use crate::model::{ConfirmationCode, Secret, UserPoolId};

/// The role, an ARN, by which Cognito sends text messages. It exists where a pool of a scenario can be
/// set up at all, on an emulator.
const SMS_ROLE_ARN: &str = "arn:aws:iam::000000000000:role/reverify-sms";

/// What proves who somebody is, beside the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    /// Codes of an authenticator app.
    SoftwareToken,
    /// Codes by text message.
    TextMessage,
}

/// Whether a pool asks for a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactorUse {
    /// Of users who have set one up.
    Optional,
    /// Of everybody.
    Required,
}

/// An authenticator app that is being set up in the middle of a sign-in.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// What the app has to know, in base32.
    pub secret: Secret<String>,
    /// What the next request must carry.
    pub session: Secret<String>,
}

fn secret(text: Option<&str>) -> Secret<String> {
    Secret::new(text.unwrap_or_default().to_owned())
}

impl Client {
    /// Has a pool take codes of authenticator apps and by text message.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn take_second_factors(
        &self,
        pool: &UserPoolId,
        used: SecondFactorUse,
    ) -> Result<Called<()>, CognitoError> {
        let used = match used {
            SecondFactorUse::Optional => UserPoolMfaType::Optional,
            SecondFactorUse::Required => UserPoolMfaType::On,
        };
        let sender = SmsConfigurationType::builder().sns_caller_arn(SMS_ROLE_ARN);
        let sms = SmsMfaConfigType::builder().sms_configuration(sender.build());
        let app = SoftwareTokenMfaConfigType::builder().enabled(true);
        let request = self
            .sdk
            .set_user_pool_mfa_config()
            .user_pool_id(pool.as_str())
            .mfa_configuration(used)
            .sms_mfa_configuration(sms.build())
            .software_token_mfa_configuration(app.build());
        Ok(self
            .call("SetUserPoolMfaConfig", || request.clone().send())
            .await?
            .map(drop))
    }

    /// Begins to set up an authenticator app for the user of an access token; answers the secret that
    /// the app has to know, in base32.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn associate_software_token(
        &self,
        access: &Secret<String>,
    ) -> Result<Called<Secret<String>>, CognitoError> {
        let request = self
            .sdk
            .associate_software_token()
            .access_token(access.expose());
        let called = self
            .call("AssociateSoftwareToken", || request.clone().send())
            .await?;
        Ok(called.map(|output| secret(output.secret_code())))
    }

    /// Proves that the app knows the secret, by a code that it shows.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn verify_software_token(
        &self,
        access: &Secret<String>,
        code: &ConfirmationCode,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .verify_software_token()
            .access_token(access.expose())
            .user_code(code.expose());
        Ok(self
            .call("VerifySoftwareToken", || request.clone().send())
            .await?
            .map(drop))
    }

    /// The same in the middle of a sign-in that the challenge `MFA_SETUP` holds up: answers the secret
    /// too, and the session for the next request (COGNITO.md 3.10).
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn associate_software_token_to_sign_in(
        &self,
        session: &Secret<String>,
    ) -> Result<Called<Enrolment>, CognitoError> {
        let request = self
            .sdk
            .associate_software_token()
            .session(session.expose());
        let called = self
            .call("AssociateSoftwareToken", || request.clone().send())
            .await?;
        Ok(called.map(|output| Enrolment {
            secret: secret(output.secret_code()),
            session: secret(output.session()),
        }))
    }

    /// Proves that the app knows the secret, in the middle of a sign-in; answers the session for the
    /// answer to the challenge.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn verify_software_token_to_sign_in(
        &self,
        session: &Secret<String>,
        code: &ConfirmationCode,
    ) -> Result<Called<Secret<String>>, CognitoError> {
        let request = self
            .sdk
            .verify_software_token()
            .session(session.expose())
            .user_code(code.expose());
        let called = self
            .call("VerifySoftwareToken", || request.clone().send())
            .await?;
        Ok(called.map(|output| secret(output.session())))
    }

    /// Has the user of an access token be asked for this factor from now on.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn prefer_second_factor(
        &self,
        access: &Secret<String>,
        factor: SecondFactor,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .set_user_mfa_preference()
            .access_token(access.expose());
        let request = match factor {
            SecondFactor::SoftwareToken => request.software_token_mfa_settings(
                SoftwareTokenMfaSettingsType::builder()
                    .enabled(true)
                    .preferred_mfa(true)
                    .build(),
            ),
            SecondFactor::TextMessage => request.sms_mfa_settings(
                SmsMfaSettingsType::builder()
                    .enabled(true)
                    .preferred_mfa(true)
                    .build(),
            ),
        };
        Ok(self
            .call("SetUserMFAPreference", || request.clone().send())
            .await?
            .map(drop))
    }
}

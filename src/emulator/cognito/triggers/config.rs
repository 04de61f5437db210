//! Which function a pool names for which trigger.

use serde::{Deserialize, Serialize};

use super::super::pool_members::{Unsupported, VerifiedAttribute};
use crate::emulator::lambda::{FunctionName, InvalidFunction};

/// A trigger, by its key in `LambdaConfig`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trigger {
    PreSignUp,
    PostConfirmation,
    PreAuthentication,
    PostAuthentication,
    CustomMessage,
    DefineAuthChallenge,
    CreateAuthChallenge,
    VerifyAuthChallengeResponse,
    PreTokenGeneration,
    UserMigration,
}

impl Trigger {
    /// The key in `LambdaConfig`, with which the messages of exceptions begin (COGNITO.md 6.2).
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::PreSignUp => "PreSignUp",
            Self::PostConfirmation => "PostConfirmation",
            Self::PreAuthentication => "PreAuthentication",
            Self::PostAuthentication => "PostAuthentication",
            Self::CustomMessage => "CustomMessage",
            Self::DefineAuthChallenge => "DefineAuthChallenge",
            Self::CreateAuthChallenge => "CreateAuthChallenge",
            Self::VerifyAuthChallengeResponse => "VerifyAuthChallengeResponse",
            Self::PreTokenGeneration => "PreTokenGeneration",
            Self::UserMigration => "UserMigration",
        }
    }
}

/// The ARN of a function, `arn:aws:lambda:REGION:ACCOUNT:function:NAME`.
///
/// The function is found by its name alone: settings that were written for another account or
/// region work here as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct FunctionArn {
    arn: String,
    name: FunctionName,
}

impl TryFrom<String> for FunctionArn {
    type Error = InvalidFunction;

    fn try_from(arn: String) -> Result<Self, InvalidFunction> {
        if !arn.starts_with("arn:") {
            return Err(InvalidFunction::Name(arn));
        }
        let name = FunctionName::parse(&arn)?;
        Ok(Self { arn, name })
    }
}

impl From<FunctionArn> for String {
    fn from(function: FunctionArn) -> Self {
        function.arn
    }
}

/// `PreTokenGenerationLambdaVersionType`: what of the tokens a function sees and changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum TokenGenerationVersion {
    /// The id token's claims.
    #[serde(rename = "V1_0")]
    V1,
    /// Both tokens' claims, and scopes.
    #[serde(rename = "V2_0")]
    V2,
    /// As version 2, for machine identities too.
    #[serde(rename = "V3_0")]
    V3,
}

/// `PreTokenGenerationVersionConfigType`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TokenGenerationConfig {
    lambda_version: TokenGenerationVersion,
    lambda_arn: FunctionArn,
}

/// `CustomEmailSenderLambdaVersionType` and `CustomSMSSenderLambdaVersionType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum SenderVersion {
    #[serde(rename = "V1_0")]
    V1,
}

/// `CustomEmailLambdaVersionConfigType` and `CustomSMSLambdaVersionConfigType`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SenderConfig {
    lambda_version: SenderVersion,
    lambda_arn: FunctionArn,
}

macro_rules! lambda_config {
    ($($(#[$attribute:meta])* $field:ident: $type:ty,)*) => {
        /// `LambdaConfigType` of the service model.
        ///
        /// The last member names what nothing here implements; see
        /// [`unimplemented`](LambdaConfig::unimplemented).
        #[derive(Debug, Clone, Default, Serialize, Deserialize)]
        #[serde(rename_all = "PascalCase")]
        pub(crate) struct LambdaConfig {
            $(
                $(#[$attribute])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                $field: Option<$type>,
            )*
            #[serde(default, skip_serializing)]
            inbound_federation: Option<Unsupported>,
        }
    };
}

lambda_config! {
    pre_sign_up: FunctionArn,
    custom_message: FunctionArn,
    post_confirmation: FunctionArn,
    pre_authentication: FunctionArn,
    post_authentication: FunctionArn,
    define_auth_challenge: FunctionArn,
    create_auth_challenge: FunctionArn,
    verify_auth_challenge_response: FunctionArn,
    pre_token_generation: FunctionArn,
    user_migration: FunctionArn,
    pre_token_generation_config: TokenGenerationConfig,
    #[serde(rename = "CustomSMSSender")]
    custom_sms_sender: SenderConfig,
    custom_email_sender: SenderConfig,
    #[serde(rename = "KMSKeyID")]
    kms_key_id: String,
}

impl LambdaConfig {
    /// The function behind a trigger.
    pub(crate) fn function(&self, trigger: Trigger) -> Option<&FunctionName> {
        let versioned = self.pre_token_generation_config.as_ref();
        let arn = match trigger {
            Trigger::PreSignUp => self.pre_sign_up.as_ref(),
            Trigger::PostConfirmation => self.post_confirmation.as_ref(),
            Trigger::PreAuthentication => self.pre_authentication.as_ref(),
            Trigger::PostAuthentication => self.post_authentication.as_ref(),
            Trigger::CustomMessage => self.custom_message.as_ref(),
            Trigger::DefineAuthChallenge => self.define_auth_challenge.as_ref(),
            Trigger::CreateAuthChallenge => self.create_auth_challenge.as_ref(),
            Trigger::VerifyAuthChallengeResponse => self.verify_auth_challenge_response.as_ref(),
            Trigger::UserMigration => self.user_migration.as_ref(),
            // That the member with a version wins over the one without is a guess [U].
            Trigger::PreTokenGeneration => versioned
                .map(|config| &config.lambda_arn)
                .or(self.pre_token_generation.as_ref()),
        };
        arn.map(|arn| &arn.name)
    }

    /// The function that sends codes to this attribute's addresses in the place of Cognito.
    pub(crate) fn sender(&self, attribute: VerifiedAttribute) -> Option<&FunctionName> {
        let config = match attribute {
            VerifiedAttribute::Email => self.custom_email_sender.as_ref(),
            VerifiedAttribute::PhoneNumber => self.custom_sms_sender.as_ref(),
        };
        config.map(|config| &config.lambda_arn.name)
    }

    /// The key under which codes for senders are encrypted, by ARN.
    pub(crate) fn kms_key_id(&self) -> Option<&str> {
        self.kms_key_id.as_deref()
    }

    /// The version of the `PreTokenGeneration` event; the first unless the pool says otherwise.
    pub(crate) fn token_generation_version(&self) -> TokenGenerationVersion {
        let config = self.pre_token_generation_config.as_ref();
        config.map_or(TokenGenerationVersion::V1, |config| config.lambda_version)
    }

    /// The first trigger that is named and not implemented.
    pub(crate) fn unimplemented(&self) -> Option<&'static str> {
        self.inbound_federation.map(|_| "InboundFederation")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_found_by_the_name_in_its_arn() {
        let arn = "arn:aws:lambda:eu-west-1:111122223333:function:welcome:live";
        let json = format!(
            r#"{{"PreSignUp":"{arn}","PostConfirmation":null,
                "PreTokenGenerationConfig":{{"LambdaVersion":"V2_0","LambdaArn":"{arn}"}}}}"#
        );
        let config: LambdaConfig = serde_json::from_str(&json).unwrap();
        let name = |trigger| config.function(trigger).map(FunctionName::as_str);
        assert_eq!(name(Trigger::PreSignUp), Some("welcome"));
        assert_eq!(name(Trigger::PreTokenGeneration), Some("welcome"));
        assert_eq!(name(Trigger::PostConfirmation), None);
        let version = config.token_generation_version();
        assert_eq!(version, TokenGenerationVersion::V2);
        let described = serde_json::to_string(&config).unwrap();
        assert!(described.starts_with(&format!(r#"{{"PreSignUp":"{arn}","#)));
    }

    #[test]
    fn what_is_no_function_arn_is_refused() {
        for text in ["welcome", "arn:aws:sns:eu-west-1:111122223333:topic"] {
            let json = format!(r#"{{"PreSignUp":"{text}"}}"#);
            let error = serde_json::from_str::<LambdaConfig>(&json).unwrap_err();
            assert!(error.to_string().contains(text), "{error}");
        }
    }
}

//! A user pool's settings, as they are asked for, kept and described.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::Exception;
use super::password::PasswordPolicy;
use super::pool_members::{
    AccountRecoverySetting, AdminCreateUserConfig, AliasAttribute, DefaultEmailOption,
    DeletionProtection, EmailConfiguration, EmailSendingAccount, MfaConfiguration, Policies,
    SignInPolicy, SmsConfiguration, Unsupported, UserAttributeUpdateSettings, UserPoolAddOns,
    UsernameConfiguration, VerificationMessageTemplate, VerifiedAttribute,
};
use super::schema::SchemaAttribute;
use super::triggers::LambdaConfig;
use super::wire::null_as_default;

/// What `CreateUserPool` takes, and most of what `DescribeUserPool` shows.
///
/// The members after `user_pool_tier` name parts of AWS that nothing here implements: a pool that
/// asks for one is refused rather than made to look as if it worked.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PoolSettings {
    #[serde(rename(serialize = "Name"))]
    pub(crate) pool_name: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub(crate) policies: Policies,
    #[serde(default, deserialize_with = "null_as_default")]
    pub(crate) deletion_protection: DeletionProtection,
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub(crate) auto_verified_attributes: Vec<VerifiedAttribute>,
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub(crate) alias_attributes: Vec<AliasAttribute>,
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub(crate) username_attributes: Vec<VerifiedAttribute>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sms_verification_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email_verification_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email_verification_subject: Option<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub(crate) verification_message_template: VerificationMessageTemplate,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sms_authentication_message: Option<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub(crate) mfa_configuration: MfaConfiguration,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_attribute_update_settings: Option<UserAttributeUpdateSettings>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub(crate) email_configuration: EmailConfiguration,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sms_configuration: Option<SmsConfiguration>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub(crate) user_pool_tags: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub(crate) admin_create_user_config: AdminCreateUserConfig,
    #[serde(default, deserialize_with = "null_as_default", skip_serializing)]
    pub(crate) schema: Vec<SchemaAttribute>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub(crate) username_configuration: UsernameConfiguration,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account_recovery_setting: Option<AccountRecoverySetting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_pool_tier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_pool_add_ons: Option<UserPoolAddOns>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub(crate) lambda_config: LambdaConfig,
    #[serde(skip_serializing)]
    pub(crate) device_configuration: Option<Unsupported>,
    #[serde(skip_serializing)]
    pub(crate) dcr_configuration: Option<Unsupported>,
    #[serde(skip_serializing)]
    pub(crate) key_configuration: Option<Unsupported>,
    #[serde(skip_serializing)]
    pub(crate) issuer_configuration: Option<Unsupported>,
    #[serde(skip_serializing)]
    pub(crate) acr_configuration: Option<Unsupported>,
}

impl PoolSettings {
    /// The settings as the service keeps them: defaults filled in, legacy members and the message
    /// template mirrored into each other (COGNITO.md 5.1 \[U\]).
    ///
    /// # Errors
    /// The explicit refusal of what is not implemented; `InvalidParameterException` for settings
    /// that exclude each other.
    pub(crate) fn completed(mut self) -> Result<Self, Exception> {
        if let Some(setting) = self.unimplemented() {
            return Err(Exception::not_implemented(setting));
        }
        if !self.alias_attributes.is_empty() && !self.username_attributes.is_empty() {
            return Err(Exception::invalid_parameter(
                "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.",
            ));
        }
        self.policies.password_policy.get_or_insert_default();
        let template = &mut self.verification_message_template;
        template
            .default_email_option
            .get_or_insert(DefaultEmailOption::ConfirmWithCode);
        mirror(
            &mut self.email_verification_message,
            &mut template.email_message,
        );
        mirror(
            &mut self.email_verification_subject,
            &mut template.email_subject,
        );
        mirror(
            &mut self.sms_verification_message,
            &mut template.sms_message,
        );
        let sending = &mut self.email_configuration.email_sending_account;
        sending.get_or_insert(EmailSendingAccount::CognitoDefault);
        self.admin_create_user_config
            .allow_admin_create_user_only
            .get_or_insert(false);
        self.admin_create_user_config
            .unused_account_validity_days
            .get_or_insert(7);
        // Absent means sensitive for a pool made through the API (COGNITO.md 2.3 [M]).
        self.username_configuration
            .case_sensitive
            .get_or_insert(true);
        self.user_pool_tier
            .get_or_insert_with(|| "ESSENTIALS".to_owned());
        Ok(self)
    }

    /// The password policy, the default one if none was asked for.
    pub(crate) fn password_policy(&self) -> PasswordPolicy {
        self.policies.password_policy.clone().unwrap_or_default()
    }

    /// Whether codes for this attribute are sent by themselves.
    pub(crate) fn auto_verifies(&self, attribute: VerifiedAttribute) -> bool {
        self.auto_verified_attributes.contains(&attribute)
    }

    /// The first setting whose behaviour this emulator lacks.
    fn unimplemented(&self) -> Option<String> {
        if let Some(trigger) = self.lambda_config.unimplemented() {
            return Some(format!("The trigger LambdaConfig.{trigger}"));
        }
        let template = &self.verification_message_template;
        let policies = &self.policies;
        let password_first = |policy: &SignInPolicy| {
            let factors = policy.allowed_first_auth_factors.iter().flatten();
            factors.into_iter().all(|factor| factor == "PASSWORD")
        };
        let lacking = [
            (
                self.auto_verifies(VerifiedAttribute::PhoneNumber),
                "Verification of phone_number by SMS",
            ),
            (
                template.default_email_option == Some(DefaultEmailOption::ConfirmWithLink),
                "DefaultEmailOption CONFIRM_WITH_LINK",
            ),
            (
                self.mfa_configuration == MfaConfiguration::On,
                "MfaConfiguration ON",
            ),
            (
                !policies.sign_in_policy.as_ref().is_none_or(password_first),
                "A first factor other than PASSWORD",
            ),
            (
                self.password_policy()
                    .password_history_size
                    .is_some_and(|size| size > 0),
                "PasswordHistorySize",
            ),
            (
                self.user_pool_add_ons
                    .as_ref()
                    .and_then(|add_ons| add_ons.advanced_security_mode.as_ref())
                    .is_some_and(|mode| mode != "OFF"),
                "AdvancedSecurityMode",
            ),
            (self.device_configuration.is_some(), "DeviceConfiguration"),
            (self.dcr_configuration.is_some(), "DcrConfiguration"),
            (self.key_configuration.is_some(), "KeyConfiguration"),
            (self.issuer_configuration.is_some(), "IssuerConfiguration"),
            (self.acr_configuration.is_some(), "AcrConfiguration"),
        ];
        let first = lacking.iter().find(|(asked, _)| *asked);
        first.map(|(_, setting)| format!("The setting {setting}").replace("The setting A ", "A "))
    }
}

fn mirror(legacy: &mut Option<String>, template: &mut Option<String>) {
    if template.is_none() {
        template.clone_from(legacy);
    }
    legacy.clone_from(template);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(json: &str) -> Result<PoolSettings, Exception> {
        serde_json::from_str::<PoolSettings>(json)
            .unwrap()
            .completed()
    }

    #[test]
    fn mirrors_the_legacy_members() {
        let json = r#"{"PoolName":"p","EmailVerificationSubject":"Hi","Policies":null}"#;
        let settings = completed(json).unwrap();
        let subject = settings.verification_message_template.email_subject;
        assert_eq!(subject.as_deref(), Some("Hi"));
        assert_eq!(settings.username_configuration.case_sensitive, Some(true));
    }

    #[test]
    fn refuses_what_it_would_have_to_ignore() {
        let cases = [
            r#"{"PoolName":"p","LambdaConfig":{"CustomEmailSender":{"LambdaVersion":"V1_0"}}}"#,
            r#"{"PoolName":"p","AutoVerifiedAttributes":["phone_number"]}"#,
            r#"{"PoolName":"p","MfaConfiguration":"ON"}"#,
            r#"{"PoolName":"p","DeviceConfiguration":{}}"#,
            r#"{"PoolName":"p","Policies":{"SignInPolicy":{"AllowedFirstAuthFactors":["EMAIL_OTP"]}}}"#,
            r#"{"PoolName":"p","VerificationMessageTemplate":{"DefaultEmailOption":"CONFIRM_WITH_LINK"}}"#,
        ];
        for json in cases {
            let error = completed(json).unwrap_err();
            assert_eq!(error.name(), "NotImplementedException", "{json}");
        }
        assert!(completed(r#"{"PoolName":"p","LambdaConfig":{"CustomSMSSender":null}}"#).is_ok());
    }
}

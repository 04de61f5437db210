//! A user pool's settings, as they are asked for, kept and described.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::Exception;
use super::password::PasswordPolicy;
use super::pool_members::{
    AccountRecoverySetting, AdminCreateUserConfig, AliasAttribute, DefaultEmailOption,
    DeletionProtection, EmailConfiguration, EmailMfaConfiguration, EmailSendingAccount,
    FirstFactor, MfaConfiguration, Policies, SignInPolicy, SmsConfiguration,
    SoftwareTokenMfaConfiguration, Unsupported, UserAttributeUpdateSettings, UserPoolAddOns,
    UsernameConfiguration, VerificationMessageTemplate, VerifiedAttribute,
};
use super::schema::SchemaAttribute;
use super::templates;
use super::triggers::LambdaConfig;
use super::wire::null_as_default;

/// Days for which a temporary password is good, if a pool does not say (COGNITO.md 1.5 \[M\]).
const TEMPORARY_PASSWORD_DAYS: u16 = 7;

/// What `CreateUserPool` takes, and most of what `DescribeUserPool` shows.
///
/// The members after `user_pool_tier` name parts of AWS that nothing here implements: a pool that
/// asks for one is refused rather than made to look as if it worked.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PoolSettings {
    #[serde(rename(serialize = "Name"), default)]
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
    /// Set by `SetUserPoolMfaConfig`, not by `CreateUserPool`; what starts with the emulator may
    /// have it too, as the next.
    #[serde(skip_serializing)]
    pub(crate) software_token_mfa_configuration: Option<SoftwareTokenMfaConfiguration>,
    #[serde(skip_serializing)]
    pub(crate) email_mfa_configuration: Option<EmailMfaConfiguration>,
    /// Whether `SetUserPoolMfaConfig` chose other factors than SMS, whose configuration stays for
    /// verification.
    #[serde(skip)]
    pub(crate) sms_mfa_withdrawn: bool,
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
        let policy = self.policies.password_policy.get_or_insert_default();
        if policy.temporary_password_validity_days == 0 {
            policy.temporary_password_validity_days = TEMPORARY_PASSWORD_DAYS;
        }
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
        templates::check(&self)?;
        let sending = &mut self.email_configuration.email_sending_account;
        sending.get_or_insert(EmailSendingAccount::CognitoDefault);
        self.admin_create_user_config
            .allow_admin_create_user_only
            .get_or_insert(false);
        self.admin_create_user_config
            .unused_account_validity_days
            .get_or_insert(TEMPORARY_PASSWORD_DAYS);
        // Absent means sensitive for a pool made through the API (COGNITO.md 2.3 [M]).
        self.username_configuration
            .case_sensitive
            .get_or_insert(true);
        self.user_pool_tier
            .get_or_insert_with(|| "ESSENTIALS".to_owned());
        Ok(self)
    }

    /// These settings in the place of a pool's older ones: what is fixed at a pool's creation
    /// stays, and so does a name that is not given.
    ///
    /// # Errors
    /// As [`PoolSettings::completed`].
    pub(crate) fn replacing(mut self, older: &Self) -> Result<Self, Exception> {
        if self.pool_name.is_empty() {
            self.pool_name.clone_from(&older.pool_name);
        }
        self.alias_attributes.clone_from(&older.alias_attributes);
        self.username_attributes
            .clone_from(&older.username_attributes);
        self.username_configuration
            .clone_from(&older.username_configuration);
        self.software_token_mfa_configuration
            .clone_from(&older.software_token_mfa_configuration);
        self.email_mfa_configuration
            .clone_from(&older.email_mfa_configuration);
        self.sms_mfa_withdrawn = older.sms_mfa_withdrawn;
        self.schema.clear();
        self.completed()
    }

    /// Whether a user can have codes by SMS as the second factor.
    pub(crate) fn offers_sms_mfa(&self) -> bool {
        self.sms_configuration.is_some() && !self.sms_mfa_withdrawn
    }

    /// Whether a user can have an authenticator app as the second factor.
    pub(crate) fn offers_software_token_mfa(&self) -> bool {
        let token = self.software_token_mfa_configuration.as_ref();
        token.is_some_and(|token| token.enabled == Some(true))
    }

    /// Whether a user can have any second factor.
    pub(crate) fn offers_mfa(&self) -> bool {
        self.offers_sms_mfa()
            || self.offers_software_token_mfa()
            || self.email_mfa_configuration.is_some()
    }

    /// The password policy, the default one if none was asked for.
    pub(crate) fn password_policy(&self) -> PasswordPolicy {
        self.policies.password_policy.clone().unwrap_or_default()
    }

    /// The factors with which a sign-in may begin; the password alone unless more are asked for.
    pub(crate) fn first_factors(&self) -> &[FirstFactor] {
        let policy = self.policies.sign_in_policy.as_ref();
        let factors = policy.and_then(|policy| policy.allowed_first_auth_factors.as_deref());
        factors.unwrap_or(&[FirstFactor::Password])
    }

    /// Whether codes for this attribute are sent by themselves.
    pub(crate) fn auto_verifies(&self, attribute: VerifiedAttribute) -> bool {
        self.auto_verified_attributes.contains(&attribute)
    }

    /// Whether a new address counts only once it is proved (COGNITO.md 3.5 \[D\]).
    pub(crate) fn requires_verification(&self, attribute: VerifiedAttribute) -> bool {
        let settings = self.user_attribute_update_settings.as_ref();
        let listed = settings.and_then(|settings| {
            settings
                .attributes_require_verification_before_update
                .as_ref()
        });
        listed.is_some_and(|attributes| attributes.contains(&attribute))
    }

    /// The first setting whose behaviour this emulator lacks.
    fn unimplemented(&self) -> Option<String> {
        if let Some(trigger) = self.lambda_config.unimplemented() {
            return Some(format!("The trigger LambdaConfig.{trigger}"));
        }
        let policies = &self.policies;
        let passkeys = |policy: &SignInPolicy| {
            let mut factors = policy.allowed_first_auth_factors.iter().flatten();
            factors.any(|factor| *factor == FirstFactor::WebAuthn)
        };
        let add_ons = self.user_pool_add_ons.as_ref();
        let lacking = [
            (
                policies.sign_in_policy.as_ref().is_some_and(passkeys),
                "AllowedFirstAuthFactors WEB_AUTHN",
            ),
            (
                add_ons
                    .and_then(|add_ons| add_ons.advanced_security_mode.as_ref())
                    .is_some_and(|mode| mode != "OFF"),
                "AdvancedSecurityMode",
            ),
            (
                add_ons.is_some_and(|add_ons| add_ons.advanced_security_additional_flows.is_some()),
                "AdvancedSecurityAdditionalFlows",
            ),
            (
                self.sms_configuration
                    .as_ref()
                    .is_some_and(|sms| sms.eums_sms.is_some()),
                "EumsSms",
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
            r#"{"PoolName":"p","LambdaConfig":{"InboundFederation":{"LambdaVersion":"V1_0"}}}"#,
            r#"{"PoolName":"p","DeviceConfiguration":{}}"#,
            r#"{"PoolName":"p","Policies":{"SignInPolicy":{"AllowedFirstAuthFactors":["WEB_AUTHN"]}}}"#,
            r#"{"PoolName":"p","SmsConfiguration":{"EumsSms":{"CallerArn":"a"}}}"#,
            r#"{"PoolName":"p","UserPoolAddOns":{"AdvancedSecurityMode":"AUDIT"}}"#,
        ];
        for json in cases {
            let error = completed(json).unwrap_err();
            assert_eq!(error.name(), "NotImplementedException", "{json}");
        }
        assert!(completed(r#"{"PoolName":"p","LambdaConfig":{"InboundFederation":null}}"#).is_ok());
    }
}

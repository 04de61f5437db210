//! The settings of a pool that can be changed, as scenarios think of them.

use std::collections::BTreeMap;

use aws_sdk_cognitoidentityprovider::types::{
    AccountRecoverySettingType, AdminCreateUserConfigType, CustomEmailLambdaVersionConfigType,
    CustomEmailSenderLambdaVersionType, DefaultEmailOptionType, EmailConfigurationType,
    EmailSendingAccountType, LambdaConfigType, MessageTemplateType, PasswordPolicyType,
    RecoveryOptionNameType, RecoveryOptionType, UserAttributeUpdateSettingsType,
    UserPoolPolicyType, VerificationMessageTemplateType, VerifiedAttributeType,
};

/// Cognito's own default; the generated passwords of scenarios are longer.
const PASSWORD_CHARS_MIN: i32 = 8;
/// How long a temporary password lasts unless the pool says otherwise (API: PasswordPolicyType).
const TEMPORARY_PASSWORD_DAYS: i32 = 7;
/// A pool's recovery mechanism of the first choice; there is but one here.
const FIRST_PRIORITY: i32 = 1;

/// What `UpdateUserPool` is sent as a whole: a member left out there would be reset.
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent settings, not states"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolDesign {
    /// Whether sign-up verifies addresses with a code or link by mail.
    pub verifies_email: bool,
    /// Whether sign-up verifies phone numbers; with both, the code goes there alone.
    pub verifies_phone: bool,
    /// Whether mails carry a link instead of a code.
    pub confirms_by_link: bool,
    /// The subject of verification mails.
    pub subject: Option<String>,
    /// The text of verification mails, with `{####}` in it.
    pub body: Option<String>,
    /// Whether administrators alone create users.
    pub admin_creates_users_only: bool,
    /// The text of invitations.
    pub invitation: Option<String>,
    /// The account's own SES as the sender, in place of Cognito's.
    pub own_ses: Option<OwnSes>,
    /// The identity, an ARN, from whose address Cognito's own sender mails.
    pub default_sender: Option<String>,
    /// Where answers to its mails go.
    pub reply_to: Option<String>,
    /// The key, an ARN, under which codes for a custom sender are encrypted.
    pub kms_key: Option<String>,
    /// Whether a new address counts only once its code was confirmed.
    pub keeps_address_until_verified: bool,
    /// What passwords must be.
    pub passwords: PasswordRules,
    /// Whether administrators alone reset passwords.
    pub recovery_by_administrators: bool,
    /// Functions by the trigger's name in `LambdaConfig`: ARNs.
    pub triggers: BTreeMap<Trigger, String>,
}

/// `PasswordPolicy` of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each kind of character is demanded or not, whatever the others are"
)]
pub struct PasswordRules {
    /// The fewest characters, 6 to 99.
    pub chars_min: i32,
    /// Whether there must be a small letter.
    pub lowercase: bool,
    /// Whether there must be a capital letter.
    pub uppercase: bool,
    /// Whether there must be a digit.
    pub digits: bool,
    /// Whether there must be a symbol.
    pub symbols: bool,
    /// How many days a temporary password lasts.
    pub temporary_days: i32,
}

impl Default for PasswordRules {
    /// Eight characters of all four kinds; temporary ones last a week.
    fn default() -> Self {
        Self {
            chars_min: PASSWORD_CHARS_MIN,
            lowercase: true,
            uppercase: true,
            digits: true,
            symbols: true,
            temporary_days: TEMPORARY_PASSWORD_DAYS,
        }
    }
}

/// `EmailConfiguration` of a pool that mails by the account's own SES.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSes {
    /// The ARN of the sender's identity.
    pub source_arn: String,
    /// The `From` header.
    pub from: Option<String>,
    /// The configuration set.
    pub configuration_set: Option<String>,
}

/// A moment at which Cognito calls a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Trigger {
    /// Before a user comes into being.
    PreSignUp,
    /// After a user was confirmed.
    PostConfirmation,
    /// Before a password is looked at.
    PreAuthentication,
    /// After a user has signed in.
    PostAuthentication,
    /// Before a message is sent.
    CustomMessage,
    /// In place of sending a mail; its codes are encrypted under [`PoolDesign::kms_key`].
    CustomEmailSender,
}

impl Trigger {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::PreSignUp,
        Self::PostConfirmation,
        Self::PreAuthentication,
        Self::PostAuthentication,
        Self::CustomMessage,
        Self::CustomEmailSender,
    ];

    /// Its member of `LambdaConfig`.
    pub fn name(self) -> &'static str {
        match self {
            Self::PreSignUp => "PreSignUp",
            Self::PostConfirmation => "PostConfirmation",
            Self::PreAuthentication => "PreAuthentication",
            Self::PostAuthentication => "PostAuthentication",
            Self::CustomMessage => "CustomMessage",
            Self::CustomEmailSender => "CustomEmailSender",
        }
    }
}

impl Default for PoolDesign {
    /// A code by mail from Cognito's own sender.
    fn default() -> Self {
        Self {
            verifies_email: true,
            verifies_phone: false,
            confirms_by_link: false,
            subject: None,
            body: None,
            admin_creates_users_only: false,
            invitation: None,
            own_ses: None,
            default_sender: None,
            reply_to: None,
            kms_key: None,
            keeps_address_until_verified: false,
            passwords: PasswordRules::default(),
            recovery_by_administrators: false,
            triggers: BTreeMap::new(),
        }
    }
}

impl PoolDesign {
    pub(super) fn auto_verified(&self) -> Vec<VerifiedAttributeType> {
        let attributes = [
            (self.verifies_email, VerifiedAttributeType::Email),
            (self.verifies_phone, VerifiedAttributeType::PhoneNumber),
        ];
        let verified = attributes.into_iter().filter(|(verified, _)| *verified);
        verified.map(|(_, attribute)| attribute).collect()
    }

    pub(super) fn message_template(&self) -> VerificationMessageTemplateType {
        let template = VerificationMessageTemplateType::builder();
        let template = if self.confirms_by_link {
            template
                .default_email_option(DefaultEmailOptionType::ConfirmWithLink)
                .set_email_subject_by_link(self.subject.clone())
                .set_email_message_by_link(self.body.clone())
        } else {
            template
                .default_email_option(DefaultEmailOptionType::ConfirmWithCode)
                .set_email_subject(self.subject.clone())
                .set_email_message(self.body.clone())
        };
        template.build()
    }

    pub(super) fn admin_create_user(&self) -> AdminCreateUserConfigType {
        let invitation = self.invitation.as_ref();
        let template = invitation.map(|text| {
            let template = MessageTemplateType::builder();
            template.email_message(text).build()
        });
        AdminCreateUserConfigType::builder()
            .allow_admin_create_user_only(self.admin_creates_users_only)
            .set_invite_message_template(template)
            .build()
    }

    pub(super) fn email_configuration(&self) -> Option<EmailConfigurationType> {
        let configuration =
            EmailConfigurationType::builder().set_reply_to_email_address(self.reply_to.clone());
        let configuration = match (&self.own_ses, &self.default_sender) {
            (Some(own), _) => configuration
                .email_sending_account(EmailSendingAccountType::Developer)
                .source_arn(&own.source_arn)
                .set_from(own.from.clone())
                .set_configuration_set(own.configuration_set.clone()),
            (None, Some(arn)) => configuration
                .email_sending_account(EmailSendingAccountType::CognitoDefault)
                .source_arn(arn),
            (None, None) if self.reply_to.is_none() => return None,
            (None, None) => configuration,
        };
        Some(configuration.build())
    }

    pub(super) fn policies(&self) -> UserPoolPolicyType {
        let rules = self.passwords;
        let policy = PasswordPolicyType::builder()
            .minimum_length(rules.chars_min)
            .temporary_password_validity_days(rules.temporary_days)
            .require_lowercase(rules.lowercase)
            .require_uppercase(rules.uppercase)
            .require_numbers(rules.digits)
            .require_symbols(rules.symbols);
        UserPoolPolicyType::builder()
            .password_policy(policy.build())
            .build()
    }

    pub(super) fn account_recovery(&self) -> Option<AccountRecoverySettingType> {
        let alone = RecoveryOptionType::builder()
            .priority(FIRST_PRIORITY)
            .name(RecoveryOptionNameType::AdminOnly)
            .build();
        let alone = self.recovery_by_administrators.then_some(alone)?.ok()?;
        let setting = AccountRecoverySettingType::builder().recovery_mechanisms(alone);
        Some(setting.build())
    }

    pub(super) fn attribute_updates(&self) -> Option<UserAttributeUpdateSettingsType> {
        self.keeps_address_until_verified.then(|| {
            UserAttributeUpdateSettingsType::builder()
                .attributes_require_verification_before_update(VerifiedAttributeType::Email)
                .build()
        })
    }

    pub(super) fn lambda_config(&self) -> Option<LambdaConfigType> {
        if self.triggers.is_empty() {
            return None;
        }
        let function = |trigger| self.triggers.get(&trigger).cloned();
        let sender = function(Trigger::CustomEmailSender).and_then(|arn| {
            let sender = CustomEmailLambdaVersionConfigType::builder()
                .lambda_version(CustomEmailSenderLambdaVersionType::V10)
                .lambda_arn(arn);
            sender.build().ok()
        });
        let config = LambdaConfigType::builder()
            .set_kms_key_id(self.kms_key.clone())
            .set_custom_email_sender(sender)
            .set_pre_sign_up(function(Trigger::PreSignUp))
            .set_post_confirmation(function(Trigger::PostConfirmation))
            .set_pre_authentication(function(Trigger::PreAuthentication))
            .set_post_authentication(function(Trigger::PostAuthentication))
            .set_custom_message(function(Trigger::CustomMessage));
        Some(config.build())
    }
}

//! Sends mails and text messages, and says where they went (COGNITO.md 5).

use super::custom_senders;
use super::email_sending;
use super::error::Exception;
use super::log_delivery;
use super::pool_members::VerifiedAttribute;
use super::pools::UserPool;
use super::service::Cognito;
use super::templates::{self, EmailTemplate, Fillings, Occasion};
use super::triggers::{self, MessageSource, Placeholders};
use super::users::{User, UserKey};
use super::wire::CodeDeliveryDetails;
use crate::emulator::delivery;
use crate::emulator::mailer::Mail;
use crate::model::{AppClientId, Secret};

/// `ClientMetadata`: what a caller hands on to the triggers, and nothing else sees.
pub(crate) type ClientMetadata = Option<triggers::Metadata>;

/// On whose behalf a message goes out.
#[derive(Debug, Default)]
pub(crate) struct Caller {
    /// The app client; none for an administrator.
    pub(crate) client: Option<AppClientId>,
    pub(crate) metadata: ClientMetadata,
}

impl Caller {
    /// A user of this client.
    pub(crate) fn of(client: &AppClientId, metadata: ClientMetadata) -> Self {
        Self {
            client: Some(client.clone()),
            metadata,
        }
    }
}

/// A secret that has to reach a user's address.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) occasion: Occasion,
    pub(crate) user: UserKey,
    /// The user's name as the pool stores it, or as an invitation says it.
    pub(crate) username: Box<str>,
    /// A code, or a temporary password.
    pub(crate) code: Secret<String>,
    /// The attribute whose address it is: it decides between mail and text message.
    pub(crate) attribute: VerifiedAttribute,
    pub(crate) address: Box<str>,
}

impl Delivery {
    /// A delivery to this user's own address, which is empty if there is none.
    pub(crate) fn new(
        (key, user): (UserKey, &User),
        attribute: VerifiedAttribute,
        occasion: Occasion,
        code: String,
    ) -> Self {
        let address = user.attribute(attribute.name());
        Self {
            occasion,
            user: key,
            username: user.username.clone(),
            code: Secret::new(code),
            attribute,
            address: address.unwrap_or_default().into(),
        }
    }

    /// Where the message goes, as the caller is told.
    pub(crate) fn details(&self) -> CodeDeliveryDetails {
        CodeDeliveryDetails::of(self.attribute, &self.address)
    }
}

/// Sends a code or a temporary password, and says where it went.
///
/// The mail is handed over before the caller gets its answer: mails leave in the order of the
/// requests, and a refusal is seen.
///
/// # Errors
/// `InvalidParameterException` for a link without a domain; as [`delivery::deliver`]; what the caller did before stays done (COGNITO.md 2.7).
pub(crate) async fn send(
    cognito: &Cognito,
    pool: &UserPool,
    caller: &Caller,
    delivery: Delivery,
) -> Result<CodeDeliveryDetails, Exception> {
    let details = delivery.details();
    note_code(cognito, pool, &delivery);
    if let Some(function) = pool.settings.lambda_config.sender(delivery.attribute) {
        let sent = custom_senders::send(cognito, pool, caller, (&delivery, function));
        if let Err(failure) = sent {
            log_delivery::not_delivered(cognito, pool, &failure.to_string());
        }
        return Ok(details);
    }
    check_domain(pool, &delivery)?;
    let words = Words {
        email: templates::email(&pool.settings, delivery.occasion),
        sms: templates::sms(&pool.settings, delivery.occasion),
    };
    let words = custom_message(cognito, pool, caller, &delivery, words).await?;
    match delivery.attribute {
        VerifiedAttribute::Email => {
            let sent = email(cognito, pool, caller, &delivery, &words.email).await;
            sent.inspect_err(|failure| log_delivery::notify(cognito, pool, failure))?;
        }
        VerifiedAttribute::PhoneNumber => text_message(cognito, &delivery, &words.sms),
    }
    Ok(details)
}

/// Keeps a mail's code for the control interface, which shows it whatever the words around it are. A
/// password is none, and the code of a link is not shown.
fn note_code(cognito: &Cognito, pool: &UserPool, delivery: &Delivery) {
    let by_mail = delivery.attribute == VerifiedAttribute::Email;
    let has_link = templates::has_link(&pool.settings, delivery.occasion);
    if by_mail && delivery.occasion != Occasion::AdminCreateUser && !has_link {
        cognito.sent_codes.note(&delivery.address, &delivery.code);
    }
}

/// Refuses a link that would lead nowhere: AWS makes links with the pool's domain (COGNITO.md 5.3
/// \[D\]; the text, "use" and all, is reported in aws-amplify/amplify-js#964, where the user was left
/// behind unconfirmed).
fn check_domain(pool: &UserPool, delivery: &Delivery) -> Result<(), Exception> {
    let by_mail = delivery.attribute == VerifiedAttribute::Email;
    let has_domain = pool.domain.is_some() || pool.custom_domain.is_some();
    if by_mail && templates::has_link(&pool.settings, delivery.occasion) && !has_domain {
        return Err(Exception::invalid_parameter(
            "Cannot perform specific action because there does not exist a valid use pool domain \
             associated with the user pool",
        ));
    }
    Ok(())
}

/// The operations that mail on this occasion.
fn operations(occasion: Occasion) -> &'static [&'static str] {
    match occasion {
        Occasion::SignUp => &["SignUp"],
        Occasion::ResendCode => &["ResendConfirmationCode"],
        Occasion::ForgotPassword => &["ForgotPassword", "AdminResetUserPassword"],
        Occasion::UpdateUserAttribute => &["UpdateUserAttributes", "AdminUpdateUserAttributes"],
        Occasion::VerifyUserAttribute => &["GetUserAttributeVerificationCode"],
        Occasion::AdminCreateUser => &["AdminCreateUser"],
        Occasion::Authentication => &[
            "InitiateAuth",
            "AdminInitiateAuth",
            "RespondToAuthChallenge",
            "AdminRespondToAuthChallenge",
        ],
    }
}

/// Hands the mail over, if there is one to send.
async fn email(
    cognito: &Cognito,
    pool: &UserPool,
    caller: &Caller,
    delivery: &Delivery,
    words: &EmailTemplate,
) -> Result<(), Exception> {
    let Some(mail) = mail(cognito, pool, caller, delivery, words)? else {
        return Ok(());
    };
    let subject = delivery::Subject {
        operations: operations(delivery.occasion),
        username: &delivery.username,
    };
    delivery::deliver(cognito, pool, mail, subject).await
}

/// The templates of one message.
struct Words {
    email: EmailTemplate,
    sms: String,
}

/// The words of the pool's function where it has one for messages, and the pool's own otherwise
/// (COGNITO.md 6.3 and 6.5).
async fn custom_message(
    cognito: &Cognito,
    pool: &UserPool,
    caller: &Caller,
    delivery: &Delivery,
    words: Words,
) -> Result<Words, Exception> {
    let occasion = triggers::Occasion {
        pool,
        client: caller.client.as_ref(),
    };
    let source = MessageSource::from(delivery.occasion);
    let by_mail = delivery.attribute == VerifiedAttribute::Email;
    let placeholders = if delivery.occasion == Occasion::AdminCreateUser {
        Placeholders::Invitation
    } else if by_mail && templates::has_link(&pool.settings, delivery.occasion) {
        Placeholders::Link
    } else {
        Placeholders::Code
    };
    let metadata = caller.metadata.as_ref();
    let custom = cognito
        .triggers
        .custom_message(&occasion, source, placeholders, delivery.user, metadata)
        .await?;
    Ok(Words {
        email: EmailTemplate {
            subject: custom.email_subject.unwrap_or(words.email.subject),
            body: custom.email_message.unwrap_or(words.email.body),
        },
        sms: custom.sms_message.unwrap_or(words.sms),
    })
}

impl From<Occasion> for MessageSource {
    fn from(occasion: Occasion) -> Self {
        match occasion {
            Occasion::SignUp => Self::SignUp,
            Occasion::ResendCode => Self::ResendCode,
            Occasion::ForgotPassword => Self::ForgotPassword,
            Occasion::UpdateUserAttribute => Self::UpdateUserAttribute,
            Occasion::VerifyUserAttribute => Self::VerifyUserAttribute,
            Occasion::AdminCreateUser => Self::AdminCreateUser,
            Occasion::Authentication => Self::Authentication,
        }
    }
}

/// The mail; none if it is an invitation that would not say the password (COGNITO.md 3.7 \[M\]).
fn mail(
    cognito: &Cognito,
    pool: &UserPool,
    caller: &Caller,
    delivery: &Delivery,
    words: &EmailTemplate,
) -> Result<Option<Mail>, Exception> {
    if delivery.occasion == Occasion::AdminCreateUser && !templates::says_code(&words.body) {
        return Ok(None);
    }
    let settings = &pool.settings;
    let link = caller
        .client
        .as_ref()
        .filter(|_| templates::has_link(settings, delivery.occasion))
        .map(|client| confirm_link(cognito, client, delivery));
    let fillings = Fillings {
        link: link.as_deref(),
        ..fillings(delivery)
    };
    Ok(Some(Mail {
        from: email_sending::sender(&settings.email_configuration)?,
        reply_to: settings.email_configuration.reply_to_email_address.clone(),
        to: delivery.address.to_string(),
        subject: templates::fill_text(&words.subject, fillings),
        html: templates::fill_html(&words.body, fillings),
        date: cognito.now(),
        message_id: format!("<{}@email.amazonses.com>", cognito.random.uuid()),
        is_spam: false,
        bounces: false,
    }))
}

/// Keeps the text message where the control interface finds it.
fn text_message(cognito: &Cognito, delivery: &Delivery, template: &str) {
    let invitation = delivery.occasion == Occasion::AdminCreateUser;
    if invitation && !templates::says_code(template) {
        return;
    }
    let text = templates::fill_text(template, fillings(delivery));
    let code = (!invitation).then(|| delivery.code.expose().clone());
    let to = delivery.address.to_string();
    cognito.sms.send(to, text, code, cognito.now());
}

fn fillings(delivery: &Delivery) -> Fillings<'_> {
    let invitation = delivery.occasion == Occasion::AdminCreateUser;
    Fillings {
        code: delivery.code.expose(),
        username: invitation.then_some(&*delivery.username),
        link: None,
    }
}

/// The link that confirms a user: AWS's path and query, at this emulator (COGNITO.md 5.3 \[D\]).
///
/// The pool's domain does not resolve on this machine, and the link does not need it: a client belongs
/// to one pool. A program that resolves the domain to this emulator gets the same answer.
fn confirm_link(cognito: &Cognito, client: &AppClientId, delivery: &Delivery) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", client.as_str())
        .append_pair("user_name", &delivery.username)
        .append_pair("confirmation_code", delivery.code.expose())
        .finish();
    format!("{}/confirmUser/?{query}", cognito.endpoint)
}

//! Which mail goes out, in the pool's words or the default ones (COGNITO.md 5).

use super::codes::IssuedCode;
use super::error::Exception;
use super::pool_members::{EmailConfiguration, EmailSendingAccount};
use super::pool_settings::PoolSettings;
use super::pools::UserPool;
use super::service::Cognito;
use super::triggers::CustomMessage;
use super::wire::CodeDeliveryDetails;
use crate::emulator::mailer::Mail;

/// The default sender (COGNITO.md 5.4 \[D\]).
const DEFAULT_SENDER: &str = "no-reply@verificationemail.com";
/// The default texts of a verification mail (COGNITO.md 5.1; well known, not recorded \[U\]).
const DEFAULT_SUBJECT: &str = "Your verification code";
const DEFAULT_MESSAGE: &str = "Your confirmation code is {####}";
/// What a template has in place of the code (COGNITO.md 5.2).
const CODE_PLACEHOLDER: &str = "{####}";

/// A code that has to reach an address.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) code: IssuedCode,
    pub(crate) address: String,
}

/// Mails a verification code in the pool's words or in those of a function, and says where it went.
///
/// The mail is handed to the SMTP server before the caller gets its answer, as AWS hands it to SES:
/// mails leave in the order of the requests, and a refusal is seen.
///
/// # Errors
/// `CodeDeliveryFailureException` if the server refuses the mail; what the caller did before
/// stays done (COGNITO.md 2.7).
pub(crate) async fn send_code(
    cognito: &Cognito,
    pool: &UserPool,
    delivery: Delivery,
    words: &CustomMessage,
) -> Result<CodeDeliveryDetails, Exception> {
    let mail = verification_mail(cognito, &pool.settings, &delivery, words)?;
    let refused = |error| Exception::CodeDeliveryFailure(format!("{error}"));
    cognito.mailer.send(mail).await.map_err(refused)?;
    Ok(CodeDeliveryDetails::email(&delivery.address))
}

fn verification_mail(
    cognito: &Cognito,
    settings: &PoolSettings,
    delivery: &Delivery,
    words: &CustomMessage,
) -> Result<Mail, Exception> {
    let template = &settings.verification_message_template;
    let filled = |custom: &Option<String>, text: &Option<String>, default: &str| {
        let code = delivery.code.text();
        custom
            .as_ref()
            .or(text.as_ref())
            .map_or(default, String::as_str)
            .replace(CODE_PLACEHOLDER, &code)
    };
    Ok(Mail {
        from: sender(&settings.email_configuration)?,
        reply_to: settings.email_configuration.reply_to_email_address.clone(),
        to: delivery.address.clone(),
        subject: filled(
            &words.email_subject,
            &template.email_subject,
            DEFAULT_SUBJECT,
        ),
        html: filled(
            &words.email_message,
            &template.email_message,
            DEFAULT_MESSAGE,
        ),
        date: cognito.now(),
        message_id: format!("<{}@email.amazonses.com>", cognito.random.uuid()),
    })
}

/// The address in the From line (COGNITO.md 5.4).
fn sender(configuration: &EmailConfiguration) -> Result<String, Exception> {
    // An SES identity's name ends its ARN: `arn:aws:ses:REGION:ACCOUNT:identity/NAME`.
    let identity = configuration
        .source_arn
        .as_deref()
        .and_then(|arn| arn.rsplit('/').next());
    let developer = configuration.email_sending_account == Some(EmailSendingAccount::Developer);
    match (developer, configuration.from.as_deref(), identity) {
        (true, Some(from), _) => Ok(from.to_owned()),
        (_, _, Some(address)) if address.contains('@') => Ok(address.to_owned()),
        (true, ..) => Err(Exception::CodeDeliveryFailure(
            "EmailConfiguration has neither From nor the ARN of an address".to_owned(),
        )),
        (false, ..) => Ok(DEFAULT_SENDER.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sender_is_the_pools_or_the_default() {
        let arn = "arn:aws:ses:us-east-1:1:identity/ses@example.com";
        let domain = "arn:aws:ses:us-east-1:1:identity/example.com";
        let developer = Some(EmailSendingAccount::Developer);
        let cases = [
            (None, None, None, Some(DEFAULT_SENDER)),
            (None, None, Some(arn), Some("ses@example.com")),
            (
                developer,
                Some("Ada <ada@example.com>"),
                Some(arn),
                Some("Ada <ada@example.com>"),
            ),
            (developer, None, Some(arn), Some("ses@example.com")),
            (developer, None, Some(domain), None),
        ];
        for (account, from, arn, expected) in cases {
            let configuration = EmailConfiguration {
                email_sending_account: account,
                from: from.map(str::to_owned),
                source_arn: arn.map(str::to_owned),
                ..EmailConfiguration::default()
            };
            assert_eq!(sender(&configuration).ok().as_deref(), expected);
        }
    }
}

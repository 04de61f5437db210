//! Who sends a pool's mails: Cognito's own sender, or the pool owner's SES (COGNITO.md 5.4).

use super::error::Exception;
use super::log_delivery;
use super::pool_members::{EmailConfiguration, EmailSendingAccount};
use super::pools::UserPool;
use super::service::Cognito;
use crate::emulator::delivery;
use crate::emulator::mailer::{Mail, SPAM_FLAG};
use crate::emulator::ses::{
    Caller, IdentityArn, Outgoing, QuotaExceeded, SesException, SimpleMail, mailbox,
};

/// The default sender (COGNITO.md 5.4 \[D\]).
const DEFAULT_SENDER: &str = "no-reply@verificationemail.com";
/// The principal that an identity's policy has to let in, for the default sender with an identity of
/// the pool owner's (COGNITO.md 5.4 \[D\]).
const COGNITO_SERVICE: &str = "email.cognito-idp.amazonaws.com";
/// As whom Cognito calls SES for a pool with `DEVELOPER`: the role is documented, that events name it
/// is a guess.
const SERVICE_ROLE: &str = "AWSServiceRoleForAmazonCognitoIdpEmailService";
/// Where those calls come from, as events tell it. What AWS writes there is not known.
const SERVICE_IP: &str = "127.0.0.1";

/// Whether the pool owner's SES sends.
pub(crate) fn is_developer(configuration: &EmailConfiguration) -> bool {
    configuration.email_sending_account == Some(EmailSendingAccount::Developer)
}

/// The identity that the pool names.
fn identity(configuration: &EmailConfiguration) -> Option<IdentityArn> {
    let arn = configuration.source_arn.as_deref();
    arn.and_then(IdentityArn::parse)
}

/// The address in the From line (COGNITO.md 5.4).
///
/// # Errors
/// `CodeDeliveryFailureException` for a pool that names none.
pub(crate) fn sender(configuration: &EmailConfiguration) -> Result<String, Exception> {
    let identity = identity(configuration);
    let address = identity.as_ref().map(IdentityArn::name);
    let address = address.filter(|name| name.contains('@'));
    let developer = is_developer(configuration);
    match (developer, configuration.from.as_deref(), address) {
        (true, Some(from), _) => Ok(from.to_owned()),
        (_, _, Some(address)) => Ok(address.to_owned()),
        (true, ..) => Err(Exception::CodeDeliveryFailure(
            "EmailConfiguration has neither From nor the ARN of an address".to_owned(),
        )),
        (false, ..) => Ok(DEFAULT_SENDER.to_owned()),
    }
}

/// Checks what a pool is set up to send with, as AWS does when the pool is made or changed.
///
/// # Errors
/// `InvalidParameterException` in the words that are recorded in aws/aws-cdk#18964, for an identity
/// that is not verified.
pub(crate) fn check(
    cognito: &Cognito,
    configuration: &EmailConfiguration,
) -> Result<(), Exception> {
    match identity(configuration) {
        Some(arn) if is_developer(configuration) => cognito
            .ses
            .check_identity(&arn)
            .map_err(|refusal| Exception::invalid_parameter(words(&refusal))),
        _ => Ok(()),
    }
}

/// Hands a mail to whoever sends the pool's mails.
///
/// With the default sender, the SMTP server has taken the mail when this returns, or has put it off. SES takes it or
/// not: what becomes of it later, no caller learns.
///
/// # Errors
/// `CodeDeliveryFailureException`; `InvalidEmailRoleAccessPolicyException` for an identity that
/// Cognito may not use, `LimitExceededException` for a day's quota of SES that is used up (COGNITO.md
/// 2.7, CAUSES.md `ses-sandbox`, `ses-identity-unverified`, `ses-identity-policy`; which refusal has
/// which name is partly a guess).
pub(crate) async fn send(cognito: &Cognito, pool: &UserPool, mail: Mail) -> Result<(), Exception> {
    let configuration = &pool.settings.email_configuration;
    if is_developer(configuration) {
        return through_ses(cognito, pool, mail).await;
    }
    if let Some(arn) = identity(configuration)
        && !cognito.ses.authorizes(&arn, COGNITO_SERVICE, &pool.arn)
    {
        return Err(Exception::InvalidEmailRoleAccessPolicy(format!(
            "Cognito is not allowed to use your email identity {}",
            arn.name()
        )));
    }
    delivery::hand_over(cognito, mail).await
}

async fn through_ses(cognito: &Cognito, pool: &UserPool, mail: Mail) -> Result<(), Exception> {
    let configuration = &pool.settings.email_configuration;
    let outgoing = outgoing(configuration, mail).map_err(|refusal| delivery_failure(&refusal))?;
    match cognito.ses.send(outgoing).await {
        Ok(_) => Ok(()),
        // Lost without a word to the caller (CAUSES.md, `handover-throttled-by-ses`).
        Err(refusal @ SesException::TooManyRequests(QuotaExceeded::Rate)) => {
            log_delivery::not_delivered(cognito, pool, &words(&refusal));
            Ok(())
        }
        Err(refusal @ SesException::TooManyRequests(QuotaExceeded::Daily)) => {
            Err(Exception::SesQuotaExceeded(words(&refusal)))
        }
        Err(refusal @ SesException::NotVerified { sender: true, .. }) => {
            Err(Exception::InvalidEmailRoleAccessPolicy(words(&refusal)))
        }
        Err(refusal) => Err(delivery_failure(&refusal)),
    }
}

fn outgoing(configuration: &EmailConfiguration, mail: Mail) -> Result<Outgoing, SesException> {
    let reply_to = mail.reply_to.as_deref().map(mailbox).transpose()?;
    let simple = SimpleMail {
        from: mailbox(&mail.from)?,
        to: vec![mailbox(&mail.to)?],
        cc: Vec::new(),
        reply_to: Vec::from_iter(reply_to),
        subject: mail.subject,
        text: None,
        html: Some(mail.html),
        headers: if mail.is_spam {
            vec![(SPAM_FLAG.to_owned(), "YES".to_owned())]
        } else {
            Vec::new()
        },
    };
    let caller = Caller {
        identity: SERVICE_ROLE.to_owned(),
        ip: SERVICE_IP.to_owned(),
    };
    let set = configuration.configuration_set.clone();
    let mut outgoing = Outgoing::to_one(simple, identity(configuration), set, caller)?;
    outgoing.bounces = mail.bounces;
    Ok(outgoing)
}

fn delivery_failure(refusal: &SesException) -> Exception {
    Exception::SesRefused(words(refusal))
}

/// How Cognito passes on what SES said (recorded; CAUSES.md, `ses-sandbox`).
fn words(refusal: &SesException) -> String {
    format!(
        "Cognito received the following error from Amazon SES when attempting to send email: \
         {refusal}"
    )
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

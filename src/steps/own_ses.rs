//! Steps about the account's own SES, through which a pool mails.
//!
//! SES belongs to the whole account, so that all of them need one in which the scenario is alone.

use super::account::{own_account, refused, surroundings};
use super::args::Args;
use super::pools::change;
use super::session::{Attempt, Session};
use crate::cognito::{OwnSes, SesError};
use crate::control::{
    EnforcementStatus, SesAccount, SesFeedback, SesVerification, SuppressionReason,
    VerificationStatus,
};
use crate::record::Failure;

/// The address that mails come from.
pub(super) const SENDER: &str = "no-reply@shop.test";
/// The domain of their envelope's sender.
const MAIL_FROM: &str = "bounces.shop.test";
/// The configuration set of the pool's mails.
const SET: &str = "verification-mails";
/// The policy that lets Cognito use the sender.
const POLICY: &str = "cognito";

pub(super) async fn mails_through_it(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let attempt = session.attempt()?;
    let around = own_account(attempt)?;
    let account = SesAccount {
        production_access_enabled: Some(true),
        ..SesAccount::default()
    };
    set_account(attempt, account).await?;
    verify(attempt, SesVerification::of(VerificationStatus::Success)).await?;
    let region = attempt.setting.target.region.clone();
    let bus = format!("arn:aws:events:{region}:000000000000:event-bus/default");
    done(around.ses.create_configuration_set(SET).await)?;
    done(around.ses.publish_events(SET, &bus).await)?;
    let source_arn = sender_arn(attempt);
    change(attempt, |design| {
        design.own_ses = Some(OwnSes {
            source_arn,
            from: None,
            configuration_set: Some(SET.to_owned()),
        });
    })
    .await
}

pub(super) async fn mails_by_default_sender(s: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let attempt = s.attempt()?;
    let around = own_account(attempt)?;
    verify(attempt, SesVerification::of(VerificationStatus::Success)).await?;
    let source_arn = sender_arn(attempt);
    // The policy of the Cognito guide's page on e-mail settings, without its optional conditions.
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"email.cognito-idp.amazonaws.com"}},"Action":["ses:SendEmail","ses:SendRawEmail"],"Resource":"{source_arn}"}}]}}"#
    );
    done(around.ses.put_policy(SENDER, POLICY, &policy).await)?;
    change(attempt, |design| design.default_sender = Some(source_arn)).await
}

pub(super) async fn in_sandbox(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let account = SesAccount {
        production_access_enabled: Some(false),
        ..SesAccount::default()
    };
    set_account(session.attempt()?, account).await
}

pub(super) async fn shut_down(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let account = SesAccount {
        enforcement_status: Some(EnforcementStatus::Shutdown),
        ..SesAccount::default()
    };
    set_account(session.attempt()?, account).await
}

pub(super) async fn paused(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let around = own_account(session.attempt()?)?;
    done(around.ses.set_account_sending(false).await)
}

pub(super) async fn mails_a_day(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let account = SesAccount {
        max24_hour_send: Some(args.count()?.into()),
        ..SesAccount::default()
    };
    set_account(session.attempt()?, account).await
}

pub(super) async fn mails_a_second(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let account = SesAccount {
        max_send_rate: Some(args.count()?.into()),
        ..SesAccount::default()
    };
    set_account(session.attempt()?, account).await
}

pub(super) async fn sender_fails(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let failed = SesVerification::of(VerificationStatus::Failed);
    verify(session.attempt()?, failed).await
}

pub(super) async fn sender_deleted(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let around = own_account(session.attempt()?)?;
    done(around.ses.delete_identity(SENDER).await)
}

pub(super) async fn sender_disabled(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let attempt = session.attempt()?;
    let around = own_account(attempt)?;
    done(around.ses.disable_identity(&sender_arn(attempt)).await)
}

pub(super) async fn policy_removed(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let around = own_account(session.attempt()?)?;
    done(around.ses.delete_policy(SENDER, POLICY).await)
}

pub(super) async fn mail_from(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let attempt = session.attempt()?;
    let around = own_account(attempt)?;
    done(around.ses.put_mail_from(SENDER, MAIL_FROM, true).await)?;
    let found = SesVerification::of_mail_from(VerificationStatus::Success);
    verify(attempt, found).await
}

pub(super) async fn mx_lost(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let lost = SesVerification::of_mail_from(VerificationStatus::Failed);
    verify(session.attempt()?, lost).await
}

pub(super) async fn set_paused(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let around = own_account(session.attempt()?)?;
    done(around.ses.set_sending(SET, false).await)
}

pub(super) async fn set_deleted(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let around = own_account(session.attempt()?)?;
    done(around.ses.delete_configuration_set(SET).await)
}

pub(super) async fn suppressed(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let around = own_account(attempt)?;
    let address = attempt.person(name)?.address.clone();
    done(around.ses.suppress(address.as_str(), false).await)
}

pub(super) async fn complains(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    feedback(session, args, SuppressionReason::Complaint).await
}

pub(super) async fn bounces_late(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    feedback(session, args, SuppressionReason::Bounce).await
}

async fn feedback(
    session: &mut Session,
    args: &Args<'_>,
    feedback_type: SuppressionReason,
) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let around = own_account(attempt)?;
    let feedback = SesFeedback {
        email_address: attempt.person(name)?.address.to_string(),
        feedback_type,
    };
    let told = around.control.give_ses_feedback(&feedback).await;
    told.map(drop).map_err(|error| refused(&error))
}

/// Lets the account send from the address. Other scenarios of a shared account are not disturbed: they
/// change SES in accounts of their own.
pub(super) async fn verify_sender(attempt: &Attempt) -> Result<(), Failure> {
    let control = &surroundings(attempt)?.control;
    let account = SesAccount {
        production_access_enabled: Some(true),
        ..SesAccount::default()
    };
    let set = control.set_ses_account(&account).await;
    set.map_err(|error| refused(&error))?;
    let verified = SesVerification::of(VerificationStatus::Success);
    let verified = control.set_ses_verification(SENDER, verified).await;
    verified.map_err(|error| refused(&error))
}

async fn set_account(attempt: &Attempt, account: SesAccount) -> Result<(), Failure> {
    let set = own_account(attempt)?
        .control
        .set_ses_account(&account)
        .await;
    set.map_err(|error| refused(&error))
}

async fn verify(attempt: &Attempt, found: SesVerification) -> Result<(), Failure> {
    let control = &own_account(attempt)?.control;
    let set = control.set_ses_verification(SENDER, found).await;
    set.map_err(|error| refused(&error))
}

fn sender_arn(attempt: &Attempt) -> String {
    let region = &attempt.setting.target.region;
    format!("arn:aws:ses:{region}:123456789012:identity/{SENDER}")
}

fn done(result: Result<(), SesError>) -> Result<(), Failure> {
    result.map_err(|error| Failure::broken(error.to_string()))
}

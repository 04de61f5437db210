//! Steps about the AWS account around the pool: they need an account in which the scenario is alone.

use std::sync::Arc;

use super::args::Args;
use super::session::{Attempt, Session};
use super::target::{OwnAccount, Surroundings};
use crate::control::{ClientError, SesEventRule, TrailSettings};
use crate::diagnosis::LogPlaces;
use crate::record::Failure;

/// Where the delivery errors of an account's pools go. AWS asks for this beginning of the name.
const DELIVERY_ERRORS: &str = "/aws/vendedlogs/cognito/delivery-errors";
/// Where its CloudTrail writes to.
const TRAIL: &str = "aws-cloudtrail-logs";
/// Where its SES events go.
const SES_EVENTS: &str = "/aws/events/ses";

pub(super) async fn own(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    open(session.attempt()?, LogPlaces::default())
        .await
        .map(drop)
}

pub(super) async fn own_with_logs(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let attempt = session.attempt()?;
    let places = LogPlaces {
        trail_log_group: Some(TRAIL.to_owned()),
        ses_events_log_group: Some(SES_EVENTS.to_owned()),
    };
    let account = open(attempt, places).await?;
    let groups = &account.log_groups;
    for group in [DELIVERY_ERRORS, TRAIL, SES_EVENTS] {
        let made = groups.create(group).await;
        made.map_err(|error| Failure::broken(error.to_string()))?;
    }
    let trail = TrailSettings {
        log_group: Some(TRAIL.to_owned()),
        delay_seconds: 0,
    };
    let set = account.control.set_trail(&trail).await;
    set.map_err(|error| refused(&error))?;
    let rule = SesEventRule {
        log_group_name: SES_EVENTS.to_owned(),
        detail_type: Vec::new(),
    };
    let set = account.control.set_ses_event_rules(&[rule]).await;
    set.map_err(|error| refused(&error))?;
    let region = &attempt.setting.target.region;
    attempt.delivery_errors = Some(format!(
        "arn:aws:logs:{region}:000000000000:log-group:{DELIVERY_ERRORS}"
    ));
    Ok(())
}

/// Puts the attempt into an account of its own.
async fn open(attempt: &mut Attempt, places: LogPlaces) -> Result<Arc<Surroundings>, Failure> {
    if !attempt.pools.is_empty() {
        return Err(
            Failure::broken("the scenario has a user pool in another account already")
                .help("write this line before the user pool's"),
        );
    }
    let accounts = Arc::clone(&surroundings(attempt)?.accounts);
    // Threads are started and joined there, which would hold up other scenarios.
    let opened = tokio::task::spawn_blocking(move || accounts.open(places)).await;
    let opened = opened.map_err(|error| Failure::broken(error.to_string()))?;
    let OwnAccount { target, keeper } =
        opened.map_err(|error| Failure::broken(error.to_string()))?;
    attempt.setting.target = Arc::new(target);
    attempt.keeper = Some(keeper);
    surroundings(attempt)
}

/// What only an emulator lets a scenario change.
pub(super) fn surroundings(attempt: &Attempt) -> Result<Arc<Surroundings>, Failure> {
    let target = &attempt.setting.target;
    target.surroundings.clone().ok_or_else(|| {
        Failure::not_applicable(format!(
            "the scenario needs an account around the pool that it can change; that of {} it cannot",
            target.name
        ))
        .help("run it on the embedded target")
    })
}

/// The account that is the scenario's own: there it may move the clock and use quotas up.
pub(super) fn own_account(attempt: &Attempt) -> Result<Arc<Surroundings>, Failure> {
    if attempt.keeper.is_none() {
        let text = "the account is shared with other scenarios, which this would disturb";
        return Err(Failure::broken(text).help("begin with: Given an AWS account of its own"));
    }
    surroundings(attempt)
}

/// The emulator did not do what a step asked for.
pub(super) fn refused(error: &ClientError) -> Failure {
    Failure::broken(error.to_string())
}

//! Many sign-ups with one address, one after the other.

use std::time::Duration;

use super::args::Args;
use super::session::Session;
use super::{confirm, delete, mails, sign_up};
use crate::record::Failure;

/// How long each round waits for its mail, in seconds.
const ROUND_MAIL_SECONDS_MAX: u64 = 60;

pub(super) async fn rounds(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, count, attempt) = (args.user()?, args.count()?, session.attempt()?);
    let time = Duration::from_secs(ROUND_MAIL_SECONDS_MAX);
    for round in 1..=count {
        let once = async {
            sign_up::must_sign_up(attempt, name).await?;
            mails::receive_different(attempt, name, time).await?;
            confirm::must_confirm(attempt, name).await?;
            delete::delete_by_administrator(attempt, name).await
        };
        let passed: Result<(), Failure> = once.await;
        passed.map_err(|failure| failure.seen(format!("in round {round} of {count}")))?;
    }
    Ok(())
}

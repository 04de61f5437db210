//! Steps by which an administrator, not the person, makes a user.

use super::args::Args;
use super::invited_users::request_user;
use super::reason;
use super::session::{Attempt, Session};
use crate::cognito::Invitation;
use crate::diagnosis::Trouble;
use crate::record::Failure;

pub(super) async fn by_mail(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    create(session.attempt()?, args.user()?, Invitation::Mail).await
}

pub(super) async fn by_no_medium(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    create(session.attempt()?, args.user()?, Invitation::Unspecified).await
}

pub(super) async fn by_nothing(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    create(session.attempt()?, args.user()?, Invitation::Suppressed).await
}

async fn create(attempt: &mut Attempt, name: &str, invitation: Invitation) -> Result<(), Failure> {
    request_user(attempt, name, invitation)
        .await?
        .map_err(|error| {
            attempt.leave_unexplained(name, Trouble::Missing);
            reason::unwanted(&error)
        })
}

//! Steps by which an administrator, not the person, makes a user.

use super::args::Args;
use super::calls::Told;
use super::reason;
use super::session::{Attempt, Session};
use super::sign_up::{note_account, watch_inbox, write_intent};
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
    let pool = attempt.pool()?.id.clone();
    watch_inbox(attempt, name, "AdminCreateUser").await?;
    let row = write_intent(attempt, name, &pool)?;
    let user = attempt.person(name)?.as_new_user(true);
    let cognito = attempt.setting.target.cognito.clone();
    let request = cognito.admin_create_user(&pool, &user, invitation);
    let answer = attempt.call(Some(&user.username), request, |made| Told {
        sub: made.sub(),
        asked_for_mail: Some(invitation == Invitation::Mail),
        ..Told::from(made.status.clone().unwrap_or_default())
    });
    let made = answer.await.map_err(|error| {
        attempt.leave_unexplained(name, Trouble::Missing);
        reason::unwanted(&error)
    })?;
    let sub = made.sub().ok_or_else(|| {
        Failure::broken("AdminCreateUser named no sub, so the user could not be deleted safely")
    })?;
    note_account(attempt, name, &user.username, row, sub)
}

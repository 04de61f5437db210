//! Steps that open the link of a mail.

use super::args::Args;
use super::reason;
use super::session::{Attempt, Session};
use crate::cognito::CognitoError;
use crate::diagnosis::Trouble;
use crate::record::Failure;

pub(super) async fn opens(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let answer = open(attempt, name).await?;
    answer.map_err(|error| {
        attempt.leave_unexplained(name, Trouble::CodeRefused);
        reason::unwanted(&error)
    })
}

pub(super) async fn opens_no_more(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    match open(attempt, name).await? {
        Err(CognitoError::Refused { .. }) => Ok(()),
        Err(error) => Err(reason::unanswered(&error)),
        Ok(()) => Err(Failure::failed(format!(
            "the link of the latest mail to {name} still confirms"
        ))),
    }
}

async fn open(attempt: &mut Attempt, name: &str) -> Result<Result<(), CognitoError>, Failure> {
    let person = attempt.person(name)?;
    let Some(link) = person.latest_mail(name)?.link.clone() else {
        let text = format!("the latest mail to {name} carries a code, not a link");
        return Err(Failure::broken(text).help("write before it: Given the pool confirms by link"));
    };
    let username = person.account(name)?.username.clone();
    let cognito = attempt.cognito();
    let opened = cognito.open_link(&link);
    let opened = attempt.call(Some(&username), opened, |()| String::new());
    Ok(opened.await)
}

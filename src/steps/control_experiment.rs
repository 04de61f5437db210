//! The control experiment: a fresh address of the same mailbox, signed up in the same minute, tells a
//! fault of one address from a fault of the pool or the mailbox (CAUSES.md, triage 8).

use std::time::Duration;

use tokio::time::Instant;

use super::session::Attempt;
use super::sign_up::{intend, told};
use crate::cognito::{NewUser, RowState};
use crate::diagnosis::{ControlExperiment, Source};
use crate::inbox::WaitEnd;
use crate::model::{EmailAddress, UserSub};
use crate::record::Failure;

/// The time that a diagnosis may take does not hold the wait for the experiment's mail.
fn no_time_left() -> Failure {
    Failure::broken("no time was left for it: raise --diagnosis-timeout")
}

/// The user of the experiment.
struct Subject {
    username: String,
    sub: UserSub,
    /// Its row in the ledger.
    row: i64,
}

impl Attempt {
    /// Signs a fresh address of the mailbox up, waits for its mail, and deletes its user again.
    pub(super) async fn control_experiment(
        &mut self,
        name: &str,
        deadline: Instant,
    ) -> Source<ControlExperiment> {
        let Some(wait) = self.setting.target.control_mail else {
            return Source::NotAsked;
        };
        self.controls += 1;
        let tag = format!("control{}", self.controls);
        let Ok(person) = self.person(name) else {
            return Source::NotAsked;
        };
        let fresh = person.address.untagged().tagged(&tag);
        let own = person.own_username.as_ref();
        let username = own.map_or_else(|| fresh.to_string(), |own| format!("{own}-{tag}"));
        let outcome = self.sign_control_up(username, &fresh, wait, deadline);
        match outcome.await {
            Ok(arrived) => Source::from(ControlExperiment {
                address: fresh.to_string(),
                arrived,
            }),
            Err(failure) => Source::Failed {
                reason: failure.message,
            },
        }
    }

    /// Whether the mail of a sign-up with this address arrives within `wait`, none of which may lie
    /// behind the deadline: a wait that is cut short says nothing.
    async fn sign_control_up(
        &mut self,
        username: String,
        address: &EmailAddress,
        wait: Duration,
        deadline: Instant,
    ) -> Result<bool, Failure> {
        let failed = |error: &dyn std::fmt::Display| Failure::broken(error.to_string());
        if deadline < Instant::now() + wait {
            return Err(no_time_left());
        }
        let (client, pool) = (self.pool()?.client()?, self.pool()?.id.clone());
        let inbox = self.setting.target.inbox.clone();
        let watch = inbox.watch(address).await;
        let mut watch = watch.map_err(|error| failed(&error))?;
        self.may_sign_up()?;
        self.may_delete()?;
        self.reserve_mail(address, "SignUp")?;
        self.sign_up_turn().await?;
        let row = intend(self, username.clone(), &pool)?;
        let password = super::people::password(&mut self.setting.random);
        self.setting.recorder.run().hide(&password, "password");
        let cognito = self.cognito();
        let user = NewUser::new(&*username).attribute("email", address.as_str());
        let request = cognito.sign_up(&client, &user, &password);
        let answer = self.call(Some(&username), request, told).await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                if error.leaves_no_user() {
                    self.close(row, RowState::Refused)?;
                } else if !error.leaves_open() {
                    self.refused_rows.insert(row);
                }
                return Err(failed(&error));
            }
        };
        let now = self.now();
        let noted = self.setting.ledger.created(row, &answer.sub, now);
        noted.map_err(|error| failed(&error))?;
        let subject = Subject {
            username,
            sub: answer.sub,
            row,
        };
        let until = Instant::now() + wait;
        let came = watch.next(until.min(deadline)).await;
        self.delete_control(&subject).await?;
        match came {
            Ok(_) => Ok(true),
            Err(missing) if missing.end != WaitEnd::DeadlinePassed => Err(failed(&missing)),
            Err(_) if deadline < until => Err(no_time_left()),
            Err(_) => Ok(false),
        }
    }

    /// Deletes the experiment's user. Where that fails, the row stays open for the clean-up.
    async fn delete_control(&mut self, subject: &Subject) -> Result<(), Failure> {
        let pool = self.pool()?.id.clone();
        let cognito = self.cognito();
        let username = &*subject.username;
        let request = cognito.admin_delete_user(&pool, subject.sub.as_str());
        let deleted = self.call(Some(username), request, |()| String::new()).await;
        match deleted {
            Ok(()) => self.close(subject.row, RowState::Deleted),
            Err(_) => Ok(()),
        }
    }

    fn close(&self, row: i64, state: RowState) -> Result<(), Failure> {
        let closed = self.setting.ledger.close(row, state, self.now());
        closed.map_err(|error| Failure::broken(error.to_string()))
    }
}

//! What keeps a target from harm: what is allowed there, how much of it, and how fast.

use jiff::SignedDuration;

use super::calls::Told;
use super::reason;
use super::session::Attempt;
use crate::cognito::{CallFacts, Client, CognitoError, MailRequest, MailReservation};
use crate::model::EmailAddress;
use crate::record::{Event, Failure, millis};

/// Operations that bring a user into being.
const SIGN_UPS: [&str; 2] = ["SignUp", "AdminCreateUser"];

/// A mail that is counted, and the request that causes it.
#[derive(Debug)]
pub(super) struct Reserved {
    operation: &'static str,
    mail: MailReservation,
}

impl Attempt {
    /// The client for calls of the present step: what is throttled is sent again while the step's time
    /// lasts. Where the scenario itself disturbs the service, it gets what it asked for.
    pub(super) fn cognito(&self) -> Client {
        let cognito = &self.setting.target.cognito;
        if self.disturbed {
            return cognito.clone();
        }
        let seed = self.seed.wrapping_add(self.calls.count() as u64);
        cognito.persistent(self.patience.into_std(), seed)
    }

    /// Nobody is signed up where nobody said that it may be done.
    pub(super) fn may_sign_up(&self) -> Result<(), Failure> {
        if self.setting.target.allowed.sign_up {
            return Ok(());
        }
        Err(self.not_allowed("users may be signed up"))
    }

    /// Nothing is deleted where nobody said that it may be done.
    pub(super) fn may_delete(&self) -> Result<(), Failure> {
        if self.setting.target.allowed.delete {
            return Ok(());
        }
        Err(self.not_allowed("users may be deleted"))
    }

    fn not_allowed(&self, what: &str) -> Failure {
        let name = &self.setting.target.name;
        let text = format!("the configuration of {name} does not say that {what} there");
        Failure::broken(text).help(format!(
            "if nothing there is dear to anybody, write into reverify.toml below [target.{name}]: \
             allow = [\"sign-up\", \"delete\"]"
        ))
    }

    /// Counts a mail before the request that causes it.
    pub(super) fn reserve_mail(
        &mut self,
        address: &EmailAddress,
        operation: &'static str,
    ) -> Result<(), Failure> {
        let setting = &self.setting;
        let mail = MailRequest {
            run: &setting.run,
            target: setting.target.counted_as(),
            address,
        };
        let reserved = setting
            .ledger
            .reserve_mail(&mail, &setting.target.budget, self.now());
        let reserved = reserved.map_err(|error| reason::budget(&error))?;
        self.reserved = reserved.map(|mail| Reserved { operation, mail });
        Ok(())
    }

    /// Waits until it is this sign-up's turn among those of all runs on the target.
    pub(super) async fn sign_up_turn(&self) -> Result<(), Failure> {
        let setting = &self.setting;
        let (name, budget) = (&setting.target.name, &setting.target.budget);
        let place = setting.target.counted_as();
        let slot = setting
            .ledger
            .sign_up_slot(&setting.run, place, budget, self.now());
        let wait = slot.map_err(|error| reason::ledger(&error))?;
        if !wait.is_zero() {
            setting.recorder.record(Event::Waiting {
                what: format!("the pace of sign-ups on {name}"),
                at_most_ms: millis(wait),
            });
            tokio::time::sleep(wait).await;
        }
        Ok(())
    }

    /// Takes a counted mail back that was certainly not sent, and slows sign-ups down after throttling.
    pub(super) fn settle(
        &mut self,
        username: Option<&str>,
        call: &CallFacts,
        told: Result<&Told, &CognitoError>,
    ) {
        self.leave_pauses_out(username, call);
        let throttled = call.repeats.throttled > 0 || told.is_err_and(CognitoError::is_throttling);
        let (setting, now) = (&self.setting, self.now());
        if throttled && !self.disturbed && SIGN_UPS.contains(&call.operation) {
            let name = setting.target.counted_as();
            // The call is over; a pause that cannot be noted is learned from the next one.
            let _ = setting.ledger.slow_sign_ups(&setting.run, name, now);
        }
        let caused = |reserved: &mut Reserved| reserved.operation == call.operation;
        if let Some(reserved) = self.reserved.take_if(caused)
            && is_unsent(call.operation, told)
        {
            // It stays counted where this fails, which is the safe side.
            let _ = setting.ledger.release_mail(reserved.mail);
        }
    }

    /// Moves the moment of a request that was throttled to the one at which it was sent last: its pauses
    /// are the run's own, and no part of a delivery.
    fn leave_pauses_out(&mut self, username: Option<&str>, call: &CallFacts) {
        if call.repeats.throttled == 0 {
            return;
        }
        let paused = SignedDuration::from_millis(call.repeats.paused_milliseconds.into());
        for person in self.people.values_mut() {
            let is_theirs = person.names().iter().any(|name| Some(&**name) == username);
            if let Some(waiting) = &mut person.waiting
                && is_theirs
                && waiting.request == call.operation
            {
                waiting.requested += paused;
            }
        }
    }
}

/// Whether an answer says that no mail goes out.
fn is_unsent(operation: &str, told: Result<&Told, &CognitoError>) -> bool {
    match told {
        Err(error) => error.sent_no_mail(),
        // A sign-up names where its code goes, if one is sent at all (COGNITO.md 2.6).
        Ok(told) if operation == "SignUp" => {
            let delivery = told.delivery.as_ref();
            delivery.is_none_or(|delivery| delivery.medium != "EMAIL")
        }
        Ok(told) => told.asked_for_mail == Some(false),
    }
}

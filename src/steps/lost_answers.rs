//! A request for a user whose answer was lost: before it is sent again, somebody looks whether the
//! user is there.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::reason;
use super::session::Attempt;
use crate::cognito::{CognitoError, RowState, User};
use crate::model::UserPoolId;
use crate::record::Failure;

/// How often a request is sent at most whose answers are lost.
const TRIES_MAX: u32 = 3;
/// The pause before it is sent again.
const PAUSE: Duration = Duration::from_millis(200);
/// By how much the service's clock may seem to be behind: its `Date` has whole seconds.
const CLOCK_SECONDS_OFF_MAX: i64 = 5;

/// A request that brings a user into being.
pub(super) struct Sending {
    pool: UserPoolId,
    username: String,
    /// By the server's clock.
    since: Timestamp,
    /// How many answers were lost so far.
    lost: u32,
}

/// What a look brought.
pub(super) enum Found {
    /// The request went through, and this is its user.
    There(Box<User>),
    /// It did not: it may be sent again.
    Absent,
    /// Nobody can tell.
    Unclear,
}

impl Sending {
    /// A request that is about to be sent for the first time.
    pub(super) fn new(attempt: &Attempt, pool: &UserPoolId, username: &str) -> Self {
        Self {
            pool: pool.clone(),
            username: username.to_owned(),
            since: attempt.server_now(),
            lost: 0,
        }
    }

    /// Whether a refusal says for certain that there is no user of this request.
    fn left_no_user(&self, error: &CognitoError) -> bool {
        self.lost == 0 && error.leaves_no_user()
    }

    /// Whether the request is over with this error: a user of it who is not there now never will be.
    fn is_over(&self, error: &CognitoError) -> bool {
        self.lost == 0 && !error.leaves_open()
    }

    /// Whether this error leaves open what became of the request. That the name is taken says so, too,
    /// after an earlier answer was lost: it may be this request's own user who has it.
    fn is_open(&self, error: &CognitoError) -> bool {
        error.leaves_open() || (self.lost > 0 && error.is("UsernameExistsException"))
    }

    /// Whether the user was made by this request: in its time, and never heard of before.
    fn made(&self, user: &User, known_before: bool) -> bool {
        let earliest = self.since - SignedDuration::from_secs(CLOCK_SECONDS_OFF_MAX);
        !known_before && user.created.is_some_and(|created| created >= earliest)
    }
}

impl Attempt {
    /// Notes what a refusal says of the request's row. Where the user may exist all the same, the row
    /// stays open for the clean-up.
    pub(super) fn note_refusal(
        &mut self,
        row: i64,
        sending: &Sending,
        error: &CognitoError,
    ) -> Result<(), Failure> {
        if sending.left_no_user(error) {
            let closed = self
                .setting
                .ledger
                .close(row, RowState::Refused, self.now());
            return closed.map_err(|error| reason::ledger(&error));
        }
        if sending.is_over(error) {
            self.refused_rows.insert(row);
        }
        Ok(())
    }

    /// Looks what became of a request whose answer was this error.
    ///
    /// Where the scenario itself disturbs the service, nothing is looked up: it gets what it asked for.
    pub(super) async fn look_after(
        &mut self,
        sending: &mut Sending,
        error: &CognitoError,
    ) -> Result<Found, Failure> {
        if self.disturbed || !sending.is_open(error) {
            return Ok(Found::Unclear);
        }
        sending.lost += 1;
        let cognito = self.cognito();
        let request = cognito.admin_get_user(&sending.pool, &sending.username);
        let answer = self.call(Some(&sending.username), request, |user| {
            user.status.clone().unwrap_or_default()
        });
        match answer.await {
            Ok(user) => {
                let known = match user.sub() {
                    Some(sub) => self.setting.ledger.knows(&sub),
                    None => return Ok(Found::Unclear),
                };
                let known = known.map_err(|error| reason::ledger(&error))?;
                Ok(if sending.made(&user, known) {
                    Found::There(Box::new(user))
                } else {
                    Found::Unclear
                })
            }
            Err(missing) if missing.is("UserNotFoundException") && sending.lost < TRIES_MAX => {
                tokio::time::sleep(PAUSE).await;
                Ok(Found::Absent)
            }
            Err(_) => Ok(Found::Unclear),
        }
    }
}

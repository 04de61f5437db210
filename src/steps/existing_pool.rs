//! A pool that was there before the scenario and stays: taken as it is, and left without the
//! scenario's users.

use super::pools::{Pool, note_template};
use super::premises::{Facts, Premises};
use super::session::Attempt;
use super::target::FixedPool;
use crate::cognito::{
    CognitoError, LedgerRow, RowState, SchemaAttribute, SecondFactorUse, Usernames,
};
use crate::model::UserSub;
use crate::record::{Event, Failure};

/// Why a row stays open although nobody has its name.
const MAY_STILL_COME: &str = "its sign-up was not answered and may still come into effect; \
                              `reverify sweep` looks again";

/// Takes the target's pool for the scenario's.
pub(super) async fn adopt(
    attempt: &mut Attempt,
    existing: &FixedPool,
    usernames: Usernames,
    attributes: Vec<SchemaAttribute>,
) -> Result<(), Failure> {
    let cognito = attempt.cognito();
    let FixedPool { id, client } = existing;
    if let Some(secret) = &client.secret {
        attempt.setting.recorder.run().hide(secret, "client secret");
    }
    let pool = Box::pin(cognito.describe_user_pool(id));
    let pool = attempt.call(None, pool, |_| String::new()).await;
    let pool = pool.map_err(|error| unseen(&error))?;
    let described = Box::pin(cognito.describe_app_client(id, &client.id));
    let described = attempt.call(None, described, |_| String::new()).await;
    let described = described.map_err(|error| unseen(&error))?;
    let mut premises = Premises::new(Facts {
        pool: pool.clone(),
        client: described,
    });
    premises.presume(|facts| presume_usual(facts, usernames));
    premises.presume_attributes(attributes);
    attempt.pools.push(Pool {
        client: Some(client.clone()),
        premises: Some(Box::new(premises)),
        ..Pool::new(id.clone(), pool.design)
    });
    note_template(attempt, pool.template.as_ref())?;
    Box::pin(attempt.keep_snapshot()).await;
    Ok(())
}

/// What every scenario needs that does not say otherwise.
fn presume_usual(facts: &mut Facts, usernames: Usernames) {
    let pool = &mut facts.pool;
    pool.design.verifies_email = true;
    pool.design.verifies_phone = false;
    pool.design.confirms_by_link = false;
    pool.design.admin_creates_users_only = false;
    if pool.second_factors == Some(SecondFactorUse::Required) {
        pool.second_factors = None;
    }
    match usernames {
        // Which names it takes follows from the people of the scenario.
        Usernames::Any => {}
        Usernames::Email => pool.names.address_alone = true,
        Usernames::EmailAlias => pool.names.address_alias = true,
        Usernames::PreferredAlias => pool.names.preferred_alias = true,
    }
}

/// The pool cannot be looked at, so nothing can be said about it.
fn unseen(error: &CognitoError) -> Failure {
    let help = match error {
        CognitoError::Refused { .. } => {
            "what a scenario says of the pool is checked there: see that the pool and the app client \
             exist, and grant cognito-idp:DescribeUserPool and cognito-idp:DescribeUserPoolClient"
        }
        CognitoError::Unanswered { .. } => {
            "see that there are credentials (`aws sts get-caller-identity` says whose), that the \
             region in the pool's id is right, and that the endpoint can be reached from here"
        }
    };
    Failure::broken(error.to_string()).help(help)
}

impl Attempt {
    /// Notes what the scenario presumes, where its pool was there before it; answers whether that is
    /// so.
    pub(super) fn presume(&mut self, change: impl FnOnce(&mut Facts)) -> Result<bool, Failure> {
        match &mut self.pool_mut()?.premises {
            Some(premises) => {
                premises.presume(change);
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// Ends the scenario as not applicable where its pool is not as it presumes.
    pub(super) fn check_premises(&self) -> Result<(), Failure> {
        let Some(pool) = self.pools.last() else {
            return Ok(());
        };
        match &pool.premises {
            Some(premises) => premises.check(pool.id.as_str(), &self.people.values()),
            None => Ok(()),
        }
    }

    /// The same before a sign-in, which is made with the password alone.
    pub(super) fn presume_password_sign_in(&mut self) -> Result<(), Failure> {
        self.presume(|facts| facts.client.takes_passwords = true)?;
        self.check_premises()
    }

    /// Deletes the users of this attempt from a pool that stays, and answers which could not be.
    ///
    /// None goes but who has a row in the ledger and is still the one who stands there.
    pub(super) async fn delete_users(&mut self) -> Vec<String> {
        let ledger = self.setting.ledger.clone();
        let rows = match ledger.open_rows(&self.setting.target.name) {
            Ok(rows) => rows,
            Err(error) => return vec![error.to_string()],
        };
        let own = std::mem::take(&mut self.ledger_rows);
        let mut left = Vec::new();
        if let Err(failure) = self.may_delete() {
            let open = rows.into_iter().filter(|row| own.contains(&row.id));
            let kept =
                |row: LedgerRow| format!("user {}: {}", row.intent.username, failure.message);
            return open.map(kept).collect();
        }
        for row in rows.into_iter().filter(|row| own.contains(&row.id)) {
            if let Err(reason) = self.delete_user_of(&row).await {
                let (username, pool) = (&row.intent.username, &row.intent.pool);
                left.push(format!("user {username} of pool {pool}: {reason}"));
            }
        }
        left
    }

    async fn delete_user_of(&mut self, row: &LedgerRow) -> Result<(), String> {
        let cognito = self.cognito();
        let (pool, username) = (&row.intent.pool, &row.intent.username);
        // In a pool with addresses for usernames a user whose address changed has another name now.
        let known_as = row.sub.as_ref().map_or(username.as_str(), UserSub::as_str);
        let asked = cognito.admin_get_user(pool, known_as);
        let user = match self.call(Some(username), asked, |_| String::new()).await {
            Ok(user) => user,
            Err(error) if error.is("UserNotFoundException") => {
                // A request that nobody answered may come into effect after this look.
                let is_over = row.sub.is_some() || self.refused_rows.contains(&row.id);
                return if is_over {
                    self.close_row(row)
                } else {
                    Err(MAY_STILL_COME.into())
                };
            }
            Err(error) => return Err(error.to_string()),
        };
        let Some(sub) = &row.sub else {
            return Err("its sign-up was not answered, so that it may be somebody else's".into());
        };
        if user.sub().as_ref() != Some(sub) {
            return Err("it is another user now than the one created here".into());
        }
        // By the `sub`: since the look somebody may have come into its place.
        let deleted = cognito.admin_delete_user(pool, sub.as_str());
        let deleted = self.call(Some(username), deleted, |()| String::new()).await;
        deleted.map_err(|error| error.to_string())?;
        self.note_gone(username, sub);
        self.close_row(row)
    }

    fn note_gone(&self, username: &str, sub: &UserSub) {
        self.setting.recorder.record(Event::UserDeleted {
            username: username.to_owned(),
            sub: sub.clone(),
        });
    }

    fn close_row(&self, row: &LedgerRow) -> Result<(), String> {
        let closed = self
            .setting
            .ledger
            .close_if_open(row.id, RowState::Deleted, self.now());
        closed.map_err(|error| error.to_string())
    }
}

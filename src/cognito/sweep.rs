//! What is left of runs that died: which user stands behind a row of the ledger, and its removal.

use jiff::{SignedDuration, Timestamp};

use super::{Client, CognitoError, Ledger, LedgerError, LedgerRow, RowState, User};
use crate::model::UserSub;

/// By how much the clocks of the machine that ran and of the service may differ.
const CLOCKS_APART_SECONDS_MAX: i64 = 120;
/// How long after its row a sign-up may have come into effect: the limit of a request, and room.
const REQUEST_SECONDS_MAX: i64 = 120;

/// What stands behind a row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The very user that the row is about: its `sub` is the row's.
    Ours,
    /// Nobody.
    Gone,
    /// Somebody else, who was not created by the row's request.
    Another,
    /// A user who was created in the time of a request whose answer never came. It is probably ours,
    /// and nothing proves it.
    Unproven {
        /// The user's identifier.
        sub: UserSub,
        /// When the user was created, by the service's clock.
        created: Option<Timestamp>,
    },
}

/// Why a user was not removed.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The service.
    #[error(transparent)]
    Cognito(#[from] CognitoError),
    /// The ledger. A deletion that it could not note is found done by the next sweep.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Between the look and the removal another user has come into that place.
    #[error("{username} is another user now, and was left alone")]
    Another {
        /// The name.
        username: String,
    },
}

/// Looks who stands behind a row.
///
/// # Errors
///
/// When the service does not tell.
pub async fn look_for(client: &Client, row: &LedgerRow) -> Result<Standing, CognitoError> {
    let found = client.admin_get_user(&row.intent.pool, &row.intent.username);
    match found.await {
        Ok(found) => Ok(judge(row, &found.answer)),
        // A pool that is gone took its users with it.
        Err(error) if error.is("UserNotFoundException") => Ok(Standing::Gone),
        Err(error) if error.is("ResourceNotFoundException") => Ok(Standing::Gone),
        Err(error) => Err(error),
    }
}

/// Removes the user with this `sub` behind a row, and closes the row.
///
/// The user is looked at once more right before, and asked for by the `sub`, so that nobody who has
/// come into its place is deleted. One that is gone already only closes the row; so a sweep that was
/// itself killed can be made again.
///
/// # Errors
///
/// When the service refuses, another user stands there, or the ledger cannot be written.
pub async fn remove(
    client: &Client,
    ledger: &Ledger,
    row: &LedgerRow,
    sub: &UserSub,
    now: Timestamp,
) -> Result<(), SweepError> {
    let pool = &row.intent.pool;
    let username = &row.intent.username;
    match client.admin_get_user(pool, username).await {
        Ok(found) if found.answer.sub().as_ref() == Some(sub) => {}
        Ok(_) => {
            return Err(SweepError::Another {
                username: username.clone(),
            });
        }
        Err(error) if error.is("UserNotFoundException") => {
            return Ok(ledger.close(row.id, RowState::Deleted, now)?);
        }
        Err(error) => return Err(error.into()),
    }
    match client.admin_delete_user(pool, sub.as_str()).await {
        Ok(_) => {}
        Err(error) if error.is("UserNotFoundException") => {}
        Err(error) => return Err(error.into()),
    }
    Ok(ledger.close(row.id, RowState::Deleted, now)?)
}

fn judge(row: &LedgerRow, found: &User) -> Standing {
    let Some(found_sub) = found.sub() else {
        return Standing::Another;
    };
    if let Some(sub) = &row.sub {
        return if *sub == found_sub {
            Standing::Ours
        } else {
            Standing::Another
        };
    }
    let apart = SignedDuration::from_secs(CLOCKS_APART_SECONDS_MAX);
    let latest = apart + SignedDuration::from_secs(REQUEST_SECONDS_MAX);
    let in_its_time = found.created.is_none_or(|created| {
        let after = created.duration_since(row.intended);
        -apart <= after && after <= latest
    });
    if in_its_time {
        Standing::Unproven {
            sub: found_sub,
            created: found.created,
        }
    } else {
        Standing::Another
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cognito::ledger_samples::row;

    fn user(sub: &str, created: &str) -> User {
        User {
            username: "ada".into(),
            status: None,
            enabled: None,
            attributes: vec![("sub".into(), sub.into())],
            created: created.parse().ok(),
        }
    }

    #[test]
    fn only_the_same_sub_is_ours() {
        let unproven = |sub: &str, created: &str| Standing::Unproven {
            sub: UserSub::new(sub),
            created: created.parse().ok(),
        };
        let (before, then, later) = (
            "2026-11-21T02:50:00Z",
            "2026-11-21T03:00:02Z",
            "2026-11-21T03:30:00Z",
        );
        let cases = [
            (row(Some("1")), user("1", then), Standing::Ours),
            // The moment does not matter where the sub is known.
            (row(Some("1")), user("1", later), Standing::Ours),
            (row(Some("1")), user("2", then), Standing::Another),
            (row(None), user("1", before), Standing::Another),
            (row(None), user("1", later), Standing::Another),
            (row(None), user("1", then), unproven("1", then)),
            (row(None), user("1", "unknown"), unproven("1", "unknown")),
        ];
        for (index, (row, user, expected)) in cases.into_iter().enumerate() {
            assert_eq!(judge(&row, &user), expected, "case {index}");
        }
        let nameless = User {
            attributes: Vec::new(),
            ..user("1", then)
        };
        assert_eq!(judge(&row(None), &nameless), Standing::Another);
    }
}

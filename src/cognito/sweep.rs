//! What is left of runs that died: which user stands behind a row of the ledger, and its removal.

use jiff::Timestamp;

use super::{Client, CognitoError, Ledger, LedgerError, LedgerRow, RowState, User};
use crate::model::UserSub;

/// How long after its row a sign-up may still come into effect: a step's two minutes, in which a
/// throttled one is sent again, the last request's half minute, and room.
const REQUEST_SECONDS_MAX: i64 = 180;

/// What stands behind a row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The very user that the row is about: its `sub` is the row's.
    Ours,
    /// Nobody.
    Gone,
    /// Somebody else, who was not created by the row's request.
    Another,
    /// A user, where the answer to the row's request never came. It may be ours, and nothing proves it:
    /// not that it was created at that time, nor that it was not.
    Unproven {
        /// The user's identifier.
        sub: Option<UserSub>,
        /// When the user was created, by the service's clock.
        created: Option<Timestamp>,
    },
    /// Nobody yet. The answer to the row's request never came, and it may still come into effect.
    UnderWay {
        /// How long that may take.
        seconds: i64,
    },
    /// There is no such pool where these credentials lead. It may be gone, and the users with it; it
    /// may as well be another account or endpoint that was asked.
    NoPool,
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
}

/// Looks who stands behind a row.
///
/// # Errors
///
/// When the service does not tell.
pub async fn look_for(
    client: &Client,
    row: &LedgerRow,
    now: Timestamp,
) -> Result<Standing, CognitoError> {
    let pool = &row.intent.pool;
    // By the `sub` first: in a pool with addresses for usernames a user whose address changed has
    // another name than the row, and is ours all the same.
    if let Some(sub) = &row.sub {
        match client.admin_get_user(pool, sub.as_str()).await {
            Ok(found) => return Ok(judge(row, &found.answer)),
            Err(error) if error.is("UserNotFoundException") => {}
            Err(error) if error.is("ResourceNotFoundException") => return Ok(Standing::NoPool),
            Err(error) => return Err(error),
        }
    }
    match client.admin_get_user(pool, &row.intent.username).await {
        Ok(found) => Ok(judge(row, &found.answer)),
        Err(error) if error.is("UserNotFoundException") => Ok(absent(row, now)),
        Err(error) if error.is("ResourceNotFoundException") => Ok(Standing::NoPool),
        Err(error) => Err(error),
    }
}

/// Removes the user with this `sub` behind a row, and closes the row.
///
/// The user is named by the `sub`, so that nobody who has come into its place is deleted. One that is
/// gone already only closes the row; so a sweep that was itself killed can be made again.
///
/// # Errors
///
/// When the service refuses, or the ledger cannot be written.
pub async fn remove(
    client: &Client,
    ledger: &Ledger,
    row: &LedgerRow,
    sub: &UserSub,
    now: Timestamp,
) -> Result<(), SweepError> {
    match client
        .admin_delete_user(&row.intent.pool, sub.as_str())
        .await
    {
        Ok(_) => {}
        Err(error) if error.is("UserNotFoundException") => {}
        Err(error) => return Err(error.into()),
    }
    Ok(ledger.close(row.id, RowState::Deleted, now)?)
}

fn judge(row: &LedgerRow, found: &User) -> Standing {
    match (&row.sub, found.sub()) {
        (Some(ours), Some(found)) if *ours == found => Standing::Ours,
        (Some(_), _) => Standing::Another,
        (None, sub) => Standing::Unproven {
            sub,
            created: found.created,
        },
    }
}

/// What it means that nobody has the name.
fn absent(row: &LedgerRow, now: Timestamp) -> Standing {
    let age = now.duration_since(row.intended).as_secs();
    let seconds = REQUEST_SECONDS_MAX.saturating_sub(age);
    if row.sub.is_none() && seconds > 0 {
        // A row of a clock that is ahead is not waited for longer than one of now.
        let seconds = seconds.min(REQUEST_SECONDS_MAX);
        Standing::UnderWay { seconds }
    } else {
        Standing::Gone
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
        let unproven = |sub: Option<&str>, created: &str| Standing::Unproven {
            sub: sub.map(UserSub::new),
            created: created.parse().ok(),
        };
        let (before, then, later) = (
            "2026-11-21T02:50:00Z",
            "2026-11-21T03:00:02Z",
            "2026-11-21T03:30:00Z",
        );
        let cases = [
            (row(Some("1")), user("1", then), Standing::Ours),
            // The moment does not matter where the sub is known,
            (row(Some("1")), user("1", later), Standing::Ours),
            (row(Some("1")), user("2", then), Standing::Another),
            // and proves nothing where it is not: clocks are wrong, and requests late.
            (row(None), user("1", before), unproven(Some("1"), before)),
            (row(None), user("1", later), unproven(Some("1"), later)),
            (row(None), user("1", then), unproven(Some("1"), then)),
            (
                row(None),
                user("1", "unknown"),
                unproven(Some("1"), "unknown"),
            ),
        ];
        for (index, (row, user, expected)) in cases.into_iter().enumerate() {
            assert_eq!(judge(&row, &user), expected, "case {index}");
        }
        let nameless = || User {
            attributes: Vec::new(),
            ..user("1", then)
        };
        assert_eq!(judge(&row(None), &nameless()), unproven(None, then));
        assert_eq!(judge(&row(Some("1")), &nameless()), Standing::Another);
    }

    #[test]
    fn an_unanswered_sign_up_is_waited_for() {
        let under_way = |seconds| Standing::UnderWay { seconds };
        let cases = [
            (None, "2026-11-21T03:00:05Z", under_way(175)),
            (None, "2026-11-21T02:00:00Z", under_way(180)),
            (None, "2026-11-21T03:03:00Z", Standing::Gone),
            // An answer came, so that the request is over.
            (Some("1"), "2026-11-21T03:00:05Z", Standing::Gone),
        ];
        for (sub, now, expected) in cases {
            assert_eq!(absent(&row(sub), now.parse().unwrap()), expected, "{now}");
        }
    }
}

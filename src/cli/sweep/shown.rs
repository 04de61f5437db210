//! What a sweep shows before it removes anything.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};

use crate::cognito::{LedgerRow, Standing};
use crate::model::UserSub;

/// What is to become of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// The user is ours, or the person named it: it is removed.
    Remove(UserSub),
    /// There is nobody, or somebody else: the row is closed.
    Close(&'static str),
    /// It is left as it is.
    Leave(String),
}

/// A row, and what is to become of it.
#[derive(Debug)]
pub(super) struct Decided {
    pub(super) row: LedgerRow,
    pub(super) fate: Fate,
}

/// What becomes of a row behind which this stands.
pub(super) fn decide(row: &LedgerRow, standing: Standing, also: &[String]) -> Fate {
    match (standing, &row.sub) {
        (Standing::Ours, Some(sub)) => Fate::Remove(sub.clone()),
        (Standing::Ours, None) => Fate::Leave("its sub is not known".to_owned()),
        (Standing::Gone, _) => Fate::Close("is gone already"),
        (Standing::Another, _) => Fate::Close("is another user's name now"),
        (Standing::Unproven { sub, .. }, _) if also.contains(&row.intent.username) => {
            Fate::Remove(sub)
        }
        (Standing::Unproven { created, .. }, _) => {
            let when = created.map(|at| format!(" at {}", at.strftime("%Y-%m-%d %H:%M:%SZ")));
            Fate::Leave(format!(
                "its sign-up was never answered, and a user of that name was created{}; if it is \
                 yours, add: --also {}",
                when.unwrap_or_default(),
                row.intent.username
            ))
        }
    }
}

/// One line for each row, in groups: what is removed, what is left, what is over.
pub(super) fn lines(decided: &[Decided], now: Timestamp) -> String {
    let mut text = String::new();
    for Decided { row, fate } in decided {
        let (word, why) = match fate {
            Fate::Remove(sub) => ("remove", format!("sub {sub}")),
            Fate::Close(why) => ("over", (*why).to_owned()),
            Fate::Leave(why) => ("leave", why.clone()),
        };
        let intent = &row.intent;
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "  {word:<6}  {}  in {}, {} ago by run {} ({}): {why}",
            intent.username,
            intent.pool,
            age(now.duration_since(row.intended)),
            intent.run,
            intent.scenario,
        );
    }
    text
}

/// In the largest unit that fits: `3d`, `2h`, `5m`, `9s`.
fn age(time: SignedDuration) -> String {
    let seconds = time.as_secs().max(0);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..86_400 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

/// `1 user`, `3 users`.
pub(super) fn users(count: usize) -> String {
    match count {
        1 => "1 user".to_owned(),
        count => format!("{count} users"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cognito::ledger_samples::row;

    #[test]
    fn an_unproven_user_goes_only_if_it_is_named() {
        let unproven = || Standing::Unproven {
            sub: UserSub::new("9"),
            created: "2026-11-21T03:00:01Z".parse().ok(),
        };
        let named = decide(&row(None), unproven(), &["ada".to_owned()]);
        assert_eq!(named, Fate::Remove(UserSub::new("9")));
        for also in [vec![], vec!["Ada".to_owned()]] {
            let left = decide(&row(None), unproven(), &also);
            assert!(matches!(left, Fate::Leave(_)), "{left:?}");
        }
        let ours = decide(&row(Some("1")), Standing::Ours, &[]);
        assert_eq!(ours, Fate::Remove(UserSub::new("1")));
        let other = decide(&row(Some("1")), Standing::Another, &["ada".to_owned()]);
        assert!(matches!(other, Fate::Close(_)), "{other:?}");
    }

    #[test]
    fn a_line_says_who_where_and_why() {
        let decided = [Decided {
            row: row(Some("1")),
            fate: Fate::Remove(UserSub::new("1")),
        }];
        let now = "2026-11-21T05:10:00Z".parse().unwrap();
        assert_eq!(
            lines(&decided, now),
            "  remove  ada  in eu-west-1_AbCdEfGhI, 2h ago by run 7f3c \
             (features/sign_up.feature:9): sub 1\n"
        );
    }
}

//! What a sweep shows before it removes anything.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};

use super::args::Named;
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
pub(super) fn decide(row: &LedgerRow, standing: Standing, named: &Named) -> Fate {
    let username = &row.intent.username;
    match (standing, &row.sub) {
        (Standing::Ours, Some(sub)) => Fate::Remove(sub.clone()),
        (Standing::Ours, None) => Fate::Leave("its sub is not known".to_owned()),
        (Standing::Gone, _) => Fate::Close("is gone already"),
        (Standing::Another, _) => Fate::Close("is another user's name now"),
        (Standing::Unproven { sub: Some(sub), .. }, _) if named.also.contains(username) => {
            Fate::Remove(sub)
        }
        (Standing::Unproven { .. }, _) if named.forget.contains(username) => {
            Fate::Close("is somebody else, as --forget says")
        }
        (Standing::Unproven { created, .. }, _) => {
            let when = created.map(|at| format!(" at {}", at.strftime("%Y-%m-%d %H:%M:%SZ")));
            Fate::Leave(format!(
                "its sign-up was never answered, and a user of that name was created{}; if it is \
                 yours, add: --also {username}; if it is somebody else's: --forget {username}",
                when.unwrap_or_default(),
            ))
        }
        (Standing::UnderWay { seconds }, _) => Fate::Leave(format!(
            "its sign-up was never answered and may still be under way; sweep again in {seconds} s"
        )),
        (Standing::NoPool, _) if named.forget_pool.contains(&row.intent.pool) => {
            Fate::Close("is gone with its pool, as --forget-pool says")
        }
        (Standing::NoPool, _) => Fate::Leave(format!(
            "there is no pool {pool} with these credentials; if it was deleted, add: --forget-pool \
             {pool}",
            pool = row.intent.pool
        )),
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
    use crate::model::UserPoolId;

    const POOL: &str = "eu-west-1_AbCdEfGhI";

    fn named(also: &[&str], forget: &[&str], pool: &[&str]) -> Named {
        Named {
            also: also.iter().map(|&name| name.to_owned()).collect(),
            forget: forget.iter().map(|&name| name.to_owned()).collect(),
            forget_pool: pool.iter().map(|&id| UserPoolId::new(id)).collect(),
        }
    }

    fn fate(sub: Option<&str>, standing: Standing, named: &Named) -> String {
        match decide(&row(sub), standing, named) {
            Fate::Remove(sub) => format!("remove {sub}"),
            Fate::Close(why) => format!("close: {why}"),
            Fate::Leave(why) => format!("leave: {why}"),
        }
    }

    #[test]
    fn what_nothing_proves_is_for_a_person_to_say() {
        let unproven = |sub: Option<&str>| Standing::Unproven {
            sub: sub.map(UserSub::new),
            created: "2026-11-21T03:00:01Z".parse().ok(),
        };
        let cases = [
            (Some("9"), named(&["ada"], &[], &[]), "remove 9"),
            (Some("9"), named(&["Ada"], &[], &[]), "leave"),
            (None, named(&["ada"], &[], &[]), "leave"),
            (Some("9"), named(&[], &[], &[]), "leave"),
            (Some("9"), named(&[], &["ada"], &[]), "close"),
        ];
        for (index, (sub, named, expected)) in cases.into_iter().enumerate() {
            let fate = fate(None, unproven(sub), &named);
            assert!(fate.starts_with(expected), "case {index}: {fate}");
        }
        let under_way = Standing::UnderWay { seconds: 9 };
        let fate = fate(None, under_way, &named(&[], &[], &[]));
        assert!(fate.starts_with("leave: its sign-up"), "{fate}");
    }

    #[test]
    fn what_is_known_to_be_ours_or_not_needs_nobody_to_say_so() {
        let nobody = named(&[], &[], &[]);
        let cases = [
            (Standing::Ours, nobody.clone(), "remove 1"),
            (Standing::Ours, named(&[], &["ada"], &[POOL]), "remove 1"),
            (Standing::Another, named(&["ada"], &[], &[]), "close"),
            (Standing::NoPool, nobody, "leave: there is no pool"),
            (
                Standing::NoPool,
                named(&[], &["ada"], &["eu-west-1_B"]),
                "leave",
            ),
            (Standing::NoPool, named(&[], &[], &[POOL]), "close"),
        ];
        for (index, (standing, named, expected)) in cases.into_iter().enumerate() {
            let fate = fate(Some("1"), standing, &named);
            assert!(fate.starts_with(expected), "case {index}: {fate}");
        }
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

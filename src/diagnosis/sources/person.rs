//! Whether a line is about the person whose mail is missing.

use crate::diagnosis::{Call, Evidence};
use crate::model::UserSub;

/// By what the person, and others, are called in logs; all in small letters.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    /// The identifier of the user of the request.
    sub: Option<String>,
    /// The person's other names.
    names: Vec<String>,
    /// The users who had the address before.
    former: Vec<String>,
    /// Addresses of the pool's sender, which are nobody's.
    senders: Vec<String>,
}

impl Person {
    /// The person whom evidence is about; `senders` are addresses that mails are from.
    pub(super) fn of<'a>(evidence: &Evidence, senders: impl Iterator<Item = &'a str>) -> Self {
        let sub = own_sub(evidence).map(|sub| sub.as_str().to_lowercase());
        let subs = evidence.calls.iter().filter_map(Call::sub);
        let subs = subs.map(|one| one.as_str().to_lowercase());
        let former = subs.filter(|one| Some(one) != sub.as_ref()).collect();
        let username = evidence.request().and_then(|call| call.username.as_ref());
        let mut names = vec![evidence.case.address.mailbox_key()];
        names.extend(username.map(|name| name.to_lowercase()));
        Self {
            sub,
            names,
            former,
            senders: senders.flat_map(addresses).collect(),
        }
    }

    /// Whether a line names the person.
    pub(super) fn is_named(&self, line: &str) -> bool {
        let line = line.to_lowercase();
        let mut all = self.names.iter().chain(&self.sub);
        all.any(|name| line.contains(name.as_str()))
    }

    /// Whether these lines are about somebody else: another address, or the user who had this address
    /// before and was deleted.
    pub(super) fn is_another(&self, lines: &[&str]) -> bool {
        let has = |names: &[String]| {
            let mut lines = lines.iter().map(|line| line.to_lowercase());
            lines.any(|line| names.iter().any(|name| line.contains(name.as_str())))
        };
        if has(self.sub.as_slice()) {
            return false;
        }
        if has(&self.former) {
            return true;
        }
        let mut others = lines.iter().flat_map(|line| addresses(line));
        !has(&self.names) && others.any(|other| !self.senders.contains(&other))
    }
}

/// The user of the request: the one that its answer names, or else the last that was made before it
/// and not deleted.
fn own_sub(evidence: &Evidence) -> Option<&UserSub> {
    let request = evidence.request()?;
    let mut before = evidence.before().iter().rev();
    let deletes = |call: &&Call| !matches!(&*call.operation, "AdminDeleteUser" | "DeleteUser");
    request
        .sub()
        .or_else(|| before.by_ref().take_while(deletes).find_map(Call::sub))
}

/// The texts in a line that look like addresses, in small letters.
fn addresses(line: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '@' | '.' | '_' | '+' | '-');
    let words = line.split(|c: char| !is_part(c));
    let is_address = |word: &&str| {
        word.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && domain.contains('.') && !domain.contains('@')
        })
    };
    let words = words.map(|word| word.trim_matches('.'));
    words.filter(is_address).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::diagnosis::{Case, Reply, Trouble};
    use crate::model::UserPoolId;

    fn person() -> Person {
        let sign_up = |sub: &str| Call {
            operation: "SignUp".to_owned(),
            at: Timestamp::UNIX_EPOCH,
            request_id: None,
            username: Some("Ada".to_owned()),
            user_pool_id: None,
            client_id: None,
            asked_for_mail: None,
            reply: Reply::Accepted {
                sub: Some(UserSub::new(sub)),
                user_confirmed: None,
                deliveries: Vec::new(),
            },
        };
        let mut evidence = Evidence::of(Case {
            address: "ada@example.com".parse().unwrap(),
            trouble: Trouble::Missing,
            user_pool_id: UserPoolId::new("p"),
            client_id: None,
            request: Some(1),
            since: Timestamp::UNIX_EPOCH,
            until: Timestamp::UNIX_EPOCH,
            emulated: false,
        });
        evidence.calls = vec![sign_up("first-sub"), sign_up("second-sub")];
        Person::of(&evidence, ["Shop <shop@example.com>"].into_iter())
    }

    #[test]
    fn others_are_told_from_the_person() {
        let cases: &[(&[&str], bool)] = &[
            (&["nothing"], false),
            (&["to ADA@example.com"], false),
            (&["to bob@example.com"], true),
            (&["to bob@example.com, not to ada@example.com"], false),
            (&["from shop@example.com"], false),
            (&["first-sub has ada@example.com"], true),
            (&["first-sub", "then second-sub"], false),
            (&["second-sub"], false),
            (&["@decorated me@localhost"], false),
        ];
        for (lines, expected) in cases {
            assert_eq!(person().is_another(lines), *expected, "{lines:?}");
        }
    }

    #[test]
    fn the_person_is_named_in_several_ways() {
        for (line, expected) in [
            ("Ada@Example.com", true),
            ("user SECOND-SUB", true),
            ("first-sub", false),
            ("bob", false),
        ] {
            assert_eq!(person().is_named(line), expected, "{line}");
        }
    }
}

//! Which folders besides the inbox a mail may be put into.

use imap::types::{Name, Names};
use imap_proto::NameAttribute;

use super::super::Folder;

/// What junk folders are called on servers without SPECIAL-USE, in small letters.
const JUNK_NAMES: [&str; 6] = [
    "junk",
    "spam",
    "junk e-mail",
    "junk email",
    "bulk mail",
    "inbox.junk",
];

/// Folders that an error names; a mailbox of years may have hundreds.
const FOLDERS_SHOWN_MAX: usize = 20;

/// A folder's name on the server and what it is used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) junk: bool,
    pub(super) all: bool,
}

impl Listed {
    pub(super) fn of(names: &Names) -> Vec<Self> {
        let selectable = |name: &&Name<'_>| !name.attributes().contains(&NameAttribute::NoSelect);
        names
            .iter()
            .filter(selectable)
            .map(|name| Self {
                name: name.name().to_owned(),
                junk: name.attributes().contains(&NameAttribute::Junk),
                all: name.attributes().contains(&NameAttribute::All),
            })
            .collect()
    }
}

/// The folders to watch besides the inbox: by SPECIAL-USE (RFC 6154 §2), or else the first that is
/// called as junk folders are.
pub(super) fn elsewhere(listed: &[Listed], inbox: &str) -> Vec<Folder> {
    let others = || listed.iter().filter(|one| one.name != inbox);
    let is_named_junk = |one: &&Listed| JUNK_NAMES.contains(&one.name.to_lowercase().as_str());
    let marked = others().find(|one| one.junk);
    let junk = marked.or_else(|| others().find(is_named_junk));
    let all = others().find(|one| one.all);
    junk.map(|one| Folder::Junk(one.name.clone()))
        .into_iter()
        .chain(all.map(|one| Folder::Other(one.name.clone())))
        .collect()
}

/// The folders that there are, for whoever named another.
pub(super) fn known(listed: &[Listed]) -> String {
    let shown = listed.iter().take(FOLDERS_SHOWN_MAX);
    let names: Vec<_> = shown.map(|one| format!("`{}`", one.name)).collect();
    let more = listed.len() - names.len();
    let names = names.join(", ");
    if more == 0 {
        format!("there are {names}")
    } else {
        format!("there are {names} and {more} more")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(name: &str, junk: bool, all: bool) -> Listed {
        let name = name.to_owned();
        Listed { name, junk, all }
    }

    #[test]
    fn special_use_counts_more_than_a_name() {
        let inbox = listed("INBOX", false, false);
        let junk = |name: &str| Folder::Junk(name.to_owned());
        let cases = [
            (vec![], vec![]),
            (vec![listed("Spam", false, false)], vec![junk("Spam")]),
            (
                vec![
                    listed("Spam", false, false),
                    listed("Werbung", true, false),
                    listed("[Gmail]/All Mail", false, true),
                ],
                vec![
                    junk("Werbung"),
                    Folder::Other("[Gmail]/All Mail".to_owned()),
                ],
            ),
            (vec![listed("Spam/2026", false, false)], vec![]),
        ];
        for (others, expected) in cases {
            let all: Vec<_> = std::iter::once(inbox.clone()).chain(others).collect();
            assert_eq!(elsewhere(&all, "INBOX"), expected);
        }
        let many: Vec<_> = (0..22).map(|_| inbox.clone()).collect();
        assert_eq!(known(&many[..2]), "there are `INBOX`, `INBOX`");
        assert!(known(&many).ends_with("`INBOX` and 2 more"));
        // Who watches the junk folder as the inbox has no other.
        assert_eq!(elsewhere(&[listed("Junk", true, false)], "Junk"), []);
    }
}

//! How a text names a part of the data.

/// A path such as `../contact.firstName`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    /// As it was written, for errors.
    pub(super) written: String,
    pub(super) start: Start,
    /// Names of members and places in lists, from there on.
    pub(super) names: Vec<String>,
}

/// Where a path begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// What the text is about, or what the text around it is about, so many times outwards.
    Here(usize),
    /// All of the data.
    Root,
    /// What `each` tells of the present member, or an `each` so many times outwards.
    Of(Local, usize),
}

/// What `each` tells of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Local {
    Index,
    Key,
    First,
    Last,
}

impl Path {
    /// Reads a path; nothing if it is none.
    pub(super) fn parse(written: &str) -> Option<Self> {
        let (is_data, rest) = match written.strip_prefix('@') {
            Some(rest) => (true, rest),
            None => (false, written),
        };
        let (levels, rest) = outwards(rest);
        let mut names: Vec<String> = segments(rest)?;
        let start = if is_data {
            let local = match names.first().map(String::as_str) {
                Some("root") if levels == 0 => None,
                Some("index") => Some(Local::Index),
                Some("key") => Some(Local::Key),
                Some("first") => Some(Local::First),
                Some("last") => Some(Local::Last),
                _ => return None,
            };
            names.remove(0);
            match local {
                None => Start::Root,
                Some(local) if names.is_empty() => Start::Of(local, levels),
                Some(_) => return None,
            }
        } else {
            if names.first().is_some_and(|name| name == "this") {
                names.remove(0);
            }
            Start::Here(levels)
        };
        Some(Self {
            written: written.to_owned(),
            start,
            names,
        })
    }
}

/// How often a path goes outwards, and what is left of it.
fn outwards(mut rest: &str) -> (usize, &str) {
    let mut levels = 0;
    loop {
        if rest == ".." {
            return (levels + 1, "");
        }
        let Some(inner) = rest.strip_prefix("../") else {
            break;
        };
        (levels, rest) = (levels + 1, inner);
    }
    let here = if rest == "." {
        Some("")
    } else {
        rest.strip_prefix("./")
    };
    (levels, here.unwrap_or(rest))
}

/// The names of `a.b/c.[d e]`; nothing if one of them is not a name.
fn segments(mut rest: &str) -> Option<Vec<String>> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$' | ':');
    let mut names = Vec::new();
    while !rest.is_empty() {
        let (name, after) = match rest.strip_prefix('[') {
            Some(quoted) => quoted.split_once(']')?,
            None => rest.split_at(rest.find(|c| !is_name(c)).unwrap_or(rest.len())),
        };
        if name.is_empty() {
            return None;
        }
        names.push(name.to_owned());
        rest = match after.strip_prefix(['.', '/']) {
            Some("") => return None,
            Some(next) => next,
            None if after.is_empty() => after,
            None => return None,
        };
    }
    Some(names)
}

#[test]
fn paths() {
    let here = Start::Here;
    for (written, start, names) in [
        ("name", here(0), &["name"][..]),
        ("a.b/c", here(0), &["a", "b", "c"]),
        ("this", here(0), &[]),
        (".", here(0), &[]),
        ("this.a", here(0), &["a"]),
        ("./a", here(0), &["a"]),
        ("..", here(1), &[]),
        ("../../a.0", here(2), &["a", "0"]),
        ("../this", here(1), &[]),
        ("a.[b c].größe", here(0), &["a", "b c", "größe"]),
        ("@root.a", Start::Root, &["a"]),
        ("@index", Start::Of(Local::Index, 0), &[]),
        ("@../key", Start::Of(Local::Key, 1), &[]),
    ] {
        let path = Path::parse(written).unwrap();
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        assert_eq!((path.start, path.names), (start, names), "{written}");
    }
    for none in [
        "a b", "a.", "a..b", "a.[b", "@", "@other", "@index.a", "\"a\"", "(a)", "a=b", "[]",
    ] {
        assert_eq!(Path::parse(none), None, "{none}");
    }
}

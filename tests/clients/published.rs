//! The scripts of the documents that the project grew from, taken out of their text as they stand.
//!
//! The documents are not part of the repository; where they lie beside it, their scripts are run.

use std::path::{Path, PathBuf};

use crate::skipped::skipped;

/// The address that both scripts use.
pub(crate) const ADDRESS: &str = "user@example.com";

/// The text of the document of this number, or a line that says that it was not found.
pub(crate) fn document(number: &str, what: &str) -> Option<String> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    let folder = std::env::var_os("REVERIFY_SEEDS").map_or(beside, PathBuf::from);
    let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    let first = files.into_iter().find(|path| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(&format!("{number}_")))
    });
    let Some(first) = first else {
        skipped(
            what,
            &format!("no document {number}_* in {}", folder.display()),
        );
        return None;
    };
    Some(std::fs::read_to_string(&first).unwrap_or_else(|e| panic!("{}: {e}", first.display())))
}

/// The lines of `text` from the one that starts with `first` to the one that is `last`.
#[track_caller]
pub(crate) fn excerpt(text: &str, first: &str, last: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let start = lines.iter().position(|line| line.starts_with(first));
    let start = start.unwrap_or_else(|| panic!("no line starts with {first:?}"));
    let end = lines[start..].iter().position(|line| *line == last);
    let end = start + end.unwrap_or_else(|| panic!("no line {last:?} after {first:?}"));
    lines[start..=end]
        .iter()
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// Puts `value` in place of a placeholder that must be there.
#[track_caller]
pub(crate) fn fill_in(script: &str, placeholder: &str, value: &str) -> String {
    assert!(
        script.contains(placeholder),
        "no {placeholder} in:\n{script}"
    );
    script.replace(placeholder, value)
}

/// Gives Python its indentation back, which the document's text has lost.
///
/// Enough for functions that consist of one `try` whose `except` holds one statement, as here:
/// a line that ends with a colon opens a block, and after the `except` the function is over.
pub(crate) fn indent_python(script: &str) -> String {
    let (mut depth, mut depth_of_try) = (0, 0);
    let mut is_handler = false;
    let mut indented = String::new();
    for line in script.lines().map(str::trim) {
        let opens_handler = line.starts_with("except ");
        if opens_handler {
            depth = depth_of_try;
        } else if line.starts_with("def ") {
            depth = 0;
        } else if line == "try:" {
            depth_of_try = depth;
        }
        indented.extend([&"    ".repeat(depth), line, "\n"]);
        if line.ends_with(':') {
            depth += 1;
        } else if is_handler {
            depth = 0;
        }
        is_handler = opens_handler;
    }
    indented
}

#[test]
fn indentation_follows_the_blocks() {
    let flat = "import a\ndef b():\ntry:\nc(\nd=1\n)\ne()\nexcept F as f:\ng(f)\nb()\n";
    let indented = "import a
def b():
    try:
        c(
        d=1
        )
        e()
    except F as f:
        g(f)
b()
";
    assert_eq!(indent_python(flat), indented);
}

//! Adds to a `Cargo.toml` without changing what is in it.

use toml::Table;

/// The name of the test target.
pub(super) const TEST_TARGET: &str = "verification";

/// What is to become of a manifest.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Manifest {
    /// All is there already.
    Complete,
    /// This text, with what was added.
    Changed {
        text: String,
        added: Vec<&'static str>,
    },
    /// It is written in a way that lines cannot be added to; these are the lines.
    ByHand { lines: String },
}

/// Why a manifest is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum ManifestError {
    /// It is no TOML.
    #[error("is not TOML: {0}")]
    Toml(String),
    /// It is a workspace's.
    #[error("has no [package]: it is a workspace")]
    Workspace,
}

/// Adds `dependency`, the value of the dev-dependency on this crate, and the test target.
///
/// # Errors
///
/// When it is not the manifest of a package.
pub(super) fn extend(manifest: &str, dependency: &str) -> Result<Manifest, ManifestError> {
    let parsed = parse(manifest)?;
    if !parsed.contains_key("package") {
        return Err(ManifestError::Workspace);
    }
    let mut text = manifest.to_owned();
    let mut added = Vec::new();
    let mut by_hand = String::new();
    if !depends_on_us(&parsed) {
        let line = format!("reverify = {dependency}\n");
        by_hand.push_str("[dev-dependencies]\n");
        by_hand.push_str(&line);
        text = with_dev_dependency(&text, &line);
        added.push("the dev-dependency on reverify");
    }
    if !has_target(&parsed) {
        let lines = format!("[[test]]\nname = \"{TEST_TARGET}\"\nharness = false\n");
        text = with_paragraph(&text, &lines);
        by_hand.push_str(&lines);
        added.push("the test target");
    }
    if added.is_empty() {
        return Ok(Manifest::Complete);
    }
    // Tables can be written inline and in other ways that lines do not fit under.
    let understood = parse(&text).is_ok_and(|new| depends_on_us(&new) && has_target(&new));
    Ok(if understood {
        Manifest::Changed { text, added }
    } else {
        Manifest::ByHand { lines: by_hand }
    })
}

fn parse(text: &str) -> Result<Table, ManifestError> {
    let parsed = text.parse::<Table>();
    parsed.map_err(|error| ManifestError::Toml(error.to_string().trim_end().to_owned()))
}

fn depends_on_us(manifest: &Table) -> bool {
    ["dependencies", "dev-dependencies"].iter().any(|kind| {
        let table = manifest.get(*kind).and_then(toml::Value::as_table);
        table.is_some_and(|table| table.contains_key("reverify"))
    })
}

fn has_target(manifest: &Table) -> bool {
    let targets = manifest.get("test").and_then(toml::Value::as_array);
    let mut names = targets.into_iter().flatten().map(|test| test.get("name"));
    names.any(|name| name.and_then(toml::Value::as_str) == Some(TEST_TARGET))
}

/// Under the table's header where it has one, else with a header at the end.
fn with_dev_dependency(text: &str, line: &str) -> String {
    let mut new = String::new();
    let mut placed = false;
    for old in text.split_inclusive('\n') {
        new.push_str(old);
        let header = old.split('#').next().unwrap_or_default().trim();
        if !placed && header == "[dev-dependencies]" {
            end_line(&mut new);
            new.push_str(line);
            placed = true;
        }
    }
    if placed {
        new
    } else {
        with_paragraph(&new, &format!("[dev-dependencies]\n{line}"))
    }
}

fn with_paragraph(text: &str, lines: &str) -> String {
    let mut new = text.to_owned();
    end_line(&mut new);
    if !new.is_empty() && !new.ends_with("\n\n") {
        new.push('\n');
    }
    new.push_str(lines);
    new
}

fn end_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: &str = "[[test]]\nname = \"verification\"\nharness = false\n";

    fn changed(manifest: &str) -> String {
        match extend(manifest, "\"0.1.0\"") {
            Ok(Manifest::Changed { text, .. }) => text,
            other => panic!("{manifest}: {other:?}"),
        }
    }

    #[test]
    fn lines_are_added_and_none_is_changed() {
        let package = "[package]\nname = \"shop\"\n";
        let line = "reverify = \"0.1.0\"\n";
        let header = "[dev-dependencies]";
        let cases = [
            (
                package.to_owned(),
                format!("{package}\n{header}\n{line}\n{TARGET}"),
            ),
            (
                format!("{package}\n{header} # tests\ninsta = \"1\"\n\n[features]"),
                format!(
                    "{package}\n{header} # tests\n{line}insta = \"1\"\n\n[features]\n\n{TARGET}"
                ),
            ),
            (
                format!("{package}{header}"),
                format!("{package}{header}\n{line}\n{TARGET}"),
            ),
            (
                format!("{package}\n[dependencies]\n{line}"),
                format!("{package}\n[dependencies]\n{line}\n{TARGET}"),
            ),
        ];
        for (before, after) in cases {
            assert_eq!(changed(&before), after);
            assert_eq!(extend(&after, "\"0.1.0\""), Ok(Manifest::Complete));
        }
    }

    #[test]
    fn what_cannot_take_lines_is_left_to_the_person() {
        let inline = "dev-dependencies = { insta = \"1\" }\n[package]\nname = \"shop\"\n";
        let Ok(Manifest::ByHand { lines }) = extend(inline, "\"0.1.0\"") else {
            panic!("an inline table was changed");
        };
        assert_eq!(
            lines,
            format!("[dev-dependencies]\nreverify = \"0.1.0\"\n{TARGET}")
        );
        let workspace = extend("[workspace]\nmembers = [\"shop\"]\n", "\"0.1.0\"");
        assert_eq!(workspace, Err(ManifestError::Workspace));
        assert!(matches!(
            extend("[package", ""),
            Err(ManifestError::Toml(_))
        ));
    }
}

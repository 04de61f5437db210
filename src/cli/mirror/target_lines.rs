//! How a mirror becomes a target: lines of `reverify.toml`.

use std::path::Path;

use crate::config::{Configuration, Target, TargetKind};

/// What the target is called, unless another one is.
const NAME: &str = "mirror";

/// Says how the mirror in a file is tested, beside its original if that is a target.
///
/// `folder` is the one that a relative `file` counts from.
pub(super) fn target_lines(
    file: &Path,
    folder: &Path,
    configuration: Option<&Configuration>,
    original: Option<&str>,
) -> String {
    let full = folder.join(file);
    let base = configuration.map_or_else(|| folder.to_owned(), |one| folder.join(one.base()));
    let beside = original.map_or_else(String::new, |name| format!(" --target {name}"));
    let targets = || configuration.into_iter().flat_map(Configuration::targets);
    let starts_with = |target: &&Target| match &target.kind {
        TargetKind::Embedded { seed: Some(seed) } => folder.join(seed) == full,
        _ => false,
    };
    if let Some(known) = targets().find(starts_with) {
        let name = &known.name;
        return format!(
            "it is the target `{name}`; test it with: reverify run{beside} --target {name}\n"
        );
    }
    let is_free = |name: &String| targets().all(|target| target.name != *name);
    let numbered = (2_u32..).map(|number| format!("{NAME}-{number}"));
    let mut names = std::iter::once(NAME.to_owned()).chain(numbered);
    let name = names.find(is_free).unwrap_or_else(|| NAME.to_owned());
    let seed = full.strip_prefix(&base).unwrap_or(&full);
    let seed = toml::Value::from(seed.to_string_lossy().as_ref());
    format!(
        "to test it, write into reverify.toml:\n\n\
         [target.{name}]\nkind = \"embedded\"\nseed = {seed}\n\n\
         and run: reverify run{beside} --target {name}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Reading;

    #[test]
    fn the_lines_fit_into_the_file_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let below = folder.join("a/b");
        let said = |text: &str, from: &Path, file: &str| {
            std::fs::write(folder.join("reverify.toml"), text).unwrap();
            let reading = Reading {
                folder: from,
                file: None,
                variable: &|_| None,
            };
            let configuration = Configuration::load(&reading).unwrap();
            target_lines(Path::new(file), from, Some(&configuration), Some("staging"))
        };
        let own = "[target.mirror]\nkind = \"embedded\"\nseed = \"m.toml\"\n";
        let cases = [
            (
                "",
                folder,
                "m.toml",
                "[target.mirror]\nkind = \"embedded\"\nseed = \"m.toml\"\n",
            ),
            // Paths count from the file, not from where one stands.
            ("", &*below, "m.toml", "seed = \"a/b/m.toml\"\n"),
            (
                "",
                folder,
                "/elsewhere/m.toml",
                "seed = \"/elsewhere/m.toml\"\n",
            ),
            ("", folder, "a\"b.toml", "seed = 'a\"b.toml'\n"),
            (own, folder, "other.toml", "[target.mirror-2]\n"),
            (
                own,
                folder,
                "m.toml",
                "it is the target `mirror`; test it with: reverify run --target staging --target mirror\n",
            ),
        ];
        for (text, from, file, expected) in cases {
            let said = said(text, from, file);
            assert!(said.contains(expected), "{file}: {said}");
        }
        let alone = target_lines(Path::new("m.toml"), folder, None, None);
        assert!(
            alone.ends_with("and run: reverify run --target mirror\n"),
            "{alone}"
        );
    }
}

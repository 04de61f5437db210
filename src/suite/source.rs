//! Feature files, and the features that are built in.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::SuiteError;
use crate::model::read_bounded;

/// Larger feature files are not read: it is text that people write.
const FEATURE_BYTES_MAX: u64 = 1024 * 1024;
/// Deepest folder below the given one in which features are looked for.
const FOLDER_DEPTH_MAX: usize = 16;

macro_rules! shipped {
    ($($path:literal),+ $(,)?) => {
        &[$(($path, include_str!(concat!("../../", $path)))),+]
    };
}

/// The features that ship with the tool.
const SHIPPED: &[(&str, &str)] = shipped![
    "features/account_recovery.feature",
    "features/admin_create_user.feature",
    "features/aliases.feature",
    "features/attributes.feature",
    "features/auto_confirm.feature",
    "features/code_expiry.feature",
    "features/messages.feature",
    "features/mfa.feature",
    "features/no_second_mail.feature",
    "features/password_policy.feature",
    "features/re_sign_up.feature",
    "features/reset_password.feature",
    "features/secret_hash.feature",
    "features/set_password.feature",
    "features/sign_up.feature",
    "features/tokens.feature",
    "features/triggers.feature",
    "features/user_management.feature",
];

/// The text of a feature file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The path by which its scenarios are named.
    pub path: String,
    /// The Gherkin text, which each of its problems shows a part of.
    pub text: Arc<str>,
}

impl Source {
    /// The features that ship with the tool.
    pub fn shipped() -> Vec<Self> {
        let all = SHIPPED.iter();
        all.map(|&(path, text)| Self {
            path: path.to_owned(),
            text: text.into(),
        })
        .collect()
    }

    /// Reads a feature file, or all `*.feature` files below a folder, in the order of their names.
    ///
    /// A path that does not exist but names a shipped feature gives that one, so that the command
    /// in a failure report works in any folder.
    ///
    /// # Errors
    ///
    /// When the path cannot be read or holds no features.
    pub fn read(path: &Path) -> Result<Vec<Self>, SuiteError> {
        let shown = path.to_string_lossy().replace('\\', "/");
        if !path.exists() {
            let shipped = Self::shipped().into_iter().find(|one| one.path == shown);
            return shipped
                .map(|one| vec![one])
                .ok_or_else(|| SuiteError::Unreadable {
                    path: path.to_owned(),
                    reason: "there is no such file or folder".to_owned(),
                });
        }
        let mut files = Vec::new();
        find_features(path, FOLDER_DEPTH_MAX, &mut files)?;
        files.sort();
        if files.is_empty() {
            return Err(SuiteError::Unreadable {
                path: path.to_owned(),
                reason: "the folder holds no *.feature file".to_owned(),
            });
        }
        files.iter().map(|file| Self::read_file(file)).collect()
    }

    fn read_file(path: &Path) -> Result<Self, SuiteError> {
        let unreadable = |reason: String| SuiteError::Unreadable {
            path: path.to_owned(),
            reason,
        };
        let file = fs::File::open(path);
        let bytes = file.and_then(|file| read_bounded(file, FEATURE_BYTES_MAX));
        let bytes = bytes.map_err(|error| unreadable(error.to_string()))?;
        let text = decoded(bytes).map_err(unreadable)?;
        Ok(Self {
            path: path
                .to_string_lossy()
                .trim_start_matches("./")
                .replace('\\', "/"),
            text: text.into(),
        })
    }
}

/// Editors on Windows begin a file with a byte order mark, which is no part of the text.
fn decoded(bytes: Vec<u8>) -> Result<String, String> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        format!("line {line} is not UTF-8; save the file in this encoding")
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

fn find_features(path: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), SuiteError> {
    if !path.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    let unreadable = |error: std::io::Error| SuiteError::Unreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let inner = entry.map_err(unreadable)?.path();
        let is_feature = inner.extension().is_some_and(|ext| ext == "feature");
        if is_feature || (inner.is_dir() && depth > 0) {
            find_features(&inner, depth.saturating_sub(1), found)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_feature_of_the_repository_is_shipped() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("features");
        let on_disk: BTreeSet<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| format!("features/{}", entry.unwrap().file_name().display()))
            .collect();
        let shipped: BTreeSet<_> = Source::shipped().into_iter().map(|one| one.path).collect();
        assert_eq!(on_disk, shipped);
    }

    #[test]
    fn a_feature_has_a_largest_size_whatever_it_says_of_its_length() {
        let error = Source::read(Path::new("/dev/zero")).unwrap_err();
        let said = "it is larger than 1048576 bytes";
        assert!(error.to_string().contains(said), "{error}");
    }

    #[test]
    fn a_text_is_utf_8_with_or_without_a_mark() {
        let text = |bytes: &[u8]| decoded(bytes.to_vec());
        assert_eq!(text(b"\xef\xbb\xbfFeature: A"), Ok("Feature: A".to_owned()));
        assert_eq!(text("ü".as_bytes()), Ok("ü".to_owned()));
        assert!(text(b"a\nb\xff").unwrap_err().contains("line 2"));
    }

    #[test]
    fn a_shipped_feature_is_found_in_any_folder() {
        let nowhere = Path::new("features/re_sign_up.feature");
        assert_eq!(
            Source::read(nowhere).unwrap()[0].path,
            "features/re_sign_up.feature"
        );
        let error = Source::read(Path::new("nowhere.feature")).unwrap_err();
        assert!(error.to_string().contains("no such file"), "{error}");
    }
}

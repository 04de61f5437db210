//! From arguments to features and a selection.

use std::path::{Path, PathBuf};

use super::args::SelectionArgs;
use crate::config::Profile;
use crate::model::ScenarioId;
use crate::suite::{ReverifyWorld, Selection, Source, Suite, SuiteError};

/// The suite that the arguments ask for; a profile's tags count where they name none.
pub(super) fn suite(
    args: &SelectionArgs,
    profile: &Profile,
) -> Result<Suite<ReverifyWorld>, SuiteError> {
    let mut selection = Selection::all();
    let of_profile = profile.tags.as_ref().map(|tags| &tags.value);
    if let Some(tags) = args.tags.as_ref().or(of_profile) {
        selection = selection.with_tags(tags)?;
    }
    if let Some(name) = &args.name {
        selection = selection.with_name(name)?;
    }
    let (sources, places) = sources(&args.paths)?;
    let suite = Suite::of(sources);
    Ok(suite.select(selection.with_places(places)))
}

/// All features of files and folders.
pub(super) fn files(paths: &[PathBuf]) -> Result<Suite<ReverifyWorld>, SuiteError> {
    let (sources, places) = sources(paths)?;
    match places.into_iter().next() {
        None => Ok(Suite::of(sources)),
        Some(place) => Err(SuiteError::Unreadable {
            path: PathBuf::from(place.to_string()),
            reason: "a feature is checked as a whole, so name the file without a line".to_owned(),
        }),
    }
}

fn sources(paths: &[PathBuf]) -> Result<(Vec<Source>, Vec<ScenarioId>), SuiteError> {
    if paths.is_empty() {
        return Ok((Source::shipped(), Vec::new()));
    }
    let mut sources: Vec<Source> = Vec::new();
    let mut places = Vec::new();
    for path in paths {
        let (file, line) = split_line(path);
        let read = Source::read(&file)?;
        if let (Some(line), Some(only)) = (line, read.first()) {
            places.push(ScenarioId::new(only.path.clone(), line));
        }
        let new = read
            .into_iter()
            .filter(|one| !sources.iter().any(|had| had.path == one.path));
        let new: Vec<_> = new.collect();
        sources.extend(new);
    }
    Ok((sources, places))
}

/// `a.feature:12` is line 12 of `a.feature`, unless there is a file of that very name.
fn split_line(path: &Path) -> (PathBuf, Option<usize>) {
    let text = path.to_string_lossy();
    match text
        .rsplit_once(':')
        .map(|(file, line)| (file, line.parse()))
    {
        Some((file, Ok(line))) if !path.exists() => (PathBuf::from(file), Some(line)),
        _ => (path.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_split_off() {
        let split = |text: &str| split_line(Path::new(text));
        assert_eq!(
            split("a.feature:12"),
            (PathBuf::from("a.feature"), Some(12))
        );
        assert_eq!(split("a.feature"), (PathBuf::from("a.feature"), None));
        assert_eq!(split("a:b"), (PathBuf::from("a:b"), None));
    }
}

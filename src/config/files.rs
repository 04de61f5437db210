//! The files of a configuration: found, read, parsed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::masking::masked;
use super::node::{Table, parse};
use super::origin::File;
use super::problem::{ConfigError, ConfigProblem};
use crate::model::read_text;

/// The file's name.
pub const FILE_NAME: &str = "reverify.toml";

/// The name of the file beside it that holds what is one person's own.
pub const LOCAL_FILE_NAME: &str = "reverify.local.toml";

/// The folder in which projects keep such files who do not want them at their root.
const FOLDER_OF_CONFIGURATIONS: &str = ".config";

/// Largest file; a long one has some kilobytes.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// What is built in.
const DEFAULT: &str = include_str!("default.toml");

/// A file with what it says.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    pub(super) file: Arc<File>,
    pub(super) table: Table,
}

/// The files' layers, the strongest first, and the folder that relative paths count from.
#[derive(Debug)]
pub(super) struct Layers {
    pub(super) layers: Vec<Layer>,
    pub(super) base: PathBuf,
}

/// Reads `file`, or the one that is found from `folder` upwards, with the local one beside it; the
/// built-in one stands below them.
pub(super) fn read(folder: &Path, file: Option<&Path>) -> Result<Layers, ConfigError> {
    let main = match file {
        Some(file) => Some(file.to_owned()),
        None => find(folder),
    };
    let base = main.as_deref().map_or_else(|| folder.to_owned(), base_of);
    let mut layers = Vec::new();
    let mut problems = Vec::new();
    if let Some(main) = &main {
        let local = main.with_file_name(LOCAL_FILE_NAME);
        let local = local.exists().then_some(local);
        for path in local.iter().chain([main]) {
            let text = text_of(path)?;
            let name = path.strip_prefix(folder).unwrap_or(path);
            let name = name.display().to_string();
            keep(layer(&text, name, &base, false), &mut layers, &mut problems);
        }
    }
    let built_in = layer(DEFAULT, "default.toml".to_owned(), &base, true);
    keep(built_in, &mut layers, &mut problems);
    if problems.is_empty() {
        Ok(Layers { layers, base })
    } else {
        Err(ConfigError::Problems(problems))
    }
}

fn keep(
    read: Result<Layer, ConfigProblem>,
    layers: &mut Vec<Layer>,
    problems: &mut Vec<ConfigProblem>,
) {
    match read {
        Ok(layer) => layers.push(layer),
        Err(problem) => problems.push(problem),
    }
}

fn layer(text: &str, name: String, base: &Path, built_in: bool) -> Result<Layer, ConfigProblem> {
    let file = Arc::new(File {
        name,
        text: masked(text).into(),
        base: base.to_owned(),
        built_in,
    });
    let table = parse(text, &file)?;
    Ok(Layer { file, table })
}

/// The nearest file, from a folder upwards.
fn find(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find_map(|folder| {
        let hidden = folder.join(FOLDER_OF_CONFIGURATIONS).join(FILE_NAME);
        [folder.join(FILE_NAME), hidden]
            .into_iter()
            .find(|path| path.is_file())
    })
}

/// The folder of a file; for one in `.config` that above it.
fn base_of(file: &Path) -> PathBuf {
    let folder = file.parent().unwrap_or(Path::new(""));
    let is_hidden = folder
        .file_name()
        .is_some_and(|name| name == FOLDER_OF_CONFIGURATIONS);
    let folder = match folder.parent() {
        Some(above) if is_hidden => above,
        _ => folder,
    };
    folder.to_owned()
}

fn text_of(path: &Path) -> Result<String, ConfigError> {
    let text = fs::File::open(path).and_then(|file| read_text(file, FILE_BYTES_MAX));
    text.map_err(|error| ConfigError::Unreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    })
}

/// What the built-in file says; it is TOML, which a test has tried.
pub(super) fn built_in() -> Option<Table> {
    let layer = layer(DEFAULT, "default.toml".to_owned(), Path::new(""), true);
    layer.ok().map(|layer| layer.table)
}

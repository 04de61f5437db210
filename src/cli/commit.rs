//! Which commit is checked out.

use std::fs;
use std::path::{Path, PathBuf};

/// References that lead to references are followed this often: git's own limit.
const REFERENCES_MAX: usize = 5;

/// The commit that is checked out in a folder or above it, in full; nothing outside a repository,
/// before its first commit, or where git keeps it in a way of its own (`reftable`).
///
/// Git itself is not needed: `gitrepository-layout(5)` says where the commit stands.
pub(super) fn commit(folder: &Path) -> Option<String> {
    let repository = folder.ancestors().find_map(repository)?;
    // A work tree beside the main one has a folder of its own, and branches are in the shared one.
    let shared = fs::read_to_string(repository.join("commondir")).ok();
    let shared = shared.map_or_else(|| repository.clone(), |path| repository.join(path.trim()));
    let mut text = fs::read_to_string(repository.join("HEAD")).ok()?;
    for _ in 0..REFERENCES_MAX {
        let Some(name) = text.trim().strip_prefix("ref: ") else {
            return is_commit(text.trim()).then(|| text.trim().to_owned());
        };
        let loose = [&repository, &shared].map(|folder| folder.join(name));
        let loose = loose.iter().find_map(|path| fs::read_to_string(path).ok());
        text = loose.or_else(|| packed(&shared, name))?;
    }
    None
}

/// `.git` of a folder: a folder, or a file that names one.
fn repository(folder: &Path) -> Option<PathBuf> {
    let path = folder.join(".git");
    if path.is_dir() {
        return Some(path);
    }
    let text = fs::read_to_string(path).ok()?;
    Some(folder.join(text.trim().strip_prefix("gitdir: ")?))
}

/// A line of `packed-refs` is a commit, a blank and a name.
fn packed(shared: &Path, name: &str) -> Option<String> {
    let text = fs::read_to_string(shared.join("packed-refs")).ok()?;
    let lines = text.lines().filter_map(|line| line.split_once(' '));
    let mut found = lines.filter(|(_, named)| *named == name);
    found.next().map(|(commit, _)| commit.to_owned())
}

/// SHA-1 or SHA-256.
fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "1111111111111111111111111111111111111111";
    const TWO: &str = "2222222222222222222222222222222222222222";

    fn write(folder: &Path, name: &str, text: &str) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn the_commit_stands_where_git_keeps_it() {
        let place = tempfile::TempDir::new().unwrap();
        let main = place.path().join("main");
        fs::create_dir_all(main.join("src/deep")).unwrap();
        assert_eq!(commit(&main.join("src")), None, "no repository");
        write(&main, ".git/HEAD", "ref: refs/heads/main\n");
        assert_eq!(commit(&main), None, "no commit yet");
        let packed = format!("# pack-refs with: peeled\n{ONE} refs/heads/main\n^{TWO}\n");
        write(&main, ".git/packed-refs", &packed);
        assert_eq!(commit(&main.join("src/deep")).as_deref(), Some(ONE));
        write(&main, ".git/refs/heads/main", &format!("{TWO}\n"));
        assert_eq!(
            commit(&main).as_deref(),
            Some(TWO),
            "a loose reference is newer"
        );
        write(&main, ".git/HEAD", &format!("{ONE}\n"));
        assert_eq!(commit(&main).as_deref(), Some(ONE), "detached");
        write(&main, ".git/HEAD", "ref: refs/heads/loop\n");
        write(&main, ".git/refs/heads/loop", "ref: refs/heads/loop\n");
        assert_eq!(commit(&main), None);

        let beside = place.path().join("beside");
        write(&beside, ".git", "gitdir: ../main/.git/worktrees/beside\n");
        write(
            &main,
            ".git/worktrees/beside/HEAD",
            "ref: refs/heads/main\n",
        );
        write(&main, ".git/worktrees/beside/commondir", "../..\n");
        assert_eq!(commit(&beside).as_deref(), Some(TWO));
    }
}

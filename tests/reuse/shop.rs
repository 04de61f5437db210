//! The second crate, in a folder outside this package.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const PACKAGE: &str = env!("CARGO_MANIFEST_DIR");

/// The crate before `reverify init`: it has test targets of its own already.
const MANIFEST: &str = r#"[package]
name = "shop"
version = "0.1.0"
edition = "2024"

[dev-dependencies]
cucumber = { version = "0.23", default-features = false, features = ["macros"] }

[[test]]
name = "shop"
harness = false

[[test]]
name = "elsewhere"
harness = false
"#;

/// What cargo and its runners tell the tests that they start, and what would change the result.
const FOREIGN_VARIABLES: [&str; 7] = [
    "CARGO_PKG_",
    "CARGO_MANIFEST_",
    "CARGO_BIN_",
    "CARGO_CRATE_",
    "NEXTEST",
    "RUST_TEST_",
    "REVERIFY_",
];

/// The folder, which is removed in the end.
pub(crate) struct Shop(TempDir);

/// A command that ended.
pub(crate) struct Ended {
    code: Option<i32>,
    /// Standard output, then standard error.
    pub(crate) said: String,
}

impl Shop {
    pub(crate) fn new() -> Self {
        let shop = Self(TempDir::new().unwrap());
        let package = read(Path::new("Cargo.toml"));
        let manifest = MANIFEST.to_owned() + profiles(&package);
        shop.write("Cargo.toml", &manifest);
        shop.write("Cargo.lock", &read(Path::new("Cargo.lock")));
        shop.write("src/lib.rs", "//! A shop.\n");
        shop.write("tests/shop.rs", &read(Path::new("fixtures/reuse/shop.rs")));
        let feature = read(Path::new("fixtures/reuse/shop.feature"));
        shop.write("shop/shop.feature", &feature);
        let elsewhere = read(Path::new("fixtures/reuse/elsewhere.rs"));
        shop.write("tests/elsewhere.rs", &elsewhere);
        let feature = read(Path::new("fixtures/reuse/elsewhere.feature"));
        shop.write("elsewhere/elsewhere.feature", &feature);
        shop
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap();
    }

    /// Every file with its bytes.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut folders = vec![self.0.path().to_owned()];
        let mut files = BTreeMap::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.insert(path.clone(), fs::read(path).unwrap());
                }
            }
        }
        files
    }

    pub(crate) fn reverify(&self, arguments: &[&str]) -> Ended {
        self.run(env!("CARGO_BIN_EXE_reverify").into(), arguments)
    }

    pub(crate) fn cargo(&self, arguments: &[&str]) -> Ended {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        self.run(cargo, arguments)
    }

    /// Whether cargo-nextest is installed; if not, says that it is skipped.
    pub(crate) fn has_nextest(&self) -> bool {
        let found = self.cargo(&["nextest", "--version"]).code == Some(0);
        if !found {
            let why = "not installed; cargo install cargo-nextest --locked";
            crate::skipped::skipped("cargo nextest", why);
        }
        found
    }

    fn run(&self, program: OsString, arguments: &[&str]) -> Ended {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if FOREIGN_VARIABLES
                .iter()
                .any(|start| text.starts_with(start))
            {
                command.env_remove(&name);
            }
        }
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_TERM_COLOR", "never")
            // All that it needs was there to build this test.
            .env("CARGO_NET_OFFLINE", "true")
            .stdin(Stdio::null());
        Ended::of(&command.output().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

impl Ended {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code(),
            said: text(&output.stdout) + &text(&output.stderr),
        }
    }

    /// It ended with this code, and said each of these.
    #[track_caller]
    pub(crate) fn assert(&self, code: i32, said: &[&str]) {
        assert_eq!(self.code, Some(code), "{}", self.said);
        for text in said {
            assert!(self.said.contains(text), "not said: {text}\n{}", self.said);
        }
    }
}

fn read(name: &Path) -> String {
    fs::read_to_string(Path::new(PACKAGE).join(name)).unwrap()
}

/// The profiles of this package, so that its compiled dependencies serve the crate as well.
fn profiles(manifest: &str) -> &str {
    let start = manifest.find("\n[profile.").unwrap();
    &manifest[start..]
}

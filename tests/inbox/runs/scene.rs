//! `reverify emulate` as the target of a run, and what is run there.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use nix::sys::signal::Signal;

use crate::command::{Ended, Place, Started, json};
use crate::dovecot::server::PASSWORD;

/// What this tool exists for.
const AGAIN: &str = "\
Feature: Again
  Background:
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada

  @mails:2
  Scenario: Deleted and signed up again
    When Ada signs up
    Then Ada receives a verification mail within 20 seconds
    When Ada confirms with the code of the latest mail
    And an administrator deletes Ada
    And Ada signs up again
    Then Ada receives another, different verification mail within 20 seconds
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED
    And all mails to Ada have different message ids and codes
";

/// A mail that is not there, and one that should not be.
const WRONG: &str = "\
Feature: Wrong
  Background:
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada

  Scenario: The pool verifies nothing
    Given the pool does not verify e-mail addresses
    When Ada signs up
    Then Ada receives a verification mail within 0.2 seconds

  @mails:1
  Scenario: No mail is expected
    When Ada signs up
    Then Ada receives no mail within 20 seconds
";

/// An emulator that hands its mails on, and a folder with a configuration in it.
pub(super) struct Scene {
    place: Place,
    emulator: Started,
}

impl Scene {
    /// Starts an emulator whose mails go to this server.
    pub(super) fn forwarding_to(server: SocketAddr) -> Self {
        let place = folder();
        let server = server.to_string();
        let mut arguments = vec!["emulate", "--listen", FREE, "--smtp", FREE];
        arguments.extend(["--port-file", "ports.json", "--forward", &server]);
        let mut emulator = place.start(&arguments);
        emulator.until("app client");
        Self { place, emulator }
    }

    /// With an inbox whose table says this.
    pub(super) fn with_inbox(mut self, inbox: &str) -> Self {
        let ports = json(&self.place.path("ports.json"));
        let url = ports["endpoint"].as_str().unwrap();
        self.place = self.place.with("reverify.toml", &configuration(url, inbox));
        self
    }

    /// Runs one of the features.
    pub(super) fn run(&self, feature: &str) -> Ended {
        run(&self.place, &["run", "-T", "staging", feature])
    }

    /// The second mail comes and is another one.
    pub(super) fn assert_passes(&self) {
        let ended = self.run("again.feature");
        ended.assert(
            0,
            &["on staging (", "1/1 scenarios run: 1 passed", "2 mails"],
        );
        self.assert_hidden(&ended, PASSWORD);
    }

    /// The mail that is missing has a verdict, and the one too many is told; both through the inbox.
    pub(super) fn assert_tells_what_is_wrong(&self, inbox: &str) {
        let ended = self.run("wrong.feature");
        let said = [
            "2 failed",
            "no message to ",
            "auto-verify-off, certain: the pool does not verify e-mail addresses",
            &format!("the inbox that was watched: {inbox}"),
            "again  reverify run wrong.feature:6 --target staging",
            " came after SignUp",
        ];
        ended.assert(100, &said);
        for unsaid in ["cannot be read", "unknown"] {
            assert!(!ended.stderr.contains(unsaid), "{}", ended.stderr);
        }
        self.assert_hidden(&ended, PASSWORD);
    }

    /// A secret is in nothing that a run says or writes.
    fn assert_hidden(&self, ended: &Ended, secret: &str) {
        assert_hidden(&self.place, ended, secret);
    }

    /// With a further feature, or another file.
    pub(super) fn with(mut self, name: &str, text: &str) -> Self {
        self.place = self.place.with(name, text);
        self
    }

    /// Waits until the emulator says this in its terminal.
    pub(super) fn emulator_says(&mut self, text: &str) {
        self.emulator.until(text);
    }

    /// Another command in the same folder.
    pub(super) fn command(&self, arguments: &[&str]) -> Ended {
        run(&self.place, arguments)
    }

    /// The emulator ends well, and had no trouble with its mails.
    pub(super) fn end(self) {
        self.emulator.signal(Signal::SIGTERM);
        let ended = self.emulator.end();
        ended.assert(0, &[]);
        assert!(!ended.stderr.contains("mails put off"), "{}", ended.stderr);
    }
}

const FREE: &str = "127.0.0.1:0";

/// A port that nothing listens at, for something that starts later.
pub(super) fn free_address() -> SocketAddr {
    TcpListener::bind(FREE).unwrap().local_addr().unwrap()
}

/// A folder with the features, and a file with the password that nobody else may read.
pub(super) fn folder() -> Place {
    let place = Place::new()
        .with("again.feature", AGAIN)
        .with("wrong.feature", WRONG)
        .with("password", &format!("{PASSWORD}\n"));
    let own = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(place.path("password"), own).unwrap();
    place
}

/// The target `staging` at a URL with this inbox, and every report.
pub(super) fn configuration(url: &str, inbox: &str) -> String {
    format!(
        "[profile.default.report]\njunit = \"out/junit.xml\"\nhtml = \"out/run.html\"\n\
         json = \"out/run.json\"\n\n\
         [target.staging]\nkind = \"endpoint\"\nurl = \"{url}\"\ninbox = \"qa\"\n\n\
         [inbox.qa]\n{inbox}\n"
    )
}

/// Runs a command in a folder; the password is in the environment, too.
pub(super) fn run(place: &Place, arguments: &[&str]) -> Ended {
    let mut command = place.reverify(arguments);
    Ended::of(&command.env("QA_PASSWORD", PASSWORD).output().unwrap())
}

pub(super) fn assert_hidden(place: &Place, ended: &Ended, secret: &str) {
    let said = format!("{}{}", ended.stdout, ended.stderr);
    assert!(!said.contains(secret), "{said}");
    for folder in [".reverify", "out"] {
        for file in files(&place.path(folder)) {
            let bytes = fs::read(&file).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains(secret), "{}", file.display());
        }
    }
}

/// All files below a folder, which may not be there.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

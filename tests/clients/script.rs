//! Runs a script in a client's language against the emulator.

use std::ffi::OsString;
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::emulator::Emulator;
use crate::installed::installed;
use crate::pool::Pool;

/// The slowest is the AWS CLI: eight processes of half a second each on an idle machine.
const SCRIPT_DEADLINE: Duration = Duration::from_mins(2);
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// A program that runs scripts, and the setting that says where it, or what it needs, is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Runner {
    Python,
    Node,
    AwsCli,
}

impl Runner {
    /// The environment variable through which `scripts/test.sh` says where the client is.
    fn variable(self) -> &'static str {
        match self {
            Self::Python => "REVERIFY_PYTHON",
            Self::Node => "REVERIFY_NODE_PATH",
            Self::AwsCli => "REVERIFY_AWS_CLI",
        }
    }

    /// Whether the client is installed; a line says so when it is not.
    pub(crate) fn is_installed(self, what: &str) -> bool {
        installed(self.variable(), what).is_some()
    }

    fn setting(self) -> Option<OsString> {
        std::env::var_os(self.variable()).filter(|value| !value.is_empty())
    }

    fn command(self, script: &Path) -> Command {
        let setting = self.setting().unwrap_or_default();
        let mut command = match self {
            Self::Python => Command::new(&setting),
            Self::Node => Command::new("node"),
            Self::AwsCli => Command::new("bash"),
        };
        command
            .arg(script)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default());
        match self {
            Self::Python => command
                .env("PYTHONUNBUFFERED", "1")
                .env("PYTHONDONTWRITEBYTECODE", "1"),
            Self::Node => command
                .env("NODE_PATH", setting)
                .env("AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE", "1"),
            Self::AwsCli => command.env(self.variable(), setting).env("AWS_PAGER", ""),
        };
        command
    }
}

/// A script of this folder.
pub(crate) fn own(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/clients")
        .join(name)
}

/// Runs `script` to its end and returns all it wrote; fails unless it ends well and in time.
#[track_caller]
pub(crate) fn run(
    runner: Runner,
    script: &Path,
    emulator: &Emulator,
    pool: &Pool,
    address: &str,
) -> String {
    let output = emulator.folder().join("script.log");
    let open = || File::create(&output).and_then(|file| Ok((file.try_clone()?, file)));
    let (out, err) = open().unwrap_or_else(|e| panic!("{}: {e}", output.display()));
    let functions = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lambda");
    let mut child = runner
        .command(script)
        // A folder without settings of the person who runs the tests.
        .current_dir(emulator.folder())
        .env("HOME", emulator.folder())
        .env("LC_ALL", "C.UTF-8")
        .env("AWS_ENDPOINT_URL", emulator.endpoint())
        .env("AWS_REGION", emulator.region())
        .env("AWS_DEFAULT_REGION", emulator.region())
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("REVERIFY_CONTROL", emulator.control())
        .env("REVERIFY_SMTP", emulator.smtp())
        .env("REVERIFY_FUNCTIONS", functions)
        .env("REVERIFY_USER_POOL_ID", &pool.id)
        .env("REVERIFY_CLIENT_ID", &pool.client_id)
        .env("REVERIFY_USERNAME", address)
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err)
        // A group of its own, so that what a shell script started ends with it.
        .process_group(0)
        .spawn()
        .unwrap_or_else(|e| panic!("cannot start {runner:?}: {e}"));
    let deadline = Instant::now() + SCRIPT_DEADLINE;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap_or_else(|e| panic!("{e}")) {
            break Some(status);
        }
        if Instant::now() > deadline {
            let group = i32::try_from(child.id()).unwrap_or_else(|e| panic!("{e}"));
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
            let _ = child.wait();
            break None;
        }
        std::thread::sleep(POLL_INTERVAL);
    };
    let written = std::fs::read_to_string(&output).unwrap_or_default();
    let script = script.display();
    let Some(status) = status else {
        panic!("{script} not done in {SCRIPT_DEADLINE:?}:\n{written}")
    };
    assert!(status.success(), "{script}: {status}:\n{written}");
    written
}

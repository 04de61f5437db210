//! Files as people write them, and what becomes of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::model::Permissions;

/// A folder with files in it, and an environment.
pub(super) struct Place {
    folder: TempDir,
    variables: BTreeMap<&'static str, &'static str>,
}

impl Place {
    pub(super) fn new(text: &str) -> Self {
        let place = Self {
            folder: TempDir::new().unwrap(),
            variables: BTreeMap::new(),
        };
        place.with(FILE_NAME, text)
    }

    pub(super) fn with(self, name: &str, text: &str) -> Self {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    fn set(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.insert(name, value);
        self
    }

    pub(super) fn load(&self) -> Result<Configuration, ConfigError> {
        self.load_from(self.folder.path())
    }

    fn load_from(&self, folder: &Path) -> Result<Configuration, ConfigError> {
        Configuration::load(&Reading {
            folder,
            file: None,
            variable: &|name| self.variables.get(name).map(|&value| value.to_owned()),
        })
    }

    /// What is wrong, a line each.
    fn wrong(&self) -> Vec<String> {
        match self.load() {
            Ok(_) => Vec::new(),
            Err(ConfigError::Problems(all)) => all.iter().map(ToString::to_string).collect(),
            Err(other) => vec![other.to_string()],
        }
    }
}

#[test]
fn without_a_file_the_defaults_hold() {
    let folder = TempDir::new().unwrap();
    let configuration = Configuration::load(&Reading {
        folder: folder.path(),
        file: None,
        variable: &|_| None,
    });
    let configuration = configuration.unwrap();
    let profile = configuration.profile(DEFAULT_PROFILE).unwrap();
    assert_eq!((profile.jobs, profile.target.as_str()), (16, "embedded"));
    assert_eq!(profile.state_dir, folder.path().join(".reverify"));
    let target = configuration.target("embedded").unwrap();
    assert_eq!(
        (&target.kind, target.allow),
        (&TargetKind::Embedded { seed: None }, Permissions::ALL)
    );
    assert_eq!(configuration.files(), [""; 0]);
}

#[test]
fn the_nearest_says_what_holds() {
    let text = "
        [profile.default]
        jobs = 1
        step-timeout = \"1s\"
        [profile.base]
        jobs = 2
        scenario-timeout = \"2s\"
        report.junit = \"base.xml\"
        retries = { count = 3, delay = \"1s\" }
        [profile.nightly]
        inherits = \"base\"
        run-timeout = \"3s\"
        report.html = \"nightly.html\"
        retries = 1
    ";
    let place = Place::new(text)
        .with(LOCAL_FILE_NAME, "[profile.nightly]\nslow-after = \"4s\"\n")
        .set("REVERIFY_DIAGNOSIS_TIMEOUT", "5s")
        .set("REVERIFY_REPORT_GITHUB", "true");
    let configuration = place.load().unwrap();
    let profile = configuration.profile("nightly").unwrap();
    let seconds = [
        profile.step_timeout,
        profile.scenario_timeout,
        profile.run_timeout,
        profile.slow_after,
        profile.diagnosis_timeout,
    ];
    assert_eq!(seconds, [1, 2, 3, 4, 5].map(Duration::from_secs));
    assert_eq!((profile.jobs, profile.retries.count), (2, 1));
    assert_eq!(profile.retries.delay, Duration::from_secs(1));
    let base = place.folder.path();
    assert_eq!(profile.report.junit, Some(base.join("base.xml")));
    assert_eq!(profile.report.html, Some(base.join("nightly.html")));
    assert!(profile.report.github);
    // The others are as they were.
    assert_eq!(configuration.profile("base").unwrap().retries.count, 3);
    assert_eq!(configuration.profile("default").unwrap().report.junit, None);
    let shown = configuration.settings("nightly", &["embedded".to_owned()]);
    let origins = shown.iter().map(|one| (&*one.key, one.origin.to_string()));
    let origins: BTreeMap<_, _> = origins.collect();
    assert_eq!(origins["step-timeout"], "reverify.toml:4");
    assert_eq!(origins["retries.count"], "reverify.toml:14");
    assert_eq!(origins["slow-after"], "reverify.local.toml:2");
    assert_eq!(origins["diagnosis-timeout"], "REVERIFY_DIAGNOSIS_TIMEOUT");
    assert_eq!(
        (&*origins["flaky-result"], &*origins["kind"]),
        ("default", "default")
    );
}

#[test]
fn the_environment_goes_before_overrides() {
    let text = "
        [group.mailbox]
        max-jobs = 1
        [[profile.default.override]]
        tags = \"@slow\"
        group = \"mailbox\"
        retries = 2
        step-timeout = \"3m\"
        [profile.ci]
        [[profile.ci.override]]
        tags = \"@slow and @ci\"
        scenario-timeout = \"1m\"
    ";
    let configuration = Place::new(text).load().unwrap();
    let ci = configuration.profile("ci").unwrap();
    let tags: Vec<_> = ci
        .overrides
        .iter()
        .map(|one| one.tags.value.as_str())
        .collect();
    assert_eq!(tags, ["@slow and @ci", "@slow"]);
    let slow = &ci.overrides[1];
    assert_eq!(slow.group.as_deref(), Some("mailbox"));
    assert_eq!(slow.step_timeout, Some(Duration::from_mins(3)));
    let retries = slow.retries.unwrap();
    assert_eq!(
        (retries.count, retries.max_delay),
        (2, Duration::from_mins(1))
    );
    assert_eq!(
        (ci.groups[0].name.as_str(), ci.groups[0].max_jobs),
        ("mailbox", 1)
    );
    let place = Place::new(text)
        .set("REVERIFY_STEP_TIMEOUT", "9s")
        .set("REVERIFY_RETRIES", "5");
    let configuration = place.load().unwrap();
    let ci = configuration.profile("ci").unwrap();
    assert_eq!(
        (ci.step_timeout, ci.retries.count),
        (Duration::from_secs(9), 5)
    );
    let slow = &ci.overrides[1];
    let retries = slow.retries.map(|retries| retries.count);
    assert_eq!((slow.step_timeout, retries), (None, Some(5)));
}

#[test]
fn a_variable_takes_no_more_of_an_override_than_it_names() {
    let text = "
        [[profile.default.override]]
        tags = \"@slow\"
        retries = { count = 2, delay = \"3s\" }
    ";
    let place = Place::new(text)
        .set("REVERIFY_RETRIES_JITTER", "false")
        .set("REVERIFY_RETRIES_DELAY", "7s");
    let configuration = place.load().unwrap();
    let slow = &configuration.profile(DEFAULT_PROFILE).unwrap().overrides[0];
    let retries = slow.retries.unwrap();
    assert_eq!((retries.count, retries.jitter), (2, false));
    assert_eq!(retries.delay, Duration::from_secs(7));
}

#[test]
fn the_file_is_found_from_folders_below_and_paths_count_from_it() {
    let place = Place::new("").with("deep/er/x", "");
    std::fs::remove_file(place.folder.path().join(FILE_NAME)).unwrap();
    let place = place.with(
        ".config/reverify.toml",
        "[profile.default]\nstate-dir = \"state\"\n",
    );
    let below = place.folder.path().join("deep/er");
    let configuration = place.load_from(&below).unwrap();
    assert_eq!(configuration.base(), place.folder.path());
    let profile = configuration.profile(DEFAULT_PROFILE).unwrap();
    assert_eq!(profile.state_dir, place.folder.path().join("state"));
    let place = place.with("deep/reverify.toml", "[profile.default]\njobs = 3\n");
    let configuration = place.load_from(&below).unwrap();
    assert_eq!(configuration.profile(DEFAULT_PROFILE).unwrap().jobs, 3);
    assert_eq!(configuration.base(), place.folder.path().join("deep"));
}

#[test]
fn names_that_refer_to_nothing_are_told() {
    let cases = [
        (
            "[profile.a]\ninherits = \"defualt\"",
            "reverify.toml:2:12: there is no profile `defualt`: did you mean \"default\"?",
        ),
        (
            "[profile.a]\ninherits = \"b\"\n[profile.b]\ninherits = \"a\"",
            "profile `a` inherits itself",
        ),
        (
            "[profile.a]\ntarget = \"stagin\"\n[target.staging]\nkind = \"embedded\"",
            "did you mean \"staging\"?",
        ),
        (
            "[target.a]\nkind = \"endpoint\"\nurl = \"http://h\"\ninbox = \"qa\"",
            "there is no inbox `qa`: no [inbox.qa]",
        ),
        (
            "[[profile.a.override]]\ntags = \"@a\"\ngroup = \"one\"",
            "there is no group `one`",
        ),
        (
            "[target.\"a b\"]\nkind = \"embedded\"",
            "`a b` is not a name",
        ),
    ];
    for (text, said) in cases {
        let wrong = Place::new(text).wrong();
        assert!(
            wrong.iter().any(|line| line.contains(said)),
            "{text}\n{wrong:?}"
        );
    }
    let place = Place::new("")
        .set("REVERIFY_TARGET", "nowhere")
        .set("REVERIFY_JOBS", "many");
    let wrong = place.wrong();
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(
        wrong[0].starts_with("REVERIFY_JOBS: this is a text"),
        "{wrong:?}"
    );
    assert!(
        wrong[1].starts_with("REVERIFY_TARGET: there is no target `nowhere`"),
        "{wrong:?}"
    );
    let configuration = Place::new("").load().unwrap();
    let error = configuration.target("embeded").unwrap_err().to_string();
    assert_eq!(
        error,
        "there is no target `embeded`; did you mean `embedded`?"
    );
}

#[test]
fn a_diagnosis_has_time_for_its_control_mail() {
    let text = |limit: &str| {
        format!(
            "[profile.nightly]\ntarget = \"staging\"\ndiagnosis-timeout = \"{limit}\"\n\n\
             [target.staging]\nkind = \"endpoint\"\nurl = \"http://127.0.0.1:9229\"\n\
             inbox = \"filed\"\ncontrol-mail = \"45s\"\n\n\
             [inbox.filed]\nkind = \"maildir\"\npath = \"mail\"\n\
             address = \"{{person}}.{{run}}.{{scenario}}.{{attempt}}@mail.test\"\n"
        )
    };
    for too_short in ["30s", "45s"] {
        let said = format!(
            "reverify.toml:9:16: a diagnosis ends before this wait could: profile `nightly` has \
             diagnosis-timeout = \"{too_short}\""
        );
        assert_eq!(Place::new(&text(too_short)).wrong(), [said]);
    }
    let place = Place::new(&text("1m"));
    assert_eq!(place.wrong(), [""; 0]);
    // How long it has to be silent is the target's own affair, too.
    let staging = place.load().unwrap().target("staging").unwrap().clone();
    assert_eq!(staging.silence, Duration::from_secs(20));
}

#[test]
fn secrets_are_looked_up_when_they_are_needed() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("secret");
    std::fs::write(&path, "correct horse\n").unwrap();
    let rights = |mode| {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    rights(0o640);
    let of_file = SecretRef::File(path.clone());
    let error = of_file.resolve().unwrap_err().to_string();
    assert!(
        error.contains("mode 640") && error.contains("chmod 600"),
        "{error}"
    );
    rights(0o600);
    let command = |argv: &[&str], timeout| SecretRef::Command {
        argv: argv.iter().map(|&word| word.to_owned()).collect(),
        timeout,
    };
    let soon = Duration::from_secs(10);
    let echo = command(&["echo", "correct horse"], soon);
    for secret in [of_file, echo] {
        assert_eq!(secret.resolve().unwrap().expose(), "correct horse");
    }
    let cases = [
        (
            command(&["sleep", "10"], Duration::from_millis(20)),
            "did not end within 0.02 s",
        ),
        (command(&["/nowhere/at-all"], soon), "cannot be run"),
        (command(&["true"], soon), "printed nothing"),
        (command(&["false"], soon), "failed (exit status: 1)"),
        (SecretRef::File(PathBuf::from("/nowhere")), "cannot be read"),
        (
            SecretRef::Env("REVERIFY_TEST_UNSET".to_owned()),
            "is not set",
        ),
    ];
    for (secret, said) in cases {
        let error = secret.resolve().unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn an_address_is_one_attempts_alone() {
    let cases = [
        ("qa+{person}-{run}-{scenario}-{attempt}@example.com", ""),
        (
            "qa+{person}-{run}-{scenario}@example.com",
            "lacks {attempt}",
        ),
        (
            "{person}{run}{scenario}{attempt}{day}@example.com",
            "nothing is known as {day}",
        ),
        ("{person}{run}{scenario}{attempt}", "no `@`"),
    ];
    for (text, said) in cases {
        match text.parse::<AddressPattern>() {
            Ok(_) => assert_eq!(said, ""),
            Err(error) => assert!(
                !said.is_empty() && error.to_string().contains(said),
                "{error}"
            ),
        }
    }
}

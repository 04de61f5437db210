//! `reverify completions` and `reverify man`.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::command::Place;
use crate::skipped::skipped;

/// Lets a program check a script that it is given; nothing if the program is not there.
fn objections(program: &str, arguments: &[&str], script: &str) -> Option<String> {
    let started = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = started else {
        skipped(program, "not installed");
        return None;
    };
    let mut input = child.stdin.take().unwrap();
    input.write_all(script.as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    let failed = !output.status.success() && said.is_empty();
    Some(if failed {
        output.status.to_string()
    } else {
        said
    })
}

#[test]
fn completions_are_scripts_that_their_shell_can_read() {
    let place = Place::new();
    for (shell, arguments) in [
        ("bash", &["-n"][..]),
        ("zsh", &["-n"]),
        ("fish", &["--no-execute"]),
    ] {
        let ended = place.run(&["completions", shell]);
        ended.assert(0, &[]);
        for known in ["inbox", "emulate", "state-dir"] {
            assert!(ended.stdout.contains(known), "{shell}: {known}");
        }
        let found = objections(shell, arguments, &ended.stdout);
        assert_eq!(found.unwrap_or_default(), "", "{shell}");
    }
    place
        .run(&["completions", "cmd"])
        .assert(2, &["invalid value 'cmd'"]);
}

#[test]
fn bash_completes_a_command_with_the_script() {
    let place = Place::new();
    let script = place.run(&["completions", "bash"]).stdout;
    let ask = "COMP_WORDS=(reverify exp) COMP_CWORD=1\n\
               _reverify reverify exp reverify\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
    let completed = objections("bash", &["-s"], &(script + ask));
    assert_eq!(completed.as_deref().unwrap_or("explain\n"), "explain\n");
}

#[test]
fn each_command_has_a_manual_page() {
    let place = Place::new();
    place.run(&["man", "pages"]).assert(0, &[]);
    let page = |name: &str| std::fs::read_to_string(place.path("pages").join(name)).unwrap();
    for name in ["reverify.1", "reverify-run.1", "reverify-inbox-wait.1"] {
        let page = page(name);
        assert!(page.contains(".SH SYNOPSIS"), "{name}");
        let found = objections("man", &["--warnings", "--local-file", "-"], &page);
        let found = found.unwrap_or_default();
        assert!(
            !found.contains("warning:") && !found.contains("error:"),
            "{name}: {found}"
        );
    }
    assert!(page("reverify.1").contains("Exit codes"));
    let printed = place.run(&["man"]);
    printed.assert(0, &[]);
    assert!(
        printed.stdout.contains(".SH SYNOPSIS"),
        "{}",
        printed.stdout
    );
}

#[test]
fn pages_that_cannot_be_written_are_an_error() {
    let place = Place::new().with("pages", "a file");
    let ended = place.run(&["man", "pages"]);
    ended.assert(110, &["the manual pages cannot be written to `pages`"]);
}

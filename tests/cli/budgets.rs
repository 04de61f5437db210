//! Budgets of a target, as a person meets them.

use reverify::embedded::{Embedded, EmbeddedSettings};

use super::command::Place;

#[test]
fn a_run_beyond_its_budget_is_refused_before_it_starts() {
    let embedded = Embedded::start(EmbeddedSettings::default()).unwrap();
    let configuration = format!(
        "[target.staging]\nkind = \"endpoint\"\nurl = \"{}\"\ninbox = \"filed\"\n\
         budget = {{ mails-per-run = 4, mails-per-day = 3 }}\n\n\
         [inbox.filed]\nkind = \"maildir\"\npath = \"mail\"\n\
         address = \"{{person}}.{{run}}.{{scenario}}.{{attempt}}@mail.test\"\n",
        embedded.endpoint()
    );
    let place = Place::new().with("reverify.toml", &configuration);
    let run = |name| place.run(&["run", "-T", "staging", "-n", name]);
    let of_run = "this run needs 5 mails, and its target allows 4 a run";
    run("Five rounds").assert(105, &[of_run, "raise mails-per-run"]);
    std::fs::write(
        place.path("reverify.toml"),
        configuration.replace("mails-per-run = 4, ", ""),
    )
    .unwrap();
    let of_day = "this run needs 5 mails, 3 are left today (0 of 3 used since 09:00 UTC)";
    run("Five rounds").assert(
        105,
        &[of_day, "choose fewer with --tags, or raise mails-per-day"],
    );
    // What was refused is no run, and nothing of it stands in the way of later reports.
    assert!(!place.path(".reverify/runs").exists());
    embedded.stop().unwrap();
}

use std::fs;

use tempfile::TempDir;

use super::*;
use crate::history::past_run::samples::runs;

fn place() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("history.sqlite");
    (folder, path)
}

#[test]
fn runs_come_back_as_they_were() {
    let (_folder, path) = place();
    let mut all = runs("plfb");
    all[1].setting = crate::record::RunSetting {
        profile: Some("nightly".into()),
        commit: Some("c0ffee".into()),
        partition: Some("hash:1/2".into()),
    };
    all[1].results[0].deliveries = vec![Duration::from_micros(1_234_567), Duration::from_secs(2)];
    all[2].results[0].cause = Some("auto-verify-off".into());
    all[3].cut = true;
    all[3].target.name = "staging".into();
    let mut history = History::open(&path).unwrap();
    // In any order, and more than once.
    for run in all.iter().rev().chain(&all) {
        history.take(run).unwrap();
    }
    drop(history);
    let history = History::open_existing(&path).unwrap();
    assert_eq!(history.last(None, None, 99).unwrap(), all);
    assert_eq!(history.last(None, None, 2).unwrap(), all[2..]);
    assert_eq!(history.last(Some("staging"), None, 99).unwrap(), all[3..]);
    let until = Some(all[1].started);
    assert_eq!(history.last(Some("embedded"), until, 99).unwrap(), all[..2]);
    assert_eq!(history.find("run3").unwrap().unwrap(), all[2]);
}

#[test]
fn a_run_whose_record_has_grown_replaces_what_was_known() {
    let mut history = History::in_memory().unwrap();
    let whole = runs("p").remove(0);
    let mut cut = runs("n").remove(0);
    (cut.cut, cut.entries) = (true, 4);
    assert_eq!(history.take(&cut).unwrap(), Taken::New);
    assert_eq!(history.take(&whole).unwrap(), Taken::Longer);
    assert_eq!(history.take(&cut).unwrap(), Taken::Known);
    assert_eq!(
        history.last(None, None, 9).unwrap(),
        std::slice::from_ref(&whole)
    );
    let mut other = whole;
    other.started += Duration::from_mins(1);
    let error = history.take(&other).unwrap_err();
    assert!(matches!(error, HistoryError::Clash { .. }), "{error}");
}

#[test]
fn a_run_is_found_by_the_beginning_of_its_id() {
    let mut history = History::in_memory().unwrap();
    let mut all = runs("ppp");
    for (run, id) in all.iter_mut().zip(["7f3c", "7f3c01", "a%_0"]) {
        run.id = RunId::new(id);
        history.take(run).unwrap();
    }
    let found = |id: &str| history.find(id).unwrap().map(|run| run.id.to_string());
    assert_eq!(found("7f3c").as_deref(), Ok("7f3c"));
    assert_eq!(found("7f3c0").as_deref(), Ok("7f3c01"));
    assert_eq!(found("a%").as_deref(), Ok("a%_0"));
    assert_eq!(found("%"), Err(UnknownRun::None("%".into())));
    let several = UnknownRun::Several("7".into(), "7f3c, 7f3c01".into());
    assert_eq!(found("7"), Err(several));
    for number in 0..12 {
        all[0].id = RunId::new(format!("b{number:02}"));
        history.take(&all[0]).unwrap();
    }
    let found = history.find("b").unwrap().unwrap_err().to_string();
    assert!(
        found.ends_with("b00, b01, b02, b03, b04, b05, b06, b07, b08, b09 and 2 more"),
        "{found}"
    );
}

#[test]
fn removed_runs_are_gone_and_the_rest_is_not() {
    let mut history = History::in_memory().unwrap();
    let all = runs("ppp");
    for run in &all {
        history.take(run).unwrap();
    }
    history
        .remove(&[all[0].id.clone(), all[2].id.clone()])
        .unwrap();
    assert_eq!(history.last(None, None, 9).unwrap(), all[1..2]);
    let heads = history.heads().unwrap();
    assert_eq!((heads.len(), &heads[0].id), (1, &all[1].id));
    assert!(heads[0].results.is_empty());
}

#[test]
fn what_is_not_ours_is_refused_and_not_touched() {
    let (_folder, path) = place();
    let newer = Connection::open(&path).unwrap();
    newer
        .execute_batch("CREATE TABLE other (a); PRAGMA user_version = 7")
        .unwrap();
    drop(newer);
    let newer = fs::read(&path).unwrap();
    let foreign = {
        fs::remove_file(&path).unwrap();
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch("CREATE TABLE other (a)").unwrap();
        drop(connection);
        fs::read(&path).unwrap()
    };
    let mut torn = newer.clone();
    torn[16..40].fill(0xff);
    let text = b"not a database at all, but long enough to be looked at as one".repeat(9);
    let cases = [
        (newer, "has version 7, this reverify knows up to 1"),
        (foreign, "it has tables, but no version"),
        (torn, "damaged"),
        (text, "damaged"),
    ];
    for (bytes, said) in cases {
        fs::write(&path, &bytes).unwrap();
        for opened in [History::open(&path), History::open_existing(&path)] {
            let error = opened.unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        assert_eq!(fs::read(&path).unwrap(), bytes, "{said}");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
}

#[test]
fn a_history_that_is_not_there_is_not_made_by_reading() {
    let (_folder, path) = place();
    let error = History::open_existing(&path).unwrap_err();
    assert!(matches!(error, HistoryError::Missing { .. }), "{error}");
    fs::write(&path, "").unwrap();
    let error = History::open_existing(&path).unwrap_err();
    assert!(matches!(error, HistoryError::Missing { .. }), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"");
}

#[test]
fn several_writers_at_once_lose_nothing() {
    const WRITERS: usize = 4;
    let (_folder, path) = place();
    let all = runs("pppppppp");
    std::thread::scope(|scope| {
        for part in all.chunks(all.len() / WRITERS) {
            let path = &path;
            scope.spawn(move || {
                let mut history = History::open(path).unwrap();
                for run in part {
                    history.take(run).unwrap();
                }
            });
        }
    });
    let history = History::open_existing(&path).unwrap();
    assert_eq!(history.last(None, None, 99).unwrap(), all);
}

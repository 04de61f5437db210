//! The whole document: its policy, its style and its script.

use std::collections::BTreeSet;

use jiff::Timestamp;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::overview::overview;
use super::scenario::{RUNS_SHOWN_MAX, scenario};
use super::shown::text;
use crate::history::{PastRun, ScenarioPast, words};
use crate::shown::policy;

const STYLE: &str = concat!(
    include_str!("../../shown/base.css"),
    include_str!("style.css")
);
const SCRIPT: &str = include_str!("script.js");

/// The page of these runs: for each target its runs, and each scenario with its strip, its delivery
/// times, and why it failed.
///
/// ```
/// let page = reverify::history::page(&[], "2026-11-21T03:00:00Z".parse()?);
/// assert!(page.starts_with("<!DOCTYPE html>"));
/// # Ok::<(), jiff::Error>(())
/// ```
pub fn page(runs: &[PastRun], now: Timestamp) -> String {
    let pasts = ScenarioPast::of(runs);
    let targets = targets(runs, &pasts);
    let body = html! {
        header {
            h1 { "Runs over time" }
            p.made { "made by reverify, " (words::moment(now)) " UTC" }
            @if targets.len() > 1 {
                p.targets { @for target in &targets { a href=(link(target)) { (text(target)) } } }
            }
            div #tools hidden {
                input #search type="search" placeholder="Search scenarios" aria-label="Search scenarios";
                button type="button" data-state="failing" aria-pressed="false" { "Failing" }
                button type="button" data-state="flaky" aria-pressed="false" { "Flaky" }
                span #shown role="status" {}
            }
        }
        main {
            @if targets.is_empty() { p { "No run is in the history." } }
            @for target in targets { (section(target, runs, &pasts)) }
        }
    };
    document(&body).into_string()
}

/// Each target once, those on which a scenario fails first.
fn targets<'a>(runs: &'a [PastRun], pasts: &[ScenarioPast<'_>]) -> Vec<&'a str> {
    let mut targets: Vec<_> = runs.iter().map(|run| run.target.name.as_str()).collect();
    targets.sort_unstable();
    targets.dedup();
    let fails = |past: &&ScenarioPast<'_>| past.failing_since().is_some();
    let failing: BTreeSet<_> = pasts.iter().filter(fails).map(|past| past.target).collect();
    targets.sort_by_key(|target| !failing.contains(target));
    targets
}

/// The `id` of a target's part of the document; those of scenarios have no such beginning.
fn anchor(target: &str) -> String {
    format!("target:{target}")
}

fn link(target: &str) -> String {
    let anchor = anchor(target);
    format!("#{}", utf8_percent_encode(&anchor, NON_ALPHANUMERIC))
}

fn section(target: &str, runs: &[PastRun], pasts: &[ScenarioPast<'_>]) -> Markup {
    let mut runs: Vec<_> = runs
        .iter()
        .filter(|run| run.target.name == target)
        .collect();
    runs.sort_by_key(|run| run.started);
    let runs = &runs[runs.len().saturating_sub(RUNS_SHOWN_MAX)..];
    let mut pasts: Vec<_> = pasts.iter().filter(|past| past.target == target).collect();
    // What needs attention comes first; the rest stays in the order of files and names.
    pasts.sort_by_key(|past| (past.failing_since().is_none(), past.flaky() == 0));
    html! {
        section.target id=(anchor(target)) {
            h2 { (text(target)) }
            (overview(runs, &pasts))
            div.scenarios { @for past in pasts { (scenario(past)) } }
        }
    }
}

fn document(body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy(STYLE, SCRIPT));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { "Runs over time – reverify" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (body)
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::history::past_run::samples::runs;

    #[test]
    fn a_hostile_record_stays_text() {
        let mut runs = runs("pf");
        let hostile = r#"</style><script>alert(1)</script>"><img src=x onerror=alert(2)>"#;
        let hostile = &format!("{hostile}moc.elpmaxe\u{202e}\u{200b}");
        for run in &mut runs {
            run.target.name = hostile.into();
            run.setting.commit = Some("\"><b>".into());
            run.results[0].key = format!("{hostile}: {hostile}");
            run.results[0].failure = Some(hostile.repeat(99));
            run.results[0].cause = Some(hostile.into());
        }
        let page = page(&runs, Timestamp::UNIX_EPOCH);
        assert_eq!(page.matches("<script>").count(), 1);
        assert_eq!(page.matches("</style>").count(), 1);
        assert!(!page.contains("<img") && !page.contains("<b>\""), "{page}");
        // An `id` is not shown.
        let ids = regex::Regex::new(r#" id="[^"]*""#).unwrap();
        let shown = ids.replace_all(&page, "");
        assert!(!shown.contains(['\u{202e}', '\u{200b}']), "{shown}");
    }

    #[test]
    fn failing_targets_come_first_and_have_a_link() {
        let mut runs = [runs("pp"), runs("pf"), runs("pp")].concat();
        for (run, target) in runs.iter_mut().zip(["a", "a", "b/1", "b/1", "c", "c"]) {
            run.target.name = target.into();
        }
        let shown = page(&runs, Timestamp::UNIX_EPOCH);
        let sections = ["b/1", "a", "c"].map(|target| {
            let id = format!("<section class=\"target\" id=\"target:{target}\">");
            shown.find(&id).expect(&id)
        });
        assert!(sections.is_sorted(), "{sections:?}");
        assert!(
            shown.contains("<a href=\"#target%3Ab%2F1\">b/1</a>"),
            "{shown}"
        );
        let one = page(&runs[..2], Timestamp::UNIX_EPOCH);
        assert!(!one.contains("<a href="), "{one}");
    }

    #[test]
    fn a_page_of_a_thousand_scenarios_is_no_larger_than_a_browser_likes() {
        let mut runs = runs(&"pplf".repeat(7));
        for run in &mut runs {
            let one = run.results.remove(0);
            run.results = (0..1000)
                .map(|number| {
                    let mut result = one.clone();
                    result.key = format!(
                        "features/folder/file_{}.feature: A scenario with a name {number}",
                        number / 20
                    );
                    result.deliveries = vec![Duration::from_millis(1000 + 7 * number)];
                    result
                })
                .collect();
        }
        let size = page(&runs, Timestamp::UNIX_EPOCH).len();
        assert!(size < 5_000_000, "{size} bytes");
    }

    #[test]
    fn style_and_script_cannot_end_their_elements() {
        assert!(!STYLE.contains("</"), "style.css");
        assert!(
            !SCRIPT.contains("</") && !SCRIPT.contains("<!--"),
            "script.js"
        );
    }
}

//! Delivery times over the runs, as a drawing.

use std::fmt::Write as _;
use std::time::Duration;

use maud::{Markup, html};

use super::shown::run;
use crate::history::{Deliveries, PastRun, words};

/// Width and height of the drawing in its own units; the browser stretches it.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 100.0;

/// The p50 and p95 of each run, the oldest left, and of all; nothing if no mail came in any.
///
/// Time is linear from zero, so that what looks twice as high took twice as long. A run without a
/// mail breaks the line.
pub(super) fn plot(runs: &[(&PastRun, Deliveries)]) -> Option<Markup> {
    let highest = runs.iter().filter_map(|(_, times)| times.p95()).max()?;
    let (first, last) = (runs.first()?.0, runs.last()?.0);
    let all: Deliveries = runs.iter().flat_map(|(_, times)| times.all()).collect();
    let in_words = |time: Option<Duration>| time.map(words::time).unwrap_or_default();
    let label = format!(
        "delivery times of {} runs: p50 {}, p95 {}, slowest p95 of a run {}",
        runs.len(),
        in_words(all.p50()),
        in_words(all.p95()),
        words::time(highest),
    );
    Some(html! {
        figure.delivery {
            figcaption {
                "Delivery "
                span.p50 { "p50 " (in_words(all.p50())) } " "
                span.p95 { "p95 " (in_words(all.p95())) }
            }
            // One run has a number and no course.
            @if runs.len() > 1 {
                div.plot {
                    span.top { (words::time(highest)) }
                    span.foot { "0" }
                    svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) preserveAspectRatio="none"
                        role="img" aria-label=(label) {
                        path.middle d=(format!("M0 {0}H{WIDTH}", HEIGHT / 2.0)) {}
                        (curve("p95", runs, highest, Deliveries::p95))
                        (curve("p50", runs, highest, Deliveries::p50))
                    }
                }
                p.scale { span { (run(first)) } span { (run(last)) } }
            }
        }
    })
}

/// A line through the runs, and a dot for each.
fn curve(
    class: &str,
    runs: &[(&PastRun, Deliveries)],
    highest: Duration,
    of: impl Fn(&Deliveries) -> Option<Duration>,
) -> Markup {
    let (mut line, mut dots, mut pen_is_up) = (String::new(), String::new(), true);
    for (index, (_, times)) in runs.iter().enumerate() {
        let Some(time) = of(times) else {
            pen_is_up = true;
            continue;
        };
        let (x, y) = (across(index, runs.len()), up(time, highest));
        let command = if pen_is_up { 'M' } else { 'L' };
        // Writing to a string cannot fail, here and below.
        let _ = write!(line, "{command}{x} {y}");
        let _ = write!(dots, "M{x} {y}h0");
        pen_is_up = false;
    }
    html! {
        path class=(class) d=(line) {}
        path class=(format!("{class} dots")) d=(dots) {}
    }
}

/// The middle of a run's part of the width.
fn across(index: usize, count: usize) -> f64 {
    let number = |count: usize| u32::try_from(count).map_or(0.0, f64::from);
    tenths((number(index) + 0.5) / number(count) * WIDTH)
}

fn up(time: Duration, highest: Duration) -> f64 {
    let share = if highest.is_zero() {
        0.0
    } else {
        time.as_secs_f64() / highest.as_secs_f64()
    };
    tenths(HEIGHT - share * HEIGHT)
}

/// More digits would make the page large, not sharp.
fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::past_run::samples::runs;

    #[test]
    fn a_run_without_a_mail_breaks_the_line() {
        let runs = runs("pppp");
        let seconds: [&[u64]; 4] = [&[1], &[2, 4], &[], &[4]];
        let times = seconds.map(|times| times.iter().copied().map(Duration::from_secs).collect());
        let points: Vec<_> = runs.iter().zip(times).collect();
        let text = plot(&points).unwrap().into_string();
        assert!(
            text.contains(r#"<path class="p50" d="M125 75L375 50M875 0">"#),
            "{text}"
        );
        assert!(
            text.contains(r#"<path class="p95" d="M125 75L375 0M875 0">"#),
            "{text}"
        );
        assert!(text.contains("p50 2.00s, p95 4.00s, slowest"), "{text}");
        assert!(plot(&points[2..3]).is_none());
        let alone = plot(&points[..1]).unwrap().into_string();
        assert!(
            alone.contains("p50 1.00s") && !alone.contains("<svg"),
            "{alone}"
        );
    }
}

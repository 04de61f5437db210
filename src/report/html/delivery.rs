//! How long mails took, as a distribution.

use maud::{Markup, html};

use super::past::share;
use super::place::percent;
use crate::report::counts::Delivery;
use crate::report::run_report::{RunReport, ScenarioReport};
use crate::report::text::{count, span};

/// Bars of the distribution.
const BARS: usize = 48;

/// The percentiles, and where the mails lie between nothing and the slowest.
pub(super) fn delivery(report: &RunReport) -> Markup {
    let Some(delivery) = report.delivery else {
        return html! {};
    };
    let times = report
        .scenarios
        .iter()
        .flat_map(ScenarioReport::deliveries_ms);
    let bars = bars(times, delivery.max_ms);
    let highest = bars.iter().copied().max().unwrap_or_default();
    html! {
        section {
            h2 { "Delivery" }
            p.figures {
                (figure(&span(delivery.p50_ms), "p50"))
                (figure(&span(delivery.p95_ms), "p95"))
                (figure(&span(delivery.max_ms), "slowest"))
                (figure(&delivery.mails.to_string(), if delivery.mails == 1 { "mail" } else { "mails" }))
            }
            svg.distribution role="img" aria-label=(label(&delivery)) {
                @for (at, number) in bars.iter().enumerate().filter(|(_, number)| **number > 0) {
                    rect x=(share(at, BARS)) width=(share(1, BARS + 8))
                        y=(share(highest - number, highest)) height=(share(*number, highest)) {}
                }
                line x1=(percent(delivery.p50_ms, delivery.max_ms)) x2=(percent(delivery.p50_ms, delivery.max_ms)) y1="0" y2="100%" {}
                line x1=(percent(delivery.p95_ms, delivery.max_ms)) x2=(percent(delivery.p95_ms, delivery.max_ms)) y1="0" y2="100%" {}
            }
            p.scale { span { "0" } span { "dashed: p50 and p95" } span { (span(delivery.max_ms)) } }
        }
    }
}

pub(super) fn figure(value: &str, what: &str) -> Markup {
    html! { span.figure { b { (value) } " " (what) } }
}

fn label(delivery: &Delivery) -> String {
    let mails = count(delivery.mails, "mail", "mails");
    format!(
        "{mails}; half came within {}, 95 of 100 within {}",
        span(delivery.p50_ms),
        span(delivery.p95_ms)
    )
}

/// How many times fall into each part between nothing and the longest.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share of a small number of bars is taken, between nothing and all"
)]
fn bars(times: impl Iterator<Item = f64>, longest: f64) -> [usize; BARS] {
    let mut bars = [0; BARS];
    for time in times {
        let share = if longest > 0.0 { time / longest } else { 0.0 };
        let at = (share.clamp(0.0, 1.0) * BARS as f64) as usize;
        bars[at.min(BARS - 1)] += 1;
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mail_is_in_one_bar() {
        let bars = bars([0.0, 1.0, 50.0, 100.0].into_iter(), 100.0);
        assert_eq!((bars[0], bars[24], bars[BARS - 1]), (2, 1, 1));
    }
}

//! The checker's own mistakes, and what limits a verdict.

use reverify::diagnosis::{ClockSkew, Confidence, Content, Source, Trouble};

use super::refused::code_refused;
use super::scene::*;
use super::ses::no_first_mail;

pub(crate) fn all() -> Vec<Produced> {
    use Confidence::{Certain, Likely, Possible};
    vec![
        produced("stale-first-code", Certain, |evidence| {
            let text = "Invalid code provided, please request a code again.";
            code_refused(evidence, "ExpiredCodeException", text);
            of_last_mail(evidence, |mail| mail.repeats_earlier = true);
        }),
        produced("code-expired-or-attempts-used", Certain, |evidence| {
            let text = "Invalid code provided, please request a code again.";
            code_refused(evidence, "ExpiredCodeException", text);
        }),
        produced("wrong-inbox", Certain, |evidence| {
            no_first_mail(evidence);
            evidence.inbox.probe_arrived = Source::from(false);
        }),
        produced("search-too-narrow", Certain, |evidence| {
            found(evidence, mail(24));
        }),
        produced("parse-failure", Certain, |evidence| {
            evidence.case.trouble = Trouble::NoCode;
            let mut used = mail(24);
            used.used = true;
            used.content = Content::Ambiguous;
            used.follows_template = Some(false);
            found(evidence, used);
        }),
        produced("imap-staleness", Certain, |evidence| {
            let mut unseen = mail(24);
            unseen.seen_by_watch = false;
            found(evidence, unseen);
        }),
        produced("clock-skew", Certain, |evidence| {
            evidence.clock = Source::from(ClockSkew { ahead_ms: -90_000 });
        }),
        produced("log-lag-misread", Certain, |evidence| {
            evidence.trail = Source::Lagging {
                found: Vec::new(),
                behind_seconds: 300,
            };
        }),
        produced("evidence-not-configured", Certain, |evidence| {
            evidence.notifications = Source::NotConfigured {
                setting: "SetLogDeliveryConfiguration".to_owned(),
            };
        }),
        produced("emulator-divergence", Possible, |evidence| {
            evidence.case.emulated = true;
        }),
        produced("quota-burnt-by-tests", Likely, |evidence| {
            by_default(evidence);
            for _ in 0..3 {
                evidence.calls.insert(0, sign_up(0, FIRST));
            }
            evidence.case.request = evidence.case.request.map(|request| request + 3);
            refused(evidence, "LimitExceededException", "Attempt limit exceeded");
            asked_with(evidence, "ResendConfirmationCode");
        })
        .beside("resend-hourly-limit"),
    ]
}

#[test]
fn each_is_found() {
    check(&all());
}

//! Cognito agreed, but did not hand the mail over.

use reverify::diagnosis::{Confidence, ControlExperiment, Evidence, InvocationEnd, Source};

use super::refused::ran;
use super::scene::*;

pub(crate) fn all() -> Vec<Produced> {
    use Confidence::{Certain, Likely, Possible};
    vec![
        produced("per-destination-throttle", Certain, |evidence| {
            logged(evidence, "Delivery to this destination was throttled.");
        }),
        produced("per-destination-throttle", Likely, |evidence| {
            evidence.control = control(true);
        }),
        produced("per-destination-throttle", Possible, |evidence| {
            by_default(evidence);
        }),
        produced("custom-email-sender-swallowed", Certain, |evidence| {
            custom_sender(evidence);
            ran(
                evidence,
                "CustomEmailSender",
                failed("Error: unknown triggerSource"),
            );
        }),
        produced("custom-email-sender-swallowed", Likely, custom_sender),
        produced("custom-email-sender-kms", Certain, |evidence| {
            custom_sender(evidence);
            ran(
                evidence,
                "CustomEmailSender",
                failed("InvalidCiphertextException: null"),
            );
        }),
        produced("handover-throttled-by-ses", Certain, |evidence| {
            logged(
                evidence,
                "Throttling failure: Maximum sending rate exceeded.",
            );
        }),
        produced("handover-throttled-by-ses", Likely, |evidence| {
            of_account(evidence, |account| account.max_per_second = 1);
            evidence.calls.insert(0, sign_up(21, FIRST));
            evidence.case.request = evidence.case.request.map(|request| request + 1);
        }),
        produced("code-delivery-failure-other", Certain, |evidence| {
            let text = "Invalid email provided/Unable to send the email";
            refused(evidence, "CodeDeliveryFailureException", text);
        }),
    ]
}

pub(crate) fn control(arrived: bool) -> Source<ControlExperiment> {
    Source::from(ControlExperiment {
        address: "ada+control@example.com".to_owned(),
        arrived,
    })
}

fn failed(line: &str) -> InvocationEnd {
    InvocationEnd::Error {
        line: line.to_owned(),
    }
}

pub(crate) fn custom_sender(evidence: &mut Evidence) {
    let arn = "arn:aws:lambda:eu-west-1:123456789012:function:sender";
    of_pool(evidence, |pool| {
        pool.triggers
            .insert("CustomEmailSender".to_owned(), arn.to_owned());
    });
}

#[test]
fn each_is_found() {
    check(&all());
}

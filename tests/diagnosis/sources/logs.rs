//! Log groups with odd contents, at the embedded emulator.

use reverify::control::TrailSettings;
use reverify::diagnosis::Source;

use super::target::{Target, seed, texts};

const GROUP: &str = "trail";
/// More than one query answers with.
const LINES: usize = 10_050;
/// Lines of one request (PutLogEvents' limit is 10,000).
const BATCH: usize = 5_000;

fn own_ses() -> String {
    seed(
        "[user_pool.EmailConfiguration]\nEmailSendingAccount = \"DEVELOPER\"\n\
         SourceArn = \"arn:aws:ses:us-east-1:123456789012:identity/example.com\"\n",
        "[ses]\nProductionAccessEnabled = true\n[[ses_identity]]\nEmailIdentity = \"example.com\"\n",
    )
}

#[tokio::test]
async fn a_group_that_does_not_exist_is_a_matter_of_settings() {
    let mut target = Target::of(&own_ses());
    target.places.trail_log_group = Some("nowhere".to_owned());
    target.places.ses_events_log_group = Some("nowhere".to_owned());
    let sign_up = target.sign_up("ada@mail.test").await;
    let found = target
        .collect(target.evidence("ada@mail.test", vec![sign_up]))
        .await;
    for outcome in [found.trail.outcome(), found.ses.events.outcome()] {
        let Source::NotConfigured { setting } = outcome else {
            panic!("{outcome:?}");
        };
        assert!(setting.contains("nowhere"), "{setting}");
    }
}

#[tokio::test]
async fn ten_thousand_events_are_read_and_the_rest_is_said() {
    let mut target = Target::of(&seed("", ""));
    target.make_group(GROUP).await;
    target.places.trail_log_group = Some(GROUP.to_owned());
    let event = |number: usize| {
        format!(
            "{{\"eventSource\":\"cognito-idp.amazonaws.com\",\"eventName\":\"SignUp\",\"requestID\":\"r{number}\"}}"
        )
    };
    for first in (0..LINES).step_by(BATCH) {
        let last = (first + BATCH).min(LINES);
        target.write(GROUP, (first..last).map(event)).await;
    }
    let sign_up = target.sign_up("ada@mail.test").await;
    let found = target
        .collect(target.evidence("ada@mail.test", vec![sign_up]))
        .await;
    assert_eq!(found.trail.read().unwrap().len(), 10_000);
    let remarks = texts(&found.remarks);
    assert!(
        remarks
            .iter()
            .any(|text| text.contains("more than 10000 lines")),
        "{remarks:?}"
    );
}

#[tokio::test]
async fn lines_that_cannot_be_read_are_counted_and_the_others_read() {
    let mut target = Target::of(&own_ses());
    target.make_group("events").await;
    target.places.ses_events_log_group = Some("events".to_owned());
    let sign_up = target.sign_up("ada@mail.test").await;
    let good = "{\"detail\":{\"eventType\":\"Send\",\"mail\":{\"messageId\":\"m\",\"destination\":[\"ada@mail.test\"],\"timestamp\":null}}}";
    let lines = [
        "ADA@mail.test {",
        good,
        "{\"detail\":null,\"to\":\"ada@mail.test\"}",
        "bob",
    ];
    target
        .write("events", lines.map(str::to_owned).into_iter())
        .await;
    let found = target
        .collect(target.evidence("ada@mail.test", vec![sign_up]))
        .await;
    assert_eq!(found.ses.events.read().unwrap().len(), 1);
    assert_eq!(
        texts(&found.remarks),
        ["2 lines of events could not be read"]
    );
}

#[tokio::test]
async fn no_address_breaks_out_of_a_query() {
    let mut target = Target::of(&own_ses());
    target.make_group("events").await;
    target.places.ses_events_log_group = Some("events".to_owned());
    for address in [
        "o'neil@mail.test",
        "a/b|stats{count}@mail.test",
        "x#`y*@mail.test",
        "plus+tag?=$!%^&~@mail.test",
    ] {
        let event = format!(
            "{{\"detail\":{{\"eventType\":\"Send\",\"mail\":{{\"messageId\":\"{}\",\"destination\":[\"{address}\"]}}}}}}",
            address.len()
        );
        let evidence = target.evidence(address, Vec::new());
        target.write("events", [event].into_iter()).await;
        let found = target.collect(evidence).await;
        let events = found.ses.events.read();
        let events = events.unwrap_or_else(|| panic!("{address}: {:?}", found.ses.events));
        assert_eq!(events.len(), 1, "{address}");
    }
}

#[tokio::test]
async fn the_trail_tells_the_life_of_both_users() {
    let mut target = Target::of(&seed("", ""));
    let trail = TrailSettings {
        log_group: Some(GROUP.to_owned()),
        delay_seconds: 0,
    };
    target.control.set_trail(&trail).await.unwrap();
    target.places.trail_log_group = Some(GROUP.to_owned());
    let first = target.sign_up("ada@mail.test").await;
    target.delete("ada@mail.test").await;
    let second = target.sign_up("ada@mail.test").await;
    let subs = [
        first.sub().cloned(),
        first.sub().cloned(),
        second.sub().cloned(),
    ];
    let found = target.evidence("ada@mail.test", vec![first, second]);
    let found = target.collect(found).await;
    let events = found.trail.read().unwrap();
    let names: Vec<_> = events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names, ["SignUp", "AdminDeleteUser", "SignUp"]);
    let seen: Vec<_> = events.iter().map(|event| event.sub.clone()).collect();
    assert_eq!(seen, subs);
}

//! A mail in one line, as a failure shows it.

use std::time::Duration;

use super::status::short;
use crate::record::{AuthenticationFact, Event, MailFacts, TemplateFact};
use crate::report::text::one_line;

/// From this skew on a clock is worth a word: mails are stamped in whole seconds.
const SKEW_SHOWN_MS_MIN: f64 = 1_000.0;
/// From this share of the whole time on a hop is named as the one that held the mail up.
const SLOW_HOP_SHARE_MIN: f64 = 0.5;
/// Below this time nothing held the mail up, in milliseconds.
const SLOW_HOP_MS_MIN: f64 = 5_000.0;

/// `Your code from Shop <a@b.example>, 4.10s after the request; DMARC fail (says mx.example)`.
///
/// What is as it should be is left out; the record has it all.
pub(super) fn mail_line(event: &Event) -> Option<String> {
    let Event::MailArrived {
        to,
        from,
        subject,
        delivery_ms,
        facts,
        ..
    } = event
    else {
        return None;
    };
    let after = millis(*delivery_ms);
    let mut line = format!("{subject:?} from {from} to {to}, {after} after the request");
    let remarks = [
        slow_hop(facts, *delivery_ms),
        wrong_clock(facts),
        facts.authentication.as_ref().and_then(suspicion),
        facts
            .spam
            .iter()
            .find(|sign| sign.is_spam == Some(true))
            .map(|sign| format!("marked as spam by {}", sign.header)),
        match &facts.template {
            Some(TemplateFact::NotFollowed { reason }) => Some(reason.clone()),
            Some(TemplateFact::Followed) | None => None,
        },
        facts
            .same_code_as
            .last()
            .map(|mail| format!("the same code as the mail of {:.0}", mail.received_at)),
    ];
    for remark in remarks.into_iter().flatten() {
        line.push_str("; ");
        line.push_str(&remark);
    }
    Some(one_line(&line))
}

/// The host before which the mail lay for most of its time.
fn slow_hop(facts: &MailFacts, whole_ms: f64) -> Option<String> {
    let mut before_ms = facts.written.map_or(0.0, |written| written.after_ms);
    for hop in &facts.hops {
        let Some(at) = hop.at.filter(|at| at.skew_ms.is_none()) else {
            continue;
        };
        let took_ms = at.after_ms - before_ms;
        before_ms = at.after_ms;
        if took_ms >= SLOW_HOP_MS_MIN && took_ms >= whole_ms * SLOW_HOP_SHARE_MIN {
            let by = hop.by.as_deref().unwrap_or("a host without a name");
            return Some(format!("{} of it until {by} took it", millis(took_ms)));
        }
    }
    None
}

fn wrong_clock(facts: &MailFacts) -> Option<String> {
    let sender = facts.written.map(|at| ("the sender", at));
    let hops = facts.hops.iter().filter_map(|hop| {
        let by = hop.by.as_deref().unwrap_or("a host without a name");
        Some((by, hop.at?))
    });
    let skews = sender
        .into_iter()
        .chain(hops)
        .filter_map(|(host, at)| Some((host, at.skew_ms?)));
    let (host, skew_ms) = skews.max_by(|one, other| one.1.abs().total_cmp(&other.1.abs()))?;
    if skew_ms.abs() < SKEW_SHOWN_MS_MIN {
        return None;
    }
    let way = if skew_ms < 0.0 { "behind" } else { "ahead" };
    let skew = millis(skew_ms.abs());
    Some(format!("the clock of {host} is {skew} {way} at least"))
}

/// The methods by which the sender is not authentic, or nothing.
fn suspicion(found: &AuthenticationFact) -> Option<String> {
    let methods = [
        ("SPF", &found.spf),
        ("DKIM", &found.dkim),
        ("DMARC", &found.dmarc),
    ];
    let bad: Vec<_> = methods
        .iter()
        .filter_map(|(name, verdict)| Some((name, verdict.as_deref()?)))
        .filter(|(_, verdict)| *verdict != "pass")
        .map(|(name, verdict)| format!("{name} {verdict}"))
        .collect();
    (!bad.is_empty()).then(|| format!("{} (says {})", bad.join(", "), found.host))
}

fn millis(number: f64) -> String {
    short(Duration::try_from_secs_f64(number / 1e3).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{EarlierMail, HopFact, MomentFact, SpamFact};

    fn line(facts: MailFacts) -> String {
        let event = Event::MailArrived {
            to: "ada@mail.test".to_owned(),
            from: "Shop <a@b.example>".to_owned(),
            subject: "Your code".to_owned(),
            message_id: None,
            bytes: 1_000,
            delivery_ms: 20_000.0,
            found: "neither code nor link".to_owned(),
            facts: Box::new(facts),
        };
        mail_line(&event).unwrap()
    }

    fn hop(by: &str, after_ms: f64, skew_ms: Option<f64>) -> HopFact {
        HopFact {
            from: None,
            by: Some(by.to_owned()),
            at: Some(MomentFact { after_ms, skew_ms }),
        }
    }

    #[test]
    fn a_mail_in_order_needs_no_remark() {
        let plain =
            r#""Your code" from Shop <a@b.example> to ada@mail.test, 20.0s after the request"#;
        assert_eq!(line(MailFacts::default()), plain);
        let pass = || Some("pass".to_owned());
        let facts = MailFacts {
            hops: vec![hop("mx.example", 1_000.0, Some(-500.0))],
            authentication: Some(AuthenticationFact {
                host: "mx.example".to_owned(),
                spf: pass(),
                dkim: pass(),
                dmarc: pass(),
            }),
            template: Some(TemplateFact::Followed),
            ..MailFacts::default()
        };
        assert_eq!(line(facts), plain);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let facts = MailFacts {
            hops: vec![
                hop("a.example", 500.0, None),
                hop("b.example", 20_000.0, Some(90_000.0)),
                hop("mx.example", 18_500.0, None),
            ],
            authentication: Some(AuthenticationFact {
                host: "mx.example".to_owned(),
                spf: Some("softfail".to_owned()),
                dkim: Some("pass".to_owned()),
                dmarc: Some("fail".to_owned()),
            }),
            spam: vec![SpamFact {
                header: "X-Spam-Flag".to_owned(),
                value: "YES".to_owned(),
                is_spam: Some(true),
            }],
            template: Some(TemplateFact::NotFollowed {
                reason: "the mail does not follow the pool's template".to_owned(),
            }),
            same_code_as: vec![EarlierMail {
                message_id: None,
                received_at: "2026-11-21T03:00:04Z".parse().unwrap(),
            }],
            ..MailFacts::default()
        };
        let expected = "after the request; 18.0s of it until mx.example took it; the clock of \
            b.example is 90.0s ahead at least; SPF softfail, DMARC fail (says mx.example); marked \
            as spam by X-Spam-Flag; the mail does not follow the pool's template; the same code as \
            the mail of 2026-11-21T03:00:04Z";
        let found = line(facts);
        assert!(found.ends_with(expected), "{found}");
    }
}

//! What a received mail tells about its delivery, read once for the record and for the steps.

use jiff::Timestamp;

use super::people::ReceivedMail;
use crate::inbox::Arrival;
use crate::mail::{
    Delivery, Extraction, How, Message, Method, Moment, Template, TemplateMismatch, Timeline,
};
use crate::model::ConfirmationCode;
use crate::record::{
    AuthenticationFact, EarlierMail, HopFact, MailFacts, MomentFact, SpamFact, TemplateFact, millis,
};

/// How much of a host's name or a filter's verdict is kept, in characters: senders write headers of
/// any length, and a record keeps one line a mail.
const TEXT_CHARS_MAX: usize = 200;

/// Whether a mail has the text that the pool's template makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TemplateUse {
    /// It has.
    Followed,
    /// It has not; the reason says in which way.
    NotFollowed(TemplateMismatch),
    /// The pool has no template of its own, and Cognito's text is not known for certain
    /// (COGNITO.md 5.1).
    NotCognitosText,
    /// No template is known.
    Unknown,
}

impl TemplateUse {
    /// Compares a mail with the pool's template, or with Cognito's text if the pool has none.
    pub(super) fn of(
        message: &Message,
        extraction: &Extraction,
        templates: &[Template],
        is_own: bool,
    ) -> Self {
        if let Extraction::Code { how, .. } | Extraction::Link { how, .. } = extraction
            && matches!(how, How::Template(_))
        {
            return Self::Followed;
        }
        let applied = templates.iter().map(|template| template.apply(message));
        match applied.reduce(Result::or) {
            None => Self::Unknown,
            Some(Ok(_)) => Self::Followed,
            Some(Err(mismatch)) if is_own => Self::NotFollowed(mismatch),
            Some(Err(_)) => Self::NotCognitosText,
        }
    }

    /// Why the template was not followed, in words.
    pub(super) fn deviation(&self) -> Option<String> {
        match self {
            Self::Followed | Self::Unknown => None,
            Self::NotFollowed(mismatch) => Some(mismatch.to_string()),
            Self::NotCognitosText => Some(
                "the pool has no template of its own, and the mail is not in the words that \
                 Cognito is known for: is a custom message function at work?"
                    .to_owned(),
            ),
        }
    }

    fn fact(&self) -> Option<TemplateFact> {
        match self {
            Self::Followed => Some(TemplateFact::Followed),
            Self::Unknown => None,
            Self::NotFollowed(_) | Self::NotCognitosText => self
                .deviation()
                .map(|reason| TemplateFact::NotFollowed { reason }),
        }
    }
}

/// The facts of a mail for the record.
pub(super) fn facts(
    arrival: &Arrival,
    delivery: &Delivery,
    requested: Timestamp,
    receiver: Option<&str>,
    template: &TemplateUse,
) -> MailFacts {
    let Timeline { written, hops } = delivery.timeline(requested, arrival.received_at);
    let hops = delivery.hops.iter().zip(hops).map(|(hop, at)| HopFact {
        from: hop.from.as_deref().map(clipped),
        by: hop.by.as_deref().map(clipped),
        at: at.map(moment),
    });
    let spam = delivery.spam.iter().map(|sign| SpamFact {
        header: sign.header.clone(),
        value: clipped(&sign.value),
        is_spam: sign.is_spam,
    });
    let envelope_from = arrival.envelope_from.as_ref().map(ToString::to_string);
    MailFacts {
        envelope_from: envelope_from.or_else(|| delivery.return_path.as_deref().map(clipped)),
        written: written.map(moment),
        hops: hops.collect(),
        authentication: authentication(delivery, receiver),
        spam: spam.collect(),
        template: template.fact(),
        same_code_as: Vec::new(),
    }
}

/// Which of a person's mails had this code before.
pub(super) fn same_code(earlier: &[ReceivedMail], code: &ConfirmationCode) -> Vec<EarlierMail> {
    let same = earlier.iter().filter(|mail| mail.code == *code);
    same.map(|mail| EarlierMail {
        message_id: mail.message_id.clone(),
        received_at: mail.received_at,
    })
    .collect()
}

fn authentication(delivery: &Delivery, receiver: Option<&str>) -> Option<AuthenticationFact> {
    let host = delivery.checked_by(receiver)?;
    let word = |method| {
        let verdict = delivery.verdict(method, receiver);
        verdict.map(|verdict| verdict.as_str().to_owned())
    };
    Some(AuthenticationFact {
        host: clipped(host),
        spf: word(Method::Spf),
        dkim: word(Method::Dkim),
        dmarc: word(Method::Dmarc),
    })
}

fn moment(moment: Moment) -> MomentFact {
    let skew = millis(moment.skew.unsigned_abs());
    let signed = if moment.skew.is_negative() {
        -skew
    } else {
        skew
    };
    MomentFact {
        after_ms: millis(moment.after),
        skew_ms: (!moment.skew.is_zero()).then_some(signed),
    }
}

fn clipped(text: &str) -> String {
    text.chars().take(TEXT_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::{ArrivalId, Folder, Position};
    use crate::mail::extract;

    fn arrival(raw: &str, received_at: &str) -> Arrival {
        Arrival {
            id: ArrivalId::new("1"),
            position: Position::new(1, 1),
            envelope_from: None,
            envelope_to: "ada@example.com".parse().unwrap(),
            received_at: received_at.parse().unwrap(),
            folder: Folder::Inbox,
            raw: raw.as_bytes().into(),
        }
    }

    #[test]
    fn a_mail_tells_its_way_and_what_the_receiver_thought() {
        let long = "x".repeat(5_000);
        let raw = format!(
            "Return-Path: <bounces@a.example>\n\
             Authentication-Results: mx.example; spf=pass; dmarc=fail\n\
             X-Spam-Status: No, {long}\n\
             Received: from a.example by mx.example; Sat, 21 Nov 2026 03:00:04 +0000\n\
             Received: by a.example; Sat, 21 Nov 2026 04:00:01 +0000\n\
             Date: Sat, 21 Nov 2026 03:00:01 +0000\n\nYour code is 123456.\n"
        );
        let arrival = arrival(&raw, "2026-11-21T03:00:05Z");
        let delivery = Delivery::parse(&arrival.raw);
        let requested = "2026-11-21T03:00:00.500Z".parse().unwrap();
        let facts = facts(&arrival, &delivery, requested, None, &TemplateUse::Unknown);
        let moment = |after_ms, skew_ms| Some(MomentFact { after_ms, skew_ms });
        assert_eq!(facts.written, moment(500.0, None));
        let hops: Vec<_> = facts.hops.iter().map(|hop| hop.at).collect();
        assert_eq!(
            hops,
            [moment(4_500.0, Some(3_596_000.0)), moment(3_500.0, None)]
        );
        assert_eq!(facts.hops[1].from.as_deref(), Some("a.example"));
        let found = facts.authentication.unwrap();
        assert_eq!(found.host, "mx.example");
        let words = [found.spf, found.dkim, found.dmarc];
        assert_eq!(
            words,
            [Some("pass".to_owned()), None, Some("fail".to_owned())]
        );
        assert_eq!(facts.spam[0].is_spam, Some(false));
        assert_eq!(facts.spam[0].value.chars().count(), TEXT_CHARS_MAX);
        assert_eq!(facts.envelope_from.as_deref(), Some("bounces@a.example"));
    }

    #[test]
    fn a_deviation_from_the_template_is_told_as_far_as_it_is_known() {
        let templates = [Template::new(None, "Your code is {####}").unwrap()];
        let cases: [(&str, &[Template], bool, Option<&str>); 5] = [
            ("Your code is 123456", &templates, true, None),
            (
                "Welcome! 123456 is the code",
                &templates,
                true,
                Some("does not follow the pool's"),
            ),
            (
                "Welcome! 123456 is the code",
                &templates,
                false,
                Some("no template of its own"),
            ),
            (
                "Your code is 123456. Your code is 654321.",
                &templates,
                true,
                Some("several ways"),
            ),
            ("Your code is 123456", &[], true, None),
        ];
        for (text, templates, is_own, expected) in cases {
            let message = Message::parse(format!("Subject: x\n\n{text}\n").as_bytes());
            let extraction = extract(&message, templates);
            let found = TemplateUse::of(&message, &extraction, templates, is_own).deviation();
            match expected {
                None => assert_eq!(found, None, "{text}"),
                Some(part) => assert!(found.unwrap().contains(part), "{text}"),
            }
        }
    }
}

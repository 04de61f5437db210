//! The receiving side has the mail, or lost it.

use reverify::diagnosis::{Confidence, Evidence, Place, Recipient, SesEventKind, Source, Verdict};

use reverify::model::{MailboxQuota, QuotaUnit};

use super::not_asked::{of_user, trailed};
use super::scene::*;
use super::ses::{bounce, rejected, rejected_at};

pub(crate) fn all() -> Vec<Produced> {
    use Confidence::{Certain, Likely, Possible};
    vec![
        produced("spam-folder", Certain, |evidence| {
            let mut junk = mail(24);
            junk.folder = "Junk".to_owned();
            junk.place = Place::Junk;
            found(evidence, junk);
        }),
        produced("gateway-quarantine", Likely, |evidence| {
            event(evidence, 22, SesEventKind::Send);
            delivered(evidence);
        }),
        produced("gateway-quarantine", Possible, |_| {}),
        produced("authentication-failure", Certain, |evidence| {
            let mut kind = bounce("Permanent", "General");
            if let SesEventKind::Bounce { diagnostic, .. } = &mut kind {
                *diagnostic = "550 5.7.26 unauthenticated mail, see DMARC policy".to_owned();
            }
            event(evidence, 23, kind);
        }),
        produced("authentication-failure", Likely, |evidence| {
            of_last_mail(evidence, |mail| mail.dmarc = Some("fail".to_owned()));
        }),
        produced("late-delivery", Certain, |evidence| {
            found(evidence, mail(140));
        }),
        produced("mailbox-full", Certain, |evidence| {
            event(evidence, 23, bounce("Transient", "MailboxFull"));
        }),
        produced("mailbox-full", Certain, |evidence| {
            rejected(evidence, "452 4.2.2 mailbox full");
        }),
        produced("mailbox-full", Likely, |evidence| {
            evidence.inbox.quota = Source::from(MailboxQuota {
                used: 1_000,
                limit: 1_000,
                unit: QuotaUnit::Kibibytes,
            });
        }),
        produced("plus-or-dot-address", Certain, |evidence| {
            let mut rewritten = mail(24);
            rewritten.recipient = Recipient::Rewritten;
            found(evidence, rewritten);
        }),
        produced("threaded-with-first", Certain, |evidence| {
            reported_by_a_person(evidence);
            found(evidence, mail(24));
        }),
        produced("link-consumed-by-scanner", Certain, |evidence| {
            of_pool(evidence, |pool| {
                pool.confirms_by_link = true;
                pool.domain = Some("shop".to_owned());
            });
            of_user(evidence, |user| user.status = "CONFIRMED".to_owned());
            trailed(evidence, "Confirm_With_Link_GET");
        }),
        produced("filter-moved-or-deleted", Likely, |evidence| {
            evidence.inbox.vanished = Source::from(1);
        }),
    ]
}

fn delivered(evidence: &mut Evidence) {
    let smtp_response = "250 2.0.0 OK".to_owned();
    event(evidence, 23, SesEventKind::Delivery { smtp_response });
}

#[test]
fn each_is_found() {
    check(&all());
}

/// The story signs up at 0 s, deletes at 20 s and signs up again at 21 s.
#[test]
fn a_refusal_of_the_first_mail_says_nothing_about_the_second() {
    for (cause, answer) in [
        ("mailbox-full", "452 4.2.2 mailbox full"),
        ("authentication-failure", "421 4.7.26 see the DMARC policy"),
        ("ses-hard-bounce", "550 5.1.1 user unknown"),
        ("ses-delivery-delay", "451 4.7.1 greylisted"),
    ] {
        for (seconds, expected) in [(1, false), (22, true)] {
            let mut evidence = story();
            rejected_at(&mut evidence, seconds, answer);
            let verdict = Verdict::of(&evidence);
            let proven = verdict.proven().any(|finding| finding.cause.id == cause);
            assert_eq!(proven, expected, "{cause}, refused at {seconds} s");
        }
    }
}

//! The whole way: an emulated pool mails, Dovecot stores, and scenarios read it over IMAP and TLS.

use reverify::inbox::ImapInbox;
use reverify::suite::{Source, Suite};

use super::lmtp::smtp_to_lmtp;
use super::server::{ADDRESSES, Dovecot, USER};
use crate::emulated::{Emulated, unheard};

#[tokio::test]
async fn every_scenario_of_signing_up_again_passes() {
    let Some(dovecot) = Dovecot::start("re-sign-up over IMAP") else {
        return;
    };
    let emulated = Emulated::mailing_to(smtp_to_lmtp(dovecot.ports.lmtp));
    let inbox = ImapInbox::open(dovecot.tls(USER)).unwrap();
    let target = emulated.target(inbox, ADDRESSES);
    let mut sources = Source::shipped();
    sources.retain(|source| source.path.ends_with("re_sign_up.feature"));
    let suite = Suite::of(sources);
    let plan = suite.plan().unwrap();
    let summary = emulated.run(&suite, target, unheard()).await;
    let outcomes: Vec<_> = summary.scenarios().map(|one| &one.outcome).collect();
    assert_eq!(summary.passed(), plan.scenarios().len(), "{outcomes:#?}");
    let mails: u32 = plan.scenarios().iter().map(|one| one.mails).sum();
    assert_eq!(summary.deliveries().len(), usize::try_from(mails).unwrap());
    assert!(mails > 10, "only {mails} mails");
    assert_eq!(dovecot.logins(), 1);
}

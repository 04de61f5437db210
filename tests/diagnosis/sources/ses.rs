//! Pools that mail through the account's own SES, and what it tells.

use reverify::control::{SesAccount, SesVerification, VerificationStatus};
use reverify::diagnosis::{Evidence, SesEventKind, Source};

use super::target::{Target, seed};

const GROUP: &str = "/aws/events/ses";

/// A pool that mails as the shop through SES, whose events a rule writes into the group.
fn target(ses: &str) -> Target {
    let pool = "[user_pool.EmailConfiguration]\nEmailSendingAccount = \"DEVELOPER\"\n\
                SourceArn = \"arn:aws:ses:us-east-1:123456789012:identity/example.com\"\n\
                From = \"shop@example.com\"\n";
    let tables = format!(
        "{ses}\n[[ses_identity]]\nEmailIdentity = \"example.com\"\nConfigurationSetName = \"set\"\n\
         [[ses_configuration_set]]\nConfigurationSetName = \"set\"\n\
         [ses_configuration_set.EventDestinations.bus]\nEnabled = true\n\
         MatchingEventTypes = [\"SEND\", \"BOUNCE\", \"DELIVERY\"]\n\
         EventBridgeDestination = {{ EventBusArn = \
         \"arn:aws:events:us-east-1:123456789012:event-bus/default\" }}\n\
         [[ses_event_rule]]\nLogGroupName = \"{GROUP}\"\n"
    );
    let mut target = Target::of(&seed(pool, &tables));
    target.places.ses_events_log_group = Some(GROUP.to_owned());
    target
}

fn production(more: &str) -> Target {
    target(&format!("[ses]\nProductionAccessEnabled = true\n{more}"))
}

async fn after_sign_up(target: &Target, address: &str) -> Evidence {
    let sign_up = target.sign_up(address).await;
    target
        .collect(target.evidence(address, vec![sign_up]))
        .await
}

fn kinds(evidence: &Evidence) -> Vec<&SesEventKind> {
    let events = evidence.ses.events.read();
    let events = events.unwrap_or_else(|| panic!("{:?}", evidence.ses.events));
    events.iter().map(|event| &event.kind).collect()
}

#[tokio::test]
async fn every_setting_of_a_healthy_sender_is_read() {
    let target = production("");
    let found = after_sign_up(&target, "ada@mail.test").await;
    let account = found.ses.account.read().unwrap();
    assert!(account.production_access && account.sending_enabled);
    assert_eq!(
        (account.enforcement.as_str(), account.sent_24_hours),
        ("HEALTHY", 1)
    );
    let sender = found.ses.sender.read().unwrap().as_ref().unwrap();
    assert_eq!(
        (sender.name.as_str(), sender.verified),
        ("example.com", true)
    );
    assert_eq!(found.ses.recipient, Source::from(None));
    // The pool names no set; its sender does.
    let set = found
        .ses
        .configuration_set
        .read()
        .unwrap()
        .as_ref()
        .unwrap();
    assert_eq!((set.name.as_str(), set.sending_enabled), ("set", true));
    assert_eq!(found.ses.suppression, Source::from(None));
    let kinds = kinds(&found);
    assert!(
        matches!(
            kinds[..],
            [SesEventKind::Send, SesEventKind::Delivery { .. }]
        ),
        "{kinds:?}"
    );
}

#[tokio::test]
async fn the_sandbox_and_a_recipient_who_is_verified_in_it() {
    let target = target("");
    let found = after_sign_up(&target, "ada@mail.test").await;
    assert!(found.refusal().unwrap().says("not verified"));
    assert!(!found.ses.account.read().unwrap().production_access);
    assert_eq!(found.ses.recipient, Source::from(None));
    // SES never had the mail, and the rule's group comes to be with its first event.
    assert!(found.ses.events.read().is_none());

    let verified = SesVerification {
        verification_status: Some(VerificationStatus::Success),
        mail_from_domain_status: None,
    };
    let control = &target.control;
    control
        .set_ses_verification("mail.test", verified)
        .await
        .unwrap();
    let found = after_sign_up(&target, "bob@mail.test").await;
    let recipient = found.ses.recipient.read().unwrap().as_ref().unwrap();
    assert_eq!(
        (recipient.name.as_str(), recipient.verified),
        ("mail.test", true)
    );
}

#[tokio::test]
async fn an_address_on_the_suppression_list_is_found_in_small_letters_too() {
    let suppressed = "[[ses_suppressed_destination]]\nEmailAddress = \"ada@mail.test\"\n\
                      Reason = \"COMPLAINT\"\n";
    let target = production(suppressed);
    let found = after_sign_up(&target, "Ada@mail.test").await;
    let entry = found.ses.suppression.read().unwrap().as_ref().unwrap();
    assert_eq!(
        (entry.address.as_str(), entry.reason.as_str()),
        ("ada@mail.test", "COMPLAINT")
    );
}

#[tokio::test]
async fn a_paused_account_and_a_failed_sender_say_so() {
    let target = production("");
    let paused = SesAccount {
        sending_enabled: Some(false),
        ..SesAccount::default()
    };
    target.control.set_ses_account(&paused).await.unwrap();
    let failed = SesVerification {
        verification_status: Some(VerificationStatus::Failed),
        mail_from_domain_status: None,
    };
    let control = &target.control;
    control
        .set_ses_verification("example.com", failed)
        .await
        .unwrap();
    let found = after_sign_up(&target, "ada@mail.test").await;
    assert!(!found.ses.account.read().unwrap().sending_enabled);
    let sender = found.ses.sender.read().unwrap().as_ref().unwrap();
    assert_eq!((sender.verified, sender.status.as_str()), (false, "FAILED"));
}

#[tokio::test]
async fn the_first_mails_events_are_not_those_of_the_second() {
    let target = production("");
    let first = target.sign_up("ada@mail.test").await;
    target.delete("ada@mail.test").await;
    let second = target.sign_up("ada@mail.test").await;
    let evidence = target.evidence("ada@mail.test", vec![first, second]);
    let found = target.collect(evidence).await;
    let sends = kinds(&found)
        .into_iter()
        .filter(|kind| **kind == SesEventKind::Send);
    assert_eq!(sends.count(), 1);
}

#[tokio::test]
async fn without_a_rule_for_events_nothing_is_kept() {
    let mut target = production("");
    target.places.ses_events_log_group = None;
    let found = after_sign_up(&target, "ada@mail.test").await;
    assert!(
        matches!(found.ses.events, Source::NotConfigured { .. }),
        "{found:?}"
    );
}

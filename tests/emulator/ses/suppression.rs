//! The account's suppression list (CAUSES.md, `ses-account-suppressed`).

use aws_sdk_sesv2::primitives::DateTime;
use aws_sdk_sesv2::types::SuppressionListReason as Reason;
use jiff::SignedDuration;

use super::fixture::{Account, PRODUCTION, name, named};
use crate::smtp::REFUSED;

async fn put(account: &Account, address: &str, reason: Reason) {
    let put = account.ses.put_suppressed_destination();
    let put = put.email_address(address).reason(reason);
    put.send().await.unwrap();
}

#[tokio::test]
async fn a_suppressed_address_gets_no_mail_and_the_sender_no_error() {
    let account = Account::of(PRODUCTION);
    put(&account, "Ada@else.org", Reason::Complaint).await;
    for to in ["Ada@else.org", "ada@else.org", "bob@else.org"] {
        account.send(to).await.unwrap();
    }
    assert_eq!(account.recipients(), ["bob@else.org"]);

    let reasons = |reasons: Vec<Reason>| {
        let put = account.ses.put_account_suppression_attributes();
        put.set_suppressed_reasons(Some(reasons)).send()
    };
    reasons(vec![Reason::Bounce]).await.unwrap();
    account.send("ada@else.org").await.unwrap();
    assert_eq!(account.recipients(), ["bob@else.org", "ada@else.org"]);

    let get = |address: &str| {
        let get = account.ses.get_suppressed_destination();
        get.email_address(address).send()
    };
    let shown = get("Ada@else.org").await.unwrap();
    let shown = shown.suppressed_destination.unwrap();
    assert_eq!(shown.reason, Reason::Complaint);
    assert!(shown.attributes.is_none());
    assert_eq!(
        named(&get("ada@else.org").await.unwrap_err()),
        (
            "NotFoundException".to_owned(),
            "Email address ada@else.org does not exist on your suppression list.".to_owned()
        )
    );
    let delete = || {
        let delete = account.ses.delete_suppressed_destination();
        delete.email_address("Ada@else.org").send()
    };
    delete().await.unwrap();
    assert_eq!(name(delete().await), "NotFoundException");
}

/// `https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list.html`.
#[tokio::test]
async fn a_hard_bounce_and_a_complaint_put_an_address_on_the_list() {
    let account = Account::of(PRODUCTION);
    let id = account.send(REFUSED).await.unwrap();
    let get = |address: &str| {
        let get = account.ses.get_suppressed_destination();
        get.email_address(address).send()
    };
    let shown = get(REFUSED).await.unwrap().suppressed_destination.unwrap();
    assert_eq!(shown.reason, Reason::Bounce);
    assert_eq!(shown.attributes.unwrap().message_id, Some(id));

    let complaint = r#"{"EmailAddress":"ada@else.org","FeedbackType":"COMPLAINT"}"#;
    account.send("ada@else.org").await.unwrap();
    let told = account.control("POST", "feedback", complaint);
    assert!(told.json()["MessageId"].is_string(), "{told:?}");
    let old = r#"{"EmailAddress":"old@else.org","FeedbackType":"BOUNCE"}"#;
    let told = account.control("POST", "feedback", old);
    assert_eq!((told.status, told.body.as_str()), (200, "{}"));
    account.send("old@else.org").await.unwrap();
    account.send("ada@else.org").await.unwrap();
    assert_eq!(account.recipients(), ["ada@else.org"]);

    account
        .send("bounce@simulator.amazonses.com")
        .await
        .unwrap();
    assert_eq!(
        name(get("bounce@simulator.amazonses.com").await),
        "NotFoundException"
    );
}

#[tokio::test]
async fn a_configuration_set_overrides_the_accounts_reasons() {
    let account = Account::of(&format!(
        "{PRODUCTION}[[ses_configuration_set]]\nConfigurationSetName = \"all\"\n\
         SuppressedReasons = []\n[[ses_suppressed_destination]]\nEmailAddress = \"ada@else.org\"\n\
         Reason = \"BOUNCE\""
    ));
    let send = |set: &str| {
        let mail = account.mail(super::fixture::SHOP, "ada@else.org");
        mail.configuration_set_name(set).send()
    };
    send("all").await.unwrap();
    assert_eq!(account.recipients(), ["ada@else.org"]);
    let put = account.ses.put_configuration_set_suppression_options();
    let put = put.configuration_set_name("all");
    put.suppressed_reasons(Reason::Bounce).send().await.unwrap();
    send("all").await.unwrap();
    assert_eq!(account.recipients().len(), 1);
}

#[tokio::test]
async fn the_list_is_filtered_and_paged() {
    let account = Account::of(PRODUCTION);
    let start = DateTime::from_secs(jiff::Timestamp::now().as_second() - 1);
    for (address, reason) in [
        ("a@else.org", Reason::Bounce),
        ("b@else.org", Reason::Complaint),
        ("c@else.org", Reason::Bounce),
    ] {
        put(&account, address, reason).await;
    }
    account.world.clock.advance(SignedDuration::from_hours(1));
    put(&account, "d@else.org", Reason::Bounce).await;
    let end = DateTime::from_secs(start.secs() + 600);
    let list = || account.ses.list_suppressed_destinations();
    let addresses = |listed: &[aws_sdk_sesv2::types::SuppressedDestinationSummary]| {
        let addresses = listed.iter().map(|listed| listed.email_address.clone());
        addresses.collect::<Vec<_>>()
    };
    let first = list().reasons(Reason::Bounce).page_size(2);
    let first = first.send().await.unwrap();
    assert_eq!(
        addresses(first.suppressed_destination_summaries()),
        ["a@else.org", "c@else.org"]
    );
    let rest = list()
        .reasons(Reason::Bounce)
        .set_next_token(first.next_token);
    let rest = rest.send().await.unwrap();
    assert_eq!(
        addresses(rest.suppressed_destination_summaries()),
        ["d@else.org"]
    );
    let early = list().start_date(start).end_date(end).send().await.unwrap();
    assert_eq!(early.suppressed_destination_summaries().len(), 3);
    assert_eq!(
        name(list().next_token("{").send().await),
        "InvalidNextTokenException"
    );
    assert_eq!(
        name(list().page_size(1001).send().await),
        "BadRequestException"
    );
}

/// `https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html`.
#[tokio::test]
async fn the_list_is_not_managed_in_the_sandbox() {
    let account = Account::sandbox();
    let put = account.ses.put_suppressed_destination();
    let put = put.email_address("a@else.org").reason(Reason::Bounce);
    assert_eq!(name(put.send().await), "BadRequestException");
    let listed = account.ses.list_suppressed_destinations().send();
    assert!(
        listed
            .await
            .unwrap()
            .suppressed_destination_summaries()
            .is_empty()
    );
}

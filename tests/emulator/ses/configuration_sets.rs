//! Configuration sets and event destinations (CAUSES.md, `ses-config-set-paused`).

use aws_sdk_sesv2::types::{
    EventBridgeDestination, EventDestinationDefinition, EventType, SendingOptions, SnsDestination,
};

use super::fixture::{Account, PRODUCTION, SHOP, name, named};

const BUS: &str = "arn:aws:events:us-east-1:123456789012:event-bus/default";

#[tokio::test]
async fn a_paused_or_missing_set_stops_its_mails() {
    let account = Account::of(PRODUCTION);
    let create = || {
        let create = account.ses.create_configuration_set();
        create.configuration_set_name("set").send()
    };
    create().await.unwrap();
    assert_eq!(name(create().await), "AlreadyExistsException");
    let send = |set: &str| {
        let mail = account.mail(SHOP, "ada@else.org");
        mail.configuration_set_name(set).send()
    };
    send("set").await.unwrap();
    let put = account.ses.put_configuration_set_sending_options();
    let put = put.configuration_set_name("set").sending_enabled(false);
    put.send().await.unwrap();
    let shown = account
        .ses
        .get_configuration_set()
        .configuration_set_name("set");
    let shown = shown.send().await.unwrap();
    assert_eq!(
        shown.sending_options,
        Some(SendingOptions::builder().sending_enabled(false).build())
    );
    assert_eq!(name(send("set").await), "SendingPausedException");
    assert_eq!(
        named(&send("gone").await.unwrap_err()),
        (
            "NotFoundException".to_owned(),
            "Configuration set <gone> does not exist.".to_owned()
        )
    );
    let listed = account.ses.list_configuration_sets().send().await.unwrap();
    assert_eq!(listed.configuration_sets(), ["set"]);
    let delete = || {
        let delete = account.ses.delete_configuration_set();
        delete.configuration_set_name("set").send()
    };
    delete().await.unwrap();
    assert_eq!(name(delete().await), "NotFoundException");
    assert_eq!(account.recipients().len(), 1);
}

/// `https://docs.aws.amazon.com/ses/latest/dg/managing-configuration-sets.html`.
#[tokio::test]
async fn an_identitys_default_set_counts_until_it_is_gone() {
    let account = Account::of(
        "[ses]\nProductionAccessEnabled = true\n\
         [[ses_configuration_set]]\nConfigurationSetName = \"set\"\nSendingEnabled = false\n\
         [[ses_identity]]\nEmailIdentity = \"example.com\"\nConfigurationSetName = \"set\"",
    );
    let (error, _) = account.send("ada@else.org").await.unwrap_err();
    assert_eq!(error, "SendingPausedException");
    let delete = account.ses.delete_configuration_set();
    let delete = delete.configuration_set_name("set");
    delete.send().await.unwrap();
    let (error, _) = account.send("ada@else.org").await.unwrap_err();
    assert_eq!(error, "BadRequestException");
}

#[tokio::test]
async fn event_destinations_are_kept_by_name() {
    let account = Account::sandbox();
    let create = account.ses.create_configuration_set();
    create.configuration_set_name("set").send().await.unwrap();
    let bus = |arn: &str| {
        let bridge = EventBridgeDestination::builder().event_bus_arn(arn);
        EventDestinationDefinition::builder()
            .enabled(true)
            .matching_event_types(EventType::Bounce)
            .event_bridge_destination(bridge.build().unwrap())
            .build()
    };
    let create = |definition| {
        let create = account.ses.create_configuration_set_event_destination();
        let create = create
            .configuration_set_name("set")
            .event_destination_name("bus");
        create.event_destination(definition).send()
    };
    let topic = SnsDestination::builder().topic_arn("arn:aws:sns:us-east-1:1:t");
    let topic = EventDestinationDefinition::builder()
        .matching_event_types(EventType::Bounce)
        .sns_destination(topic.build().unwrap())
        .build();
    assert_eq!(name(create(topic).await), "NotImplementedException");
    let other = bus("arn:aws:events:us-east-1:1:event-bus/own");
    assert_eq!(name(create(other).await), "BadRequestException");
    create(bus(BUS)).await.unwrap();
    assert_eq!(name(create(bus(BUS)).await), "AlreadyExistsException");

    let update = |name: &str| {
        let update = account.ses.update_configuration_set_event_destination();
        let update = update
            .configuration_set_name("set")
            .event_destination_name(name);
        let definition = bus(BUS);
        update.event_destination(definition).send()
    };
    update("bus").await.unwrap();
    assert_eq!(name(update("other").await), "NotFoundException");
    let get = account.ses.get_configuration_set_event_destinations();
    let shown = get.configuration_set_name("set").send().await.unwrap();
    let [destination] = shown.event_destinations() else {
        panic!("{shown:?}");
    };
    assert_eq!(destination.name(), "bus");
    assert_eq!(destination.matching_event_types(), [EventType::Bounce]);
    let delete = || {
        let delete = account.ses.delete_configuration_set_event_destination();
        let delete = delete.configuration_set_name("set");
        delete.event_destination_name("bus").send()
    };
    delete().await.unwrap();
    assert_eq!(name(delete().await), "NotFoundException");
}

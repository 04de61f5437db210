//! Email templates: kept, rendered, sent, and what a missing attribute comes to.

use std::fmt::Debug;

use aws_sdk_sesv2 as ses;
use reverify::emulator::MailView as _;
use serde_json::{Value, json};
use ses::error::ProvideErrorMetadata;
use ses::types::{Destination, EmailContent, EmailTemplateContent, Template};

use super::fixture::{Account, PRODUCTION};

const GROUP: &str = "/aws/events/ses";

fn account() -> Account {
    Account::of(&format!(
        "{PRODUCTION}ConfigurationSetName = \"set\"\n\
         [[ses_configuration_set]]\nConfigurationSetName = \"set\"\n\
         [ses_configuration_set.EventDestinations.bus]\nEnabled = true\n\
         MatchingEventTypes = [\"SEND\", \"DELIVERY\", \"RENDERING_FAILURE\"]\n\
         EventBridgeDestination = {{ EventBusArn = \
         \"arn:aws:events:us-east-1:123456789012:event-bus/default\" }}\n\
         [[ses_event_rule]]\nLogGroupName = \"{GROUP}\"\n"
    ))
}

fn content(subject: &str, text: &str) -> EmailTemplateContent {
    let content = EmailTemplateContent::builder();
    content.subject(subject).text(text).build()
}

async fn create(account: &Account, name: &str, subject: &str, text: &str) {
    let request = account.ses.create_email_template();
    let request = request.template_name(name);
    let request = request.template_content(content(subject, text));
    request.send().await.unwrap();
}

/// Sends a mail by a template; gives its id, or the refusal's name.
async fn send(account: &Account, template: Template) -> Result<String, String> {
    let to = Destination::builder().to_addresses("ada@else.org").build();
    let request = account.ses.send_email();
    let request = request.from_email_address("shop@example.com");
    let request = request.destination(to);
    let content = EmailContent::builder().template(template).build();
    let sent = request.content(content).send().await;
    sent.map(|sent| sent.message_id.unwrap())
        .map_err(|error| error.code().unwrap_or_default().to_owned())
}

fn code<T: Debug, E: ProvideErrorMetadata + Debug>(refused: Result<T, E>) -> String {
    refused.unwrap_err().code().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_template_is_kept_changed_and_gone() {
    let account = account();
    let sdk = &account.ses;
    for name in ["b", "a", "c"] {
        create(&account, name, "Hi {{name}}", "Dear {{name}}").await;
    }
    let page = sdk
        .list_email_templates()
        .page_size(2)
        .send()
        .await
        .unwrap();
    let name = |metadata: &ses::types::EmailTemplateMetadata| {
        metadata.template_name().unwrap_or_default().to_owned()
    };
    let names: Vec<_> = page.templates_metadata().iter().map(name).collect();
    assert_eq!(names, ["a", "b"]);
    let rest = sdk
        .list_email_templates()
        .next_token(page.next_token.unwrap());
    let rest = rest.send().await.unwrap();
    assert_eq!(rest.templates_metadata().len(), 1);

    let update = sdk.update_email_template().template_name("a");
    let update = update.template_content(content("Hello", "Hello {{name}}"));
    update.send().await.unwrap();
    let got = sdk.get_email_template().template_name("a").send().await;
    let got = got.unwrap();
    assert_eq!(got.template_content().unwrap().subject(), Some("Hello"));

    let again = sdk.create_email_template().template_name("a");
    let again = again.template_content(content("s", "t")).send().await;
    assert_eq!(code(again), "AlreadyExistsException");
    let delete = || sdk.delete_email_template().template_name("a").send();
    delete().await.unwrap();
    assert_eq!(code(delete().await), "NotFoundException");
    let got = sdk.get_email_template().template_name("a").send().await;
    assert_eq!(code(got), "NotFoundException");
}

#[tokio::test]
async fn what_is_no_template_is_refused() {
    let account = account();
    for (content, name) in [
        (content("{{name", "t"), "BadRequestException"),
        (content("", "t"), "BadRequestException"),
        (
            EmailTemplateContent::builder().subject("s").build(),
            "BadRequestException",
        ),
        (
            content("s", &"x".repeat(500 * 1024 + 1)),
            "BadRequestException",
        ),
        (
            content("s", "{{#if (eq a b)}}x{{/if}}"),
            "NotImplementedException",
        ),
    ] {
        let request = account.ses.create_email_template().template_name("t");
        let refused = request.template_content(content).send().await;
        assert_eq!(code(refused), name);
    }
}

#[tokio::test]
async fn a_mail_is_written_by_its_template() {
    let account = account();
    create(
        &account,
        "t",
        "For {{user.name}}",
        "{{greeting}} <{{user.name}}>\n",
    )
    .await;
    let data = json!({"user": {"name": "Ada"}, "greeting": "Größe", "more": 1}).to_string();
    let preview = account.ses.test_render_email_template();
    let preview = preview.template_name("t").template_data(&data);
    let preview = preview.send().await.unwrap();
    let preview = preview.rendered_template();
    assert!(preview.contains("Subject: For Ada\r\n"), "{preview}");
    assert!(!preview.contains("From:"), "{preview}");

    let named = Template::builder().template_name("t").template_data(&data);
    send(&account, named.build()).await.unwrap();
    let arn = "arn:aws:ses:us-east-1:123456789012:template/t";
    let by_arn = Template::builder().template_arn(arn).template_data(&data);
    send(&account, by_arn.build()).await.unwrap();
    let inline = Template::builder().template_content(content("For {{x}}", "{{x}}"));
    let inline = inline.template_data(r#"{"x": "Ada"}"#);
    send(&account, inline.build()).await.unwrap();
    let mails = account.world.smtp.mails(None, false);
    let subjects: Vec<_> = mails.iter().map(|mail| mail.subject.as_str()).collect();
    assert_eq!(subjects, ["For Ada"; 3]);
    let raw = account.world.smtp.raw(&mails[0].id).unwrap();
    let text = mailparse::parse_mail(&raw).unwrap().get_body().unwrap();
    assert_eq!(text.trim_end(), "Größe <Ada>");
}

/// The order of AWS's page on advanced personalization: nested attributes, lists, conditions, partials.
#[tokio::test]
async fn a_mail_has_blocks_and_partials() {
    let account = account();
    let text = "{{#* inline \"line\"}}- {{item}}{{#if gift}} (gift){{/if}}\n{{/inline}}\
                Dear {{contact.name}},\n{{#each order}}{{> line}}{{else}}nothing{{/each}}";
    create(&account, "t", "{{order.length}} items", text).await;
    for (order, subject, expected) in [
        (
            json!([{"item": "Tea"}, {"item": "Cup", "gift": true}]),
            "2 items",
            "Dear Ada,\n- Tea\n- Cup (gift)",
        ),
        (json!([]), "0 items", "Dear Ada,\nnothing"),
    ] {
        let data = json!({"contact": {"name": "Ada"}, "order": order}).to_string();
        let template = Template::builder().template_name("t").template_data(data);
        send(&account, template.build()).await.unwrap();
        let mail = account.world.smtp.mails(None, true).remove(0);
        assert_eq!(mail.subject, subject);
        let raw = account.world.smtp.raw(&mail.id).unwrap();
        let text = mailparse::parse_mail(&raw).unwrap().get_body().unwrap();
        assert_eq!(text.trim_end().replace("\r\n", "\n"), expected);
    }
}

/// CAUSES.md, ses-rendering-failure: the call succeeds, and only the event tells.
#[tokio::test]
async fn a_mail_whose_attribute_is_missing_is_taken_and_never_leaves() {
    let account = account();
    create(&account, "t", "For {{name}}", "{{code}}").await;
    let data = [
        (
            r#"{"name": "Ada"}"#,
            "Attribute 'code' is not present in the rendering data.",
        ),
        ("[]", "The rendering data is not a JSON object."),
    ];
    for (position, (data, message)) in data.into_iter().enumerate() {
        let template = Template::builder().template_name("t").template_data(data);
        let id = send(&account, template.build()).await.unwrap();
        let events = account.world.log_messages(GROUP);
        assert_eq!(events.len(), position + 1, "{events:?}");
        let event: Value = serde_json::from_str(&events[position]).unwrap();
        assert_eq!(event["detail-type"], "Email Rendering Failed");
        let detail = &event["detail"];
        assert_eq!(detail["eventType"], "Rendering Failure");
        assert_eq!(detail["mail"]["messageId"], id.as_str());
        let failure = json!({"errorMessage": message, "templateName": "t"});
        assert_eq!(detail["failure"], failure);
    }
    assert_eq!(account.world.smtp.mails(None, false).len(), 0);
    let preview = account.ses.test_render_email_template();
    let preview = preview.template_name("t").template_data("{}").send().await;
    assert_eq!(code(preview), "BadRequestException");

    let missing = Template::builder()
        .template_name("none")
        .template_data("{}");
    let missing = send(&account, missing.build()).await;
    assert_eq!(missing.unwrap_err(), "NotFoundException");
}

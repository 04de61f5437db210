//! `SendEmail`: a mail in its parts, or as bytes.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};

use super::error::SesException;
use super::events::RenderingFailure;
use super::mime::{Mime, SimpleMail, mailbox};
use super::outgoing::{Caller, IdentityArn, Outgoing};
use super::service::Ses;
use super::templates::{Rendered, TemplateContent, Templates, check_data};
use super::wire::{Unsupported, required, typed, unsupported};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    from_email_address: Option<String>,
    from_email_address_identity_arn: Option<String>,
    #[serde(default)]
    destination: Destination,
    #[serde(default)]
    reply_to_addresses: Vec<String>,
    feedback_forwarding_email_address: Option<Unsupported>,
    feedback_forwarding_email_address_identity_arn: Option<Unsupported>,
    content: Option<Content>,
    #[serde(default)]
    email_tags: Vec<MessageTag>,
    configuration_set_name: Option<String>,
    endpoint_id: Option<Unsupported>,
    tenant_name: Option<Unsupported>,
    list_management_options: Option<Unsupported>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Destination {
    #[serde(rename = "ToAddresses")]
    to: Vec<String>,
    #[serde(rename = "CcAddresses")]
    cc: Vec<String>,
    #[serde(rename = "BccAddresses")]
    bcc: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MessageTag {
    name: String,
    value: String,
}

/// Exactly one of these.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Option<Simple>,
    raw: Option<Raw>,
    template: Option<TemplateUse>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Option<Text>,
    body: Option<Body>,
    #[serde(default)]
    headers: Vec<MessageTag>,
    attachments: Option<Unsupported>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    text: Option<Text>,
    html: Option<Text>,
}

/// `Content` of the model. Whatever `Charset` is asked for, the mail is written in UTF-8.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Text {
    data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Raw {
    data: String,
}

/// `Template` of the model.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TemplateUse {
    template_name: Option<String>,
    template_arn: Option<String>,
    template_content: Option<TemplateContent>,
    template_data: Option<String>,
    #[serde(default)]
    headers: Vec<MessageTag>,
    attachments: Option<Unsupported>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    message_id: String,
}

/// `SendEmail`.
///
/// # Errors
/// `BadRequestException`, `MessageRejected`, `SendingPausedException`, `NotFoundException` for the
/// configuration set and the template, `TooManyRequestsException`, and the explicit refusal of attachments
/// and contact lists.
pub(super) async fn send_email(
    ses: &Arc<Ses>,
    caller: Caller,
    body: &[u8],
) -> Result<Response, SesException> {
    let outgoing = outgoing(&ses.state().templates, typed(body)?, caller)?;
    let message_id = ses.send(outgoing).await?;
    Ok(Response { message_id })
}

fn outgoing(
    templates: &Templates,
    mut request: Request,
    caller: Caller,
) -> Result<Outgoing, SesException> {
    unsupported(&[
        (
            "FeedbackForwardingEmailAddress",
            request.feedback_forwarding_email_address,
        ),
        (
            "FeedbackForwardingEmailAddressIdentityArn",
            request.feedback_forwarding_email_address_identity_arn,
        ),
        ("EndpointId", request.endpoint_id),
        ("TenantName", request.tenant_name),
        ("ListManagementOptions", request.list_management_options),
    ])?;
    let content = required(request.content.take(), "content")?;
    let identity = request.from_email_address_identity_arn.as_deref();
    let identity = identity.map(|text| {
        let read = IdentityArn::parse(text);
        read.ok_or_else(|| SesException::bad_request(format!("Invalid identity ARN <{text}>.")))
    });
    let identity = identity.transpose()?;
    match (content.simple, content.raw, content.template) {
        (Some(simple), None, None) => simple_mail(request, identity, simple, caller),
        (None, Some(raw), None) => raw_mail(request, identity, &raw, caller),
        (None, None, Some(used)) => template_mail(templates, request, identity, used, caller),
        // The text is a guess.
        _ => Err(SesException::bad_request(
            "Exactly one of Simple, Raw and Template is required in Content.",
        )),
    }
}

fn simple_mail(
    request: Request,
    identity: Option<IdentityArn>,
    simple: Simple,
    caller: Caller,
) -> Result<Outgoing, SesException> {
    unsupported(&[("Content.Simple.Attachments", simple.attachments)])?;
    let body = required(simple.body, "content.simple.body")?;
    let written = Rendered {
        subject: required(simple.subject, "content.simple.subject")?.data,
        text: body.text.map(|text| text.data),
        html: body.html.map(|html| html.data),
    };
    written_mail(request, identity, (written, simple.headers), caller)
}

/// A mail by a template: one whose attributes are missing is taken all the same, and comes to nothing.
fn template_mail(
    templates: &Templates,
    request: Request,
    identity: Option<IdentityArn>,
    used: TemplateUse,
    caller: Caller,
) -> Result<Outgoing, SesException> {
    unsupported(&[("Content.Template.Attachments", used.attachments)])?;
    let data = used.template_data.unwrap_or_else(|| "{}".to_owned());
    check_data(&data)?;
    let of_arn = |arn: String| {
        arn.rsplit_once(":template/")
            .map(|(_, name)| name.to_owned())
    };
    let name = used.template_name.or(used.template_arn.and_then(of_arn));
    let template = match (&name, used.template_content) {
        (Some(name), None) => templates.compiled(name)?,
        (None, Some(content)) => content.compile()?,
        // The text is a guess.
        _ => {
            let why = "Exactly one of TemplateName, TemplateArn and TemplateContent is required.";
            return Err(SesException::bad_request(why));
        }
    };
    let (written, failure) = match template.render(&data) {
        Ok(written) => (written, None),
        Err(error) => (Rendered::nothing(), Some(error)),
    };
    let mut outgoing = written_mail(request, identity, (written, used.headers), caller)?;
    outgoing.failure = failure.map(|error| RenderingFailure {
        error_message: error.to_string(),
        template_name: name,
    });
    Ok(outgoing)
}

fn written_mail(
    request: Request,
    identity: Option<IdentityArn>,
    (written, headers): (Rendered, Vec<MessageTag>),
    caller: Caller,
) -> Result<Outgoing, SesException> {
    let from = request.from_email_address.ok_or_else(no_sender)?;
    let to = mailboxes(&request.destination.to)?;
    let cc = mailboxes(&request.destination.cc)?;
    let bcc = mailboxes(&request.destination.bcc)?;
    let recipients = to.iter().chain(&cc).chain(&bcc).cloned().collect();
    let mail = SimpleMail {
        to,
        cc,
        reply_to: mailboxes(&request.reply_to_addresses)?,
        headers: tags(headers),
        ..written.mail(mailbox(&from)?)
    };
    Ok(Outgoing {
        from: mail.from.clone(),
        identity,
        recipients,
        configuration_set: request.configuration_set_name,
        tags: tags(request.email_tags),
        caller,
        mime: mail.compose()?,
        failure: None,
        bounces: false,
    })
}

fn raw_mail(
    request: Request,
    identity: Option<IdentityArn>,
    raw: &Raw,
    caller: Caller,
) -> Result<Outgoing, SesException> {
    let bytes = BASE64_STANDARD.decode(&raw.data);
    let bytes = bytes.map_err(|_| SesException::bad_request("Raw.Data is not Base64."))?;
    let mime = Mime::parse(&bytes)?;
    let from = if let Some(from) = &request.from_email_address {
        mailbox(from)?
    } else {
        let from = mime.mailboxes("From")?.into_iter().next();
        from.ok_or_else(no_sender)?
    };
    let named = &request.destination;
    let named = [&named.to, &named.cc, &named.bcc];
    let named: Vec<String> = named.into_iter().flatten().cloned().collect();
    let recipients = if named.is_empty() {
        let lines = ["To", "Cc", "Bcc"].map(|name| mime.mailboxes(name));
        lines.into_iter().collect::<Result<Vec<_>, _>>()?.concat()
    } else {
        mailboxes(&named)?
    };
    let set = mime.header("X-SES-CONFIGURATION-SET");
    let mut tags = tags(request.email_tags);
    if let Some(line) = mime
        .header("X-SES-MESSAGE-TAGS")
        .filter(|_| tags.is_empty())
    {
        let pairs = line.split(',').filter_map(|pair| pair.split_once('='));
        let trimmed = |(name, value): (&str, &str)| (name.trim().into(), value.trim().into());
        tags = pairs.map(trimmed).collect();
    }
    Ok(Outgoing {
        from,
        identity,
        recipients,
        configuration_set: request.configuration_set_name.or(set),
        tags,
        caller,
        mime,
        failure: None,
        bounces: false,
    })
}

fn tags(tags: Vec<MessageTag>) -> Vec<(String, String)> {
    let tags = tags.into_iter();
    tags.map(|tag| (tag.name, tag.value)).collect()
}

fn mailboxes(texts: &[String]) -> Result<Vec<Mailbox>, SesException> {
    texts.iter().map(|text| mailbox(text)).collect()
}

/// The text is that of the older API.
fn no_sender() -> SesException {
    SesException::bad_request("Missing required header 'From'.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Outgoing, SesException> {
        let caller = Caller {
            identity: "test".to_owned(),
            ip: "127.0.0.1".to_owned(),
        };
        outgoing(&Templates::default(), typed(json.as_bytes())?, caller)
    }

    #[test]
    fn a_raw_mail_speaks_for_itself() {
        let raw = "From: Shop <shop@example.com>\r\nTo: ada@example.com, \
                   Bob <bob@example.com>\r\nBcc: eve@example.com\r\n\
                   X-SES-CONFIGURATION-SET: set\r\nX-SES-MESSAGE-TAGS: a=1, b=2\r\n\r\nhi";
        let data = BASE64_STANDARD.encode(raw);
        let mail = read(&format!(r#"{{"Content":{{"Raw":{{"Data":"{data}"}}}}}}"#)).unwrap();
        let recipients: Vec<_> = mail
            .recipients
            .iter()
            .map(|to| to.email.to_string())
            .collect();
        assert_eq!(
            recipients,
            ["ada@example.com", "bob@example.com", "eve@example.com"]
        );
        assert_eq!(mail.from.email.to_string(), "shop@example.com");
        assert_eq!(mail.configuration_set.as_deref(), Some("set"));
        let tag = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(mail.tags, [tag("a", "1"), tag("b", "2")]);
    }

    #[test]
    fn refuses_what_is_no_mail() {
        let simple = r#""Simple":{"Subject":{"Data":"s"},"Body":{"Text":{"Data":"t"}}}"#;
        let cases = [
            ("{}".to_owned(), "'content'"),
            (r#"{"Content":{}}"#.to_owned(), "Exactly one"),
            (format!(r#"{{"Content":{{{simple}}}}}"#), "'From'"),
            (
                format!(r#"{{"FromEmailAddress":"ada","Content":{{{simple}}}}}"#),
                "Missing final '@domain'",
            ),
            (
                r#"{"Content":{"Template":{"TemplateName":"t"}}}"#.to_owned(),
                "Template t does not exist",
            ),
            (r#"{"Content":{"Raw":{"Data":"?"}}}"#.to_owned(), "Base64"),
            (r#"{"Content":7}"#.to_owned(), "validation error"),
            ("{".to_owned(), "EOF"),
        ];
        for (json, expected) in cases {
            let error = read(&json).unwrap_err().to_string();
            assert!(error.contains(expected), "{json}: {error}");
        }
    }
}

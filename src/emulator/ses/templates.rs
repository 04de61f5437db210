//! Email templates: subject, text and HTML with places for attributes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};

use super::error::SesException;
use super::mime::{SimpleMail, address};
use super::pages::{PageRequest, page};
use super::rendering::{Pattern, RenderingData, RenderingError};
use super::service::Ses;
use super::wire::{Empty, Tag, epoch_seconds, required, typed};

/// Templates in an account and region (SES's page on quotas).
const TEMPLATES_MAX: usize = 20_000;
/// Largest template, text and HTML together (SES's page on quotas).
const TEMPLATE_BYTES_MAX: usize = 500 * 1024;
/// Largest `TemplateData` (the service model).
const DATA_BYTES_MAX: usize = 262_144;
/// From whom a preview is, before that line is taken out.
const PREVIEW_SENDER: &str = "preview@amazonses.com";

/// All templates by name.
#[derive(Debug, Default)]
pub(super) struct Templates(BTreeMap<String, Stored>);

#[derive(Debug)]
struct Stored {
    content: TemplateContent,
    created: Timestamp,
    tags: Vec<Tag>,
}

/// `EmailTemplateContent`, as it was written.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TemplateContent {
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<String>,
}

/// A template that can be written.
#[derive(Debug)]
pub(super) struct Template {
    subject: Pattern,
    text: Option<Pattern>,
    html: Option<Pattern>,
}

/// What a template gives with its attributes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rendered {
    pub(super) subject: String,
    pub(super) text: Option<String>,
    pub(super) html: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TemplateRequest {
    template_name: Option<String>,
    template_content: Option<TemplateContent>,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetResponse {
    template_name: String,
    template_content: TemplateContent,
    tags: Vec<Tag>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListResponse {
    templates_metadata: Vec<Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    template_name: String,
    #[serde(serialize_with = "epoch_seconds")]
    created_timestamp: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RenderRequest {
    template_data: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RenderResponse {
    rendered_template: String,
}

impl TemplateContent {
    /// Reads the template.
    ///
    /// # Errors
    /// `BadRequestException` for one without a subject or a body, for one that is too large, and for one
    /// that cannot be read. The texts are guesses.
    pub(super) fn compile(&self) -> Result<Template, SesException> {
        let part = |part: &Option<String>| part.as_deref().map(Pattern::parse).transpose();
        let bytes = [&self.text, &self.html].into_iter().flatten();
        if bytes.map(String::len).sum::<usize>() > TEMPLATE_BYTES_MAX {
            let why = format!("The template is larger than {TEMPLATE_BYTES_MAX} bytes.");
            return Err(SesException::BadRequest(why));
        }
        let template = Template {
            subject: part(&self.subject)?.unwrap_or_default(),
            text: part(&self.text)?,
            html: part(&self.html)?,
        };
        if template.subject.is_empty() {
            return Err(SesException::bad_request("The subject must be specified."));
        }
        if template.text.is_none() && template.html.is_none() {
            let why = "Either the text or the html part must be specified.";
            return Err(SesException::bad_request(why));
        }
        Ok(template)
    }
}

impl Template {
    /// Puts attributes in.
    ///
    /// # Errors
    /// [`RenderingError`].
    pub(super) fn render(&self, data: &str) -> Result<Rendered, RenderingError> {
        let data = RenderingData::read(data)?;
        let part =
            |part: &Option<Pattern>| part.as_ref().map(|part| part.render(&data)).transpose();
        Ok(Rendered {
            subject: self.subject.render(&data)?,
            text: part(&self.text)?,
            html: part(&self.html)?,
        })
    }
}

impl Templates {
    fn find(&self, name: &str) -> Result<&Stored, SesException> {
        self.0.get(name).ok_or_else(|| missing(name))
    }

    /// The template of this name, to be written.
    ///
    /// # Errors
    /// `NotFoundException`.
    pub(super) fn compiled(&self, name: &str) -> Result<Template, SesException> {
        self.find(name)?.content.compile()
    }
}

/// The text is that of the older API.
fn missing(name: &str) -> SesException {
    SesException::NotFound(format!("Template {name} does not exist"))
}

/// Checks the length of `TemplateData`.
///
/// # Errors
/// `BadRequestException`.
pub(super) fn check_data(data: &str) -> Result<(), SesException> {
    if data.len() <= DATA_BYTES_MAX {
        return Ok(());
    }
    Err(SesException::bad_request(format!(
        "1 validation error detected: Value at 'templateData' failed to satisfy constraint: Member must \
         have length less than or equal to {DATA_BYTES_MAX}"
    )))
}

/// `CreateEmailTemplate`.
///
/// # Errors
/// `AlreadyExistsException`, `LimitExceededException`, `BadRequestException`.
pub(super) fn create_email_template(ses: &Ses, body: &[u8]) -> Result<Empty, SesException> {
    let request: TemplateRequest = typed(body)?;
    let name = required(request.template_name, "templateName")?;
    let content = required(request.template_content, "templateContent")?;
    content.compile()?;
    let created = ses.now();
    let mut state = ses.state();
    let templates = &mut state.templates.0;
    if templates.contains_key(&name) {
        return Err(SesException::AlreadyExists(format!("Template {name}")));
    }
    if templates.len() >= TEMPLATES_MAX {
        return Err(SesException::LimitExceeded {
            things: "templates",
            max: TEMPLATES_MAX,
        });
    }
    let stored = Stored {
        content,
        created,
        tags: request.tags,
    };
    templates.insert(name, stored);
    Ok(Empty {})
}

/// `GetEmailTemplate`.
///
/// # Errors
/// `NotFoundException`.
pub(super) fn get_email_template(ses: &Ses, name: &str) -> Result<GetResponse, SesException> {
    let state = ses.state();
    let stored = state.templates.find(name)?;
    Ok(GetResponse {
        template_name: name.to_owned(),
        template_content: stored.content.clone(),
        tags: stored.tags.clone(),
    })
}

/// `UpdateEmailTemplate`.
///
/// # Errors
/// `NotFoundException`, `BadRequestException`.
pub(super) fn update_email_template(
    ses: &Ses,
    name: &str,
    body: &[u8],
) -> Result<Empty, SesException> {
    let request: TemplateRequest = typed(body)?;
    let content = required(request.template_content, "templateContent")?;
    content.compile()?;
    let mut state = ses.state();
    let stored = state.templates.0.get_mut(name);
    stored.ok_or_else(|| missing(name))?.content = content;
    Ok(Empty {})
}

/// `DeleteEmailTemplate`.
///
/// # Errors
/// `NotFoundException`, as the service model has it; the older API deletes what is not there.
pub(super) fn delete_email_template(ses: &Ses, name: &str) -> Result<Empty, SesException> {
    let removed = ses.state().templates.0.remove(name);
    removed.map(|_| Empty {}).ok_or_else(|| missing(name))
}

/// `ListEmailTemplates`, by name.
///
/// # Errors
/// `BadRequestException` for a page that is none.
pub(super) fn list_email_templates(
    ses: &Ses,
    request: &PageRequest,
) -> Result<ListResponse, SesException> {
    let state = ses.state();
    let page = page(state.templates.0.iter(), |(name, _)| name.as_str(), request)?;
    let metadata = |(name, stored): (&String, &Stored)| Metadata {
        template_name: name.clone(),
        created_timestamp: stored.created,
    };
    Ok(ListResponse {
        templates_metadata: page.items.into_iter().map(metadata).collect(),
        next_token: page.next_token,
    })
}

/// `TestRenderEmailTemplate`: the mail as it would be, without sender and recipients.
///
/// # Errors
/// `NotFoundException`, and `BadRequestException` for an attribute that is missing.
pub(super) fn test_render_email_template(
    ses: &Ses,
    name: &str,
    body: &[u8],
) -> Result<RenderResponse, SesException> {
    let request: RenderRequest = typed(body)?;
    let data = required(request.template_data, "templateData")?;
    check_data(&data)?;
    let template = ses.state().templates.compiled(name)?;
    let rendered = template.render(&data);
    let rendered = rendered.map_err(|error| SesException::bad_request(error.to_string()))?;
    let mail = rendered.mail(Mailbox::new(None, address(PREVIEW_SENDER)?));
    let now = ses.now();
    let id = ses.message_id_line(&ses.draw_message_id(now));
    let bytes = mail.compose()?.without("From").stamped(&id, now);
    Ok(RenderResponse {
        rendered_template: String::from_utf8_lossy(&bytes).into_owned(),
    })
}

impl Rendered {
    /// The mail without recipients.
    pub(super) fn mail(self, from: Mailbox) -> SimpleMail {
        SimpleMail {
            from,
            to: Vec::new(),
            cc: Vec::new(),
            reply_to: Vec::new(),
            subject: self.subject,
            text: self.text,
            html: self.html,
            headers: Vec::new(),
        }
    }

    /// What stands for a mail that could not be written: nothing of it leaves.
    pub(super) fn nothing() -> Self {
        Self {
            subject: String::new(),
            text: Some(String::new()),
            html: None,
        }
    }
}

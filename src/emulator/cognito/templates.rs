//! The words of mails and text messages: the pool's templates or the default ones, and what stands
//! in place of their placeholders (COGNITO.md 5.1 and 5.2).

use super::error::Exception;
use super::pool_members::DefaultEmailOption;
use super::pool_settings::PoolSettings;

/// What a template has in place of the code or the temporary password (COGNITO.md 5.2).
const CODE_PLACEHOLDER: &str = "{####}";
/// What an invitation has in place of the username.
const USERNAME_PLACEHOLDER: &str = "{username}";
/// What stands on either side of a link's text.
const LINK_PLACEHOLDER: (&str, &str) = ("{##", "##}");

/// Longest body of a mail's template, in characters (COGNITO.md 1.5 \[M\]).
const EMAIL_CHARS_MAX: usize = 20_000;
/// Longest subject, and longest text message (COGNITO.md 1.5 \[M\]).
const SUBJECT_CHARS_MAX: usize = 140;
const SMS_CHARS_MAX: usize = 140;

/// Why a message goes out: the ending of its trigger's source, as in `CustomMessage_SignUp`
/// (COGNITO.md 6.3 \[D\]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occasion {
    SignUp,
    ResendCode,
    ForgotPassword,
    UpdateUserAttribute,
    VerifyUserAttribute,
    AdminCreateUser,
}

/// What a mail says before its placeholders are filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EmailTemplate {
    pub(crate) subject: String,
    /// HTML, or text that reads the same as HTML.
    pub(crate) body: String,
}

/// What takes the placeholders' places.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fillings<'a> {
    /// A code, or a temporary password.
    pub(crate) code: &'a str,
    /// The user's name, which only invitations tell.
    pub(crate) username: Option<&'a str>,
    /// The address that confirms the user who opens it.
    pub(crate) link: Option<&'a str>,
}

/// Checks the pool's templates: their lengths, and that each has what it is there for.
///
/// The service model refuses the same in a request, in other words; this also covers pools that
/// exist at the start.
///
/// # Errors
/// `InvalidParameterException`.
pub(crate) fn check(settings: &PoolSettings) -> Result<(), Exception> {
    let verification = &settings.verification_message_template;
    let invitation = settings
        .admin_create_user_config
        .invite_message_template
        .clone();
    let invitation = invitation.unwrap_or_default();
    let code = Some(CODE_PLACEHOLDER);
    let link = Some(LINK_PLACEHOLDER.0);
    // AWS takes an invitation without its placeholders, and then does not deliver it.
    let rules = [
        (
            "EmailMessage",
            &verification.email_message,
            EMAIL_CHARS_MAX,
            code,
        ),
        (
            "EmailMessageByLink",
            &verification.email_message_by_link,
            EMAIL_CHARS_MAX,
            link,
        ),
        (
            "EmailSubject",
            &verification.email_subject,
            SUBJECT_CHARS_MAX,
            None,
        ),
        (
            "EmailSubjectByLink",
            &verification.email_subject_by_link,
            SUBJECT_CHARS_MAX,
            None,
        ),
        ("SmsMessage", &verification.sms_message, SMS_CHARS_MAX, code),
        (
            "InviteMessageTemplate.EmailMessage",
            &invitation.email_message,
            EMAIL_CHARS_MAX,
            None,
        ),
        (
            "InviteMessageTemplate.EmailSubject",
            &invitation.email_subject,
            SUBJECT_CHARS_MAX,
            None,
        ),
        (
            "InviteMessageTemplate.SMSMessage",
            &invitation.sms_message,
            SMS_CHARS_MAX,
            None,
        ),
    ];
    for (name, template, chars_max, placeholder) in rules {
        let Some(template) = template else { continue };
        if template.chars().count() > chars_max {
            return Err(Exception::invalid_parameter(format!(
                "The template {name} has more than {chars_max} characters."
            )));
        }
        if let Some(placeholder) = placeholder.filter(|placeholder| !template.contains(placeholder))
        {
            return Err(Exception::invalid_parameter(format!(
                "The template {name} does not contain {placeholder}."
            )));
        }
    }
    Ok(())
}

/// Whether this message has a link instead of a code: only those of a sign-up do, however the pool
/// verifies (COGNITO.md 3.5 and 5.3 \[D\]).
pub(crate) fn has_link(settings: &PoolSettings, occasion: Occasion) -> bool {
    let option = settings.verification_message_template.default_email_option;
    let signing_up = matches!(occasion, Occasion::SignUp | Occasion::ResendCode);
    signing_up && option == Some(DefaultEmailOption::ConfirmWithLink)
}

/// The mail's template. The default texts are well known and not recorded \[U\], but for the
/// invitation's \[C\].
///
/// The templates of the pool's verification serve a new password too; where there are none, the
/// default words differ.
pub(crate) fn email(settings: &PoolSettings, occasion: Occasion) -> EmailTemplate {
    let verification = &settings.verification_message_template;
    let invitation = settings
        .admin_create_user_config
        .invite_message_template
        .as_ref();
    let (subject, body, words) = match occasion {
        Occasion::AdminCreateUser => (
            invitation.and_then(|template| template.email_subject.as_ref()),
            invitation.and_then(|template| template.email_message.as_ref()),
            (
                "Your temporary password",
                "Your username is {username} and temporary password is {####}.",
            ),
        ),
        _ if has_link(settings, occasion) => (
            verification.email_subject_by_link.as_ref(),
            verification.email_message_by_link.as_ref(),
            (
                "Your verification link",
                "Please click the link below to verify your email address. {##Verify Email##}",
            ),
        ),
        _ => (
            verification.email_subject.as_ref(),
            verification.email_message.as_ref(),
            if occasion == Occasion::ForgotPassword {
                (
                    "Your password reset code",
                    "Your password reset code is {####}",
                )
            } else {
                ("Your verification code", "Your confirmation code is {####}")
            },
        ),
    };
    EmailTemplate {
        subject: subject.map_or(words.0, String::as_str).to_owned(),
        body: body.map_or(words.1, String::as_str).to_owned(),
    }
}

/// The text message's template; the defaults are those of the mails.
pub(crate) fn sms(settings: &PoolSettings, occasion: Occasion) -> String {
    let invitation = settings
        .admin_create_user_config
        .invite_message_template
        .as_ref();
    let (text, default) = match occasion {
        Occasion::AdminCreateUser => (
            invitation.and_then(|template| template.sms_message.as_ref()),
            "Your username is {username} and temporary password is {####}.",
        ),
        Occasion::ForgotPassword => (
            settings.verification_message_template.sms_message.as_ref(),
            "Your password reset code is {####}",
        ),
        _ => (
            settings.verification_message_template.sms_message.as_ref(),
            "Your confirmation code is {####}",
        ),
    };
    text.map_or(default, String::as_str).to_owned()
}

/// Whether a template says the code at all. AWS does not deliver an invitation that does not
/// (COGNITO.md 3.7 \[M\]).
pub(crate) fn says_code(template: &str) -> bool {
    template.contains(CODE_PLACEHOLDER)
}

/// Fills a subject or a text message, where characters mean themselves.
pub(crate) fn fill_text(template: &str, with: Fillings<'_>) -> String {
    fill(template, with, str::to_owned)
}

/// Fills a mail's body, where a password's `<` must not open a tag.
pub(crate) fn fill_html(template: &str, with: Fillings<'_>) -> String {
    let filled = fill(template, with, escaped);
    match with.link {
        Some(link) => linked(&filled, link),
        None => filled,
    }
}

fn fill(template: &str, with: Fillings<'_>, written: fn(&str) -> String) -> String {
    let username = with.username.map(written);
    let code = written(with.code);
    let mut filled = String::with_capacity(template.len() + code.len());
    let mut rest = template;
    // One pass: a username that looks like a placeholder stays what it is.
    while let Some(brace) = rest.find('{') {
        let (before, from) = rest.split_at(brace);
        filled.push_str(before);
        let codes = with.link.is_none();
        rest = if let Some(after) = from.strip_prefix(CODE_PLACEHOLDER).filter(|_| codes) {
            filled.push_str(&code);
            after
        } else if let (Some(after), Some(name)) =
            (from.strip_prefix(USERNAME_PLACEHOLDER), &username)
        {
            filled.push_str(name);
            after
        } else {
            filled.push('{');
            &from[1..]
        };
    }
    filled.push_str(rest);
    filled
}

/// Makes a link of each `{##text##}`.
fn linked(body: &str, link: &str) -> String {
    let (open, close) = LINK_PLACEHOLDER;
    let mut filled = String::with_capacity(body.len() + link.len());
    let mut rest = body;
    while let Some((before, from)) = rest.split_once(open) {
        let Some((text, after)) = from.split_once(close) else {
            break;
        };
        filled.push_str(before);
        filled.extend(["<a href=\"", &escaped(link), "\">", text, "</a>"]);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// A text as HTML writes it.
pub(crate) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            character => html.push(character),
        }
    }
    html
}

#[cfg(test)]
mod tests;

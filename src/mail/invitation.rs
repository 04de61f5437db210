//! The temporary password in the mail to a user whom an administrator made.

use regex::Regex;

use super::html;
use super::message::Message;
use crate::model::Secret;

/// What a template has in place of the temporary password.
const PASSWORD: &str = "{####}";
/// What it has in place of the name.
const USERNAME: &str = "{username}";
/// Longest password that Cognito takes, in characters.
const PASSWORD_CHARS_MAX: usize = 256;

/// Reads the temporary password from an invitation, by the text that the pool invites with.
///
/// Any password without white space is found, so the words around it have to be the template's own;
/// white space and mark-up do not matter.
///
/// ```
/// use reverify::mail::{Message, temporary_password};
///
/// let mail = Message::parse(b"Subject: Welcome\r\n\r\nYou are ada, and your password is aB3.x!.");
/// let template = "You are {username}, and your password is {####}.";
/// let password = temporary_password(&mail, template).unwrap();
/// assert_eq!(password.expose(), "aB3.x!");
/// ```
pub fn temporary_password(message: &Message, template: &str) -> Option<Secret<String>> {
    let body = message.readable_text();
    let body = spaced(&body);
    let rendered = html::visible(template).text;
    let mut expressions = [rendered.as_str(), template].into_iter().map(expression);
    let found = expressions.find_map(|expression| {
        let found = expression?.captures(&body)?.name("password")?;
        Some(found.as_str().to_owned())
    })?;
    (found.chars().count() <= PASSWORD_CHARS_MAX).then(|| Secret::new(found))
}

/// The expression for a template's text; none without a place for the password.
fn expression(template: &str) -> Option<Regex> {
    let (before, after) = template.split_once(PASSWORD)?;
    let side = |text: &str| {
        let text = regex::escape(&spaced(text));
        text.replace(&regex::escape(USERNAME), r"\S+")
    };
    // White space at the very ends of a mail is lost.
    let (before, after) = (side(before), side(after));
    let (before, after) = (before.trim_start(), after.trim_end());
    Regex::new(&format!(r"{before}(?<password>\S+){after}")).ok()
}

/// The same text with single spaces.
fn spaced(text: &str) -> String {
    let starts = text.starts_with(char::is_whitespace);
    let ends = text.ends_with(char::is_whitespace);
    let words: Vec<_> = text.split_whitespace().collect();
    let words = words.join(" ");
    match (starts, ends) {
        (true, true) => format!(" {words} "),
        (true, false) => format!(" {words}"),
        (false, true) => format!("{words} "),
        (false, false) => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(template: &str, text: &str) -> Option<String> {
        let mail = format!("Subject: Welcome\r\nContent-Type: text/html\r\n\r\n{text}");
        let password = temporary_password(&Message::parse(mail.as_bytes()), template)?;
        Some(password.expose().clone())
    }

    #[test]
    fn the_password_is_read_by_the_words_around_it() {
        let cognitos = "Your username is {username} and temporary password is {####}.";
        let cases = [
            (
                cognitos,
                "Your username is ada and temporary password is aB3!.x?.",
                Some("aB3!.x?"),
            ),
            (
                cognitos,
                "Your username is ada\r\nand temporary password is aB3..",
                Some("aB3."),
            ),
            (
                "<p>Hello {username}</p><p>{####}</p>",
                "<p>Hello ada</p><p>aB3$^x</p>",
                Some("aB3$^x"),
            ),
            ("{####} is it, {username}", "aB3x is it, ada", Some("aB3x")),
            (cognitos, "Your code is 123456.", None),
            (
                "No place in it",
                "Your username is ada and temporary password is x.",
                None,
            ),
        ];
        for (template, text, expected) in cases {
            assert_eq!(read(template, text).as_deref(), expected, "{text}");
        }
    }
}

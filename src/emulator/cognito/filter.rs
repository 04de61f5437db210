//! The filter of `ListUsers`: `name = "value"` or `name ^= "value"` (COGNITO.md 3.9).

use super::error::Exception;
use super::users::User;

/// A filter that was understood.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Filter {
    field: Field,
    comparison: Comparison,
    value: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Field {
    /// Case-sensitive \[D\].
    Username,
    /// `cognito:user_status`, in any case.
    UserStatus,
    /// `Enabled` or `Disabled`, case-sensitive.
    Status,
    /// A standard attribute; searches in these ignore case \[D\].
    Attribute(&'static str),
}

#[derive(Debug, PartialEq, Eq)]
enum Comparison {
    Equals,
    StartsWith,
}

const SEARCHABLE: [&str; 7] = [
    "email",
    "phone_number",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "sub",
];

impl Filter {
    /// Reads a filter; an empty text means all users.
    ///
    /// # Errors
    /// `InvalidParameterException` in the words of COGNITO.md 3.9 \[T\].
    pub(crate) fn parse(text: &str) -> Result<Option<Self>, Exception> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let malformed = || Exception::invalid_parameter("Error while parsing filter");
        let (left, right) = text.split_once('=').ok_or_else(malformed)?;
        let (name, comparison) = match left.strip_suffix('^') {
            Some(name) => (name, Comparison::StartsWith),
            None => (left, Comparison::Equals),
        };
        let quoted = right
            .trim()
            .strip_prefix('"')
            .and_then(|right| right.strip_suffix('"'));
        let value = unescaped(quoted.ok_or_else(malformed)?).ok_or_else(malformed)?;
        let name = name.trim().trim_matches('"');
        let field = match name {
            "" => return Err(malformed()),
            "username" => Field::Username,
            "cognito:user_status" => Field::UserStatus,
            "status" => Field::Status,
            name => {
                let known = SEARCHABLE.iter().find(|known| **known == name);
                let unknown = || format!("Invalid search attribute: {name}");
                let known = known.ok_or_else(|| Exception::invalid_parameter(unknown()))?;
                Field::Attribute(known)
            }
        };
        Ok(Some(Self {
            field,
            comparison,
            value,
        }))
    }

    /// Whether a user is one of those that were asked for.
    pub(crate) fn matches(&self, user: &User) -> bool {
        match self.field {
            Field::Username => self.compare(&user.username, &self.value),
            Field::UserStatus => self.compare(
                &user.status.name().to_lowercase(),
                &self.value.to_lowercase(),
            ),
            Field::Status => {
                let status = if user.enabled { "Enabled" } else { "Disabled" };
                self.compare(status, &self.value)
            }
            Field::Attribute("sub") => {
                self.compare(&user.sub.to_string(), &self.value.to_lowercase())
            }
            Field::Attribute(name) => user.attribute(name).is_some_and(|value| {
                self.compare(&value.to_lowercase(), &self.value.to_lowercase())
            }),
        }
    }

    fn compare(&self, value: &str, wanted: &str) -> bool {
        match self.comparison {
            Comparison::Equals => value == wanted,
            Comparison::StartsWith => value.starts_with(wanted),
        }
    }
}

/// The value between the quotes, in which a backslash takes the next character as it is.
fn unescaped(quoted: &str) -> Option<String> {
    let mut value = String::with_capacity(quoted.len());
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => value.push(characters.next()?),
            '"' => return None,
            character => value.push(character),
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_grammar() {
        let filter = |field, comparison, value: &str| {
            Ok(Some(Filter {
                field,
                comparison,
                value: value.to_owned(),
            }))
        };
        let failed = |text: &str| Err(Exception::invalid_parameter(text));
        let email = || Field::Attribute("email");
        let cases = [
            ("", Ok(None)),
            (
                r#"email = "a@b.c""#,
                filter(email(), Comparison::Equals, "a@b.c"),
            ),
            (
                r#"email^="test""#,
                filter(email(), Comparison::StartsWith, "test"),
            ),
            (
                r#"username = "a=b\"c""#,
                filter(Field::Username, Comparison::Equals, "a=b\"c"),
            ),
            (
                r#"status = "Enabled""#,
                filter(Field::Status, Comparison::Equals, "Enabled"),
            ),
            ("email", failed("Error while parsing filter")),
            ("email = ada", failed("Error while parsing filter")),
            (r#"email = "a" b"#, failed("Error while parsing filter")),
            (r#"= "a""#, failed("Error while parsing filter")),
            (
                r#"custom:foo = "a""#,
                failed("Invalid search attribute: custom:foo"),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(Filter::parse(text), expected, "{text}");
        }
    }
}

//! Groups by name or by ARN.

use super::super::exception::Exception;
use super::constraint;

/// The group of a request that has a name or an identifier.
pub(super) fn group(name: Option<String>, identifier: Option<String>) -> Result<String, Exception> {
    match (name, identifier) {
        (Some(_), Some(_)) => Err(Exception::invalid_parameter(
            "Only one of logGroupName and logGroupIdentifier can be given",
        )),
        (None, Some(identifier)) => named(&identifier),
        (name, None) => constraint::group_name(name),
    }
}

/// The group of an identifier: its name, or its ARN without `:*` (COGNITO.md 7.2 \[V\]).
pub(super) fn named(identifier: &str) -> Result<String, Exception> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_#+=/:,.@-".contains(c);
    if !identifier.chars().all(is_allowed) {
        return Err(Exception::InvalidParameter(
            "1 validation error detected: Value at 'logGroupIdentifier' failed to satisfy \
             constraint: Member must satisfy regular expression pattern: [\\w#+=/:,.@-]*"
                .to_owned(),
        ));
    }
    let name = of_arn(identifier).unwrap_or(identifier);
    constraint::group_name(Some(name.to_owned()))
}

/// The name of the group whose ARN this is.
pub(crate) fn of_arn(arn: &str) -> Option<&str> {
    let mut parts = arn.splitn(7, ':');
    let is_logs = parts.next() == Some("arn") && parts.nth(1) == Some("logs");
    let is_group = is_logs && parts.nth(2) == Some("log-group");
    parts.next().filter(|_| is_group)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_and_arns() {
        let arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/f";
        assert_eq!(named(arn).unwrap(), "/aws/lambda/f");
        assert_eq!(named("a/b").unwrap(), "a/b");
        for wrong in [&*format!("{arn}:*"), "a b", "arn:aws:s3:::bucket", ""] {
            assert!(named(wrong).is_err(), "{wrong}");
        }
        assert!(group(Some("a".to_owned()), Some("a".to_owned())).is_err());
    }
}

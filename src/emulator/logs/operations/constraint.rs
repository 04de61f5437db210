//! What the service model asks of members, in the words of COGNITO.md 1.5, which all services of AWS
//! share.

use super::super::exception::Exception;

const NAME_CHARS_MAX: usize = 512;

/// The refusal of a value; `value` is empty for one that is not shown.
fn violated(value: Option<&str>, member: &str, rule: &str) -> Exception {
    let shown = value.map_or_else(|| "null".to_owned(), |value| format!("'{value}'"));
    Exception::InvalidParameter(format!(
        "1 validation error detected: Value {shown} at '{member}' failed to satisfy constraint: \
         Member must {rule}"
    ))
}

/// A member that has to be there.
pub(super) fn required<T>(value: Option<T>, member: &str) -> Result<T, Exception> {
    value.ok_or_else(|| missing(member))
}

/// The refusal of a request without a member that has to be there.
pub(super) fn missing(member: &str) -> Exception {
    violated(None, member, "not be null")
}

/// A name of 1 to 512 characters.
fn length(value: &str, member: &str) -> Result<(), Exception> {
    if value.is_empty() {
        let rule = "have length greater than or equal to 1";
        return Err(violated(Some(value), member, rule));
    }
    if value.chars().count() > NAME_CHARS_MAX {
        let rule = format!("have length less than or equal to {NAME_CHARS_MAX}");
        return Err(violated(Some(value), member, &rule));
    }
    Ok(())
}

/// A group's name, `[\.\-_/#A-Za-z0-9]+`.
pub(super) fn group_name(value: Option<String>) -> Result<String, Exception> {
    let member = "logGroupName";
    let value = required(value, member)?;
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "._-/#".contains(c);
    if !value.chars().all(is_allowed) {
        let rule = r"satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+";
        return Err(violated(Some(&value), member, rule));
    }
    length(&value, member)?;
    Ok(value)
}

/// A stream's name, `[^:*]*`.
pub(super) fn stream_name(value: Option<String>, member: &str) -> Result<String, Exception> {
    let value = required(value, member)?;
    if value.contains([':', '*']) {
        let rule = "satisfy regular expression pattern: [^:*]*";
        return Err(violated(Some(&value), member, rule));
    }
    length(&value, member)?;
    Ok(value)
}

/// A number within bounds; without one, the upper bound.
pub(super) fn limit(value: Option<i64>, max: usize, member: &str) -> Result<usize, Exception> {
    let Some(value) = value else {
        return Ok(max);
    };
    let (rule, bound) = match usize::try_from(value) {
        Ok(limit) if (1..=max).contains(&limit) => return Ok(limit),
        Ok(limit) if limit > max => ("less", max),
        _ => ("greater", 1),
    };
    let rule = format!("have value {rule} than or equal to {bound}");
    Err(violated(Some(&value.to_string()), member, &rule))
}

/// A text of so many characters at most.
pub(super) fn text(value: &str, max: usize, member: &str) -> Result<(), Exception> {
    if value.chars().count() <= max {
        return Ok(());
    }
    let rule = format!("have length less than or equal to {max}");
    Err(violated(Some(value), member, &rule))
}

/// A moment in whatever unit: not before the epoch.
pub(super) fn moment(value: Option<i64>, member: &str) -> Result<Option<i64>, Exception> {
    match value {
        Some(value) if value < 0 => {
            let rule = "have value greater than or equal to 0";
            Err(violated(Some(&value.to_string()), member, rule))
        }
        value => Ok(value),
    }
}

/// A list of so many at most, and at least one.
pub(super) fn count(count: usize, max: usize, member: &str) -> Result<(), Exception> {
    let (rule, bound) = match count {
        0 => ("greater", 1),
        _ if count > max => ("less", max),
        _ => return Ok(()),
    };
    let rule = format!("have length {rule} than or equal to {bound}");
    Err(violated(Some("[]"), member, &rule))
}

/// A text of one character or more, at a place in a list.
pub(super) fn not_empty(value: &str, member: &str) -> Result<(), Exception> {
    if value.is_empty() {
        let rule = "have length greater than or equal to 1";
        return Err(violated(Some(value), member, rule));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_member_and_the_rule() {
        let long = "x".repeat(513);
        let cases = [
            (
                group_name(None).err(),
                "Value null at 'logGroupName' failed",
            ),
            (
                group_name(Some("a b".to_owned())).err(),
                "pattern: [\\.\\-_/#A-Za-z0-9]+",
            ),
            (
                group_name(Some(String::new())).err(),
                "greater than or equal to 1",
            ),
            (group_name(Some(long)).err(), "less than or equal to 512"),
            (
                stream_name(Some("a:b".to_owned()), "logStreamName").err(),
                "pattern: [^:*]*",
            ),
            (limit(Some(0), 50, "limit").err(), "Value '0' at 'limit'"),
            (
                limit(Some(51), 50, "limit").err(),
                "less than or equal to 50",
            ),
            (
                moment(Some(-1), "startTime").err(),
                "greater than or equal to 0",
            ),
            (count(0, 9, "logEvents").err(), "greater than or equal to 1"),
        ];
        for (error, expected) in cases {
            let message = error.unwrap().to_string();
            assert!(message.contains(expected), "{message}");
        }
        assert_eq!(limit(None, 50, "limit"), Ok(50));
        assert_eq!(
            group_name(Some("/aws/a-b_c.d#1".to_owned())).unwrap(),
            "/aws/a-b_c.d#1"
        );
    }
}

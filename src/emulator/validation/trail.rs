//! The parameters of a request as CloudTrail shows them.

use serde_json::value::RawValue;

use super::json::{self, each_element, each_entry};
use super::model::{Kind, Operation, Shape, shape};

/// What stands in a record in place of a private value (CAUSES.md, evidence source 2).
const HIDDEN: &str = "\"HIDDEN_DUE_TO_SECURITY_REASONS\"";
/// Sensitive in the model, and yet shown: the recorded event of InitiateAuth has the client's id.
const SHOWN: &str = "ClientIdType";
/// Not sensitive in the model, and hidden all the same: a code opens an account. That AWS hides it
/// too is a guess.
const ALSO_HIDDEN: &str = "ConfirmationCodeType";
/// Deepest nesting that is looked through; the model's own is less.
const DEPTH_MAX: u32 = 16;

/// The members that the model knows, their names with a small first letter, private ones hidden; none
/// if the request has no such member.
///
/// Which members AWS hides is documented for none of these operations. Here a member is hidden as a
/// whole if anything in it is sensitive in the service model, which gives the recorded event of
/// InitiateAuth.
pub(crate) fn trail_parameters(operation: &Operation, body: &[u8]) -> Option<Box<RawValue>> {
    let body: &RawValue = serde_json::from_slice(body).ok()?;
    let mut text = String::new();
    write_value(shape(operation.input), body, &mut text, DEPTH_MAX);
    if text == "{}" {
        return None;
    }
    RawValue::from_string(text).ok()
}

fn write_value(of: &Shape, raw: &RawValue, out: &mut String, depth: u32) {
    match &of.kind {
        _ if is_private(of, DEPTH_MAX) && depth < DEPTH_MAX => out.push_str(HIDDEN),
        _ if depth == 0 => out.push_str(HIDDEN),
        Kind::Structure(members) if raw.get().starts_with('{') => {
            let mut separator = '{';
            each_entry(raw, &mut |name, value| {
                let known = members.binary_search_by(|member| member.name.cmp(name));
                let Ok(index) = known else { return };
                if json::kind(value).is_none() {
                    return;
                }
                out.push(separator);
                separator = ',';
                write_name(name, out);
                write_value(shape(members[index].shape), value, out, depth - 1);
            });
            if separator == '{' {
                out.push('{');
            }
            out.push('}');
        }
        Kind::List { element, .. } if raw.get().starts_with('[') => {
            out.push('[');
            each_element(raw, &mut |position, value| {
                if position > 1 {
                    out.push(',');
                }
                write_value(shape(*element), value, out, depth - 1);
            });
            out.push(']');
        }
        _ => out.push_str(raw.get()),
    }
}

/// A member of the model: letters and digits, which need no escapes.
fn write_name(name: &str, out: &mut String) {
    out.push('"');
    let mut letters = name.chars();
    out.extend(letters.next().map(|first| first.to_ascii_lowercase()));
    out.push_str(letters.as_str());
    out.push_str("\":");
}

/// Whether the shape, or anything in it, must not be shown.
fn is_private(of: &Shape, depth: u32) -> bool {
    if of.name == SHOWN {
        return false;
    }
    if of.sensitive || of.name == ALSO_HIDDEN || depth == 0 {
        return true;
    }
    match &of.kind {
        Kind::Structure(members) => members
            .iter()
            .any(|member| is_private(shape(member.shape), depth - 1)),
        Kind::List { element, .. } => is_private(shape(*element), depth - 1),
        Kind::Map { key, value, .. } => {
            is_private(shape(*key), depth - 1) || is_private(shape(*value), depth - 1)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::validation::operation;

    #[test]
    fn names_and_secrets_are_hidden() {
        let cases = [
            (
                "SignUp",
                r#"{"ClientId":"c","Username":"ada","Password":"pw","Unknown":"pw",
                    "UserAttributes":[{"Name":"email","Value":"ada@b.c"}]}"#,
                Some(r#"{"clientId":"c","username":H,"password":H,"userAttributes":H}"#),
            ),
            (
                "InitiateAuth",
                r#"{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"c",
                    "AuthParameters":{"USERNAME":"ada","PASSWORD":"pw"}}"#,
                Some(r#"{"authFlow":"USER_PASSWORD_AUTH","clientId":"c","authParameters":H}"#),
            ),
            (
                "ConfirmSignUp",
                r#"{"ClientId":"c","Username":"ada","ConfirmationCode":"123456"}"#,
                Some(r#"{"clientId":"c","username":H,"confirmationCode":H}"#),
            ),
            (
                "AdminDeleteUser",
                r#"{"UserPoolId":"us-east-1_a","Username":"ada"}"#,
                Some(r#"{"userPoolId":"us-east-1_a","username":H}"#),
            ),
            (
                "UpdateUserPool",
                r#"{"UserPoolId":"us-east-1_a","AutoVerifiedAttributes":["email"],
                    "Policies":{"PasswordPolicy":{"MinimumLength":8}}}"#,
                Some(
                    r#"{"userPoolId":"us-east-1_a","autoVerifiedAttributes":["email"],"policies":{"passwordPolicy":{"minimumLength":8}}}"#,
                ),
            ),
            ("ListUserPools", "{}", None),
            ("SignUp", "[", None),
        ];
        for (name, body, expected) in cases {
            let shown = trail_parameters(operation(name).unwrap(), body.as_bytes());
            let expected = expected.map(|text| text.replace(":H", &format!(":{HIDDEN}")));
            assert_eq!(shown.as_deref().map(RawValue::get), expected.as_deref());
        }
    }
}

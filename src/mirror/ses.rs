//! SES's part of a seed file.

use serde_json::{Value, json};

use super::answers::{Members, MirrorError, SesAnswers, whole};
use super::pool::{LeftOut, without_nulls};

/// The tables about SES, as far as there are answers.
pub(super) fn tables(
    answers: &SesAnswers,
    left_out: &mut Vec<LeftOut>,
) -> Result<Members, MirrorError> {
    let mut file = Members::new();
    if let Some(account) = &answers.account {
        let account = account_table(&whole("GetAccount", account)?);
        file.insert("ses".to_owned(), without_nulls(account));
        left_out.push(LeftOut::new(
            "SES's suppression list",
            "it holds people's addresses",
        ));
    }
    if let Some((name, identity)) = &answers.identity {
        let identity = whole("GetEmailIdentity", identity)?;
        let table = json!({
            "EmailIdentity": name,
            "VerificationStatus": identity.get("VerificationStatus"),
            "ConfigurationSetName": identity.get("ConfigurationSetName"),
            "Policies": identity.get("Policies"),
        });
        file.insert("ses_identity".to_owned(), json!([without_nulls(table)]));
    }
    if let Some(set) = &answers.configuration_set {
        let set = whole("GetConfigurationSet", set)?;
        let within = |outer: &str, inner: &str| set.get(outer)?.get(inner).cloned();
        let table = json!({
            "ConfigurationSetName": set.get("ConfigurationSetName"),
            "SendingEnabled": within("SendingOptions", "SendingEnabled"),
            "SuppressedReasons": within("SuppressionOptions", "SuppressedReasons"),
        });
        file.insert(
            "ses_configuration_set".to_owned(),
            json!([without_nulls(table)]),
        );
        left_out.push(LeftOut::new(
            "event destinations of the configuration set",
            "they lead to other services",
        ));
    }
    Ok(file)
}

fn account_table(account: &Members) -> Value {
    let within = |outer: &str, inner: &str| account.get(outer)?.get(inner).cloned();
    json!({
        "ProductionAccessEnabled": account.get("ProductionAccessEnabled"),
        "SendingEnabled": account.get("SendingEnabled"),
        "EnforcementStatus": account.get("EnforcementStatus"),
        "SuppressedReasons": within("SuppressionAttributes", "SuppressedReasons"),
        "Max24HourSend": within("SendQuota", "Max24HourSend"),
        "MaxSendRate": within("SendQuota", "MaxSendRate"),
    })
}

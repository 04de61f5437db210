//! The tables of a seed file that are SES's.

use super::seed_tables::{InvalidStarting, all, strict};
use super::ses::StartingSes;

/// Takes SES's tables out of a seed file.
pub(super) fn read(table: &mut toml::Table) -> Result<StartingSes, InvalidStarting> {
    let account = match table.remove("ses") {
        None => None,
        Some(toml::Value::Table(account)) => Some(strict(account, "ses")?),
        Some(_) => {
            return Err(InvalidStarting::Value {
                place: "the file".to_owned(),
                reason: "`ses` must be written as `[ses]`, once".to_owned(),
            });
        }
    };
    Ok(StartingSes {
        account,
        identities: all(table, "ses_identity")?,
        configuration_sets: all(table, "ses_configuration_set")?,
        suppressed: all(table, "ses_suppressed_destination")?,
        event_rules: all(table, "ses_event_rule")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<StartingSes, String> {
        let mut table = text.parse().unwrap();
        read(&mut table).map_err(|error| error.to_string())
    }

    #[test]
    fn reads_every_table() {
        let ses = parse(
            r#"
            [ses]
            ProductionAccessEnabled = true
            Max24HourSend = 1000.0

            [[ses_identity]]
            EmailIdentity = "example.com"
            ConfigurationSetName = "set"
            [ses_identity.Policies]
            cognito = '{"Statement":[]}'

            [[ses_configuration_set]]
            ConfigurationSetName = "set"
            [ses_configuration_set.EventDestinations.bus]
            Enabled = true
            MatchingEventTypes = ["SEND", "BOUNCE"]
            EventBridgeDestination = { EventBusArn = "arn:aws:events:us-east-1:1:event-bus/default" }

            [[ses_suppressed_destination]]
            EmailAddress = "ada@example.com"
            Reason = "COMPLAINT"

            [[ses_event_rule]]
            LogGroupName = "/aws/events/ses"
            "#,
        )
        .unwrap();
        assert_eq!((ses.identities.len(), ses.configuration_sets.len()), (1, 1));
        assert_eq!((ses.suppressed.len(), ses.event_rules.len()), (1, 1));
        assert!(ses.account.is_some());
    }

    #[test]
    fn says_which_table_is_wrong() {
        let cases = [
            ("[ses]\nProductionAccess = true", "ses"),
            ("ses = 1", "`[ses]`"),
            ("[[ses_identity]]\nEmailIdentity = 1", "ses_identity 1"),
            (
                "[[ses_suppressed_destination]]\nEmailAddress = \"a@b.c\"\nReason = \"SPAM\"",
                "ses_suppressed_destination 1",
            ),
            (
                "[[ses_event_rule]]\nLogGroupName = \"a\"\nBus = \"b\"",
                "ses_event_rule 1",
            ),
        ];
        for (text, expected) in cases {
            let error = parse(text).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}

//! SES: the account, the sender, the recipient, the configuration set and the suppression list.

use aws_sdk_sesv2 as sdk;
use sdk::types::ReputationEntityType;

use super::miss::{Miss, ask, needed};
use super::permission;
use super::ses_settings::{self, Identity, IdentityArn};
use crate::diagnosis::{SesAccount, SesConfigurationSet, SesIdentity, Source, Suppressed};
use crate::model::EmailAddress;

/// `GetAccount`.
pub(super) async fn account(client: &sdk::Client) -> Source<SesAccount> {
    let answer = ask(permission::GET_ACCOUNT, || client.get_account().send()).await;
    needed(answer.map(|answer| ses_settings::account(&answer)))
}

/// `GetEmailIdentity` of the sender, with what SES thinks of it.
pub(super) async fn sender(client: &sdk::Client, arn: &IdentityArn) -> Source<Option<Identity>> {
    let (identity, disabled) = tokio::join!(identity(client, &arn.name), disabled(client, arn));
    let found = identity.map(|mut found| {
        found.settings.sending_disabled = disabled;
        found
    });
    Miss::optional(found)
}

/// `GetEmailIdentity` of the recipient, or of its domain; that which is verified, if one is.
pub(super) async fn recipient(
    client: &sdk::Client,
    address: &EmailAddress,
) -> Source<Option<SesIdentity>> {
    let (address, domain) = tokio::join!(
        identity(client, address.as_str()),
        identity(client, address.domain())
    );
    Miss::optional(of_two(address, domain).map(|identity| identity.settings))
}

/// The identity that lets an address be mailed to in the sandbox: the verified one of the two. Where
/// neither is seen to be verified and one could not be read, nothing can be said.
fn of_two(
    address: Result<Identity, Miss>,
    domain: Result<Identity, Miss>,
) -> Result<Identity, Miss> {
    match (address, domain) {
        (Ok(address), _) if address.settings.verified => Ok(address),
        (_, Ok(domain)) if domain.settings.verified => Ok(domain),
        (Err(miss @ (Miss::Denied(_) | Miss::Failed(_))), _)
        | (_, Err(miss @ (Miss::Denied(_) | Miss::Failed(_)))) => Err(miss),
        (Ok(address), _) => Ok(address),
        (Err(Miss::Absent(_)), domain) => domain,
    }
}

/// `GetConfigurationSet`; nothing if it does not exist.
pub(super) async fn configuration_set(
    client: &sdk::Client,
    name: &str,
) -> Source<Option<SesConfigurationSet>> {
    let answer = ask(permission::GET_CONFIGURATION_SET, || {
        let request = client.get_configuration_set();
        request.configuration_set_name(name).send()
    })
    .await;
    Miss::optional(answer.map(|answer| ses_settings::configuration_set(name, &answer)))
}

/// `GetSuppressedDestination` in each form in which the address may be listed.
pub(super) async fn suppression(
    client: &sdk::Client,
    address: &EmailAddress,
) -> Source<Option<Suppressed>> {
    for form in ses_settings::listed_forms(address) {
        let answer = ask(permission::GET_SUPPRESSED_DESTINATION, || {
            let request = client.get_suppressed_destination();
            request.email_address(&form).send()
        })
        .await;
        let found = answer.and_then(|answer| {
            let entry = answer.suppressed_destination();
            entry
                .and_then(ses_settings::suppressed)
                .ok_or_else(|| Miss::Failed("the answer names no destination".to_owned()))
        });
        match Miss::optional(found) {
            Source::Read { found: None } => {}
            other => return other,
        }
    }
    Source::from(None)
}

async fn identity(client: &sdk::Client, name: &str) -> Result<Identity, Miss> {
    let answer = ask(permission::GET_EMAIL_IDENTITY, || {
        client.get_email_identity().email_identity(name).send()
    })
    .await?;
    Ok(ses_settings::identity(name, &answer))
}

/// Whether SES disabled this identity alone; nothing if that cannot be told.
///
/// It qualifies the identity, so that a refusal here does not hide the identity itself.
async fn disabled(client: &sdk::Client, arn: &IdentityArn) -> Option<bool> {
    let answer = ask(permission::GET_REPUTATION_ENTITY, || {
        let request = client.get_reputation_entity();
        let request = request.reputation_entity_type(ReputationEntityType::Resource);
        request.reputation_entity_reference(&arn.text).send()
    })
    .await;
    match answer {
        Ok(answer) => answer.reputation_entity().map(ses_settings::is_disabled),
        // SES keeps no entity for an identity that it has nothing against.
        Err(Miss::Absent(_)) => Some(false),
        Err(Miss::Denied(_) | Miss::Failed(_)) => None,
    }
}

#[cfg(test)]
mod tests {
    use sdk::operation::get_email_identity::GetEmailIdentityOutput;

    use super::*;

    fn absent<T>() -> Result<T, Miss> {
        Err(Miss::Absent("no".to_owned()))
    }

    fn denied<T>() -> Result<T, Miss> {
        Err(Miss::Denied("ses:GetEmailIdentity".to_owned()))
    }

    #[test]
    fn the_verified_one_of_address_and_domain_counts() {
        let identity = |name: &str, verified: bool| {
            let answer = GetEmailIdentityOutput::builder().verified_for_sending_status(verified);
            Ok(ses_settings::identity(name, &answer.build()))
        };
        let cases = [
            (identity("a", true), identity("d", true), Ok("a")),
            (identity("a", false), identity("d", true), Ok("d")),
            (identity("a", false), identity("d", false), Ok("a")),
            (identity("a", true), denied(), Ok("a")),
            (identity("a", false), denied(), denied()),
            (absent(), identity("d", false), Ok("d")),
            (denied(), identity("d", true), Ok("d")),
            (denied(), identity("d", false), denied()),
            (absent(), absent(), absent()),
        ];
        for (address, domain, expected) in cases {
            let found = of_two(address, domain).map(|found| found.settings.name);
            assert_eq!(found, expected.map(str::to_owned));
        }
    }
}

//! The trigger that changes what tokens say (COGNITO.md 6.5 \[D, R\]).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::super::error::Exception;
use super::super::users::UserKey;
use super::config::{TokenGenerationVersion, Trigger};
use super::event::{Metadata, Occasion, Particulars, UserAttributes, user_of};
use super::invocation::Triggers;
use super::sources::TokenSource;
use super::token_overrides::{ClaimChanges, TokenOverrides};

/// The groups and roles of a user, as they are and as a function wants them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupConfiguration {
    #[serde(default, deserialize_with = "super::super::wire::null_as_default")]
    pub(crate) groups_to_override: Vec<String>,
    #[serde(default, deserialize_with = "super::super::wire::null_as_default")]
    pub(crate) iam_roles_to_override: Vec<String>,
    pub(crate) preferred_role: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenEvent<'a> {
    user_attributes: UserAttributes,
    group_configuration: GroupConfiguration,
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<&'a [&'a str]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_metadata: Option<&'a Metadata>,
}

/// The answer of version 1, of the id token.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnswerV1 {
    claims_override_details: Option<DetailsV1>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DetailsV1 {
    claims_to_add_or_override: Option<BTreeMap<String, String>>,
    claims_to_suppress: Option<Vec<String>>,
    group_override_details: Option<GroupConfiguration>,
}

/// The answer of versions 2 and 3, of both tokens.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnswerV2 {
    claims_and_scope_override_details: Option<DetailsV2>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DetailsV2 {
    id_token_generation: Option<TokenChanges>,
    access_token_generation: Option<TokenChanges>,
    group_override_details: Option<GroupConfiguration>,
}

/// The scopes are the access token's alone.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenChanges {
    claims_to_add_or_override: Option<BTreeMap<String, Box<RawValue>>>,
    claims_to_suppress: Option<Vec<String>>,
    scopes_to_add: Option<Vec<String>>,
    scopes_to_suppress: Option<Vec<String>>,
}

impl From<AnswerV1> for TokenOverrides {
    fn from(answer: AnswerV1) -> Self {
        let details = answer.claims_override_details.unwrap_or_default();
        let texts = details.claims_to_add_or_override.unwrap_or_default();
        Self {
            id: ClaimChanges::of_texts(texts, details.claims_to_suppress),
            groups: details.group_override_details,
            ..Self::default()
        }
    }
}

impl From<AnswerV2> for TokenOverrides {
    fn from(answer: AnswerV2) -> Self {
        let details = answer.claims_and_scope_override_details.unwrap_or_default();
        let id = details.id_token_generation.unwrap_or_default();
        let access = details.access_token_generation.unwrap_or_default();
        let changes =
            |set: Option<_>, suppressed| ClaimChanges::new(set.unwrap_or_default(), suppressed);
        Self {
            id: changes(id.claims_to_add_or_override, id.claims_to_suppress),
            access: changes(access.claims_to_add_or_override, access.claims_to_suppress),
            groups: details.group_override_details,
            scopes_to_add: access.scopes_to_add.unwrap_or_default(),
            scopes_to_suppress: access.scopes_to_suppress.unwrap_or_default(),
        }
    }
}

impl Triggers {
    /// Asks what the tokens shall say.
    ///
    /// Called in every flow after `PostAuthentication`, and on each refresh, before the tokens are
    /// made. `scopes` are those of the access token. The request's `ClientMetadata` is not passed on
    /// from `InitiateAuth` (COGNITO.md 6.3 \[D\]).
    ///
    /// # Errors
    /// Those of COGNITO.md 6.2; then there are no tokens.
    pub(crate) async fn pre_token_generation(
        &self,
        occasion: &Occasion<'_>,
        source: TokenSource,
        user: UserKey,
        (groups, scopes): (GroupConfiguration, &[&str]),
        client_metadata: Option<&Metadata>,
    ) -> Result<TokenOverrides, Exception> {
        let trigger = Trigger::PreTokenGeneration;
        let config = &occasion.pool.settings.lambda_config;
        let (version, scopes) = match config.token_generation_version() {
            TokenGenerationVersion::V1 => {
                let first = || {
                    particulars(
                        occasion,
                        ("1", source),
                        user,
                        (groups, None),
                        client_metadata,
                    )
                };
                let answer = self.call::<_, AnswerV1>(occasion, trigger, first);
                return Ok(answer.await?.unwrap_or_default().into());
            }
            TokenGenerationVersion::V2 => ("2", Some(scopes)),
            TokenGenerationVersion::V3 => ("3", Some(scopes)),
        };
        let later = || {
            particulars(
                occasion,
                (version, source),
                user,
                (groups, scopes),
                client_metadata,
            )
        };
        let answer = self.call::<_, AnswerV2>(occasion, trigger, later);
        Ok(answer.await?.unwrap_or_default().into())
    }
}

fn particulars<'a, R: Default>(
    occasion: &Occasion<'_>,
    (version, source): (&'static str, TokenSource),
    user: UserKey,
    (group_configuration, scopes): (GroupConfiguration, Option<&'a [&'a str]>),
    client_metadata: Option<&'a Metadata>,
) -> Result<Particulars<TokenEvent<'a>, R>, Exception> {
    let (user_name, user_attributes) = user_of(occasion, user)?;
    Ok(Particulars {
        version,
        source: source.name(),
        user_name,
        request: TokenEvent {
            user_attributes,
            group_configuration,
            scopes,
            client_metadata,
        },
        response: R::default(),
    })
}

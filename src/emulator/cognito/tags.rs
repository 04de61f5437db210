//! `TagResource`, `UntagResource` and `ListTagsForResource`; a pool is the one resource with tags.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::Exception;
use super::service::Cognito;
use crate::model::UserPoolId;

/// Tags of a resource, as everywhere on AWS \[D\].
const TAGS_MAX: usize = 50;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TagResourceRequest {
    resource_arn: String,
    tags: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UntagResourceRequest {
    resource_arn: String,
    tag_keys: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListTagsForResourceRequest {
    resource_arn: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListTagsForResourceResponse {
    tags: BTreeMap<String, String>,
}

/// Adds tags to a pool, or gives those that it has another value.
///
/// # Errors
/// `ResourceNotFoundException`; `InvalidParameterException` for too many tags (its text is a guess
/// \[U\]).
pub(crate) fn tag_resource(
    cognito: &Cognito,
    request: TagResourceRequest,
) -> Result<(), Exception> {
    let id = pool_id(cognito, &request.resource_arn)?;
    let changed = cognito.pools.change_pool(&id, cognito.now(), |pool| {
        let tags = &mut pool.settings.user_pool_tags;
        tags.extend(request.tags);
        if tags.len() > TAGS_MAX {
            let message = format!("A resource can have {TAGS_MAX} tags at most.");
            return Err(Exception::invalid_parameter(message));
        }
        Ok(())
    });
    changed.map(|_| ())
}

/// Takes tags from a pool; one that it does not have is no error.
///
/// # Errors
/// `ResourceNotFoundException`.
pub(crate) fn untag_resource(
    cognito: &Cognito,
    request: &UntagResourceRequest,
) -> Result<(), Exception> {
    let id = pool_id(cognito, &request.resource_arn)?;
    let changed = cognito.pools.change_pool(&id, cognito.now(), |pool| {
        let tags = &mut pool.settings.user_pool_tags;
        tags.retain(|key, _| !request.tag_keys.contains(key));
        Ok(())
    });
    changed.map(|_| ())
}

/// Shows a pool's tags.
///
/// # Errors
/// `ResourceNotFoundException`.
pub(crate) fn list_tags_for_resource(
    cognito: &Cognito,
    request: &ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResponse, Exception> {
    let id = pool_id(cognito, &request.resource_arn)?;
    let pool = cognito.pool(&id)?;
    Ok(ListTagsForResourceResponse {
        tags: pool.settings.user_pool_tags.clone(),
    })
}

/// The pool that an ARN names, whether it exists or not.
fn pool_id(cognito: &Cognito, arn: &str) -> Result<UserPoolId, Exception> {
    let name = arn
        .rsplit_once(":userpool/")
        .map(|(_, id)| UserPoolId::new(id));
    let own = name.filter(|id| cognito.arn(id) == arn);
    // The text for an ARN that no pool of this account can have is a guess [U].
    own.ok_or_else(|| Exception::NotFound(format!("Resource {arn} does not exist.")))
}

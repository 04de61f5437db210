//! A pool's domains: `CreateUserPoolDomain`, `DescribeUserPoolDomain`, `UpdateUserPoolDomain` and
//! `DeleteUserPoolDomain`.
//!
//! The hosted sign-in pages that a domain serves on AWS do not exist here; the domain is the one
//! that confirmation links name (COGNITO.md 5.3).

use serde::{Deserialize, Serialize};

use super::error::Exception;
use super::pool_members::Unsupported;
use super::pools::UserPool;
use super::service::Cognito;
use super::wire::Empty;
use crate::model::UserPoolId;

/// The branding of the hosted pages where a request names none: the classic one \[D\].
const MANAGED_LOGIN_VERSION: i32 = 1;

/// `CustomDomainConfigType`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CustomDomainConfig {
    certificate_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    security_policy: Option<String>,
}

/// One domain of a pool.
#[derive(Debug, Clone)]
pub(crate) struct PoolDomain {
    /// The prefix of AWS's domain, or a whole name of the customer's.
    pub(crate) name: String,
    managed_login_version: i32,
    custom: Option<CustomDomainConfig>,
}

impl PoolDomain {
    /// Where AWS would serve a custom domain from. The name is made up: nothing answers there.
    fn distribution(&self) -> Option<String> {
        let custom = self.custom.as_ref();
        custom.map(|_| "d111111abcdef8.cloudfront.net".to_owned())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DomainSettingsRequest {
    domain: String,
    user_pool_id: UserPoolId,
    managed_login_version: Option<i32>,
    custom_domain_config: Option<CustomDomainConfig>,
    routing: Option<Unsupported>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DescribeUserPoolDomainRequest {
    domain: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DeleteUserPoolDomainRequest {
    domain: String,
    user_pool_id: UserPoolId,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DomainSettingsResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    cloud_front_domain: Option<String>,
    managed_login_version: i32,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DescribeUserPoolDomainResponse {
    domain_description: DescribedDomain,
}

/// A domain, or nothing: a domain that does not exist is no error on AWS \[R\].
#[derive(Serialize)]
#[serde(untagged)]
enum DescribedDomain {
    Found(DomainDescription),
    Missing(Empty),
}

/// `DomainDescriptionType`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DomainDescription {
    #[serde(rename = "AWSAccountId")]
    aws_account_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cloud_front_distribution: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_domain_config: Option<CustomDomainConfig>,
    domain: String,
    managed_login_version: i32,
    status: &'static str,
    user_pool_id: UserPoolId,
}

/// Gives a pool a domain; it is in service at once.
///
/// # Errors
/// `ResourceNotFoundException` for the pool; `InvalidParameterException` for a name that is taken
/// \[R\] and for a second domain of the same kind (the text is a guess \[U\]).
pub(crate) fn create_user_pool_domain(
    cognito: &Cognito,
    request: DomainSettingsRequest,
) -> Result<DomainSettingsResponse, Exception> {
    refuse_routing(&request)?;
    add(cognito, request)
}

/// Gives a pool a prefix domain of this name.
///
/// # Errors
/// As [`create_user_pool_domain`].
pub(crate) fn plant(cognito: &Cognito, pool: &UserPoolId, name: &str) -> Result<(), Exception> {
    let request = DomainSettingsRequest {
        domain: name.to_owned(),
        user_pool_id: pool.clone(),
        managed_login_version: None,
        custom_domain_config: None,
        routing: None,
    };
    add(cognito, request).map(drop)
}

fn add(
    cognito: &Cognito,
    request: DomainSettingsRequest,
) -> Result<DomainSettingsResponse, Exception> {
    let domain = PoolDomain {
        name: request.domain,
        managed_login_version: request
            .managed_login_version
            .unwrap_or(MANAGED_LOGIN_VERSION),
        custom: request.custom_domain_config,
    };
    check_tier(
        &*cognito.pool(&request.user_pool_id)?,
        domain.managed_login_version,
    )?;
    let response = response(&domain);
    cognito
        .pools
        .change_pool(&request.user_pool_id, cognito.now(), |pool| {
            let place = match domain.custom {
                Some(_) => &mut pool.custom_domain,
                None => &mut pool.domain,
            };
            if place.is_some() {
                return Err(Exception::invalid_parameter(
                    "User pool already has a domain configured.",
                ));
            }
            *place = Some(domain);
            Ok(())
        })?;
    Ok(response)
}

/// Changes a domain's certificate or branding.
///
/// # Errors
/// `ResourceNotFoundException` for the pool or the domain (the latter's text is a guess \[U\]).
pub(crate) fn update_user_pool_domain(
    cognito: &Cognito,
    request: DomainSettingsRequest,
) -> Result<DomainSettingsResponse, Exception> {
    refuse_routing(&request)?;
    let mut changed = None;
    cognito
        .pools
        .change_pool(&request.user_pool_id, cognito.now(), |pool| {
            let version = request.managed_login_version;
            check_tier(pool, version.unwrap_or(MANAGED_LOGIN_VERSION))?;
            let mut domains = pool.domain.iter_mut().chain(&mut pool.custom_domain);
            let found = domains.find(|domain| domain.name == request.domain);
            let domain = found.ok_or_else(no_domain)?;
            if domain.custom.is_some() {
                domain.custom = request.custom_domain_config.or(domain.custom.take());
            } else if request.custom_domain_config.is_some() {
                return Err(Exception::invalid_parameter(
                    "CustomDomainConfig cannot be set for a prefix domain.",
                ));
            }
            domain.managed_login_version = version.unwrap_or(domain.managed_login_version);
            changed = Some(response(domain));
            Ok(())
        })?;
    changed.ok_or_else(no_domain)
}

/// Shows a domain, or an empty description if there is none of this name.
pub(crate) fn describe_user_pool_domain(
    cognito: &Cognito,
    request: &DescribeUserPoolDomainRequest,
) -> DescribeUserPoolDomainResponse {
    let pool = cognito.pools.of_domain(&request.domain);
    let description = pool.and_then(|pool| {
        let mut domains = pool.domain.iter().chain(&pool.custom_domain);
        let domain = domains.find(|domain| domain.name == request.domain)?;
        Some(DomainDescription {
            aws_account_id: cognito.account_id.clone(),
            cloud_front_distribution: domain.distribution(),
            custom_domain_config: domain.custom.clone(),
            domain: domain.name.clone(),
            managed_login_version: domain.managed_login_version,
            status: "ACTIVE",
            user_pool_id: pool.id.clone(),
        })
    });
    let missing = DescribedDomain::Missing(Empty {});
    DescribeUserPoolDomainResponse {
        domain_description: description.map_or(missing, DescribedDomain::Found),
    }
}

/// Takes a domain from its pool.
///
/// # Errors
/// `ResourceNotFoundException` for the pool, `InvalidParameterException` for a domain that the
/// pool does not have (its text is a guess \[U\]).
pub(crate) fn delete_user_pool_domain(
    cognito: &Cognito,
    request: &DeleteUserPoolDomainRequest,
) -> Result<(), Exception> {
    let change = |pool: &mut UserPool| {
        for place in [&mut pool.domain, &mut pool.custom_domain] {
            if place
                .as_ref()
                .is_some_and(|domain| domain.name == request.domain)
            {
                *place = None;
                return Ok(());
            }
        }
        Err(Exception::invalid_parameter(
            "No such domain or user pool exists.",
        ))
    };
    let changed = cognito
        .pools
        .change_pool(&request.user_pool_id, cognito.now(), change);
    changed.map(|_| ())
}

fn response(domain: &PoolDomain) -> DomainSettingsResponse {
    DomainSettingsResponse {
        cloud_front_domain: domain.distribution(),
        managed_login_version: domain.managed_login_version,
    }
}

/// Routing belongs to pools that are replicated to another region, which these are not.
fn refuse_routing(request: &DomainSettingsRequest) -> Result<(), Exception> {
    match request.routing {
        Some(_) => Err(Exception::not_implemented("The setting Routing")),
        None => Ok(()),
    }
}

/// The branding editor is not part of the LITE plan \[D\].
fn check_tier(pool: &UserPool, managed_login_version: i32) -> Result<(), Exception> {
    let lite = pool.settings.user_pool_tier.as_deref() == Some("LITE");
    if lite && managed_login_version > MANAGED_LOGIN_VERSION {
        return Err(Exception::FeatureUnavailableInTier("Managed login"));
    }
    Ok(())
}

fn no_domain() -> Exception {
    Exception::NotFound("Domain not found.".to_owned())
}

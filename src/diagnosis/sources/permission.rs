//! The permissions that the sources need, by their names in IAM.
//!
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>
//! names the actions of each service.

/// The settings of the user pool.
pub(super) const DESCRIBE_USER_POOL: &str = "cognito-idp:DescribeUserPool";
/// The settings of the app client.
pub(super) const DESCRIBE_USER_POOL_CLIENT: &str = "cognito-idp:DescribeUserPoolClient";
/// Where delivery errors go.
pub(super) const GET_LOG_DELIVERY: &str = "cognito-idp:GetLogDeliveryConfiguration";
/// One user.
pub(super) const ADMIN_GET_USER: &str = "cognito-idp:AdminGetUser";
/// The users of an address.
pub(super) const LIST_USERS: &str = "cognito-idp:ListUsers";
/// Asking log groups.
pub(super) const START_QUERY: &str = "logs:StartQuery";
/// What they answer.
pub(super) const GET_QUERY_RESULTS: &str = "logs:GetQueryResults";
/// Ending a question whose answer nobody waits for any more.
pub(super) const STOP_QUERY: &str = "logs:StopQuery";
/// Groups that are encrypted with a key of the account's own.
pub(super) const DECRYPT: &str = "kms:Decrypt";
/// CloudTrail without a trail.
pub(super) const LOOKUP_EVENTS: &str = "cloudtrail:LookupEvents";
/// The SES account.
pub(super) const GET_ACCOUNT: &str = "ses:GetAccount";
/// An identity of SES.
pub(super) const GET_EMAIL_IDENTITY: &str = "ses:GetEmailIdentity";
/// A configuration set of SES.
pub(super) const GET_CONFIGURATION_SET: &str = "ses:GetConfigurationSet";
/// An entry of the suppression list.
pub(super) const GET_SUPPRESSED_DESTINATION: &str = "ses:GetSuppressedDestination";
/// Whether SES disabled one identity.
pub(super) const GET_REPUTATION_ENTITY: &str = "ses:GetReputationEntity";

/// Every permission that a source may name in [`Source::Denied`](crate::diagnosis::Source::Denied).
///
/// The policy in `deploy/iam/reverify-target.json` grants them.
pub const PERMISSIONS: [&str; 15] = [
    DESCRIBE_USER_POOL,
    DESCRIBE_USER_POOL_CLIENT,
    GET_LOG_DELIVERY,
    ADMIN_GET_USER,
    LIST_USERS,
    START_QUERY,
    GET_QUERY_RESULTS,
    STOP_QUERY,
    DECRYPT,
    LOOKUP_EVENTS,
    GET_ACCOUNT,
    GET_EMAIL_IDENTITY,
    GET_CONFIGURATION_SET,
    GET_SUPPRESSED_DESTINATION,
    GET_REPUTATION_ENTITY,
];

//! `POST /` in AWS JSON 1.1: which operation of which service `X-Amz-Target` names, and its run.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::request::Parts;

use super::bodies::{Bodies, LOGS_BODY_BYTES_MAX};
use super::caller::{is_signed, user_arn};
use super::cloudtrail::{self, Witness};
use super::cognito::{Answer, Cognito};
use super::gate::{self, Asked};
use super::kms;
use super::logs;
use super::refusal::Refusal;
use super::service::Service;
use super::validation::{self, Operation};

/// What stands before the operation in `X-Amz-Target`.
const USER_POOLS: &str = "AWSCognitoIdentityProviderService.";
/// The same of CloudWatch Logs.
const LOGS: &str = "Logs_20140328.";
/// The same of KMS.
const KMS: &str = "TrentService.";
/// The same of CloudTrail, as newer SDKs send it.
const CLOUDTRAIL: &str = "CloudTrail_20131101.";
/// As botocore sends it.
const CLOUDTRAIL_IN_FULL: &str = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.";

/// An operation that a request names.
enum Target<'a> {
    UserPools(&'static Operation),
    Logs(&'a str),
    Kms(&'a str),
    CloudTrail(&'a str),
    Unknown,
}

impl<'a> Target<'a> {
    fn of(head: &'a Parts) -> Self {
        let header = head.headers.get("x-amz-target");
        let target = header.and_then(|target| target.to_str().ok());
        let target = target.unwrap_or_default();
        if let Some(name) = target.strip_prefix(USER_POOLS) {
            validation::operation(name).map_or(Self::Unknown, Self::UserPools)
        } else if let Some(name) = target.strip_prefix(LOGS) {
            Self::Logs(name)
        } else if let Some(name) = target.strip_prefix(KMS) {
            Self::Kms(name)
        } else if let Some(name) = [CLOUDTRAIL, CLOUDTRAIL_IN_FULL]
            .iter()
            .find_map(|prefix| target.strip_prefix(prefix))
        {
            Self::CloudTrail(name)
        } else {
            Self::Unknown
        }
    }

    fn needs_signature(&self) -> bool {
        match self {
            Self::UserPools(operation) => operation.needs_signature(),
            Self::Logs(_) | Self::Kms(_) | Self::CloudTrail(_) => true,
            Self::Unknown => false,
        }
    }
}

/// Runs the operation that a request names, and tells the witness which one it is.
///
/// # Errors
/// [`Refusal`], with the operation's exceptions among others.
pub(super) async fn answer(
    cognito: &Arc<Cognito>,
    bodies: &Bodies,
    (head, body): (&Parts, Body),
    witness: &mut Witness,
) -> Result<Answer, Refusal> {
    let target = Target::of(head);
    let body = match target {
        Target::Logs(_) => bodies.read_up_to(LOGS_BODY_BYTES_MAX, body).await?,
        _ => bodies.read(body).await?,
    };
    if target.needs_signature() && !is_signed(&head.headers, head.uri.query()) {
        return Err(Refusal::Unsigned);
    }
    let body = Bytes::from(or_empty_object(body.bytes));
    let caller = || user_arn(&cognito.account_id, &head.headers);
    match target {
        Target::UserPools(operation) => {
            witness.saw(cognito, operation, &body);
            Ok(gate::call(cognito, operation, &body, caller).await?)
        }
        Target::Logs(operation) => {
            if logs::is_management(operation) {
                witness.saw_other(Service::Logs, operation.to_owned());
            }
            let resource = || cognito.logs.resource(&body);
            let asked = || Asked::of(Service::Logs, operation, caller(), Some(resource()));
            let passed = gate::pass(cognito, asked, async |_| {
                logs::call(&cognito.logs, operation, body.clone()).await
            });
            Ok(passed.await?)
        }
        Target::Kms(operation) => {
            witness.saw_other(Service::Kms, operation.to_owned());
            let asked = || Asked::of(Service::Kms, operation, caller(), None);
            let passed = gate::pass(cognito, asked, async |_| {
                kms::call(&cognito.kms, operation, &body)
            });
            Ok(passed.await?)
        }
        Target::CloudTrail(operation) => {
            witness.saw_other(Service::CloudTrail, operation.to_owned());
            let asked = || Asked::of(Service::CloudTrail, operation, caller(), None);
            let passed = gate::pass(cognito, asked, async |_| {
                cloudtrail::call(cognito, operation, &body)
            });
            Ok(passed.await?)
        }
        Target::Unknown => Err(Refusal::UnknownOperation),
    }
}

/// That an empty body is an empty object is a guess; no SDK sends one.
fn or_empty_object(body: Vec<u8>) -> Vec<u8> {
    if body.is_empty() {
        b"{}".to_vec()
    } else {
        body
    }
}

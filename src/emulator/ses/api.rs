//! From a request's operation and body to its answer.

use std::sync::Arc;

use serde::Serialize;

use super::error::SesException;
use super::outgoing::Caller;
use super::route::{Route, filter, page_request};
use super::service::Ses;
use super::{
    account, configuration_sets as sets, email_identities as identities,
    event_destinations as destinations, identity_policies as policies, mail_from, reputation,
    send_email, suppression as suppressed, templates,
};

/// A request to SES, its signature already seen.
#[derive(Debug)]
pub(crate) struct ApiRequest<'a> {
    pub(crate) query: Option<&'a str>,
    pub(crate) body: &'a [u8],
    pub(crate) caller: Caller,
}

/// Runs one operation; gives the body of its answer.
///
/// # Errors
/// The operation's exception; `NotImplementedException` for one that is not here.
pub(crate) async fn call(
    ses: &Arc<Ses>,
    route: Route,
    request: ApiRequest<'_>,
) -> Result<Vec<u8>, SesException> {
    match route {
        Route::SendEmail => json(&send_email::send_email(ses, request.caller, request.body).await?),
        Route::CreateEmailIdentity => {
            json(&identities::create_email_identity(ses, request.body).await?)
        }
        route => at_once(ses, route, &request),
    }
}

/// The operations that send nothing.
fn at_once(ses: &Ses, route: Route, request: &ApiRequest<'_>) -> Result<Vec<u8>, SesException> {
    let (body, query) = (request.body, request.query);
    match route {
        Route::GetAccount => json(&account::get_account(ses)),
        Route::PutAccountDetails => json(&account::put_account_details(ses, body)?),
        Route::PutAccountSendingAttributes => {
            json(&account::put_account_sending_attributes(ses, body)?)
        }
        Route::PutAccountSuppressionAttributes => {
            json(&account::put_account_suppression_attributes(ses, body)?)
        }
        Route::PutSuppressedDestination => {
            json(&suppressed::put_suppressed_destination(ses, body)?)
        }
        Route::ListSuppressedDestinations => json(&suppressed::list_suppressed_destinations(
            ses,
            &filter(query),
        )?),
        Route::GetSuppressedDestination(address) => {
            json(&suppressed::get_suppressed_destination(ses, &address)?)
        }
        Route::DeleteSuppressedDestination(address) => {
            json(&suppressed::delete_suppressed_destination(ses, &address)?)
        }
        Route::ListEmailIdentities => json(&identities::list_email_identities(
            ses,
            &page_request(query, body)?,
        )?),
        Route::GetEmailIdentity(name) => json(&identities::get_email_identity(ses, &name)?),
        Route::DeleteEmailIdentity(name) => json(&identities::delete_email_identity(ses, &name)?),
        Route::PutEmailIdentityMailFromAttributes(name) => {
            json(&mail_from::put_mail_from(ses, &name, body)?)
        }
        Route::GetReputationEntity(kind, name) => {
            json(&reputation::get_reputation_entity(ses, (&kind, &name))?)
        }
        Route::UpdateReputationEntityCustomerManagedStatus(kind, name) => json(
            &reputation::update_customer_managed_status(ses, (&kind, &name), body)?,
        ),
        Route::GetEmailIdentityPolicies(name) => {
            json(&policies::get_email_identity_policies(ses, &name)?)
        }
        Route::CreateEmailIdentityPolicy(name, policy) => json(
            &policies::create_email_identity_policy(ses, &name, &policy, body)?,
        ),
        Route::UpdateEmailIdentityPolicy(name, policy) => json(
            &policies::update_email_identity_policy(ses, &name, &policy, body)?,
        ),
        Route::DeleteEmailIdentityPolicy(name, policy) => json(
            &policies::delete_email_identity_policy(ses, &name, &policy)?,
        ),
        route => of_configuration_sets(ses, route, request),
    }
}

fn of_configuration_sets(
    ses: &Ses,
    route: Route,
    request: &ApiRequest<'_>,
) -> Result<Vec<u8>, SesException> {
    let (body, query) = (request.body, request.query);
    match route {
        Route::CreateConfigurationSet => json(&sets::create_configuration_set(ses, body)?),
        Route::ListConfigurationSets => json(&sets::list_configuration_sets(
            ses,
            &page_request(query, body)?,
        )?),
        Route::GetConfigurationSet(set) => json(&sets::get_configuration_set(ses, &set)?),
        Route::DeleteConfigurationSet(set) => json(&sets::delete_configuration_set(ses, &set)?),
        Route::PutConfigurationSetSendingOptions(set) => {
            json(&sets::put_sending_options(ses, &set, body)?)
        }
        Route::PutConfigurationSetSuppressionOptions(set) => {
            json(&sets::put_suppression_options(ses, &set, body)?)
        }
        Route::CreateConfigurationSetEventDestination(set) => {
            json(&destinations::create_event_destination(ses, &set, body)?)
        }
        Route::GetConfigurationSetEventDestinations(set) => {
            json(&destinations::get_event_destinations(ses, &set)?)
        }
        Route::UpdateConfigurationSetEventDestination(set, name) => json(
            &destinations::update_event_destination(ses, &set, &name, body)?,
        ),
        Route::DeleteConfigurationSetEventDestination(set, name) => {
            json(&destinations::delete_event_destination(ses, &set, &name)?)
        }
        route => of_templates(ses, route, request),
    }
}

fn of_templates(
    ses: &Ses,
    route: Route,
    request: &ApiRequest<'_>,
) -> Result<Vec<u8>, SesException> {
    let (body, query) = (request.body, request.query);
    match route {
        Route::CreateEmailTemplate => json(&templates::create_email_template(ses, body)?),
        Route::GetEmailTemplate(name) => json(&templates::get_email_template(ses, &name)?),
        Route::UpdateEmailTemplate(name) => {
            json(&templates::update_email_template(ses, &name, body)?)
        }
        Route::DeleteEmailTemplate(name) => json(&templates::delete_email_template(ses, &name)?),
        Route::ListEmailTemplates => json(&templates::list_email_templates(
            ses,
            &page_request(query, body)?,
        )?),
        Route::TestRenderEmailTemplate(name) => {
            json(&templates::test_render_email_template(ses, &name, body)?)
        }
        other => Err(SesException::NotImplemented(format!("{other:?}"))),
    }
}

/// Writes an answer.
///
/// # Errors
/// None occurs: texts, numbers and moments always have a JSON form.
fn json(answer: &impl Serialize) -> Result<Vec<u8>, SesException> {
    serde_json::to_vec(answer).map_err(|error| SesException::Serialization(error.to_string()))
}

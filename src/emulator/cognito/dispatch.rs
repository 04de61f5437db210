//! From an operation's name and body to its answer.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::Exception;
use super::service::Cognito;
use super::{
    access_token, admin_create_user, admin_passwords, admin_user, app_clients,
    authentication as auth, change_password, client_secrets, confirm_sign_up, domains,
    forgot_password, group_members, list_users, log_delivery, mfa_config, resend_confirmation_code,
    sign_up, tags, update_user_attributes, user_pool_groups, user_pools, verify_user_attribute,
};
use crate::emulator::validation::{self, Operation};

/// The body of a successful answer: JSON, or nothing where the model has no output shape.
pub(crate) type Answer = Vec<u8>;

/// The body of a request that nobody has read yet.
#[derive(Clone, Copy)]
struct Unread<'a> {
    operation: &'static Operation,
    body: &'a [u8],
}

/// Runs one operation.
///
/// # Errors
/// The operation's exception; `NotImplementedException` for one that is in the model and not here.
pub(crate) async fn call(
    cognito: &Arc<Cognito>,
    operation: &'static Operation,
    body: &[u8],
) -> Result<Answer, Exception> {
    let body = Unread { operation, body };
    let answer = run(cognito, body).await?;
    Ok(match (operation.has_output(), answer.is_empty()) {
        (false, _) => Answer::new(),
        (true, true) => b"{}".to_vec(),
        (true, false) => answer,
    })
}

async fn run(cognito: &Arc<Cognito>, body: Unread<'_>) -> Result<Answer, Exception> {
    match body.operation.name() {
        "AdminConfirmSignUp" => {
            answer(confirm_sign_up::admin_confirm_sign_up(cognito, typed(body)?).await?)
        }
        "AdminCreateUser" => {
            answer(admin_create_user::admin_create_user(cognito, typed(body)?).await?)
        }
        "AdminDeleteUser" => nothing(admin_user::admin_delete_user(cognito, &typed(body)?)),
        "AdminDeleteUserAttributes" => answer(
            update_user_attributes::admin_delete_user_attributes(cognito, &typed(body)?)?,
        ),
        "AdminDisableUser" => answer(admin_user::admin_disable_user(cognito, &typed(body)?)?),
        "AdminEnableUser" => answer(admin_user::admin_enable_user(cognito, &typed(body)?)?),
        "AdminGetUser" => answer(admin_user::admin_get_user(cognito, &typed(body)?)?),
        "AdminResetUserPassword" => {
            answer(admin_passwords::admin_reset_user_password(cognito, typed(body)?).await?)
        }
        "AdminSetUserPassword" => answer(admin_passwords::admin_set_user_password(
            cognito,
            &typed(body)?,
        )?),
        "AdminUpdateUserAttributes" => answer(
            update_user_attributes::admin_update_user_attributes(cognito, typed(body)?).await?,
        ),
        "ChangePassword" => answer(change_password::change_password(cognito, &typed(body)?)?),
        "ConfirmForgotPassword" => {
            answer(forgot_password::confirm_forgot_password(cognito, typed(body)?).await?)
        }
        "ConfirmSignUp" => answer(confirm_sign_up::confirm_sign_up(cognito, typed(body)?).await?),
        "DeleteUser" => nothing(access_token::delete_user(cognito, &typed(body)?)),
        "DeleteUserAttributes" => answer(update_user_attributes::delete_user_attributes(
            cognito,
            &typed(body)?,
        )?),
        "ForgotPassword" => answer(forgot_password::forgot_password(cognito, typed(body)?).await?),
        "GetUser" => answer(access_token::get_user(cognito, &typed(body)?)?),
        "GetUserAttributeVerificationCode" => {
            answer(verify_user_attribute::verification_code(cognito, typed(body)?).await?)
        }
        "ListUsers" => answer(list_users::list_users(cognito, &typed(body)?)?),
        "ResendConfirmationCode" => {
            answer(resend_confirmation_code::resend_confirmation_code(cognito, typed(body)?).await?)
        }
        "SignUp" => answer(sign_up::sign_up(cognito, typed(body)?).await?),
        "UpdateUserAttributes" => {
            answer(update_user_attributes::update_user_attributes(cognito, typed(body)?).await?)
        }
        "VerifyUserAttribute" => answer(verify_user_attribute::verify_user_attribute(
            cognito,
            &typed(body)?,
        )?),
        _ => of_authentication(cognito, body).await,
    }
}

/// The operations of the sign-in.
async fn of_authentication(cognito: &Arc<Cognito>, body: Unread<'_>) -> Result<Answer, Exception> {
    match body.operation.name() {
        "AdminInitiateAuth" => answer(auth::admin_initiate_auth(cognito, typed(body)?).await?),
        "AdminRespondToAuthChallenge" => {
            answer(auth::admin_respond_to_auth_challenge(cognito, typed(body)?).await?)
        }
        "AdminSetUserMFAPreference" => {
            answer(auth::admin_set_user_mfa_preference(cognito, &typed(body)?)?)
        }
        "AdminUserGlobalSignOut" => {
            answer(auth::admin_user_global_sign_out(cognito, &typed(body)?)?)
        }
        "AssociateSoftwareToken" => answer(auth::associate_software_token(cognito, &typed(body)?)?),
        "GetTokensFromRefreshToken" => {
            answer(auth::get_tokens_from_refresh_token(cognito, typed(body)?).await?)
        }
        "GetUserAuthFactors" => answer(auth::get_user_auth_factors(cognito, &typed(body)?)?),
        "GlobalSignOut" => answer(auth::global_sign_out(cognito, &typed(body)?)?),
        "InitiateAuth" => answer(auth::initiate_auth(cognito, typed(body)?).await?),
        "RespondToAuthChallenge" => {
            answer(auth::respond_to_auth_challenge(cognito, typed(body)?).await?)
        }
        "RevokeToken" => answer(auth::revoke_token(cognito, &typed(body)?)?),
        "SetUserMFAPreference" => answer(auth::set_user_mfa_preference(cognito, &typed(body)?)?),
        "VerifySoftwareToken" => answer(auth::verify_software_token(cognito, &typed(body)?)?),
        _ => of_pools(cognito, body),
    }
}

/// The operations on whole pools.
fn of_pools(cognito: &Cognito, body: Unread<'_>) -> Result<Answer, Exception> {
    match body.operation.name() {
        "AddCustomAttributes" => nothing(user_pools::add_custom_attributes(cognito, &typed(body)?)),
        "CreateUserPool" => answer(user_pools::create_user_pool(cognito, typed(body)?)?),
        "CreateUserPoolDomain" => answer(domains::create_user_pool_domain(cognito, typed(body)?)?),
        "DeleteUserPool" => nothing(user_pools::delete_user_pool(cognito, &typed(body)?)),
        "DeleteUserPoolDomain" => nothing(domains::delete_user_pool_domain(cognito, &typed(body)?)),
        "DescribeUserPool" => answer(user_pools::describe_user_pool(cognito, &typed(body)?)?),
        "DescribeUserPoolDomain" => {
            answer(domains::describe_user_pool_domain(cognito, &typed(body)?))
        }
        "GetLogDeliveryConfiguration" => answer(log_delivery::get_log_delivery_configuration(
            cognito,
            &typed(body)?,
        )?),
        "GetUserPoolMfaConfig" => answer(mfa_config::get_user_pool_mfa_config(
            cognito,
            &typed(body)?,
        )?),
        "ListTagsForResource" => answer(tags::list_tags_for_resource(cognito, &typed(body)?)?),
        "ListUserPools" => answer(user_pools::list_user_pools(cognito, &typed(body)?)?),
        "SetLogDeliveryConfiguration" => answer(log_delivery::set_log_delivery_configuration(
            cognito,
            typed(body)?,
        )?),
        "SetUserPoolMfaConfig" => {
            answer(mfa_config::set_user_pool_mfa_config(cognito, typed(body)?)?)
        }
        "TagResource" => nothing(tags::tag_resource(cognito, typed(body)?)),
        "UntagResource" => nothing(tags::untag_resource(cognito, &typed(body)?)),
        "UpdateUserPool" => nothing(user_pools::update_user_pool(cognito, typed(body)?)),
        "UpdateUserPoolDomain" => answer(domains::update_user_pool_domain(cognito, typed(body)?)?),
        _ => of_clients_and_groups(cognito, body),
    }
}

/// The operations on the app clients and groups of a pool.
fn of_clients_and_groups(cognito: &Cognito, body: Unread<'_>) -> Result<Answer, Exception> {
    match body.operation.name() {
        "AddUserPoolClientSecret" => answer(client_secrets::add_user_pool_client_secret(
            cognito,
            typed(body)?,
        )?),
        "AdminAddUserToGroup" => nothing(group_members::admin_add_user_to_group(
            cognito,
            &typed(body)?,
        )),
        "AdminListGroupsForUser" => answer(group_members::admin_list_groups_for_user(
            cognito,
            &typed(body)?,
        )?),
        "AdminRemoveUserFromGroup" => nothing(group_members::admin_remove_user_from_group(
            cognito,
            &typed(body)?,
        )),
        "CreateGroup" => answer(user_pool_groups::create_group(cognito, typed(body)?)?),
        "CreateUserPoolClient" => {
            answer(app_clients::create_user_pool_client(cognito, typed(body)?)?)
        }
        "DeleteGroup" => nothing(user_pool_groups::delete_group(cognito, &typed(body)?)),
        "DeleteUserPoolClient" => {
            nothing(app_clients::delete_user_pool_client(cognito, &typed(body)?))
        }
        "DeleteUserPoolClientSecret" => nothing(client_secrets::delete_user_pool_client_secret(
            cognito,
            &typed(body)?,
        )),
        "DescribeUserPoolClient" => answer(app_clients::describe_user_pool_client(
            cognito,
            &typed(body)?,
        )?),
        "GetGroup" => answer(user_pool_groups::get_group(cognito, &typed(body)?)?),
        "ListGroups" => answer(user_pool_groups::list_groups(cognito, &typed(body)?)?),
        "ListUserPoolClientSecrets" => answer(client_secrets::list_user_pool_client_secrets(
            cognito,
            &typed(body)?,
        )?),
        "ListUserPoolClients" => {
            answer(app_clients::list_user_pool_clients(cognito, &typed(body)?)?)
        }
        "ListUsersInGroup" => answer(group_members::list_users_in_group(cognito, &typed(body)?)?),
        "UpdateGroup" => answer(user_pool_groups::update_group(cognito, typed(body)?)?),
        "UpdateUserPoolClient" => {
            answer(app_clients::update_user_pool_client(cognito, typed(body)?)?)
        }
        unimplemented => Err(Exception::not_implemented(format!(
            "The operation {unimplemented}"
        ))),
    }
}

/// The request as its operation's type, after it was checked against the service model
/// (COGNITO.md 1.5).
fn typed<T: DeserializeOwned>(request: Unread<'_>) -> Result<T, Exception> {
    validation::validate(request.operation, request.body)?;
    serde_json::from_slice(request.body)
        .map_err(|error| Exception::Serialization(error.to_string()))
}

fn answer(response: impl Serialize) -> Result<Answer, Exception> {
    serde_json::to_vec(&response)
        .map_err(|error| Exception::InternalError(format!("the answer has no JSON form: {error}")))
}

/// The answer of an operation without members: [`call`] makes `{}` of it where the model has an
/// output shape.
fn nothing(done: Result<(), Exception>) -> Result<Answer, Exception> {
    done.map(|()| Answer::new())
}

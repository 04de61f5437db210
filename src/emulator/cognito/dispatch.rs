//! From an operation's name and body to its answer.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::Exception;
use super::service::Cognito;
use super::{
    access_token, admin_create_user, admin_passwords, admin_user, app_clients, authentication,
    change_password, confirm_sign_up, forgot_password, list_users, resend_confirmation_code,
    sign_up, update_user_attributes, user_pools, verify_user_attribute,
};

/// The body of a successful answer: JSON, or nothing where the model has no output shape.
pub(crate) type Answer = Vec<u8>;

/// Runs one operation.
///
/// # Errors
/// The operation's exception; `NotImplementedException` for one that is in the model and not here.
pub(crate) async fn call(
    cognito: &Arc<Cognito>,
    operation: &str,
    body: Value,
) -> Result<Answer, Exception> {
    match operation {
        "AdminConfirmSignUp" => answer(confirm_sign_up::admin_confirm_sign_up(
            cognito,
            &typed(body)?,
        )?),
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
        "ConfirmSignUp" => answer(confirm_sign_up::confirm_sign_up(cognito, &typed(body)?)?),
        "CreateUserPool" => answer(user_pools::create_user_pool(cognito, typed(body)?)?),
        "CreateUserPoolClient" => {
            answer(app_clients::create_user_pool_client(cognito, typed(body)?)?)
        }
        "DeleteUser" => nothing(access_token::delete_user(cognito, &typed(body)?)),
        "DeleteUserAttributes" => answer(update_user_attributes::delete_user_attributes(
            cognito,
            &typed(body)?,
        )?),
        "DeleteUserPool" => nothing(user_pools::delete_user_pool(cognito, &typed(body)?)),
        "DescribeUserPool" => answer(user_pools::describe_user_pool(cognito, &typed(body)?)?),
        "DescribeUserPoolClient" => answer(app_clients::describe_user_pool_client(
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
        _ => call_authentication(cognito, operation, body).await,
    }
}

/// Runs an operation of the sign-in.
async fn call_authentication(
    cognito: &Arc<Cognito>,
    operation: &str,
    body: Value,
) -> Result<Answer, Exception> {
    use authentication as auth;
    match operation {
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
        unimplemented => Err(Exception::not_implemented(format!(
            "The operation {unimplemented}"
        ))),
    }
}

/// The request as its operation's type.
fn typed<T: DeserializeOwned>(body: Value) -> Result<T, Exception> {
    serde_json::from_value(body).map_err(|error| Exception::Serialization(error.to_string()))
}

fn answer(response: impl Serialize) -> Result<Answer, Exception> {
    serde_json::to_vec(&response)
        .map_err(|error| Exception::InternalError(format!("the answer has no JSON form: {error}")))
}

fn nothing(done: Result<(), Exception>) -> Result<Answer, Exception> {
    done.map(|()| Answer::new())
}

//! From an operation's name and body to its answer.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::Exception;
use super::service::Cognito;
use super::{
    access_token, admin_user, app_clients, confirm_sign_up, initiate_auth, list_users,
    resend_confirmation_code, sign_up, user_pools,
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
        "AdminConfirmSignUp" => {
            answer(confirm_sign_up::admin_confirm_sign_up(cognito, typed(body)?).await?)
        }
        "AdminDeleteUser" => nothing(admin_user::admin_delete_user(cognito, &typed(body)?)),
        "AdminGetUser" => answer(admin_user::admin_get_user(cognito, &typed(body)?)?),
        "ConfirmSignUp" => answer(confirm_sign_up::confirm_sign_up(cognito, typed(body)?).await?),
        "CreateUserPool" => answer(user_pools::create_user_pool(cognito, typed(body)?)?),
        "CreateUserPoolClient" => {
            answer(app_clients::create_user_pool_client(cognito, typed(body)?)?)
        }
        "DeleteUser" => nothing(access_token::delete_user(cognito, &typed(body)?)),
        "DeleteUserPool" => nothing(user_pools::delete_user_pool(cognito, &typed(body)?)),
        "DescribeUserPool" => answer(user_pools::describe_user_pool(cognito, &typed(body)?)?),
        "DescribeUserPoolClient" => answer(app_clients::describe_user_pool_client(
            cognito,
            &typed(body)?,
        )?),
        "GetUser" => answer(access_token::get_user(cognito, &typed(body)?)?),
        "InitiateAuth" => answer(initiate_auth::initiate_auth(cognito, typed(body)?).await?),
        "ListUsers" => answer(list_users::list_users(cognito, &typed(body)?)?),
        "ResendConfirmationCode" => {
            answer(resend_confirmation_code::resend_confirmation_code(cognito, typed(body)?).await?)
        }
        "SignUp" => answer(sign_up::sign_up(cognito, typed(body)?).await?),
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

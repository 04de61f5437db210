//! Calls about passwords: set by hand, reset, forgotten, changed, temporary.

use aws_sdk_cognitoidentityprovider as sdk;
use sdk::types::{AuthFlowType, AuthenticationResultType, ChallengeNameType};

use super::call::call;
use super::{AppClient, Called, Client, CognitoError, Tokens};
use crate::model::{ConfirmationCode, Secret, UserPoolId};

/// What a sign-in came to.
#[derive(Debug, Clone)]
pub enum SignIn {
    /// The user is in.
    Tokens(Tokens),
    /// The service asks for something else first.
    Challenge(Challenge),
}

/// What the service asks for before it lets a user in.
#[derive(Debug, Clone)]
pub struct Challenge {
    /// Its name, such as `NEW_PASSWORD_REQUIRED`.
    pub name: String,
    /// What the answer must carry.
    pub session: Secret<String>,
}

impl Client {
    /// Signs a user in with a password as far as that leads.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn begin_sign_in(
        &self,
        client: &AppClient,
        username: &str,
        password: &Secret<String>,
    ) -> Result<Called<SignIn>, CognitoError> {
        let mut request = self
            .sdk
            .initiate_auth()
            .client_id(client.id.as_str())
            .auth_flow(AuthFlowType::UserPasswordAuth)
            .auth_parameters("USERNAME", username)
            .auth_parameters("PASSWORD", password.expose());
        if let Some(hash) = client.hash(username) {
            request = request.auth_parameters("SECRET_HASH", hash);
        }
        let called = call("InitiateAuth", request.send()).await?;
        let (challenge, session) = (
            called.answer.challenge_name().cloned(),
            called.answer.session().map(str::to_owned),
        );
        Ok(called.map(|output| {
            let tokens = output.authentication_result().and_then(tokens);
            sign_in(tokens, challenge.as_ref(), session)
        }))
    }

    /// Answers `NEW_PASSWORD_REQUIRED` with the password that the user chose.
    ///
    /// The challenge names the user as it is stored; the name that signed in does as well
    /// (COGNITO.md 4.4).
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn choose_first_password(
        &self,
        client: &AppClient,
        username: &str,
        challenge: &Challenge,
        password: &Secret<String>,
    ) -> Result<Called<SignIn>, CognitoError> {
        let mut request = self
            .sdk
            .respond_to_auth_challenge()
            .client_id(client.id.as_str())
            .challenge_name(ChallengeNameType::NewPasswordRequired)
            .session(challenge.session.expose())
            .challenge_responses("USERNAME", username)
            .challenge_responses("NEW_PASSWORD", password.expose());
        if let Some(hash) = client.hash(username) {
            request = request.challenge_responses("SECRET_HASH", hash);
        }
        let called = call("RespondToAuthChallenge", request.send()).await?;
        let (challenge, session) = (
            called.answer.challenge_name().cloned(),
            called.answer.session().map(str::to_owned),
        );
        Ok(called.map(|output| {
            let tokens = output.authentication_result().and_then(tokens);
            sign_in(tokens, challenge.as_ref(), session)
        }))
    }

    /// Sets a user's password as an administrator: to last, or to be replaced at the next sign-in.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn admin_set_user_password(
        &self,
        pool: &UserPoolId,
        username: &str,
        password: &Secret<String>,
        permanent: bool,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .admin_set_user_password()
            .user_pool_id(pool.as_str())
            .username(username)
            .password(password.expose())
            .permanent(permanent);
        Ok(call("AdminSetUserPassword", request.send())
            .await?
            .map(drop))
    }

    /// Ends a user's password as an administrator; the code for a new one is sent.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn admin_reset_user_password(
        &self,
        pool: &UserPoolId,
        username: &str,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .admin_reset_user_password()
            .user_pool_id(pool.as_str())
            .username(username);
        Ok(call("AdminResetUserPassword", request.send())
            .await?
            .map(drop))
    }

    /// Sets a new password with the code that was sent for it.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn confirm_forgot_password(
        &self,
        client: &AppClient,
        username: &str,
        code: &ConfirmationCode,
        password: &Secret<String>,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .confirm_forgot_password()
            .client_id(client.id.as_str())
            .set_secret_hash(client.hash(username))
            .username(username)
            .confirmation_code(code.expose())
            .password(password.expose());
        Ok(call("ConfirmForgotPassword", request.send())
            .await?
            .map(drop))
    }

    /// Changes the password of the user to whom the access token belongs.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn change_password(
        &self,
        access: &Secret<String>,
        old: &Secret<String>,
        new: &Secret<String>,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .change_password()
            .access_token(access.expose())
            .previous_password(old.expose())
            .proposed_password(new.expose());
        Ok(call("ChangePassword", request.send()).await?.map(drop))
    }
}

fn sign_in(
    tokens: Option<Tokens>,
    challenge: Option<&ChallengeNameType>,
    session: Option<String>,
) -> SignIn {
    match tokens {
        Some(tokens) => SignIn::Tokens(tokens),
        None => SignIn::Challenge(Challenge {
            name: challenge.map_or_else(String::new, |name| name.as_str().to_owned()),
            session: Secret::new(session.unwrap_or_default()),
        }),
    }
}

fn tokens(result: &AuthenticationResultType) -> Option<Tokens> {
    let secret = |token: Option<&str>| token.map(|text| Secret::new(text.to_owned()));
    Some(Tokens {
        access: secret(result.access_token())?,
        id: secret(result.id_token())?,
        refresh: secret(result.refresh_token()),
    })
}

//! Calls that sign a user in, step by step, and out again.

use aws_sdk_cognitoidentityprovider as sdk;
use sdk::operation::initiate_auth::builders::InitiateAuthFluentBuilder;
use sdk::operation::respond_to_auth_challenge::builders::RespondToAuthChallengeFluentBuilder;
use sdk::types::{AuthFlowType, AuthenticationResultType, ChallengeNameType};

use super::{AppClient, Called, Client, CognitoError, Tokens};
use crate::model::{ConfirmationCode, Secret};

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
    /// Its name, such as `SOFTWARE_TOKEN_MFA`.
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
        let request = self
            .sdk
            .initiate_auth()
            .auth_flow(AuthFlowType::UserPasswordAuth)
            .auth_parameters("USERNAME", username)
            .auth_parameters("PASSWORD", password.expose());
        self.initiate(client, username, request).await
    }

    /// Answers a challenge that asks for a code, with the code.
    ///
    /// `username` is the name that signed in; the service takes it as well as the stored one
    /// (COGNITO.md 4.4).
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn answer_with_code(
        &self,
        client: &AppClient,
        username: &str,
        challenge: &Challenge,
        code: &ConfirmationCode,
    ) -> Result<Called<SignIn>, CognitoError> {
        let request = self
            .sdk
            .respond_to_auth_challenge()
            .challenge_name(ChallengeNameType::from(challenge.name.as_str()))
            .session(challenge.session.expose())
            .challenge_responses(format!("{}_CODE", challenge.name), code.expose());
        self.respond(client, username, request).await
    }

    /// Answers the challenge `MFA_SETUP`, once an authenticator app is set up.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn finish_mfa_setup(
        &self,
        client: &AppClient,
        username: &str,
        session: &Secret<String>,
    ) -> Result<Called<SignIn>, CognitoError> {
        let request = self
            .sdk
            .respond_to_auth_challenge()
            .challenge_name(ChallengeNameType::MfaSetup)
            .session(session.expose());
        self.respond(client, username, request).await
    }

    /// Gets new tokens for a refresh token. The hash of a client with a secret is made with the
    /// stored name of the user, so pass that (COGNITO.md 2.4).
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn renew_tokens(
        &self,
        client: &AppClient,
        stored_name: &str,
        refresh: &Secret<String>,
    ) -> Result<Called<SignIn>, CognitoError> {
        let request = self
            .sdk
            .initiate_auth()
            .auth_flow(AuthFlowType::RefreshTokenAuth)
            .auth_parameters("REFRESH_TOKEN", refresh.expose());
        self.initiate(client, stored_name, request).await
    }

    /// Revokes a refresh token, and with it the access tokens that it brought.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn revoke_token(
        &self,
        client: &AppClient,
        refresh: &Secret<String>,
    ) -> Result<Called<()>, CognitoError> {
        let secret = client.secret.as_ref().map(|secret| secret.expose().clone());
        let request = self
            .sdk
            .revoke_token()
            .client_id(client.id.as_str())
            .set_client_secret(secret)
            .token(refresh.expose());
        Ok(self
            .call("RevokeToken", || request.clone().send())
            .await?
            .map(drop))
    }

    /// Signs the user of an access token out everywhere.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn global_sign_out(
        &self,
        access: &Secret<String>,
    ) -> Result<Called<()>, CognitoError> {
        let request = self.sdk.global_sign_out().access_token(access.expose());
        Ok(self
            .call("GlobalSignOut", || request.clone().send())
            .await?
            .map(drop))
    }

    /// Begins an authentication, with what proves that the app client may; `name` is whose it is.
    async fn initiate(
        &self,
        client: &AppClient,
        name: &str,
        request: InitiateAuthFluentBuilder,
    ) -> Result<Called<SignIn>, CognitoError> {
        let mut request = request.client_id(client.id.as_str());
        if let Some(hash) = client.hash(name) {
            request = request.auth_parameters("SECRET_HASH", hash);
        }
        let called = self.call("InitiateAuth", || request.clone().send()).await?;
        Ok(called.map(|output| {
            sign_in(
                output.authentication_result(),
                output.challenge_name(),
                output.session(),
            )
        }))
    }

    /// Answers a challenge for a user, with what proves that the app client may.
    pub(super) async fn respond(
        &self,
        client: &AppClient,
        username: &str,
        request: RespondToAuthChallengeFluentBuilder,
    ) -> Result<Called<SignIn>, CognitoError> {
        let mut request = request
            .client_id(client.id.as_str())
            .challenge_responses("USERNAME", username);
        if let Some(hash) = client.hash(username) {
            request = request.challenge_responses("SECRET_HASH", hash);
        }
        let called = self
            .call("RespondToAuthChallenge", || request.clone().send())
            .await?;
        Ok(called.map(|output| {
            sign_in(
                output.authentication_result(),
                output.challenge_name(),
                output.session(),
            )
        }))
    }
}

/// What an answer to a sign-in, or to a challenge, comes to.
fn sign_in(
    result: Option<&AuthenticationResultType>,
    challenge: Option<&ChallengeNameType>,
    session: Option<&str>,
) -> SignIn {
    match result.and_then(tokens) {
        Some(tokens) => SignIn::Tokens(tokens),
        None => SignIn::Challenge(Challenge {
            name: challenge.map_or_else(String::new, |name| name.as_str().to_owned()),
            session: Secret::new(session.unwrap_or_default().to_owned()),
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

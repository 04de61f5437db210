//! Calls about passwords: set by hand, reset, forgotten, changed, temporary.

use aws_sdk_cognitoidentityprovider::types::ChallengeNameType;

use super::{AppClient, Called, Challenge, Client, CognitoError, SignIn};
use crate::model::{ConfirmationCode, Secret, UserPoolId};

impl Client {
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
        let request = self
            .sdk
            .respond_to_auth_challenge()
            .challenge_name(ChallengeNameType::NewPasswordRequired)
            .session(challenge.session.expose())
            .challenge_responses("NEW_PASSWORD", password.expose());
        self.respond(client, username, request).await
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
        Ok(self
            .call("AdminSetUserPassword", || request.clone().send())
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
        Ok(self
            .call("AdminResetUserPassword", || request.clone().send())
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
        Ok(self
            .call("ConfirmForgotPassword", || request.clone().send())
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
        Ok(self
            .call("ChangePassword", || request.clone().send())
            .await?
            .map(drop))
    }
}

//! A user pool on the emulator, set up and looked at through the AWS SDK for Rust.

use aws_sdk_cognitoidentityprovider::config::{Credentials, Region};
use aws_sdk_cognitoidentityprovider::types::{
    AttributeType, LambdaConfigType, PasswordPolicyType, UserPoolPolicyType, UserStatusType,
    VerifiedAttributeType,
};
use aws_sdk_cognitoidentityprovider::{Client, Config};

use crate::emulator::Emulator;

/// A pool that verifies addresses and whose policy accepts the passwords of the scripts.
pub(crate) struct Pool {
    pub(crate) id: String,
    pub(crate) client_id: String,
    /// Empty for an app client without one.
    pub(crate) client_secret: String,
    client: Client,
}

impl Pool {
    pub(crate) async fn create(emulator: &Emulator) -> Self {
        Self::create_with(emulator, LambdaConfigType::builder().build(), false).await
    }

    /// A pool with these triggers, whose app client has a secret or none.
    pub(crate) async fn create_with(
        emulator: &Emulator,
        triggers: LambdaConfigType,
        has_secret: bool,
    ) -> Self {
        let config = Config::builder()
            .endpoint_url(emulator.endpoint())
            .region(Region::new(emulator.region().to_owned()))
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        let client = Client::from_conf(config);
        let policy = PasswordPolicyType::builder()
            .minimum_length(8)
            .require_uppercase(false)
            .require_lowercase(false)
            .require_numbers(false)
            .require_symbols(false)
            .build();
        let pool = client
            .create_user_pool()
            .pool_name("clients")
            .policies(
                UserPoolPolicyType::builder()
                    .password_policy(policy)
                    .build(),
            )
            .auto_verified_attributes(VerifiedAttributeType::Email)
            .lambda_config(triggers)
            .send()
            .await
            .unwrap_or_else(|e| panic!("CreateUserPool: {e:?}"));
        let pool = pool
            .user_pool
            .unwrap_or_else(|| panic!("CreateUserPool gave no pool"));
        let id = pool
            .id
            .unwrap_or_else(|| panic!("CreateUserPool gave no id"));
        let created = client
            .create_user_pool_client()
            .user_pool_id(&id)
            .client_name("clients")
            .generate_secret(has_secret)
            .send()
            .await
            .unwrap_or_else(|e| panic!("CreateUserPoolClient: {e:?}"));
        let app = created
            .user_pool_client
            .unwrap_or_else(|| panic!("CreateUserPoolClient gave no app client"));
        Self {
            id,
            client_id: app.client_id.unwrap_or_default(),
            client_secret: app.client_secret.unwrap_or_default(),
            client,
        }
    }

    /// Signs `address` up and returns the account's `sub`.
    pub(crate) async fn sign_up(&self, address: &str) -> String {
        let email = AttributeType::builder()
            .name("email")
            .value(address)
            .build();
        let answer = self
            .client
            .sign_up()
            .client_id(&self.client_id)
            .username(address)
            .password("Another-strong-password1!")
            .user_attributes(email.unwrap_or_else(|e| panic!("{e}")))
            .send()
            .await
            .unwrap_or_else(|e| panic!("SignUp: {e:?}"));
        answer.user_sub
    }

    /// Confirms `address` with `code`; the name of the error when that is refused.
    pub(crate) async fn confirm(&self, address: &str, code: &str) -> Result<(), String> {
        let request = self.client.confirm_sign_up().client_id(&self.client_id);
        match request
            .username(address)
            .confirmation_code(code)
            .send()
            .await
        {
            Ok(_) => Ok(()),
            Err(error) => Err(error
                .as_service_error()
                .and_then(|error| error.meta().code())
                .unwrap_or_else(|| panic!("ConfirmSignUp: {error:?}"))
                .to_owned()),
        }
    }

    /// The `sub` of the account of `address`, and whether it is confirmed.
    pub(crate) async fn account(&self, address: &str) -> (String, bool) {
        let request = self
            .client
            .admin_get_user()
            .user_pool_id(&self.id)
            .username(address);
        let user = request
            .send()
            .await
            .unwrap_or_else(|e| panic!("AdminGetUser: {e:?}"));
        let sub = user
            .user_attributes()
            .iter()
            .find(|attribute| attribute.name() == "sub");
        let sub = sub
            .and_then(|attribute| attribute.value())
            .unwrap_or_default();
        (
            sub.to_owned(),
            user.user_status() == Some(&UserStatusType::Confirmed),
        )
    }
}

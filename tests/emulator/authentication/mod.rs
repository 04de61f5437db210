//! Flows, challenges, second factors and tokens (COGNITO.md 3.10, 4 and 10).

mod custom_auth;
mod first_sign_in;
mod mfa;
mod new_password;
mod one_time_code;
mod password;
mod refresh;
mod requests;
mod software_token;
mod srp;
mod srp_client;
mod tokens;
mod user_auth;

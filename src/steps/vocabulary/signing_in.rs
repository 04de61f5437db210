//! Steps about signing in: passwords, second factors, tokens.

use super::super::{HasSession, second_factor, sign_in, tokens};
use super::reach::Reach;
use super::table::{Definition, step};

#[rustfmt::skip]
pub(super) fn signing_in<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(When "{user} signs in" => sign_in::signs_in,
            "Ada signs in",
            "Signs in with the password as far as that leads; a refusal fails the scenario."),
        step!(When "{user} tries to sign in without the client secret" => sign_in::tries_without_secret,
            "Ada tries to sign in without the client secret",
            "Signs in without a secret hash where a refusal is expected."),
        step!(When "{user} tries to sign in with a wrong client secret" => sign_in::tries_with_wrong_secret,
            "Ada tries to sign in with a wrong client secret",
            "Signs in with a secret hash that was made with another secret, where a refusal is expected."),
        step!(Then "{user} is signed in" => sign_in::is_signed_in,
            "Ada is signed in",
            "The latest sign-in brought tokens, and the access token is the person's."),
    ]
}

/// Steps about second factors.
#[rustfmt::skip]
pub(super) fn second_factors<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(Given "the pool takes second factors" => second_factor::optional,
            "the pool takes second factors",
            "Users may set up an authenticator app or codes by text message.",
            reach: Some(Reach::Checked)),
        step!(Given "the pool demands a second factor" => second_factor::required,
            "the pool demands a second factor",
            "Nobody signs in without one of them.",
            reach: Some(Reach::Checked)),
        step!(When "{user} sets up an authenticator app" => second_factor::sets_up_app,
            "Ada sets up an authenticator app",
            "Takes the secret, proves it by a code, and prefers the app from now on; the person has to be signed in."),
        step!(When "{user} sets up an authenticator app to sign in" => second_factor::sets_up_app_to_sign_in,
            "Ada sets up an authenticator app to sign in",
            "Does what a pool that demands a second factor asks for before it lets in whoever has none."),
        step!(When "{user} chooses codes by text message" => second_factor::wants_messages,
            "Ada chooses codes by text message",
            "Prefers text messages from now on; the person has to be signed in and have a phone number."),
        step!(Then "{user} is asked for a code of the authenticator app" => second_factor::asked_for_app,
            "Ada is asked for a code of the authenticator app",
            "The latest sign-in led to the challenge SOFTWARE_TOKEN_MFA."),
        step!(Then "{user} is asked for a code by text message" => second_factor::asked_for_message,
            "Ada is asked for a code by text message",
            "The latest sign-in led to the challenge SMS_MFA."),
        step!(Then "{user} is asked to set up a second factor" => second_factor::asked_to_set_up,
            "Ada is asked to set up a second factor",
            "The latest sign-in led to the challenge MFA_SETUP."),
        step!(When "{user} answers with the code of the authenticator app" => second_factor::answers_by_app,
            "Ada answers with the code of the authenticator app",
            "Goes on with the sign-in; a refusal fails the scenario."),
        step!(When "{user} answers with the code of the latest text message" => second_factor::answers_by_message,
            "Ada answers with the code of the latest text message",
            "Goes on with the sign-in; a refusal fails the scenario. The message is read on the embedded target only.",
            reach: Some(Reach::Emulator)),
        step!(When "{user} tries to answer with a wrong code" => second_factor::tries_wrong_code,
            "Ada tries to answer with a wrong code",
            "Goes on with the sign-in where a refusal is expected."),
        step!(Then "the id token names {user}" => tokens::id_token_names,
            "the id token names Ada",
            "Its claims sub and email are the person's."),
        step!(Then "the id token of {user} has {text} as {value}" => tokens::id_token_has,
            "the id token of Ada has \"true\" as \"email_verified\"",
            "The claim has this value."),
        step!(Then "the access token of {user} has {text} as {value}" => tokens::access_token_has,
            "the access token of Ada has \"access\" as \"token_use\"",
            "The claim has this value."),
        step!(When "{user} renews the tokens" => tokens::renews,
            "Ada renews the tokens",
            "Gets another access token for the refresh token; a refusal fails the scenario."),
        step!(When "{user} tries to renew the tokens" => tokens::tries_to_renew,
            "Ada tries to renew the tokens",
            "Gives the refresh token where a refusal is expected."),
        step!(When "{user} revokes the refresh token" => tokens::revokes,
            "Ada revokes the refresh token",
            "Ends it, and the access tokens that it brought."),
        step!(When "{user} signs out everywhere" => tokens::signs_out,
            "Ada signs out everywhere",
            "Ends all the person's tokens."),
        step!(When "{user} tries to use the access token" => tokens::tries_access_token,
            "Ada tries to use the access token",
            "Asks for the person's attributes with it, where a refusal is expected."),
    ]
}

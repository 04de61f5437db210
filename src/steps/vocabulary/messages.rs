//! Steps about functions behind triggers, and about what messages say.

use super::super::{
    HasSession, function_calls, function_rules, functions, links, mail_checks, mails, settings,
    state, unusual_sign_ups, user_attributes,
};
use super::table::{Definition, Receives, step};
use super::topic::Topic;

#[rustfmt::skip]
pub(super) fn messages<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(Given "the pool has a function that confirms new users and verifies what they give" => function_rules::confirms_everybody,
            "the pool has a function that confirms new users and verifies what they give",
            "A PreSignUp function sets autoConfirmUser, and autoVerifyEmail and autoVerifyPhone for what the sign-up carries."),
        step!(Given "the pool has a {trigger} function that fails with {text} for addresses at {domain}" => function_rules::fails_at_domain,
            "the pool has a PreSignUp function that fails with \"no competitors\" for addresses at \"rival.example\"",
            "Adds to what the function does: for users with such an address it ends with an error."),
        step!(Given "the pool has a {trigger} function that fails with {text} unless the address is at {domain}" => function_rules::fails_elsewhere,
            "the pool has a PreSignUp function that fails with \"partners only\" unless the address is at \"partner.example\"",
            "Adds to what the function does: for users without such an address it ends with an error."),
        step!(Given "the pool has a {trigger} function that fails with {text} if {attribute} is {value}" => function_rules::fails_if,
            "the pool has a PreSignUp function that fails with \"taken, try ada-7\" if \"nickname\" is \"ada\"",
            "Adds to what the function does: for users with this attribute it ends with an error."),
        step!(Given "the pool has a {trigger} function that sets {text} to {value} for addresses at {domain}" => function_rules::sets_at_domain,
            "the pool has a CustomMessage function that sets \"emailMessage\" to \"Dear partner, {####}\" for addresses at \"partner.example\"",
            "Adds to what the function does: for users with such an address it sets a member of its response."),
        step!(Given "the {trigger} function also sets {text} to {value}" => function_rules::also_sets,
            "the CustomMessage function also sets \"emailSubject\" to \"Welcome\"",
            "Adds a member of its response; {request.userAttributes.name} in it stands for what the user gave."),
        step!(Given "the pool has a {trigger} function from the file {text}" => function_rules::from_file,
            "the pool has a PreSignUp function from the file \"functions/pre_sign_up.toml\"",
            "A program of yours, with Command, Directory and Handler as in the control interface; on the embedded target only."),
        step!(Given "the pool has a {trigger} function that mails {text} to the user" => functions::mails,
            "the pool has a PostConfirmation function that mails \"Welcome!\" to the user",
            "The function sends the user a mail of its own through SES, from no-reply@shop.test."),
        step!(Then "{user} receives a mail that says {text} within {seconds}" => mails::receives_saying,
            "Ada receives a mail that says \"Welcome!\" within 60 seconds",
            "The next mail has this text in it; it need not carry a code.",
            receives: Receives::One),
        step!(Then "the {trigger} function was called {count} times?" => function_calls::called_times,
            "the PostConfirmation function was called 1 time",
            "Cognito has called the function so often, repetitions included."),
        step!(Then "the {trigger} function was never called" => function_calls::never_called,
            "the PostConfirmation function was never called",
            "Cognito has not called the function."),
        step!(Then "the {trigger} function received {text} as {value}" => function_calls::received,
            "the PreSignUp function received \"PreSignUp_SignUp\" as \"triggerSource\"",
            "The latest event has this text at this path, such as \"request.userAttributes.email\"."),
        step!(Then "the {trigger} function received the e-mail address of {user}" => function_calls::received_address,
            "the PostConfirmation function received the e-mail address of Ada",
            "The latest event is about a user with this address."),
        step!(When "{user} now gives {value} as {text}" => user_attributes::gives,
            "Ada now gives \"ada-7\" as \"nickname\"",
            "The sign-ups from now on carry this value.",
            topic: Some(Topic::Users)),
        step!(When "{user} tries to sign up(?: again)? without the client secret" => unusual_sign_ups::tries_without_secret,
            "Ada tries to sign up without the client secret",
            "Signs up without a secret hash, where a refusal is expected."),
        step!(Given "the pool's mails say {text}" => settings::mails_say,
            "the pool's mails say \"Hello {username}, your code is {####}\"",
            "The pool's own text for verification mails; {####} stands for the code, {##Verify##} for a link.",
            topic: Some(Topic::Messages)),
        step!(Given "the pool's mails have the subject {text}" => settings::mails_have_subject,
            "the pool's mails have the subject \"Welcome to our shop\"",
            "The pool's own subject for verification mails.",
            topic: Some(Topic::Messages)),
    ]
}

/// Steps about what a mail says and links to.
#[rustfmt::skip]
pub(super) fn mail_texts<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(Then "{user} receives a mail with a confirmation link within {seconds}" => mails::receives_link,
            "Ada receives a mail with a confirmation link within 60 seconds",
            "A mail arrives that was caused by the latest request, with a link in it that confirms.",
            receives: Receives::One),
        step!(When "{user} opens the link of the latest mail" => links::opens,
            "Ada opens the link of the latest mail",
            "Asks for the page behind it as a browser does; a refusal fails the scenario."),
        step!(Then "the link of {user} no longer works" => links::opens_no_more,
            "the link of Ada no longer works",
            "The page behind the link of the latest mail refuses."),
        step!(Then "the mail says {text}" => mail_checks::says,
            "the mail says \"Hello Ada\"",
            "The text of the mail that was received last has this in it, as a person reads it."),
        step!(Then "the mail does not say {text}" => mail_checks::does_not_say,
            "the mail does not say \"{username}\"",
            "The text of the mail that was received last does not have this in it."),
        step!(Then "the phone number of {user} is verified" => state::phone_is_verified,
            "the phone number of Ada is verified",
            "The attribute phone_number_verified is true."),
    ]
}

//! Steps that do something.

use super::super::HasSession;
use super::super::{codes, confirm, delete, invitations, rounds, sign_up};
use super::reach::Reach;
use super::table::{Definition, Receives, step};
use super::topic::Topic;

pub(super) fn when<W: HasSession>() -> Vec<Definition<W>> {
    let mut all = requests();
    all.extend(after_the_request());
    all
}

#[rustfmt::skip]
fn requests<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(When "{user} signs up(?: again)?" => sign_up::signs_up,
            "Ada signs up",
            "Signs up with the address as username; a refusal fails the scenario.",
            signs_up: true),
        step!(When "{user} signs up again after {seconds}" => sign_up::signs_up_after,
            "Ada signs up again after 2 seconds",
            "Waits so long, then signs up; a refusal fails the scenario.",
            signs_up: true),
        step!(When "{user} signs up again through the second app client" => sign_up::through_second_client,
            "Ada signs up again through the second app client",
            "Signs up through the other app client, which is used from now on.",
            signs_up: true, reach: Some(Reach::OwnPool)),
        step!(When "{user} signs up again with the address in capitals" => sign_up::in_capitals,
            "Ada signs up again with the address in capitals",
            "Signs up with the address in capitals, which is used from now on.",
            signs_up: true),
        step!(When "{user} tries to sign up(?: again)?" => sign_up::tries,
            "Ada tries to sign up again",
            "Signs up where a refusal is expected; say which one in the next line."),
        step!(When "{user} tries to sign up again with the address in capitals" => sign_up::tries_in_capitals,
            "Ada tries to sign up again with the address in capitals",
            "Signs up with the address in capitals where a refusal is expected."),
        step!(When "{user} asks for another code" => codes::asks_for_another,
            "Ada asks for another code",
            "Has the verification mail sent again; a refusal fails the scenario."),
        step!(When "{user} asks for {count} more codes" => codes::asks_for_more,
            "Ada asks for 5 more codes",
            "Has the verification mail sent again so many times; a refusal fails the scenario."),
        step!(When "{user} tries to ask for another code" => codes::tries_another,
            "Ada tries to ask for another code",
            "Has the verification mail sent again where a refusal is expected."),
        step!(When "{user} tries to ask for another code with the address in capitals" => codes::tries_another_in_capitals,
            "Ada tries to ask for another code with the address in capitals",
            "Has the mail sent again for the address in capitals where a refusal is expected."),
        step!(When "{user} asks for a new password" => codes::forgets_password,
            "Ada asks for a new password",
            "Says that the password is forgotten, so that a code is sent; a refusal fails the scenario.",
            topic: Some(Topic::Passwords)),
        step!(When "{user} tries to ask for a new password" => codes::tries_forgotten,
            "Ada tries to ask for a new password",
            "Says that the password is forgotten where a refusal is expected.",
            topic: Some(Topic::Passwords)),
        step!(When "{user} changes the e-mail address to that of {other}" => codes::changes_address,
            "Ada changes the e-mail address to that of Grace",
            "Signs in and gives another address, at which nobody is signed up.",
            topic: Some(Topic::Attributes)),
    ]
}

#[rustfmt::skip]
fn after_the_request<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(When "{user} confirms with the code of the latest mail" => confirm::with_latest,
            "Ada confirms with the code of the latest mail",
            "Confirms the sign-up; a refusal fails the scenario."),
        step!(When "{user} tries the code of the first mail" => confirm::tries_first,
            "Ada tries the code of the first mail",
            "Confirms with the first code where a refusal is expected."),
        step!(When "{user} tries the code of the latest mail" => confirm::tries_latest,
            "Ada tries the code of the latest mail",
            "Confirms where a refusal is expected."),
        step!(When "{user} tries a wrong code" => confirm::tries_wrong,
            "Ada tries a wrong code",
            "Confirms with a code that was never sent, where a refusal is expected."),
        step!(When "{user} tries the code of {other}" => confirm::tries_code_of,
            "Ada tries the code of Grace",
            "Confirms with another person's latest code, where a refusal is expected."),
        step!(When "an administrator confirms {user}" => confirm::by_administrator,
            "an administrator confirms Ada",
            "Confirms the user without a code."),
        step!(When "an administrator invites {user}" => invitations::by_mail,
            "an administrator invites Ada",
            "Creates the user with a temporary password, which is sent by mail."),
        step!(When "an administrator creates {user} without naming a medium" => invitations::by_no_medium,
            "an administrator creates Ada without naming a medium",
            "Creates the user without DesiredDeliveryMediums: Cognito then takes SMS."),
        step!(When "an administrator creates {user} without an invitation" => invitations::by_nothing,
            "an administrator creates Ada without an invitation",
            "Creates the user with MessageAction SUPPRESS: no mail is sent."),
        step!(When "an administrator deletes {user}" => delete::by_administrator,
            "an administrator deletes Ada",
            "Deletes the user, if this run created it."),
        step!(When "{user} signs in and deletes the account" => delete::by_the_user,
            "Ada signs in and deletes the account",
            "Signs in with the password and deletes the user with the access token."),
        step!(When "{user} goes through {count} rounds of sign-up, mail, confirmation and deletion" => rounds::rounds,
            "Ada goes through 5 rounds of sign-up, mail, confirmation and deletion",
            "Each round demands a mail that differs from all before.",
            receives: Receives::Count),
    ]
}

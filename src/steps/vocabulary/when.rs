//! Steps that do something.

use super::super::HasSession;
use super::super::{confirm, delete, rounds, sign_up};
use super::table::{Definition, Receives, step};

#[rustfmt::skip]
pub(super) fn when<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(When "{user} signs up(?: again)?" => sign_up::signs_up,
            "Ada signs up again",
            "Signs up with the address as username; a refusal fails the scenario."),
        step!(When "{user} signs up again after {seconds}" => sign_up::signs_up_after,
            "Ada signs up again after 2 seconds",
            "The same after a pause."),
        step!(When "{user} signs up again through the second app client" => sign_up::through_second_client,
            "Ada signs up again through the second app client",
            "The same through the other app client, which is used from now on."),
        step!(When "{user} signs up again with the address in capitals" => sign_up::in_capitals,
            "Ada signs up again with the address in capitals",
            "The same with the address in capitals, which is used from now on."),
        step!(When "{user} tries to sign up(?: again)?" => sign_up::tries,
            "Ada tries to sign up again",
            "Signs up where a refusal is expected; say which one in the next line."),
        step!(When "{user} tries to sign up again with the address in capitals" => sign_up::tries_in_capitals,
            "Ada tries to sign up again with the address in capitals",
            "The same with the address in capitals."),
        step!(When "{user} asks for another code" => sign_up::asks_for_another_code,
            "Ada asks for another code",
            "Has the verification mail sent again; a refusal fails the scenario."),
        step!(When "{user} confirms with the code of the latest mail" => confirm::with_latest,
            "Ada confirms with the code of the latest mail",
            "Confirms the sign-up; a refusal fails the scenario."),
        step!(When "{user} tries the code of the first mail" => confirm::tries_first,
            "Ada tries the code of the first mail",
            "Confirms with the first code where a refusal is expected."),
        step!(When "{user} tries a wrong code" => confirm::tries_wrong,
            "Ada tries a wrong code",
            "Confirms with a code that was never sent, where a refusal is expected."),
        step!(When "{user} tries the code of {other}" => confirm::tries_code_of,
            "Ada tries the code of Grace",
            "Confirms with another person's latest code, where a refusal is expected."),
        step!(When "an administrator confirms {user}" => confirm::by_administrator,
            "an administrator confirms Ada",
            "Confirms the user without a code."),
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

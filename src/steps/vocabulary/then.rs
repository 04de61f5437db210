//! Steps that demand something.

use super::super::HasSession;
use super::super::{mail_checks, mails, state, why};
use super::table::{Definition, Receives, step};
use super::topic::Topic;

pub(super) fn then<W: HasSession>() -> Vec<Definition<W>> {
    let mut all = demands();
    all.extend(reasons());
    all
}

#[rustfmt::skip]
fn demands<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(Then "the service names the masked address of {user} as the destination" => state::destination_is_masked,
            "the service names the masked address of Ada as the destination",
            "The answer to the sign-up says EMAIL and an address such as a***@e***."),
        step!(Then "{user} receives a verification mail within {seconds}" => mails::receives,
            "Ada receives a verification mail within 60 seconds",
            "A mail arrives that was caused by the latest request, with a code in it.",
            receives: Receives::One),
        step!(Then "{user} receives another, different verification mail within {seconds}" => mails::receives_another,
            "Ada receives another, different verification mail within 60 seconds",
            "A mail of the latest request arrives whose message id and code differ from those of all mails before.",
            receives: Receives::One),
        step!(Then "{user} receives no mail within {seconds}" => mails::receives_none,
            "Ada receives no mail within 2 seconds",
            "No mail arrives that could be caused by the latest request, in this time or the target's `silence` if that is longer."),
        step!(Then "{user} receives a mail without a readable code within {seconds}" => mails::receives_unreadable,
            "Ada receives a mail without a readable code within 10 seconds",
            "A mail of the latest request arrives from which the checker reads no code.",
            receives: Receives::One),
        step!(Then "all mails to {user} have different message ids and codes" => mails::all_differ,
            "all mails to Ada have different message ids and codes",
            "No two mails of the scenario are the same, and there are two at least."),
        step!(Then "the mail arrived within {seconds} of the request" => mail_checks::arrived_within,
            "the mail arrived within 10 seconds of the request",
            "The mail that was received last took no longer than that."),
        step!(Then "the mail follows the pool's template" => mail_checks::follows_template,
            "the mail follows the pool's template",
            "The text is the pool's template, or Cognito's if it has none, with a code or link put in."),
        step!(Then "the mail is sent by {address}" => mail_checks::is_sent_by,
            "the mail is sent by \"no-reply@example.com\"",
            "The address stands in the header From."),
        step!(Then "the mail's subject is {text}" => mail_checks::subject_is,
            "the mail's subject is \"Your verification code\"",
            "The decoded subject is this text."),
        step!(Then "the mail's subject contains {text}" => mail_checks::subject_contains,
            "the mail's subject contains \"verification\"",
            "The decoded subject has this text in it."),
        step!(Then "the mail passes {method}" => mail_checks::passes,
            "the mail passes DMARC",
            "The receiving host found SPF, DKIM or DMARC to pass; broken where nobody checked."),
        step!(Then "the mail is not marked as spam" => mail_checks::is_no_spam,
            "the mail is not marked as spam",
            "A filter of the receiving host says so; broken where no filter said anything."),
        step!(Then "the request is refused with {exception}" => state::refused_with,
            "the request is refused with CodeMismatchException",
            "The latest request that was tried was refused with this exception."),
        step!(Then "{user} is {status}" => state::has_status,
            "Ada is CONFIRMED",
            "The user has this status, as an administrator sees it."),
        step!(Then "the e-mail address of {user} is verified" => state::address_is_verified,
            "the e-mail address of Ada is verified",
            "The attribute email_verified is true."),
        step!(Then "the e-mail address of {user} is not verified" => state::address_is_not_verified,
            "the e-mail address of Ada is not verified",
            "The attribute email_verified is not true."),
        step!(Then "the pool has no user {user}" => state::does_not_exist,
            "the pool has no user Ada",
            "An administrator who looks for the user finds none."),
        step!(Then "{user} can sign in" => state::can_sign_in,
            "Ada can sign in",
            "The password brings tokens.",
            topic: Some(Topic::SignIn)),
        step!(Then "the accounts of {user} have different identifiers" => state::accounts_differ,
            "the accounts of Ada have different identifiers",
            "Each sign-up of the scenario brought another sub, and there are two at least."),
    ]
}

#[rustfmt::skip]
fn reasons<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(Then "the diagnosis is certain of {cause}" => why::certain_of,
            "the diagnosis is certain of auto-verify-off",
            "Of the latest mail that did not come as expected: this cause is proven, and no other."),
        step!(Then "the diagnosis is certain of {cause}, and then of {later}" => why::certain_of_both,
            "the diagnosis is certain of default-mail-daily-quota, and then of username-exists-unconfirmed-leftover",
            "Of the latest mail that did not come as expected: one cause brought about another, both are proven, in this order, and no third."),
        step!(Then "the diagnosis calls {cause} likely" => why::calls_likely,
            "the diagnosis calls gateway-quarantine likely",
            "No cause is proven, and this one comes first."),
        step!(Then "the diagnosis only suspects {cause}" => why::only_suspects,
            "the diagnosis only suspects delete-not-yet-consistent",
            "No cause is proven or likely, and this one is possible."),
        step!(Then "the diagnosis finds nothing wrong with the mail of {user}" => why::nothing_wrong,
            "the diagnosis finds nothing wrong with the mail of Ada",
            "Asked about the latest mail, which came, it calls no cause proven or likely."),
        step!(Then "the diagnosis also notes {cause}" => why::notes,
            "the diagnosis also notes evidence-not-configured",
            "Beside its headline the verdict mentions this, as certain or likely."),
    ]
}

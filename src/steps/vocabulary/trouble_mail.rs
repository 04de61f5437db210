//! Steps that lose, refuse or delay a mail after Cognito has agreed to send it, the way it happens on
//! AWS: by settings of SES, at the receiving server, or as a fault of the way.

use super::super::{HasSession, complaint, functions, mail_faults, mails, own_ses, settings};
use super::table::{Definition, step};
use super::topic::Topic;

pub(super) fn trouble_mail<W: HasSession>() -> Vec<Definition<W>> {
    let all = [handover(), account(), sender(), address(), receiving()];
    all.into_iter().flatten().collect()
}

#[rustfmt::skip]
fn handover<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(Given "Cognito lets {count} mails? an hour through to one address" => mail_faults::throttled,
            "Cognito lets 1 mail an hour through to one address",
            "Further mails of the pool to the same address are dropped, and only its log of delivery errors tells."),
        step!(Given "the pool has a {trigger} function that does nothing" => functions::does_nothing,
            "the pool has a CustomEmailSender function that does nothing",
            "The pool calls a function at this moment that returns its event unchanged."),
        step!(When "the pool gets a {trigger} function that does nothing" => functions::does_nothing,
            "the pool gets a CustomEmailSender function that does nothing",
            "From now on a function returns the event as it is."),
        step!(When "the pool's mails are changed to say {text}" => settings::mails_say,
            "the pool's mails are changed to say \"Your code is {####}\"",
            "The text of verification mails from now on, with its placeholder.",
            topic: Some(Topic::Messages)),
        step!(When "the answers to the pool's mails are to go to {text}" => settings::answers_go_to,
            "the answers to the pool's mails are to go to \"help@shop.test\"",
            "The reply-to address of its mails from now on.",
            topic: Some(Topic::Messages)),
        step!(When "mail to {user} gets lost" => mail_faults::lost,
            "mail to Ada gets lost",
            "From now on the pool's mails to this address never leave, and nobody is told."),
        step!(When "mail to {user} is held up for {seconds}" => mail_faults::delayed,
            "mail to Ada is held up for 60 seconds",
            "From now on the pool's mails to this address leave so much later."),
    ]
}

#[rustfmt::skip]
fn account<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(Given "the pool mails through the account's own SES" => own_ses::mails_through_it,
            "the pool mails through the account's own SES",
            "The sender is a verified address, and the mails have a configuration set that publishes its events."),
        step!(When "the pool is changed to mail through the account's own SES" => own_ses::mails_through_it,
            "the pool is changed to mail through the account's own SES",
            "From now on it mails with a verified sender of the account, in place of Cognito's own."),
        step!(When "the SES account goes back into the sandbox" => own_ses::in_sandbox,
            "the SES account goes back into the sandbox",
            "From now on SES mails to verified addresses only."),
        step!(Given "the SES account is in the sandbox" => own_ses::in_sandbox,
            "the SES account is in the sandbox",
            "SES mails to verified addresses only."),
        step!(Given "SES lets the account send {count} mails? a second" => own_ses::mails_a_second,
            "SES lets the account send 1 mail a second",
            "What is sent beyond that is refused."),
        step!(When "SES lets the account send {count} mails? a day" => own_ses::mails_a_day,
            "SES lets the account send 1 mail a day",
            "What is sent beyond that in 24 hours is refused; what was sent before counts."),
        step!(When "the SES account is paused" => own_ses::paused,
            "the SES account is paused",
            "Somebody switched sending off for the account."),
        step!(When "SES shuts the account down" => own_ses::shut_down,
            "SES shuts the account down",
            "AWS stopped the account because of its bounces or complaints."),
        step!(When "the configuration set is paused" => own_ses::set_paused,
            "the configuration set is paused",
            "SES refuses mails that have the pool's configuration set."),
        step!(When "the configuration set is deleted" => own_ses::set_deleted,
            "the configuration set is deleted",
            "The pool still names it."),
    ]
}

#[rustfmt::skip]
fn sender<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(Given "Cognito mails for the pool from an address of the account" => own_ses::mails_by_default_sender,
            "Cognito mails for the pool from an address of the account",
            "COGNITO_DEFAULT with a SourceArn: the identity's policy lets Cognito use it."),
        step!(Given "the pool's sender refuses mail without an MX record of its MAIL FROM domain" => own_ses::mail_from,
            "the pool's sender refuses mail without an MX record of its MAIL FROM domain",
            "It has a MAIL FROM domain with REJECT_MESSAGE, and the record is there."),
        step!(When "the MAIL FROM domain of the pool's sender loses its MX record" => own_ses::mx_lost,
            "the MAIL FROM domain of the pool's sender loses its MX record",
            "SES looks for it and finds nothing."),
        step!(When "the pool's sender is no longer verified" => own_ses::sender_fails,
            "the pool's sender is no longer verified",
            "SES looked for the proof again, as for the DNS records of a domain, and found none."),
        step!(When "the pool's sender is deleted from SES" => own_ses::sender_deleted,
            "the pool's sender is deleted from SES",
            "The pool still names the identity."),
        step!(When "the pool's sender is disabled in SES" => own_ses::sender_disabled,
            "the pool's sender is disabled in SES",
            "Mail from this identity is stopped while the account goes on sending."),
        step!(When "the pool's sender no longer lets Cognito use it" => own_ses::policy_removed,
            "the pool's sender no longer lets Cognito use it",
            "The policy of the identity that named Cognito is removed."),
    ]
}

#[rustfmt::skip]
fn address<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(When "{user} is put on the account's suppression list" => own_ses::suppressed,
            "Ada is put on the account's suppression list",
            "Somebody listed the address as one that bounced; SES takes mail for it and does not send it."),
        step!(When "{user} marks the mail as spam" => own_ses::complains,
            "Ada marks the mail as spam",
            "The complaint about the latest mail reaches SES, which lists the address."),
        step!(When "the mail to {user} is sent back late" => own_ses::bounces_late,
            "the mail to Ada is sent back late",
            "The bounce of the latest mail reaches SES after its delivery, and SES lists the address."),
    ]
}

#[rustfmt::skip]
fn receiving<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(When "the mail server of {user} answers {text}" => mail_faults::answered,
            "the mail server of Ada answers \"550 5.1.1 nobody here\"",
            "From now on it refuses mail for this address so: 4xx for now, 5xx for good."),
        step!(When "the mail server of {user} greylists" => mail_faults::greylisted,
            "the mail server of Ada greylists",
            "From now on it puts mail for this address off, and senders try again later."),
        step!(When "the mail server of {user} greylists once" => mail_faults::greylisted_once,
            "the mail server of Ada greylists once",
            "It puts the next mail for this address off, and takes it when it is sent again."),
        step!(When "a filter takes the mail for {user} and keeps it" => mail_faults::discarded,
            "a filter takes the mail for Ada and keeps it",
            "From now on the receiving side accepts mail for this address and files it nowhere."),
        step!(When "the mail server of {user} drops the tag of the address" => mail_faults::untagged,
            "the mail server of Ada drops the tag of the address",
            "From now on mail for ada+tag@ lies in the mailbox of ada@."),
        step!(When "mail to {user} is taken for spam" => mail_faults::junked,
            "mail to Ada is taken for spam",
            "From now on it lies in the folder for spam."),
        step!(When "{seconds} pass" => mail_faults::seconds_pass,
            "60 seconds pass",
            "The clock of the scenario's own account moves on at once.",
            topic: Some(Topic::Clock)),
        step!(Then "asked about the address of {user} alone, the diagnosis is certain of {cause}" => complaint::certain_of,
            "asked about the address of Ada alone, the diagnosis is certain of threaded-with-first",
            "As for somebody who has only a complaint: without the calls of the run."),
        step!(Then "{user} finds no mail in the inbox within {seconds}" => mails::finds_none,
            "Ada finds no mail in the inbox within 2 seconds",
            "None lies in the folder that is watched, in this time or the target's `silence` if that is longer; one may lie in another."),
    ]
}

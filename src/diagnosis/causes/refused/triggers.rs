//! Refusals by the pool's own functions, or because of what they answered.

use super::super::super::cause::{Cause, Role, Stage};
use super::super::super::evidence::{
    Call, Evidence, Gap, InvocationEnd, Recipient, Refusal, SourceName,
};
use super::super::super::finding::{Confidence, Fact, Opinion};
use super::super::reading;

pub(in super::super) static CAUSES: &[Cause] = &[
    Cause {
        id: "pre-signup-rejected",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the pool's PreSignUp function refused the sign-up",
        meaning: "A function that keeps a list of addresses refuses one that it has seen, although \
                  the user was deleted from the pool.",
        fix: "remove the address from what the function remembers, together with the user",
        sources: &["API: SignUp", "gh:aws-amplify/amplify-flutter#1051"],
        rule: pre_signup_rejected,
    },
    Cause {
        id: "post-confirmation-side-table",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the mail came, but the pool's PostConfirmation function failed",
        meaning: "The function often writes to a table that still has the deleted user. The user is \
                  confirmed all the same.",
        fix: "clean the function's table together with the user, and let it write what is there \
              already",
        sources: &["gh:EqualifyEverything/equalify#452"],
        rule: post_confirmation_side_table,
    },
    Cause {
        id: "trigger-broken",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "one of the pool's functions cannot be called, takes too long or answers rubbish",
        meaning: "Cognito calls a function at most three times, for five seconds each, and refuses \
                  the sign-up if none succeeds.",
        fix: "let the function's policy allow cognito-idp.amazonaws.com, answer within five seconds, \
              and return the event",
        sources: &["Cognito guide: Lambda triggers"],
        rule: trigger_broken,
    },
    Cause {
        id: "custom-message-invalid",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the CustomMessage function answered with a text that Cognito does not take",
        meaning: "The text lacks the code's placeholder, is too long or has characters that are not \
                  allowed; invisible ones, such as those in composed emoji, count too.",
        fix: "keep event.request.codeParameter in the text, and take invisible characters out",
        sources: &["gh:amazon-archives/amazon-cognito-identity-js#99"],
        rule: custom_message_invalid,
    },
    Cause {
        id: "custom-message-silent-fallback",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Likely,
        title: "the mail came with Cognito's own text instead of the function's",
        meaning: "Reported years ago for texts that were too long; a checker that looks for its own \
                  subject then misses the mail.",
        fix: "look for mails by position, not by subject, and shorten the function's text",
        sources: &["gh:amazon-archives/amazon-cognito-identity-js#396"],
        rule: custom_message_silent_fallback,
    },
];

fn pre_signup_rejected(evidence: &Evidence) -> Result<Opinion, Gap> {
    let refusal = match reading::refusal(evidence)? {
        Ok(refusal) => refusal,
        Err(accepted) => return Ok(accepted),
    };
    let rejected = refusal.is("UserLambdaValidationException") && refusal.says("PreSignUp");
    Ok(if rejected {
        Opinion::certain(reading::refused(&refusal)).because_of(errors_of(evidence, "PreSignUp"))
    } else {
        reading::says_otherwise(&refusal)
    })
}

/// The errors that a function's log shows.
fn errors_of<'a>(evidence: &'a Evidence, trigger: &'a str) -> impl Iterator<Item = Fact> + 'a {
    evidence.invocations(trigger).iter().filter_map(move |one| {
        let line = match &one.end {
            InvocationEnd::Error { line } | InvocationEnd::TimedOut { line } => line,
            InvocationEnd::Clean | InvocationEnd::Unfinished => return None,
        };
        let text = format!("the {trigger} function logged: {line}");
        Some(Fact::new(SourceName::FunctionLogs, text).at(one.at))
    })
}

fn post_confirmation_side_table(evidence: &Evidence) -> Result<Opinion, Gap> {
    let call = reading::request(evidence)?;
    let Some(confirmation) = evidence.confirmation() else {
        return Ok(Opinion::ruled_out(Fact::of_call(call, "no code was tried")));
    };
    Ok(match confirmation.refusal() {
        Some(refusal)
            if refusal.is("UserLambdaValidationException") && refusal.says("PostConfirmation") =>
        {
            let proof = Opinion::certain(reading::refused(&refusal));
            proof.because_of(errors_of(evidence, "PostConfirmation"))
        }
        Some(refusal) => reading::says_otherwise(&refusal),
        None => reading::was_accepted(confirmation),
    })
}

/// The latest refusal of the request or of the attempt to confirm.
fn any_refusal(evidence: &Evidence) -> Option<Refusal<'_>> {
    let confirmation = evidence.confirmation();
    evidence
        .refusal()
        .or_else(|| confirmation.and_then(Call::refusal))
}

fn trigger_broken(evidence: &Evidence) -> Result<Opinion, Gap> {
    let call = reading::request(evidence)?;
    let Some(refusal) = any_refusal(evidence) else {
        return Ok(reading::was_accepted(call));
    };
    let rubbish = refusal.is("InvalidLambdaResponseException");
    if !(rubbish || refusal.is("UnexpectedLambdaException")) {
        return Ok(reading::says_otherwise(&refusal));
    }
    if is_custom_message(&refusal) && rubbish {
        return Ok(reading::says_otherwise(&refusal));
    }
    let triggers = ["PreSignUp", "CustomMessage", "PostConfirmation"];
    let errors = triggers.iter().flat_map(|name| errors_of(evidence, name));
    Ok(Opinion::certain(reading::refused(&refusal)).because_of(errors))
}

/// Whether a refusal is about the text that the function made.
fn is_custom_message(refusal: &Refusal<'_>) -> bool {
    let words = [
        "emailBody",
        "emailMessage",
        "emailSubject",
        "The message is empty",
    ];
    words.iter().any(|word| refusal.says(word))
}

fn custom_message_invalid(evidence: &Evidence) -> Result<Opinion, Gap> {
    let refusal = match reading::refusal(evidence)? {
        Ok(refusal) => refusal,
        Err(accepted) => return Ok(accepted),
    };
    let invalid =
        refusal.is("InvalidParameterException") || refusal.is("InvalidLambdaResponseException");
    if !(invalid && is_custom_message(&refusal)) {
        return Ok(reading::says_otherwise(&refusal));
    }
    let has_function = |pool: &super::super::super::evidence::PoolSettings| {
        pool.triggers.contains_key("CustomMessage")
    };
    Ok(match evidence.pool_at_request() {
        Ok(pool) if !has_function(pool) => {
            Opinion::ruled_out(reading::of_pool("the pool has no CustomMessage function"))
        }
        Ok(_) => Opinion::certain(reading::refused(&refusal)),
        Err(gap) => Opinion::likely(reading::refused(&refusal)).lacking(gap),
    })
}

fn custom_message_silent_fallback(evidence: &Evidence) -> Result<Opinion, Gap> {
    let pool = evidence.pool_at_request()?;
    if !pool.triggers.contains_key("CustomMessage") {
        let text = "the pool has no CustomMessage function";
        return Ok(Opinion::ruled_out(reading::of_pool(text)));
    }
    let mails = evidence.inbox.mails.need(SourceName::Inbox)?;
    let unused = mails
        .iter()
        .find(|mail| mail.is_awaited() && !mail.used && mail.recipient == Recipient::Exact);
    Ok(match unused {
        Some(mail) if mail.follows_template == Some(true) => {
            let text = format!("{:?} follows Cognito's own template", mail.subject);
            Opinion::likely(Fact::new(SourceName::Inbox, text).at(mail.at))
        }
        Some(mail) => {
            let text = format!("{:?} does not have Cognito's own text", mail.subject);
            Opinion::ruled_out(Fact::new(SourceName::Inbox, text).at(mail.at))
        }
        None => Opinion::ruled_out(Fact::new(SourceName::Inbox, "no mail lies unused")),
    })
}

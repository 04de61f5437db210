//! Causes between Cognito's answer and the mail service.

use super::super::super::cause::{Cause, Role, Stage};
use super::super::super::evidence::{
    Call, Evidence, Gap, Invocation, InvocationEnd, PoolSettings, SourceName,
};
use super::super::super::finding::{Confidence, Fact, Opinion};
use super::super::reading::{self, of_pool};

/// The trigger that mails in place of Cognito.
const SENDER: &str = "CustomEmailSender";

pub(in super::super) static CAUSES: &[Cause] = &[
    Cause {
        id: "per-destination-throttle",
        stage: Stage::NotHandedOver,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "Cognito held the mail back, because this address had several in a short time",
        meaning: "Cognito may stop delivering to one destination for a while. Neither the number nor \
                  the time is published, and the answer to the request does not show it.",
        fix: "space sign-ups for one address, use a fresh plus-address for each run, and ask AWS's \
              account team",
        sources: &["Cognito guide: email settings"],
        rule: per_destination_throttle,
    },
    Cause {
        id: "custom-email-sender-swallowed",
        stage: Stage::NotHandedOver,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the pool's CustomEmailSender function did not send the mail",
        meaning: "With such a function Cognito mails nothing itself. It is called without waiting for \
                  its answer, so its failure never reaches the caller.",
        fix: "let the function handle every triggerSource, and alarm on its errors",
        sources: &["Cognito guide: custom email sender trigger"],
        rule: custom_email_sender_swallowed,
    },
    Cause {
        id: "custom-email-sender-kms",
        stage: Stage::NotHandedOver,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the code for the CustomEmailSender function could not be encrypted or decrypted",
        meaning: "The key is disabled, its policy leaves Cognito or the function out, or the function \
                  decrypts with KMS alone instead of the AWS Encryption SDK.",
        fix: "correct the key's policy, and decrypt with the AWS Encryption SDK",
        sources: &[
            "Cognito guide: custom email sender trigger",
            "gh:awslabs/aws-sdk-rust#1250",
        ],
        rule: custom_email_sender_kms,
    },
    Cause {
        id: "handover-throttled-by-ses",
        stage: Stage::NotHandedOver,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "Cognito mailed faster than SES lets this account, and lost the mail",
        meaning: "SES takes a fixed number of mails a second. What is refused in a burst is not \
                  repeated.",
        fix: "spread the sign-ups, or have SES's sending rate raised",
        sources: &["Cognito quotas", "gh:aws/aws-sdk-js-v3#3939"],
        rule: handover_throttled_by_ses,
    },
    Cause {
        id: "code-delivery-failure-other",
        stage: Stage::NotHandedOver,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "Cognito could not send the code, and does not say why",
        meaning: "Known reasons are an invalid reply-to address of the pool and a passing fault of \
                  AWS.",
        fix: "check ReplyToEmailAddress, delete the user that was left behind, and try again",
        sources: &["gh:amazon-archives/amazon-cognito-identity-js#307"],
        rule: code_delivery_failure_other,
    },
];

fn per_destination_throttle(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(refusal) = evidence.refusal() {
        return Ok(reading::says_otherwise(&refusal));
    }
    if let Some(further) = reading::got_further(evidence) {
        return Ok(further);
    }
    if let Some(user) = evidence.request().and_then(Call::user_confirmed)
        && user
    {
        return Ok(Opinion::ruled_out(Fact::new(
            SourceName::OwnCalls,
            "the user was confirmed at once, so no mail was due",
        )));
    }
    if evidence
        .pool_at_request()
        .is_ok_and(PoolSettings::has_custom_sender)
    {
        let text = "a CustomEmailSender function sends the pool's mail";
        return Ok(Opinion::ruled_out(of_pool(text)));
    }
    let words = ["throttl", "destination", "too many"];
    // SES's rate is another cause, and its text has one of these words too.
    let of_ses = |fact: &Fact| fact.text.to_lowercase().contains("rate exceeded");
    let lines = reading::notifications_with(evidence, &words).into_iter();
    let mut lines = lines.filter(|fact| !of_ses(fact));
    if let Some(line) = lines.next() {
        return Ok(Opinion::certain(line).because_of(lines));
    }
    let earlier = evidence
        .before()
        .iter()
        .filter(|call| call.may_send() && call.is_accepted());
    let count = earlier.count();
    if evidence.request().is_some() && count == 0 {
        let text = "it was the first mail of this run to the address";
        return Ok(Opinion::ruled_out(Fact::new(SourceName::OwnCalls, text)));
    }
    let several = Fact::new(
        SourceName::OwnCalls,
        format!("the run asked for {count} mails to this address before"),
    );
    Ok(match evidence.control.need(SourceName::ControlExperiment) {
        Ok(control) if !control.arrived => Opinion::ruled_out(Fact::new(
            SourceName::ControlExperiment,
            format!("a mail to {} is missing too", control.address),
        )),
        // That the address alone is cut off is proven; that SES saw nothing leaves Cognito.
        Ok(control) if evidence.ses.events.read().is_some() => {
            let text = format!("a mail to {} arrived", control.address);
            Opinion::likely(Fact::new(SourceName::ControlExperiment, text))
                .because(several)
                .because(Fact::new(
                    SourceName::SesEvents,
                    "SES has no mail to the address",
                ))
        }
        Ok(control) => Opinion::possible().because(several).because(Fact::new(
            SourceName::ControlExperiment,
            format!("a mail to {} arrived", control.address),
        )),
        Err(gap) => Opinion::possible().because(several).lacking(gap),
    })
}

/// The invocations of the sender's function, or the opinion that there is no such function.
fn sender(evidence: &Evidence) -> Result<Result<&[Invocation], Opinion>, Gap> {
    let pool = evidence.pool_at_request()?;
    if !pool.has_custom_sender() {
        return Ok(Err(Opinion::ruled_out(of_pool(
            "the pool has no CustomEmailSender function",
        ))));
    }
    evidence.functions.need(SourceName::FunctionLogs)?;
    Ok(Ok(evidence.invocations(SENDER)))
}

/// Whether a line of the log is about encryption.
fn is_about_encryption(line: &str) -> bool {
    const WORDS: [&str; 5] = [
        "invalidciphertext",
        "failed to decrypt",
        "not a supported message format",
        "kms",
        "unencrypteddatakey",
    ];
    let line = line.to_lowercase();
    WORDS.iter().any(|word| line.contains(word))
}

/// The line with which an invocation failed.
fn failure(invocation: &Invocation) -> Option<&str> {
    match &invocation.end {
        InvocationEnd::Error { line } | InvocationEnd::TimedOut { line } => Some(line),
        InvocationEnd::Clean | InvocationEnd::Unfinished => None,
    }
}

/// Lines that speak of encryption in invocations that failed.
fn encryption_lines(invocations: &[Invocation]) -> Vec<Fact> {
    let failed = invocations.iter().filter(|one| failure(one).is_some());
    failed
        .flat_map(|one| {
            let lines = one.lines.iter().map(String::as_str).chain(failure(one));
            lines.filter(|line| is_about_encryption(line)).map(|line| {
                let text = format!("the {SENDER} function logged: {line}");
                Fact::new(SourceName::FunctionLogs, text).at(one.at)
            })
        })
        .collect()
}

fn custom_email_sender_swallowed(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(refusal) = evidence.refusal() {
        return Ok(reading::says_otherwise(&refusal));
    }
    if let Some(stored) = reading::mail_was_stored(evidence) {
        return Ok(Opinion::ruled_out(stored));
    }
    let invocations = match sender(evidence) {
        Ok(Ok(invocations)) => invocations,
        Ok(Err(other)) => return Ok(other),
        Err(gap) => {
            let has_function = of_pool("a CustomEmailSender function sends the pool's mail");
            return Ok(match evidence.pool_at_request() {
                Ok(_) => Opinion::possible().because(has_function).lacking(gap),
                Err(_) => return Err(gap),
            });
        }
    };
    if !encryption_lines(invocations).is_empty() {
        let text = "its function failed at the encryption of the code";
        return Ok(Opinion::ruled_out(Fact::new(
            SourceName::FunctionLogs,
            text,
        )));
    }
    let mut failed = invocations.iter().filter_map(|one| {
        let text = format!("the {SENDER} function failed: {}", failure(one)?);
        Some(Fact::new(SourceName::FunctionLogs, text).at(one.at))
    });
    if let Some(fact) = failed.next() {
        return Ok(Opinion::certain(fact).because_of(failed));
    }
    let text = match invocations {
        [] => "its log shows no invocation in this time".to_owned(),
        some => format!("it ran {} times without an error", some.len()),
    };
    Ok(Opinion::likely(of_pool(
        "a CustomEmailSender function sends the pool's mail",
    ))
    .because(Fact::new(SourceName::FunctionLogs, text)))
}

fn custom_email_sender_kms(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(refusal) = evidence.refusal() {
        return Ok(reading::says_otherwise(&refusal));
    }
    let invocations = match sender(evidence)? {
        Ok(invocations) => invocations,
        Err(other) => return Ok(other),
    };
    let mut lines = encryption_lines(invocations).into_iter();
    if let Some(line) = lines.next() {
        return Ok(Opinion::certain(line).because_of(lines));
    }
    let events = evidence.trail.read().map(Vec::as_slice).unwrap_or_default();
    let failed = events.iter().find(|event| {
        event.source == "kms.amazonaws.com"
            && event
                .error_code
                .as_deref()
                .is_some_and(|code| !code.is_empty())
    });
    Ok(match (failed, invocations) {
        (Some(event), _) => {
            let code = event.error_code.as_deref().unwrap_or_default();
            let text = format!("{} of KMS failed with {code}", event.name);
            Opinion::likely(Fact::new(SourceName::Trail, text).at(event.at))
        }
        (None, [_, ..]) => Opinion::ruled_out(Fact::new(
            SourceName::FunctionLogs,
            "the function ran, and its log says nothing of encryption",
        )),
        (None, []) => Opinion::possible(),
    })
}

fn handover_throttled_by_ses(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(refusal) = evidence.refusal() {
        return Ok(reading::says_otherwise(&refusal));
    }
    if let Some(further) = reading::got_further(evidence) {
        return Ok(further);
    }
    let pool = evidence.pool_at_request()?;
    if let Some(other) = reading::not_by_own_ses(pool) {
        return Ok(other);
    }
    let words = ["rate exceeded"];
    let mut lines = reading::notifications_with(evidence, &words).into_iter();
    if let Some(line) = lines.next() {
        return Ok(Opinion::certain(line).because_of(lines));
    }
    let account = evidence.ses.account.need(SourceName::SesAccount)?;
    let asked = evidence
        .request()
        .map_or(evidence.case.since, |call| call.at);
    let same_second = evidence
        .calls
        .iter()
        .filter(|call| call.may_send() && call.at.duration_since(asked).as_secs().abs() < 1);
    let count = i64::try_from(same_second.count()).unwrap_or(i64::MAX);
    let text = format!(
        "SES takes {} mails a second, and the run asked for {count} in that second",
        account.max_per_second
    );
    let fact = Fact::new(SourceName::SesAccount, text);
    Ok(
        if account.max_per_second >= 0 && count > account.max_per_second {
            Opinion::likely(fact)
        } else {
            Opinion::possible().although(fact)
        },
    )
}

fn code_delivery_failure_other(evidence: &Evidence) -> Result<Opinion, Gap> {
    let refusal = match reading::refusal(evidence)? {
        Ok(refusal) => refusal,
        Err(accepted) => return Ok(accepted),
    };
    if !refusal.is("CodeDeliveryFailureException") || refusal.says("Amazon SES") {
        return Ok(reading::says_otherwise(&refusal));
    }
    let proof = Opinion::certain(reading::refused(&refusal));
    let reply_to = evidence.pool_at_request().ok();
    let reply_to = reply_to.and_then(|pool| pool.email.reply_to.as_deref());
    Ok(proof
        .because_of(reply_to.map(|address| of_pool(format!("ReplyToEmailAddress is {address}")))))
}

//! The state of the SES account and the configuration set.

use super::super::super::cause::{Cause, Role, Stage};
use super::super::super::evidence::{Evidence, Gap, SourceName};
use super::super::super::finding::{Confidence, Fact, Opinion};
use super::super::reading;

pub(in super::super) static CAUSES: &[Cause] = &[
    Cause {
        id: "ses-sandbox",
        stage: Stage::NotSent,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the SES account is in the sandbox and mails to verified addresses only",
        meaning: "Without production access SES refuses every recipient who is not verified, and \
                  takes 200 mails a day, one a second.",
        fix: "request production access in the region of the sender's identity, or verify the \
              recipient",
        sources: &["SES guide: production access"],
        rule: ses_sandbox,
    },
    Cause {
        id: "ses-account-paused",
        stage: Stage::NotSent,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "sending is paused for the SES account",
        meaning: "SES stopped the account because of bounces or complaints, or somebody paused it.",
        fix: "resolve the case in the SES console, or switch sending on again",
        sources: &["SES API v2: GetAccount"],
        rule: ses_account_paused,
    },
    Cause {
        id: "ses-config-set-paused",
        stage: Stage::NotSent,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the SES configuration set is paused or does not exist",
        meaning: "The pool, or the sender's identity, names a configuration set that takes no mails.",
        fix: "switch sending on for the set, make it again, or take it out of the pool's settings",
        sources: &["SES API v2: GetConfigurationSet"],
        rule: ses_config_set_paused,
    },
    Cause {
        id: "ses-quota",
        stage: Stage::NotSent,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the SES account's quota of mails is used up",
        meaning: "SES counts the mails of the last 24 hours, suppressed ones too, and refuses more.",
        fix: "have the quota raised, or wait until older mails leave the 24 hours",
        sources: &["SES API v2: SendQuota"],
        rule: ses_quota,
    },
    Cause {
        id: "ses-auto-validation",
        stage: Stage::NotSent,
        role: Role::Explains,
        reaches: Confidence::Likely,
        title: "SES judged the address unlikely to exist and does not mail to it",
        meaning: "Auto Validation suppresses mail to addresses that look undeliverable; freshly \
                  invented ones are its natural victims.",
        fix: "switch Auto Validation off for the pool's configuration set",
        sources: &["SES API v2: SuppressionConditionThreshold"],
        rule: ses_auto_validation,
    },
];

/// What SES answered, in the refusal or in the pool's log, with one of these texts.
pub(super) fn ses_said(evidence: &Evidence, texts: &[&str]) -> Vec<Fact> {
    let lower: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    let words: Vec<&str> = lower.iter().map(String::as_str).collect();
    let refusal = evidence
        .refusal()
        .filter(|refusal| texts.iter().any(|text| refusal.says(text)));
    let logged = reading::notifications_with(evidence, &words);
    refusal.iter().map(reading::refused).chain(logged).collect()
}

/// The opinion that a mail was sent or is there, or that the pool does not use the account's SES.
pub(super) fn not_concerned(evidence: &Evidence) -> Result<Option<Opinion>, Gap> {
    if let Some(further) = reading::got_further(evidence) {
        return Ok(Some(further));
    }
    if let Some(call) = evidence.request()
        && call.user_confirmed() == Some(true)
    {
        let text = "the user was confirmed at once, so no mail was due";
        return Ok(Some(Opinion::ruled_out(Fact::of_call(call, text))));
    }
    Ok(reading::not_by_own_ses(evidence.pool_at_request()?))
}

/// Certain by SES's own words; likely by its state alone, because the state may be younger.
pub(super) fn by_words_or_state(words: Vec<Fact>, state: Fact) -> Opinion {
    let mut words = words.into_iter();
    match words.next() {
        Some(first) => Opinion::certain(first).because_of(words).because(state),
        None => Opinion::likely(state),
    }
}

fn ses_sandbox(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(other) = not_concerned(evidence)? {
        return Ok(other);
    }
    let address = evidence.case.address.as_str().to_lowercase();
    let words: Vec<Fact> = ses_said(evidence, &["Email address is not verified"])
        .into_iter()
        .filter(|fact| fact.text.to_lowercase().contains(&address))
        .collect();
    let account = match evidence.ses.account.need(SourceName::SesAccount) {
        Ok(account) => account,
        // The text names the recipient: only the sandbox checks recipients.
        Err(gap) => {
            let mut words = words.into_iter();
            return match words.next() {
                Some(first) => Ok(Opinion::certain(first).because_of(words).lacking(gap)),
                None => Err(gap),
            };
        }
    };
    if account.production_access {
        return Ok(Opinion::ruled_out(Fact::new(
            SourceName::SesAccount,
            "ProductionAccessEnabled is true",
        )));
    }
    let state = Fact::new(SourceName::SesAccount, "ProductionAccessEnabled is false");
    let verified = evidence.ses.recipient.read().and_then(Option::as_ref);
    if let Some(recipient) = verified.filter(|identity| identity.verified) {
        return Ok(Opinion::ruled_out(Fact::new(
            SourceName::SesRecipient,
            format!("{} is verified", recipient.name),
        )));
    }
    Ok(by_words_or_state(words, state))
}

fn ses_account_paused(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(other) = not_concerned(evidence)? {
        return Ok(other);
    }
    let words = ses_said(
        evidence,
        &["Sending paused for this account", "AccountSendingPaused"],
    );
    let account = match evidence.ses.account.need(SourceName::SesAccount) {
        Ok(account) => account,
        Err(gap) => return by_words_alone(words, gap),
    };
    let paused = !account.sending_enabled || account.enforcement == "SHUTDOWN";
    let text = format!(
        "SendingEnabled is {}, EnforcementStatus is {}",
        account.sending_enabled, account.enforcement
    );
    let state = Fact::new(SourceName::SesAccount, text);
    Ok(if paused {
        by_words_or_state(words, state)
    } else {
        Opinion::ruled_out(state)
    })
}

/// Certain by SES's own words although its state could not be read.
pub(super) fn by_words_alone(words: Vec<Fact>, gap: Gap) -> Result<Opinion, Gap> {
    let mut words = words.into_iter();
    match words.next() {
        Some(first) => Ok(Opinion::certain(first).because_of(words).lacking(gap)),
        None => Err(gap),
    }
}

fn ses_config_set_paused(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(other) = not_concerned(evidence)? {
        return Ok(other);
    }
    let words = ses_said(
        evidence,
        &[
            "ConfigurationSetSendingPaused",
            "ConfigurationSetDoesNotExist",
            "sending paused for configuration set",
            "configuration set",
        ],
    );
    let set = evidence
        .ses
        .configuration_set
        .need(SourceName::SesConfigurationSet);
    let state = match set {
        Ok(Some(set)) if set.sending_enabled => {
            return Ok(Opinion::ruled_out(Fact::new(
                SourceName::SesConfigurationSet,
                format!("{} is enabled", set.name),
            )));
        }
        Ok(Some(set)) => format!("SendingEnabled of {} is false", set.name),
        Ok(None) => {
            let pool = evidence.pool_at_request()?;
            match &pool.email.configuration_set {
                Some(name) => format!("the configuration set {name} does not exist"),
                None => {
                    return Ok(Opinion::ruled_out(reading::of_pool(
                        "neither the pool nor its sender names a configuration set",
                    )));
                }
            }
        }
        Err(gap) => return by_words_alone(words, gap),
    };
    let state = Fact::new(SourceName::SesConfigurationSet, state);
    Ok(by_words_or_state(words, state))
}

fn ses_quota(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(other) = not_concerned(evidence)? {
        return Ok(other);
    }
    let words = ses_said(evidence, &["daily message quota", "daily sending quota"]);
    let account = match evidence.ses.account.need(SourceName::SesAccount) {
        Ok(account) => account,
        Err(gap) => return by_words_alone(words, gap),
    };
    let (sent, most) = (account.sent_24_hours, account.max_24_hours);
    let text = format!("{sent} of {most} mails were sent in the last 24 hours");
    let state = Fact::new(SourceName::SesAccount, text);
    // -1 means that there is no limit.
    Ok(if most >= 0 && sent >= most {
        by_words_or_state(words, state)
    } else if words.is_empty() {
        Opinion::ruled_out(state)
    } else {
        by_words_or_state(words, state.clone()).although(state)
    })
}

fn ses_auto_validation(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(delivered) = reading::mail_was_delivered(evidence) {
        return Ok(Opinion::ruled_out(delivered));
    }
    if let Some(stored) = reading::mail_was_stored(evidence) {
        return Ok(Opinion::ruled_out(stored));
    }
    if let Some(refusal) = evidence.refusal() {
        return Ok(reading::says_otherwise(&refusal));
    }
    if let Some(other) = reading::not_by_own_ses(evidence.pool_at_request()?) {
        return Ok(other);
    }
    let set = evidence
        .ses
        .configuration_set
        .read()
        .and_then(Option::as_ref);
    if let Some(set) = set.filter(|set| set.auto_validation) {
        let text = format!("Auto Validation is on for {}", set.name);
        return Ok(Opinion::likely(Fact::new(
            SourceName::SesConfigurationSet,
            text,
        )));
    }
    let account = evidence.ses.account.need(SourceName::SesAccount)?;
    Ok(if account.auto_validation {
        let text = "Auto Validation is on for the account";
        Opinion::likely(Fact::new(SourceName::SesAccount, text))
    } else {
        Opinion::ruled_out(Fact::new(SourceName::SesAccount, "Auto Validation is off"))
    })
}

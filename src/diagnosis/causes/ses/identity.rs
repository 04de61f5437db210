//! The state of the sender's identity.

use super::super::super::cause::{Cause, Role, Stage};
use super::super::super::evidence::{Evidence, Gap, SesIdentity, SourceName};
use super::super::super::finding::{Confidence, Fact, Opinion};
use super::super::reading::{self, of_pool};
use super::account::{by_words_alone, by_words_or_state, not_concerned, ses_said};

/// Regions where Cognito has no SES of its own and mails through two others (Cognito guide: email
/// settings).
const REGIONS_WITHOUT_SES: [&str; 9] = [
    "ap-east-1",
    "ap-south-2",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-2",
    "me-central-1",
];

pub(in super::super) static CAUSES: &[Cause] = &[
    Cause {
        id: "ses-identity-unverified",
        stage: Stage::NotSent,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the sender's identity is not verified in SES",
        meaning: "It was never verified, was deleted, or its domain lost its DNS records: a verified \
                  domain fails 72 hours after they vanish.",
        fix: "restore the DNS records, or correct SourceArn in the pool's settings",
        sources: &["SES API v2: GetEmailIdentity", "gh:aws/aws-cdk#19787"],
        rule: ses_identity_unverified,
    },
    Cause {
        id: "ses-identity-policy",
        stage: Stage::NotSent,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the sender's identity does not let Cognito send",
        meaning: "With COGNITO_DEFAULT and an own From address, the identity's policy must allow \
                  Cognito's service principal. With DEVELOPER none is needed.",
        fix: "put a sending policy for Cognito on the identity, with the pool's ARN as condition",
        sources: &[
            "Cognito guide: email settings",
            "API: InvalidEmailRoleAccessPolicyException",
        ],
        rule: ses_identity_policy,
    },
    Cause {
        id: "ses-wrong-region",
        stage: Stage::NotSent,
        role: Role::Explains,
        reaches: Confidence::Likely,
        title: "the sender's identity is missing in one of the regions that Cognito mails through",
        meaning: "In regions without SES Cognito splits its mails between two others, so that some \
                  come and some do not.",
        fix: "verify the identity in both regions",
        sources: &["Cognito guide: email settings"],
        rule: ses_wrong_region,
    },
    Cause {
        id: "ses-mail-from-rejects",
        stage: Stage::NotSent,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the sender's MAIL FROM domain lost its MX record, and mail is rejected for it",
        meaning: "The identity says REJECT_MESSAGE for that case.",
        fix: "restore the MX record, or set the behaviour to USE_DEFAULT_VALUE",
        sources: &["SES API v2: MailFromAttributes"],
        rule: ses_mail_from_rejects,
    },
    Cause {
        id: "ses-reputation-entity-disabled",
        stage: Stage::NotSent,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "SES disabled the sender's identity because of its reputation",
        meaning: "SES can stop one identity or configuration set while the account goes on sending.",
        fix: "resolve what the SES console says about it",
        sources: &["SES API v2: GetReputationEntity"],
        rule: ses_reputation_entity_disabled,
    },
];

/// What SES knows of the sender, in one line.
fn shown(identity: &SesIdentity) -> Fact {
    let error = identity.error.as_deref();
    let error = error.map(|error| format!(" ({error})")).unwrap_or_default();
    let text = format!(
        "{} has the status {}{error}",
        identity.name, identity.status
    );
    Fact::new(SourceName::SesSender, text)
}

fn ses_identity_unverified(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(other) = not_concerned(evidence)? {
        return Ok(other);
    }
    let address = evidence.case.address.as_str().to_lowercase();
    let words: Vec<Fact> = ses_said(evidence, &["Email address is not verified"])
        .into_iter()
        .filter(|fact| !fact.text.to_lowercase().contains(&address))
        .collect();
    let found = match evidence.ses.sender.need(SourceName::SesSender) {
        Ok(found) => found,
        Err(gap) => {
            let mut words = words.into_iter();
            return match words.next() {
                Some(first) => Ok(Opinion::certain(first).because_of(words).lacking(gap)),
                None => Err(gap),
            };
        }
    };
    Ok(match found {
        Some(identity) if identity.verified => Opinion::ruled_out(shown(identity)),
        Some(identity) => by_words_or_state(words, shown(identity)),
        None => {
            let text = "SES has no such identity";
            by_words_or_state(words, Fact::new(SourceName::SesSender, text))
        }
    })
}

fn ses_identity_policy(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(further) = reading::got_further(evidence) {
        return Ok(further);
    }
    if let Some(refusal) = evidence.refusal() {
        if !refusal.is("InvalidEmailRoleAccessPolicyException") {
            return Ok(reading::says_otherwise(&refusal));
        }
        // The exception has two reasons; the other is a sender that is not verified.
        let refused = reading::refused(&refusal);
        return Ok(match evidence.ses.sender.need(SourceName::SesSender) {
            Ok(Some(identity)) if identity.verified => Opinion::certain(refused),
            Ok(_) => Opinion::possible().because(refused),
            Err(gap) => Opinion::likely(refused).lacking(gap),
        });
    }
    let pool = evidence.pool_at_request()?;
    if pool.email.own_ses || pool.has_custom_sender() || pool.email.source_arn.is_none() {
        return Ok(Opinion::ruled_out(of_pool(
            "the pool does not mail by COGNITO_DEFAULT from an address of its own",
        )));
    }
    let found = evidence.ses.sender.need(SourceName::SesSender)?;
    let allowed = |identity: &SesIdentity| {
        let mut policies = identity.policies.iter();
        policies.any(|policy| policy.contains("cognito-idp"))
    };
    Ok(match found {
        Some(identity) if allowed(identity) => Opinion::ruled_out(Fact::new(
            SourceName::SesSender,
            format!("a policy of {} names Cognito", identity.name),
        )),
        Some(identity) => Opinion::possible().because(Fact::new(
            SourceName::SesSender,
            format!("no policy of {} names Cognito", identity.name),
        )),
        None => Opinion::possible(),
    })
}

fn ses_wrong_region(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(further) = reading::got_further(evidence) {
        return Ok(further);
    }
    if let Some(refusal) = evidence.refusal() {
        return Ok(reading::says_otherwise(&refusal));
    }
    let pool = evidence.pool_at_request()?;
    let Some(arn) = pool
        .email
        .source_arn
        .as_deref()
        .filter(|_| !pool.has_custom_sender())
    else {
        let text = "the pool does not mail from an identity of SES";
        return Ok(Opinion::ruled_out(of_pool(text)));
    };
    let region = evidence.case.user_pool_id.region();
    if pool.email.own_ses || !REGIONS_WITHOUT_SES.contains(&region) {
        let text = format!("pools in {region} mail through one region");
        return Ok(Opinion::ruled_out(of_pool(text)));
    }
    let by_two = of_pool(format!(
        "{region} has no SES for Cognito, and SourceArn is {arn}"
    ));
    Ok(match evidence.ses.sender.need(SourceName::SesSender) {
        Ok(None) => Opinion::likely(by_two).because(Fact::new(
            SourceName::SesSender,
            "one of the two regions has no such identity",
        )),
        Ok(Some(_)) => Opinion::possible().because(by_two),
        Err(gap) => Opinion::possible().because(by_two).lacking(gap),
    })
}

fn ses_mail_from_rejects(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(other) = not_concerned(evidence)? {
        return Ok(other);
    }
    let words = ses_said(evidence, &["MailFromDomainNotVerified", "MAIL FROM domain"]);
    let found = evidence.ses.sender.need(SourceName::SesSender)?;
    let mail_from = found
        .as_ref()
        .and_then(|identity| identity.mail_from.as_ref());
    Ok(match mail_from {
        None => Opinion::ruled_out(Fact::new(
            SourceName::SesSender,
            "the sender has no MAIL FROM domain",
        )),
        Some(domain) => {
            let behaviour = if domain.rejects {
                "REJECT_MESSAGE"
            } else {
                "USE_DEFAULT_VALUE"
            };
            let text = format!(
                "MAIL FROM {} has the status {}, with {behaviour}",
                domain.domain, domain.status
            );
            let state = Fact::new(SourceName::SesSender, text);
            if domain.rejects && domain.status != "SUCCESS" {
                by_words_or_state(words, state)
            } else {
                Opinion::ruled_out(state)
            }
        }
    })
}

fn ses_reputation_entity_disabled(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(other) = not_concerned(evidence)? {
        return Ok(other);
    }
    let found = evidence.ses.sender.need(SourceName::SesSender)?;
    let words = ses_said(evidence, &["disabled", "sending paused"]);
    let told = found
        .as_ref()
        .map(|found| (&found.name, found.sending_disabled));
    Ok(match told {
        Some((name, Some(true))) => {
            let text = format!("SendingStatusAggregate of {name} is DISABLED");
            // The state alone, like that of the account, may be younger than the mail.
            by_words_or_state(words, Fact::new(SourceName::SesSender, text))
        }
        Some((_, None)) => {
            return by_words_alone(
                words,
                Gap {
                    source: SourceName::SesSender,
                    why: "its reputation was not shown".to_owned(),
                    remedy: Some("grant ses:GetReputationEntity".to_owned()),
                },
            );
        }
        Some((_, Some(false))) | None => {
            Opinion::ruled_out(Fact::new(SourceName::SesSender, "the sender is enabled"))
        }
    })
}

//! Refusals by a setting of the pool, the client or the account.

use super::super::super::cause::{Cause, Role, Stage};
use super::super::super::evidence::{Evidence, Gap, SourceName};
use super::super::super::finding::{Confidence, Fact, Opinion};
use super::super::reading::{self, of_pool};

pub(in super::super) static CAUSES: &[Cause] = &[
    Cause {
        id: "link-mode-no-domain",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the pool confirms by link but has no domain to link to",
        meaning: "DefaultEmailOption is CONFIRM_WITH_LINK, and without a domain Cognito cannot make \
                  the link. It refuses, sends nothing, and leaves an unconfirmed user behind.",
        fix: "give the pool a domain, or let it confirm by code; delete the user that was left behind",
        sources: &[
            "gh:aws-amplify/amplify-js#964",
            "gh:aws-amplify/amplify-js#4489",
        ],
        rule: link_mode_no_domain,
    },
    Cause {
        id: "signup-disabled",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the pool does not let users sign up themselves",
        meaning: "AllowAdminCreateUserOnly is set: users are created by administrators alone.",
        fix: "switch self sign-up on, or create users with AdminCreateUser",
        sources: &["API: AdminCreateUserConfigType"],
        rule: signup_disabled,
    },
    Cause {
        id: "client-or-secret-wrong",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the app client does not exist, or its secret hash is missing or wrong",
        meaning: "The secret hash is made of username and client id, so a new username needs a new \
                  hash.",
        fix: "correct the client id, and compute the hash for each username",
        sources: &["API: SignUp"],
        rule: client_or_secret_wrong,
    },
    Cause {
        id: "signup-validation-rejected",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "Cognito did not accept the password or an attribute",
        meaning: "The password policy, a required attribute or the check for leaked passwords \
                  refused the sign-up before a user was made.",
        fix: "send what the message asks for",
        sources: &["API: SignUp"],
        rule: signup_validation_rejected,
    },
    Cause {
        id: "waf-block",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "a web ACL in front of the pool blocked the request",
        meaning: "AWS WAF answers before Cognito works. CloudTrail may have no record of the call.",
        fix: "let the caller's IP address through the web ACL, and look into its log",
        sources: &["Cognito guide: AWS WAF", "API: ForbiddenException"],
        rule: waf_block,
    },
];

fn link_mode_no_domain(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(refusal) = evidence.refusal() {
        let earlier = reading::refusal_that_left_the_user(evidence);
        let mut both = [Some(refusal), earlier].into_iter().flatten();
        let of_domain = both.find(|one| one.says("does not exist a valid use"));
        return Ok(match of_domain {
            Some(found) => {
                Opinion::certain(reading::refused(&found)).because_of(left_behind(evidence))
            }
            None => reading::says_otherwise(&refusal),
        });
    }
    if let Some(call) = evidence.request() {
        return Ok(reading::was_accepted(call));
    }
    let pool = evidence.pool_at_request()?;
    if !pool.confirms_by_link {
        return Ok(Opinion::ruled_out(of_pool("the pool confirms by code")));
    }
    let domain = pool.domain.as_ref().or(pool.custom_domain.as_ref());
    Ok(match domain {
        Some(domain) => Opinion::ruled_out(of_pool(format!("the pool has the domain {domain}"))),
        None => Opinion::likely(of_pool("DefaultEmailOption is CONFIRM_WITH_LINK"))
            .because(of_pool("the pool has neither Domain nor CustomDomain")),
    })
}

/// The user that a refused sign-up left in the pool.
pub(super) fn left_behind(evidence: &Evidence) -> Option<Fact> {
    let call = evidence.request()?;
    let user = evidence.user.read()?.as_ref()?;
    // A user that was there before is another story.
    let made_by_call = call.operation == "SignUp" && user.created >= evidence.case.since;
    (made_by_call && user.is("UNCONFIRMED")).then(|| {
        let text = format!(
            "the user {} is in the pool all the same, UNCONFIRMED",
            user.sub
        );
        Fact::new(SourceName::User, text).at(user.created)
    })
}

fn signup_disabled(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(refusal) = evidence.refusal() {
        return Ok(
            if refusal.says("SignUp is not permitted for this user pool") {
                Opinion::certain(reading::refused(&refusal))
            } else {
                reading::says_otherwise(&refusal)
            },
        );
    }
    if let Some(call) = evidence.request() {
        return Ok(reading::was_accepted(call));
    }
    let pool = evidence.pool_at_request()?;
    Ok(if pool.admin_creates_users_only {
        Opinion::likely(of_pool("AllowAdminCreateUserOnly is true"))
    } else {
        Opinion::ruled_out(of_pool("AllowAdminCreateUserOnly is false"))
    })
}

fn client_or_secret_wrong(evidence: &Evidence) -> Result<Opinion, Gap> {
    let refusal = match reading::refusal(evidence)? {
        Ok(refusal) => refusal,
        Err(accepted) => return Ok(accepted),
    };
    let client = refusal.is("ResourceNotFoundException") && refusal.says("client");
    let secret = refusal.is("NotAuthorizedException") && refusal.says("secret");
    Ok(if client || secret {
        Opinion::certain(reading::refused(&refusal))
    } else {
        reading::says_otherwise(&refusal)
    })
}

/// Words of InvalidParameterException that other causes are about.
const OF_OTHER_CAUSES: [&str; 8] = [
    "does not exist a valid use",
    "auto verification not turned on",
    "already confirmed",
    "alias entry already exists",
    "should be an email",
    "cannot be of email format",
    "emailbody",
    "the message is empty",
];

fn signup_validation_rejected(evidence: &Evidence) -> Result<Opinion, Gap> {
    let refusal = match reading::refusal(evidence)? {
        Ok(refusal) => refusal,
        Err(accepted) => return Ok(accepted),
    };
    let invalid = refusal.is("InvalidParameterException")
        && refusal.call.operation == "SignUp"
        && !OF_OTHER_CAUSES.iter().any(|text| refusal.says(text));
    Ok(if invalid || refusal.is("InvalidPasswordException") {
        Opinion::certain(reading::refused(&refusal))
    } else {
        reading::says_otherwise(&refusal)
    })
}

fn waf_block(evidence: &Evidence) -> Result<Opinion, Gap> {
    let refusal = match reading::refusal(evidence)? {
        Ok(refusal) => refusal,
        Err(accepted) => return Ok(accepted),
    };
    Ok(if refusal.is("ForbiddenException") {
        Opinion::certain(reading::refused(&refusal))
    } else {
        reading::says_otherwise(&refusal)
    })
}

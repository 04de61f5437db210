//! Refusals because of who already is in the pool.

use super::super::super::cause::{Cause, Role, Stage};
use super::super::super::evidence::{Call, Evidence, Gap, Refusal, SourceName, User};
use super::super::super::finding::{Confidence, Fact, Opinion};
use super::super::reading::{self, of_pool, of_user};

pub(in super::super) static CAUSES: &[Cause] = &[
    Cause {
        id: "username-exists-unconfirmed-leftover",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the address is still there as an unconfirmed user from before",
        meaning: "An earlier sign-up was never confirmed and never deleted. SignUp refuses a taken \
                  name whatever its status, and sends nothing.",
        fix: "ask for the code again with ResendConfirmationCode, or delete the user and sign up again",
        sources: &[
            "Cognito guide: managing error responses",
            "gh:aws-amplify/amplify-js#3184",
        ],
        rule: unconfirmed_leftover,
    },
    Cause {
        id: "delete-did-not-delete",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the user who was to be deleted still exists",
        meaning: "Only the application's own record went, the deletion failed or hit another user \
                  with the same address, or a migration function made the user again.",
        fix: "delete by `sub`, check that AdminGetUser says UserNotFoundException and that ListUsers \
              finds nobody with the address",
        sources: &["API: AdminDeleteUser"],
        rule: delete_did_not_delete,
    },
    Cause {
        id: "delete-not-yet-consistent",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Possible,
        title: "the sign-up came before the deletion had taken effect everywhere",
        meaning: "AWS documents no consistency for users, and answers have been seen to flap within \
                  seconds. It can explain a refusal, never a mail that is missing after an accepted \
                  sign-up.",
        fix: "after the deletion, ask AdminGetUser until it says UserNotFoundException",
        sources: &["gh:aws/aws-sdk-js-v3#3825", "gh:ustaxcourt/ef-cms#8686"],
        rule: delete_not_yet_consistent,
    },
    Cause {
        id: "duplicate-signup-race",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "two sign-ups for the address ran at the same time, and made two users",
        meaning: "The second call is refused, yet its user exists; the code of one does not fit the \
                  other.",
        fix: "send the sign-up once, and delete both users",
        sources: &["gh:ustaxcourt/ef-cms#5260", "gh:ustaxcourt/ef-cms#8686"],
        rule: duplicate_signup_race,
    },
    Cause {
        id: "alias-exists-at-confirm",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the mail came, but another user owns the address, so the code was refused",
        meaning: "In a pool with e-mail aliases the second sign-up succeeds, and the conflict shows \
                  at ConfirmSignUp only.",
        fix: "delete the earlier owner, or confirm with ForceAliasCreation",
        sources: &["API: AliasExistsException", "gh:aws-amplify/amplify-js#449"],
        rule: alias_exists_at_confirm,
    },
    Cause {
        id: "username-format-rejected",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the username has a form that the pool does not take",
        meaning: "A pool with e-mail aliases takes no address as username; a pool whose usernames \
                  are addresses takes nothing else.",
        fix: "generate a username, or send the address, as the pool wants it",
        sources: &["gh:aws-amplify/amplify-ui#6678"],
        rule: username_format_rejected,
    },
    Cause {
        id: "username-case-mismatch",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the pool tells capitals apart, and the name was written in two ways",
        meaning: "`Ada@example.com` and `ada@example.com` are two users in a case-sensitive pool, \
                  which is the default of the API.",
        fix: "write addresses in small letters everywhere; make new pools case insensitive",
        sources: &["API: UsernameConfigurationType"],
        rule: username_case_mismatch,
    },
];

/// The refusal of a taken name, or the opinion that there was none.
fn name_taken(evidence: &Evidence) -> Result<Result<Refusal<'_>, Opinion>, Gap> {
    Ok(match reading::refusal(evidence)? {
        Ok(refusal) if refusal.is("UsernameExistsException") => Ok(refusal),
        Ok(refusal) => Err(reading::says_otherwise(&refusal)),
        Err(accepted) => Err(accepted),
    })
}

/// Who holds the name that was refused.
fn holder(evidence: &Evidence) -> Result<Option<&User>, Gap> {
    if let Some(Some(user)) = evidence.user.read() {
        return Ok(Some(user));
    }
    if let Some(users) = evidence.users_of_address.read() {
        return Ok(users.first());
    }
    evidence
        .user
        .need(SourceName::User)
        .map(|found| found.as_ref())
}

/// Whether the holder of the name came into being after the deletion: the run signed up in between,
/// and it is none of the users who were there before.
fn is_made_since_deletion(evidence: &Evidence, holder: &User) -> bool {
    let mut since = evidence.since_deletion().iter();
    let signed_up = since.any(|call| call.operation == "SignUp");
    let count = evidence.since_deletion().len();
    let before = evidence.before();
    let mut earlier = before[..before.len() - count].iter().filter_map(Call::sub);
    signed_up && earlier.all(|sub| *sub != holder.sub)
}

fn unconfirmed_leftover(evidence: &Evidence) -> Result<Opinion, Gap> {
    let refusal = match name_taken(evidence)? {
        Ok(refusal) => refusal,
        Err(other) => return Ok(other),
    };
    let holder = match (holder(evidence), evidence.deletion()) {
        (Ok(holder), None) => holder,
        (Ok(Some(holder)), Some(_)) if is_made_since_deletion(evidence, holder) => Some(holder),
        (Ok(_), Some(deletion)) => return Ok(Opinion::ruled_out(deleted(deletion))),
        (Err(gap), None) => return Ok(Opinion::likely(reading::refused(&refusal)).lacking(gap)),
        (Err(gap), Some(deletion)) => {
            let proof = reading::refused(&refusal);
            return Ok(match reading::refusal_that_left_the_user(evidence) {
                Some(earlier) => Opinion::likely(reading::refused(&earlier)).because(proof),
                None => Opinion::possible()
                    .because(proof)
                    .although(deleted(deletion)),
            }
            .lacking(gap));
        }
    };
    let proof = Opinion::certain(reading::refused(&refusal));
    Ok(match holder {
        Some(user) if user.is("UNCONFIRMED") => {
            // Without its date: the trouble is not that the user was made, but that it is there now.
            let text = format!("{} is UNCONFIRMED", user.sub);
            proof.because(Fact::new(SourceName::User, text))
        }
        Some(user) => Opinion::ruled_out(of_user(
            user,
            format!("{} holds the name and is {}", user.sub, user.status),
        )),
        None => Opinion::ruled_out(Fact::new(SourceName::User, "nobody holds the name now")),
    })
}

/// That the run deleted the user before.
fn deleted(deletion: &Call) -> Fact {
    let text = format!("the run called {} before", deletion.operation);
    Fact::of_call(deletion, text)
}

fn delete_did_not_delete(evidence: &Evidence) -> Result<Opinion, Gap> {
    let refusal = match name_taken(evidence)? {
        Ok(refusal) => refusal,
        Err(other) => return Ok(other),
    };
    let proof = reading::refused(&refusal);
    if let Some(deletion) = evidence.deletion()
        && let Some(failed) = deletion.refusal()
    {
        return Ok(Opinion::certain(reading::refused(&failed)).because(proof));
    }
    let holder = match holder(evidence) {
        Ok(Some(holder)) => holder,
        Ok(None) => {
            let text = "nobody holds the name now";
            return Ok(Opinion::ruled_out(Fact::new(SourceName::User, text)));
        }
        Err(gap) if evidence.deletion().is_some() => {
            return Ok(Opinion::likely(proof).lacking(gap));
        }
        Err(gap) => return Err(gap),
    };
    let still = of_user(
        holder,
        format!("{} still exists and is {}", holder.sub, holder.status),
    );
    Ok(match evidence.deletion() {
        Some(_) if is_made_since_deletion(evidence, holder) => {
            let text = format!("{} was made after the deletion", holder.sub);
            Opinion::ruled_out(of_user(holder, text))
        }
        Some(deletion) => {
            let text = format!("{} was answered with success", deletion.operation);
            Opinion::certain(Fact::of_call(deletion, text))
                .because(proof)
                .because(still)
        }
        // Nobody tried to delete, and an unconfirmed user has a cause of its own.
        None if holder.is("UNCONFIRMED") => Opinion::ruled_out(still),
        // That it should have been deleted, nobody but the person knows.
        None => Opinion::likely(proof)
            .because(still)
            .because(Fact::new(SourceName::OwnCalls, "no deletion was called")),
    })
}

fn delete_not_yet_consistent(evidence: &Evidence) -> Result<Opinion, Gap> {
    let refusal = match name_taken(evidence)? {
        Ok(refusal) => refusal,
        Err(other) => return Ok(other),
    };
    let Some(deletion) = evidence.deletion().filter(|call| call.is_accepted()) else {
        let text = "no deletion was accepted before";
        return Ok(Opinion::ruled_out(Fact::of_call(refusal.call, text)));
    };
    let pause = refusal.call.at.duration_since(deletion.at);
    let text = format!(
        "the sign-up came {:.1} s after the deletion",
        pause.as_secs_f64()
    );
    let proof = Fact::of_call(refusal.call, text);
    Ok(match holder(evidence) {
        Ok(Some(user)) => Opinion::ruled_out(of_user(user, "the user still exists now")),
        Ok(None) => Opinion::possible()
            .because(proof)
            .because(Fact::new(SourceName::User, "the name is free now")),
        Err(gap) => Opinion::possible().because(proof).lacking(gap),
    })
}

fn duplicate_signup_race(evidence: &Evidence) -> Result<Opinion, Gap> {
    let refusal = match reading::refusal(evidence)? {
        Ok(refusal) => refusal,
        Err(accepted) => return Ok(accepted),
    };
    if !refusal.says("Alias entry already exists") {
        return Ok(reading::says_otherwise(&refusal));
    }
    let proof = Opinion::certain(reading::refused(&refusal));
    Ok(
        match evidence.users_of_address.need(SourceName::UsersOfAddress) {
            Ok(users) => proof.because(Fact::new(
                SourceName::UsersOfAddress,
                format!("{} users have the address", users.len()),
            )),
            Err(gap) => proof.lacking(gap),
        },
    )
}

fn alias_exists_at_confirm(evidence: &Evidence) -> Result<Opinion, Gap> {
    let call = reading::request(evidence)?;
    let Some(confirmation) = evidence.confirmation() else {
        let text = "no code was tried";
        return Ok(Opinion::ruled_out(Fact::of_call(call, text)));
    };
    Ok(match confirmation.refusal() {
        Some(refusal) if refusal.is("AliasExistsException") => {
            Opinion::certain(reading::refused(&refusal))
        }
        Some(refusal) => reading::says_otherwise(&refusal),
        None => reading::was_accepted(confirmation),
    })
}

fn username_format_rejected(evidence: &Evidence) -> Result<Opinion, Gap> {
    let refusal = match reading::refusal(evidence)? {
        Ok(refusal) => refusal,
        Err(accepted) => return Ok(accepted),
    };
    let format = ["cannot be of email format", "should be an email"];
    let is_format =
        refusal.is("InvalidParameterException") && format.iter().any(|text| refusal.says(text));
    if !is_format {
        return Ok(reading::says_otherwise(&refusal));
    }
    let proof = Opinion::certain(reading::refused(&refusal));
    Ok(match evidence.pool_at_request() {
        Ok(pool) if pool.email_is_alias() => proof.because(of_pool("AliasAttributes has `email`")),
        Ok(pool) if pool.email_is_username() => {
            proof.because(of_pool("UsernameAttributes has `email`"))
        }
        Ok(_) => proof,
        Err(gap) => proof.lacking(gap),
    })
}

fn username_case_mismatch(evidence: &Evidence) -> Result<Opinion, Gap> {
    let pool = evidence.pool_at_request()?;
    if pool.case_sensitive == Some(false) {
        let text = "UsernameConfiguration.CaseSensitive is false";
        return Ok(Opinion::ruled_out(of_pool(text)));
    }
    let names: Vec<&str> = evidence
        .calls
        .iter()
        .filter_map(|call| call.username.as_deref())
        .collect();
    let differs = |one: &&str, other: &&str| one != other && one.eq_ignore_ascii_case(other);
    let pair = names.iter().find_map(|one| {
        names
            .iter()
            .find(|other| differs(one, other))
            .map(|other| (one, other))
    });
    let Some((one, other)) = pair else {
        let text = "the run wrote the name in one way only";
        return Ok(Opinion::ruled_out(Fact::new(SourceName::OwnCalls, text)));
    };
    let written = Fact::new(
        SourceName::OwnCalls,
        format!("the run wrote {one} and {other}"),
    );
    let missed = evidence
        .calls
        .iter()
        .filter_map(Call::refusal)
        .find(|refusal| refusal.is("UserNotFoundException"));
    Ok(match missed {
        Some(refusal) => Opinion::certain(reading::refused(&refusal))
            .because(written)
            .because(of_pool("the pool is case sensitive")),
        // Two accounts, each with its own mail: nothing is missing because of it.
        None => Opinion::possible().because(written),
    })
}

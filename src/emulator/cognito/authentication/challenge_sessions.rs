//! Challenges that wait for their answers, found by the `Session` that the client brings back.

use std::collections::{BTreeMap, HashMap, VecDeque};

use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::mfa::MfaMethod;
use super::outcome::ChallengeName;
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::fingerprint::{Fingerprint, fingerprint};
use crate::emulator::cognito::pool_members::VerifiedAttribute;
use crate::emulator::cognito::srp::ClaimKey;
use crate::emulator::cognito::totp::TotpSecret;
use crate::emulator::cognito::triggers::ChallengeResult;
use crate::emulator::cognito::users::UserKey;
use crate::emulator::random::Random;
use crate::model::{AppClientId, Secret};

/// Challenges that one pool remembers. AWS has no such limit; here the oldest is forgotten, so
/// that sign-ins which nobody completes do not fill the memory.
const CHALLENGES_MAX: usize = 65_536;
/// How long an expired or answered session is told from one that never was.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(1);
/// Random bytes of a session, which make the 1,543 or so characters of AWS's (COGNITO.md 3.10 \[R\]).
const SESSION_BYTES: usize = 1_157;

/// Whom a challenge is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// A user of the pool.
    User(UserKey),
    /// Nobody: the challenge hides that there is no user of this name.
    Nobody(Box<str>),
}

/// What the answer has to contain.
#[derive(Debug, Clone)]
pub(super) enum Expected {
    /// `NEW_PASSWORD_REQUIRED`.
    NewPassword,
    /// `PASSWORD_VERIFIER`: a claim that fits this key and user id.
    PasswordClaim {
        key: ClaimKey,
        user_id: Box<str>,
        /// The results so far of a `CUSTOM_AUTH` of which this is a part.
        custom: Option<Vec<ChallengeResult>>,
    },
    /// A code that was sent to an address, as first factor or as second.
    Code {
        name: ChallengeName,
        code: Secret<String>,
        proves: VerifiedAttribute,
    },
    /// `SOFTWARE_TOKEN_MFA`.
    SoftwareToken,
    /// `SELECT_MFA_TYPE`: one of these.
    MfaType(Vec<MfaMethod>),
    /// `MFA_SETUP`: an authenticator that is enrolled on the way.
    MfaSetup(Enrolment),
    /// `SELECT_CHALLENGE` of `USER_AUTH`: one of these.
    FirstFactor(Vec<ChallengeName>),
    /// No challenge: the confirmation of a sign-up (COGNITO.md 2.8).
    Confirmation,
    /// No challenge: the first sign-in of a user who was just confirmed (COGNITO.md 2.8).
    FirstSignIn,
    /// `CUSTOM_CHALLENGE`.
    Custom {
        private: BTreeMap<String, String>,
        metadata: Option<String>,
        results: Vec<ChallengeResult>,
    },
}

/// How far the enrolment of an authenticator has come.
#[derive(Debug, Clone)]
pub(super) enum Enrolment {
    NotBegun,
    SecretGiven(TotpSecret),
    Verified,
}

/// A challenge that waits.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    pub(super) subject: Subject,
    pub(super) client: AppClientId,
    pub(super) expected: Expected,
}

#[derive(Debug)]
struct Slot {
    expires: Timestamp,
    /// Nothing once it was answered.
    pending: Option<Pending>,
}

/// The challenges of a pool's users.
#[derive(Debug, Default)]
pub(crate) struct ChallengeSessions {
    slots: HashMap<Fingerprint, Slot>,
    in_order: VecDeque<Fingerprint>,
    disguise: Option<Secret<[u8; 32]>>,
}

impl ChallengeSessions {
    /// Remembers a challenge and gives out its session, which is random and can be used once.
    pub(super) fn open(
        &mut self,
        pending: Pending,
        (now, validity): (Timestamp, SignedDuration),
        random: &Random,
    ) -> String {
        self.forget_old(now);
        let token = BASE64_STANDARD.encode(random.bytes::<SESSION_BYTES>());
        let slot = Slot {
            expires: now + validity,
            pending: Some(pending),
        };
        self.slots.insert(fingerprint(&token), slot);
        self.in_order.push_back(fingerprint(&token));
        token
    }

    /// The challenge of a session that can still be answered, by the client that began it.
    ///
    /// # Errors
    /// `NotAuthorizedException` in the words of COGNITO.md 3.10 \[R, C\].
    pub(super) fn find(
        &self,
        token: &str,
        client: &AppClientId,
        now: Timestamp,
    ) -> Result<&Pending, Exception> {
        let pending = self.of_any_client(token, now);
        match pending {
            Ok(pending) if pending.client != *client => Err(Exception::invalid_session()),
            pending => pending,
        }
    }

    /// The challenge of a session, for the operations that name no client.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub(super) fn of_any_client(&self, token: &str, now: Timestamp) -> Result<&Pending, Exception> {
        let refused =
            |why| Exception::not_authorized(format!("Invalid session for the user, {why}"));
        let slot = self
            .slots
            .get(&fingerprint(token))
            .ok_or_else(Exception::invalid_session)?;
        let used = || refused("session can only be used once.");
        let pending = slot.pending.as_ref().ok_or_else(used)?;
        if now > slot.expires {
            return Err(refused("session is expired."));
        }
        Ok(pending)
    }

    /// Uses a session up.
    pub(super) fn spend(&mut self, token: &str) {
        if let Some(slot) = self.slots.get_mut(&fingerprint(token)) {
            slot.pending = None;
        }
    }

    /// Bytes that are the same each time for one name, and tell nothing without the pool's secret:
    /// of them are made the salt and the id of a user who does not exist (COGNITO.md 3.10 \[D\]).
    pub(super) fn disguise(&mut self, name: &str, random: &Random) -> Disguise {
        let secret = self
            .disguise
            .get_or_insert_with(|| Secret::new(random.bytes()));
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose());
        let derived = |purpose: &[u8]| hmac::sign(&key, &[purpose, name.as_bytes()].concat());
        let half = |purpose| {
            let mut bytes = [0; 16];
            bytes.copy_from_slice(&derived(purpose).as_ref()[..16]);
            bytes
        };
        let mut key = [0; 32];
        key.copy_from_slice(derived(b"key").as_ref());
        let mut id = half(b"id");
        // The shape of a `sub` (COGNITO.md 2.3).
        id[6] = 0x70;
        Disguise {
            salt: half(b"salt"),
            private_key: key,
            user_id: Uuid::from_bytes(id),
        }
    }

    fn forget_old(&mut self, now: Timestamp) {
        while let Some(oldest) = self.in_order.front() {
            let old = |slot: &Slot| now > slot.expires + REMEMBERED;
            let over = self.in_order.len() >= CHALLENGES_MAX;
            if !over && !self.slots.get(oldest).is_none_or(old) {
                break;
            }
            self.slots.remove(oldest);
            self.in_order.pop_front();
        }
    }
}

/// What stands in for the stored values of a user who does not exist.
pub(super) struct Disguise {
    pub(super) salt: [u8; 16],
    pub(super) private_key: [u8; 32],
    pub(super) user_id: Uuid,
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALIDITY: SignedDuration = SignedDuration::from_mins(3);

    fn pending() -> Pending {
        Pending {
            subject: Subject::Nobody("eve".into()),
            client: AppClientId::new("c"),
            expected: Expected::NewPassword,
        }
    }

    #[test]
    fn a_session_is_for_one_client_one_answer_and_three_minutes() {
        let (start, random) = (Timestamp::UNIX_EPOCH, Random::new(Some(1)));
        let mut sessions = ChallengeSessions::default();
        let first = sessions.open(pending(), (start, VALIDITY), &random);
        let second = sessions.open(pending(), (start, VALIDITY), &random);
        sessions.spend(&second);
        assert_eq!(first.len(), 1_544);
        let late = start + VALIDITY + SignedDuration::from_secs(1);
        let cases = [
            (&*first, "c", start + VALIDITY, None),
            (
                &*first,
                "c",
                late,
                Some("Invalid session for the user, session is expired."),
            ),
            (&*first, "d", start, Some("Invalid session for the user.")),
            (
                &*second,
                "c",
                start,
                Some("Invalid session for the user, session can only be used once."),
            ),
            ("bogus", "c", start, Some("Invalid session for the user.")),
        ];
        for (token, client, now, expected) in cases {
            let found = sessions.find(token, &AppClientId::new(client), now);
            assert_eq!(
                found.err().map(|error| error.to_string()).as_deref(),
                expected
            );
        }
    }

    #[test]
    fn old_challenges_and_too_many_are_forgotten() {
        let (start, random) = (Timestamp::UNIX_EPOCH, Random::new(Some(1)));
        let mut sessions = ChallengeSessions::default();
        for _ in 0..3 {
            sessions.open(pending(), (start, VALIDITY), &random);
        }
        let later = start + REMEMBERED + SignedDuration::from_mins(4);
        sessions.open(pending(), (later, VALIDITY), &random);
        assert_eq!((sessions.slots.len(), sessions.in_order.len()), (1, 1));
    }

    #[test]
    fn a_disguise_is_stable_for_a_name() {
        let (random, mut sessions) = (Random::new(None), ChallengeSessions::default());
        let mut of = |name| sessions.disguise(name, &random);
        let (eve, again, bob) = (of("eve"), of("eve"), of("bob"));
        assert_eq!((eve.salt, eve.user_id), (again.salt, again.user_id));
        assert_ne!(eve.salt, bob.salt);
        assert_ne!(eve.user_id, bob.user_id);
    }
}

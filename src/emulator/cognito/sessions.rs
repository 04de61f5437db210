//! Refresh tokens that are out (COGNITO.md 10), and which access tokens they keep alive.

use std::collections::{HashMap, HashSet, VecDeque};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use uuid::Uuid;

use super::fingerprint::{Fingerprint, fingerprint};
use super::users::UserKey;
use crate::emulator::random::Random;
use crate::model::AppClientId;

/// Refresh tokens that one user may have out. AWS has no such limit; here the oldest is revoked,
/// so that a test which signs in for ever does not fill the memory.
const TOKENS_PER_USER_MAX: usize = 1_000;
/// The header of every refresh token, which tells one from other texts.
const HEADER: &[u8] = br#"{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}"#;

/// What a refresh token stands for.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) user: UserKey,
    pub(crate) client: AppClientId,
    /// Equal in all tokens of the session (COGNITO.md 10 \[V\]).
    pub(crate) origin: Uuid,
    pub(crate) signed_in: Timestamp,
    pub(crate) expires: Timestamp,
    /// Until when a token that was rotated out is still taken.
    pub(crate) rotated_until: Option<Timestamp>,
}

/// The sessions of a pool's users, found by token and forgotten by user.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    by_token: HashMap<Fingerprint, Session>,
    by_user: HashMap<UserKey, VecDeque<Fingerprint>>,
    live: HashSet<Uuid>,
}

impl Sessions {
    /// Opens or continues a session and gives out its refresh token: opaque, in five parts like
    /// the encrypted token of AWS \[U\], and random throughout.
    pub(crate) fn open(&mut self, session: Session, random: &Random) -> String {
        let part = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let token = [
            part(HEADER),
            part(&random.bytes::<256>()),
            part(&random.bytes::<12>()),
            part(&random.bytes::<512>()),
            part(&random.bytes::<16>()),
        ]
        .join(".");
        let fingerprint = fingerprint(&token);
        let tokens = self.by_user.entry(session.user).or_default();
        tokens.push_back(fingerprint);
        let oldest = (tokens.len() > TOKENS_PER_USER_MAX).then(|| tokens.pop_front());
        self.live.insert(session.origin);
        self.by_token.insert(fingerprint, session);
        let oldest = oldest
            .flatten()
            .and_then(|oldest| self.by_token.remove(&oldest));
        // One that was rotated out has a successor, which keeps the session alive.
        if let Some(oldest) = oldest.filter(|oldest| oldest.rotated_until.is_none()) {
            self.live.remove(&oldest.origin);
        }
        token
    }

    /// The session that a token belongs to.
    pub(crate) fn of_token(&self, token: &str) -> Option<&Session> {
        self.by_token.get(&fingerprint(token))
    }

    /// Whether access tokens of this origin are still honoured.
    pub(crate) fn is_live(&self, origin: Uuid) -> bool {
        self.live.contains(&origin)
    }

    /// Takes a token that a new one replaces for this much longer.
    pub(crate) fn rotate_out(&mut self, token: &str, until: Timestamp) {
        if let Some(session) = self.by_token.get_mut(&fingerprint(token)) {
            session.rotated_until.get_or_insert(until);
        }
    }

    /// Revokes a refresh token with the access tokens of its session, and the refresh tokens that
    /// rotation made of it (COGNITO.md 3.8).
    pub(crate) fn revoke(&mut self, token: &str) {
        let Some(session) = self.of_token(token) else {
            return;
        };
        let (user, origin) = (session.user, session.origin);
        self.live.remove(&origin);
        let Some(tokens) = self.by_user.get_mut(&user) else {
            return;
        };
        let by_token = &mut self.by_token;
        tokens.retain(|token| {
            let other = by_token
                .get(token)
                .is_some_and(|session| session.origin != origin);
            if !other {
                by_token.remove(token);
            }
            other
        });
    }

    /// Forgets all sessions of a user.
    pub(crate) fn forget(&mut self, user: UserKey) {
        for token in self.by_user.remove(&user).unwrap_or_default() {
            if let Some(session) = self.by_token.remove(&token) {
                self.live.remove(&session.origin);
            }
        }
    }
}

/// Whether a text has the form of the refresh tokens that are given out here.
pub(crate) fn is_refresh_token(text: &str) -> bool {
    let header = BASE64_URL_SAFE_NO_PAD.encode(HEADER);
    text.split('.').count() == 5 && text.split('.').next() == Some(&header)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(user: UserKey, origin: u128) -> Session {
        Session {
            user,
            client: AppClientId::new("c"),
            origin: Uuid::from_u128(origin),
            signed_in: Timestamp::UNIX_EPOCH,
            expires: Timestamp::UNIX_EPOCH,
            rotated_until: None,
        }
    }

    #[test]
    fn revoking_one_session_leaves_the_others() {
        let (user, random) = (UserKey::of_number(1), Random::new(Some(1)));
        let mut sessions = Sessions::default();
        let first = sessions.open(session(user, 1), &random);
        let rotated = sessions.open(session(user, 1), &random);
        let other = sessions.open(session(user, 2), &random);
        sessions.revoke(&first);
        assert!(sessions.of_token(&first).is_none() && sessions.of_token(&rotated).is_none());
        assert!(sessions.of_token(&other).is_some());
        let live = [1, 2].map(|origin| sessions.is_live(Uuid::from_u128(origin)));
        assert_eq!(live, [false, true]);
        sessions.forget(user);
        assert!(sessions.of_token(&other).is_none() && !sessions.is_live(Uuid::from_u128(2)));
    }

    #[test]
    fn the_oldest_of_too_many_tokens_is_revoked() {
        let (user, random) = (UserKey::of_number(1), Random::new(Some(1)));
        let mut sessions = Sessions::default();
        let first = sessions.open(session(user, 0), &random);
        for origin in 1..=TOKENS_PER_USER_MAX {
            sessions.open(session(user, origin as u128), &random);
        }
        assert!(sessions.of_token(&first).is_none() && !sessions.is_live(Uuid::from_u128(0)));
        assert_eq!(sessions.by_token.len(), TOKENS_PER_USER_MAX);
        assert!(is_refresh_token(&first) && !is_refresh_token("a.b.c.d.e"));
    }
}

//! Refresh tokens that are out (COGNITO.md 10).

use std::collections::{BTreeSet, HashMap};

use aws_lc_rs::digest;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use uuid::Uuid;

use super::users::UserKey;
use crate::emulator::random::Random;
use crate::model::AppClientId;

/// What a refresh token stands for.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) user: UserKey,
    pub(crate) client: AppClientId,
    /// Equal in all tokens of the session (COGNITO.md 10 \[V\]).
    pub(crate) origin: Uuid,
    pub(crate) signed_in: Timestamp,
    pub(crate) expires: Timestamp,
}

/// Half a SHA-256 of the token: the token itself is not kept.
type Fingerprint = [u8; 16];

/// The sessions of a pool's users, found by token and forgotten by user.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    by_token: HashMap<Fingerprint, Session>,
    by_user: BTreeSet<(UserKey, Fingerprint)>,
}

impl Sessions {
    /// Opens a session and gives out its refresh token: opaque, in five parts like the encrypted
    /// token of AWS \[U\], and random throughout.
    pub(crate) fn open(&mut self, session: Session, random: &Random) -> String {
        let header = br#"{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}"#;
        let part = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let token = [
            part(header),
            part(&random.bytes::<256>()),
            part(&random.bytes::<12>()),
            part(&random.bytes::<512>()),
            part(&random.bytes::<16>()),
        ]
        .join(".");
        let fingerprint = fingerprint(&token);
        self.by_user.insert((session.user, fingerprint));
        self.by_token.insert(fingerprint, session);
        token
    }

    /// The session that a token belongs to.
    pub(crate) fn of_token(&self, token: &str) -> Option<&Session> {
        self.by_token.get(&fingerprint(token))
    }

    /// Forgets all sessions of a user.
    pub(crate) fn forget(&mut self, user: UserKey) {
        let range = (user, Fingerprint::default())..=(user, [u8::MAX; 16]);
        let tokens: Vec<_> = self.by_user.range(range).copied().collect();
        for (user, token) in tokens {
            self.by_user.remove(&(user, token));
            self.by_token.remove(&token);
        }
    }
}

fn fingerprint(token: &str) -> Fingerprint {
    let hash = digest::digest(&digest::SHA256, token.as_bytes());
    let mut fingerprint = Fingerprint::default();
    fingerprint.copy_from_slice(&hash.as_ref()[..16]);
    fingerprint
}

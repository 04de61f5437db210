//! An authenticator app: RFC 6238 with SHA-1, six digits and steps of 30 seconds (COGNITO.md 4).

use aws_lc_rs::hmac;
use jiff::Timestamp;

use crate::model::{ConfirmationCode, Secret};

/// How long one code is shown.
const STEP_SECONDS: i64 = 30;
/// One more than the largest code.
const CODES: u32 = 1_000_000;

/// An app that knows a user's secret. It shows no code twice, because Cognito takes none twice.
///
/// ```
/// use reverify::cognito::Authenticator;
/// use reverify::model::Secret;
///
/// let mut app = Authenticator::new(&Secret::new("JBSWY3DPEHPK3PXP".to_owned()))?;
/// let now = "2026-11-21T03:00:00Z".parse()?;
/// assert_ne!(app.next_code(now), app.next_code(now));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Authenticator {
    key: Secret<Vec<u8>>,
    /// The first period whose code was not shown yet.
    next: i64,
}

/// A secret that no authenticator app takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret for the authenticator app is not in base32")]
pub struct InvalidSecretCode;

impl Authenticator {
    /// An app with the secret that the service gave, in base32 with or without padding.
    ///
    /// # Errors
    ///
    /// When the text is not base32.
    pub fn new(secret_code: &Secret<String>) -> Result<Self, InvalidSecretCode> {
        let text = secret_code.expose().trim_end_matches('=').to_uppercase();
        let key = data_encoding::BASE32_NOPAD.decode(text.as_bytes());
        let key = key.ok().filter(|key| !key.is_empty());
        Ok(Self {
            key: Secret::new(key.ok_or(InvalidSecretCode)?),
            next: 0,
        })
    }

    /// The code for a moment, or if that was shown already, the one after it, which servers that
    /// follow RFC 6238, 5.2, take as well.
    pub fn next_code(&mut self, now: Timestamp) -> ConfirmationCode {
        let period = (now.as_second() / STEP_SECONDS).max(self.next);
        self.next = period + 1;
        self.code(period)
    }

    /// The truncated hash of the period's number (RFC 4226, 5.3).
    fn code(&self, period: i64) -> ConfirmationCode {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, self.key.expose());
        let tag = hmac::sign(&key, &period.to_be_bytes());
        let tag = tag.as_ref();
        let offset = usize::from(tag.last().copied().unwrap_or_default() & 0x0f);
        let bytes = tag.iter().skip(offset).take(4);
        let number = bytes.fold(0u32, |number, byte| (number << 8) | u32::from(*byte));
        let digits = format!("{:06}", (number & 0x7fff_ffff) % CODES);
        let Ok(code) = digits.parse() else {
            unreachable!("six digits are a code")
        };
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_codes_of_the_standard() {
        // RFC 6238, appendix B, SHA-1, the last six of eight digits.
        let secret = data_encoding::BASE32.encode(b"12345678901234567890");
        let cases = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ];
        for (second, expected) in cases {
            let mut app = Authenticator::new(&Secret::new(secret.clone())).unwrap();
            let now = Timestamp::from_second(second).unwrap();
            assert_eq!(app.next_code(now).expose(), expected);
        }
    }

    #[test]
    fn takes_base32_only() {
        for bad in ["", "1", "not base32!"] {
            assert!(
                Authenticator::new(&Secret::new(bad.to_owned())).is_err(),
                "{bad}"
            );
        }
    }
}

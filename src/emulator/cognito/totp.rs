//! Codes of an authenticator app: RFC 6238 with SHA-1, six digits and steps of 30 seconds, which is
//! what Cognito and the usual apps agree on (COGNITO.md 4).
#![cfg_attr(
    not(test),
    expect(dead_code, reason = "wired in with the sign-in flows")
)]

use std::fmt;

use aws_lc_rs::hmac;
use jiff::Timestamp;

/// How long one code is shown.
const STEP_SECONDS: u64 = 30;

/// One more than the largest code.
const CODES: u32 = 1_000_000;

/// The size of a secret, of which Cognito makes 52 letters. COGNITO.md has no row for it; it is a
/// guess from secrets that people have shown.
pub(crate) const SECRET_BYTES: usize = 32;

/// How many steps a device's clock may be off in either direction. The guess follows RFC 6238, 5.2,
/// which recommends one step; Cognito's own window is not documented.
const TOLERATED_STEPS: u64 = 1;

/// A period of 30 seconds, counted from the epoch.
///
/// Keep the step that a code matched: Cognito takes each code once, so a later code must belong to a
/// later step ("Your software token has already been used once.", COGNITO.md 3.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Step(u64);

impl Step {
    /// The step that a moment falls into; moments before 1970 count as the first.
    pub(crate) fn at(now: Timestamp) -> Self {
        Self(u64::try_from(now.as_second()).unwrap_or(0) / STEP_SECONDS)
    }

    /// The steps whose codes are taken at this one, likeliest first.
    fn tolerated(self) -> impl Iterator<Item = Self> {
        let earlier = (1..=TOLERATED_STEPS).filter_map(move |off| self.0.checked_sub(off));
        let later = (1..=TOLERATED_STEPS).filter_map(move |off| self.0.checked_add(off));
        std::iter::once(self.0)
            .chain(earlier)
            .chain(later)
            .map(Self)
    }
}

/// The secret that a user's authenticator app shares with the pool.
#[derive(Clone)]
pub(crate) struct TotpSecret([u8; SECRET_BYTES]);

impl TotpSecret {
    /// Makes a secret of random bytes.
    pub(crate) fn new(random: [u8; SECRET_BYTES]) -> Self {
        Self(random)
    }

    /// The secret in base32 without padding, as `SecretCode` gives it to the user.
    pub(crate) fn secret_code(&self) -> String {
        data_encoding::BASE32_NOPAD.encode(&self.0)
    }

    /// The code that an app shows during a step: six digits.
    pub(crate) fn code(&self, step: Step) -> String {
        format!("{:06}", truncated(&self.0, step) % CODES)
    }

    /// The step whose code that is, if it is one that an app may show now.
    pub(crate) fn matching_step(&self, code: &str, now: Timestamp) -> Option<Step> {
        Step::at(now).tolerated().find(|step| {
            let shown = self.code(*step);
            let equal = aws_lc_rs::constant_time::verify_slices_are_equal;
            equal(shown.as_bytes(), code.as_bytes()).is_ok()
        })
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(••••)")
    }
}

/// The 31 bits that a step's digest points at (RFC 4226, 5.3).
fn truncated(secret: &[u8], step: Step) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.0.to_be_bytes());
    let digest = tag.as_ref();
    let offset = digest.last().map_or(0, |last| usize::from(last & 0x0f));
    let four = digest.iter().skip(offset).take(4);
    four.fold(0, |bits, byte| (bits << 8) | u32::from(*byte)) & 0x7fff_ffff
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// RFC 6238, appendix B, the rows of SHA-1: moment and code of eight digits.
    const RFC_6238: [(i64, u32); 6] = [
        (59, 94_287_082),
        (1_111_111_109, 7_081_804),
        (1_111_111_111, 14_050_471),
        (1_234_567_890, 89_005_924),
        (2_000_000_000, 69_279_037),
        (20_000_000_000, 65_353_130),
    ];

    #[test]
    fn gives_the_codes_of_the_rfc() {
        for (second, code) in RFC_6238 {
            let bits = truncated(b"12345678901234567890", Step::at(at(second)));
            assert_eq!(bits % 100_000_000, code, "{second}");
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_and_one_late_and_names_its_step() {
        let secret = TotpSecret::new([7; SECRET_BYTES]);
        let now = at(1_800_000_015);
        let step = Step::at(now);
        for (off, taken) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let shown = Step(step.0.checked_add_signed(off).unwrap());
            let matched = secret.matching_step(&secret.code(shown), now);
            assert_eq!(matched, taken.then_some(shown), "{off}");
        }
        assert!(
            Step(step.0 + 1) > step,
            "a step orders codes, so that a used one can be refused"
        );
    }

    #[test]
    fn what_is_no_code_matches_nothing() {
        let secret = TotpSecret::new([7; SECRET_BYTES]);
        let code = secret.code(Step::at(at(90)));
        for wrong in [
            "",
            "abcdef",
            &code[1..],
            &format!("{code}0"),
            &format!(" {code}"),
        ] {
            assert_eq!(secret.matching_step(wrong, at(90)), None, "{wrong}");
        }
        assert!(secret.matching_step(&code, at(90)).is_some());
    }

    #[test]
    fn codes_keep_their_leading_zeros_and_the_epoch_has_an_edge() {
        let secret = TotpSecret::new([7; SECRET_BYTES]);
        let codes: Vec<_> = (0..200).map(|step| secret.code(Step(step))).collect();
        assert!(codes.iter().all(|code| code.len() == 6));
        assert!(codes.iter().any(|code| code.starts_with('0')));
        assert_eq!(secret.matching_step(&codes[0], at(-5)), Some(Step(0)));
        assert_eq!(secret.matching_step(&codes[1], at(0)), Some(Step(1)));
    }

    #[test]
    fn the_secret_is_given_in_base32_and_never_shown() {
        let secret = TotpSecret::new([0xff; SECRET_BYTES]);
        assert_eq!(secret.secret_code(), format!("{}Q", "7".repeat(51)));
        assert_eq!(format!("{secret:?}"), "TotpSecret(••••)");
    }
}

//! Codes that were sent, and how often a user may ask or try (COGNITO.md 4).

use jiff::{SignedDuration, Timestamp};

use super::error::Exception;
use super::pool_members::VerifiedAttribute;
use crate::emulator::random::Random;

/// How long a code for a sign-up or an attribute is good for (COGNITO.md 4 \[D\]).
const VERIFICATION_LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// How long a code for a new password is good for (COGNITO.md 4 \[D\]).
const RECOVERY_LIFETIME: SignedDuration = SignedDuration::from_hours(1);
/// `ConfirmSignUp` calls for one user in an hour (COGNITO.md 4 \[D\]).
const CONFIRM_CALLS_PER_HOUR: u16 = 15;
/// `ResendConfirmationCode` calls for one user in an hour (COGNITO.md 4 \[D\]).
const RESEND_CALLS_PER_HOUR: u16 = 5;
/// `ForgotPassword` and `ConfirmForgotPassword` calls for one user in an hour. AWS allows 5 to 20 by
/// the risk that it sees (COGNITO.md 4 \[D\]); nothing here is risky.
const RECOVERY_CALLS_PER_HOUR: u16 = 20;
/// `GetUserAttributeVerificationCode` calls for one user in an hour (COGNITO.md 4 \[D\]).
const ATTRIBUTE_CODE_CALLS_PER_HOUR: u16 = 5;
/// `VerifyUserAttribute` calls for one user in an hour (COGNITO.md 4 \[D\]).
const VERIFY_CALLS_PER_HOUR: u16 = 15;
/// `ChangePassword` calls for one user in an hour (COGNITO.md 3.8 \[R\]).
const CHANGE_PASSWORD_CALLS_PER_HOUR: u16 = 5;

/// A six-digit code and what it proves.
#[derive(Clone)]
pub(crate) struct IssuedCode {
    digits: u32,
    expires: Timestamp,
    /// The attribute whose address the code was sent to.
    pub(crate) proves: VerifiedAttribute,
}

impl IssuedCode {
    /// Draws a code for a sign-up or an attribute.
    pub(crate) fn draw(random: &Random, now: Timestamp, proves: VerifiedAttribute) -> Self {
        Self {
            digits: random.six_digits(),
            expires: now + VERIFICATION_LIFETIME,
            proves,
        }
    }

    /// Draws a code for a new password, which lives for an hour.
    pub(crate) fn draw_for_recovery(
        random: &Random,
        now: Timestamp,
        sent_to: VerifiedAttribute,
    ) -> Self {
        Self {
            expires: now + RECOVERY_LIFETIME,
            ..Self::draw(random, now, sent_to)
        }
    }

    /// The six digits, leading zeros included.
    pub(crate) fn text(&self) -> String {
        format!("{:06}", self.digits)
    }

    /// Checks what a user typed.
    ///
    /// # Errors
    /// `ExpiredCodeException` after the lifetime, else `CodeMismatchException` for another text.
    /// Which of the two comes first for a code that is both wrong and expired is a guess \[U\].
    pub(crate) fn check(&self, typed: &str, now: Timestamp) -> Result<(), Exception> {
        if now > self.expires {
            return Err(Exception::ExpiredCode);
        }
        if typed != self.text() {
            return Err(Exception::CodeMismatch);
        }
        Ok(())
    }
}

impl std::fmt::Debug for IssuedCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IssuedCode(••••, until {})", self.expires)
    }
}

/// Calls counted over an hour that begins with the first of them.
///
/// That the hour is fixed rather than sliding is a guess \[U\]; it needs one counter a user.
#[derive(Debug, Clone, Default)]
pub(crate) struct HourlyCount {
    began: Option<Timestamp>,
    calls: u16,
}

impl HourlyCount {
    /// Counts a `ConfirmSignUp` call.
    ///
    /// # Errors
    /// `LimitExceededException` beyond the hour's limit.
    pub(crate) fn confirm(&mut self, now: Timestamp) -> Result<(), Exception> {
        self.count(now, CONFIRM_CALLS_PER_HOUR)
    }

    /// Counts a `ResendConfirmationCode` call.
    ///
    /// # Errors
    /// `LimitExceededException` beyond the hour's limit.
    pub(crate) fn resend(&mut self, now: Timestamp) -> Result<(), Exception> {
        self.count(now, RESEND_CALLS_PER_HOUR)
    }

    /// Counts a `ForgotPassword` or `ConfirmForgotPassword` call.
    ///
    /// # Errors
    /// `LimitExceededException` beyond the hour's limit.
    pub(crate) fn recover(&mut self, now: Timestamp) -> Result<(), Exception> {
        self.count(now, RECOVERY_CALLS_PER_HOUR)
    }

    /// Counts a `GetUserAttributeVerificationCode` call.
    ///
    /// # Errors
    /// `LimitExceededException` beyond the hour's limit.
    pub(crate) fn attribute_code(&mut self, now: Timestamp) -> Result<(), Exception> {
        self.count(now, ATTRIBUTE_CODE_CALLS_PER_HOUR)
    }

    /// Counts a `VerifyUserAttribute` call.
    ///
    /// # Errors
    /// `LimitExceededException` beyond the hour's limit.
    pub(crate) fn verify(&mut self, now: Timestamp) -> Result<(), Exception> {
        self.count(now, VERIFY_CALLS_PER_HOUR)
    }

    /// Counts a `ChangePassword` call.
    ///
    /// # Errors
    /// `LimitExceededException` beyond the hour's limit.
    pub(crate) fn change_password(&mut self, now: Timestamp) -> Result<(), Exception> {
        self.count(now, CHANGE_PASSWORD_CALLS_PER_HOUR)
    }

    fn count(&mut self, now: Timestamp, limit: u16) -> Result<(), Exception> {
        let over = |began| now.duration_since(began) >= SignedDuration::from_hours(1);
        if self.began.is_none_or(over) {
            *self = Self {
                began: Some(now),
                calls: 0,
            };
        }
        if self.calls >= limit {
            return Err(Exception::LimitExceeded);
        }
        self.calls += 1;
        Ok(())
    }
}

/// Failed passwords tolerated before the user is locked (COGNITO.md 3.10 \[D, R\]).
const FAILURES_BEFORE_LOCK: u32 = 5;
/// Longest lock: "up to about 15 minutes" (COGNITO.md 3.10 \[D\]).
const LOCK_SECONDS_MAX: i64 = 900;

/// The lock that follows wrong passwords: after the nth failure, 2^(n-5) seconds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lockout {
    failures: u32,
    until: Option<Timestamp>,
}

impl Lockout {
    /// Whether a sign-in may be tried now.
    ///
    /// # Errors
    /// `NotAuthorizedException`, `Password attempts exceeded`.
    pub(crate) fn check(&self, now: Timestamp) -> Result<(), Exception> {
        if self.until.is_some_and(|until| now < until) {
            return Err(Exception::not_authorized("Password attempts exceeded"));
        }
        Ok(())
    }

    /// Counts a wrong password.
    pub(crate) fn failed(&mut self, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= FAILURES_BEFORE_LOCK {
            // 2^10 s is beyond the longest lock already.
            let doublings = (self.failures - FAILURES_BEFORE_LOCK).min(10);
            let seconds = (1_i64 << doublings).min(LOCK_SECONDS_MAX);
            self.until = Some(now + SignedDuration::from_secs(seconds));
        }
    }

    /// Forgets the failures after a right password.
    pub(crate) fn succeeded(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::UNIX_EPOCH;

    fn after(seconds: i64) -> Timestamp {
        START + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn a_code_is_good_for_a_day() {
        let code = IssuedCode::draw(&Random::new(Some(1)), START, VerifiedAttribute::Email);
        let text = code.text();
        assert_eq!(text.len(), 6);
        let wrong = if text == "000000" { "000001" } else { "000000" };
        assert_eq!(code.check(&text, after(86_400)), Ok(()));
        assert_eq!(code.check(wrong, after(0)), Err(Exception::CodeMismatch));
        assert_eq!(
            code.check(&text, after(86_401)),
            Err(Exception::ExpiredCode)
        );
        assert_eq!(code.check("", after(0)), Err(Exception::CodeMismatch));
    }

    #[test]
    fn a_code_for_a_new_password_is_good_for_an_hour() {
        let email = VerifiedAttribute::Email;
        let code = IssuedCode::draw_for_recovery(&Random::new(Some(1)), START, email);
        assert_eq!(code.check(&code.text(), after(3_600)), Ok(()));
        let late = code.check(&code.text(), after(3_601));
        assert_eq!(late, Err(Exception::ExpiredCode));
    }

    #[test]
    fn the_sixth_resend_of_an_hour_is_refused() {
        let mut count = HourlyCount::default();
        for minute in 0..5 {
            assert_eq!(count.resend(after(minute * 60)), Ok(()));
        }
        assert_eq!(count.resend(after(3_599)), Err(Exception::LimitExceeded));
        assert_eq!(count.resend(after(3_600)), Ok(()));
    }

    #[test]
    fn five_failures_lock_for_a_doubling_time() {
        let mut lockout = Lockout::default();
        for _ in 0..4 {
            lockout.failed(START);
        }
        assert!(lockout.check(START).is_ok());
        for (failure, seconds) in [(5, 1), (6, 2), (7, 4), (8, 8)] {
            lockout.failed(START);
            assert!(
                lockout.check(after(seconds - 1)).is_err(),
                "failure {failure}"
            );
            assert!(lockout.check(after(seconds)).is_ok(), "failure {failure}");
        }
        for _ in 0..40 {
            lockout.failed(START);
        }
        assert!(lockout.check(after(LOCK_SECONDS_MAX)).is_ok());
        lockout.succeeded();
        assert!(lockout.check(START).is_ok());
    }
}

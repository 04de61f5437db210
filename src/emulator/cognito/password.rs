//! The password policy, and what is kept of a password (COGNITO.md 2.5).

use aws_lc_rs::constant_time;
use serde::{Deserialize, Serialize};

use super::error::Exception;
use super::srp::{self, SALT_BYTES};
use crate::emulator::random::Random;

/// The words before the violation, which differ by operation (COGNITO.md 2.5).
#[derive(Debug, Clone, Copy)]
pub(crate) enum Prefix {
    /// `SignUp`.
    SignUp,
    /// `AdminCreateUser` \[R\] and `AdminSetUserPassword` \[I\].
    Administrator,
    /// `ConfirmForgotPassword`, `ChangePassword` and `NEW_PASSWORD_REQUIRED` \[C\].
    Change,
}

impl Prefix {
    const fn text(self) -> &'static str {
        match self {
            Self::SignUp => "Password did not conform with policy: ",
            Self::Administrator => "Password did not conform with password policy: ",
            Self::Change => "Password does not conform to policy: ",
        }
    }
}

/// `PasswordPolicyType`. What is absent at creation takes the default of an API-made pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the members of the wire's structure"
)]
pub(crate) struct PasswordPolicy {
    pub(crate) minimum_length: usize,
    pub(crate) require_uppercase: bool,
    pub(crate) require_lowercase: bool,
    pub(crate) require_numbers: bool,
    pub(crate) require_symbols: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) password_history_size: Option<u8>,
    pub(crate) temporary_password_validity_days: u16,
}

impl Default for PasswordPolicy {
    /// Eight characters of all four classes (COGNITO.md 2.5 \[D\]).
    fn default() -> Self {
        Self {
            minimum_length: 8,
            require_uppercase: true,
            require_lowercase: true,
            require_numbers: true,
            require_symbols: true,
            password_history_size: None,
            temporary_password_validity_days: 7,
        }
    }
}

/// The characters that count as symbols (COGNITO.md 2.5 \[D\]).
const SYMBOLS: &str = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ";

impl PasswordPolicy {
    /// A policy that asks for a length and for no class of characters.
    pub(crate) const fn of_length(minimum_length: usize) -> Self {
        Self {
            minimum_length,
            require_uppercase: false,
            require_lowercase: false,
            require_numbers: false,
            require_symbols: false,
            password_history_size: None,
            temporary_password_validity_days: 7,
        }
    }

    /// Checks a password: one violation at a time \[R\], in an order that is a guess \[U\].
    ///
    /// # Errors
    /// `InvalidPasswordException` in the words of the operation.
    pub(crate) fn check(&self, password: &str, prefix: Prefix) -> Result<(), Exception> {
        let any = |test: fn(char) -> bool| password.chars().any(test);
        let rules = [
            (
                password.chars().count() >= self.minimum_length,
                "Password not long enough",
            ),
            (
                !self.require_lowercase || any(|c| c.is_ascii_lowercase()),
                "Password must have lowercase characters",
            ),
            (
                !self.require_uppercase || any(|c| c.is_ascii_uppercase()),
                "Password must have uppercase characters",
            ),
            (
                !self.require_numbers || any(|c| c.is_ascii_digit()),
                "Password must have numeric characters",
            ),
            (
                !self.require_symbols || any(|c| SYMBOLS.contains(c)),
                "Password must have symbol characters",
            ),
        ];
        match rules.iter().find(|(holds, _)| !holds) {
            None => Ok(()),
            Some((_, violation)) => Err(Exception::InvalidPassword {
                prefix: prefix.text(),
                violation,
            }),
        }
    }
}

/// What is kept of a password: SRP's salt and private key.
///
/// The clear text is never kept. The fast hash is not a choice: `USER_SRP_AUTH` computes the same
/// key from the same parts (RFC 2945 §3, with Cognito's pool name before the user's), so a slow
/// password hash could not serve both flows. The store lives in memory, for test users.
#[derive(Clone)]
pub(crate) struct PasswordHash {
    salt: [u8; SALT_BYTES],
    key: [u8; 32],
    is_known: bool,
}

impl PasswordHash {
    /// Hashes a password for the user that `pool_name` (the pool id after its `_`) and `username`
    /// name.
    pub(crate) fn new(pool_name: &str, username: &str, password: &str, random: &Random) -> Self {
        let salt = random.bytes();
        Self {
            salt,
            key: srp::private_key(&salt, pool_name, username, password),
            is_known: true,
        }
    }

    /// A hash that no known password has, for the challenge of a user who does not exist.
    pub(crate) const fn disguise(salt: [u8; SALT_BYTES], key: [u8; 32]) -> Self {
        Self {
            salt,
            key,
            is_known: false,
        }
    }

    /// What is kept of a user who has no password and signs in with codes.
    pub(crate) fn none(random: &Random) -> Self {
        Self::disguise(random.bytes(), random.bytes())
    }

    /// Whether somebody can know the password.
    pub(crate) const fn is_known(&self) -> bool {
        self.is_known
    }

    /// Whether `password` is the one that was hashed.
    pub(crate) fn matches(&self, pool_name: &str, username: &str, password: &str) -> bool {
        let candidate = srp::private_key(&self.salt, pool_name, username, password);
        constant_time::verify_slices_are_equal(&candidate, &self.key).is_ok()
    }

    /// Answers the `SRP_A` of whoever claims to know the password; see [`srp::Challenge::new`].
    pub(crate) fn challenge(
        &self,
        client: &srp::ClientPublic,
        exponent: [u8; srp::EXPONENT_BYTES],
    ) -> srp::Challenge {
        srp::Challenge::new(self.salt, self.key, client, exponent)
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(••••)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_first_broken_rule() {
        let cases = [
            ("aA1!", "Password not long enough"),
            ("AAAAAAA1!", "Password must have lowercase characters"),
            ("aaaaaaa1!", "Password must have uppercase characters"),
            ("aaaaaaaA!", "Password must have numeric characters"),
            ("aaaaaaaA1", "Password must have symbol characters"),
            ("ÄÄÄÄÄaaa1!", "Password must have uppercase characters"),
        ];
        for (password, violation) in cases {
            let error = PasswordPolicy::default()
                .check(password, Prefix::SignUp)
                .unwrap_err();
            let text = format!("Password did not conform with policy: {violation}");
            assert_eq!(error.to_string(), text, "{password}");
        }
        assert!(
            PasswordPolicy::default()
                .check("aaaaaaA1 ", Prefix::SignUp)
                .is_ok()
        );
        assert!(
            PasswordPolicy::of_length(8)
                .check("aaaaaaaa", Prefix::SignUp)
                .is_ok()
        );
    }

    #[test]
    fn a_hash_matches_its_password_user_and_pool_only() {
        let random = Random::new(Some(1));
        let hash = PasswordHash::new("AbCdEfGhI", "ada", "secret-1", &random);
        assert!(hash.matches("AbCdEfGhI", "ada", "secret-1"));
        assert!(!hash.matches("AbCdEfGhI", "ada", "secret-2"));
        assert!(!hash.matches("AbCdEfGhI", "bob", "secret-1"));
        assert!(!hash.matches("other", "ada", "secret-1"));
        assert!(!format!("{hash:?}").contains("secret"));
    }
}

//! What a token says.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::value::RawValue;

use crate::model::Secret;

/// The claims of a JSON Web Token (RFC 7519), as they stand in it: its signature is not looked at,
/// because the token comes from the service that would be asked for the key.
#[derive(Debug, Clone)]
pub struct Claims(BTreeMap<String, Box<RawValue>>);

/// A text that is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token is not a JSON Web Token")]
pub struct InvalidToken;

impl Claims {
    /// Reads a token.
    ///
    /// ```
    /// use reverify::cognito::Claims;
    /// use reverify::model::Secret;
    ///
    /// // {"token_use":"id","email_verified":true}
    /// let token = "e30.eyJ0b2tlbl91c2UiOiJpZCIsImVtYWlsX3ZlcmlmaWVkIjp0cnVlfQ.c2ln";
    /// let claims = Claims::of(&Secret::new(token.to_owned()))?;
    /// assert_eq!(claims.text("token_use").as_deref(), Some("id"));
    /// assert_eq!(claims.text("email_verified").as_deref(), Some("true"));
    /// # Ok::<(), reverify::cognito::InvalidToken>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When it is none, or an encrypted one.
    pub fn of(token: &Secret<String>) -> Result<Self, InvalidToken> {
        let payload = token.expose().split('.').nth(1).ok_or(InvalidToken)?;
        let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| InvalidToken)?;
        let claims = serde_json::from_slice(&payload);
        claims.map(Self).map_err(|_| InvalidToken)
    }

    /// A claim: a text as it is, anything else as JSON.
    pub fn text(&self, name: &str) -> Option<String> {
        let json = self.0.get(name)?.get();
        let text = serde_json::from_str::<String>(json);
        Some(text.unwrap_or_else(|_| json.to_owned()))
    }
}

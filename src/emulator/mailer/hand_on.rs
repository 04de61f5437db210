//! Handing on the mail of another sender.

use std::net::SocketAddr;
use std::time::Duration;

use lettre::Address;
use lettre::address::Envelope;

use super::MailerError;
use super::client::{FAREWELL_SECONDS_MAX, SMTP_SECONDS_MAX};
use super::dialogue::Connection;
use crate::model::EmailAddress;

/// Hands a mail on to the server at `smtp` as it is, unencrypted; it was accepted when this returns.
///
/// Each mail has a connection of its own: the server may be another one from run to run.
///
/// # Errors
/// [`MailerError`] if the server did not take the mail in time.
pub(crate) async fn hand_on(
    smtp: SocketAddr,
    from: Option<&EmailAddress>,
    to: &EmailAddress,
    mail: &[u8],
) -> Result<(), MailerError> {
    let from = from.map(|from| address("MAIL FROM", from)).transpose()?;
    let envelope = Envelope::new(from, vec![address("RCPT TO", to)?])?;
    let sending = async {
        let mut connection = Connection::open(smtp).await?;
        connection.send(&envelope, mail).await?;
        Ok(connection)
    };
    let limit = Duration::from_secs(SMTP_SECONDS_MAX);
    let sent = tokio::time::timeout(limit, sending).await;
    let mut connection = sent.unwrap_or(Err(MailerError::TimedOut))?;
    let farewell = Duration::from_secs(FAREWELL_SECONDS_MAX);
    // The mail is there, however the server takes its leave.
    let _ = tokio::time::timeout(farewell, connection.quit()).await;
    Ok(())
}

fn address(line: &'static str, address: &EmailAddress) -> Result<Address, MailerError> {
    let text = address.to_string();
    text.parse()
        .map_err(|source| MailerError::Address { line, text, source })
}

//! The mail that proves that somebody reads an address, and the page behind its link.
//!
//! AWS's link leads to `https://email-verification.REGION.amazonaws.com/?...` with these parameters
//! among others; here it leads to the emulator.

use lettre::Address;

use super::mime::{SimpleMail, mailbox};
use super::service::Ses;

/// Who asks (recorded in many public mails).
const SENDER: &str = "Amazon Web Services <no-reply-aws@amazon.com>";
/// `Operation` of the link.
const OPERATION: &str = "ConfirmVerification";

/// What a link's query says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct VerificationLink {
    identity: String,
    token: String,
}

impl VerificationLink {
    /// Reads a query; none if it is not that of a verification mail.
    pub(crate) fn parse(query: &str) -> Option<Self> {
        let (mut operation, mut identity, mut token) = (None, None, None);
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "Operation" => &mut operation,
                "Identity.IdentityName" => &mut identity,
                "X-Amz-Signature" => &mut token,
                _ => continue,
            };
            *place = Some(value.into_owned());
        }
        if operation.as_deref() != Some(OPERATION) {
            return None;
        }
        Some(Self {
            identity: identity?,
            token: token?,
        })
    }
}

/// Sends the mail. That it cannot be delivered is not told, as on AWS; the identity stays pending.
pub(super) async fn send(ses: &Ses, address: &str, token: &str) {
    let (Ok(from), Ok(to)) = (mailbox(SENDER), mailbox(address)) else {
        return;
    };
    let recipient: Address = to.email.clone();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("Context", &ses.account_id)
        .append_pair("Identity.IdentityName", address)
        .append_pair("Identity.IdentityType", "EmailAddress")
        .append_pair("Operation", OPERATION)
        .append_pair("X-Amz-Signature", token)
        .finish();
    let Ses {
        region, endpoint, ..
    } = ses;
    let mail = SimpleMail {
        from,
        to: vec![to],
        cc: Vec::new(),
        reply_to: Vec::new(),
        subject: format!(
            "Amazon Web Services \u{2013} Email Address Verification Request in region {region}"
        ),
        text: Some(format!(
            "Somebody wants to use {address} with Amazon SES in region {region}. If it was you, \
             open this link within 24 hours:\r\n\r\n{endpoint}/?{query}\r\n\r\nIf it was not you, \
             do nothing.\r\n"
        )),
        html: None,
        headers: Vec::new(),
    };
    let Ok(mime) = mail.compose() else {
        return;
    };
    let now = ses.now();
    let id = ses.draw_message_id(now);
    let bytes = mime.stamped(&ses.message_id_line(&id), now);
    if let Ok(sender) = Address::new(&id, "amazonses.com") {
        let _ = ses.mailer.deliver(sender, recipient, &bytes).await;
    }
}

/// Verifies the address whose link was opened; whether it was a good one.
pub(crate) fn open(ses: &Ses, link: &VerificationLink) -> bool {
    let now = ses.now();
    let mut state = ses.state();
    state.identities.open_link(&link.identity, &link.token, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_its_own_links_only() {
        let query = "Identity.IdentityName=a%2Bb%40c.de&Operation=ConfirmVerification\
                     &X-Amz-Signature=t&Context=1";
        let link = VerificationLink::parse(query).unwrap();
        assert_eq!(link.identity, "a+b@c.de");
        assert_eq!(link.token, "t");
        for query in [
            "",
            "Operation=Other",
            "Operation=ConfirmVerification&X-Amz-Signature=t",
        ] {
            assert_eq!(VerificationLink::parse(query), None, "{query}");
        }
    }
}

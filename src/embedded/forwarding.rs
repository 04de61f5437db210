//! Hands the mails of the sink on to another mail server.

use std::net::SocketAddr;

use futures::future::BoxFuture;

use crate::emulator::{MailerError, hand_on};
use crate::inbox::sink::{NextHop, NotHandedOn};
use crate::model::EmailAddress;

/// A mail server that gets what the sink takes.
#[derive(Debug)]
pub(super) struct Forwarding {
    pub(super) server: SocketAddr,
}

impl NextHop for Forwarding {
    fn hand_on<'a>(
        &'a self,
        sender: Option<&'a EmailAddress>,
        recipient: &'a EmailAddress,
        mail: &'a [u8],
    ) -> BoxFuture<'a, Result<(), NotHandedOn>> {
        Box::pin(async move {
            let handed = hand_on(self.server, sender, recipient, mail).await;
            handed.map_err(|error| not_handed_on(self.server, &error))
        })
    }
}

/// What the server said, or why it could not be talked to.
fn not_handed_on(server: SocketAddr, error: &MailerError) -> NotHandedOn {
    let reply = error.reply().map(|reply| reply.to_string());
    match reply.as_deref().map(str::parse) {
        Some(Ok(refusal)) => NotHandedOn::Refused(refusal),
        _ => NotHandedOn::Unreachable(format!("{server}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::sync::Arc;

    use super::*;
    use crate::inbox::SmtpSink;
    use crate::inbox::sink::{AcceptedDomains, SinkSettings};

    fn sink(settings: SinkSettings) -> SmtpSink {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        SmtpSink::start(listener, settings).unwrap()
    }

    /// A sink that forwards to such a server.
    fn forwarding_to(server: SocketAddr) -> SmtpSink {
        sink(SinkSettings {
            next_hop: Some(Arc::new(Forwarding { server })),
            ..SinkSettings::default()
        })
    }

    const MAIL: &[u8] = b"Subject: Hi\r\n\r\n.dot\r\n..\r\n";

    #[tokio::test]
    async fn a_mail_arrives_at_both_as_it_was_or_is_refused_by_both() {
        let domain = "mail.test".parse().unwrap();
        let second = sink(SinkSettings {
            accepted: AcceptedDomains::Listed(vec![domain]),
            ..SinkSettings::default()
        });
        let first = forwarding_to(second.address());
        let send = async |from: Option<&EmailAddress>, to: &EmailAddress| {
            hand_on(first.address(), from, to, MAIL).await
        };
        let ada: EmailAddress = "ada@mail.test".parse().unwrap();
        send(Some(&ada), &ada).await.unwrap();
        send(None, &ada).await.unwrap();
        for mails in [first.mails().all(), second.mails().all()] {
            let senders: Vec<_> = mails
                .iter()
                .map(|mail| mail.envelope_from.clone())
                .collect();
            assert_eq!(senders, [Some(ada.clone()), None]);
            assert!(mails.iter().all(|mail| mail.raw[..] == *MAIL));
        }
        let stranger = "ada@elsewhere.test".parse().unwrap();
        let refused = send(None, &stranger).await.unwrap_err();
        let said = refused.reply().unwrap().to_string();
        assert!(said.starts_with("550 5.7.1 relay denied"), "{said}");
        assert_eq!(first.mails().all().len(), 2);
        assert_eq!(first.mails().refused(&stranger).len(), 1);
        assert_eq!(first.mails().trouble(), None);
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_may_be_later() {
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
        let closed = nobody.local_addr().unwrap();
        drop(nobody);
        let first = forwarding_to(closed);
        let ada = "ada@mail.test".parse().unwrap();
        let put_off = hand_on(first.address(), None, &ada, MAIL)
            .await
            .unwrap_err();
        assert!(!put_off.reply().unwrap().is_permanent());
        let trouble = first.mails().trouble().unwrap();
        assert_eq!(trouble.count, 1);
        assert!(
            trouble.reason.contains(&closed.to_string()),
            "{}",
            trouble.reason
        );
        assert!(first.mails().is_empty());
    }
}

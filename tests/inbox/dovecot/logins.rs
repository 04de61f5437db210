//! What keeps us from logging in: each is told with what to do.

use std::sync::Arc;

use reverify::inbox::imap::{
    ImapError, ImapSettings, LoginMethod, SecretSource, SecretUnavailable,
};
use reverify::inbox::{ImapInbox, Inbox as _, InboxError};
use reverify::model::Secret;

use super::certificates::Certificates;
use super::server::{Dovecot, USER, plain};
use super::{code, soon};
use crate::address;

async fn refused(settings: ImapSettings) -> ImapError {
    let inbox = ImapInbox::open(settings).unwrap();
    match inbox.watch(&address("ada@example.com")).await.unwrap_err() {
        InboxError::Imap(error) => error,
        other => panic!("{other}"),
    }
}

#[track_caller]
fn assert_says(error: &ImapError, words: &[&str]) {
    let text = error.to_string();
    for word in words {
        assert!(text.contains(word), "{text}\ndoes not say: {word}");
    }
}

#[tokio::test]
async fn tls_starttls_and_loopback_all_work() {
    let Some(dovecot) = Dovecot::start("TLS and STARTTLS") else {
        return;
    };
    let mut starttls = dovecot.tls(USER);
    let url = format!(
        "imap+starttls://qa%40example.test@localhost:{}",
        dovecot.ports.imap
    );
    starttls.server = url.parse().unwrap();
    let plain = plain(dovecot.ports.imap);
    for settings in [dovecot.tls(USER), starttls, plain] {
        let inbox = ImapInbox::open(settings).unwrap();
        let mut watch = inbox.watch(&address("ada@example.com")).await.unwrap();
        dovecot.lmtp().code("ada@example.com", "123456");
        assert_eq!(
            code(&watch.next(soon()).await.unwrap()),
            "123456",
            "{}",
            inbox.describe()
        );
    }
}

#[tokio::test]
async fn a_wrong_password_is_told_without_it() {
    let Some(dovecot) = Dovecot::start("wrong password") else {
        return;
    };
    let mut settings = dovecot.tls(USER);
    settings.login.secret = Arc::new(Secret::new("guess-work".to_owned()));
    let error = refused(settings).await;
    assert!(matches!(error, ImapError::LoginRefused { .. }), "{error:?}");
    assert_says(
        &error,
        &["refuses the login of qa@example.test", "app password"],
    );
    assert!(!format!("{error:?} {error}").contains("guess-work"));
}

#[tokio::test]
async fn a_certificate_that_is_not_valid_is_told() {
    let cases = [
        (
            "expired certificate",
            Certificates::expired(),
            "has expired",
        ),
        (
            "self-signed certificate",
            Certificates::self_signed(),
            "whom this machine trusts",
        ),
    ];
    for (test, certificates, words) in cases {
        let Some(dovecot) = Dovecot::start_with(test, &certificates) else {
            return;
        };
        let error = refused(dovecot.tls(USER)).await;
        assert!(matches!(error, ImapError::Certificate { .. }), "{error:?}");
        assert_says(&error, &["localhost:", words]);
    }
    let Some(dovecot) = Dovecot::start("certificates") else {
        return;
    };
    let mut settings = dovecot.tls(USER);
    settings.server.host = "127.0.0.1".to_owned();
    assert_says(&refused(settings).await, &["not for the name `127.0.0.1`"]);
    // Without the test's own authority, the system's trust it as little.
    let mut settings = dovecot.tls(USER);
    settings.trusted = Some(dovecot.authority_file().with_file_name("nothing.pem"));
    assert_says(&refused(settings).await, &["nothing.pem", "PEM"]);
}

#[tokio::test]
async fn other_mistakes_are_told() {
    let Some(dovecot) = Dovecot::start("mistakes") else {
        return;
    };
    let mut settings = dovecot.tls(USER);
    settings.server.folder = "Nowhere".to_owned();
    assert_says(
        &refused(settings).await,
        &["cannot open the folder `Nowhere`"],
    );

    // TLS to a port that greets in clear.
    let mut settings = dovecot.tls(USER);
    settings.server.port = dovecot.ports.imap;
    assert_says(&refused(settings).await, &["imaps:"]);

    let mut settings = dovecot.tls(USER);
    settings.login.method = LoginMethod::XOAuth2;
    assert_says(&refused(settings).await, &["refuses the login"]);

    let mut settings = dovecot.tls(USER);
    settings.login.secret = Arc::new(Empty);
    assert_says(&refused(settings).await, &["QA_PASSWORD is not set"]);
}

struct Empty;

impl SecretSource for Empty {
    fn secret(&self) -> Result<Secret<String>, SecretUnavailable> {
        Err(SecretUnavailable("QA_PASSWORD is not set".to_owned()))
    }
}

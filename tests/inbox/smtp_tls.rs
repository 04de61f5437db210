//! STARTTLS: what is said before it does not count after it.

use std::io::{BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use reverify::inbox::SmtpSink;
use reverify::inbox::sink::{SinkSettings, SinkTls};
use rustls::pki_types::ServerName;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tempfile::TempDir;

use super::dovecot::certificates::Certificates;
use super::{Wire, address, sink};

/// A sink with a certificate for `localhost` from files, and whoever trusts it.
fn encrypting() -> (SmtpSink, Arc<ClientConfig>) {
    let certificates = Certificates::valid();
    let folder = TempDir::new().unwrap();
    let (chain, key) = (
        folder.path().join("chain.pem"),
        folder.path().join("key.pem"),
    );
    std::fs::write(&chain, &certificates.chain).unwrap();
    std::fs::write(&key, &certificates.key).unwrap();
    let settings = SinkSettings {
        tls: Some(SinkTls::from_pem_files(&chain, &key).unwrap()),
        ..SinkSettings::default()
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let sink = SmtpSink::start(listener, settings).unwrap();
    (sink, trusting(&certificates.authority))
}

fn trusting(authority: &str) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots
        .add(rustls::pki_types::CertificateDer::from_pem_slice(authority.as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider);
    let versions = builder.with_safe_default_protocol_versions().unwrap();
    Arc::new(versions.with_root_certificates(roots).with_no_client_auth())
}

type Encrypted = StreamOwned<ClientConnection, TcpStream>;

/// Goes over to TLS on a connection on which STARTTLS was agreed to.
fn encrypt(wire: Wire, config: &Arc<ClientConfig>) -> Wire<Encrypted> {
    let name = ServerName::try_from("localhost").unwrap();
    let client = ClientConnection::new(Arc::clone(config), name).unwrap();
    assert!(wire.stream.buffer().is_empty());
    let stream = StreamOwned::new(client, wire.stream.into_inner());
    Wire {
        stream: BufReader::new(stream),
    }
}

/// All lines of the answer to EHLO.
fn extensions<S: Read + Write>(wire: &mut Wire<S>) -> Vec<String> {
    wire.send(b"EHLO test\r\n");
    let mut lines = vec![wire.line()];
    while lines.last().unwrap().as_bytes()[3] == b'-' {
        lines.push(wire.line());
    }
    lines
}

#[test]
fn a_mail_comes_over_tls_and_the_dialogue_begins_anew() {
    let (sink, config) = encrypting();
    let mut wire = Wire::connect(&sink);
    assert_eq!(wire.say("STARTTLS"), "503", "before any greeting");
    assert!(extensions(&mut wire).contains(&"250-STARTTLS".to_owned()));
    assert_eq!(wire.say("STARTTLS now"), "501");
    assert_eq!(wire.say("MAIL FROM:<before@example.com>"), "250");
    assert_eq!(wire.say("RCPT TO:<before@example.com>"), "250");
    assert_eq!(wire.say("STARTTLS"), "220");
    let mut wire = encrypt(wire, &config);
    assert_eq!(wire.say("DATA"), "503", "the mail was begun before");
    assert_eq!(
        wire.say("MAIL FROM:<a@b.example>"),
        "503",
        "nobody has greeted"
    );
    let extensions = extensions(&mut wire);
    assert!(
        extensions.iter().all(|line| !line.contains("STARTTLS")),
        "{extensions:?}"
    );
    assert_eq!(wire.say("STARTTLS"), "503");
    // More than one record of TLS.
    let large = format!("Subject: x\r\n\r\n{}.\r\n", "0123456789\r\n".repeat(5_000));
    let reply = wire.deliver("ada@example.com", large.as_bytes());
    assert!(reply.starts_with("250"), "{reply}");
    assert_eq!(wire.say("QUIT"), "221");
    // A close that was cut short would be an error.
    assert_eq!(wire.rest(), "");
    let mails = sink.mails().all();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].envelope_to, address("ada@example.com"));
    assert_eq!(mails[0].raw.len(), large.len() - 3);
    sink.stop().unwrap();
}

#[test]
fn what_was_pipelined_behind_starttls_is_not_obeyed() {
    let injected =
        "EHLO eve\r\nMAIL FROM:<eve@example.com>\r\nRCPT TO:<bob@example.com>\r\nDATA\r\n";
    for pieces in [
        &["STARTTLS\r\nEHLO eve\r\nMAIL FROM:<eve@example.com>\r\n"][..],
        &["STARTTLS\r\nE"],
        &["STARTTLS\r\n", injected],
        &["STARTTLS\r", "\nRSET\r\n"],
    ] {
        let (sink, config) = encrypting();
        let mut wire = Wire::connect(&sink);
        assert_eq!(wire.say("EHLO test"), "250");
        for piece in pieces {
            wire.send(piece.as_bytes());
        }
        // Read together with STARTTLS it is refused; read after it, it is no handshake.
        if wire.reply().starts_with("220") {
            let mut victim = encrypt(wire, &config);
            let answered = victim
                .stream
                .get_mut()
                .write_all(b"EHLO victim\r\n")
                .and_then(|()| victim.stream.read(&mut [0; 100]));
            assert!(answered.is_err() || answered.unwrap() == 0, "{pieces:?}");
        } else {
            let mut rest = Vec::new();
            // A reset is an end too: the server has left bytes unread.
            let _ = wire.stream.read_to_end(&mut rest);
            assert_eq!(rest, b"", "{pieces:?}");
        }
        assert!(sink.mails().is_empty());
        sink.stop().unwrap();
    }
}

#[test]
fn one_packet_with_more_than_starttls_is_refused() {
    let (sink, _) = encrypting();
    let mut wire = Wire::connect(&sink);
    wire.send(b"EHLO test\r\nSTARTTLS\r\nNOOP\r\n");
    assert!(wire.reply().starts_with("250"));
    assert!(wire.reply().starts_with("554 5.5.0"));
    assert_eq!(wire.rest(), "");
    sink.stop().unwrap();
}

#[test]
fn a_client_that_is_not_shaking_hands_ends_its_own_connection_alone() {
    let (sink, config) = encrypting();
    let mut wire = Wire::connect(&sink);
    wire.say("EHLO test");
    assert_eq!(wire.say("STARTTLS"), "220");
    wire.send(b"MAIL FROM:<a@b.example>\r\n");
    let mut rest = Vec::new();
    let _ = wire.stream.read_to_end(&mut rest);
    let text = String::from_utf8_lossy(&rest);
    assert!(!text.contains("250") && !text.contains("503"), "{text:?}");

    let mut other = Wire::connect(&sink);
    other.say("EHLO test");
    assert_eq!(other.say("STARTTLS"), "220");
    assert_eq!(encrypt(other, &config).say("EHLO test"), "250");
    sink.stop().unwrap();
}

#[test]
fn a_sink_without_certificate_offers_no_tls() {
    let sink = sink();
    let mut wire = Wire::connect(&sink);
    let extensions = extensions(&mut wire);
    assert!(
        extensions.iter().all(|line| !line.contains("STARTTLS")),
        "{extensions:?}"
    );
    assert_eq!(wire.say("STARTTLS"), "502");
    sink.stop().unwrap();
}

#[test]
fn files_that_are_no_certificate_are_told_apart() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (one, other) = (Certificates::valid(), Certificates::valid());
    std::fs::write(path("chain.pem"), &one.chain).unwrap();
    std::fs::write(path("other.key"), &other.key).unwrap();
    std::fs::write(path("empty"), "").unwrap();
    let cases = [
        ("absent", "other.key", "absent has no certificate in PEM"),
        ("empty", "other.key", "empty has no certificate in PEM"),
        ("chain.pem", "empty", "empty has no private key in PEM"),
        (
            "chain.pem",
            "other.key",
            "the certificate cannot be used: keys may not be consistent",
        ),
    ];
    for (chain, key, expected) in cases {
        let error = SinkTls::from_pem_files(&path(chain), &path(key)).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
    assert!(
        SinkTls::self_signed("not a name").is_ok(),
        "any text is one"
    );
}

//! A mailbox of a real server.

use super::scene::Scene;
use crate::dovecot::lmtp::smtp_to_lmtp;
use crate::dovecot::server::{ADDRESSES, Dovecot, USER};

#[test]
fn signing_up_again_passes_with_tls_and_addresses_with_a_plus() {
    let Some(dovecot) = Dovecot::start("runs over IMAP and TLS") else {
        return;
    };
    let inbox = format!(
        "kind = \"imap\"\nhost = \"localhost\"\nport = {}\nusername = \"{USER}\"\n\
         password = {{ env = \"QA_PASSWORD\" }}\ncertificates = \"{}\"\naddress = \"{ADDRESSES}\"",
        dovecot.ports.imaps,
        dovecot.authority_file().display(),
    );
    let scene = Scene::forwarding_to(smtp_to_lmtp(dovecot.ports.lmtp)).with_inbox(&inbox);
    scene.assert_passes();
    // Once for all that the run asks.
    assert_eq!(dovecot.logins(), 1);
    scene.assert_tells_what_is_wrong(&described(dovecot.ports.imaps));
    let listed = scene.command(&["inbox", "list", "-T", "staging"]);
    listed.assert(0, &[]);
    assert_eq!(
        listed.stdout.matches("qa+ada.").count(),
        3,
        "{}",
        listed.stdout
    );
    scene.end();
}

#[test]
fn signing_up_again_passes_with_starttls_and_a_mailbox_that_catches_all() {
    let Some(dovecot) = Dovecot::start_catching_all("runs over IMAP and STARTTLS") else {
        return;
    };
    let inbox = format!(
        "kind = \"imap\"\nhost = \"localhost\"\nport = {}\nsecurity = \"starttls\"\n\
         username = \"{USER}\"\npassword = {{ command = [\"cat\", \"password\"] }}\n\
         certificates = \"{}\"\naddress = \"{{person}}.{{run}}.{{scenario}}.{{attempt}}@example.test\"",
        dovecot.ports.imap,
        dovecot.authority_file().display(),
    );
    let scene = Scene::forwarding_to(smtp_to_lmtp(dovecot.ports.lmtp)).with_inbox(&inbox);
    scene.assert_passes();
    scene.assert_tells_what_is_wrong(&described(dovecot.ports.imap));
    scene.end();
}

/// The mailbox as a report names it.
fn described(port: u16) -> String {
    format!("IMAP mailbox of {USER} on localhost:{port}, INBOX")
}

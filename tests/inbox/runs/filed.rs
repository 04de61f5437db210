//! Inboxes that another program fills: a Maildir and a Mailpit.

use std::net::TcpListener;

use nix::sys::signal::Signal;
use reverify::inbox::SmtpSink;
use reverify::inbox::sink::SinkSettings;

use super::scene::{Scene, folder};
use crate::polled::mailpit_of;

const ADDRESSES: &str = "{person}.{run}.{scenario}.{attempt}@mail.test";

#[test]
fn signing_up_again_passes_with_the_maildir_of_a_mail_exchanger() {
    // As on the mail exchanger of a staging domain.
    let exchange = folder();
    let mut serving = exchange.start(&[
        "inbox",
        "serve",
        "--maildir",
        "mail",
        "--listen",
        "127.0.0.1:0",
    ]);
    let said = serving.until("Taking mail on ");
    let address = said.split(' ').nth(3).unwrap().parse().unwrap();
    let path = exchange.path("mail").display().to_string();
    let inbox = format!("kind = \"maildir\"\npath = \"{path}\"\naddress = \"{ADDRESSES}\"");
    let scene = Scene::forwarding_to(address).with_inbox(&inbox);
    scene.assert_passes();
    scene.assert_tells_what_is_wrong(&format!("Maildir {path}"));
    scene.end();
    serving.signal(Signal::SIGTERM);
    serving.end().assert(0, &[]);
}

#[test]
fn signing_up_again_passes_with_a_mailpit() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let sink = SmtpSink::start(listener, SinkSettings::default()).unwrap();
    let (address, mails) = (sink.address(), sink.mails());
    let url = mailpit_of(move || {
        let all = mails.all().into_iter();
        all.map(|mail| {
            let raw = String::from_utf8_lossy(&mail.raw).into_owned();
            (mail.envelope_to.to_string(), raw)
        })
        .collect()
    });
    let inbox = format!("kind = \"mailpit\"\nurl = \"{url}\"\naddress = \"{ADDRESSES}\"");
    let scene = Scene::forwarding_to(address).with_inbox(&inbox);
    scene.assert_passes();
    scene.assert_tells_what_is_wrong(&format!("Mailpit at {url}"));
    scene.end();
    sink.stop().unwrap();
}

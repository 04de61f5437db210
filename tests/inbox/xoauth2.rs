//! XOAUTH2, as Google and Microsoft describe it, against a server that says what they say.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reverify::inbox::imap::{ImapError, ImapSettings, Login, LoginMethod};
use reverify::inbox::{Browse as _, ImapInbox, Inbox as _, InboxError};
use reverify::model::Secret;

use super::address;

/// A mailbox without mail, for whoever has the right token. Answers its URL, and all that the
/// first client said.
fn server(token: &'static str) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("imap://qa@{}", listener.local_addr().unwrap());
    let said = std::thread::spawn(move || {
        let mut client = BufReader::new(listener.accept().unwrap().0);
        client.get_mut().write_all(b"* OK ready\r\n").unwrap();
        let mut said = Vec::new();
        while let Some(line) = line(&mut client) {
            let answer = answer(&line, &mut client, token);
            said.push(line);
            if client.get_mut().write_all(answer.as_bytes()).is_err() {
                break;
            }
        }
        said
    });
    (url, said)
}

fn line(client: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let count = client.read_line(&mut line).ok()?;
    (count > 0).then(|| line.trim_end().to_owned())
}

fn answer(line: &str, client: &mut BufReader<TcpStream>, token: &str) -> String {
    let (tag, command) = line.split_once(' ').unwrap();
    let untagged = match command.split(' ').next().unwrap() {
        "AUTHENTICATE" => {
            client.get_mut().write_all(b"+ \r\n").unwrap();
            let given = STANDARD.decode(self::line(client).unwrap()).unwrap();
            let right = format!("user=qa\u{1}auth=Bearer {token}\u{1}\u{1}");
            if given != right.as_bytes() {
                // The reason comes as a challenge, which has to be answered with nothing.
                let reason = STANDARD.encode(r#"{"status":"400"}"#);
                let challenge = format!("+ {reason}\r\n");
                client.get_mut().write_all(challenge.as_bytes()).unwrap();
                assert_eq!(self::line(client).unwrap(), "");
                return format!("{tag} NO [AUTHENTICATIONFAILED] Invalid credentials\r\n");
            }
            ""
        }
        "CAPABILITY" => "* CAPABILITY IMAP4rev1\r\n",
        "LIST" => "* LIST (\\HasNoChildren) \"/\" \"INBOX\"\r\n",
        "EXAMINE" => {
            "* FLAGS ()\r\n* 0 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 7] valid\r\n\
             * OK [UIDNEXT 3] next\r\n"
        }
        _ => "",
    };
    format!("{untagged}{tag} OK done\r\n")
}

fn inbox(url: &str, token: &str) -> ImapInbox {
    let secret = Arc::new(Secret::new(token.to_owned()));
    let method = LoginMethod::XOAuth2;
    let login = Login { method, secret };
    ImapInbox::open(ImapSettings::new(url.parse().unwrap(), login)).unwrap()
}

#[tokio::test]
async fn the_right_token_opens_the_mailbox() {
    let (url, said) = server("ya29.token");
    let inbox = inbox(&url, "ya29.token");
    assert_eq!(inbox.position().await.unwrap().to_string(), "7:3");
    drop(inbox);
    let said = said.join().unwrap();
    let commands = said.iter().filter_map(|line| line.split(' ').nth(1));
    let commands: Vec<_> = commands.collect();
    // The mailbox is opened for reading only, and nothing is searched or changed.
    let expected = [
        "AUTHENTICATE",
        "CAPABILITY",
        "LIST",
        "EXAMINE",
        "NOOP",
        "UID",
        "LOGOUT",
    ];
    assert_eq!(commands, expected, "{said:?}");
}

#[tokio::test]
async fn a_refused_token_is_told() {
    let (url, _) = server("ya29.token");
    let inbox = inbox(&url, "ya29.expired");
    let refused = inbox.watch(&address("ada@example.com")).await.unwrap_err();
    let InboxError::Imap(error @ ImapError::LoginRefused { .. }) = refused else {
        panic!("{refused}")
    };
    let text = error.to_string();
    assert!(
        text.contains("has not expired") && text.contains("Invalid credentials"),
        "{text}"
    );
    assert!(!text.contains("ya29"), "{text}");
}

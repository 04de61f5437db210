//! A Maildir and a Mailpit as inboxes.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Shutdown, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reverify::inbox::{Browse as _, Inbox as _, InboxError, PolledInbox};
use reverify::mail::Message;
use reverify::model::SystemClock;
use tempfile::TempDir;
use tokio::time::Instant;

use super::{PATIENCE, address};

fn soon() -> Instant {
    Instant::now() + PATIENCE
}

fn shortly() -> Instant {
    Instant::now() + Duration::from_millis(200)
}

fn mail(to: &str, subject: &str) -> String {
    format!("To: {to}\r\nSubject: {subject}\r\nMessage-ID: <{subject}@a>\r\n\r\nText\r\n")
}

fn subject(raw: &[u8]) -> String {
    Message::parse(raw).subject().unwrap_or_default().to_owned()
}

/// What every kind of inbox does, given how a mail for an address gets into it.
async fn behaves(inbox: &PolledInbox, store: impl Fn(&str, &str)) {
    let ada = address("ada@example.com");
    store("ada@example.com", "old");
    let before = inbox.position().await.unwrap();
    store("ada@example.com", "before");
    let mut watch = inbox.watch(&ada).await.unwrap();
    let waiting = tokio::spawn(async move {
        let arrival = watch.next(soon()).await.unwrap();
        (watch, subject(&arrival.raw))
    });
    store("bob@example.com", "other");
    store("Ada@Example.com", "new");
    let (mut watch, first) = waiting.await.unwrap();
    assert_eq!(first, "new");
    let missing = watch.next(shortly()).await.unwrap_err();
    assert_eq!((missing.others, missing.duplicates), (1, 0), "{missing}");

    let mut since = inbox.watch_since(&ada, before).await.unwrap();
    for expected in ["before", "new"] {
        assert_eq!(subject(&since.next(soon()).await.unwrap().raw), expected);
    }
    since.expect_none_until(shortly()).await.unwrap();
    let foreign = inbox.watch_since(&ada, "7:1".parse().unwrap()).await;
    assert!(matches!(foreign, Err(InboxError::OtherGeneration { .. })));

    let newest = inbox.newest(2).await.unwrap();
    let subjects: Vec<_> = newest.iter().map(|mail| subject(&mail.headers)).collect();
    assert_eq!(subjects, ["other", "new"]);
    let raw = inbox.mail(newest[0].position).await.unwrap().unwrap();
    assert_eq!(&raw[..], mail("bob@example.com", "other").as_bytes());
}

/// Delivers as a mail system does: written aside, then moved.
fn deliver(folder: &Path, name: &str, mail: &str) {
    fs::write(folder.join("tmp").join(name), mail).unwrap();
    fs::rename(folder.join("tmp").join(name), folder.join("new").join(name)).unwrap();
}

fn maildir() -> TempDir {
    let folder = TempDir::new().unwrap();
    for name in ["cur", "new", "tmp"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    folder
}

#[tokio::test]
async fn a_maildir_is_an_inbox() {
    let folder = maildir();
    let inbox = PolledInbox::maildir(folder.path(), Arc::new(SystemClock)).unwrap();
    let count = Mutex::new(0);
    behaves(&inbox, |to, subject| {
        let mut count = count.lock().unwrap();
        *count += 1;
        let name = format!("17000000{count:02}.M{count}.host");
        deliver(folder.path(), &name, &mail(to, subject));
    })
    .await;
}

#[tokio::test]
async fn a_mail_that_a_program_marks_is_the_same_mail() {
    let folder = maildir();
    let inbox = PolledInbox::maildir(folder.path(), Arc::new(SystemClock)).unwrap();
    let mut watch = inbox.watch(&address("ada@example.com")).await.unwrap();
    deliver(folder.path(), "1.M1.host", &mail("ada@example.com", "one"));
    assert_eq!(subject(&watch.next(soon()).await.unwrap().raw), "one");
    let seen = folder.path().join("cur/1.M1.host:2,S");
    fs::rename(folder.path().join("new/1.M1.host"), seen).unwrap();
    let missing = watch.next(shortly()).await.unwrap_err();
    assert_eq!((missing.duplicates, missing.others), (0, 0), "{missing}");
    assert_eq!(inbox.newest(10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_mail_in_the_junk_folder_is_told_and_has_not_arrived() {
    let folder = maildir();
    let junk = folder.path().join(".Spam");
    for name in ["cur", "new", "tmp"] {
        fs::create_dir_all(junk.join(name)).unwrap();
    }
    deliver(&junk, "1.M1.host", &mail("ada@example.com", "an old one"));
    let inbox = PolledInbox::maildir(folder.path(), Arc::new(SystemClock)).unwrap();
    let mut watch = inbox.watch(&address("ada@example.com")).await.unwrap();
    deliver(&junk, "2.M2.host", &mail("ada@example.com", "one"));
    let missing = watch.next(shortly()).await.unwrap_err();
    let said = "one lies in the junk folder `Spam` (\"one\"); no message";
    assert!(missing.to_string().contains(said), "{missing}");
    assert_eq!(missing.elsewhere.len(), 1);
    // Moved by its reader, it is the same mail still, and none that came now.
    fs::rename(
        junk.join("new/2.M2.host"),
        folder.path().join("cur/2.M2.host"),
    )
    .unwrap();
    deliver(folder.path(), "3.M3.host", &mail("ada@example.com", "two"));
    assert_eq!(subject(&watch.next(soon()).await.unwrap().raw), "two");
    let ada = address("ada@example.com");
    let mut since = inbox.watch_since(&ada, watch.position()).await.unwrap();
    assert_eq!(subject(&since.next(soon()).await.unwrap().raw), "two");
}

#[tokio::test]
async fn a_folder_without_mails_is_told() {
    let folder = TempDir::new().unwrap();
    let inbox = PolledInbox::maildir(folder.path(), Arc::new(SystemClock)).unwrap();
    let error = inbox.watch(&address("ada@example.com")).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("is it a Maildir, with folders"), "{text}");
}

type Mails = Arc<Mutex<Vec<(String, String)>>>;

/// Mails with their recipients, kept by the test.
fn mailpit() -> (String, Mails) {
    let mails = Mails::default();
    let kept = Arc::clone(&mails);
    let url = mailpit_of(move || kept.lock().unwrap().clone());
    (url, mails)
}

/// The two resources of Mailpit's API that are used, in the form in which it answers. Answers the URL.
pub(crate) fn mailpit_of(mails: impl Fn() -> Vec<(String, String)> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    // Ends with the process.
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut stream = BufReader::new(stream);
            let mut line = String::new();
            stream.read_line(&mut line).unwrap();
            let path = line.split(' ').nth(1).unwrap().to_owned();
            while stream.read_line(&mut line).unwrap() > 2 {}
            let (status, body) = answer(&path, &mails());
            let length = body.len();
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n");
            let stream = stream.get_mut();
            // A client that has gone needs no answer.
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
            let _ = stream.shutdown(Shutdown::Write);
        }
    });
    url
}

fn answer(path: &str, mails: &[(String, String)]) -> (&'static str, String) {
    if let Some(query) = path.strip_prefix("/api/v1/messages?") {
        let number = |name: &str| -> usize {
            let mut parts = query.split('&').filter_map(|part| part.split_once('='));
            parts
                .find(|part| part.0 == name)
                .unwrap()
                .1
                .parse()
                .unwrap()
        };
        let newest_first = mails.iter().enumerate().rev();
        let page = newest_first.skip(number("start")).take(number("limit"));
        let items: Vec<_> = page
            .map(|(index, (to, _))| {
                serde_json::json!({
                    "ID": format!("id{index}"),
                    "To": [{ "Name": "", "Address": to }],
                    "Cc": null,
                    "Bcc": [],
                    "Created": "2026-11-21T08:00:00Z",
                    "Size": 100,
                })
            })
            .collect();
        let page = serde_json::json!({ "total": mails.len(), "messages": items });
        return ("200 OK", page.to_string());
    }
    let id = path.strip_prefix("/api/v1/message/id");
    let index = id.and_then(|rest| rest.strip_suffix("/raw")?.parse::<usize>().ok());
    match index.and_then(|index| mails.get(index)) {
        Some((_, raw)) => ("200 OK", raw.clone()),
        None => ("404 Not Found", String::new()),
    }
}

#[tokio::test]
async fn a_mailpit_is_an_inbox() {
    let (url, mails) = mailpit();
    // More than a page of mails that are there already.
    for number in 0..250 {
        let to = format!("user{number}@example.com");
        let raw = mail(&to, "earlier");
        mails.lock().unwrap().push((to, raw));
    }
    let inbox = PolledInbox::mailpit(url.parse().unwrap(), Arc::new(SystemClock)).unwrap();
    behaves(&inbox, |to, subject| {
        mails
            .lock()
            .unwrap()
            .push((to.to_owned(), mail(to, subject)));
    })
    .await;
    let mut watch = inbox.watch(&address("hidden@example.com")).await.unwrap();
    let raw = mail("list@example.com", "blind copy");
    mails
        .lock()
        .unwrap()
        .push(("hidden@example.com".to_owned(), raw));
    assert_eq!(
        subject(&watch.next(soon()).await.unwrap().raw),
        "blind copy"
    );
}

#[tokio::test]
async fn a_mailpit_that_is_not_there_is_told() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://{free}").parse().unwrap();
    let inbox = PolledInbox::mailpit(url, Arc::new(SystemClock)).unwrap();
    let error = inbox.position().await.unwrap_err().to_string();
    assert!(error.contains("is it running there?"), "{error}");
}

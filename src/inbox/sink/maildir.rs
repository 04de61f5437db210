//! Filing mails in a Maildir, so that another process can read them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::mailstore::is_marked_as_spam;
use super::transaction::{Addressee, Envelope};
use crate::model::EmailAddress;

/// The folders of every Maildir.
const FOLDERS: [&str; 3] = ["cur", "new", "tmp"];

/// The junk folder, named as Maildir++ does.
const JUNK: &str = ".Junk";

/// A Maildir that a sink writes into, beside which [`PolledInbox`](crate::inbox::PolledInbox) reads.
///
/// Each recipient's mail is a file, which begins with what the last host adds (RFC 5321 §4.4):
/// `Return-Path`, `Delivered-To` with the envelope's recipient, and `Received`. It is there whole or
/// not at all, and on the disk before the sender is told that it was taken.
#[derive(Debug)]
pub struct SinkMaildir {
    folder: PathBuf,
    bytes_max: u64,
    /// What the folders were last found to hold, and has come since.
    bytes: Mutex<u64>,
    files: AtomicU64,
}

/// Why a mail was not filed.
#[derive(Debug, thiserror::Error)]
pub(super) enum MaildirError {
    #[error("it holds more than {bytes_max} bytes; delete mails from it")]
    Full { bytes_max: u64 },
    #[error("{}: {source}", .path.display())]
    Io { path: PathBuf, source: io::Error },
}

impl SinkMaildir {
    /// Opens or makes a Maildir in `folder`, which takes mails until it holds `bytes_max`.
    ///
    /// # Errors
    /// The system's, when it cannot be made.
    pub fn open(folder: &Path, bytes_max: u64) -> io::Result<Self> {
        for within in [folder.to_owned(), folder.join(JUNK)] {
            for name in FOLDERS {
                fs::create_dir_all(within.join(name))?;
            }
        }
        let maildir = Self {
            folder: folder.to_owned(),
            bytes_max,
            bytes: Mutex::new(0),
            files: AtomicU64::new(0),
        };
        *maildir.bytes.lock().unwrap_or_else(PoisonError::into_inner) = maildir.measure()?;
        Ok(maildir)
    }

    /// Files a mail once for each recipient.
    ///
    /// # Errors
    /// [`MaildirError`] when one cannot be filed; those before it are, and come again when the sender
    /// tries again.
    pub(super) fn keep(
        &self,
        envelope: &Envelope,
        mail: &[u8],
        now: Timestamp,
    ) -> Result<(), MaildirError> {
        let folder = if is_marked_as_spam(mail) {
            self.folder.join(JUNK)
        } else {
            self.folder.clone()
        };
        for Addressee { address, .. } in &envelope.recipients {
            let headers = headers(envelope, address, now);
            self.claim((headers.len() + mail.len()) as u64)?;
            let number = self.files.fetch_add(1, Ordering::Relaxed);
            let name = file_name(now, number);
            let unfinished = folder.join("tmp").join(&name);
            let written = write(&unfinished, headers.as_bytes(), mail)
                .and_then(|()| fs::rename(&unfinished, folder.join("new").join(&name)));
            written.map_err(|source| {
                // Half a mail is of no use; the first error is the one to tell.
                let _ = fs::remove_file(&unfinished);
                let path = unfinished;
                MaildirError::Io { path, source }
            })?;
        }
        Ok(())
    }

    /// Takes so many bytes of what may be filled.
    fn claim(&self, bytes: u64) -> Result<(), MaildirError> {
        let mut held = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        if *held + bytes > self.bytes_max {
            // Somebody may have tidied up.
            *held = self.measure().map_err(|source| MaildirError::Io {
                path: self.folder.clone(),
                source,
            })?;
        }
        if *held + bytes > self.bytes_max {
            let bytes_max = self.bytes_max;
            return Err(MaildirError::Full { bytes_max });
        }
        *held += bytes;
        Ok(())
    }

    fn measure(&self) -> io::Result<u64> {
        let mut bytes = 0;
        for within in [self.folder.clone(), self.folder.join(JUNK)] {
            for name in FOLDERS {
                for entry in fs::read_dir(within.join(name))? {
                    // A file that is gone by now takes no room.
                    bytes += entry?.metadata().map_or(0, |data| data.len());
                }
            }
        }
        Ok(bytes)
    }
}

/// Unique on this machine, and in the order of arrival when sorted.
fn file_name(now: Timestamp, number: u64) -> String {
    let process = std::process::id();
    let (seconds, nanoseconds) = (now.as_second(), now.subsec_nanosecond());
    format!("{seconds}.M{nanoseconds:09}Q{number:06}P{process}.reverify")
}

fn write(path: &Path, headers: &[u8], mail: &[u8]) -> io::Result<()> {
    let mut file: File = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(headers)?;
    file.write_all(mail)?;
    file.sync_all()
}

/// What the last host adds. Nothing in it can hold the end of a line: addresses and the client's name
/// were checked when they came.
fn headers(envelope: &Envelope, recipient: &EmailAddress, now: Timestamp) -> String {
    let Envelope { sender, client, .. } = envelope;
    let sender = sender
        .as_ref()
        .map(EmailAddress::as_str)
        .unwrap_or_default();
    let date = now
        .to_zoned(TimeZone::UTC)
        .strftime("%a, %d %b %Y %H:%M:%S +0000");
    format!(
        "Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n\
         Received: from {name} by {host} (Reverify)\r\n\twith {protocol} for <{recipient}>;\r\n\
         \t{date}\r\n",
        name = client.name,
        host = client.host_name,
        protocol = client.protocol,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::sink::reception::Filing;
    use crate::inbox::sink::transaction::Client;

    fn envelope(recipients: &[&str]) -> Envelope {
        let recipients = recipients.iter().map(|text| Addressee {
            address: text.parse().unwrap(),
            filing: Filing::default(),
        });
        Envelope {
            sender: Some("app@example.com".parse().unwrap()),
            recipients: recipients.collect(),
            client: Client {
                name: "sender.example".to_owned(),
                host_name: "mx.example".to_owned(),
                protocol: "ESMTPS",
            },
        }
    }

    fn mails(folder: &Path) -> Vec<String> {
        let mut files: Vec<_> = fs::read_dir(folder.join("new"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        let text = |file: &PathBuf| fs::read_to_string(file).unwrap();
        files.iter().map(text).collect()
    }

    #[test]
    fn each_recipient_gets_a_file_with_the_envelope_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let maildir = SinkMaildir::open(folder.path(), 10_000).unwrap();
        let to = envelope(&["ada@mail.test", "bob@mail.test"]);
        maildir
            .keep(&to, b"Subject: x\r\n\r\ny\r\n", Timestamp::UNIX_EPOCH)
            .unwrap();
        let mails = mails(folder.path());
        assert_eq!(mails.len(), 2);
        assert_eq!(
            mails[1],
            "Return-Path: <app@example.com>\r\nDelivered-To: bob@mail.test\r\n\
             Received: from sender.example by mx.example (Reverify)\r\n\
             \twith ESMTPS for <bob@mail.test>;\r\n\tThu, 01 Jan 1970 00:00:00 +0000\r\n\
             Subject: x\r\n\r\ny\r\n"
        );
        assert_eq!(fs::read_dir(folder.path().join("tmp")).unwrap().count(), 0);
    }

    #[test]
    fn marked_mails_are_filed_as_junk() {
        let folder = tempfile::tempdir().unwrap();
        let maildir = SinkMaildir::open(folder.path(), 10_000).unwrap();
        let mail = b"X-Spam-Flag: YES\r\n\r\ny\r\n";
        maildir
            .keep(&envelope(&["ada@mail.test"]), mail, Timestamp::UNIX_EPOCH)
            .unwrap();
        assert_eq!(mails(folder.path()).len(), 0);
        assert_eq!(mails(&folder.path().join(JUNK)).len(), 1);
    }

    #[test]
    fn a_full_one_takes_no_more_until_somebody_deletes() {
        let folder = tempfile::tempdir().unwrap();
        let maildir = SinkMaildir::open(folder.path(), 600).unwrap();
        let to = envelope(&["ada@mail.test"]);
        let keep = |maildir: &SinkMaildir| maildir.keep(&to, &[b'x'; 200], Timestamp::UNIX_EPOCH);
        keep(&maildir).unwrap();
        let full = keep(&maildir).unwrap_err();
        assert!(full.to_string().contains("more than 600 bytes"), "{full}");
        // What is there counts for the next process too.
        assert!(keep(&SinkMaildir::open(folder.path(), 600).unwrap()).is_err());
        let [file] = &fs::read_dir(folder.path().join("new"))
            .unwrap()
            .collect::<Vec<_>>()[..]
        else {
            panic!("one mail")
        };
        fs::remove_file(file.as_ref().unwrap().path()).unwrap();
        keep(&maildir).unwrap();
    }
}

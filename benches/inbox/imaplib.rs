//! The loop that most scripts have.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rand::Rng as _;

use crate::dovecot::server::{Dovecot, PASSWORD, USER};
use crate::recipient;
use crate::table::Row;

/// Each takes a second on average.
const MAILS: usize = 12;

/// The pause of the loop, in milliseconds.
const PAUSE_MS: u64 = 2_000;

/// Runs the script for each mail; without Python there are no figures, and a line says so.
pub(crate) fn measure(dovecot: &Dovecot) -> Row {
    let mut times = Vec::new();
    let mut lmtp = dovecot.lmtp();
    for step in 0..MAILS {
        let address = recipient(1_000 + step);
        let mut script = Command::new("python3")
            .args(["-c", include_str!("imaplib_loop.py")])
            .args([&dovecot.ports.imap.to_string(), USER, &address])
            .env("PASSWORD", PASSWORD)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(script.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        // A mail comes at any moment between two looks.
        let moment = rand::rng().random_range(0..PAUSE_MS);
        std::thread::sleep(Duration::from_millis(moment));
        lmtp.code(&address, "123456");
        let stored = Instant::now();
        line.clear();
        stdout.read_line(&mut line).unwrap();
        times.push(stored.elapsed());
        assert_eq!(line, "123456\n");
        script.wait().unwrap();
    }
    Row::new("imaplib, a search every 2 s", times)
}

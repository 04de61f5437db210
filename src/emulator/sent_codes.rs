//! The codes that were sent by mail: what a mail's words do not give away, the sender knows.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::control::MailSummary;
use crate::model::Secret;

/// Codes kept: a test run reads its mails soon, and at 100 bytes each they stay at 1 MB.
const CODES_MAX: usize = 10_000;

/// The newest codes, oldest first, each with the address in small letters.
#[derive(Debug, Default)]
pub(crate) struct SentCodes(Mutex<VecDeque<(String, Secret<String>)>>);

impl SentCodes {
    /// Keeps a code that goes to this address; the oldest makes room for it.
    pub(crate) fn note(&self, address: &str, code: &Secret<String>) {
        self.with(|codes| {
            if codes.len() == CODES_MAX {
                codes.pop_front();
            }
            codes.push_back((address.to_lowercase(), code.clone()));
        });
    }

    /// Forgets all codes.
    pub(crate) fn forget(&self) {
        self.with(VecDeque::clear);
    }

    /// Gives the mails whose words left their codes open the newest code that was sent to their
    /// address and stands in them.
    pub(crate) fn complete(&self, mails: &mut [MailSummary]) {
        if mails.iter().all(|mail| mail.code.is_some()) {
            return;
        }
        self.with(|codes| {
            let mut by_address: HashMap<&str, Vec<&str>> = HashMap::new();
            for (address, code) in codes.iter().rev() {
                by_address.entry(address).or_default().push(code.expose());
            }
            for mail in mails.iter_mut().filter(|mail| mail.code.is_none()) {
                let sent = by_address.get(mail.to.to_lowercase().as_str());
                let mut sent = sent.into_iter().flatten();
                mail.code = sent
                    .find(|code| stands_in(mail, code))
                    .map(|code| (*code).to_owned());
            }
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut VecDeque<(String, Secret<String>)>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn stands_in(mail: &MailSummary, code: &str) -> bool {
    let texts = [
        mail.text.as_deref(),
        mail.html.as_deref(),
        Some(&*mail.subject),
    ];
    texts.into_iter().flatten().any(|text| says(text, code))
}

/// Whether a text has the code as a word of its own, and not as a part of a longer number.
fn says(text: &str, code: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric();
    text.match_indices(code).any(|(start, found)| {
        let before = text[..start].chars().next_back();
        let after = text[start + found.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn mail(to: &str, text: &str) -> MailSummary {
        MailSummary {
            id: "1".to_owned(),
            to: to.to_owned(),
            from: String::new(),
            subject: "Your order 111111".to_owned(),
            text: Some(text.to_owned()),
            html: None,
            received_at: Timestamp::UNIX_EPOCH,
            code: None,
        }
    }

    #[test]
    fn a_mail_has_the_newest_code_of_its_address_that_it_says() {
        let codes = SentCodes::default();
        for (address, code) in [
            ("Ada@example.com", "123456"),
            ("ada@example.com", "654321"),
            ("bob@example.com", "222222"),
        ] {
            codes.note(address, &Secret::new(code.to_owned()));
        }
        let cases = [
            (
                "ada@example.com",
                "Welcome to the shop: 123456!",
                Some("123456"),
            ),
            ("ADA@example.com", "654321 or 123456", Some("654321")),
            ("ada@example.com", "order 1234567, 0123456, a123456", None),
            ("ada@example.com", "222222", None),
            ("eve@example.com", "123456", None),
        ];
        for (to, text, expected) in cases {
            let mut mails = [mail(to, text)];
            codes.complete(&mut mails);
            assert_eq!(mails[0].code.as_deref(), expected, "{to}: {text}");
        }
        let mut known = mail("ada@example.com", "123456");
        known.code = Some("999999".to_owned());
        let mut mails = [known];
        codes.complete(&mut mails);
        assert_eq!(mails[0].code.as_deref(), Some("999999"));
    }

    #[test]
    fn the_oldest_code_makes_room() {
        let codes = SentCodes::default();
        for number in 0..=CODES_MAX {
            let code = Secret::new(format!("{number:06}"));
            codes.note("ada@example.com", &code);
        }
        let mut mails = [
            mail("ada@example.com", "000000"),
            mail("ada@example.com", "000001"),
        ];
        codes.complete(&mut mails);
        assert_eq!(mails[0].code, None);
        assert_eq!(mails[1].code.as_deref(), Some("000001"));
        codes.forget();
        let mut mails = [mail("ada@example.com", "000001")];
        codes.complete(&mut mails);
        assert_eq!(mails[0].code, None);
    }
}

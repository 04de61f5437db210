//! Fetches mails: what is new, their beginnings, and whole ones in pieces.

use std::fmt::Write as _;
use std::sync::Arc;

use super::super::recipients::HEADER_FIELDS;
use super::error::ImapError;
use super::session::Session;
use crate::mail::MESSAGE_BYTES_MAX;

/// How much of a new mail is fetched to see whose it is: all of most verification mails.
const HEAD_BYTES: usize = 64 * 1024;

/// How much of a large mail is fetched at a time, so that each piece is within a command's time.
const PIECE_BYTES: usize = 512 * 1024;

/// How many beginnings are fetched at a time: 4 MiB at most.
pub(super) const HEADS_MAX: usize = 64;

/// How many mails' recipients are fetched at a time.
const RECIPIENTS_MAX: usize = 200;

/// The first bytes of a mail.
pub(super) struct Head {
    pub(super) uid: u32,
    pub(super) bytes: Vec<u8>,
}

/// A mail in a list: where, how large, and its headers.
pub(super) struct Headers {
    pub(super) uid: u32,
    pub(super) size: u32,
    pub(super) bytes: Arc<[u8]>,
}

impl Session {
    /// The UIDs of the open folder from `first` on, in order.
    pub(super) fn uids_from(&mut self, first: u32) -> Result<Vec<u32>, ImapError> {
        // The range `n:*` holds the last mail even if its UID is less (RFC 9051 §6.4.9).
        let found = self.fetch(&format!("{first}:*"), "(UID)")?;
        let uids = found.iter().filter_map(|mail| mail.uid);
        let mut uids: Vec<u32> = uids.filter(|&uid| uid >= first).collect();
        uids.sort_unstable();
        uids.dedup();
        Ok(uids)
    }

    /// The beginnings of these mails, in order; those that were deleted meanwhile are left out.
    pub(super) fn heads(&mut self, uids: &[u32]) -> Result<Vec<Head>, ImapError> {
        let items = format!("(UID BODY.PEEK[]<0.{HEAD_BYTES}>)");
        let found = self.fetch(&sequence(uids), &items)?;
        let mut heads: Vec<Head> = found
            .iter()
            .filter_map(|mail| {
                let (uid, body) = (mail.uid?, mail.body()?);
                let bytes = body.to_vec();
                Some(Head { uid, bytes })
            })
            .filter(|head| uids.contains(&head.uid))
            .collect();
        heads.sort_unstable_by_key(|head| head.uid);
        heads.dedup_by_key(|head| head.uid);
        Ok(heads)
    }

    /// A whole mail from its beginning on, up to what is read of a mail.
    pub(super) fn rest_of(&mut self, head: Head) -> Result<Vec<u8>, ImapError> {
        let Head { uid, mut bytes } = head;
        if bytes.len() < HEAD_BYTES {
            return Ok(bytes);
        }
        let found = self.fetch(&uid.to_string(), "(UID RFC822.SIZE)")?;
        let own = |mail: &&imap::types::Fetch<'_>| mail.uid == Some(uid);
        let size = found.iter().filter(own).find_map(|mail| mail.size);
        let size = usize::try_from(size.unwrap_or(0)).unwrap_or(usize::MAX);
        while bytes.len() < size.min(MESSAGE_BYTES_MAX) {
            let start = bytes.len();
            let wanted = PIECE_BYTES.min(size - start);
            let items = format!("(UID BODY.PEEK[]<{start}.{wanted}>)");
            let found = self.fetch(&uid.to_string(), &items)?;
            let piece = found.iter().filter(own).find_map(imap::types::Fetch::body);
            let piece = piece.unwrap_or_default();
            bytes.extend_from_slice(piece);
            // Some servers count a mail's size otherwise than they send it.
            if piece.len() < wanted {
                break;
            }
        }
        Ok(bytes)
    }

    /// The headers that name recipients, of all mails whose UID is in `first..end`.
    pub(super) fn recipients_between(
        &mut self,
        first: u32,
        end: u32,
    ) -> Result<Vec<(u32, Vec<u8>)>, ImapError> {
        let mut uids = self.uids_from(first)?;
        uids.retain(|&uid| uid < end);
        let mut recipients = Vec::new();
        let items = format!("(UID BODY.PEEK[HEADER.FIELDS ({HEADER_FIELDS})])");
        for some in uids.chunks(RECIPIENTS_MAX) {
            let found = self.fetch(&sequence(some), &items)?;
            let each = found.iter().filter_map(|mail| {
                let (uid, header) = (mail.uid?, mail.header()?);
                Some((uid, header.to_vec()))
            });
            recipients.extend(each.filter(|(uid, _)| some.contains(uid)));
        }
        recipients.sort_unstable_by_key(|(uid, _)| *uid);
        Ok(recipients)
    }

    /// The headers of the newest `count` mails, oldest first.
    pub(super) fn newest(&mut self, count: usize, next: u32) -> Result<Vec<Headers>, ImapError> {
        // Going back by twice as many each time finds enough soon, also where most are deleted.
        let mut span = u32::try_from(count).unwrap_or(u32::MAX).max(1);
        let uids = loop {
            let first = next.saturating_sub(span).max(1);
            let uids = self.uids_from(first)?;
            if uids.len() >= count || first == 1 {
                break uids;
            }
            span = span.saturating_mul(2);
        };
        let newest = &uids[uids.len().saturating_sub(count)..];
        let mut listed = Vec::new();
        for some in newest.chunks(HEADS_MAX) {
            let found = self.fetch(&sequence(some), "(UID RFC822.SIZE BODY.PEEK[HEADER])")?;
            listed.extend(found.iter().filter_map(|mail| {
                Some(Headers {
                    uid: mail.uid?,
                    size: mail.size.unwrap_or(0),
                    bytes: mail.header()?.into(),
                })
            }));
        }
        listed.sort_unstable_by_key(|mail| mail.uid);
        Ok(listed)
    }
}

/// Ordered UIDs as a sequence set (RFC 9051 §9): `3:5,9`.
fn sequence(uids: &[u32]) -> String {
    let mut text = String::new();
    let mut rest = uids;
    while let [first, ..] = rest {
        let follows = |(before, this): &(&u32, &u32)| before.checked_add(1) == Some(**this);
        let count = 1 + rest.iter().zip(&rest[1..]).take_while(follows).count();
        let comma = if text.is_empty() { "" } else { "," };
        let last = rest[count - 1];
        // Writing to a string cannot fail.
        let _ = if last == *first {
            write!(text, "{comma}{first}")
        } else {
            write!(text, "{comma}{first}:{last}")
        };
        rest = &rest[count..];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_uids_are_written_short() {
        let cases: [(&[u32], &str); 4] = [
            (&[], ""),
            (&[7], "7"),
            (&[3, 4, 5, 9], "3:5,9"),
            (&[1, 3, 4, u32::MAX], "1,3:4,4294967295"),
        ];
        for (uids, expected) in cases {
            assert_eq!(sequence(uids), expected);
        }
    }
}

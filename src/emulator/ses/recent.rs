//! Mails that were delivered, kept for complaints and bounces that come later.

use std::collections::VecDeque;
use std::sync::Arc;

use lettre::Address;

use super::sent::SentMail;

/// Deliveries that are remembered: more than a test run makes, and less than 10 MB.
const REMEMBERED_MAX: usize = 1_000;

/// The latest deliveries, oldest first.
#[derive(Debug, Default)]
pub(super) struct RecentMails(VecDeque<(Address, Arc<SentMail>)>);

impl RecentMails {
    /// Remembers a delivery, and forgets the oldest if there are too many.
    pub(super) fn remember(&mut self, recipient: Address, mail: Arc<SentMail>) {
        if self.0.len() >= REMEMBERED_MAX {
            self.0.pop_front();
        }
        self.0.push_back((recipient, mail));
    }

    /// The latest mail to this address, capitals aside, and the address as it was written.
    pub(super) fn latest_to(&self, address: &str) -> Option<(Address, Arc<SentMail>)> {
        let mut latest = self.0.iter().rev();
        let found = latest.find(|(to, _)| AsRef::<str>::as_ref(to).eq_ignore_ascii_case(address));
        found.cloned()
    }
}

//! A real mailbox, read over IMAP (RFC 9051, and RFC 3501 before it).
//!
//! One connection, on a thread of its own, serves everybody who waits for mail in a mailbox. It
//! looks for new UIDs, fetches each new mail once, without marking it, and hands it to who waits
//! for its recipient. It never searches, because search indexes lag behind; it never goes by the
//! clock; it changes nothing in the mailbox.
//!
//! While somebody waits, it looks again after a pause that is a multiple of the time that the
//! server takes to answer, so that a near server is asked often and a far one politely. A long
//! pause is spent in IDLE (RFC 2177), which many servers answer at once, and some only after half a
//! second or not at all. Each wait begins and ends with a look.
//!
//! The `imap` crate speaks the protocol, on our own stream (`wire`): every command has a deadline
//! and every reply a bound, which the crate alone does not give. IDLE is spoken in `idle`, because
//! the crate's own waits without a deadline when mail arrives while it begins.

mod delivery;
mod error;
mod fetch;
mod folders;
mod idle;
mod imap_inbox;
mod mailbox;
mod places;
mod reader;
mod server_address;
mod session;
mod settings;
mod tls;
mod wire;

pub use error::{Exchange, ImapError};
pub use imap_inbox::ImapInbox;
pub use server_address::{InvalidServerAddress, Security, ServerAddress};
pub use settings::{ImapLimits, ImapSettings, Login, LoginMethod, SecretSource, SecretUnavailable};

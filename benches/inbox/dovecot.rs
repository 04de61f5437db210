//! The Dovecot of the tests.

#[path = "../../tests/inbox/dovecot/certificates.rs"]
mod certificates;
#[path = "../../tests/inbox/dovecot/lmtp.rs"]
pub(crate) mod lmtp;
#[path = "../../tests/inbox/dovecot/server.rs"]
pub(crate) mod server;

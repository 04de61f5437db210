//! The World for those who need none of their own.

use crate::steps::{HasSession, Session};

/// A World with nothing in it but a session.
#[derive(Debug, Default, cucumber::World)]
pub struct ReverifyWorld {
    session: Session,
}

impl HasSession for ReverifyWorld {
    fn session(&mut self) -> &mut Session {
        &mut self.session
    }
}

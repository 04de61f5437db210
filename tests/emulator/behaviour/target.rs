//! What the table is run against.

use aws_sdk_cognitoidentityprovider::Client;

use super::case::{Case, Pool};
use super::message::Message;

/// A pool of the kind that a case needs, on the emulator or on AWS.
pub(super) struct Target<'a> {
    pub(super) sdk: &'a Client,
    pub(super) pool: &'a Pool,
    pub(super) pool_id: String,
    pub(super) client_id: String,
    /// Empty for an app client without one.
    pub(super) client_secret: String,
    pub(super) surroundings: &'a dyn Surroundings,
}

/// What differs between the emulator and a pool that belongs to somebody.
pub(super) trait Surroundings {
    /// A name for users that nobody else has, with the number of the case in it.
    fn username(&self, number: usize) -> String;

    /// An address where nobody minds a mail, another one for each name.
    fn address(&self, username: &str) -> String;

    /// Why a case cannot be tried here.
    fn refuses(&self, case: &Case) -> Option<String>;

    /// Lets time pass.
    fn wait(&self, duration: jiff::SignedDuration);

    /// The newest mail to an address; none where mails cannot be read.
    fn mail(&self, address: &str) -> Option<Message>;

    /// The newest text message to a number; none where they cannot be read.
    fn text_message(&self, number: &str) -> Option<Message>;

    /// Whether users that a case made are deleted after it.
    fn cleans_up(&self) -> bool;
}

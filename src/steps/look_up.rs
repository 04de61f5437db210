//! What a step of the user's own can ask a session.

use super::session::{Attempt, Session};
use super::target::Target;
use crate::model::{AppClientId, ConfirmationCode, EmailAddress, Secret, UserPoolId};

/// For steps of your own: what the scenario has, by the names that it uses.
///
/// ```
/// use reverify::steps::Session;
///
/// // Before a scenario begins there is nothing yet.
/// assert!(Session::default().address_of("Ada").is_none());
/// ```
impl Session {
    /// The address of a person, once a step has introduced the person.
    pub fn address_of(&self, person: &str) -> Option<&EmailAddress> {
        let person = self.begun()?.people.get(person)?;
        Some(&person.address)
    }

    /// The password with which a person signs up.
    pub fn password_of(&self, person: &str) -> Option<&Secret<String>> {
        let person = self.begun()?.people.get(person)?;
        Some(&person.password)
    }

    /// The username of a person's latest account, deleted or not.
    pub fn username_of(&self, person: &str) -> Option<&str> {
        let person = self.begun()?.people.get(person)?;
        let account = person.accounts.last()?;
        Some(&account.username)
    }

    /// The code of the latest mail that a step received for a person.
    pub fn latest_code_of(&self, person: &str) -> Option<&ConfirmationCode> {
        let person = self.begun()?.people.get(person)?;
        Some(&person.mails.last()?.code)
    }

    /// The user pool that was set up last.
    pub fn user_pool_id(&self) -> Option<&UserPoolId> {
        Some(&self.begun()?.pools.last()?.id)
    }

    /// The app client through which requests go.
    pub fn app_client_id(&self) -> Option<&AppClientId> {
        let client = self.begun()?.pools.last()?.client.as_ref()?;
        Some(&client.id)
    }

    /// What is tested.
    pub fn target(&self) -> Option<&Target> {
        Some(&self.begun()?.setting.target)
    }

    fn begun(&self) -> Option<&Attempt> {
        self.attempt.as_deref()
    }
}

//! Requests of a step of the user's own, and the mails that they cause.

use std::fmt;
use std::time::Duration;

use super::mails::next_mail;
use super::session::Session;
use super::sign_up::watch_inbox;
use crate::mail::Extraction;
use crate::model::ConfirmationCode;
use crate::record::Failure;

/// How such a request is called where it is reported.
pub(super) const OWN_REQUEST: &str = "the request of the step's own";

/// A mail as a person reads it. Its text may hold a code, so `Debug` shows none of it.
#[derive(Clone)]
#[non_exhaustive]
pub struct ReadMail {
    /// The subject, if there is one.
    pub subject: Option<String>,
    /// The text, that of HTML included.
    pub text: String,
    /// The confirmation code, where the mail has one and no other number that could be it.
    pub code: Option<ConfirmationCode>,
    /// How long after the request it arrived.
    pub took: Duration,
}

impl fmt::Debug for ReadMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadMail")
            .field("took", &self.took)
            .finish_non_exhaustive()
    }
}

/// For steps of your own that cause mails: a request of your product, between the two calls.
///
/// ```
/// use std::error::Error;
/// use std::sync::Arc;
/// use std::time::Duration;
///
/// use cucumber::{World, then, when};
/// # use reverify::cognito::{AppClient, Ledger, NewUser};
/// # use reverify::embedded::{Embedded, EmbeddedSettings};
/// # use reverify::model::{RunId, SystemClock};
/// # use reverify::record::{Recorder, RunSetting};
/// use reverify::steps::{HasSession, Session};
/// # use reverify::suite::{Cancel, Run, RunOptions, Source, Suite};
///
/// #[derive(Debug, Default, World)]
/// struct Shop {
///     verification: Session,
/// }
///
/// impl HasSession for Shop {
///     fn session(&mut self) -> &mut Session {
///         &mut self.verification
///     }
/// }
///
/// #[when(expr = "{word} registers in the shop")]
/// async fn registers(shop: &mut Shop, name: String) -> Result<(), Box<dyn Error>> {
///     let session = &mut shop.verification;
///     session.expect_mail(&name).await?;
///     ask_the_shop_for_an_account(session, &name).await
/// }
///
/// #[then(expr = "{word} is welcomed")]
/// async fn welcomed(shop: &mut Shop, name: String) -> Result<(), Box<dyn Error>> {
///     let mail = shop.verification.next_mail(&name, Duration::from_secs(10)).await?;
///     assert!(mail.code.is_some() && mail.text.contains("Your confirmation code"));
///     Ok(())
/// }
///
/// const FEATURE: &str = "
/// Feature: Registering
///   Scenario: A new customer
///     Given a user pool that verifies e-mail addresses with a code
///     And a new user Ada
///     When Ada registers in the shop
///     Then Ada is welcomed
/// ";
/// # // What a shop does: it signs its customer up, and reverify knows nothing of it.
/// # async fn ask_the_shop_for_an_account(
/// #     session: &Session,
/// #     name: &str,
/// # ) -> Result<(), Box<dyn Error>> {
/// #     let nobody = || format!("nobody is called {name}");
/// #     let address = session.address_of(name).ok_or_else(nobody)?.as_str();
/// #     let password = session.password_of(name).ok_or_else(nobody)?;
/// #     let id = session.app_client_id().ok_or("no app client")?.clone();
/// #     let cognito = &session.target().ok_or("no target")?.cognito;
/// #     let user = NewUser::new(address).attribute("email", address);
/// #     cognito.sign_up(&AppClient { id, secret: None }, &user, password).await?;
/// #     Ok(())
/// # }
/// #
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn Error>> {
/// # let embedded = Embedded::start(EmbeddedSettings::default())?;
/// # let source = Source { path: "shop.feature".into(), text: FEATURE.into() };
/// # let suite = Suite::new(vec![source], Shop::collection());
/// # let plan = suite.plan().map_err(|error| format!("{error:?}"))?;
/// # let run = Run {
/// #     id: RunId::new("example"),
/// #     target: Arc::new(embedded.target()),
/// #     ledger: Arc::new(Ledger::in_memory()?),
/// #     recorder: Recorder::new(Arc::new(SystemClock)),
/// #     clock: Arc::new(SystemClock),
/// #     options: RunOptions::default(),
/// #     cancel: Cancel::default(),
/// #     setting: RunSetting::default(),
/// # };
/// # let summary = suite.run(&plan, run).await;
/// # assert_eq!(summary.passed(), 1, "{summary:?}");
/// # embedded.stop()?;
/// # Ok(())
/// # }
/// ```
impl Session {
    /// Notes how far the inbox is, before a request of your own that sends this person a mail: only
    /// what comes after it counts.
    ///
    /// A step such as `Then Ada receives a verification mail within 60 seconds` then waits for the mail
    /// of your request, and where it does not come says why; [`Session::next_mail`] waits for a mail of
    /// any kind.
    ///
    /// # Errors
    ///
    /// When nobody in the scenario has that name, the inbox cannot be watched, or the pool is not as the
    /// scenario presumes: then do not send the request.
    pub async fn expect_mail(&mut self, person: &str) -> Result<(), Failure> {
        self.check_premises()?;
        watch_inbox(self.attempt()?, person, OWN_REQUEST).await
    }

    /// Waits for the next mail to a person since [`Session::expect_mail`], or since the latest step
    /// that sends the person one, and reads it.
    ///
    /// Steps such as `Then the mail says "Welcome"` look at it. What it reads is no code for the steps that
    /// speak of `the code of the latest mail`: those are for mails that such a step received.
    ///
    /// # Errors
    ///
    /// When no mail comes in time, with what came instead; when nothing was asked for; when the inbox
    /// cannot be read.
    pub async fn next_mail(&mut self, person: &str, within: Duration) -> Result<ReadMail, Failure> {
        let attempt = self.attempt()?;
        let arrived = next_mail(attempt, person, within).await;
        // Whether it is a mail of Cognito's is not known, so no diagnosis of Cognito explains it.
        attempt.unexplained = None;
        let arrived = arrived?;
        attempt.person(person)?.note_found(arrived.found, None);
        Ok(ReadMail {
            subject: arrived.message.subject().map(str::to_owned),
            text: arrived.message.readable_text(),
            code: match arrived.extraction {
                Extraction::Code { code, .. } => Some(code),
                _ => None,
            },
            took: arrived.took,
        })
    }
}

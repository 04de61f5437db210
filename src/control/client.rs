//! The client of the interface.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use hyper::body::Bytes;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::exchange::Place;
use super::{
    ActiveFault, ClockMove, ClockState, Fault, FaultId, FunctionDefinition, FunctionInvocations,
    FunctionSummary, LogUsage, MailSummary, Query, Quotas, Refusal, Route, SmsMessage,
    TrailSettings, TrailState,
};
use crate::model::EmailAddress;

/// Longest wait for an answer. Moving the clock sends the mails that become due, and each may take
/// ten seconds if the mail server does not answer.
const ANSWER_SECONDS_MAX: u64 = 30;

/// A client of one emulator's control interface.
///
/// ```no_run
/// use std::time::Duration;
///
/// use reverify::control::{Client, Effect, Fault};
///
/// # async fn expire() -> Result<(), Box<dyn std::error::Error>> {
/// let control = Client::new("http://127.0.0.1:9229")?;
/// let lost = Fault::new(Effect::LoseMail {}).address("ada@mail.test".parse()?);
/// let lost = control.add_fault(&lost).await?;
/// // Whatever the test does, and then:
/// control.remove_fault(lost.id).await?;
/// control.advance(Duration::from_secs(24 * 60 * 60)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    place: Place,
}

/// Why the interface did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Not a URL of an emulator.
    #[error("`{0}` is not an emulator's endpoint; one is `http://127.0.0.1:PORT`")]
    Endpoint(String),
    /// The interface is meant for programs of the emulator's own machine.
    #[error("`{0}` is not on this machine; the control interface is asked on loopback only")]
    Remote(String),
    /// Nobody answers there, or the answer broke off.
    #[error("the control interface at {place} cannot be asked: {source}; is the emulator running?")]
    Unreachable {
        /// Host and port.
        place: String,
        /// The system's words.
        source: io::Error,
    },
    /// No answer came in time.
    #[error("the control interface at {0} did not answer within {ANSWER_SECONDS_MAX} seconds")]
    TimedOut(String),
    /// The emulator refused.
    #[error("the emulator refused: {} ({})", .refusal.error, .refusal.help)]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Its words.
        refusal: Refusal,
    },
    /// The answer is not the interface's.
    #[error("{place} does not answer as a control interface of version 1 does: {reason}")]
    Malformed {
        /// Host and port.
        place: String,
        /// What is wrong with the answer.
        reason: String,
    },
}

impl Client {
    /// A client of the emulator with this endpoint, as `reverify emulate` prints it: with or without
    /// the path of the control interface.
    ///
    /// # Errors
    /// [`ClientError::Endpoint`] for another text than an HTTP URL, [`ClientError::Remote`] for one
    /// that names neither `localhost` nor a loopback address.
    pub fn new(endpoint: &str) -> Result<Self, ClientError> {
        let url = Url::parse(endpoint)
            .ok()
            .filter(|url| url.scheme() == "http");
        let host = url.as_ref().and_then(Url::host_str);
        let (Some(url), Some(host)) = (&url, host) else {
            return Err(ClientError::Endpoint(endpoint.to_owned()));
        };
        let host = host.trim_matches(['[', ']']);
        let address: Result<IpAddr, _> = host.parse();
        if host != "localhost" && !address.is_ok_and(|address| address.is_loopback()) {
            return Err(ClientError::Remote(endpoint.to_owned()));
        }
        Ok(Self {
            place: Place {
                host: host.to_owned(),
                port: url.port_or_known_default().unwrap_or(80),
            },
        })
    }

    /// The mails that arrived, oldest first.
    ///
    /// # Errors
    /// As every method of this client: [`ClientError`] if the emulator does not answer or refuses.
    pub async fn mails(&self, query: Query<EmailAddress>) -> Result<Vec<MailSummary>, ClientError> {
        self.ask(&Route::Mails(query)).await
    }

    /// One mail's bytes, as they arrived.
    ///
    /// # Errors
    /// [`ClientError::Refused`] if there is no mail with this id, and see [`Client::mails`].
    pub async fn raw_mail(&self, id: &str) -> Result<Bytes, ClientError> {
        self.exchange(&Route::RawMail(id.to_owned()), Bytes::new())
            .await
    }

    /// The text messages that were sent, oldest first; a recipient is a phone number.
    ///
    /// # Errors
    /// See [`Client::mails`].
    pub async fn sms(&self, query: Query<String>) -> Result<Vec<SmsMessage>, ClientError> {
        self.ask(&Route::Sms(query)).await
    }

    /// Brings back the state of the start: pools, users, mails, logs, faults, quotas and the clock.
    ///
    /// # Errors
    /// See [`Client::mails`].
    pub async fn reset(&self) -> Result<(), ClientError> {
        self.exchange(&Route::Reset, Bytes::new()).await.map(drop)
    }

    /// What the emulator's clock says.
    ///
    /// # Errors
    /// See [`Client::mails`].
    pub async fn clock(&self) -> Result<ClockState, ClientError> {
        self.ask(&Route::Clock).await
    }

    /// Moves the clock forward by whole seconds. What became due by that has happened when this
    /// returns: delayed mails have left, delayed events are in their log groups.
    ///
    /// # Errors
    /// See [`Client::mails`].
    pub async fn advance(&self, by: Duration) -> Result<ClockState, ClientError> {
        let by = ClockMove::AdvanceSeconds(by.as_secs());
        self.tell(&Route::MoveClock, &by).await
    }

    /// Moves the clock forward to a moment, as [`Client::advance`] does.
    ///
    /// # Errors
    /// [`ClientError::Refused`] for a moment that is past, and see [`Client::mails`].
    pub async fn set_clock(&self, now: Timestamp) -> Result<ClockState, ClientError> {
        self.tell(&Route::MoveClock, &ClockMove::Now(now)).await
    }

    /// The faults, those that struck often enough included.
    ///
    /// # Errors
    /// See [`Client::mails`].
    pub async fn faults(&self) -> Result<Vec<ActiveFault>, ClientError> {
        self.ask(&Route::Faults).await
    }

    /// Injects a fault.
    ///
    /// # Errors
    /// [`ClientError::Refused`] for what [`Fault::check`] refuses, and see [`Client::mails`].
    pub async fn add_fault(&self, fault: &Fault) -> Result<ActiveFault, ClientError> {
        self.tell(&Route::AddFault, fault).await
    }

    /// Removes a fault.
    ///
    /// # Errors
    /// [`ClientError::Refused`] if there is no such fault, and see [`Client::mails`].
    pub async fn remove_fault(&self, id: FaultId) -> Result<(), ClientError> {
        let done = self.exchange(&Route::RemoveFault(id), Bytes::new()).await;
        done.map(drop)
    }

    /// Removes all faults.
    ///
    /// # Errors
    /// See [`Client::mails`].
    pub async fn clear_faults(&self) -> Result<(), ClientError> {
        let done = self.exchange(&Route::ClearFaults, Bytes::new()).await;
        done.map(drop)
    }

    /// The account's quotas.
    ///
    /// # Errors
    /// See [`Client::mails`].
    pub async fn quotas(&self) -> Result<Quotas, ClientError> {
        self.ask(&Route::Quotas).await
    }

    /// Sets the account's quotas. What was counted up to now stays counted.
    ///
    /// # Errors
    /// See [`Client::mails`].
    pub async fn set_quotas(&self, quotas: &Quotas) -> Result<Quotas, ClientError> {
        self.tell(&Route::SetQuotas, quotas).await
    }

    /// How much the log groups hold.
    ///
    /// # Errors
    /// See [`Client::mails`].
    pub async fn logs(&self) -> Result<LogUsage, ClientError> {
        self.ask(&Route::Logs).await
    }

    /// Where the trail of API calls goes, and how much of the event history is held.
    ///
    /// # Errors
    /// See [`Client::mails`].
    pub async fn trail(&self) -> Result<TrailState, ClientError> {
        self.ask(&Route::Trail).await
    }

    /// Sets where the trail of API calls goes from the next call on.
    ///
    /// # Errors
    /// [`ClientError::Refused`] for a name that no log group has, and see [`Client::mails`].
    pub async fn set_trail(&self, trail: &TrailSettings) -> Result<TrailSettings, ClientError> {
        self.tell(&Route::SetTrail, trail).await
    }

    /// The functions that are deployed.
    ///
    /// # Errors
    /// See [`Client::mails`].
    pub async fn functions(&self) -> Result<Vec<FunctionSummary>, ClientError> {
        self.ask(&Route::Functions).await
    }

    /// Deploys a function, in place of one with the same name.
    ///
    /// # Errors
    /// [`ClientError::Refused`] for a definition that is no function, and see [`Client::mails`].
    pub async fn deploy_function(
        &self,
        name: &str,
        definition: &FunctionDefinition,
    ) -> Result<FunctionSummary, ClientError> {
        let route = Route::DeployFunction(name.to_owned());
        self.tell(&route, definition).await
    }

    /// Removes a function.
    ///
    /// # Errors
    /// [`ClientError::Refused`] if there is no such function, and see [`Client::mails`].
    pub async fn remove_function(&self, name: &str) -> Result<(), ClientError> {
        let route = Route::RemoveFunction(name.to_owned());
        self.exchange(&route, Bytes::new()).await.map(drop)
    }

    /// What a function wrote, with the lines that Lambda adds.
    ///
    /// # Errors
    /// [`ClientError::Refused`] if there is no such function, and see [`Client::mails`].
    pub async fn function_log(&self, name: &str) -> Result<String, ClientError> {
        let route = Route::FunctionLog(name.to_owned());
        let log = self.exchange(&route, Bytes::new()).await?;
        Ok(String::from_utf8_lossy(&log).into_owned())
    }

    /// How often a function was invoked, and with what.
    ///
    /// # Errors
    /// [`ClientError::Refused`] if there is no such function, and see [`Client::mails`].
    pub async fn function_invocations(
        &self,
        name: &str,
    ) -> Result<FunctionInvocations, ClientError> {
        self.ask(&Route::FunctionInvocations(name.to_owned())).await
    }

    pub(super) async fn ask<T: DeserializeOwned>(&self, route: &Route) -> Result<T, ClientError> {
        self.read(&self.exchange(route, Bytes::new()).await?)
    }

    pub(super) async fn tell<T: DeserializeOwned>(
        &self,
        route: &Route,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        let body = serde_json::to_vec(body).map_err(|error| self.malformed(&error))?;
        self.read(&self.exchange(route, body.into()).await?)
    }

    fn read<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, ClientError> {
        serde_json::from_slice(body).map_err(|error| self.malformed(&error))
    }

    /// One request and its answer on a connection of their own, within the limit.
    async fn exchange(&self, route: &Route, body: Bytes) -> Result<Bytes, ClientError> {
        let limit = Duration::from_secs(ANSWER_SECONDS_MAX);
        let answer = tokio::time::timeout(limit, self.place.exchange(route, body));
        let (status, body) = match answer.await {
            Err(_) => return Err(ClientError::TimedOut(self.place.to_string())),
            Ok(Err(source)) => {
                let place = self.place.to_string();
                return Err(ClientError::Unreachable { place, source });
            }
            Ok(Ok(answer)) => answer,
        };
        if status.is_success() {
            return Ok(body);
        }
        Err(ClientError::Refused {
            status: status.as_u16(),
            refusal: self.read(&body)?,
        })
    }

    fn malformed(&self, error: &serde_json::Error) -> ClientError {
        ClientError::Malformed {
            place: self.place.to_string(),
            reason: error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_on_this_machine() {
        for (endpoint, place) in [
            ("http://127.0.0.1:9229", "127.0.0.1:9229"),
            ("http://localhost:1/_reverify/v1/", "localhost:1"),
            ("http://[::1]:9229/", "[::1]:9229"),
        ] {
            assert_eq!(Client::new(endpoint).unwrap().place.to_string(), place);
        }
        for endpoint in ["", "127.0.0.1:9229", "https://127.0.0.1:1", "/path"] {
            let error = Client::new(endpoint).unwrap_err();
            assert!(matches!(error, ClientError::Endpoint(_)), "{error}");
        }
        for endpoint in ["http://192.0.2.7:9229", "http://127.0.0.1.example.com"] {
            let error = Client::new(endpoint).unwrap_err();
            assert!(matches!(error, ClientError::Remote(_)), "{error}");
        }
    }
}

//! Mailpit, by its HTTP API (version 1).

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use url::Url;

use super::store::{Found, Store};
use crate::inbox::{Folder, InboxError};
use crate::mail::MESSAGE_BYTES_MAX;
use crate::model::EmailAddress;

/// How long one request may take, connecting included.
const REQUEST_TIME_MAX: Duration = Duration::from_secs(10);

/// Mails on one page of the list.
const PAGE_MAILS: usize = 100;

/// Most mails of which the list is read: more than Mailpit keeps unless it is told to.
const MAILS_MAX: usize = 100_000;

/// The address of a Mailpit: `http://HOST[:PORT]`, 8025 by default, with a path if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailpitUrl {
    host: String,
    port: u16,
    path: String,
}

impl FromStr for MailpitUrl {
    type Err = InvalidMailpitUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).map_err(|error| InvalidMailpitUrl(error.to_string()))?;
        let invalid = |reason: &str| Err(InvalidMailpitUrl(reason.to_owned()));
        if url.scheme() != "http" {
            return invalid("it is asked over http only");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return invalid("it is asked without a user");
        }
        let Some(host) = url.host_str() else {
            return invalid("it names no host");
        };
        Ok(Self {
            host: host.to_owned(),
            port: url.port().unwrap_or(8025),
            path: url.path().trim_end_matches('/').to_owned(),
        })
    }
}

impl fmt::Display for MailpitUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, path } = self;
        write!(f, "http://{host}:{port}{path}")
    }
}

/// A text that is not the address of a Mailpit, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not the address of a Mailpit, http://HOST[:PORT]: {0}")]
pub struct InvalidMailpitUrl(String);

/// The mails of a Mailpit.
pub(super) struct Mailpit {
    url: MailpitUrl,
    runtime: Option<Runtime>,
    known: HashSet<String>,
}

/// A page of `GET /api/v1/messages`, the newest mail first.
#[derive(Debug, Deserialize)]
struct Page {
    messages: Vec<Item>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item {
    #[serde(rename = "ID")]
    id: String,
    to: Option<Vec<Mailbox>>,
    cc: Option<Vec<Mailbox>>,
    /// With envelope recipients that no header names.
    bcc: Option<Vec<Mailbox>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Mailbox {
    address: String,
}

impl Mailpit {
    pub(super) fn new(url: MailpitUrl) -> Self {
        Self {
            url,
            runtime: None,
            known: HashSet::new(),
        }
    }

    fn unreadable(&self, reason: impl fmt::Display) -> InboxError {
        InboxError::Unreadable {
            inbox: format!("the Mailpit at {}", self.url),
            reason: reason.to_string(),
        }
    }

    /// The answer to a request, or nothing if there is no such thing.
    fn get(&mut self, path: &str) -> Result<Option<Bytes>, InboxError> {
        let runtime = match self.runtime.take() {
            Some(runtime) => runtime,
            None => Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|error| self.unreadable(error))?,
        };
        let asked = runtime.block_on(async {
            let answer = ask(&self.url, path);
            tokio::time::timeout(REQUEST_TIME_MAX, answer).await
        });
        self.runtime = Some(runtime);
        let failed = match asked {
            Ok(Ok((StatusCode::OK, body))) => return Ok(Some(body)),
            Ok(Ok((StatusCode::NOT_FOUND, _))) => return Ok(None),
            Ok(Ok((status, _))) => format!("it answers {path} with {status}"),
            Ok(Err(error)) => format!("{path}: {error}; is it running there?"),
            Err(_) => format!(
                "it did not answer {path} within {} s",
                REQUEST_TIME_MAX.as_secs()
            ),
        };
        Err(self.unreadable(failed))
    }

    fn page(&mut self, start: usize) -> Result<Vec<Item>, InboxError> {
        let path = format!("/api/v1/messages?start={start}&limit={PAGE_MAILS}");
        let Some(body) = self.get(&path)? else {
            return Err(self.unreadable(format!("it has no {path}; is it another program?")));
        };
        let page: Result<Page, _> = serde_json::from_slice(&body);
        let page = page.map_err(|error| self.unreadable(format!("{path}: {error}")))?;
        Ok(page.messages)
    }
}

impl Store for Mailpit {
    fn new_mails(&mut self) -> Result<Vec<Found>, InboxError> {
        let mut new: Vec<Found> = Vec::new();
        let mut listed = HashSet::new();
        let mut start = 0;
        while start < MAILS_MAX {
            let page = self.page(start)?;
            let count = page.len();
            let mut reached_known = false;
            for item in page {
                // A mail that comes between two pages moves the others on by one.
                if self.known.contains(&item.id) {
                    reached_known = true;
                } else if listed.insert(item.id.clone()) {
                    new.push(item.into());
                }
            }
            // Behind a mail that is known all are: the newest come first.
            if reached_known || count < PAGE_MAILS {
                break;
            }
            start += count;
        }
        self.known.extend(listed);
        new.reverse();
        Ok(new)
    }

    fn raw(&mut self, name: &str) -> Result<Option<Vec<u8>>, InboxError> {
        let raw = self.get(&format!("/api/v1/message/{name}/raw"))?;
        Ok(raw.map(Vec::from))
    }
}

impl From<Item> for Found {
    fn from(item: Item) -> Self {
        let lists = [item.to, item.cc, item.bcc];
        let mailboxes = lists.into_iter().flatten().flatten();
        Self {
            name: item.id,
            recipients: mailboxes
                .filter_map(|mailbox| mailbox.address.parse::<EmailAddress>().ok())
                .collect(),
            folder: Folder::Inbox,
        }
    }
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// One request over a connection of its own: the server is near, and nothing has to be kept.
async fn ask(url: &MailpitUrl, path: &str) -> Result<(StatusCode, Bytes), Failure> {
    let stream = TcpStream::connect((url.host.as_str(), url.port)).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let request = Request::get(format!("{}{path}", url.path))
        .header(header::HOST, format!("{}:{}", url.host, url.port))
        .header(header::CONNECTION, "close")
        .body(Empty::<Bytes>::new())?;
    let answer = async {
        let response = sender.send_request(request).await?;
        let status = response.status();
        let body = Limited::new(response.into_body(), MESSAGE_BYTES_MAX);
        let body = body.collect().await?.to_bytes();
        Ok::<_, Failure>((status, body))
    };
    tokio::pin!(answer);
    tokio::select! {
        answered = &mut answer => answered,
        ended = connection => {
            ended?;
            // The end of the connection ends the body, which has come by then.
            answer.await
        }
    }
}

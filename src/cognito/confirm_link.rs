//! Opening the link of a mail, as a browser would.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::Url;

use super::{CallFacts, Called, Client, CognitoError, Repeats};
use crate::mail::ConfirmLink;

/// The page behind a link answers within a second when the service is well.
const PAGE_SECONDS_MAX: u64 = 10;
/// Largest page that is read; AWS's have some kilobytes.
const PAGE_BYTES_MAX: usize = 1024 * 1024;
/// How the page is called in records: the last part of its path (COGNITO.md 5.3).
const OPERATION: &str = "confirmUser";

impl Client {
    /// Opens a confirmation link. A page that redirects has confirmed the user.
    ///
    /// # Errors
    ///
    /// [`CognitoError::Refused`] with the page's status, such as `400 Bad Request`, or
    /// [`CognitoError::Unanswered`].
    pub async fn open_link(&self, link: &ConfirmLink) -> Result<Called<()>, CognitoError> {
        let started = Instant::now();
        let limit = Duration::from_secs(PAGE_SECONDS_MAX);
        let answer = tokio::time::timeout(limit, open(link.expose_url())).await;
        let call = CallFacts {
            repeats: Repeats::default(),
            operation: OPERATION,
            request_id: None,
            took: started.elapsed(),
        };
        match answer {
            Ok(Ok(status)) if status.as_u16() < 400 => Ok(Called { answer: (), call }),
            Ok(Ok(status)) => Err(CognitoError::Refused {
                code: status.to_string(),
                message: "the page behind the link did not confirm the user".to_owned(),
                call,
            }),
            Ok(Err(error)) => Err(CognitoError::Unanswered {
                reason: error.to_string(),
                call,
            }),
            Err(_) => Err(CognitoError::Unanswered {
                reason: format!("no page came within {PAGE_SECONDS_MAX} s"),
                call,
            }),
        }
    }
}

async fn open(address: &str) -> io::Result<StatusCode> {
    let url = Url::parse(address).map_err(io::Error::other)?;
    let host = url.host_str().unwrap_or_default().to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    let stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
    if url.scheme() == "http" {
        return ask(stream, &url).await;
    }
    let name = ServerName::try_from(host).map_err(io::Error::other)?;
    let stream = TlsConnector::from(tls()?).connect(name, stream).await?;
    ask(stream, &url).await
}

/// Asks for the page and reads it to its end.
async fn ask<S>(stream: S, url: &Url) -> io::Result<StatusCode>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(io::Error::other)?;
    let path = url.query().map_or_else(
        || url.path().to_owned(),
        |query| format!("{}?{query}", url.path()),
    );
    let request = Request::builder()
        .uri(path)
        .header("host", url.authority())
        .body(Empty::<Bytes>::new())
        .map_err(io::Error::other)?;
    let answer = async {
        let response = sender.send_request(request).await;
        let response = response.map_err(io::Error::other)?;
        let status = response.status();
        let page = Limited::new(response.into_body(), PAGE_BYTES_MAX).collect();
        page.await.map_err(io::Error::other)?;
        Ok(status)
    };
    tokio::pin!(answer, connection);
    tokio::select! {
        biased;
        answer = &mut answer => answer,
        // The connection may end first; the rest of the answer is buffered then.
        _ended = &mut connection => answer.await,
    }
}

/// Whom this machine trusts.
fn tls() -> io::Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

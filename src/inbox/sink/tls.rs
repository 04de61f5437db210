//! What a sink encrypts with.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

/// A certificate and its key, for STARTTLS.
///
/// ```
/// use reverify::inbox::sink::{SinkSettings, SinkTls};
///
/// let settings = SinkSettings {
///     tls: Some(SinkTls::self_signed("mx.staging.example.com")?),
///     ..SinkSettings::default()
/// };
/// # Ok::<(), reverify::inbox::sink::SinkTlsError>(())
/// ```
#[derive(Clone)]
pub struct SinkTls(Arc<ServerConfig>);

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum SinkTlsError {
    /// A file is not what it should be.
    #[error("{} has no {what} in PEM: {reason}", .file.display())]
    File {
        /// Which one.
        file: PathBuf,
        /// `certificate` or `private key`.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A certificate could not be made.
    #[error("no certificate can be made for `{host_name}`: {reason}")]
    SelfSigned {
        /// For whom.
        host_name: String,
        /// Why not.
        reason: String,
    },
    /// The certificate and the key are of no use together.
    #[error("the certificate cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
}

impl SinkTls {
    /// Makes a key and a certificate that nobody else has signed, for the life of this process.
    ///
    /// Mail servers that encrypt when they can, as SES does, look at no certificate (RFC 7435).
    ///
    /// # Errors
    /// [`SinkTlsError`] when no certificate can have this name.
    pub fn self_signed(host_name: &str) -> Result<Self, SinkTlsError> {
        let made = rcgen::generate_simple_self_signed([host_name.to_owned()]);
        let made = made.map_err(|error| SinkTlsError::SelfSigned {
            host_name: host_name.to_owned(),
            reason: error.to_string(),
        })?;
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        Self::new(vec![made.cert.der().clone()], key.into())
    }

    /// Reads a certificate, with those that lead to its authority after it, and its key.
    ///
    /// # Errors
    /// [`SinkTlsError`] when a file cannot be read, or the two do not belong together.
    pub fn from_pem_files(chain: &Path, key: &Path) -> Result<Self, SinkTlsError> {
        let failed = |file: &Path, what, reason: String| SinkTlsError::File {
            file: file.to_owned(),
            what,
            reason,
        };
        let no_certificate = |reason: String| failed(chain, "certificate", reason);
        let certificates = CertificateDer::pem_file_iter(chain)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| no_certificate(error.to_string()))?;
        if certificates.is_empty() {
            return Err(no_certificate("it holds none".to_owned()));
        }
        let private = PrivateKeyDer::from_pem_file(key)
            .map_err(|error| failed(key, "private key", error.to_string()))?;
        Self::new(certificates, private)
    }

    fn new(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> Result<Self, SinkTlsError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        Ok(Self(Arc::new(config)))
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.0))
    }
}

/// Shows nothing of the key.
impl fmt::Debug for SinkTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SinkTls").finish_non_exhaustive()
    }
}

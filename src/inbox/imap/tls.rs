//! TLS by rustls: whom to trust, and what a refused certificate means.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, ClientConnection, RootCertStore};

use super::error::{Exchange, ImapError};

/// What every connection to a mailbox shares.
///
/// # Errors
/// [`ImapError::TrustedCertificates`] when the file, or the system's store, has none.
pub(super) fn config(trusted: Option<&Path>) -> Result<Arc<ClientConfig>, ImapError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| untrusted(&error))?;
    let roots = match trusted {
        Some(file) => roots_of_file(file)?,
        None => roots_of_system()?,
    };
    let config = builder.with_root_certificates(roots);
    Ok(Arc::new(config.with_no_client_auth()))
}

fn roots_of_file(file: &Path) -> Result<RootCertStore, ImapError> {
    let named = |error: &dyn std::fmt::Display| untrusted(&format!("{}: {error}", file.display()));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| named(&error))? {
        let certificate = certificate.map_err(|error| named(&error))?;
        roots.add(certificate).map_err(|error| named(&error))?;
    }
    if roots.is_empty() {
        return Err(named(&"it holds no certificate"));
    }
    Ok(roots)
}

fn roots_of_system() -> Result<RootCertStore, ImapError> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    // Some systems keep certificates that no library reads; the others do.
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let reason = match found.errors.first() {
            Some(error) => format!("of this system: {error}"),
            None => "this system has none".to_owned(),
        };
        return Err(untrusted(&reason));
    }
    Ok(roots)
}

fn untrusted(reason: &dyn std::fmt::Display) -> ImapError {
    ImapError::TrustedCertificates {
        reason: reason.to_string(),
    }
}

/// The client's side of a connection to `host`, before its handshake.
pub(super) fn client(
    config: &Arc<ClientConfig>,
    host: &str,
    server: &str,
) -> Result<ClientConnection, ImapError> {
    let failed = |reason: String| ImapError::Tls {
        server: server.to_owned(),
        reason,
    };
    let name = ServerName::try_from(host.to_owned()).map_err(|error| failed(error.to_string()))?;
    ClientConnection::new(Arc::clone(config), name).map_err(|error| failed(error.to_string()))
}

/// What a failed handshake means.
pub(super) fn handshake_error(error: &io::Error, host: &str, server: &str) -> ImapError {
    let server = server.to_owned();
    let inner = error.get_ref();
    match inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(certificate)) => ImapError::Certificate {
            server,
            reason: certificate_reason(certificate, host),
        },
        Some(other) => ImapError::Tls {
            server,
            reason: other.to_string(),
        },
        None => ImapError::Lost {
            server,
            exchange: Exchange::Handshake,
            reason: error.to_string(),
        },
    }
}

fn certificate_reason(error: &CertificateError, host: &str) -> String {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired; it has to be renewed on the server".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet; is the clock of this machine right?".to_owned()
        }
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "it is signed by nobody whom this machine trusts; if that is how it should be, give \
             the certificate of its authority as trusted"
                .to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!("it is not for the name `{host}`; connect by a name that stands in it")
        }
        other => other.to_string(),
    }
}

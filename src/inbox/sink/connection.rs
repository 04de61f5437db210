//! A client's connection, encrypted or not yet.

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use super::tls::SinkTls;

/// Bytes to and from a client.
pub(super) enum Connection {
    Plain(TcpStream),
    Encrypted(Box<TlsStream<TcpStream>>),
}

impl Connection {
    /// Appends what the client has sent, and tells how many bytes; none at the end.
    pub(super) async fn read(&mut self, input: &mut Vec<u8>) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read_buf(input).await,
            Self::Encrypted(stream) => stream.read_buf(input).await,
        }
    }

    /// Sends all of it.
    pub(super) async fn write(&mut self, output: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.write_all(output).await,
            Self::Encrypted(stream) => {
                stream.write_all(output).await?;
                // Otherwise what the socket did not take would wait for the next write.
                stream.flush().await
            }
        }
    }

    /// Says that nothing more will be sent.
    pub(super) async fn close(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.shutdown().await,
            Self::Encrypted(stream) => stream.shutdown().await,
        }
    }

    /// Shakes hands with a client that has been told to begin.
    ///
    /// # Errors
    /// The connection's; also when it is encrypted already, which the dialogue does not allow.
    pub(super) async fn encrypt(self, tls: &SinkTls) -> io::Result<Self> {
        match self {
            Self::Plain(stream) => {
                let stream = tls.acceptor().accept(stream).await?;
                Ok(Self::Encrypted(Box::new(stream)))
            }
            Self::Encrypted(_) => Err(io::ErrorKind::AlreadyExists.into()),
        }
    }
}

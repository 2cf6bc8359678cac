//! How a connection ends that no HTTP library would end so.

use std::{fmt, time::Duration};

use hyper::body::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep,
};

/// The end of a connection: what is still written, and then.
///
/// It is an error because that is how a service tells hyper to leave a connection alone.
#[derive(Debug)]
pub(crate) struct Abort {
    bytes: Bytes,
    /// In how many bytes at once they are written, and the pause before each.
    drip: Option<(usize, Duration)>,
    then: Then,
}

#[derive(Debug)]
enum Then {
    Close,
    Reset,
    /// Until the client closes.
    Hang,
}

impl Abort {
    pub(crate) fn close() -> Self {
        Abort::saying(Bytes::new())
    }

    pub(crate) fn reset() -> Self {
        Abort {
            then: Then::Reset,
            ..Abort::close()
        }
    }

    pub(crate) fn hang() -> Self {
        Abort {
            then: Then::Hang,
            ..Abort::close()
        }
    }

    /// Writes these bytes and closes.
    pub(crate) fn saying(bytes: Bytes) -> Self {
        Abort {
            bytes,
            drip: None,
            then: Then::Close,
        }
    }

    /// Writes these bytes in so many pieces, with a pause before each, and closes.
    pub(crate) fn dripping(bytes: Bytes, pieces: usize, pause: Duration) -> Self {
        Abort {
            drip: Some((bytes.len().div_ceil(pieces).max(1), pause)),
            ..Abort::saying(bytes)
        }
    }

    /// Ends the connection. A client that leaves before is no concern of the mock server.
    pub(crate) async fn come(&self, mut stream: TcpStream) {
        let _ = self.write(&mut stream).await;
        match self.then {
            Then::Close => {}
            Then::Reset => drop(stream.set_zero_linger()),
            Then::Hang => while matches!(stream.read(&mut [0; 512]).await, Ok(1..)) {},
        }
    }

    async fn write(&self, stream: &mut TcpStream) -> std::io::Result<()> {
        let Some((size, pause)) = self.drip else {
            return stream.write_all(&self.bytes).await;
        };
        stream.set_nodelay(true)?;
        for piece in self.bytes.chunks(size) {
            sleep(pause).await;
            stream.write_all(piece).await?;
        }
        Ok(())
    }
}

impl fmt::Display for Abort {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the connection is to end")
    }
}

impl std::error::Error for Abort {}

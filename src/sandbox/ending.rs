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
pub(super) struct Ending {
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

impl Ending {
    pub(super) fn close() -> Self {
        Ending::saying(Bytes::new())
    }

    pub(super) fn reset() -> Self {
        Ending {
            then: Then::Reset,
            ..Ending::close()
        }
    }

    pub(super) fn hang() -> Self {
        Ending {
            then: Then::Hang,
            ..Ending::close()
        }
    }

    /// Writes these bytes and closes.
    pub(super) fn saying(bytes: Bytes) -> Self {
        Ending {
            bytes,
            drip: None,
            then: Then::Close,
        }
    }

    /// Writes these bytes in so many pieces, with a pause before each, and closes.
    pub(super) fn dripping(bytes: Bytes, pieces: usize, pause: Duration) -> Self {
        Ending {
            drip: Some((bytes.len().div_ceil(pieces).max(1), pause)),
            ..Ending::saying(bytes)
        }
    }

    /// Ends the connection. A client that leaves before is no concern of the sandbox.
    pub(super) async fn come(&self, mut stream: TcpStream) {
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

impl fmt::Display for Ending {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the connection is to end")
    }
}

impl std::error::Error for Ending {}

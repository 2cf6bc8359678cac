//! Ends of a connection that an HTTP library does not offer.

use std::{fmt, time::Duration};

use hyper::body::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::clock;

/// What is still written to a connection, and how it ends.
///
/// It is an error because that is how a service tells hyper to stop using a connection.
#[derive(Clone, Debug)]
pub(crate) struct Abort {
    bytes: Bytes,
    /// The size of the pieces in which they are written, and the pause before each.
    pieces: Option<(usize, Duration)>,
    then: Then,
}

#[derive(Clone, Debug)]
enum Then {
    Close,
    Reset,
    /// Until the client closes.
    Hang,
}

impl Abort {
    pub(crate) fn close() -> Self {
        Abort::close_after(Bytes::new())
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
    pub(crate) fn close_after(bytes: Bytes) -> Self {
        Abort {
            bytes,
            pieces: None,
            then: Then::Close,
        }
    }

    /// Writes these bytes in so many pieces, with a pause before each, and closes.
    pub(crate) fn close_after_pieces(bytes: Bytes, pieces: usize, pause: Duration) -> Self {
        Abort {
            pieces: Some((bytes.len().div_ceil(pieces).max(1), pause)),
            ..Abort::close_after(bytes)
        }
    }

    /// Ends the connection. Nothing is reported if the client disconnects first.
    pub(crate) async fn end(&self, mut stream: TcpStream) {
        let _ = self.write(&mut stream).await;
        match self.then {
            Then::Close => {}
            Then::Reset => drop(stream.set_zero_linger()),
            Then::Hang => while matches!(stream.read(&mut [0; 512]).await, Ok(1..)) {},
        }
    }

    async fn write(&self, stream: &mut TcpStream) -> std::io::Result<()> {
        let Some((size, pause)) = self.pieces else {
            return stream.write_all(&self.bytes).await;
        };
        stream.set_nodelay(true)?;
        for piece in self.bytes.chunks(size) {
            clock::pause(pause).await;
            stream.write_all(piece).await?;
        }
        Ok(())
    }
}

impl fmt::Display for Abort {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the connection ends here")
    }
}

impl std::error::Error for Abort {}

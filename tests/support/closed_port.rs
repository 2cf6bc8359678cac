//! An address on loopback where no server listens.

use tokio::net::TcpSocket;

/// Holds a port, so that no other process can listen there.
pub struct ClosedPort(TcpSocket);

impl ClosedPort {
    pub fn new() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        let any_port = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        socket.bind(any_port).expect("a port");
        ClosedPort(socket)
    }

    pub fn base_url(&self) -> String {
        format!("http://{}", self.0.local_addr().expect("an address"))
    }
}

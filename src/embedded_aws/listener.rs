//! The loopback port through which programs outside this process reach the router.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::Response;
use http::{HeaderValue, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::EmbeddedAwsError;

/// How long requests that are under way may take to finish after [`Listener::shutdown`].
const GRACE: Duration = Duration::from_secs(5);
/// How long to wait after the operating system refused a connection, for want of file descriptors
/// for instance.
const PAUSE_AFTER_REFUSAL: Duration = Duration::from_millis(200);
/// How long a client may take to send the head of a request.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// A port that is being served. Dropping it stops accepting connections, too.
#[derive(Debug)]
pub struct Listener {
    address: SocketAddr,
    stop: CancellationToken,
    server: Option<JoinHandle<()>>,
}

impl Listener {
    pub(crate) async fn bind(address: SocketAddr, router: Router) -> Result<Self, EmbeddedAwsError> {
        if !address.ip().is_loopback() {
            return Err(EmbeddedAwsError::NotLoopback { address });
        }
        let refused = |source| EmbeddedAwsError::Listen { address, source };
        let socket = TcpListener::bind(address).await.map_err(refused)?;
        let address = socket.local_addr().map_err(refused)?;
        let stop = CancellationToken::new();
        let router = router.layer(middleware::from_fn(close_where_a_body_may_not_come));
        let server = tokio::spawn(serve(socket, router, stop.clone()));
        Ok(Self { address, stop, server: Some(server) })
    }

    /// The address that was bound, with the port the system chose when port 0 was asked for.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops accepting, lets the requests under way finish within five seconds, and closes.
    pub async fn shutdown(mut self) {
        self.stop.cancel();
        if let Some(server) = self.server.take()
            && let Err(error) = server.await
        {
            tracing::error!(address = %self.address, %error, "the embedded AWS listener ended badly");
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A client that waits for "100 Continue" keeps its body when it is refused at once. On a connection that
/// stays open, its next request would then be taken for that body (RFC 9110, section 10.1.1).
async fn close_where_a_body_may_not_come(request: Request, next: Next) -> Response {
    let waits = request.headers().contains_key(header::EXPECT);
    let mut response = next.run(request).await;
    if waits && !response.status().is_success() {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

async fn serve(socket: TcpListener, router: Router, stop: CancellationToken) {
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = socket.accept() => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, _)) => spawn_connection(stream, router.clone(), &connections),
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "the embedded AWS cannot accept connections");
                tokio::time::sleep(PAUSE_AFTER_REFUSAL).await;
            }
        }
    }
    drop(socket);
    if tokio::time::timeout(GRACE, connections.shutdown()).await.is_err() {
        tracing::warn!("requests to the embedded AWS were cut off at shutdown");
    }
}

fn spawn_connection(stream: TcpStream, router: Router, connections: &GracefulShutdown) {
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection to the embedded AWS broke off");
        }
    });
}

/// Whether the failure concerns the peer that was about to connect, and not the port.
fn is_about_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    )
}

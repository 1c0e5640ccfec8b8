//! An HTTP client that sends what it is told, as a browser with a presigned URL does.

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Sends one request over a connection of its own and reads the whole response.
pub(super) async fn send(
    address: SocketAddr,
    mut request: http::Request<Bytes>,
) -> Result<http::Response<Bytes>, Box<dyn std::error::Error>> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).parse()?;
    if !request.headers().contains_key("host") {
        request.headers_mut().insert("host", address.to_string().parse()?);
    }
    *request.uri_mut() = path;
    let response = sender.send_request(request.map(Full::new)).await?;
    let (parts, body) = response.into_parts();
    Ok(http::Response::from_parts(parts, body.collect().await?.to_bytes()))
}

pub(super) fn header<'a, B>(response: &'a http::Response<B>, name: &str) -> Option<&'a str> {
    response.headers().get(name).and_then(|value| value.to_str().ok())
}

//! What happens to a connection between requests.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Fixture, Outcome};

#[tokio::test]
async fn a_connection_ends_with_a_refusal_of_a_body_that_was_held_back() -> Outcome {
    let fixture = Fixture::new().await?;
    let listener = fixture.aws.listen("127.0.0.1:0".parse()?).await?;
    let mut connection = TcpStream::connect(listener.address()).await?;
    let head = "PUT /nowhere/a HTTP/1.1\r\nhost: here\r\ncontent-length: 1\r\nexpect: 100-continue\r\n\r\n";
    connection.write_all(head.as_bytes()).await?;

    // Ends only when the server closes.
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;

    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    listener.shutdown().await;
    Ok(())
}

//! Issuers that answer slowly, without end, only half, or with another address: whoever asks them is told so, in
//! time.

use super::{Issuer, IssuerError};
use crate::engine::config::{IssuerSettings, SigningAlgorithm};
use futures::future::join_all;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How long an answer may take that never comes to its end.
const SHORT: Duration = Duration::from_millis(300);

/// How long any other may take, also where the machine is busy.
const LONG: Duration = Duration::from_secs(20);

/// Within what each of these ends.
const BOUND: Duration = Duration::from_mins(1);

const DESCRIPTION: &str = "/.well-known/openid-configuration";
const KEYS: &str = "/keys";

/// The head of an answer whose length nobody says.
const CHUNKED: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";

/// How an issuer answers where it misbehaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Silent,
    Dripping,
    Endless,
    EndlessHead,
    LongerThanItSends,
    CutOff,
    Redirecting,
}

impl Manner {
    fn patience(self) -> Duration {
        match self {
            Self::Silent | Self::Dripping | Self::LongerThanItSends => SHORT,
            Self::Endless | Self::EndlessHead | Self::CutOff | Self::Redirecting => LONG,
        }
    }
}

/// Answers one request.
async fn answer(mut stream: TcpStream, url: &str, at: &str, manner: Manner) -> std::io::Result<()> {
    let mut head = vec![0; 4096];
    let length = stream.read(&mut head).await?;
    if !head[..length].starts_with(format!("GET {at} ").as_bytes()) {
        let text = format!(r#"{{"issuer":"{url}","jwks_uri":"{url}{KEYS}"}}"#);
        let length = text.len();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
        return stream.write_all(format!("{head}{text}").as_bytes()).await;
    }
    match manner {
        Manner::Silent => std::future::pending::<()>().await,
        Manner::Dripping => {
            stream.write_all(CHUNKED).await?;
            loop {
                stream.write_all(b"1\r\n \r\n").await?;
                tokio::time::sleep(SHORT / 20).await;
            }
        }
        Manner::Endless => {
            stream.write_all(CHUNKED).await?;
            let piece = format!("10000\r\n{}\r\n", " ".repeat(0x1_0000));
            loop {
                stream.write_all(piece.as_bytes()).await?;
            }
        }
        Manner::EndlessHead => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
            loop {
                stream.write_all(b"x-more: of this\r\n").await?;
            }
        }
        Manner::LongerThanItSends => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1099511627776\r\n\r\n{").await?;
            std::future::pending::<()>().await;
        }
        Manner::CutOff => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{").await?;
        }
        Manner::Redirecting => {
            let to = "HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/latest/meta-data/\r\n";
            stream
                .write_all(format!("{to}content-length: 0\r\nconnection: close\r\n\r\n").as_bytes())
                .await?;
        }
    }
    Ok(())
}

/// What comes of asking an issuer that misbehaves at a path.
async fn asked(at: &'static str, manner: Manner) -> Result<(), IssuerError> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let settings = IssuerSettings {
        url: url.parse().unwrap(),
        algorithms: vec![SigningAlgorithm::Es256],
        private_addresses: false,
    };
    let serving = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let url = url.clone();
            // Whoever asks goes away in the middle.
            tokio::spawn(async move { drop(answer(stream, &url, at, manner).await) });
        }
    });
    let issuer = Issuer::with_patience(settings, manner.patience());
    let checked = tokio::time::timeout(BOUND, issuer.check()).await;
    serving.abort();
    checked.unwrap_or_else(|_| panic!("{manner:?} at {at} holds up whoever asks"))
}

#[tokio::test]
async fn an_issuer_that_answers_slowly_without_end_or_elsewhere_is_not_believed_and_holds_nobody_up() {
    let cases = [
        (Manner::Silent, "no answer in time"),
        (Manner::Dripping, "no answer in time"),
        (Manner::Endless, "larger than 512 KiB"),
        (Manner::EndlessHead, "no answer"),
        (Manner::LongerThanItSends, "no answer in time"),
        (Manner::CutOff, "no answer"),
        (Manner::Redirecting, "status 302"),
    ];
    let all =
        [DESCRIPTION, KEYS].into_iter().flat_map(|at| cases.map(move |(manner, said)| (at, manner, said)));
    let told = all.map(|(at, manner, said)| async move { (at, manner, said, asked(at, manner).await) });
    for (at, manner, said, told) in join_all(told).await {
        let error = told.expect_err("it is not believed");
        assert!(error.to_string().contains(said), "{manner:?} at {at}: {error}");
        let is_unusable = matches!(manner, Manner::Endless | Manner::Redirecting);
        assert_eq!(matches!(error, IssuerError::Unusable { .. }), is_unusable, "{manner:?} at {at}: {error}");
    }
}

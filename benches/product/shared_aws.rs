//! The embedded AWS as a process of its own, for several instances of Patchline to share.

use crate::built::Built;
use crate::problem::{Because, Problem};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// A running `patchline embedded-aws`. It is killed when it is dropped.
#[derive(Debug)]
pub(crate) struct SharedAws {
    /// What it says of itself: `endpoint`, `accessKeyId`, `secretAccessKey`, `region`.
    said: Value,
    _child: Child,
    /// Kept open, because a program that cannot print ends.
    _output: Lines<BufReader<ChildStdout>>,
}

impl SharedAws {
    /// Starts it over a data folder, which no other process may have open.
    pub(crate) async fn start(built: &Built, data: &Path) -> Result<Self, Problem> {
        let mut child = Command::new(built.program())
            .arg("embedded-aws")
            .env_clear()
            .env("PATCHLINE_DATA_DIR", data)
            .env("MCP_MOCK_AWS_SERVICES", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .because("start the embedded AWS")?;
        let output = child.stdout.take().because("read what the embedded AWS prints")?;
        let mut output = BufReader::new(output).lines();
        let line = output.next_line().await.because("read what the embedded AWS prints")?;
        let said =
            serde_json::from_str(&line.unwrap_or_default()).because("read where the embedded AWS is")?;
        Ok(Self { said, _child: child, _output: output })
    }

    /// What points the SDK at it.
    pub(crate) fn variables(&self) -> [(&'static str, &str); 4] {
        let said = |name: &str| self.said[name].as_str().unwrap_or_default();
        [
            ("AWS_ENDPOINT_URL", said("endpoint")),
            ("AWS_ACCESS_KEY_ID", said("accessKeyId")),
            ("AWS_SECRET_ACCESS_KEY", said("secretAccessKey")),
            ("AWS_REGION", said("region")),
        ]
    }
}

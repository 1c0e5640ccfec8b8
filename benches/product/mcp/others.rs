//! Starts the servers that others wrote, and rmcp alone, each in a process of its own on one core.

use super::{Call, Era, TOOL};
use crate::client::Client;
use crate::pinning::Core;
use crate::problem::{Because, Problem};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// How long one may take to begin.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Who serves.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Other {
    /// rmcp, on which Patchline is built, with nothing around it.
    Bare,
    /// `FastMCP` on uvicorn, in Python.
    FastMcp,
    /// The official SDK for TypeScript on Node.
    TypeScript,
}

impl Other {
    /// What it is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bare => "rmcp alone",
            Self::FastMcp => "FastMCP",
            Self::TypeScript => "TypeScript SDK",
        }
    }

    fn era(self) -> Era {
        match self {
            Self::Bare => Era::Stateless,
            Self::FastMcp | Self::TypeScript => Era::WithoutSessions,
        }
    }

    fn command(self, core: Core, port: u16) -> Result<Command, Problem> {
        let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let mut command = match self {
            Self::Bare => {
                let mut command = core.command(&std::env::current_exe().because("find this program")?);
                command.args(["--serve-bare", &port.to_string()]);
                return Ok(command);
            }
            Self::FastMcp => {
                let cache = std::env::var("PATCHLINE_CACHE").because("find PATCHLINE_CACHE")?;
                let mut command = core.command(&PathBuf::from(cache).join("venv/bin/python"));
                command.arg(here.join("benches/product/mcp/fastmcp_server.py"));
                command
            }
            Self::TypeScript => {
                let mut command = core.command(&PathBuf::from("node"));
                command.arg(here.join("benches/product/mcp/typescript_server.mjs"));
                command.env("PACKAGES", here.join("tests/independent/mcp_clients/typescript"));
                command
            }
        };
        command.arg(port.to_string());
        Ok(command)
    }
}

/// A running one. It is killed when it is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    /// The call that it answers.
    pub(crate) call: Call,
    /// The process.
    pub(crate) pid: u32,
    _child: Child,
}

impl Running {
    /// Starts it with what it is to answer, and waits until it does.
    pub(crate) async fn start(other: Other, core: Core, answer: &Value) -> Result<Self, Problem> {
        let what = format!("start {} (the independent checks of make test install it)", other.name());
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).because("find a free port")?;
        let port = free.local_addr().because("find a free port")?.port();
        drop(free);
        let mut child = other
            .command(core, port)?
            .env("ANSWER", answer.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .because(&what)?;
        let pid = child.id().because("learn the process id")?;
        let client = Client::new(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        let call = Call::new(&client, other.era(), TOOL, &json!({ "artistId": "any" }));
        let begun = Instant::now();
        while let Err(problem) = call.send().await {
            if begun.elapsed() > PATIENCE || child.try_wait().because(&what)?.is_some() {
                return Err(Problem::new(what, problem));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(Self { call, pid, _child: child })
    }
}

//! A running Patchline: the built program in a process of its own, on a free loopback port.

use crate::built::Built;
use crate::client::{Client, KEY};
use crate::pinning::Core;
use crate::problem::{Because, Problem};
use crate::shared_aws::SharedAws;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// How long it may take to end when asked to, before it is killed.
const GRACE: Duration = Duration::from_secs(15);

/// Between two looks at something that is waited for.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// A running server. It is killed when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    /// A client for it.
    pub(crate) client: Client,
    /// When the process was started.
    pub(crate) started: Instant,
    /// The process.
    pub(crate) pid: u32,
    child: Child,
    log: PathBuf,
    /// Kept open, because a program that cannot print ends.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Server {
    /// Starts the program over a data folder, on one core if asked to. Returns when it has said its
    /// address, which is before it answers.
    pub(crate) async fn start(built: &Built, data: &Path, core: Option<Core>) -> Result<Self, Problem> {
        let mut command = command(built, &data.with_extension("log"), core)?;
        command.env("PATCHLINE_DATA_DIR", data);
        command.env("MCP_MOCK_AWS_SERVICES", "true").env("MCP_DEMO_MODE", "true");
        Self::spawn(command, data.with_extension("log")).await
    }

    /// Starts the program over an AWS that others use, too, at an address and with further variables.
    pub(crate) async fn start_over(
        built: &Built,
        aws: &SharedAws,
        address: &str,
        log: PathBuf,
        variables: &[(&str, &str)],
    ) -> Result<Self, Problem> {
        let mut command = command(built, &log, None)?;
        command.env("PATCHLINE_ADDR", address).env("MCP_MOCK_AWS_SERVICES", "false");
        command.envs(aws.variables()).envs(variables.iter().copied());
        let mut server = Self::spawn(command, log).await?;
        server.until_answered("/readyz").await?;
        Ok(server)
    }

    async fn spawn(mut command: Command, log: PathBuf) -> Result<Self, Problem> {
        let started = Instant::now();
        let mut child = command.spawn().because("start the program")?;
        let pid = child.id().because("learn the process id")?;
        let output = child.stdout.take().because("read what the program prints")?;
        let mut output = BufReader::new(output).lines();
        let line = output.next_line().await.because("read what the program prints")?;
        let address = line.as_deref().and_then(|line| line.strip_prefix("Patchline is at http://"));
        let address: SocketAddr = match address.map(str::parse) {
            Some(Ok(address)) => address,
            _ => return Err(Problem::new("start the program", end_of(&log))),
        };
        Ok(Self { client: Client::new(address), started, pid, child, log, _output: output })
    }

    /// Starts the program, waits until it serves the sample label, and signs in.
    pub(crate) async fn ready(built: &Built, data: &Path, core: Option<Core>) -> Result<Self, Problem> {
        let mut server = Self::start(built, data, core).await?;
        server.until_answered("/readyz").await?;
        server.until_seeded().await?;
        server.client.sign_in().await?;
        Ok(server)
    }

    /// Waits until a path is answered with 200, and says how long after the start that was.
    pub(crate) async fn until_answered(&mut self, path: &str) -> Result<Duration, Problem> {
        while self.client.get(path).await.is_err() {
            if self.child.try_wait().because("look after the program")?.is_some() {
                return Err(Problem::new("keep the program running", end_of(&self.log)));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(self.started.elapsed())
    }

    /// Waits until the sample label is complete, and says how long after the start that was.
    pub(crate) async fn until_seeded(&self) -> Result<Duration, Problem> {
        loop {
            let state = self.client.json("/readyz").await?;
            match state["sampleLabel"].as_str() {
                Some("ready") => return Ok(self.started.elapsed()),
                Some("preparing") => tokio::time::sleep(10 * LOOK_AGAIN).await,
                other => return Err(Problem::new("wait for the sample label", format!("it is {other:?}"))),
            }
        }
    }

    /// Ends it at once, as a loss of power would.
    pub(crate) async fn kill(mut self) -> Result<(), Problem> {
        self.child.kill().await.because("kill the program")
    }

    /// Asks it to end, and waits until it has.
    pub(crate) async fn stop(mut self) -> Result<(), Problem> {
        // Built into the shell: the program `kill` is not on every machine.
        let asked =
            Command::new("sh").args(["-c", "kill -TERM \"$0\"", &self.pid.to_string()]).status().await;
        asked.because("run kill -TERM in a shell")?;
        match tokio::time::timeout(GRACE, self.child.wait()).await {
            Ok(ended) => ended.map(drop).because("wait for the program to end"),
            Err(_) => self.child.kill().await.because("kill the program"),
        }
    }
}

impl Drop for Server {
    /// Returns when the process has ended, because until then nobody else can open its data folder.
    fn drop(&mut self) {
        // Whoever called `stop` has ended it already; then there is nothing to kill.
        let _ = self.child.start_kill();
        while matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(LOOK_AGAIN);
        }
    }
}

/// The program with the variables of every measurement and no others.
fn command(built: &Built, log: &Path, core: Option<Core>) -> Result<Command, Problem> {
    let log = std::fs::File::create(log).because("make a file for the program's log")?;
    let mut command = match core {
        Some(core) => core.command(&built.program()),
        None => Command::new(built.program()),
    };
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("PATCHLINE_ADDR", "127.0.0.1:0")
        .env("PATCHLINE_BOOTSTRAP_KEY", KEY)
        .env("PATCHLINE_INSTANCE_KEY", "the-key-of-the-measured-instances")
        .env("MCP_RATE_LIMIT", "1000000")
        .env("MCP_BURST_LIMIT", "100000")
        .env("LEPTOS_OUTPUT_NAME", "patchline")
        .env("LEPTOS_SITE_ROOT", built.site())
        .env("LEPTOS_SITE_PKG_DIR", "pkg")
        .env("LEPTOS_HASH_FILES", "true")
        .env("LEPTOS_ENV", "PROD")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .kill_on_drop(true);
    Ok(command)
}

/// The last line of the program's log.
fn end_of(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    text.lines().last().unwrap_or("it ended without a word").to_owned()
}

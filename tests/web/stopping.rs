//! The end of a real process: not ready first, then no new requests, streams end, all is written, code 0.
//! Asked twice: at once, code 1.

use crate::support::{KEY, signal};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a step may take on a slow machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// The longest wait before a stop, in seconds: twice as long as a step may take.
const LONGEST_WAIT: &str = "120";

struct Process {
    child: Child,
    address: String,
    /// Open as long as it runs: a process whose output nobody takes ends at its next line.
    _output: std::io::Lines<BufReader<std::process::ChildStdout>>,
    _data: tempfile::TempDir,
}

impl Process {
    /// One that waits for so many seconds before it stops.
    fn start(stop_wait: &str) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let mut child = Command::new(env!("CARGO_BIN_EXE_patchline"))
            .env_clear()
            .envs(["PATH", "HOME"].iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
            .env("PATCHLINE_ADDR", "127.0.0.1:0")
            .env("PATCHLINE_EMBEDDED_AWS_ADDR", "off")
            .env("PATCHLINE_DATA_DIR", data.path())
            .env("MCP_MOCK_AWS_SERVICES", "true")
            .env("MCP_DEMO_MODE", "false")
            .env("ENABLE_BEDROCK", "false")
            .env("PATCHLINE_BOOTSTRAP_KEY", KEY)
            .env("PATCHLINE_STOP_WAIT", stop_wait)
            .env("LEPTOS_OUTPUT_NAME", "patchline")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let said = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("Patchline is at ").map(str::to_owned));
        Self { child, address: said.expect("it says where it is"), _output: lines, _data: data }
    }

    fn ask_to_stop(&self, name: &str) {
        signal(&self.child, name);
    }

    /// The code with which it ends.
    fn code(&mut self) -> Option<i32> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return status.code();
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended already cannot be killed.
        let _ = self.child.kill();
    }
}

async fn ready(address: &str) -> Option<u16> {
    Some(reqwest::get(format!("{address}/readyz")).await.ok()?.status().as_u16())
}

async fn until_ready_says(address: &str, expected: u16) {
    let begun = Instant::now();
    while ready(address).await != Some(expected) {
        assert!(begun.elapsed() < PATIENCE, "/readyz never says {expected}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_process_ends_in_order() {
    let mut process = Process::start("1");
    let address = process.address.clone();
    until_ready_says(&address, 200).await;
    let request = reqwest::Client::new().get(format!("{address}/events/health")).bearer_auth(KEY);
    let mut stream = request.send().await.expect("a stream of events");
    assert!(stream.chunk().await.expect("it flows").is_some());

    process.ask_to_stop("TERM");
    while stream.chunk().await.expect("the stream ends as it should, not in the middle").is_some() {}
    assert_eq!(process.code(), Some(0));
    assert_eq!(ready(&address).await, None);
}

#[tokio::test]
async fn a_process_that_waits_to_stop_is_not_ready_and_serves_until_a_second_ctrl_c_ends_it_at_once() {
    let mut process = Process::start(LONGEST_WAIT);
    let address = process.address.clone();
    until_ready_says(&address, 200).await;

    process.ask_to_stop("INT");
    until_ready_says(&address, 503).await;
    let served = reqwest::get(format!("{address}/livez")).await.expect("it still answers");
    assert_eq!(served.status(), 200);

    process.ask_to_stop("INT");
    // Within less than the wait, or this is the end of the first.
    assert_eq!(process.code(), Some(1));
    assert_eq!(ready(&address).await, None);
}

//! An instance of Patchline as a process of its own, over the store of another.

use crate::support::{KEY, Patchline, signal};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a step may take on a slow machine.
pub(super) const PATIENCE: Duration = Duration::from_mins(3);

/// The process, and where it answers.
pub(crate) struct Instance {
    child: Child,
    address: String,
    settings: Vec<(String, String)>,
    http: reqwest::Client,
}

/// A whole answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Instance {
    /// Starts one at a free port.
    pub(super) async fn start(store: &Patchline, upstreams: Option<&str>) -> Self {
        Self::start_with(store, upstreams, &[]).await
    }

    /// Starts one that keeps no audit log, which is most of what a read costs the store.
    pub(super) async fn start_light(store: &Patchline, upstreams: Option<&str>) -> Self {
        Self::start_with(store, upstreams, &[("ENABLE_MCP_AUDIT_LOGGING", "false")]).await
    }

    /// Starts one with these variables, too.
    pub(crate) async fn start_with(
        store: &Patchline,
        upstreams: Option<&str>,
        more: &[(&str, &str)],
    ) -> Self {
        let mut settings = store.shared_store();
        settings.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        settings.extend(upstreams.map(|path| ("MCP_UPSTREAMS".to_owned(), path.to_owned())));
        let (child, address) = spawn("127.0.0.1:0", &settings);
        let instance = Self { child, address, settings, http: with_key() };
        instance.until_ready().await;
        instance
    }

    /// Starts it again where it was.
    pub(super) async fn start_again(&mut self) {
        let at = self.address.trim_start_matches("http://").to_owned();
        (self.child, self.address) = spawn(&at, &self.settings);
        self.until_ready().await;
    }

    /// Ends it at once, as a loss of power would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it ends");
    }

    /// Ends it in order.
    pub(super) async fn stop(&mut self) {
        signal(&self.child, "TERM");
        let begun = Instant::now();
        while self.child.try_wait().expect("it can be waited for").is_none() {
            assert!(begun.elapsed() < PATIENCE, "it does not end");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    async fn until_ready(&self) {
        let begun = Instant::now();
        loop {
            let said = match self.http.get(format!("{}/readyz", self.address)).send().await {
                Ok(answer) if answer.status().is_success() => return,
                Ok(answer) => answer.text().await.unwrap_or_default(),
                Err(error) => error.to_string(),
            };
            assert!(begun.elapsed() < PATIENCE, "{} is never ready: {said}", self.address);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Calls a tool over REST.
    pub(super) async fn tool(&self, name: &str, key: Option<&str>, arguments: &Value) -> Answer {
        call(&self.http, &self.address, name, key, arguments).await
    }

    /// A client and an address, for tasks of their own.
    pub(super) fn door(&self) -> (reqwest::Client, String) {
        (self.http.clone(), self.address.clone())
    }

    /// A replica as this instance sees it.
    pub(super) async fn replica(&self, server: &str, index: usize) -> Value {
        let answer = self.http.get(format!("{}/api/fleet", self.address)).send().await.expect("an answer");
        let fleet: Value = answer.json().await.expect("the fleet");
        let servers = fleet["servers"].as_array().cloned().unwrap_or_default();
        let found = servers.into_iter().find(|one| one["id"] == server).expect("the server");
        found["replicas"][index].clone()
    }

    /// How many calls of tools this process has answered since it began.
    pub(super) async fn calls(&self) -> u64 {
        let asked = self.http.get(format!("{}/metrics", self.address)).send().await.expect("an answer");
        let text = asked.text().await.expect("a text");
        let lines = text.lines().filter(|line| line.starts_with("mcp_requests_total{"));
        let counts = lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        counts.map(|count| count as u64).sum()
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // One that has ended already cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client that brings the key of programs.
fn with_key() -> reqwest::Client {
    let key = format!("Bearer {KEY}").parse().expect("a header");
    let headers = reqwest::header::HeaderMap::from_iter([(reqwest::header::AUTHORIZATION, key)]);
    reqwest::Client::builder().default_headers(headers).build().expect("a client")
}

pub(super) async fn call(
    http: &reqwest::Client,
    address: &str,
    name: &str,
    key: Option<&str>,
    arguments: &Value,
) -> Answer {
    let mut request = http.post(format!("{address}/api/tools/{name}")).json(arguments);
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    match request.send().await {
        Ok(answer) => {
            let status = answer.status().as_u16();
            Answer { status, body: answer.json().await.unwrap_or_default() }
        }
        Err(error) => Answer { status: 0, body: json!({ "error": error.to_string() }) },
    }
}

fn spawn(address: &str, settings: &[(String, String)]) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_patchline"))
        .env_clear()
        .envs(["PATH", "HOME"].iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
        .env("PATCHLINE_ADDR", address)
        .env("LEPTOS_OUTPUT_NAME", "patchline")
        .envs(settings.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let (tell, told) = std::sync::mpsc::channel();
    // It is read to its end: a process that cannot say what it wants to say ends.
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if let Some(address) = line.strip_prefix("Patchline is at ") {
                tell.send(address.to_owned()).ok();
            }
        }
    });
    (child, told.recv_timeout(PATIENCE).expect("it says where it is"))
}

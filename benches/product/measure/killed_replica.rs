//! Two instances over one store, a hundred calls a second through the first, and the second one killed.
//!
//! What is wanted: no call fails, and the killed one has calls again within its cooldown and five seconds.

use crate::built::Built;
use crate::client::Client;
use crate::load::open_loop;
use crate::problem::{Because, Problem};
use crate::report::{Figure, Section};
use crate::server::Server;
use crate::shared_aws::SharedAws;
use crate::units::time;
use bytes::Bytes;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

const PER_SECOND: u32 = 100;
const LASTS: Duration = Duration::from_secs(30);

/// How long the killed one is left out at first.
const COOLDOWN: Duration = Duration::from_secs(5);

/// The server whose calls are spread.
const SERVER: &str = "dynamodb";

/// Between two looks at something that is waited for.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

pub(crate) async fn measure(built: &Built, data: &Path) -> Result<Section, Problem> {
    Server::ready(built, data, None).await?.stop().await?;
    let aws = SharedAws::start(built, data).await?;
    let instance = |name: &str| data.with_file_name(name);
    let aws = &aws;
    let second = Server::start_over(built, aws, "127.0.0.1:0", instance("second.log"), &[]).await?;
    let address = second.client.address().to_string();
    let file = instance("upstreams.toml");
    std::fs::write(&file, upstreams(&address)).because("write the file of replicas")?;
    let upstreams = file.to_str().because("write a path as text")?;
    let more = [("MCP_UPSTREAMS", upstreams)];
    let first = Server::start_over(built, aws, "127.0.0.1:0", instance("first.log"), &more).await?;
    let client = first.client.clone();
    let ask = move || {
        let client = client.clone();
        async move { client.post("/api/tools/query_artist_data", &[], one_artist()).await }
    };
    let (load, seen) = tokio::join!(open_loop(ask, PER_SECOND, LASTS), async {
        let log = instance("second-again.log");
        kill_and_start_again(&first, second, |address| async move {
            Server::start_over(built, aws, &address, log, &[]).await
        })
        .await
    });
    let (load, (seen, second)) = (load?, seen?);
    second.stop().await?;
    first.stop().await?;
    Ok(Section::new("A replica that is killed", how())
        .with(Figure::new("calls answered, failed", format!("{}, {}", load.times.count(), load.failed)))
        .with(Figure::new("p50 over all of it", time(load.times.percentile(50))))
        .with(Figure::new("p99 over all of it", time(load.times.percentile(99))))
        .with(Figure::new("longest", time(load.times.longest())))
        .with(Figure::new("from the kill until it is left out", time(seen.left_out)))
        .with(
            Figure::new("from being ready again until it has calls", time(seen.back))
                .ratio(format!("cooldown {} s", COOLDOWN.as_secs())),
        ))
}

fn how() -> String {
    format!(
        "{PER_SECOND} calls of `query_artist_data` a second through one instance for {} s, shared in turns with a \
         second one over the same embedded AWS. The second is killed with SIGKILL, and started again once it is \
         left out. Its cooldown is {} s.",
        LASTS.as_secs(),
        COOLDOWN.as_secs()
    )
}

/// What was seen from outside.
struct Seen {
    left_out: Duration,
    back: Duration,
}

/// Answers with the second as it runs again, too: the load goes on.
async fn kill_and_start_again<S, R>(
    first: &Server,
    second: Server,
    start: S,
) -> Result<(Seen, Server), Problem>
where
    S: FnOnce(String) -> R,
    R: Future<Output = Result<Server, Problem>>,
{
    let address = second.client.address().to_string();
    until(async || Ok(calls(&second.client).await? > 100)).await?;
    let killed = Instant::now();
    second.kill().await?;
    until(async || Ok(health(&first.client).await? == "failing")).await?;
    let left_out = killed.elapsed();
    let second = start(address).await?;
    let ready = Instant::now();
    until(async || Ok(calls(&second.client).await? > 0)).await?;
    let back = ready.elapsed();
    until(async || Ok(health(&first.client).await? == "healthy")).await?;
    Ok((Seen { left_out, back }, second))
}

async fn until(mut holds: impl AsyncFnMut() -> Result<bool, Problem>) -> Result<(), Problem> {
    while !holds().await? {
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

/// How the second is, as the first sees it.
async fn health(first: &Client) -> Result<String, Problem> {
    let fleet = first.json("/api/fleet").await?;
    let servers = fleet["servers"].as_array().because("find the servers")?;
    let server = servers.iter().find(|one| one["id"] == SERVER).because("find the server")?;
    Ok(server["replicas"][1]["health"].as_str().because("find the replica")?.to_owned())
}

/// How many calls it has answered since it began.
async fn calls(instance: &Client) -> Result<u64, Problem> {
    let text = instance.get("/metrics").await?;
    let text = String::from_utf8_lossy(&text);
    let lines = text.lines().filter(|line| line.starts_with("mcp_requests_total{"));
    Ok(lines.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum())
}

fn one_artist() -> Bytes {
    let arguments: Value = json!({ "limit": 1 });
    arguments.to_string().into()
}

fn upstreams(address: &str) -> String {
    format!(
        "[[server]]\nname = \"{SERVER}\"\nstrategy = \"round_robin\"\nfailover_after = 3\n\
         cooldown_seconds = {}\nconcurrency = 50\n\n\
         [[replica]]\nserver = \"{SERVER}\"\nurl = \"http://{address}\"\n",
        COOLDOWN.as_secs()
    )
}

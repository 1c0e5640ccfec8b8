//! `tools/call` over MCP: Patchline's whole door beside rmcp alone, `FastMCP` and the TypeScript SDK.
//!
//! Each serves the same tool with the same answer, in turn, on one core, with the load on the others.
//! Patchline reads the answer from DynamoDB, checks arguments and limits and keeps an audit record; the
//! others have it as a constant. `find_tools` is Patchline's tool that asks nobody: the door without a read.

use crate::built::Built;
use crate::load::{closed_loop, open_loop};
use crate::mcp::others::{Other, Running};
use crate::mcp::{Call, Era, TOOL};
use crate::pinning::{Core, KeptAway};
use crate::problem::{Because, Problem};
use crate::process::{processor_time, tick};
use crate::report::{Figure, Section};
use crate::server::Server;
use crate::units::{digits, ratio, time};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

/// Calls a second at the fixed rate.
const PER_SECOND: u32 = 1000;
const FIXED_RATE_LASTS: Duration = Duration::from_secs(5);

/// Connections that call without a pause.
const CONNECTIONS: usize = 8;
const HIGHEST_RATE_LASTS: Duration = Duration::from_secs(5);
const WARM_UP: Duration = Duration::from_secs(2);

/// The core of whoever serves.
const CORE: Core = Core(0);

pub(crate) async fn measure(built: &Built, data: &Path) -> Result<Section, Problem> {
    let how = format!(
        "`tools/call` of `{TOOL}` for one artist, one server after the other on one core, the load on the \
         others: {CONNECTIONS} connections without a pause for {} s, then {PER_SECOND} calls a second for {} s, each \
         counted from the moment at which it was due. Patchline reads the artist from DynamoDB, checks \
         the call and keeps an audit record of it; the others answer with the same artist as a constant. \
         `find_tools` is the door without a read. Patchline and rmcp speak the revision 2026-07-28, the others \
         2025-11-25 without sessions, all of them with JSON.",
        HIGHEST_RATE_LASTS.as_secs(),
        FIXED_RATE_LASTS.as_secs(),
    );
    let _load_elsewhere = KeptAway::from(CORE)?;
    let mut section = Section::new("Calls over MCP", how);
    let (patchline, answer) = of_patchline(built, data).await?;
    let bare = of_other(Other::Bare, &answer).await?;
    for (name, speed) in patchline {
        section = speed.described(section, name, Some(&bare));
    }
    section = bare.described(section, Other::Bare.name(), None);
    for other in [Other::FastMcp, Other::TypeScript] {
        section = match of_other(other, &answer).await {
            Ok(speed) => speed.described(section, other.name(), Some(&bare)),
            Err(problem) => {
                section.with(Figure::new(format!("{}: not measured", other.name()), problem.to_string()))
            }
        };
    }
    Ok(section)
}

/// How fast both tools of Patchline are, and what the one that reads answers.
async fn of_patchline(built: &Built, data: &Path) -> Result<([(&'static str, Speed); 2], Value), Problem> {
    let server = Server::ready(built, data, Some(CORE)).await?;
    let one = Call::new(&server.client, Era::Stateless, TOOL, &json!({ "limit": 1 })).send().await?;
    let id = content(&one)?["rows"][0]["artistId"].clone();
    let read = Call::new(&server.client, Era::Stateless, TOOL, &json!({ "artistId": id }));
    let answer = content(&read.send().await?)?;
    let search = Call::new(&server.client, Era::Stateless, "find_tools", &json!({ "query": "artists" }));
    let speeds = [
        ("Patchline", Speed::of(&read, server.pid).await?),
        ("Patchline, find_tools", Speed::of(&search, server.pid).await?),
    ];
    server.stop().await?;
    Ok((speeds, answer))
}

/// The structured content of an answer.
fn content(answer: &[u8]) -> Result<Value, Problem> {
    let answer: Value = serde_json::from_slice(answer).because("read the answer of a tool")?;
    Ok(answer["result"]["structuredContent"].clone())
}

async fn of_other(other: Other, answer: &Value) -> Result<Speed, Problem> {
    let running = Running::start(other, CORE, answer).await?;
    Speed::of(&running.call, running.pid).await
}

/// How fast a server answers.
struct Speed {
    median: Duration,
    p99: Duration,
    failed: usize,
    /// The highest rate, in calls a second.
    rate: f64,
    /// Processor time of a call at that rate.
    processor: Duration,
}

impl Speed {
    async fn of(call: &Call, pid: u32) -> Result<Self, Problem> {
        closed_loop(call.again(), CONNECTIONS, WARM_UP).await?;
        let tick = tick().await?;
        let before = processor_time(pid, tick)?;
        let highest = closed_loop(call.again(), CONNECTIONS, HIGHEST_RATE_LASTS).await?;
        let used = processor_time(pid, tick)?.saturating_sub(before);
        // At the end, because who does not keep up is busy with it for some time.
        let fixed = open_loop(call.again(), PER_SECOND, FIXED_RATE_LASTS).await?;
        let calls = u32::try_from(highest.times.count()).unwrap_or(u32::MAX);
        Ok(Self {
            median: fixed.times.percentile(50),
            p99: fixed.times.percentile(99),
            failed: fixed.failed + highest.failed,
            rate: highest.rate(),
            processor: used / calls.max(1),
        })
    }

    /// Adds its figures, in relation to another.
    fn described(&self, section: Section, name: &str, beside: Option<&Self>) -> Section {
        let times = |pick: fn(&Self) -> f64| match beside {
            Some(other) => format!("{} × {}", ratio(pick(self), pick(other)), Other::Bare.name()),
            None => String::new(),
        };
        let section = section
            .with(
                Figure::new(format!("{name}: p50 at {PER_SECOND}/s"), time(self.median))
                    .ratio(times(|speed| speed.median.as_secs_f64())),
            )
            .with(
                Figure::new(format!("{name}: p99 at {PER_SECOND}/s"), time(self.p99))
                    .ratio(times(|speed| speed.p99.as_secs_f64())),
            )
            .with(
                Figure::new(format!("{name}: highest rate"), format!("{} calls/s", digits(self.rate)))
                    .ratio(times(|speed| speed.rate)),
            )
            .with(
                Figure::new(format!("{name}: processor time of a call"), time(self.processor))
                    .ratio(times(|speed| speed.processor.as_secs_f64())),
            );
        if self.failed == 0 {
            return section;
        }
        section.with(Figure::new(format!("{name}: failed calls"), self.failed.to_string()))
    }
}

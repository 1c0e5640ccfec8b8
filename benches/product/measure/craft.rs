//! A label with 500 artists and years of figures of each: the page of an artist, the list, the market and the report,
//! what they cost with and without the years, and working out everything for everybody.
//!
//! Lists read what was made of the newest days and is kept beside the rows, from the store or from memory, where it stays
//! for a minute; the page of an artist reads its newest rows, too. What has to hold is that the length of the history
//! does not matter for either.

mod night;
mod read_units;

use crate::built::Built;
use crate::client::{Client, as_browser};
use crate::history::{self, Written};
use crate::in_process::InProcess;
use crate::label;
use crate::load::{Load, open_loop};
use crate::problem::Problem;
use crate::report::{Figure, Section};
use crate::server::Server;
use crate::units::{bytes, ratio, time};
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// The artists of the label.
const ARTISTS: u32 = 500;

/// Those of them that the measurement has added, `bench_0` and so on: the others are the sample label's.
const ADDED: u32 = 476;

/// The pages, and what they are called.
const PAGES: [(&str, &str); 6] = [
    ("list of artists", LIST),
    ("artist", "/artists/bench_0"),
    ("similar artists", "/artists/bench_100?similar=1"),
    ("market", "/market"),
    ("market of a territory", "/market?territory=NO"),
    ("weekly report", "/report"),
];
const LIST: &str = "/artists?sort=momentum&order=descending";

/// Requests a second, and for how long.
const PER_SECOND: u32 = 4;
const LASTING: Duration = Duration::from_secs(10);

/// Longer than figures stay in memory: they are read anew meanwhile.
const OVER_A_MINUTE: Duration = Duration::from_secs(65);

pub(crate) async fn measure(built: &Built, data: &Path, years: u32) -> Result<Section, Problem> {
    label::grow_to(built, data, usize::try_from(ARTISTS).unwrap_or(usize::MAX)).await?;
    let (server, _) = ready(built, data).await?;
    let made = costs(&server.client).await?;
    server.stop().await?;
    let (server, ready_before) = ready(built, data).await?;
    let before = costs(&server.client).await?;
    server.stop().await?;
    let begun = Instant::now();
    let written = history::give_years(data, years).await?;
    let took = begun.elapsed();
    let (server, ready_after) = ready(built, data).await?;
    let after = costs(&server.client).await?;
    let mut section = Section::new("A label with 500 artists", how(written, years, took));
    section = section.with(
        Figure::new("ready after a start", time(ready_after))
            .ratio(format!("{} with fourteen weeks", time(ready_before))),
    );
    section = under_load(&server.client, section).await?;
    section = compared(section, &made, &before, &after);
    section = night::measure(&server, ADDED, section).await?;
    server.stop().await?;
    let aws = InProcess::open(data).await?;
    let units = read_units::measure(&aws.clients.dynamodb, ARTISTS).await;
    aws.close().await;
    Ok(match units {
        Ok(units) => units.into_iter().fold(section, Section::with),
        Err(problem) => section.with(Figure::new("read units: not known", problem.to_string())),
    })
}

fn how(written: Written, years: u32, took: Duration) -> String {
    format!(
        "{ARTISTS} artists with {years} years of figures on four platforms each: {} rows with {} facts and, beside \
         them, streams by territory, {} in the file of the store, written in {}. Pages are rendered by the server and \
         compressed for a browser, {PER_SECOND} requests a second, each counted from the moment at which it was due. \
         Before, all of it with fourteen weeks. The first request of a page after a start finds nothing in memory; the \
         very first finds nothing made of the rows either.",
        written.rows,
        written.facts(),
        bytes(written.bytes),
        time(took),
    )
}

/// Starts the server, and tells how long it took to be ready.
async fn ready(built: &Built, data: &Path) -> Result<(Server, Duration), Problem> {
    let mut server = Server::start(built, data, None).await?;
    let ready = server.until_answered("/readyz").await?;
    server.until_seeded().await?;
    server.client.sign_in().await?;
    Ok((server, ready))
}

/// What a page costs: the first time, and the shortest of a few more, when nothing else is done.
struct Cost {
    first: Duration,
    shortest: Duration,
}

/// The costs of [`PAGES`] one after the other: what one has brought into memory is there for the next.
async fn costs(client: &Client) -> Result<Vec<Cost>, Problem> {
    let mut costs = Vec::new();
    for (_, path) in PAGES {
        let first = once(client, path).await?;
        let mut shortest = Duration::MAX;
        for _ in 0..5 {
            shortest = shortest.min(once(client, path).await?);
        }
        costs.push(Cost { first, shortest });
    }
    Ok(costs)
}

async fn once(client: &Client, path: &str) -> Result<Duration, Problem> {
    let begun = Instant::now();
    client.get_as_browser(path).await?;
    Ok(begun.elapsed())
}

/// Each page at a fixed rate; the list for so long that everything is read anew once.
async fn under_load(client: &Client, section: Section) -> Result<Section, Problem> {
    let list = open_loop(as_browser(client, LIST), PER_SECOND, OVER_A_MINUTE).await?;
    let anew = format!("list of artists, {} s", OVER_A_MINUTE.as_secs());
    let mut section = section.with(described(&anew, &list));
    let others = open_loop(another_each_time(client), PER_SECOND, LASTING).await?;
    section = section.with(described("artist, another each time", &others));
    for (name, path) in PAGES {
        let load = open_loop(as_browser(client, path), PER_SECOND, LASTING).await?;
        section = section.with(described(name, &load));
    }
    Ok(section)
}

fn described(name: &str, load: &Load) -> Figure {
    let at = |percent| time(load.times.percentile(percent));
    let rest = format!("p50 {}, p99 {}, longest {}, failed {}", at(50), at(99), at(100), load.failed);
    Figure::new(format!("{name}: p95"), at(95)).ratio(rest)
}

/// Asks for the page of another artist each time, whose history is not in memory yet.
fn another_each_time(
    client: &Client,
) -> impl Fn() -> BoxFuture<'static, Result<Bytes, Problem>> + Clone + Send + 'static {
    let (client, next) = (client.clone(), Arc::new(AtomicU32::new(1)));
    move || {
        let path = format!("/artists/bench_{}", next.fetch_add(1, Ordering::Relaxed) % ADDED);
        let client = client.clone();
        async move { client.get_as_browser(&path).await }.boxed()
    }
}

/// What the years cost, and what it cost to make what is kept.
fn compared(section: Section, made: &[Cost], before: &[Cost], after: &[Cost]) -> Section {
    let costs = PAGES.iter().zip(made).zip(before.iter().zip(after));
    costs.fold(section, |section, (((name, _), made), (before, after))| {
        let beside = |after: Duration, before: Duration| {
            let times = ratio(after.as_secs_f64(), before.as_secs_f64());
            format!("{times} × fourteen weeks ({})", time(before))
        };
        section
            .with(
                Figure::new(format!("{name}: the very first"), time(made.first)).ratio("with fourteen weeks"),
            )
            .with(
                Figure::new(format!("{name}: first after a start"), time(after.first))
                    .ratio(beside(after.first, before.first)),
            )
            .with(
                Figure::new(format!("{name}: from memory"), time(after.shortest))
                    .ratio(beside(after.shortest, before.shortest)),
            )
    })
}

//! A label with 500 artists: the page of an artist, the list, the market and the report, and what they cost where an
//! artist has five years of figures in place of fourteen weeks.
//!
//! All artists have the newest fourteen weeks, which lists and comparisons read; a few have five years, as a page
//! reads one artist's history. Read units are those that the store reports for the queries behind a page.

use crate::built::Built;
use crate::client::as_browser;
use crate::in_process::InProcess;
use crate::label;
use crate::load::open_loop;
use crate::problem::{Because, Problem};
use crate::report::{Figure, Section};
use crate::server::Server;
use crate::units::{digits, ratio, time};
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use std::path::Path;
use std::time::{Duration, Instant};

/// The artists of the label.
const ARTISTS: u32 = 500;

/// The artist with five years of figures, its page, and that of one with fourteen weeks.
const LONG: &str = "bench_0";
const LONG_PAGE: &str = "/artists/bench_0";
const SHORT_PAGE: &str = "/artists/bench_100";

/// Requests a second, and for how long.
const PER_SECOND: u32 = 4;
const LASTING: Duration = Duration::from_secs(15);

/// Rows that the queries behind a page read at most: fourteen weeks, 120 days and 400 days on four platforms.
const RECENT_ROWS: i32 = 98 * 4;
const TERRITORY_ROWS: i32 = 120 * 4;
const HISTORY_ROWS: i32 = 400 * 4;

pub(crate) async fn measure(built: &Built, data: &Path) -> Result<Section, Problem> {
    label::grow_to(built, data, usize::try_from(ARTISTS).unwrap_or(usize::MAX)).await?;
    let aws = InProcess::open(data).await?;
    let rows = label::give_five_years(&aws.clients.dynamodb, LONG).await?;
    let units = read_units(&aws.clients.dynamodb).await;
    aws.close().await;
    let how = format!(
        "{ARTISTS} artists with fourteen weeks of figures on four platforms each, one of them with five years \
         ({rows} rows). Pages are rendered by the server and compressed for a browser: first once after the start, \
         when nothing is in memory, then {PER_SECOND} requests a second for {} s, each counted from the moment at \
         which it was due.",
        LASTING.as_secs()
    );
    let mut section = Section::new("A label with 500 artists", how);
    let server = Server::ready(built, data, None).await?;
    for (name, path) in [
        ("list of artists", "/artists?sort=momentum&order=descending"),
        ("artist with five years", LONG_PAGE),
        ("artist with fourteen weeks", SHORT_PAGE),
        ("similar artists", "/artists/bench_100?similar=1"),
        ("market", "/market"),
        ("market of a territory", "/market?territory=NO"),
        ("weekly report", "/report"),
    ] {
        let begun = Instant::now();
        server.client.get_as_browser(path).await?;
        let first = begun.elapsed();
        let load = open_loop(as_browser(&server.client, path), PER_SECOND, LASTING).await?;
        let (p50, p95) = (load.times.percentile(50), load.times.percentile(95));
        section = section.with(Figure::new(format!("{name}: p95"), time(p95)).ratio(format!(
            "p50 {}, first {}, failed {}",
            time(p50),
            time(first),
            load.failed
        )));
    }
    let long = shortest(&server, LONG_PAGE).await?;
    let short = shortest(&server, SHORT_PAGE).await?;
    server.stop().await?;
    section = section.with(Figure::new("five years against fourteen weeks", time(long)).ratio(format!(
        "{} × fourteen weeks ({})",
        ratio(long.as_secs_f64(), short.as_secs_f64()),
        time(short)
    )));
    Ok(match units {
        Ok(units) => units.into_iter().fold(section, Section::with),
        Err(problem) => section.with(Figure::new("read units: not known", problem.to_string())),
    })
}

/// The shortest of a few answers: what the page costs when nothing else is done.
async fn shortest(server: &Server, path: &'static str) -> Result<Duration, Problem> {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let begun = Instant::now();
        server.client.get_as_browser(path).await?;
        best = best.min(begun.elapsed());
    }
    Ok(best)
}

/// What the store says that the queries behind the pages take.
async fn read_units(dynamodb: &aws_sdk_dynamodb::Client) -> Result<Vec<Figure>, Problem> {
    let recent = units_of(dynamodb, RECENT_ROWS, "#date, platform, streams").await?;
    let territories = units_of(dynamodb, TERRITORY_ROWS, "#date, platform, territories").await?;
    let history = units_of(dynamodb, HISTORY_ROWS, "#date, platform, streams, territories").await?;
    let everybody = f64::from(ARTISTS) * recent;
    Ok(vec![
        Figure::new("read units: streams of fourteen weeks of one artist", digits(recent)),
        Figure::new("read units: list of artists and report, nothing in memory", digits(everybody)),
        Figure::new("read units: page of an artist, the others in memory", digits(history)),
        Figure::new(
            "read units: market of a territory, nothing in memory",
            digits(everybody + f64::from(ARTISTS) * territories),
        ),
    ])
}

async fn units_of(dynamodb: &aws_sdk_dynamodb::Client, rows: i32, read: &str) -> Result<f64, Problem> {
    let mut units = 0.0;
    let mut pages = dynamodb
        .query()
        .table_name("analytics")
        .key_condition_expression("artistId = :artist")
        .expression_attribute_values(":artist", AttributeValue::S(LONG.to_owned()))
        .projection_expression(read)
        .expression_attribute_names("#date", "date")
        .scan_index_forward(false)
        .limit(rows)
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .into_paginator()
        .send();
    let mut left = rows;
    while left > 0
        && let Some(page) = pages.next().await
    {
        let page = page.map_err(DisplayErrorContext).because("read the figures")?;
        let consumed = page.consumed_capacity.and_then(|capacity| capacity.capacity_units);
        units += consumed.because("find the read units in the answer of the store")?;
        left -= page.count;
    }
    Ok(units)
}

//! What DynamoDB would charge for the pages: the read units that the store reports for the queries behind them.
//!
//! A query reads so many of the newest rows, however many there are, and half a unit for each 4 KiB of them; what it
//! leaves out of its answer is read all the same. What is made of them and kept is read consistently, a unit for each
//! 4 KiB, and beside it the keys of the newest rows; it is made of rows that are read consistently, too.

use crate::problem::{Because, Problem};
use crate::report::Figure;
use crate::units::digits;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};

/// An artist of usual size.
const ARTIST: &str = "bench_0";

/// Rows that the queries behind a page read at most: a week, fourteen weeks, 120 days and 400 days on four platforms.
const WATCHED_ROWS: i32 = 7 * 4;
const RECENT_ROWS: i32 = 98 * 4;
const TERRITORY_ROWS: i32 = 120 * 4;
const HISTORY_ROWS: i32 = 400 * 4;

/// What is read of the rows of fourteen weeks.
const RECENT_READ: &str = "#date, platform, streams, listeners, saves, followers";

/// The artists whose territories are read to find those who resemble one, and those whose history is shown then.
const CANDIDATES: f64 = 61.0;
const SHOWN: f64 = 2.0;

/// Of each page, with so many artists.
pub(super) async fn measure(dynamodb: &Client, artists: u32) -> Result<Vec<Figure>, Problem> {
    let watched = of_rows(dynamodb, WATCHED_ROWS, "#date").await?;
    let recent = watched + of_kept(dynamodb, "change", "recent").await?;
    let territories = watched + of_kept(dynamodb, "by-territory", "change").await?;
    // Read consistently, which costs twice as much.
    let rows = 2.0
        * (of_rows(dynamodb, RECENT_ROWS, RECENT_READ).await?
            + of_rows(dynamodb, TERRITORY_ROWS, "#date, platform, territories").await?);
    let history = of_rows(dynamodb, HISTORY_ROWS, "#date, platform, streams, territories").await?;
    let lists = of_table(dynamodb, "artists").await? + of_table(dynamodb, "releases").await?;
    let artists = f64::from(artists);
    let everybody = artists * recent;
    let in_memory = |units: f64| format!("{} where everybody's streams are in memory", digits(units));
    Ok(vec![
        Figure::new("read units: list of artists, report, market", digits(lists + everybody)).ratio(format!(
            "{} × {} of what is kept of an artist's fourteen weeks, {} of lists",
            digits(artists),
            digits(recent),
            digits(lists)
        )),
        Figure::new("read units: artist", digits(lists + everybody + history)).ratio(in_memory(history)),
        Figure::new(
            "read units: similar artists",
            digits(lists + everybody + CANDIDATES * territories + SHOWN * history),
        )
        .ratio(in_memory(CANDIDATES * territories + SHOWN * history)),
        Figure::new("read units: market of a territory", digits(lists + everybody + artists * territories))
            .ratio(in_memory(artists * territories)),
        Figure::new("read units: a whole night", digits(lists + artists * (recent + territories + history)))
            .ratio("everything once"),
        Figure::new("read units: to make what is kept", digits(artists * rows))
            .ratio(format!("{} of an artist's rows, after each change of them", digits(rows))),
    ])
}

/// Of a query for an artist's newest rows.
async fn of_rows(dynamodb: &Client, rows: i32, read: &str) -> Result<f64, Problem> {
    let mut units = 0.0;
    let mut pages = dynamodb
        .query()
        .table_name("analytics")
        .key_condition_expression("artistId = :artist")
        .expression_attribute_values(":artist", AttributeValue::S(ARTIST.to_owned()))
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

/// Of a query for what is kept of an artist, and its mark.
async fn of_kept(dynamodb: &Client, from: &str, to: &str) -> Result<f64, Problem> {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let query = dynamodb
        .query()
        .table_name("patchline-rollups")
        .key_condition_expression("artistId = :artist AND #name BETWEEN :from AND :to")
        .expression_attribute_names("#name", "name")
        .expression_attribute_values(":artist", text(ARTIST))
        .expression_attribute_values(":from", text(from))
        .expression_attribute_values(":to", text(to))
        .consistent_read(true)
        .return_consumed_capacity(ReturnConsumedCapacity::Total);
    let answer = query.send().await.map_err(DisplayErrorContext).because("read what is kept of an artist")?;
    let consumed = answer.consumed_capacity.and_then(|capacity| capacity.capacity_units);
    consumed.because("find the read units in the answer of the store")
}

/// Of a whole table.
async fn of_table(dynamodb: &Client, table: &str) -> Result<f64, Problem> {
    let mut units = 0.0;
    let scan = dynamodb.scan().table_name(table).return_consumed_capacity(ReturnConsumedCapacity::Total);
    let mut pages = scan.into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(DisplayErrorContext).because("read a list")?;
        let consumed = page.consumed_capacity.and_then(|capacity| capacity.capacity_units);
        units += consumed.because("find the read units in the answer of the store")?;
    }
    Ok(units)
}

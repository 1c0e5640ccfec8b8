//! Makes the label larger than the sample, by copies of its artists with their newest figures.

use crate::built::Built;
use crate::in_process::InProcess;
use crate::problem::{Because, Problem};
use crate::server::Server;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use std::collections::HashMap;
use std::path::Path;

type Item = HashMap<String, AttributeValue>;

/// The rows that a list reads of each artist: 98 days on four platforms.
const NEWEST_ROWS: i32 = 392;

/// Items in one request (a limit of DynamoDB).
const BATCH: usize = 25;

/// Completes the sample label if need be, then adds artists until there are `wanted`. No server may
/// have the folder open.
pub(crate) async fn grow_to(built: &Built, data: &Path, wanted: usize) -> Result<(), Problem> {
    Server::ready(built, data, None).await?.stop().await?;
    let aws = InProcess::open(data).await?;
    let grown = grow(&aws.clients.dynamodb, wanted).await;
    aws.close().await;
    grown
}

async fn grow(dynamodb: &Client, wanted: usize) -> Result<(), Problem> {
    let known = dynamodb.scan().table_name("artists").send().await;
    let known = known.map_err(DisplayErrorContext).because("read the artists")?.items.unwrap_or_default();
    let missing = wanted.saturating_sub(known.len());
    for (number, artist) in known.iter().cycle().take(missing).enumerate() {
        let id = AttributeValue::S(format!("bench_{number}"));
        let mut rows = newest_rows(dynamodb, &artist["artistId"]).await?;
        for row in &mut rows {
            row.insert("artistId".to_owned(), id.clone());
        }
        write(dynamodb, "analytics", rows).await?;
        let mut copy = artist.clone();
        copy.insert("artistId".to_owned(), id);
        write(dynamodb, "artists", vec![copy]).await?;
    }
    Ok(())
}

async fn newest_rows(dynamodb: &Client, artist: &AttributeValue) -> Result<Vec<Item>, Problem> {
    let answer = dynamodb
        .query()
        .table_name("analytics")
        .key_condition_expression("artistId = :artist")
        .expression_attribute_values(":artist", artist.clone())
        .scan_index_forward(false)
        .limit(NEWEST_ROWS)
        .send()
        .await;
    Ok(answer.map_err(DisplayErrorContext).because("read the figures")?.items.unwrap_or_default())
}

async fn write(dynamodb: &Client, table: &str, items: Vec<Item>) -> Result<(), Problem> {
    let what = format!("write into the table {table}");
    let puts: Result<Vec<_>, _> = items
        .into_iter()
        .map(|item| PutRequest::builder().set_item(Some(item)).build())
        .map(|put| put.map(|put| WriteRequest::builder().put_request(put).build()))
        .collect();
    for mut batch in puts.because(&what)?.chunks(BATCH).map(<[_]>::to_vec) {
        // DynamoDB may leave some over; they are sent again.
        while !batch.is_empty() {
            let answer = dynamodb.batch_write_item().request_items(table, batch).send().await;
            let left = answer.map_err(DisplayErrorContext).because(&what)?.unprocessed_items;
            batch = left.and_then(|mut left| left.remove(table)).unwrap_or_default();
        }
    }
    Ok(())
}

//! What the one door costs: a tool call through it beside the bare call of the SDK that it makes.
//!
//! In one process over the embedded AWS: `query_artist_data` for one artist (rules, limits, schema
//! check, audit record, JSON), and `GetItem` of the same item. The two take turns, so that whatever
//! else the machine does meets both alike. Audit records are written to the same store in the
//! background and may hold up reads, so `GetItem` is also measured before, while nothing is written.

use crate::in_process::InProcess;
use crate::problem::{Because, Problem};
use crate::report::{Figure, Section};
use crate::samples::Samples;
use crate::units::{ratio, time};
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::types::AttributeValue;
use patchline::engine::Engine;
use patchline::engine::aws::AwsClients;
use patchline::engine::gateway::{Channel, Origin, Principal};
use serde_json::json;
use std::collections::HashMap;
use std::time::{Duration, Instant};

const CALLS: usize = 5_000;
const WARM_UP: usize = 500;
const QUIET_CALLS: usize = 2_000;

/// After this time the calls made so far must do.
const ENOUGH: Duration = Duration::from_secs(18);

/// The artist that is asked for.
pub(super) const ARTIST: &str = "art_bench";

pub(crate) async fn measure() -> Result<Section, Problem> {
    let folder = tempfile::tempdir().because("make a temporary folder")?;
    let InProcess { config, clients, embedded } = InProcess::open(folder.path()).await?;
    let engine = Engine::start(config, Some(&embedded)).await.because("start the engine")?;
    put_artist(&clients).await?;
    let calls = Calls::make(&engine, &clients).await;
    engine.close().await;
    drop((engine, clients));
    embedded.close().await;
    Ok(calls?.describe())
}

/// What the calls took.
struct Calls {
    /// Calls of the tool.
    tool: Samples,
    /// `GetItem` in turns with them.
    bare: Samples,
    /// `GetItem` before them.
    quiet: Samples,
}

impl Calls {
    async fn make(engine: &Engine, clients: &AwsClients) -> Result<Self, Problem> {
        let (mut tool, mut bare, mut quiet) = (Vec::new(), Vec::new(), Vec::new());
        for number in 0..WARM_UP + QUIET_CALLS {
            let item = get_item(clients).await?;
            if number >= WARM_UP {
                quiet.push(item);
            }
        }
        let begun = Instant::now();
        for number in 0..WARM_UP + CALLS {
            if begun.elapsed() > ENOUGH {
                break;
            }
            let (call, item) = (tool_call(engine).await?, get_item(clients).await?);
            if number >= WARM_UP {
                tool.push(call);
                bare.push(item);
            }
        }
        let enough = |times| Samples::new(times).because("make enough calls");
        Ok(Self { tool: enough(tool)?, bare: enough(bare)?, quiet: enough(quiet)? })
    }

    fn describe(&self) -> Section {
        let how = format!(
            "`query_artist_data` for one artist through the door, in turns with `GetItem` by the SDK alone, \
             {} of each, in one process over the embedded AWS. Before, {} calls of the SDK without the audit \
             records that tool calls leave.",
            self.tool.count(),
            self.quiet.count(),
        );
        let times = |a: Duration, b: Duration| ratio(a.as_secs_f64(), b.as_secs_f64());
        let mut section = Section::new("A tool call", how);
        for percent in [50, 99] {
            let (tool, bare) = (self.tool.percentile(percent), self.bare.percentile(percent));
            let quiet = self.quiet.percentile(percent);
            section = section
                .with(
                    Figure::new(format!("through the door: p{percent}"), time(tool))
                        .ratio(format!("{} × the SDK in turns with it", times(tool, bare))),
                )
                .with(Figure::new(format!("SDK in turns with it: p{percent}"), time(bare)))
                .with(
                    Figure::new(format!("SDK without audit records: p{percent}"), time(quiet))
                        .ratio(format!("{} × the SDK in turns", times(quiet, bare))),
                );
        }
        section
    }
}

async fn tool_call(engine: &Engine) -> Result<Duration, Problem> {
    let begun = Instant::now();
    let (principal, origin) = (Principal::local_operator(), Origin::new(Channel::Rest, None));
    let arguments = json!({ "artistId": ARTIST });
    let answer = engine.gateway.call_tool(&principal, &origin, "query_artist_data", arguments).await;
    answer.because("call query_artist_data")?;
    Ok(begun.elapsed())
}

/// Reads the artist by the SDK alone, and tells what that took.
pub(super) async fn get_item(clients: &AwsClients) -> Result<Duration, Problem> {
    let begun = Instant::now();
    let asked = clients.dynamodb.get_item().table_name("artists").key("artistId", text(ARTIST)).send().await;
    asked.map_err(DisplayErrorContext).because("get an item")?.item.because("get an item")?;
    Ok(begun.elapsed())
}

/// Stores the artist.
pub(super) async fn put_artist(clients: &AwsClients) -> Result<(), Problem> {
    let artist = HashMap::from([
        ("artistId".to_owned(), text(ARTIST)),
        ("name".to_owned(), text("Mira")),
        ("genre".to_owned(), text("indie pop")),
        ("country".to_owned(), text("NO")),
        ("signedOn".to_owned(), text("2024-03-01")),
        ("biography".to_owned(), text("Sings about the harbour, the ferry and the winter.")),
        ("events".to_owned(), AttributeValue::L(Vec::new())),
        ("version".to_owned(), AttributeValue::N("1".to_owned())),
    ]);
    let put = clients.dynamodb.put_item().table_name("artists").set_item(Some(artist)).send().await;
    put.map(drop).map_err(DisplayErrorContext).because("put an artist")
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

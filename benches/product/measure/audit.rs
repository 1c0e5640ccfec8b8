//! What the audit log costs a read: the time of processors that the whole process takes for it.
//!
//! The cheapest read of all through the door, which asks nothing of AWS, with audit records and without, in turns.
//! With them counts everything until the records are in the table: making, sealing, sending, and what the embedded
//! DynamoDB does to keep them, which with a real account is done elsewhere. What that comes to is measured by bare
//! requests of the SDK that write the same items under other ids, as many in each as the log sends.

use crate::in_process::InProcess;
use crate::problem::{Because, Problem};
use crate::report::{Figure, Section};
use crate::samples::Samples;
use crate::units::time;
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use patchline::engine::aws::AwsClients;
use patchline::engine::catalog::Catalog;
use patchline::engine::catalog::schema::AUDIT_TABLE;
use patchline::engine::gateway::{AuditLog, Channel, Gateway, Origin, Principal};
use patchline::engine::telemetry::Telemetry;
use patchline::engine::tools::views::FollowAudit;
use patchline::model::audit::AuditQuestion;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Groups of calls. The system counts in hundredths of a second, which is little beside a group.
const GROUPS: usize = 5;
const CALLS_OF_A_GROUP: u32 = 5_000;

/// Records in one request, as the log sends them under load, and how many such requests are measured.
const RECORDS_OF_A_REQUEST: i32 = 25;
const REQUESTS: u32 = 400;

/// What a read may take in all, by the product's own aim.
const AIM: Duration = Duration::from_micros(50);

/// A door, and the log behind it.
struct Door {
    gateway: Gateway,
    audit: AuditLog,
}

pub(crate) async fn measure() -> Result<Section, Problem> {
    let folder = tempfile::tempdir().because("make a temporary folder")?;
    let InProcess { config, clients, embedded } = InProcess::open(folder.path()).await?;
    let catalog = Arc::new(Catalog::new(clients.clone(), &config));
    catalog.create_missing().await.because("make the tables")?;
    let door = |is_recorded| {
        let audit = AuditLog::start(Arc::clone(&catalog), is_recorded);
        let gateway = Gateway::new(Arc::clone(&catalog), &config, audit.clone(), Telemetry::off());
        Door { gateway, audit }
    };
    let (with, without) = (door(true), door(false));
    let (mut long, mut short) = (Vec::new(), Vec::new());
    for _ in 0..GROUPS {
        long.push(with.group().await?);
        short.push(without.group().await?);
    }
    with.audit.close().await;
    let bare = bare_record(&clients).await?;
    drop((with, without, catalog, clients));
    embedded.close().await;
    let long = Samples::new(long).because("make enough calls")?.percentile(50);
    let short = Samples::new(short).because("make enough calls")?.percentile(50);
    let how = format!(
        "The processors' time of a read through the door that asks nothing of AWS, with and without its audit \
         record, {} of each; with it also what the embedded DynamoDB takes to keep the record. A bare record is one of \
         the {RECORDS_OF_A_REQUEST} in a request of the SDK that writes the same items, {REQUESTS} of them: nearly all \
         of it is the store's. Wanted: at most {} in all beside the store.",
        GROUPS * CALLS_OF_A_GROUP as usize,
        time(AIM)
    );
    Ok(Section::new("The audit record of a read", how)
        .with(Figure::new("a read without its record", time(short)))
        .with(Figure::new("a read with its record, kept", time(long)))
        .with(Figure::new("the record alone, kept", time(long.saturating_sub(short))))
        .with(Figure::new("a bare record in a request of the SDK", time(bare)))
        .with(Figure::new("a read with its record, beside the store", time(long.saturating_sub(bare)))))
}

impl Door {
    /// The processors' time of one call, as the mean of a group.
    async fn group(&self) -> Result<Duration, Problem> {
        let principal = Principal::local_operator();
        let begun = processors_time()?;
        for _ in 0..CALLS_OF_A_GROUP {
            let origin = Origin::new(Channel::Rest, None);
            let read = self.gateway.call::<FollowAudit>(&principal, &origin, AuditQuestion::default()).await;
            read.because("read through the door")?;
        }
        self.audit.flush().await;
        Ok(processors_time()?.saturating_sub(begun) / CALLS_OF_A_GROUP)
    }
}

/// The processors' time of one record in a request that writes as many of them as the log sends at once.
async fn bare_record(clients: &AwsClients) -> Result<Duration, Problem> {
    let what = "write items as they are in the audit log";
    let some = clients.dynamodb.scan().table_name(AUDIT_TABLE).limit(RECORDS_OF_A_REQUEST).send().await;
    let items = some.because(what)?.items.unwrap_or_default();
    let records = u32::try_from(items.len()).because(what)?.max(1);
    let begun = processors_time()?;
    for number in 0..REQUESTS {
        let writes = items.iter().enumerate().map(|(place, item)| {
            let id = AttributeValue::S(format!("~{number:010}-{place}"));
            let item: HashMap<_, _> = item.clone().into_iter().chain([("id".to_owned(), id)]).collect();
            let put = PutRequest::builder().set_item(Some(item)).build();
            put.map(|put| WriteRequest::builder().put_request(put).build())
        });
        let writes = writes.collect::<Result<Vec<_>, _>>().because(what)?;
        let written = clients.dynamodb.batch_write_item().request_items(AUDIT_TABLE, writes).send().await;
        written.because(what)?;
    }
    Ok(processors_time()?.saturating_sub(begun) / (REQUESTS * records))
}

/// What this process has had of all processors so far, in its own code and in the system's for it.
fn processors_time() -> Result<Duration, Problem> {
    /// Linux counts in hundredths of a second.
    const TICK: Duration = Duration::from_millis(10);
    /// Where the two counts are, after the name in brackets.
    const COUNTS: std::ops::Range<usize> = 11..13;
    let what = "read how long the process has been busy";
    let told = std::fs::read_to_string("/proc/self/stat").because(what)?;
    let (_, fields) = told.rsplit_once(')').because(what)?;
    let fields: Vec<_> = fields.split_whitespace().collect();
    let mut ticks = 0_u32;
    for count in fields.get(COUNTS).because(what)? {
        ticks += count.parse::<u32>().because(what)?;
    }
    Ok(TICK * ticks)
}

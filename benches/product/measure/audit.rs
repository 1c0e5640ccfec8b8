//! What the audit log costs a read: the time of processors that the whole process takes for it.
//!
//! The cheapest read of all through the door, which asks nothing of AWS, with audit records and without, in turns.
//! With them counts everything until the records are in the table: making, sealing, sending, and what the embedded
//! DynamoDB does to keep them, which with a real account is done elsewhere.

use crate::in_process::InProcess;
use crate::problem::{Because, Problem};
use crate::report::{Figure, Section};
use crate::samples::Samples;
use crate::units::time;
use patchline::engine::catalog::Catalog;
use patchline::engine::gateway::{AuditLog, Channel, Gateway, Origin, Principal};
use patchline::engine::telemetry::Telemetry;
use patchline::engine::tools::views::FollowAudit;
use patchline::model::audit::AuditQuestion;
use std::sync::Arc;
use std::time::Duration;

/// Groups of calls. The system counts in hundredths of a second, which is little beside a group.
const GROUPS: usize = 5;
const CALLS_OF_A_GROUP: u32 = 5_000;

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
    let catalog = Arc::new(Catalog::new(clients, &config));
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
    drop((with, without, catalog));
    embedded.close().await;
    let long = Samples::new(long).because("make enough calls")?.percentile(50);
    let short = Samples::new(short).because("make enough calls")?.percentile(50);
    let how = format!(
        "The processors' time of a read through the door that asks nothing of AWS, with and without its audit \
         record, {} of each; with it also what the embedded DynamoDB takes to keep the record. Wanted: at most {} \
         in all beside the store.",
        GROUPS * CALLS_OF_A_GROUP as usize,
        time(AIM)
    );
    Ok(Section::new("The audit record of a read", how)
        .with(Figure::new("a read without its record", time(short)))
        .with(Figure::new("a read with its record, kept", time(long)))
        .with(Figure::new("the record alone, kept", time(long.saturating_sub(short)))))
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

//! What the logs and metrics of a call cost the call itself.
//!
//! The cheapest call of all, one that is refused, with and without logs and metrics, in turns. Audit
//! records are off. What is sent to `CloudWatch` is sent by other tasks; here the lines wait in their
//! queue until there are too many, as they do while it is busy.

use crate::in_process::InProcess;
use crate::problem::{Because, Problem};
use crate::report::{Figure, Section};
use crate::samples::Samples;
use crate::units::time;
use patchline::engine::catalog::Catalog;
use patchline::engine::gateway::{AuditLog, CallError, CallErrorKind, Channel, Gateway, Origin, Principal};
use patchline::engine::telemetry::Telemetry;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Groups of calls; the time of a group is shared by its calls.
const GROUPS: usize = 200;
const CALLS_OF_A_GROUP: u32 = 100;

/// What a call may cost at most, by the product's own aim.
const AIM: Duration = Duration::from_micros(20);

pub(crate) async fn measure() -> Result<Section, Problem> {
    let folder = tempfile::tempdir().because("make a temporary folder")?;
    let InProcess { config, clients, embedded } = InProcess::open(folder.path()).await?;
    let telemetry = Telemetry::start(&clients, &config, "bench", true);
    let catalog = Arc::new(Catalog::new(clients, &config));
    let door = |telemetry| {
        let audit = AuditLog::start(Arc::clone(&catalog), false);
        Gateway::new(Arc::clone(&catalog), &config, audit, telemetry)
    };
    let (with, without) = (door(telemetry.clone()), door(Telemetry::off()));
    let (mut long, mut short) = (Vec::new(), Vec::new());
    for _ in 0..GROUPS {
        long.push(group(&with));
        short.push(group(&without));
    }
    telemetry.close().await;
    drop((with, without, telemetry, catalog));
    embedded.close().await;
    let long = Samples::new(long).because("make enough calls")?;
    let short = Samples::new(short).because("make enough calls")?;
    let how = format!(
        "A refused call with and without logs and metrics, {} of each, without audit records. Wanted: at \
         most {}.",
        GROUPS * CALLS_OF_A_GROUP as usize,
        time(AIM)
    );
    let cost = |percent| long.percentile(percent).saturating_sub(short.percentile(percent));
    Ok(Section::new("Logs and metrics of a call", how)
        .with(Figure::new("cost: p50", time(cost(50))).ratio(format!("of {}", time(long.percentile(50)))))
        .with(Figure::new("cost: p99", time(cost(99))).ratio(format!("of {}", time(long.percentile(99))))))
}

/// The time of one call, as the mean of a group.
fn group(door: &Gateway) -> Duration {
    let (principal, origin) = (Principal::local_operator(), Origin::new(Channel::Rest, None));
    let begun = Instant::now();
    for _ in 0..CALLS_OF_A_GROUP {
        let error = CallError::new(CallErrorKind::Invalid, "The arguments are not JSON.", "Correct them.");
        let refused = door.refused(&principal, &origin, "query_artist_data", error);
        std::hint::black_box(refused);
    }
    begun.elapsed() / CALLS_OF_A_GROUP
}

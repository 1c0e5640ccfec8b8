//! How long it takes until Patchline can be used: the very first time, and every time after.
//!
//! Times count from the start of the process. The program's file is in the page cache, as after any
//! first use; the data folder is empty the first time and holds the sample label afterwards.

use crate::built::Built;
use crate::problem::{Because, Problem};
use crate::report::{Figure, Section};
use crate::samples::Samples;
use crate::server::Server;
use crate::units::{ratio, time};
use std::path::Path;
use std::time::Duration;

/// Starts over the complete sample label.
const STARTS: usize = 11;

pub(crate) async fn measure(built: &Built, data: &Path) -> Result<Section, Problem> {
    let first = first_start(built, data).await?;
    let mut later = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        let mut server = Server::start(built, data, None).await?;
        later.push(server.until_answered("/readyz").await?);
        server.stop().await?;
    }
    let later = Samples::new(later).because("start the program")?;
    let median = later.percentile(50);
    let times = |a: Duration| {
        format!("{} × the median of later starts", ratio(a.as_secs_f64(), median.as_secs_f64()))
    };
    let how = format!(
        "From the start of the process. The first start is over an empty data folder and writes the sample \
         label meanwhile; pages come at once, with what is written by then. {STARTS} later starts find it."
    );
    Ok(Section::new("Start", how)
        .with(Figure::new("first start: ready (`/readyz`)", time(first.ready)).ratio(times(first.ready)))
        .with(Figure::new("first start: first page (`/`)", time(first.page)).ratio(times(first.page)))
        .with(
            Figure::new("first start: sample label complete", time(first.seeded)).ratio(times(first.seeded)),
        )
        .with(Figure::new("later start: ready, median", time(median)))
        .with(Figure::new("later start: shortest", time(later.shortest())).ratio(times(later.shortest())))
        .with(Figure::new("later start: longest", time(later.longest())).ratio(times(later.longest()))))
}

struct FirstStart {
    ready: Duration,
    page: Duration,
    seeded: Duration,
}

async fn first_start(built: &Built, data: &Path) -> Result<FirstStart, Problem> {
    let mut server = Server::start(built, data, None).await?;
    let ready = server.until_answered("/readyz").await?;
    server.client.sign_in().await?;
    let page = server.until_answered("/").await?;
    let seeded = server.until_seeded().await?;
    server.stop().await?;
    Ok(FirstStart { ready, page, seeded })
}

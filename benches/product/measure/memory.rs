//! The memory of a server that has nothing to do: before and after it has shown its first pages.
//!
//! Resident memory (`VmRSS`) includes the pages of the program's file that are in use.

use crate::built::Built;
use crate::problem::Problem;
use crate::process::resident_bytes;
use crate::report::{Figure, Section};
use crate::server::Server;
use crate::units::{bytes, ratio};
use std::path::Path;
use std::time::Duration;

/// The pages that somebody opens first.
const PAGES: [&str; 4] = ["/", "/artists", "/releases", "/tools"];

/// Between two looks at the memory.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// After so many looks it is taken as it is.
const LOOKS: usize = 12;

pub(crate) async fn measure(built: &Built, data: &Path) -> Result<Section, Problem> {
    let server = Server::ready(built, data, None).await?;
    let idle = settled(server.pid).await?;
    for page in PAGES {
        server.client.get_as_browser(page).await?;
    }
    let used = settled(server.pid).await?;
    server.stop().await?;
    Ok(Section::new("Memory", "Resident memory of the server at rest, over 50 artists.")
        .with(Figure::new("after the start", bytes(idle)))
        .with(
            Figure::new(format!("after the pages {}", PAGES.join(" ")), bytes(used))
                .ratio(format!("{} × after the start", of(used, idle))),
        ))
}

/// The resident memory once it changes by less than one part in a hundred between two looks.
pub(crate) async fn settled(pid: u32) -> Result<u64, Problem> {
    let mut last = resident_bytes(pid)?;
    for _ in 0..LOOKS {
        tokio::time::sleep(LOOK_AGAIN).await;
        let now = resident_bytes(pid)?;
        if now.abs_diff(last) * 100 < last {
            return Ok(now);
        }
        last = now;
    }
    Ok(last)
}

/// How many times one number of bytes goes into another.
#[expect(clippy::cast_precision_loss, reason = "shown with three digits")]
pub(crate) fn of(a: u64, b: u64) -> String {
    ratio(a as f64, b as f64)
}

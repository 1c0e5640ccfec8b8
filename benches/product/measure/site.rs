//! How much a browser loads before a page is alive: the main chunk in WebAssembly and its JavaScript.
//!
//! Raw, with gzip and brotli at their highest levels, and as the server sends it to a browser.

use crate::built::Built;
use crate::measure::memory::of;
use crate::problem::{Because, Problem};
use crate::report::{Figure, Section};
use crate::server::Server;
use crate::units::bytes;
use std::io::Write;
use std::path::Path;

/// The size of one file in different forms, in bytes.
struct Sizes {
    raw: u64,
    gzip: u64,
    brotli: u64,
    sent: u64,
}

pub(crate) async fn measure(built: &Built, data: &Path) -> Result<Section, Problem> {
    let server = Server::start(built, data, None).await?;
    let mut section = Section::new(
        "Browser side",
        "The files that a browser loads once; after that they come from its cache. Gzip 9, brotli 11.",
    );
    for kind in ["wasm", "js"] {
        let file = main_chunk(built, kind)?;
        let name = file.file_name().and_then(|name| name.to_str()).because("read a file's name")?;
        let sent = server.client.get_as_browser(&format!("/pkg/{name}")).await?.len() as u64;
        let sizes = tokio::task::spawn_blocking(move || sizes(&file, sent)).await.because("compress")??;
        let figure = |form: &str, size| {
            Figure::new(format!("{kind}, {form}"), bytes(size)).ratio(if size == sizes.raw {
                String::new()
            } else {
                format!("{} × raw", of(size, sizes.raw))
            })
        };
        section = section
            .with(figure("raw", sizes.raw))
            .with(figure("gzip", sizes.gzip))
            .with(figure("brotli", sizes.brotli))
            .with(figure("as the server sends it", sizes.sent));
    }
    server.stop().await?;
    Ok(section)
}

/// The one file `patchline.HASH.KIND` of the site.
fn main_chunk(built: &Built, kind: &str) -> Result<std::path::PathBuf, Problem> {
    let what = format!("find the .{kind} file of the site");
    let files = std::fs::read_dir(built.site().join("pkg")).because(&what)?;
    files
        .filter_map(|file| Some(file.ok()?.path()))
        .find(|file| {
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.starts_with("patchline") && file.extension().is_some_and(|extension| extension == kind)
        })
        .because(&what)
}

fn sizes(file: &Path, sent: u64) -> Result<Sizes, Problem> {
    let content = std::fs::read(file).because(&format!("read {}", file.display()))?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&content).because("compress with gzip")?;
    let gzip = gzip.finish().because("compress with gzip")?;
    let mut brotli = Vec::new();
    let settings = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut content.as_slice(), &mut brotli, &settings)
        .because("compress with brotli")?;
    Ok(Sizes { raw: content.len() as u64, gzip: gzip.len() as u64, brotli: brotli.len() as u64, sent })
}

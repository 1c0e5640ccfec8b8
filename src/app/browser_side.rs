//! What the head of a page has the browser load: found once for each process, because names with hashes and the
//! pieces of each page are in files beside the program.

use leptos::WasmSplitManifest;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// From so many bytes on, a page says at once that it needs a piece. A page has some hundred pieces, and those
/// below are a small part of what it loads: to name them all makes the page twice as long, and they come as soon as
/// the browser side has begun.
const NAMED_FROM: u64 = 8 * 1024;

/// The files of the browser side, and how a page names them.
#[derive(Debug, Clone)]
pub struct BrowserSide {
    options: LeptosOptions,
    found: Arc<OnceLock<Arc<Files>>>,
}

#[derive(Debug)]
struct Files {
    /// The style sheet, and what the browser should begin to load before it reads the script.
    links: String,
    /// The script that starts the browser side.
    script: String,
    /// The larger pieces of each page; none where all pages are in one file.
    pieces: Option<WasmSplitManifest>,
}

impl BrowserSide {
    /// The files that these options are about. They are looked for when the first page is rendered.
    pub fn new(options: LeptosOptions) -> Self {
        Self { options, found: Arc::new(OnceLock::new()) }
    }

    /// The elements of the head. Leptos adds the pieces of the page, once it knows which page it is.
    pub(super) fn tags(&self) -> impl IntoView + use<> {
        let files = self.files();
        let Files { links, script, pieces } = &*files;
        if let Some(pieces) = pieces {
            provide_context(pieces.clone());
        }
        // The nonce is base64, in which nothing has to be escaped.
        let nonce = use_nonce().map(|nonce| format!(" nonce=\"{nonce}\"")).unwrap_or_default();
        InertElement::new(format!("{links}<script type=\"module\"{nonce}>{script}</script>"))
    }

    fn files(&self) -> Arc<Files> {
        let find = || Arc::new(Files::find(&self.options));
        // `cargo leptos watch` makes the files anew while the server runs.
        if std::env::var_os("LEPTOS_WATCH").is_some() {
            return find();
        }
        Arc::clone(self.found.get_or_init(find))
    }
}

impl Files {
    fn find(options: &LeptosOptions) -> Self {
        let hashes = if options.hash_files { hashes(&options.hash_file) } else { HashMap::new() };
        let named = |stem: &str, kind: &str, ending: &str| match hashes.get(kind) {
            Some(hash) => format!("{stem}.{hash}.{ending}"),
            None => format!("{stem}.{ending}"),
        };
        let (name, folder) = (&*options.output_name, &*options.site_pkg_dir);
        let styles = named(name, "css", "css");
        let module = named(name, "js", "js");
        // As wasm-bindgen calls it where nothing has given it a name; cargo-leptos does, and the build says so.
        let is_renamed = options.hash_files || option_env!("LEPTOS_OUTPUT_NAME").is_some();
        let program = if is_renamed { named(name, "wasm", "wasm") } else { format!("{name}_bg.wasm") };
        let links = format!(
            "<link id=\"leptos\" rel=\"stylesheet\" href=\"/{folder}/{styles}\">\
             <link rel=\"modulepreload\" href=\"/{folder}/{module}\">\
             <link rel=\"preload\" href=\"/{folder}/{program}\" as=\"fetch\" type=\"application/wasm\" \
             crossorigin=\"anonymous\">"
        );
        let script = format!(
            "import(\"/{folder}/{module}\").then(side => side.default({{ module_or_path: \
             \"/{folder}/{program}\" }}).then(() => side.hydrate()))"
        );
        let manifest = named("__wasm_split_manifest", "manifest", "json");
        let loader = match hashes.get("split") {
            Some(hash) => format!("__wasm_split.{hash}.js"),
            None => "__wasm_split.______________________.js".to_owned(),
        };
        let package = Path::new(&*options.site_root).join(folder);
        let pieces = large_pieces(&package, &manifest)
            .map(|pieces| WasmSplitManifest(ArcStoredValue::new((format!("/{folder}"), pieces, loader))));
        Self { links, script, pieces }
    }
}

/// The hash in the name of each kind of file.
fn hashes(file: &str) -> HashMap<String, String> {
    let folder = std::env::current_exe().ok().and_then(|program| program.parent().map(Path::to_path_buf));
    let path = folder.unwrap_or_default().join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| {
        tracing::error!(%error, path = %path.display(), "the names of the browser's files cannot be read");
        String::new()
    });
    let pairs = text.lines().filter_map(|line| line.split_once(':'));
    pairs.map(|(kind, hash)| (kind.trim().to_owned(), hash.trim().to_owned())).collect()
}

/// The names of the pieces of each page, without their endings, as far as they are [`NAMED_FROM`] so many bytes.
/// None where the browser side was not split.
fn large_pieces(package: &Path, manifest: &str) -> Option<HashMap<String, Vec<String>>> {
    let path = package.join(manifest);
    let text = std::fs::read_to_string(&path).ok()?;
    let mut pages: HashMap<String, Vec<String>> = serde_json::from_str(&text)
        .inspect_err(|error| {
            tracing::error!(%error, path = %path.display(), "the pieces of the pages cannot be read");
        })
        .ok()?;
    let files = std::fs::read_dir(package).ok()?.flatten();
    let large: HashSet<String> = files
        .filter(|file| file.metadata().is_ok_and(|known| known.len() >= NAMED_FROM))
        .filter_map(|file| file.file_name().to_str()?.strip_suffix(".wasm").map(str::to_owned))
        .collect();
    for pieces in pages.values_mut() {
        pieces.retain(|piece| large.contains(piece));
    }
    Some(pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_its_large_pieces_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, bytes: usize| {
            std::fs::write(folder.path().join(name), vec![0_u8; bytes]).expect("a file");
        };
        write("split_one.wasm", 10_000);
        write("chunk_1.wasm", 8_192);
        write("chunk_2.wasm", 1_300);
        let manifest = r#"{ "one": ["chunk_1", "chunk_2", "split_one"], "two": ["chunk_2"] }"#;
        std::fs::write(folder.path().join("manifest.json"), manifest).expect("a file");
        let pages = large_pieces(folder.path(), "manifest.json").expect("the pieces of both");
        assert_eq!(pages["one"], ["chunk_1", "split_one"]);
        assert!(pages["two"].is_empty());
        assert_eq!(large_pieces(folder.path(), "another.json"), None, "all pages are in one file");
    }
}

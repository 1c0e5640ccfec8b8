//! The files of the site: scripts, styles, fonts, icons.

use super::router::AppState;
use axum::Router;
use axum::http::{HeaderValue, header};
use leptos::config::{LeptosOptions, get_configuration};
use tower::ServiceBuilder;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// Where the site lies and how its files are named: from the variables that `cargo leptos` sets, else
/// from what lies beside the program.
///
/// # Errors
/// When one of the `LEPTOS_*` variables has a value that cannot be used.
pub fn site_options() -> Result<LeptosOptions, String> {
    let mut options = get_configuration(None).map_err(|error| error.to_string())?.leptos_options;
    let beside =
        std::env::current_exe().ok().and_then(|program| program.parent().map(|p| p.join("hash.txt")));
    if std::env::var_os("LEPTOS_HASH_FILES").is_none() && beside.is_some_and(|file| file.exists()) {
        options.hash_files = true;
    }
    Ok(options)
}

/// Files under names that carry their hash never change; the others are asked for again each day.
pub(super) fn files(options: &LeptosOptions) -> Router<AppState> {
    let root = std::path::Path::new(&*options.site_root);
    let cached = |value: &'static str| {
        SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static(value))
    };
    let hashed = if options.hash_files { "public, max-age=31536000, immutable" } else { "no-cache" };
    let package = ServeDir::new(root.join(&*options.site_pkg_dir)).precompressed_br().precompressed_gzip();
    // The name stays the same from version to version, so browsers ask whether it is still the same.
    let charts = ServeDir::new(root.join("charts")).precompressed_br().precompressed_gzip();
    let fonts = ServeDir::new(root.join("fonts"));
    let icon = tower_http::services::ServeFile::new(root.join("favicon.svg"));
    let day = "public, max-age=86400";
    Router::new()
        .nest_service(
            &format!("/{}", options.site_pkg_dir),
            ServiceBuilder::new().layer(cached(hashed)).service(package),
        )
        .nest_service("/charts", ServiceBuilder::new().layer(cached("no-cache")).service(charts))
        .nest_service("/fonts", ServiceBuilder::new().layer(cached(day)).service(fonts))
        .route_service("/favicon.svg", ServiceBuilder::new().layer(cached(day)).service(icon))
}

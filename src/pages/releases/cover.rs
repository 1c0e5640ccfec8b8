//! The cover of a release.

use crate::components::icon::{Glyph, Icon};
use leptos::prelude::*;

/// A square with the cover, or a record where there is none. The title stands beside it, so it is
/// empty for screen readers.
#[component]
pub fn Cover(
    /// The picture's address.
    address: Option<String>,
    /// The side of the square in CSS pixels.
    size: u16,
) -> impl IntoView {
    let class = if size > 100 { "cover is-large" } else { "cover" };
    match address {
        Some(address) => view! {
            <img class=class src=smaller(&address, size) alt="" width=size height=size loading="lazy" decoding="async" />
        }
        .into_any(),
        None => view! {
            <span class=class aria-hidden="true">
                <Icon glyph=Glyph::Record />
            </span>
        }
        .into_any(),
    }
}

/// The address of a smaller picture: two pixels for each of the page, for screens that have them.
fn smaller(address: &str, size: u16) -> String {
    format!("{address}?size={}", u32::from(size) * 2)
}

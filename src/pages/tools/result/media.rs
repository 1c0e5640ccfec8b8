//! Sound and pictures in a result.

use super::shape::{Media, MediaKind};
use leptos::prelude::*;

/// The browser's own player, or the picture.
#[component]
pub fn MediaView(
    /// What is played or shown.
    media: Media,
) -> impl IntoView {
    let Media { kind, url, name } = media;
    view! {
        <figure class="result-media">
            {match kind {
                MediaKind::Audio => {
                    view! { <audio controls preload="metadata" src=url aria-label=name.clone()></audio> }.into_any()
                }
                MediaKind::Image => view! { <img src=url alt=name.clone() loading="lazy" /> }.into_any(),
            }}
            <figcaption>{name}</figcaption>
        </figure>
    }
}

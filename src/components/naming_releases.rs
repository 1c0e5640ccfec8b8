//! The releases that name a file, as a part of a sentence: those that the viewer may see as links.

use super::format::counted;
use crate::model::release_file::FileUses;
use leptos::prelude::*;

/// `Night Drive, Dawn and 1 release that you may not see`.
#[component]
pub fn NamingReleases(
    /// Which releases.
    uses: FileUses,
) -> impl IntoView {
    let FileUses { releases, untold, .. } = uses;
    let is_alone = releases.is_empty();
    let links = releases.into_iter().enumerate().map(|(place, release)| {
        view! {
            {(place > 0).then_some(", ")}
            <a href=format!("/releases/{}", release.release_id)>{release.title}</a>
        }
    });
    let others = (untold > 0).then(|| {
        let before = if is_alone { "" } else { " and " };
        format!("{before}{} that you may not see", counted(untold.into(), "release"))
    });
    view! {
        {links.collect_view()}
        {others}
    }
}

//! The answer to an address that leads nowhere.

use crate::api::error::{AppError, ErrorKind};
use crate::components::icon::{Glyph, Icon};
use crate::components::page_heading::PageHeading;
use crate::components::permitted::may;
use crate::components::rail::first_page;
use crate::components::state::answer_with_status;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Says that there is no such page, with status 404, and where to go on.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    answer_with_status(&AppError::new(ErrorKind::NotFound, "", ""));
    let path = use_location().pathname;
    let (name, address) = first_page(may);
    view! {
        <PageHeading title="No such page" />
        <section class="state">
            <Icon glyph=Glyph::Question />
            <p class="state-message">"Nothing is kept at " <code>{path}</code> "."</p>
            <p>"The address may be mistyped, or the page may belong to a later version."</p>
            <p>
                <a class="button" href=address>
                    {format!("To the {}", name.to_ascii_lowercase())}
                </a>
            </p>
        </section>
    }
}

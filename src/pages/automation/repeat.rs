//! The way from a task that was done to an automation of it.

use super::address;
use crate::components::icon::{Glyph, Icon};
use crate::model::task::TaskRequest;
use leptos::prelude::*;

/// A link to the form of an automation, filled with a task.
#[component]
pub fn Repeat(
    /// What was asked.
    request: TaskRequest,
) -> impl IntoView {
    view! {
        <a class="button" href=address::repeating(&request)>
            <Icon glyph=Glyph::Calendar />
            "Repeat this"
        </a>
    }
}

//! The way from a list to the thing on the page.

use leptos::prelude::*;

/// Links to the pages above this one, then its own name.
#[component]
pub fn Breadcrumbs(
    /// Name and address of each page above, outermost first.
    above: Vec<(&'static str, &'static str)>,
    /// The name of this page.
    #[prop(into)]
    here: String,
) -> impl IntoView {
    view! {
        <nav class="breadcrumbs" aria-label="Breadcrumb">
            <ol>
                {above
                    .into_iter()
                    .map(|(name, address)| view! { <li><a href=address>{name}</a></li> })
                    .collect_view()}
                <li aria-current="page">{here}</li>
            </ol>
        </nav>
    }
}

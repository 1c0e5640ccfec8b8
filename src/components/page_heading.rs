//! The one `h1` of a page, its title in the browser's tab, and the focus after a change of page.

use leptos::html;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

/// The path whose heading had the focus last. A heading that is rendered again for the same page,
/// because its figures are newer, must not take the focus from where the viewer works.
#[derive(Clone, Copy)]
pub(crate) struct FocusedPath(StoredValue<Option<String>>);

impl FocusedPath {
    /// The state at load, when the browser itself puts the focus.
    pub(crate) fn new() -> Self {
        Self(StoredValue::new(None))
    }
}

/// The heading of a page, with what belongs beside it as children.
#[component]
pub fn PageHeading(
    /// The name of the page, also for the browser's tab.
    #[prop(into)]
    title: String,
    /// What stands at the end of the line: freshness, actions.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    let path = use_location().pathname;
    let focused = use_context::<FocusedPath>();
    Effect::new(move |_| {
        let (Some(element), Some(FocusedPath(last))) = (heading.get(), focused) else { return };
        let here = path.get_untracked();
        let before = last.get_value();
        if before.as_deref() == Some(here.as_str()) {
            return;
        }
        last.set_value(Some(here));
        if before.is_some() {
            // After the frame in which the router put the page into the document.
            request_animation_frame(move || {
                // An element that has left the document meanwhile needs no focus.
                element.focus().ok();
            });
        }
    });
    view! {
        <Title text=title.clone() />
        <header class="page-heading">
            <h1 tabindex="-1" node_ref=heading>
                {title}
            </h1>
            {children.map(|children| view! { <div class="page-heading-side">{children()}</div> })}
        </header>
    }
}

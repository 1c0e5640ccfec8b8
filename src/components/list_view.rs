//! What is asked of a list and what it says when it has no row: the same on every page with a list.

use super::format::counted;
use super::state::{EmptyState, NoResult, WithoutOwnData};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Shows a list by another address: without a further step in the history, and the page stays where it is.
pub fn use_list_address() -> impl Fn(&str) + Clone + Send + Sync + 'static {
    let navigate = use_navigate();
    move |address| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(address, options);
    }
}

/// The fields that a form carries along so that the list keeps its order.
#[component]
pub fn OrderFields(
    /// Names and values.
    fields: impl Fn() -> [(&'static str, &'static str); 2] + Send + Sync + 'static,
) -> impl IntoView {
    move || {
        fields().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view()
    }
}

/// Says that records are missing from a list because they cannot be read.
#[component]
pub fn LeftOut(
    /// How many.
    count: u32,
    /// What one of them is: `"artist"`.
    one: &'static str,
) -> impl IntoView {
    (count > 0).then(|| {
        view! {
            <p class="notice tone-warning" role="status">
                <span>
                    <strong>{format!("{} cannot be shown. ", counted(count.into(), one))}</strong>
                    "The stored record is damaged or has another form. Tell an admin: the log names it."
                </span>
            </p>
        }
    })
}

/// Stands in the place of the rows: nothing is there yet, or nothing fits what was asked for.
#[component]
pub fn NoRows(
    /// What the list is of, as it begins a sentence: `"Artists"`.
    label: &'static str,
    /// Whether rows are left out by search, filter or page.
    filtered: bool,
    /// The search words; may be empty.
    search: String,
    /// The address of the list without search and filter.
    all: &'static str,
) -> AnyView {
    let noun = label.to_ascii_lowercase();
    if filtered {
        return view! { <NoResult noun=noun search=search all=all /> }.into_any();
    }
    view! {
        <EmptyState title=format!("No {noun} yet")>
            <p>{format!("{label} appear here once the label's tables in DynamoDB have them: an admin fills those.")}</p>
            <WithoutOwnData />
        </EmptyState>
    }
    .into_any()
}

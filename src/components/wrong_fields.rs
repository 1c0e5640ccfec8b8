//! A line above a form that came to nothing because of what stands in its fields: it names each, and leads there. What is
//! wrong stands at the field itself, once.

use leptos::prelude::*;

/// A field in which something is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongField {
    /// Its id on the page.
    pub id: String,
    /// What people call it, as a part of a sentence.
    pub name: String,
}

/// The line. The answer's status is told by whoever knows the error.
#[component]
pub fn WrongFields(
    /// What has not happened: `The cover was not stored.`
    #[prop(into)]
    message: String,
    /// Where that is told.
    fields: Vec<WrongField>,
) -> impl IntoView {
    let links = fields.into_iter().enumerate().map(|(place, field)| {
        view! {
            {(place > 0).then_some(" and ")}
            <a href=format!("#{}", field.id)>{field.name}</a>
        }
    });
    view! {
        <p class="notice tone-bad" role="alert">
            <span>
                <strong>{message}</strong>
                " The reason stands at "
                {links.collect_view()}
                "."
            </span>
        </p>
    }
}

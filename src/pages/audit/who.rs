//! Who somebody is: the name that people know, and the id that stands in the record.

use leptos::prelude::*;

/// `Ana · usr_1`, or the id alone where there is no name for it.
pub(super) fn who(id: &str, name: Option<String>) -> impl IntoView + use<> {
    let id = id.to_owned();
    view! {
        {name.map(|name| format!("{name} · "))}
        <code>{id}</code>
    }
}

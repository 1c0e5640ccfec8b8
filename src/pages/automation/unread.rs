//! How many answers of one's automations are new, and the way to them.

use super::address;
use crate::api::automation::unread_answers;
use leptos::prelude::*;

/// A line that leads to the automations.
#[component]
pub fn Unread() -> impl IntoView {
    let unread = Resource::new(|| (), |()| unread_answers());
    view! {
        <p class="automation-link">
            <a href=address::PATH>"Automation"</a>
            <Suspense fallback=|| ()>
                {move || Suspend::new(async move { unread.await.ok().and_then(in_words) })}
            </Suspense>
        </p>
    }
}

/// The number in words; none where there is nothing new.
fn in_words(unread: u32) -> Option<impl IntoView> {
    let words = match unread {
        0 => return None,
        1 => "1 new answer of your automations".to_owned(),
        many => format!("{many} new answers of your automations"),
    };
    Some(view! {
        <span class="automation-unread" data-testid="unread">
            {words}
        </span>
    })
}

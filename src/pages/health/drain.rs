//! The button that keeps new calls away from a server or a replica, and the one that lets them back.

use crate::components::icon::{Glyph, Icon};
use crate::model::fleet::{Drained, ReplicaView, ServerView, server_title};
use crate::model::written_time::{clock, short_day, utc};
use leptos::prelude::*;

/// Drain, after a word of what that means; or enable, with who drained it and since when.
#[component]
pub fn DrainControl(
    /// The id of the server.
    id: String,
    /// The server.
    #[prop(into)]
    server: Signal<ServerView>,
    /// Where the form leads back to: `server` for the page of the server.
    #[prop(optional)]
    back: &'static str,
) -> impl IntoView {
    let drained = Memo::new(move |_| server.with(|server| server.drained.clone()));
    view! {
        <div class="drain">
            {move || match drained.get() {
                Some(drained) => enable(&id, drained, back).into_any(),
                None => drain(&id, back).into_any(),
            }}
        </div>
    }
}

fn drain(id: &str, back: &'static str) -> impl IntoView + use<> {
    let title = server_title(id);
    view! {
        <details class="drain-question">
            <summary class="button" aria-label=format!("Drain {title} …")>
                <Icon glyph=Glyph::Lock />
                "Drain …"
            </summary>
            <form method="post" action="/health">
                {fields(id, "drain", back)}
                <p>
                    {format!("New calls of {title} are refused at every instance until an admin enables it. Calls under way are finished. Pages stay.")}
                </p>
                <button type="submit" class="button is-primary">
                    {format!("Drain {title}")}
                </button>
            </form>
        </details>
    }
}

fn enable(id: &str, drained: Drained, back: &'static str) -> impl IntoView + use<> {
    let title = server_title(id);
    view! {
        <form method="post" action="/health" class="drained">
            {fields(id, "enable", back)}
            <p>
                {format!("{} drained it at ", drained.by)}
                <time datetime=drained.since.clone()>{words(&drained.since)}</time> ". New calls are refused."
            </p>
            <button type="submit" class="button is-primary">
                <Icon glyph=Glyph::Check />
                {format!("Enable {title}")}
            </button>
        </form>
    }
}

/// Drain or enable one replica: a click, because the others take its calls.
pub(super) fn drain_replica(server: &str, replica: &ReplicaView) -> impl IntoView + use<> {
    let name = replica.name.clone();
    let (change, word) = if replica.drained.is_some() { ("enable", "Enable") } else { ("drain", "Drain") };
    let told = replica.drained.as_ref().map(|drained| {
        view! {
            <p>
                {format!("{} drained it at ", drained.by)}
                <time datetime=drained.since.clone()>{words(&drained.since)}</time> "."
            </p>
        }
    });
    view! {
        <form method="post" action="/health">
            {fields(server, change, "server")}
            <input type="hidden" name="replica" value=replica.id.clone() />
            {told}
            <button type="submit" class="button" aria-label=format!("{word} {name}")>
                {word}
            </button>
        </form>
    }
}

fn fields(id: &str, change: &'static str, back: &'static str) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="server" value=id.to_owned() />
        <input type="hidden" name="change" value=change />
        <input type="hidden" name="back" value=back />
    }
}

fn words(since: &str) -> String {
    match since.parse::<jiff::Timestamp>() {
        Ok(moment) => {
            let moment = utc(moment);
            format!("{} UTC on {}", clock(moment.time()), short_day(moment.date()))
        }
        Err(_) => since.to_owned(),
    }
}

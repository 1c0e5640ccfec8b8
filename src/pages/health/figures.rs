//! What the calls of a server are like, as a strip of figures.

use super::times::Ago;
use crate::components::format::{decimal, grouped, percent};
use crate::model::fleet::{FleetView, ServerView};
use leptos::prelude::*;

/// The figures of the last minute at this instance.
#[component]
pub fn Figures(
    /// The server.
    #[prop(into)]
    server: Signal<ServerView>,
    /// What the page shows.
    view: RwSignal<FleetView>,
) -> impl IntoView {
    let figures = Memo::new(move |_| server.with(|server| server.figures));
    let checked = Memo::new(move |_| server.with(|server| server.checked_at.clone()));
    let seen_at = Signal::derive(move || view.with(|view| view.seen_at.clone()));
    view! {
        <dl class="server-figures">
            <div>
                <dt>"Response time"</dt>
                <dd title="Half of the calls of the last minute took at most this">
                    {move || milliseconds(figures.get().median_ms)}
                </dd>
                <dd class="figure-note">
                    {move || figures.get().p95_ms.map(|slow| format!("95 of 100 within {}", milliseconds(Some(slow))))}
                </dd>
            </div>
            <div>
                <dt>"Error rate"</dt>
                <dd title="Calls of the last minute that failed by the server’s fault">
                    {move || figures.get().error_rate.map_or_else(|| "–".to_owned(), percent)}
                </dd>
            </div>
            <div>
                <dt>"Connections"</dt>
                <dd title="Calls under way, of how many may be">
                    {move || {
                        let figures = figures.get();
                        format!("{} of {}", figures.connections, figures.most_connections)
                    }}
                </dd>
            </div>
            <div>
                <dt>"Requests a minute"</dt>
                <dd>{move || grouped(figures.get().requests_a_minute.into())}</dd>
            </div>
            <div>
                <dt>"Last check"</dt>
                <dd>
                    {move || match checked.get() {
                        Some(at) => view! { <Ago seen_at=seen_at at=at /> }.into_any(),
                        None => "not yet".into_any(),
                    }}
                </dd>
            </div>
        </dl>
    }
}

/// `12.5 ms`; a dash where nothing is known.
pub(crate) fn milliseconds(time: Option<f64>) -> String {
    match time {
        None => "–".to_owned(),
        Some(time) if time >= 1000.0 => format!("{}\u{a0}s", decimal((time / 10.0).round() / 100.0)),
        Some(time) if time >= 10.0 => format!("{}\u{a0}ms", decimal(time.round())),
        Some(time) => format!("{}\u{a0}ms", decimal((time * 10.0).round() / 10.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn times_have_the_digits_that_say_something() {
        assert_eq!(milliseconds(None), "–");
        assert_eq!(milliseconds(Some(0.4321)), "0.4\u{a0}ms");
        assert_eq!(milliseconds(Some(123.4)), "123\u{a0}ms");
        assert_eq!(milliseconds(Some(2345.0)), "2.35\u{a0}s");
    }
}

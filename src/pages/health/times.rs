//! Moments of the page as people say them, seen from the moment that the page shows.

use jiff::Timestamp;
use leptos::prelude::*;

/// `12 s ago`.
pub(super) fn ago(seen_at: &str, at: &str) -> String {
    let (Ok(now), Ok(then)) = (seen_at.parse::<Timestamp>(), at.parse::<Timestamp>()) else {
        return at.to_owned();
    };
    let seconds = (now.as_second() - then.as_second()).max(0);
    match seconds {
        0..90 => format!("{seconds}\u{a0}s ago"),
        90..5400 => format!("{}\u{a0}min ago", (seconds + 30) / 60),
        5400..172_800 => format!("{}\u{a0}h ago", (seconds + 1800) / 3600),
        _ => format!("{}\u{a0}days ago", (seconds + 43_200) / 86_400),
    }
}

/// A moment seen from another, exact on hover.
#[component]
pub fn Ago(
    /// From when it is seen, RFC 3339.
    #[prop(into)]
    seen_at: Signal<String>,
    /// The moment, RFC 3339.
    #[prop(into)]
    at: Signal<String>,
) -> impl IntoView {
    view! {
        <time datetime=move || at.get() title=move || at.get()>
            {move || ago(&seen_at.get(), &at.get())}
        </time>
    }
}

#[cfg(test)]
mod tests {
    use super::ago;

    #[test]
    fn says_how_long_ago_in_the_unit_that_people_would_use() {
        let seen = "2026-11-25T12:00:00Z";
        assert_eq!(ago(seen, "2026-11-25T11:59:48Z"), "12\u{a0}s ago");
        assert_eq!(ago(seen, "2026-11-25T11:55:00Z"), "5\u{a0}min ago");
        assert_eq!(ago(seen, "2026-11-25T09:00:00Z"), "3\u{a0}h ago");
        assert_eq!(ago(seen, "2026-11-20T12:00:00Z"), "5\u{a0}days ago");
        assert_eq!(ago(seen, "2026-11-25T12:00:01Z"), "0\u{a0}s ago", "clocks differ a little");
    }
}

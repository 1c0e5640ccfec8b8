//! The definitions of a third party's tools that wait for an admin: what changed, and a button.

use crate::model::fleet::{DefinitionReview, Standing};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The definitions that wait; nothing where none does.
#[component]
pub fn Reviews(
    /// The id of the server.
    server: String,
    /// What waits.
    reviews: Vec<DefinitionReview>,
) -> impl IntoView {
    (!reviews.is_empty()).then(|| {
        let items = reviews.into_iter().map(|review| view! { <Review server=server.clone() review=review /> });
        view! {
            <section class="panel" aria-labelledby="reviews">
                <h2 id="reviews">"Tools that wait for approval"</h2>
                <p class="muted">
                    "These tools come from somebody else's server. They are neither listed nor called until an admin has looked at what they say of themselves."
                </p>
                {items.collect_view()}
            </section>
        }
    })
}

#[component]
fn Review(server: String, review: DefinitionReview) -> impl IntoView {
    let DefinitionReview { tool, name, standing, sha256, now, before, approved_by } = review;
    let words = match (standing, approved_by) {
        (Standing::Changed, Some(by)) => format!("It has changed since {by} approved it."),
        (Standing::Changed, None) => "It is another one than the configuration approves.".to_owned(),
        _ => "Nobody has approved it so far.".to_owned(),
    };
    let label = format!("review-{tool}");
    let labelled_by = label.clone();
    let definition = match before {
        Some(before) => {
            let (old, new) = (marked(&before, &now), marked(&now, &before));
            view! {
                <div class="review-sides">
                    <Side title="Approved" lines=old mark="−" />
                    <Side title="Now" lines=new mark="+" />
                </div>
            }
            .into_any()
        }
        None => view! { <Side title="Definition" lines=marked(&now, &now) mark="+" /> }.into_any(),
    };
    view! {
        <article class="review" aria-labelledby=labelled_by>
            <h3 id=label>
                <code>{name}</code>
            </h3>
            <p>{words}</p>
            {definition}
            <p class="muted">"SHA-256 " <code>{sha256.clone()}</code></p>
            <form method="post" action="/health">
                <input type="hidden" name="server" value=server />
                <input type="hidden" name="change" value="approve" />
                <input type="hidden" name="tool" value=tool.clone() />
                <input type="hidden" name="sha256" value=sha256 />
                <input type="hidden" name="back" value="server" />
                <button type="submit" class="button is-primary">
                    {format!("Approve {tool}")}
                </button>
            </form>
        </article>
    }
}

/// A definition, line by line; a line that the other side does not have is marked.
#[component]
fn Side(title: &'static str, lines: Vec<(String, bool)>, mark: &'static str) -> impl IntoView {
    let lines = lines.into_iter().map(|(line, is_new)| {
        let text = format!("{} {line}\n", if is_new { mark } else { " " });
        if is_new { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() }
    });
    view! {
        <figure class="review-side">
            <figcaption>{title}</figcaption>
            <pre tabindex="0">{lines.collect_view()}</pre>
        </figure>
    }
}

fn marked(one: &str, other: &str) -> Vec<(String, bool)> {
    let known: BTreeSet<&str> = other.lines().map(plain).collect();
    one.lines().map(|line| (line.to_owned(), !known.contains(plain(line)))).collect()
}

/// A line of JSON without the comma that comes and goes with the line after it.
fn plain(line: &str) -> &str {
    line.trim_end_matches(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_other_side_does_not_say_is_marked() {
        let lines = marked("{\n \"a\": 1,\n \"b\": 2\n}", "{\n \"a\": 1\n}");
        let new: Vec<_> = lines.into_iter().filter(|(_, is_new)| *is_new).map(|(line, _)| line).collect();
        assert_eq!(new, [" \"b\": 2"]);
    }
}

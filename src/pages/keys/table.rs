//! Keys as rows: what each is for, until when, used last when, and the button that revokes it.

use crate::components::date::Moment;
use crate::components::table::{ScrollingTable, words};
use crate::model::key::{KeyState, KeyView};
use leptos::prelude::*;

/// A table of keys.
#[component]
pub fn KeyTable(
    /// What it is called.
    label: &'static str,
    /// The keys.
    keys: Vec<KeyView>,
    /// Where the button that revokes is sent to.
    action: &'static str,
    /// Whether each row says whose key it is.
    of_everybody: bool,
) -> impl IntoView {
    let names = ["Key", "For", "At most as", "From", "Expires", "Last used", "State", "Action"];
    let mut columns: Vec<_> = names.into_iter().map(words).collect();
    if of_everybody {
        columns.insert(1, words("Owner"));
    }
    view! {
        <section class="panel is-flush">
            <h2 id="keys-list">{label}</h2>
            <ScrollingTable label=label columns=columns>
                {keys.into_iter().map(|key| row(key, action, of_everybody)).collect_view()}
            </ScrollingTable>
        </section>
    }
}

fn row(key: KeyView, action: &'static str, of_everybody: bool) -> impl IntoView {
    let revocable = matches!(key.state, KeyState::Works | KeyState::OwnerAway);
    let button = revocable.then(|| revoke(&key, action));
    let owner = key.owner_name.unwrap_or(key.owner);
    let addresses = if key.addresses.is_empty() { "Everywhere".to_owned() } else { key.addresses.join(", ") };
    view! {
        <tr>
            <th scope="row">
                {key.name}
                <code class="keys-id">{key.id}</code>
            </th>
            {of_everybody.then(|| view! { <td>{owner}</td> })}
            <td>{key.scope.in_words()}</td>
            <td>{key.role.title()}</td>
            <td>{addresses}</td>
            <td>
                <Moment rfc3339=key.expires_at />
            </td>
            <td>
                {match key.used_at {
                    Some(at) => view! { <Moment rfc3339=at /> }.into_any(),
                    None => view! { <span>"Never"</span> }.into_any(),
                }}
            </td>
            <td>{key.state.in_words()}</td>
            <td>{button}</td>
        </tr>
    }
}

/// The button, after a word of what it does: there is no way back.
fn revoke(key: &KeyView, action: &'static str) -> impl IntoView + use<> {
    let (id, name) = (key.id.clone(), key.name.clone());
    view! {
        <details class="keys-revoke">
            <summary class="button" aria-label=format!("Revoke {name} …")>
                "Revoke …"
            </summary>
            <form method="post" action=action>
                <input type="hidden" name="change" value="revoke" />
                <input type="hidden" name="id" value=id />
                <p>"Whatever uses it is refused from now on. A key that is revoked stays revoked."</p>
                <button type="submit" class="button is-primary">
                    {format!("Revoke {name}")}
                </button>
            </form>
        </details>
    }
}

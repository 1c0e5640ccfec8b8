//! Choosing the artists that are somebody's own: those that are noted, and others that are looked for.
//!
//! It is one plain form with two buttons, so that what is chosen stays chosen while others are looked for.

use super::PATH;
use crate::api::error::AppError;
use crate::components::state::ErrorState;
use crate::model::user::UserChange;
use crate::model::user_artists::{ArtistChoice, ArtistsForm, UserArtists};
use crate::pages::query_string;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Given by the web layer as context when the form was sent and nothing was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtistsOutcome {
    /// What was typed.
    pub typed: ArtistsForm,
    /// Why it could not be done; none where others were looked for.
    pub error: Option<AppError>,
}

/// The address at which somebody's artists are chosen.
pub(super) fn address(user: &str) -> String {
    format!("{}#user-artists", query_string::address(PATH, &[("artists", user)]))
}

/// Whose artists are chosen, as the address says.
pub(super) fn read(search: &str) -> Option<ArtistsForm> {
    let field =
        |name: &str| query_string::fields(search).find(|(known, _)| *known == name).map(|(_, text)| text);
    let user = field("artists").filter(|user| !user.is_empty())?;
    Some(ArtistsForm { user, chosen: None, find: field("find").unwrap_or_default() })
}

/// The form.
#[component]
pub fn ChooseArtists(
    /// Whose, which, and what was found.
    artists: UserArtists,
    /// Why they could not be noted.
    error: Option<AppError>,
) -> impl IntoView {
    let UserArtists { user, name, role, chosen, find, found, found_more } = artists;
    let none_chosen = chosen.is_empty().then(|| view! { <p>"None so far: look for them below."</p> });
    let was_looked_for = !find.trim().is_empty();
    let nothing_found = found
        .is_empty()
        .then(|| view! { <p role="status">{format!("No other artist fits “{}”.", find.trim())}</p> });
    let more = (found_more > 0).then(|| {
        view! { <p>{format!("{found_more} more fit: write more of the name, or the id.")}</p> }
    });
    let title = format!("The artists of {name}");
    let sees = format!(
        "{}: {name} sees what is about these artists, and nothing of others. Other artists end the sessions of {name}.",
        role.title()
    );
    let chosen = chosen.into_iter().map(|artist| choice(artist, true)).collect_view();
    let found = found.into_iter().map(|artist| choice(artist, false)).collect_view();
    let found = was_looked_for.then(|| {
        view! {
            <fieldset class="field-group">
                <legend>"Found"</legend>
                {nothing_found}
                {found}
                {more}
            </fieldset>
        }
    });
    view! {
        <section class="panel" id="user-artists" aria-labelledby="user-artists-title">
            <h2 id="user-artists-title">{title}</h2>
            <p>{sees}</p>
            {error.map(|error| view! { <ErrorState error=error /> })}
            <form class="people-form" method="post" action="/admin/users#user-artists" aria-label="Choose artists">
                <input type="hidden" name="change" value=UserChange::Artists.id() />
                <input type="hidden" name="user" value=user />
                <fieldset class="field-group">
                    <legend>"Chosen"</legend>
                    {none_chosen}
                    {chosen}
                </fieldset>
                <div class="field">
                    <label for="artists-find">"Look for"</label>
                    <div class="people-actions">
                        <input
                            id="artists-find"
                            type="text"
                            name="find"
                            value=find
                            autocomplete="off"
                            aria-describedby="artists-find-help"
                        />
                        // The first button is the one that Enter presses.
                        <button type="submit" class="button" name="step" value="find">
                            "Look for them"
                        </button>
                    </div>
                    <p class="field-help" id="artists-find-help">
                        "A part of the name or the beginning of the id; several with commas between them."
                    </p>
                </div>
                {found}
                <div class="people-actions">
                    <button type="submit" class="button is-primary" name="step" value="save">
                        "Save the artists"
                    </button>
                    <a class="button" href=PATH rel="external">
                        "Leave it"
                    </a>
                </div>
            </form>
        </section>
    }
}

/// An artist, with what tells them from others of the name.
fn choice(artist: ArtistChoice, chosen: bool) -> impl IntoView {
    let ArtistChoice { id, name, about } = artist;
    view! {
        <label class="people-artist">
            <input type="checkbox" name="artists" value=id.clone() checked=chosen />
            <span>
                <strong>{name}</strong>
                " "
                {about}
                " "
                <code>{id}</code>
            </span>
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_whose_artists_are_chosen() {
        let form = read("?artists=usr_1&find=mira").expect("somebody");
        assert_eq!((form.user.as_str(), form.find.as_str(), form.chosen), ("usr_1", "mira", None));
        assert_eq!(read("?artists="), None);
        assert_eq!(address("usr_1"), "/admin/users?artists=usr_1#user-artists");
    }
}

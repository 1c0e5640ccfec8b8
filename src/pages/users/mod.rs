//! The page of people, for admins: who may sign in, as what, and inviting somebody.
//!
//! All of its forms are sent to the page's own address, so they work without JavaScript; with it, only the list
//! is read anew.

pub mod artists;
pub mod form;
pub mod invite;
pub mod outcome;
pub mod row;
pub mod sessions;

use super::query_string;
use crate::api::error::AppError;
use crate::api::users::{ChangeUser, find_user_artists, list_user_sessions, list_users};
use crate::components::browser;
use crate::components::confirm::ConfirmNotice;
use crate::components::page_heading::PageHeading;
use crate::components::state::{ErrorState, Skeleton, answer_with_status};
use crate::components::table::{ScrollingTable, words};
use crate::model::user::{UserChange, UserChanged, UserForm, UserView};
use crate::model::user_artists::{ArtistsForm, UserArtists};
use crate::model::user_sessions::UserSessions;
use artists::{ArtistsOutcome, ChooseArtists};
use invite::Invite;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use outcome::{OUTCOME, Outcome};
use serde::{Deserialize, Serialize};
use sessions::SessionsOfUser;

/// The page's own path.
pub const PATH: &str = "/admin/users";

/// Given by the web layer as context: what came of a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserFormOutcome {
    /// What was done, or why not.
    pub result: Result<UserChanged, AppError>,
    /// What was typed, where somebody was to be invited and was not.
    pub typed: Option<UserForm>,
}

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    users: Vec<UserView>,
    outcome: Option<UserFormOutcome>,
    /// Whose artists are chosen at the moment, where somebody's are.
    artists: Option<Result<UserArtists, AppError>>,
    /// Why artists that were chosen could not be noted.
    artists_error: Option<AppError>,
    /// Where somebody is signed in, where somebody is looked at.
    sessions: Option<Result<UserSessions, AppError>>,
}

async fn open(
    outcome: Option<UserFormOutcome>,
    choosing: Option<ArtistsForm>,
    artists_error: Option<AppError>,
    sessions_of: Option<String>,
) -> Result<Opening, AppError> {
    let failed = outcome.as_ref().and_then(|outcome| outcome.result.as_ref().err());
    if let Some(error) = failed.or(artists_error.as_ref()) {
        answer_with_status(error);
    }
    let users = list_users().await?;
    let artists = match choosing {
        Some(form) => Some(find_user_artists(form).await),
        None => None,
    };
    let sessions = match sessions_of {
        Some(user) => Some(list_user_sessions(user).await),
        None => None,
    };
    Ok(Opening { users, outcome, artists, artists_error, sessions })
}

/// The page `/admin/users`.
#[component]
pub fn UsersPage() -> impl IntoView {
    let outcome = use_context::<UserFormOutcome>();
    let (choosing, artists_error) = match use_context::<ArtistsOutcome>() {
        Some(ArtistsOutcome { typed, error }) => (Some(typed), error),
        None => (use_location().search.with_untracked(|search| artists::read(search)), None),
    };
    let sessions_of = use_location().search.with_untracked(|search| sessions::read(search));
    let change = ServerAction::<ChangeUser>::new();
    let changed = RwSignal::new(0_u32);
    let opening = Resource::new(
        move || changed.get(),
        move |_| open(outcome.clone(), choosing.clone(), artists_error.clone(), sessions_of.clone()),
    );
    let again = Callback::new(move |()| opening.refetch());
    Effect::new(move |_| {
        // What failed leaves the list, and what was typed, as it is.
        if let Some(Ok(_)) = change.value().get() {
            changed.update(|count| *count += 1);
            browser::focus_soon(OUTCOME);
        }
    });
    let told = move || change.value().get().map(|result| view! { <Outcome result=result /> });
    view! {
        <PageHeading title="People" />
        <ConfirmNotice />
        {told}
        <Transition fallback=|| view! { <Skeleton what="the people" lines=12 /> }>
            {move || Suspend::new(async move {
                match opening.await {
                    Ok(opening) => view! { <Shown opening=opening change=change /> }.into_any(),
                    Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Shown(opening: Opening, change: ServerAction<ChangeUser>) -> impl IntoView {
    let Opening { users, outcome, artists, artists_error, sessions } = opening;
    let search = use_location().search;
    let typed = outcome.as_ref().and_then(|outcome| outcome.typed.clone());
    let before = outcome
        .map(|outcome| outcome.result)
        .or_else(|| search.with_untracked(|search| done_of(search, &users)).map(Ok));
    // What the script has done since is told instead.
    let told = move || match change.value().get() {
        None => before.clone().map(|result| view! { <Outcome result=result /> }),
        Some(_) => None,
    };
    let alone = users.len() == 1;
    let columns =
        ["Name", "E-mail address", "Role", "Artists", "State", "Last sign-in", "Account"].map(words).to_vec();
    let rows = users.into_iter().map(|user| row::row(user, change)).collect_view();
    let choosing = artists.map(|artists| match artists {
        Ok(artists) => view! { <ChooseArtists artists=artists error=artists_error /> }.into_any(),
        Err(error) => view! { <ErrorState error=error /> }.into_any(),
    });
    let sessions = sessions.map(|sessions| match sessions {
        Ok(sessions) => view! { <SessionsOfUser sessions=sessions change=change /> }.into_any(),
        Err(error) => view! { <ErrorState error=error /> }.into_any(),
    });
    view! {
        {told}
        {choosing}
        {sessions}
        <section class="panel is-flush" aria-labelledby="users-list">
            <h2 id="users-list">"Who may sign in"</h2>
            <ScrollingTable label="Table of the people" columns=columns>
                {rows}
            </ScrollingTable>
            {alone.then(|| view! { <p class="muted">"You are the only one so far. Invite somebody below."</p> })}
        </section>
        <Invite typed=typed change=change />
    }
}

/// What was done, as the address tells.
fn done_of(search: &str, users: &[UserView]) -> Option<UserChanged> {
    let field =
        |name: &str| query_string::fields(search).find(|(known, _)| *known == name).map(|(_, text)| text);
    let change = UserChange::from_id(&field("done")?)?;
    let user = field("user")?;
    let name = users.iter().find(|known| known.id == user)?.name.clone();
    // A link is in no address.
    let has_link = matches!(change, UserChange::Invite | UserChange::Link);
    (!has_link).then_some(UserChanged { change, user, name, link: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::role::Role;
    use crate::model::user::UserState;

    #[test]
    fn the_address_tells_what_was_done_to_somebody_who_is_there() {
        let ben = UserView {
            id: "usr_1".to_owned(),
            name: "Ben".to_owned(),
            email: "ben@label.example".to_owned(),
            role: Role::Label,
            artists: 0,
            state: UserState::Active,
            demo: false,
            signed_in_at: None,
            is_viewer: false,
        };
        let told = |search: &str| done_of(search, std::slice::from_ref(&ben)).map(|done| done.name);
        assert_eq!(told("?done=disable&user=usr_1").as_deref(), Some("Ben"));
        for search in
            ["", "?done=disable", "?done=disable&user=usr_2", "?done=link&user=usr_1", "?done=x&user=usr_1"]
        {
            assert_eq!(told(search), None, "{search}");
        }
    }
}

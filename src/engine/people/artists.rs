//! Which artists are somebody's own: finding them, and noting them.

use super::everybody::changeable;
use super::refusal::refusal;
use super::table;
use crate::engine::catalog::Catalog;
use crate::engine::catalog::schema::USERS_TABLE;
use crate::engine::config::TableRole;
use crate::engine::identity::{Identity, User};
use crate::engine::tools::names::folded;
use crate::engine::tools::{Class, Context, Effect, Operation, Refusal, RefusalKind, ToolError};
use crate::model::artist::Artist;
use crate::model::field::FieldError;
use crate::model::identifier::ArtistId;
use crate::model::tool::AwsResource;
use crate::model::user_artists::{ArtistChoice, ArtistsForm, UserArtists};
use serde::Serialize;

/// How many artists that were found are shown.
const SHOWN: usize = 30;

/// Shows somebody's artists, and finds others.
pub(super) struct FindUserArtists;

/// Whose, and what is looked for.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FindUserArtistsInput {
    #[serde(skip)]
    pub(super) identity: Identity,
    pub(super) form: ArtistsForm,
}

impl Operation for FindUserArtists {
    const NAME: &'static str = "find_user_artists";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = FindUserArtistsInput;
    type Output = UserArtists;

    fn resources(_: &FindUserArtistsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![table("GetItem", USERS_TABLE), table("Scan", catalog.table(TableRole::Artists))])
    }

    async fn run(input: FindUserArtistsInput, context: Context) -> Result<UserArtists, ToolError> {
        let ArtistsForm { user, chosen, find } = input.form;
        let user = input.identity.account(&user).await.map_err(refusal)?;
        let all = context.catalog.artists().await?;
        let ids = chosen.unwrap_or_else(|| user.artists.iter().map(ToString::to_string).collect());
        let chosen: Vec<ArtistChoice> = ids.iter().map(|id| named(id, &all)).collect();
        let terms = terms(&find);
        let is_found = |artist: &&Artist| {
            let is_chosen = ids.iter().any(|id| id == artist.artist_id.as_str());
            !is_chosen && terms.iter().any(|term| fits(artist, term))
        };
        let mut found: Vec<ArtistChoice> = all.iter().filter(is_found).map(choice).collect();
        let found_more = u32::try_from(found.len().saturating_sub(SHOWN)).unwrap_or(u32::MAX);
        found.truncate(SHOWN);
        let (name, role) = (user.name, user.role);
        Ok(UserArtists { user: user.id, name, role, chosen, find, found, found_more })
    }
}

/// What is looked for, without accents and in small letters.
fn terms(find: &str) -> Vec<String> {
    find.split(',').map(|term| folded(term.trim())).filter(|term| !term.is_empty()).collect()
}

fn fits(artist: &Artist, term: &str) -> bool {
    folded(artist.artist_id.as_str()).starts_with(term) || folded(&artist.name).contains(term)
}

fn choice(artist: &Artist) -> ArtistChoice {
    let parts = [
        artist.disambiguation.as_deref().unwrap_or_default(),
        artist.genre.as_str(),
        artist.country.as_str(),
    ];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    ArtistChoice {
        id: artist.artist_id.to_string(),
        name: artist.name.clone(),
        about: format!("{}, signed {}", parts.join(", "), artist.signed_on),
    }
}

/// An artist by the id. One whose record is gone or cannot be read stays what it is.
fn named(id: &str, all: &[Artist]) -> ArtistChoice {
    all.iter().find(|artist| artist.artist_id.as_str() == id).map_or_else(
        || ArtistChoice {
            id: id.to_owned(),
            name: id.to_owned(),
            about: "no record of this artist can be read".to_owned(),
        },
        choice,
    )
}

/// Says which artists are somebody's own, in place of those before. Other ones end their sessions.
pub(super) struct SetUserArtists;

/// Whose, and which.
#[derive(Debug, Clone, Serialize)]
pub(super) struct SetUserArtistsInput {
    #[serde(skip)]
    pub(super) identity: Identity,
    pub(super) user: String,
    pub(super) artists: Vec<String>,
}

impl Operation for SetUserArtists {
    const NAME: &'static str = "set_user_artists";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = SetUserArtistsInput;
    type Output = User;

    fn resources(_: &SetUserArtistsInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![table("PutItem", USERS_TABLE)])
    }

    async fn run(input: SetUserArtistsInput, _: Context) -> Result<User, ToolError> {
        let user = changeable(&input.identity, &input.user).await?;
        let artists = input.artists.iter().map(|id| id.parse::<ArtistId>().map_err(|_| no_id(id)));
        let artists = artists.collect::<Result<Vec<_>, _>>()?;
        input.identity.set_artists(&user.id, artists).await.map_err(refusal)
    }
}

fn no_id(text: &str) -> ToolError {
    let fields = vec![FieldError::new("artists", format!("{text:?} is no id of an artist"))];
    let (message, remedy) = (format!("{text:?} is no id of an artist."), "Choose artists that were found.");
    let kind = RefusalKind::Invalid;
    ToolError::Refused(Box::new(Refusal {
        kind,
        message,
        remedy: remedy.to_owned(),
        fields,
        retry_after: None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artist(id: &str, about: &str) -> Artist {
        serde_json::from_value(serde_json::json!({
            "artistId": id, "name": "Mira", "disambiguation": about, "genre": "folk", "country": "NO",
            "signedOn": "2020-01-01", "biography": "", "version": 1
        }))
        .expect("an artist")
    }

    #[test]
    fn artists_of_the_same_name_are_told_apart() {
        let (one, other) = (choice(&artist("art_1", "singer, Oslo")), choice(&artist("art_2", "")));
        assert_eq!(one.name, other.name);
        assert_eq!(one.about, "singer, Oslo, folk, NO, signed 2020-01-01");
        assert_eq!(other.about, "folk, NO, signed 2020-01-01");
    }

    #[test]
    fn an_artist_is_found_by_a_part_of_the_name_and_by_the_id() {
        let mira = artist("art_1", "");
        for (find, is_found) in
            [("mir", true), ("ART_1", true), ("x, mira", true), ("rt_1", false), (" , ", false)]
        {
            assert_eq!(terms(find).iter().any(|term| fits(&mira, term)), is_found, "{find}");
        }
    }

    #[test]
    fn an_artist_without_a_record_stays_chosen() {
        assert_eq!(named("art_9", &[]).id, "art_9");
    }
}

//! Artists side by side: up to eight, or one with those who resemble it. All of it is in the address
//! (`/artists/compare?artist=…&artist=…`, `&similar=1`), so it works without JavaScript.

use crate::api::artists::{browse_artists, compare_side_by_side};
use crate::api::error::AppError;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::format::{grouped, percent, signed_percent};
use crate::components::freshness::FreshnessLine;
use crate::components::icon::{Glyph, Icon};
use crate::components::labelled_chart::{LabelledChart, figure};
use crate::components::page_heading::PageHeading;
use crate::components::state::{EmptyState, ErrorState, Skeleton};
use crate::components::table::{ScrollingTable, numbers, words};
use crate::components::verdict::{BandBadge, Notes};
use crate::model::analysis::{ArtistComparison, ComparedArtist, Contrast, DrawnComparison, SimilarArtist};
use crate::model::artist::ArtistRow;
use crate::model::list::ArtistQuery;
use crate::model::territory::territory_name;
use crate::pages::query_string;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use std::sync::Arc;

const PATH: &str = "/artists/compare";

/// The most artists side by side.
const MOST_ARTISTS: usize = 8;

/// The most artists that a search offers.
const MOST_FOUND: usize = 12;

/// What is compared, as the address says it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Asked {
    artists: Vec<String>,
    /// Whether the one artist is compared with those who resemble it.
    similar: bool,
    /// Who is looked for.
    find: String,
}

impl Asked {
    fn read(search: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in query_string::fields(search) {
            match name {
                "artist" if !value.is_empty() && !asked.artists.contains(&value) => asked.artists.push(value),
                "similar" => asked.similar = value == "1",
                "find" => asked.find = value,
                _ => {}
            }
        }
        asked
    }

    fn address(&self) -> String {
        let artists = self.artists.iter().map(|artist| ("artist", artist.as_str()));
        let fields: Vec<_> = artists.chain(self.similar.then_some(("similar", "1"))).collect();
        query_string::address(PATH, &fields)
    }

    /// The same without an artist.
    fn without(&self, artist: &str) -> String {
        let artists = self.artists.iter().filter(|id| *id != artist).cloned().collect();
        Self { artists, similar: false, find: String::new() }.address()
    }

    /// The same with one more artist.
    fn with(&self, artist: &str) -> String {
        let artists = self.artists.iter().cloned().chain([artist.to_owned()]).collect();
        Self { artists, similar: false, find: String::new() }.address()
    }
}

/// What the page shows: the comparison, and who was found.
type Shown = (Option<Result<DrawnComparison, AppError>>, Found);

/// Who was found, or why nobody could be looked for.
type Found = Result<Vec<Arc<ArtistRow>>, AppError>;

/// The page `/artists/compare`.
#[component]
pub fn ComparePage() -> impl IntoView {
    let search = use_location().search;
    let asked = Memo::new(move |_| search.with(|search| Asked::read(search)));
    let shown = Resource::new(move || asked.get(), fetch);
    let again = Callback::new(move |()| shown.refetch());
    view! {
        <Breadcrumbs above=vec![("Artists", "/artists")] here="Compare" />
        <PageHeading title="Compare artists" />
        <Transition fallback=|| view! { <Skeleton what="the comparison" lines=10 /> }>
            {move || Suspend::new(async move {
                let now = asked.get_untracked();
                let (comparison, found) = shown.await;
                let comparison = match comparison {
                    Some(Ok(drawn)) => view! { <Comparison drawn=drawn asked=now.clone() /> }.into_any(),
                    Some(Err(error)) => view! { <ErrorState error=error retry=again /> }.into_any(),
                    None => {
                        view! {
                            <EmptyState title="Nobody is chosen yet">
                                <p>"Look for artists by name and add them, up to eight."</p>
                            </EmptyState>
                        }
                            .into_any()
                    }
                };
                view! {
                    <Chooser asked=now found=found />
                    {comparison}
                }
            })}
        </Transition>
    }
}

async fn fetch(asked: Asked) -> Shown {
    let found = if asked.find.trim().is_empty() {
        Ok(Vec::new())
    } else {
        let query = ArtistQuery { search: asked.find.clone(), ..ArtistQuery::default() };
        browse_artists(query).await.map(|list| list.rows)
    };
    if asked.artists.is_empty() {
        return (None, found);
    }
    (Some(compare_side_by_side(asked.artists, asked.similar).await), found)
}

/// Adds artists.
#[component]
fn Chooser(asked: Asked, found: Found) -> impl IntoView {
    let hidden: Vec<_> = asked
        .artists
        .iter()
        .map(|artist| view! { <input type="hidden" name="artist" value=artist.clone() /> })
        .collect();
    let looked_for = !asked.find.trim().is_empty();
    let is_full = asked.artists.len() >= MOST_ARTISTS;
    let (found, failed) = match found {
        Ok(found) => (found, None),
        Err(error) => (Vec::new(), Some(format!("{} {}", error.message, error.remedy))),
    };
    let nobody = looked_for && failed.is_none() && found.is_empty();
    let alike = (asked.artists.len() == 1 && !asked.similar).then(|| {
        let address = Asked { similar: true, find: String::new(), ..asked.clone() }.address();
        view! {
            <a class="button" href=address>
                "With similar artists"
            </a>
        }
    });
    let offers: Vec<_> = found
        .into_iter()
        .filter(|row| !asked.artists.iter().any(|artist| artist == row.artist_id.as_str()))
        .take(MOST_FOUND)
        .map(|row| {
            let note = row.disambiguation.clone().unwrap_or_else(|| row.genre.clone());
            view! {
                <li>
                    <a href=asked.with(row.artist_id.as_str())>{format!("Add {}", row.name)}</a>
                    " "
                    <span class="muted">{note}</span>
                </li>
            }
        })
        .collect();
    view! {
        <section class="panel" aria-labelledby="choose">
            <h2 id="choose">"Who"</h2>
            <form class="list-form" method="get" action=PATH role="search" aria-label="Add an artist">
                {hidden}
                <label class="search-field">
                    <span class="visually-hidden">"Find an artist to compare"</span>
                    <Icon glyph=Glyph::Search />
                    <input
                        type="search"
                        name="find"
                        placeholder="Find an artist to compare"
                        autocomplete="off"
                        maxlength="100"
                        value=asked.find.clone()
                    />
                </label>
                <button type="submit" class="button" disabled=is_full>
                    "Find"
                </button>
                {alike}
            </form>
            {is_full.then(|| view! { <p class="muted">"Eight artists are the most."</p> })}
            {failed.map(|words| view! { <p class="notice tone-warning">{words}</p> })}
            {nobody.then(|| view! { <p class="muted">"No artist of the label has such a name."</p> })}
            <ul class="craft-likes">{offers}</ul>
        </section>
    }
}

#[component]
fn Comparison(drawn: DrawnComparison, asked: Asked) -> impl IntoView {
    let DrawnComparison { comparison, chart } = drawn;
    let ArtistComparison { artists, similar, strengths, gaps, freshness, notes } = comparison;
    let first = artists.first().map(|artist| artist.name.clone()).unwrap_or_default();
    let export = asked.address().replacen(PATH, "/export/comparison.csv", 1);
    let rows: Vec<_> = artists
        .into_iter()
        .map(|artist| {
            let away = asked.artists.contains(&artist.artist_id).then(|| asked.without(&artist.artist_id));
            view! { <Row artist=artist away=away /> }
        })
        .collect();
    view! {
        <section class="panel" aria-labelledby="side-by-side">
            <h2 id="side-by-side">"Side by side" <span class="panel-period">"newest 28 known days"</span></h2>
            <ScrollingTable
                label="Artists side by side"
                columns=vec![
                    words("Artist"),
                    words("Genre"),
                    numbers("Streams"),
                    numbers("Change"),
                    numbers("Saves for each listener"),
                    numbers("Followers"),
                    words("Momentum"),
                    words("Top territory"),
                    words("Remove"),
                ]
            >
                {rows}
            </ScrollingTable>
            <p>
                <a class="button" href=export rel="external" download="">
                    "CSV"
                </a>
            </p>
            <Notes notes=notes />
            <FreshnessLine freshness=freshness />
        </section>
        <section class="panel" aria-labelledby="one-scale">
            <h2 id="one-scale">"Streams on one scale"</h2>
            <p class="muted">"Mean of each week; the first known week of each artist is 100."</p>
            <LabelledChart title="Streams by week, first week = 100" chart=chart />
        </section>
        <div class="panels is-halves">
            <Contrasts id="strengths" title=format!("Where {first} is ahead") rows=strengths />
            <Contrasts id="gaps" title=format!("Where {first} is behind") rows=gaps />
        </div>
        <Reasons similar=similar />
    }
}

#[component]
fn Row(artist: ComparedArtist, away: Option<String>) -> impl IntoView {
    let momentum = artist.momentum.map(|value| figure(Some(value)));
    let remove = format!("Remove {}", artist.name);
    view! {
        <tr>
            <th scope="row">
                <a class="row-link" href=format!("/artists/{}", artist.artist_id)>
                    {artist.name}
                </a>
            </th>
            <td>{artist.genre}</td>
            <td class="number">{artist.streams.map_or_else(|| "–".to_owned(), grouped)}</td>
            <td class="number">{artist.change.map_or_else(|| "–".to_owned(), signed_percent)}</td>
            <td class="number">{artist.save_rate.map_or_else(|| "–".to_owned(), percent)}</td>
            <td class="number">{artist.followers.map_or_else(|| "–".to_owned(), grouped)}</td>
            <td title=momentum>
                <BandBadge band=artist.band />
            </td>
            <td>{artist.top_territory.map(|code| territory_name(&code).to_owned())}</td>
            <td>
                {away
                    .map(|address| {
                        view! {
                            <a class="icon-button" href=address aria-label=remove.clone() title=remove>
                                <Icon glyph=Glyph::Remove />
                            </a>
                        }
                    })}
            </td>
        </tr>
    }
}

#[component]
fn Contrasts(id: &'static str, title: String, rows: Vec<Contrast>) -> impl IntoView {
    let is_empty = rows.is_empty();
    view! {
        <section class="panel" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {is_empty.then(|| view! { <p class="panel-empty">"No clear difference."</p> })}
            <ul class="craft-evidence">
                {rows
                    .into_iter()
                    .map(|row| {
                        view! {
                            <li>
                                {row.text} " "
                                <span class="muted">
                                    {figure(Some(row.value))} " against " {figure(Some(row.peers))}
                                </span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn Reasons(similar: Vec<SimilarArtist>) -> impl IntoView {
    (!similar.is_empty()).then(|| {
        view! {
            <section class="panel" aria-labelledby="why-similar">
                <h2 id="why-similar">"Why these artists"</h2>
                <ul class="craft-likes">
                    {similar
                        .into_iter()
                        .map(|artist| {
                            view! {
                                <li>
                                    <strong>{artist.name}</strong>
                                    " "
                                    <span class="muted">{percent(artist.similarity)} " alike"</span>
                                    <ul>
                                        {artist
                                            .reasons
                                            .into_iter()
                                            .map(|reason| view! { <li>{reason}</li> })
                                            .collect_view()}
                                    </ul>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_who_is_compared() {
        let asked = Asked::read("?artist=art_1&artist=art_2&artist=art_1&artist=&find=mira");
        assert_eq!((asked.artists.len(), asked.find.as_str(), asked.similar), (2, "mira", false));
        assert_eq!(asked.address(), "/artists/compare?artist=art_1&artist=art_2");
        assert_eq!(asked.without("art_1"), "/artists/compare?artist=art_2");
        assert_eq!(asked.with("art_3"), "/artists/compare?artist=art_1&artist=art_2&artist=art_3");
        assert!(Asked::read("artist=art_1&similar=1").similar);
    }
}

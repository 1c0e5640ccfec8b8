//! The list of artists: search, genre, order and page, all in the address.

use super::saved::SavedViews;
use super::{address, rows};
use crate::api::artists::browse_artists;
use crate::api::error::{AppError, ErrorKind};
use crate::components::choice_field::ChoiceField;
use crate::components::freshness::FreshnessLine;
use crate::components::list_table::ListTable;
use crate::components::list_view::{LeftOut, NoRows, OrderFields, use_list_address};
use crate::components::page_heading::PageHeading;
use crate::components::permitted::may;
use crate::components::search_form::SearchForm;
use crate::components::state::{ErrorState, Skeleton};
use crate::components::table::SortHead;
use crate::components::verdict::band_word;
use crate::model::analysis::Band;
use crate::model::analytics::Freshness;
use crate::model::artist::ArtistSort;
use crate::model::list::{ArtistList, ArtistQuery};
use crate::model::saved_view::SavedView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The sizes of artists, smallest first.
const STAGES: [&str; 5] = ["emerging", "developing", "established", "mainstream", "superstar"];

type Artists = Resource<Result<Listing, AppError>>;

/// The list as the page shows it.
#[derive(Clone, Serialize, Deserialize)]
struct Listing {
    total: u32,
    page: u32,
    genres: Vec<String>,
    freshness: Freshness,
    unreadable: u32,
    is_empty: bool,
    /// The rows as HTML. What the server has rendered stands in the document already, so it is not sent
    /// a second time with the data; the lists that the browser asks for later come with their rows.
    #[serde(skip)]
    rows: Arc<str>,
    /// The views that the viewer keeps, which have a resource of their own.
    #[serde(skip)]
    views: Vec<SavedView>,
}

impl From<ArtistList> for Listing {
    fn from(list: ArtistList) -> Self {
        let ArtistList { rows, total, page, genres, freshness, unreadable, views } = list;
        let is_empty = rows.is_empty();
        Self { total, page, genres, freshness, unreadable, is_empty, rows: rows::as_html(&rows), views }
    }
}

/// All artists of the label.
#[component]
pub fn ArtistsPage() -> impl IntoView {
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(address::read));
    // The first list brings the views that the viewer keeps; those that follow leave them as they are.
    let has_views = Arc::new(AtomicBool::new(false));
    let artists = Resource::new(
        move || query.get(),
        move |query| {
            let has_views = Arc::clone(&has_views);
            async move {
                let list = browse(query, !has_views.load(Ordering::Relaxed)).await;
                has_views.fetch_or(list.is_ok(), Ordering::Relaxed);
                list.map(Listing::from)
            }
        },
    );
    let again = Callback::new(move |()| artists.refetch());
    let saved = Resource::new(
        || (),
        move |()| async move { artists.await.map(|list| list.views).unwrap_or_default() },
    );
    let kept = Signal::derive(move || query.with(address::kept));
    view! {
        <PageHeading title="Artists">
            {may("view_comparison")
                .then(|| {
                    view! {
                        <a class="button" href="/artists/compare">
                            "Compare artists"
                        </a>
                    }
                })}
            <a class="button" href=move || format!("/export/artists.csv?{}", kept.get()) rel="external" download="">
                "CSV"
            </a>
        </PageHeading>
        <Filters query=query artists=artists />
        <Suspense>
            {move || Suspend::new(async move {
                let saved = saved.await;
                view! { <SavedViews saved=saved query=kept /> }
            })}
        </Suspense>
        <Transition fallback=|| view! { <Skeleton what="artists" lines=14 /> }>
            {move || Suspend::new(async move {
                let asked = query.get_untracked();
                match artists.await {
                    Ok(list) => view! { <Artists list=list query=asked /> }.into_any(),
                    Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// The list, with the views that the viewer keeps where they are wanted. A rule may keep people from the table that has
/// them, and the list is as good without.
async fn browse(query: ArtistQuery, with_views: bool) -> Result<ArtistList, AppError> {
    let list = browse_artists(ArtistQuery { with_views, ..query.clone() }).await;
    match list {
        Err(error) if with_views && error.kind == ErrorKind::Forbidden => browse_artists(query).await,
        list => list,
    }
}

#[component]
fn Filters(query: Memo<ArtistQuery>, artists: Artists) -> impl IntoView {
    let show_address = use_list_address();
    let show = Callback::new(move |query: ArtistQuery| show_address(&address::write(&query)));
    let search = Callback::new(move |search: String| {
        show.run(ArtistQuery { search, page: 1, ..query.get_untracked() });
    });
    let choose_genre = move |event: leptos::ev::Event| {
        let genre = Some(event_target_value(&event)).filter(|genre| !genre.is_empty());
        show.run(ArtistQuery { genre, page: 1, ..query.get_untracked() });
    };
    let choose_band = Callback::new(move |id: String| {
        show.run(ArtistQuery { band: Band::from_id(&id), page: 1, ..query.get_untracked() });
    });
    let choose_stage = Callback::new(move |stage: String| {
        let stage = Some(stage).filter(|stage| !stage.is_empty());
        show.run(ArtistQuery { stage, page: 1, ..query.get_untracked() });
    });
    let band = move || query.with(|query| query.band.map(Band::id).unwrap_or_default().to_owned());
    let stage = move || query.with(|query| query.stage.clone().unwrap_or_default());
    let bands = Band::ALL.into_iter().map(|band| (band.id(), band_word(band).to_owned())).collect::<Vec<_>>();
    let stages = STAGES.into_iter().map(|stage| (stage, stage.to_owned())).collect::<Vec<_>>();
    view! {
        <SearchForm
            action=address::PATH
            label="Search by name"
            search=Signal::derive(move || query.with(|query| query.search.clone()))
            on_search=search
        >
            <label class="select-field">
                <span>"Genre"</span>
                <select name="genre" on:change=choose_genre>
                    <option value="">"All genres"</option>
                    <Transition>
                        {move || Suspend::new(async move {
                            let genres = artists.await.map(|list| list.genres).unwrap_or_default();
                            let chosen = query.get_untracked().genre;
                            genres
                                .into_iter()
                                .map(|genre| {
                                    let selected = chosen.as_ref() == Some(&genre);
                                    view! {
                                        <option value=genre.clone() selected=selected prop:selected=selected>
                                            {genre.clone()}
                                        </option>
                                    }
                                })
                                .collect_view()
                        })}
                    </Transition>
                </select>
            </label>
            <ChoiceField
                label="Momentum"
                name="momentum"
                any="Any momentum"
                choices=bands
                chosen=Memo::new(move |_| band())
                on_choose=choose_band
            />
            <ChoiceField
                label="Size"
                name="stage"
                any="Any size"
                choices=stages
                chosen=Memo::new(move |_| stage())
                on_choose=choose_stage
            />
            <OrderFields fields=move || query.with(address::order_fields) />
        </SearchForm>
    }
}

#[component]
fn Artists(list: Listing, query: ArtistQuery) -> AnyView {
    let Listing { rows, is_empty, total, page, freshness, unreadable, .. } = list;
    if is_empty {
        let filtered = !query.search.is_empty()
            || query.genre.is_some()
            || query.band.is_some()
            || query.stage.is_some()
            || query.page > 1;
        return view! {
            <LeftOut count=unreadable one="artist" />
            <NoRows label="Artists" filtered=filtered search=query.search all=address::PATH />
        }
        .into_any();
    }
    let head = {
        let query = query.clone();
        move |label: &'static str, sort: ArtistSort, numeric: bool| {
            let address = address::write(&address::sorted_by(&query, sort));
            let direction = address::direction(&query, sort);
            view! { <SortHead label=label address=address direction=direction numeric=numeric /> }
        }
    };
    let heads = view! {
        {head("Artist", ArtistSort::Name, false)}
        {head("Genre", ArtistSort::Genre, false)}
        <th scope="col">"Country"</th>
        <th scope="col">"Last 28 days"</th>
        {head("Streams", ArtistSort::Streams, true)}
        {head("Change", ArtistSort::Change, true)}
        {head("Momentum", ArtistSort::Momentum, false)}
        <th scope="col">"Size"</th>
        <th scope="col">"Figures up to"</th>
        <th scope="col" class="number">
            "Releases"
        </th>
    };
    view! {
        <LeftOut count=unreadable one="artist" />
        <ListTable
            one="artist"
            many="artists"
            label="Artists"
            total=total
            page=page
            note=view! { <FreshnessLine freshness=freshness /> }.into_any()
            head=heads.into_any()
            body=view! { <tbody inner_html=rows></tbody> }.into_any()
            address=move |page| address::write(&ArtistQuery { page, ..query.clone() })
        />
    }
    .into_any()
}

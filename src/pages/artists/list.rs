//! The list of artists: search, genre, order and page, all in the address.

use super::address;
use crate::api::artists::browse_artists;
use crate::api::error::AppError;
use crate::components::format::{compact, grouped};
use crate::components::freshness::FreshnessLine;
use crate::components::kpi::Change;
use crate::components::list_table::ListTable;
use crate::components::list_view::{LeftOut, NoRows, OrderFields, use_list_address};
use crate::components::page_heading::PageHeading;
use crate::components::search_form::SearchForm;
use crate::components::sparkline::Sparkline;
use crate::components::state::{ErrorState, Skeleton};
use crate::components::table::SortHead;
use crate::components::territory::territory_name;
use crate::model::artist::{ArtistRow, ArtistSort};
use crate::model::list::{ArtistList, ArtistQuery};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

type Artists = Resource<Result<ArtistList, AppError>>;

/// All artists of the label.
#[component]
pub fn ArtistsPage() -> impl IntoView {
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(address::read));
    let artists = Resource::new(move || query.get(), browse_artists);
    let again = Callback::new(move |()| artists.refetch());
    view! {
        <PageHeading title="Artists" />
        <Filters query=query artists=artists />
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
            <OrderFields fields=move || query.with(address::order_fields) />
        </SearchForm>
    }
}

#[component]
fn Artists(list: ArtistList, query: ArtistQuery) -> AnyView {
    let ArtistList { rows, total, page, freshness, unreadable, .. } = list;
    if rows.is_empty() {
        let filtered = !query.search.is_empty() || query.genre.is_some() || query.page > 1;
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
            rows=rows.into_iter().map(|row| view! { <Row row=row /> }).collect_view().into_any()
            address=move |page| address::write(&ArtistQuery { page, ..query.clone() })
        />
    }
    .into_any()
}

#[component]
fn Row(row: ArtistRow) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">
                <a class="row-link" href=format!("/artists/{}", row.artist_id)>
                    {row.name}
                </a>
                {row.disambiguation.map(|note| view! { <span class="row-note">{note}</span> })}
            </th>
            <td>{row.genre}</td>
            <td>{territory_name(&row.country).to_owned()}</td>
            <td>
                <Sparkline values=row.sparkline />
            </td>
            <td class="number" title=grouped(row.streams28)>
                {compact(row.streams28)}
            </td>
            <td class="number">
                <Change change=row.change28 />
            </td>
            <td class="number">{grouped(row.release_count.into())}</td>
        </tr>
    }
}

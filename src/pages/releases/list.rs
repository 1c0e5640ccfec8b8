//! The list of releases: search, status, order and page, all in the address.

use super::address;
use super::cover::Cover;
use crate::api::releases::browse_releases;
use crate::components::badge::{SampleBadge, StatusBadge};
use crate::components::choice_field::ChoiceField;
use crate::components::date::{Day, FromToday};
use crate::components::format::grouped;
use crate::components::icon::{Glyph, Icon};
use crate::components::list_table::ListTable;
use crate::components::list_view::{LeftOut, NoRows, OrderFields, use_list_address};
use crate::components::page_heading::PageHeading;
use crate::components::permitted::may;
use crate::components::search_form::SearchForm;
use crate::components::state::{ErrorState, Skeleton};
use crate::components::table::SortHead;
use crate::model::list::{ReleaseList, ReleaseQuery};
use crate::model::release::{ReleaseRow, ReleaseSort, ReleaseStatus};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// All releases of the label.
#[component]
pub fn ReleasesPage() -> impl IntoView {
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(address::read));
    let releases = Resource::new(move || query.get(), browse_releases);
    let again = Callback::new(move |()| releases.refetch());
    view! {
        <PageHeading title="Releases">
            {may("view_release_calendar")
                .then(|| {
                    view! {
                        <a class="button" href="/releases/calendar">
                            <Icon glyph=Glyph::Calendar />
                            "Calendar"
                        </a>
                    }
                })}
        </PageHeading>
        <Filters query=query />
        <Transition fallback=|| view! { <Skeleton what="releases" lines=14 /> }>
            {move || Suspend::new(async move {
                let asked = query.get_untracked();
                match releases.await {
                    Ok(list) => view! { <Releases list=list query=asked /> }.into_any(),
                    Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Filters(query: Memo<ReleaseQuery>) -> impl IntoView {
    let show_address = use_list_address();
    let show = Callback::new(move |query: ReleaseQuery| show_address(&address::write(&query)));
    let search = Callback::new(move |search: String| {
        show.run(ReleaseQuery { search, page: 1, ..query.get_untracked() });
    });
    let choose_status = Callback::new(move |id: String| {
        show.run(ReleaseQuery { status: address::status(&id), page: 1, ..query.get_untracked() });
    });
    let status =
        move || query.with(|query| query.status.map(ReleaseStatus::id).unwrap_or_default().to_owned());
    let statuses =
        ReleaseStatus::ALL.into_iter().map(|status| (status.id(), status.to_string())).collect::<Vec<_>>();
    view! {
        <SearchForm
            action=address::PATH
            label="Search by title, artist, UPC or ISRC"
            search=Signal::derive(move || query.with(|query| query.search.clone()))
            on_search=search
        >
            <ChoiceField
                label="Status"
                name="status"
                any="Any status"
                choices=statuses
                chosen=Memo::new(move |_| status())
                on_choose=choose_status
            />
            <OrderFields fields=move || query.with(address::order_fields) />
        </SearchForm>
    }
}

#[component]
fn Releases(list: ReleaseList, query: ReleaseQuery) -> AnyView {
    let ReleaseList { rows, total, page, sample, unreadable } = list;
    if rows.is_empty() {
        let filtered = !query.search.is_empty() || query.status.is_some() || query.page > 1;
        return view! {
            <LeftOut count=unreadable one="release" />
            <NoRows label="Releases" filtered=filtered search=query.search all=address::PATH />
        }
        .into_any();
    }
    let head = {
        let query = query.clone();
        move |label: &'static str, sort: ReleaseSort| {
            let address = address::write(&address::sorted_by(&query, sort));
            let direction = address::direction(&query, sort);
            view! { <SortHead label=label address=address direction=direction /> }
        }
    };
    let heads = view! {
        {head("Release", ReleaseSort::Title)}
        {head("Artist", ReleaseSort::Artist)}
        <th scope="col">"Kind"</th>
        <th scope="col" class="number">
            "Tracks"
        </th>
        {head("Status", ReleaseSort::Status)}
        {head("Release date", ReleaseSort::Date)}
    };
    view! {
        <LeftOut count=unreadable one="release" />
        <ListTable
            one="release"
            many="releases"
            label="Releases"
            total=total
            page=page
            note=sample.then(|| view! { <SampleBadge /> }).into_any()
            head=heads.into_any()
            body=view! { <tbody>{rows.into_iter().map(|row| view! { <Row row=row /> }).collect_view()}</tbody> }
                .into_any()
            address=move |page| address::write(&ReleaseQuery { page, ..query.clone() })
        />
    }
    .into_any()
}

#[component]
fn Row(row: ReleaseRow) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">
                <span class="row-with-cover">
                    <Cover address=row.artwork_url size=40 />
                    <a class="row-link" href=format!("/releases/{}", row.release_id)>
                        {row.title}
                    </a>
                </span>
            </th>
            <td>
                <a href=format!("/artists/{}", row.artist_id)>{row.artist_name}</a>
            </td>
            <td>{row.kind.to_string()}</td>
            <td class="number">{grouped(row.track_count.into())}</td>
            <td>
                <StatusBadge status=row.status />
            </td>
            <td class="row-date">
                <Day date=row.release_date />
                <FromToday date=row.release_date />
            </td>
        </tr>
    }
}

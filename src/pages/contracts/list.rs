//! The list of contracts: search, those whose notice date is near, and page, all in the address.

use crate::api::contracts::browse_contracts;
use crate::components::badge::{Badge, SampleBadge, Tone};
use crate::components::date::{Day, FromToday, Moment};
use crate::components::format::counted;
use crate::components::icon::Glyph;
use crate::components::list_table::ListTable;
use crate::components::list_view::{NoRows, use_list_address};
use crate::components::page_heading::PageHeading;
use crate::components::search_form::SearchForm;
use crate::components::state::{ErrorState, Skeleton};
use crate::model::contract::{ContractList, ContractQuery, ContractRow, ContractTerms, NOTICE_AHEAD};
use crate::pages::query_string;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

/// The path of the list.
pub(super) const PATH: &str = "/contracts";

fn read(params: &ParamsMap) -> ContractQuery {
    ContractQuery {
        search: params.get("search").unwrap_or_default(),
        notice_soon: params.get_str("notice") == Some("soon"),
        page: query_string::page(params),
    }
}

fn write(query: &ContractQuery) -> String {
    let page = query.page.to_string();
    query_string::address(
        PATH,
        &[
            ("search", query.search.as_str()),
            ("notice", if query.notice_soon { "soon" } else { "" }),
            ("page", if query.page > 1 { &page } else { "" }),
        ],
    )
}

/// All contracts that the viewer may see.
#[component]
pub fn ContractsPage() -> impl IntoView {
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(read));
    let contracts = Resource::new(move || query.get(), browse_contracts);
    let again = Callback::new(move |()| contracts.refetch());
    let show_address = use_list_address();
    let search = Callback::new(move |search: String| {
        show_address(&write(&ContractQuery { search, page: 1, ..query.get_untracked() }));
    });
    view! {
        <PageHeading title="Contracts" />
        <SearchForm
            action=PATH
            label="Search by file, artist, party or territory"
            search=Signal::derive(move || query.with(|query| query.search.clone()))
            on_search=search
        >
            {move || query.with(|query| query.notice_soon).then(|| view! { <input type="hidden" name="notice" value="soon" /> })}
        </SearchForm>
        <Transition fallback=|| view! { <Skeleton what="contracts" lines=10 /> }>
            {move || Suspend::new(async move {
                let asked = query.get_untracked();
                match contracts.await {
                    Ok(list) => view! { <Contracts list=list query=asked /> }.into_any(),
                    Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Contracts(list: ContractList, query: ContractQuery) -> AnyView {
    let ContractList { rows, total, page, notices, as_of, is_cut, sample } = list;
    let near = view! { <Near query=query.clone() notices=notices /> };
    if rows.is_empty() {
        let filtered = !query.search.is_empty() || query.notice_soon || query.page > 1;
        return view! {
            {near}
            <NoRows label="Contracts" filtered=filtered search=query.search all=PATH />
        }
        .into_any();
    }
    let heads = view! {
        <th scope="col">"Contract"</th>
        <th scope="col">"Artist"</th>
        <th scope="col">"Kind"</th>
        <th scope="col">"Ends"</th>
        <th scope="col">"Notice until"</th>
        <th scope="col">"Stored"</th>
    };
    let body = rows.into_iter().map(|row| view! { <Row row=row as_of=as_of /> }).collect_view();
    view! {
        {near}
        {is_cut.then(|| view! { <p class="notice tone-warning">"There are more contracts than are shown here."</p> })}
        <ListTable
            one="contract"
            many="contracts"
            label="Contracts"
            total=total
            page=page
            note=sample.then(|| view! { <SampleBadge /> }).into_any()
            head=heads.into_any()
            body=view! { <tbody>{body}</tbody> }.into_any()
            address=move |page| write(&ContractQuery { page, ..query.clone() })
        />
    }
    .into_any()
}

/// How many have a notice date soon, and the way to them and back.
#[component]
fn Near(query: ContractQuery, notices: u32) -> impl IntoView {
    let other = ContractQuery { notice_soon: !query.notice_soon, page: 1, ..query.clone() };
    let words = if query.notice_soon {
        "Show all contracts".to_owned()
    } else {
        let dates = counted(notices.into(), "notice date");
        format!("{dates} in the next {NOTICE_AHEAD} days")
    };
    view! {
        <p class="contracts-near">
            <a class="button" href=write(&other)>
                {words}
            </a>
        </p>
    }
}

#[component]
fn Row(row: ContractRow, as_of: jiff::civil::Date) -> impl IntoView {
    let ContractRow { id, file_name, artist, terms, stored_at } = row;
    let notice = terms.as_ref().and_then(ContractTerms::notice_on);
    let (kind, ends) = terms.map(|terms| (terms.kind, terms.ends_on)).unzip();
    let until = match notice {
        Some(day) if day >= as_of => view! {
            <Day date=day />
            " "
            <FromToday date=day />
        }
        .into_any(),
        Some(day) => view! {
            <Day date=day />
            " "
            <Badge tone=Tone::Quiet glyph=Glyph::Withdrawn word="Passed" />
        }
        .into_any(),
        None => "Not known".into_any(),
    };
    view! {
        <tr>
            <th scope="row">
                <a class="row-link" href=format!("{PATH}/{id}")>
                    {file_name}
                </a>
            </th>
            <td>{artist.unwrap_or_else(|| "The label".to_owned())}</td>
            <td>{kind.filter(|kind| !kind.is_empty()).unwrap_or_else(|| "Not entered".to_owned())}</td>
            <td>
                {match ends.flatten() {
                    Some(day) => view! { <Day date=day /> }.into_any(),
                    None => "Not known".into_any(),
                }}
            </td>
            <td>{until}</td>
            <td>{stored_at.map(|at| view! { <Moment rfc3339=at /> })}</td>
        </tr>
    }
}

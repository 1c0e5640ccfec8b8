//! The page `/imports`: bringing a file, what was brought, how fresh each source is, and which exports there are.

use super::state::ImportBadge;
use super::{FETCH, FILE, ImportRefused, PATH, address_of};
use crate::api::error::AppError;
use crate::api::imports::all_imports;
use crate::components::date::{Day, FromToday, Moment};
use crate::components::format::grouped;
use crate::components::page_heading::PageHeading;
use crate::components::permitted::may;
use crate::components::state::{EmptyState, ErrorState, Skeleton};
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::import::{ImportList, ImportRow, KnownExport, SourceFreshness};
use crate::pages::tools::form::base64::readable_size;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the picker offers first. The server looks at the content.
const ACCEPTED: &str = ".csv,.tsv,.txt,.xlsx,text/csv,text/tab-separated-values";

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    refused: Option<AppError>,
    list: ImportList,
}

async fn open(refused: Option<AppError>) -> Result<Opening, AppError> {
    let list = all_imports().await?;
    Ok(Opening { refused, list })
}

/// The page `/imports`.
#[component]
pub fn ImportsPage() -> impl IntoView {
    let refused = ImportRefused::of_request();
    let opening = Resource::new(|| (), move |()| open(refused.clone()));
    let again = Callback::new(move |()| opening.refetch());
    view! {
        <PageHeading title="Imports" />
        <Transition fallback=|| view! { <Skeleton what="the imports" lines=10 /> }>
            {move || Suspend::new(async move {
                match opening.await {
                    Ok(Opening { refused, list }) => view! { <Shown refused=refused list=list /> }.into_any(),
                    Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Shown(refused: Option<AppError>, list: ImportList) -> impl IntoView {
    let ImportList { imports, more, known, freshness, source } = list;
    let may_fetch = may("fetch_figures");
    view! {
        {refused.map(|error| view! { <ErrorState error=error /> })}
        <Bring />
        {source.filter(|_| may_fetch).map(|host| view! { <Fetch host=host /> })}
        {if imports.is_empty() {
            view! {
                <EmptyState title="Nothing was imported yet">
                    <p>
                        "Bring an export of a platform or a statement of a distributor. It is checked first, and nothing is written before you say so. Below is where each export is had."
                    </p>
                </EmptyState>
            }
                .into_any()
        } else {
            view! { <Brought imports=imports more=more /> }.into_any()
        }}
        <Freshness sources=freshness />
        <Known known=known />
    }
}

/// The form that sends a file.
#[component]
fn Bring() -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="imports-bring">
            <h2 id="imports-bring">"Bring a file"</h2>
            <form class="imports-bring" method="post" action=PATH enctype="multipart/form-data">
                <div class="field">
                    <label for="imports-file">"File"</label>
                    <input
                        id="imports-file"
                        type="file"
                        name=FILE
                        accept=ACCEPTED
                        aria-describedby="imports-file-help"
                        required
                    />
                    <p class="field-help" id="imports-file-help">
                        "CSV or TSV of at most 4 GB, or XLSX of at most 64 MB. Split a larger export by month."
                    </p>
                </div>
                <button type="submit" class="button is-primary">
                    "Check the file"
                </button>
            </form>
        </section>
    }
}

/// The form that has the source asked.
#[component]
fn Fetch(host: String) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="imports-fetch">
            <h2 id="imports-fetch">"Fetch figures"</h2>
            <p>
                {format!(
                    "Daily figures of {host}. What it answers is checked like a file, and nothing is written before you say so.",
                )}
            </p>
            <form class="imports-button" method="post" action=FETCH>
                <button type="submit" class="button">
                    "Fetch now"
                </button>
            </form>
        </section>
    }
}

#[component]
fn Brought(imports: Vec<ImportRow>, more: bool) -> impl IntoView {
    let columns = vec![
        words("File"),
        words("State"),
        words("Layout"),
        numbers("Size"),
        numbers("Written"),
        words("By"),
        words("Brought"),
    ];
    let row = |row: ImportRow| {
        view! {
            <tr>
                <th scope="row">
                    <a href=address_of(&row.id)>{row.file_name}</a>
                </th>
                <td>
                    <ImportBadge state=row.state />
                </td>
                <td>{row.layout.unwrap_or_else(|| "Not read yet".to_owned())}</td>
                <td class="number">{readable_size(row.bytes)}</td>
                <td class="number">{grouped(row.written)}</td>
                <td>{row.by}</td>
                <td>
                    <Moment rfc3339=row.at />
                </td>
            </tr>
        }
    };
    view! {
        <section class="panel is-flush">
            <h2>"What was brought"</h2>
            <ScrollingTable label="What was brought" columns=columns>
                {imports.into_iter().map(row).collect_view()}
            </ScrollingTable>
            {more.then(|| view! { <p class="imports-quiet">"Only the newest 200 are shown."</p> })}
        </section>
    }
}

/// The last day of each platform, and of each kind of export.
#[component]
fn Freshness(sources: Vec<SourceFreshness>) -> impl IntoView {
    let row = |source: SourceFreshness| {
        let name = source.source.unwrap_or_else(|| "All figures".to_owned());
        view! {
            <tr>
                <th scope="row">{source.platform}</th>
                <td>{name}</td>
                <td>
                    {match source.last_day {
                        Some(day) => view! { <Day date=day />" "<FromToday date=day /> }.into_any(),
                        None => "No figures of the last 98 days with data".into_any(),
                    }}
                </td>
                <td>
                    {match source.brought_at {
                        Some(at) => view! { <Moment rfc3339=at /> }.into_any(),
                        None => "–".into_any(),
                    }}
                </td>
            </tr>
        }
    };
    view! {
        <section class="panel is-flush">
            <h2>"How fresh the figures are"</h2>
            <ScrollingTable
                label="How fresh the figures are"
                columns=vec![words("Platform"), words("Brought by"), words("Last day"), words("Imported")]
            >
                {sources.into_iter().map(row).collect_view()}
            </ScrollingTable>
        </section>
    }
}

/// Which exports are known, and where each is had.
#[component]
fn Known(known: Vec<KnownExport>) -> impl IntoView {
    let one = |one: KnownExport| {
        view! {
            <div>
                <dt>{one.title}</dt>
                <dd>
                    {one.found} {(!one.note.is_empty()).then(|| view! { <p class="imports-quiet">{one.note}</p> })}
                </dd>
            </div>
        }
    };
    view! {
        <section class="panel" aria-labelledby="imports-known">
            <h2 id="imports-known">"Exports that are known"</h2>
            <p>"Services change their exports without notice. Any other table works, too: you say what its columns mean."</p>
            <dl class="imports-known">{known.into_iter().map(one).collect_view()}</dl>
        </section>
    }
}

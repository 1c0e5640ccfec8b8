//! The page `/imports/{id}`: what is in a file, what is wrong with it, how it is meant, and what it did.

use super::mapping::MappingForm;
use super::problems::Problems;
use super::state::ImportBadge;
use super::{ImportRefused, PATH, address_of};
use crate::api::error::AppError;
use crate::api::imports::one_import;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::date::{Moment, short_date};
use crate::components::format::{counted, grouped};
use crate::components::page_heading::PageHeading;
use crate::components::permitted::may;
use crate::components::state::{ErrorState, FailedPage, Skeleton};
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::import::{
    ImportCounts, ImportProgress, ImportState, ImportView, StatementShare, StatementSum, UnmatchedSale,
};
use crate::pages::artists::statement::path_of;
use crate::pages::tools::form::base64::readable_size;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How often a page looks again whose import goes on by itself.
const AGAIN: Duration = Duration::from_secs(2);

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    refused: Option<AppError>,
    import: ImportView,
}

async fn open(id: String, refused: Option<AppError>) -> Result<Opening, AppError> {
    let import = one_import(id).await?;
    Ok(Opening { refused, import })
}

/// The page `/imports/{id}`.
#[component]
pub fn ImportPage() -> impl IntoView {
    let refused = ImportRefused::of_request();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let opening = Resource::new(move || id.get(), move |id| open(id, refused.clone()));
    let again = Callback::new(move |()| opening.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="the import" lines=12 /> }>
            {move || Suspend::new(async move {
                match opening.await {
                    Ok(Opening { refused, import }) => {
                        view! { <Shown refused=refused import=import again=again /> }.into_any()
                    }
                    Err(error) => view! { <FailedPage error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Shown(refused: Option<AppError>, import: ImportView, again: Callback<()>) -> impl IntoView {
    let title = import.row.file_name.clone();
    let under_way = import.row.state.is_under_way();
    Effect::new(move |_| {
        if under_way && let Ok(timer) = set_timeout_with_handle(move || again.run(()), AGAIN) {
            on_cleanup(move || timer.clear());
        }
    });
    let is_ready = import.row.state == ImportState::Ready;
    let id = import.row.id.clone();
    let (problems, problem_count) = (import.problems.clone(), import.problem_count);
    let (unmatched, sums, earned) = (import.unmatched.clone(), import.sums.clone(), import.earned.clone());
    view! {
        <Breadcrumbs above=vec![("Imports", PATH)] here=title.clone() />
        <PageHeading title=title />
        {refused.map(|error| view! { <ErrorState error=error /> })}
        <Summary import=import.clone() />
        <Decide import=import.clone() />
        <Found import=import.clone() />
        {(!sums.is_empty()).then(|| view! { <Sums sums=sums /> })}
        {(!earned.is_empty()).then(|| view! { <Earned earned=earned /> })}
        {(!unmatched.is_empty()).then(|| view! { <Unmatched unmatched=unmatched /> })}
        {(problem_count > 0).then(|| view! { <Problems id=id problems=problems count=problem_count /> })}
        <Sample import=import.clone() />
        {is_ready.then(|| view! { <MappingForm view=import /> })}
    }
}

/// How far it is, and what the file is.
#[component]
fn Summary(import: ImportView) -> impl IntoView {
    let ImportView { row, sha256, written_as, progress, failure, copies, .. } = import;
    let under_way = row.state.is_under_way();
    let copies = copies
        .into_iter()
        .map(|id| view! { <li><a href=address_of(&id)>{id.clone()}</a></li> })
        .collect_view();
    let has_copies = !copies.is_empty();
    view! {
        <section class="panel" aria-label="The import">
            <p role="status">
                <ImportBadge state=row.state />
                {under_way.then(|| view! { " "<a href="" rel="external">"Look again"</a> })}
            </p>
            {failure.map(|words| view! { <p class="imports-failure">{words}</p> })}
            <Progress progress=progress state=row.state />
            <dl class="task-facts">
                {fact("Layout", row.layout.unwrap_or_else(|| "Not read yet".to_owned()))}
                {fact("Size", readable_size(row.bytes))} {fact("Written as", written_as)} {fact("Brought by", row.by)}
                <div>
                    <dt>"Brought"</dt>
                    <dd>
                        <Moment rfc3339=row.at />
                    </dd>
                </div>
                <div>
                    <dt>"SHA-256"</dt>
                    <dd>
                        <code class="imports-digest">{sha256}</code>
                    </dd>
                </div>
            </dl>
            {has_copies
                .then(|| {
                    view! {
                        <p>"The very same file was brought before. What it says is there only once all the same:"</p>
                        <ul>{copies}</ul>
                    }
                })}
        </section>
    }
}

fn fact(name: &'static str, value: String) -> impl IntoView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
}

#[component]
fn Progress(progress: ImportProgress, state: ImportState) -> impl IntoView {
    let ImportProgress { done, of, added, replaced, same, changed_since } = progress;
    let words = match state {
        ImportState::Running => format!("{} of {} entries.", grouped(done), grouped(of)),
        ImportState::Undoing => format!("{} of {} entries are put back.", grouped(done), grouped(of)),
        ImportState::Done => format!(
            "{} entries added, {} replaced, {} were so already.",
            grouped(added),
            grouped(replaced),
            grouped(same)
        ),
        ImportState::Undone => format!(
            "{} entries taken away again, {} put back as they were, {} left because somebody has changed them since.",
            grouped(added),
            grouped(replaced),
            grouped(changed_since)
        ),
        ImportState::Failed if done > 0 => {
            format!("It came to {} of {} entries.", grouped(done), grouped(of))
        }
        _ => return ().into_any(),
    };
    let is_measured = state.is_under_way() && of > 0;
    view! {
        <p data-testid="progress">{words}</p>
        {is_measured
            .then(|| {
                view! { <progress class="imports-progress" aria-label="How far it is" max=of.to_string() value=done.to_string()></progress> }
            })}
    }
    .into_any()
}

/// What has to be said, what should be known, and the buttons.
#[component]
fn Decide(import: ImportView) -> impl IntoView {
    let ImportView { row, version, questions, notes, can_run, can_undo, counts, .. } = import;
    let writes = counts.map_or(0, |counts| counts.new + counts.changed);
    let is_ready = row.state == ImportState::Ready;
    let check_again = matches!(row.state, ImportState::Undone | ImportState::Failed) && !can_undo;
    let run = format!("Import {}", counted(writes, "change"));
    view! {
        {(is_ready && !questions.is_empty())
            .then(|| {
                view! {
                    <section class="panel" aria-labelledby="imports-questions">
                        <h2 id="imports-questions">"What has to be said first"</h2>
                        <ul>{questions.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul>
                    </section>
                }
            })}
        {(!notes.is_empty())
            .then(|| {
                view! {
                    <section class="panel" aria-labelledby="imports-notes">
                        <h2 id="imports-notes">"What should be known"</h2>
                        <ul>{notes.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul>
                    </section>
                }
            })}
        {can_run.then(|| button(&row.id, version, "run", run, true))}
        {can_undo
            .then(|| {
                view! {
                    <details class="imports-undo">
                        <summary class="button">"Undo …"</summary>
                        <p>"What was there before is put back, unless somebody has changed it since."</p>
                        {button(&row.id, version, "undo", "Undo the import".to_owned(), false)}
                    </details>
                }
            })}
        {check_again.then(|| button(&row.id, version, "check", "Check again".to_owned(), false))}
    }
}

fn button(id: &str, version: u32, step: &'static str, words: String, primary: bool) -> impl IntoView + use<> {
    view! {
        <form class="imports-button" method="post" action=address_of(id)>
            <input type="hidden" name="step" value=step />
            <input type="hidden" name="version" value=version.to_string() />
            <button type="submit" class="button" class:is-primary=primary>
                {words}
            </button>
        </form>
    }
}

/// A day as people read it; a month, and whatever else is no day, as it stands there.
fn day_in_words(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), short_date)
}

/// How many of what were found.
#[component]
fn Found(import: ImportView) -> impl IntoView {
    let span = import.span.map(|(from, to)| {
        if from == to {
            day_in_words(&from)
        } else {
            format!("{} to {}", day_in_words(&from), day_in_words(&to))
        }
    });
    let Some(counts) = import.counts else { return ().into_any() };
    let ImportCounts { lines, usable, wrong, of_unknown, left_out, repeated, new, same, changed } = counts;
    let rows = [
        ("Lines in the file", lines),
        ("Lines that can be used", usable),
        ("Lines that are wrong", wrong),
        ("Lines about names that nobody knows", of_unknown),
        ("Lines that you leave out", left_out),
        ("Lines that stand there twice", repeated),
        ("Entries that are new", new),
        ("Entries that are there just so", same),
        ("Entries that say something else than what is there", changed),
    ];
    let row = |(name, count): (&'static str, u64)| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="number">{grouped(count)}</td>
            </tr>
        }
    };
    view! {
        <section class="panel is-flush">
            <h2>"What is in it"</h2>
            {span.map(|span| view! { <p class="imports-quiet">{format!("From {span}.")}</p> })}
            <ScrollingTable label="What is in it" columns=vec![words("What"), numbers("How many")]>
                {rows.into_iter().map(row).collect_view()}
            </ScrollingTable>
        </section>
    }
    .into_any()
}

/// The exact sums of a statement.
#[component]
fn Sums(sums: Vec<StatementSum>) -> impl IntoView {
    let row = |sum: StatementSum| {
        view! {
            <tr>
                <th scope="row">{sum.currency}</th>
                <td class="number">{sum.amount.unwrap_or_else(|| "Too large to add up".to_owned())}</td>
                <td class="number">{grouped(sum.lines)}</td>
            </tr>
        }
    };
    view! {
        <section class="panel is-flush">
            <h2>"What was earned"</h2>
            <ScrollingTable
                label="What was earned"
                columns=vec![words("Currency"), numbers("Exact sum"), numbers("Lines")]
            >
                {sums.into_iter().map(row).collect_view()}
            </ScrollingTable>
        </section>
    }
}

/// What each artist earned, and where it goes from there.
#[component]
fn Earned(earned: Vec<StatementShare>) -> impl IntoView {
    let linked = may("view_royalties");
    let row = move |share: StatementShare| {
        let statement = share.artist_id.filter(|_| linked).map(|id| {
            view! { <a href=path_of(&id)>"From opening balance to payable"</a> }
        });
        view! {
            <tr>
                <th scope="row">{share.name}</th>
                <td>{share.sum.currency}</td>
                <td class="number">{share.sum.amount.unwrap_or_else(|| "Too large to add up".to_owned())}</td>
                <td class="number">{grouped(share.sum.lines)}</td>
                <td>{statement}</td>
            </tr>
        }
    };
    view! {
        <section class="panel is-flush">
            <h2>"Who earned what"</h2>
            <p class="imports-quiet">
                "What the file says was earned, before any contract. Once it is imported, the statement of each artist works out what is payable."
            </p>
            <ScrollingTable
                label="Who earned what"
                columns=vec![words("Artist"), words("Currency"), numbers("Exact sum"), numbers("Lines"), words("Statement")]
                short=true
            >
                {earned.into_iter().map(row).collect_view()}
            </ScrollingTable>
        </section>
    }
}

/// What was sold and is not in the catalogue.
#[component]
fn Unmatched(unmatched: Vec<UnmatchedSale>) -> impl IntoView {
    let row = |sold: UnmatchedSale| {
        view! {
            <tr>
                <th scope="row">{sold.what}</th>
                <td class="number">{grouped(sold.lines)}</td>
                <td>{sold.nearest.unwrap_or_else(|| "Nothing is like it".to_owned())}</td>
            </tr>
        }
    };
    view! {
        <section class="panel is-flush">
            <h2>"Sold, and not in the catalogue"</h2>
            <ScrollingTable
                label="Sold, and not in the catalogue"
                columns=vec![words("What the file says"), numbers("Lines"), words("Most like it")]
                short=true
            >
                {unmatched.into_iter().map(row).collect_view()}
            </ScrollingTable>
        </section>
    }
}

/// The first lines of the file.
#[component]
fn Sample(import: ImportView) -> impl IntoView {
    let ImportView { columns, sample, fields, .. } = import;
    if columns.is_empty() {
        return ().into_any();
    }
    let label = |id: &str| {
        let known = fields.iter().find(|field| field.value == id);
        known.map(|field| field.label.clone()).unwrap_or_default()
    };
    let heads: Vec<_> =
        columns.iter().map(|column| words(format!("{} → {}", column.name, label(&column.field)))).collect();
    let row = |cells: Vec<String>| {
        view! { <tr>{cells.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view()}</tr> }
    };
    view! {
        <section class="panel is-flush">
            <h2>"Its first lines"</h2>
            <ScrollingTable label="Its first lines" columns=heads>
                {sample.into_iter().map(row).collect_view()}
            </ScrollingTable>
        </section>
    }
    .into_any()
}

//! The list of recordings: search, filters, order and page, all in the address; above it the place for files.

use super::AudioOutcome;
use super::address;
use super::on_their_way::Dropped;
use super::state::{RecordingBadge, level, whole_seconds};
use super::upload::UploadBox;
use crate::api::audio::browse_recordings;
use crate::api::error::AppError;
use crate::components::badge::SampleBadge;
use crate::components::browser;
use crate::components::choice_field::ChoiceField;
use crate::components::date::Moment;
use crate::components::format::duration;
use crate::components::list_table::ListTable;
use crate::components::list_view::{LeftOut, OrderFields, use_list_address};
use crate::components::page_heading::PageHeading;
use crate::components::permitted::may;
use crate::components::search_form::SearchForm;
use crate::components::state::{EmptyState, ErrorState, NoResult, Skeleton};
use crate::components::table::SortHead;
use crate::model::recording::{RecordingList, RecordingQuery, RecordingRow, RecordingSort, RecordingState};
use crate::pages::tools::form::base64::readable_size;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How often the list is read again while recordings are being checked.
const INTERVAL: Duration = Duration::from_secs(2);

/// What the page is opened with: the list, and what came of the form without JavaScript.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    list: RecordingList,
    outcome: Option<AudioOutcome>,
}

async fn open(query: RecordingQuery, outcome: Option<AudioOutcome>) -> Result<Opening, AppError> {
    Ok(Opening { list: browse_recordings(query).await?, outcome })
}

/// All recordings of the label.
#[component]
pub fn AudioPage() -> impl IntoView {
    let outcome = AudioOutcome::of_request();
    let typed = outcome.as_ref().map(|outcome| outcome.typed.clone()).unwrap_or_default();
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(address::read));
    let opening = Resource::new(move || query.get(), move |query| open(query, outcome.clone()));
    let again = Callback::new(move |()| opening.refetch());
    let (folder, is_busy) = (RwSignal::new(typed.folder.clone()), RwSignal::new(false));
    // While something is being checked, the list follows.
    Effect::new(move |_| {
        if !is_busy.get() {
            return;
        }
        let tick = move || {
            if !browser::is_hidden() {
                opening.refetch();
            }
        };
        if let Ok(timer) = set_interval_with_handle(tick, INTERVAL) {
            on_cleanup(move || timer.clear());
        }
    });
    let stored = Callback::new(move |()| {
        is_busy.set(true);
        opening.refetch();
    });
    view! {
        <PageHeading title="Audio" />
        {may("begin_upload").then(|| view! { <UploadBox folder=folder stored=stored typed=typed /> })}
        <Filters query=query />
        <Transition fallback=|| view! { <Skeleton what="recordings" lines=10 /> }>
            {move || Suspend::new(async move {
                let asked = query.get_untracked();
                match opening.await {
                    Ok(Opening { list, outcome }) => {
                        let busy = list.open > 0;
                        if is_busy.get_untracked() != busy {
                            is_busy.set(busy);
                        }
                        if folder.with_untracked(String::is_empty) {
                            folder.set(list.folder.clone());
                        }
                        view! {
                            {outcome.map(|outcome| view! { <Dropped outcome=outcome /> })}
                            <Recordings list=list query=asked />
                        }
                            .into_any()
                    }
                    Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Filters(query: Memo<RecordingQuery>) -> impl IntoView {
    let show_address = use_list_address();
    let show = Callback::new(move |query: RecordingQuery| show_address(&address::write(&query)));
    let search = Callback::new(move |search: String| {
        show.run(RecordingQuery { search, page: 1, ..query.get_untracked() });
    });
    let choose_state = Callback::new(move |id: String| {
        show.run(RecordingQuery { state: RecordingState::from_id(&id), page: 1, ..query.get_untracked() });
    });
    let choose_format = Callback::new(move |format: String| {
        show.run(RecordingQuery { format, page: 1, ..query.get_untracked() });
    });
    let state =
        move || query.with(|query| query.state.map(RecordingState::id).unwrap_or_default().to_owned());
    let format = move || query.with(|query| query.format.clone());
    let states = RecordingState::ALL
        .into_iter()
        .map(|state| (state.id(), state.word().to_owned()))
        .collect::<Vec<_>>();
    let formats = FORMATS.into_iter().map(|format| (format, format.to_owned())).collect::<Vec<_>>();
    view! {
        <SearchForm
            action=address::PATH
            label="Search by file, title, artist or release"
            search=Signal::derive(move || query.with(|query| query.search.clone()))
            on_search=search
        >
            <ChoiceField
                label="Verdict"
                name="state"
                any="Any"
                choices=states
                chosen=Memo::new(move |_| state())
                on_choose=choose_state
            />
            <ChoiceField
                label="Format"
                name="format"
                any="Any"
                choices=formats
                chosen=Memo::new(move |_| format())
                on_choose=choose_format
            />
            <OrderFields fields=move || query.with(address::order_fields) />
        </SearchForm>
    }
}

/// The formats that are read.
const FORMATS: [&str; 7] = ["WAV", "AIFF", "FLAC", "MP4", "MP3", "AAC", "Ogg Vorbis"];

#[component]
fn Recordings(list: RecordingList, query: RecordingQuery) -> AnyView {
    let RecordingList { rows, total, page, open, unreadable, .. } = list;
    if rows.is_empty() {
        let none = if query.is_narrowed() {
            view! { <NoResult noun="recordings" search=query.search all=address::PATH /> }.into_any()
        } else {
            view! { <Nothing /> }.into_any()
        };
        return view! {
            <LeftOut count=unreadable one="recording" />
            {none}
        }
        .into_any();
    }
    let head = {
        let query = query.clone();
        move |label: &'static str, sort: RecordingSort| {
            let address = address::write(&address::sorted_by(&query, sort));
            let direction = address::direction(&query, sort);
            let numeric = matches!(sort, RecordingSort::Length | RecordingSort::Loudness);
            view! { <SortHead label=label address=address direction=direction numeric=numeric /> }
        }
    };
    let heads = view! {
        {head("Recording", RecordingSort::Name)}
        <th scope="col">"Artist, release"</th>
        <th scope="col">"Format"</th>
        {head("Length", RecordingSort::Length)}
        {head("Loudness", RecordingSort::Loudness)}
        {head("Verdict", RecordingSort::State)}
        {head("Uploaded", RecordingSort::Uploaded)}
    };
    let sample = rows.iter().any(|row| row.sample);
    let note = view! {
        {(open > 0).then(|| view! { <span>{format!("{open} not checked yet")}</span> })}
        <span>"Verdict by the rules of a usual distributor"</span>
        {sample.then(|| view! { <SampleBadge /> })}
    };
    view! {
        <LeftOut count=unreadable one="recording" />
        <ListTable
            one="recording"
            many="recordings"
            label="Recordings"
            total=total
            page=page
            note=note.into_any()
            head=heads.into_any()
            body=view! { <tbody>{rows.into_iter().map(|row| view! { <Row row=row /> }).collect_view()}</tbody> }
                .into_any()
            address=move |page| address::write(&RecordingQuery { page, ..query.clone() })
        />
    }
    .into_any()
}

/// No recording yet: what to do.
#[component]
fn Nothing() -> impl IntoView {
    let can_upload = may("begin_upload");
    view! {
        <EmptyState title="No recordings yet">
            <p>
                {if can_upload {
                    "Drop the masters of a release above, or pick them. Within seconds you see whether a store would \
                     take them, what is wrong, where, and how to mend it."
                } else {
                    "Recordings appear here once somebody of the label has uploaded them."
                }}
            </p>
        </EmptyState>
    }
}

#[component]
fn Row(row: RecordingRow) -> impl IntoView {
    let name = row.name().to_owned();
    let file_name = row.file_name.clone();
    let why = row.why.clone();
    let release = row.release.clone();
    view! {
        <tr>
            <th scope="row">
                <a class="row-link" href=address::of_recording(&row.id)>
                    {name}
                </a>
                <span class="row-note">{file_name}</span>
            </th>
            <td>
                {row.artist.clone().unwrap_or_else(|| "–".to_owned())}
                {release
                    .map(|release| {
                        view! {
                            <span class="row-note">
                                <a href=format!("/releases/{}", release.release_id)>{release.title}</a>
                            </span>
                        }
                    })}
            </td>
            <td>
                {row.format.clone().unwrap_or_else(|| "–".to_owned())}
                <span class="row-note">{readable_size(row.bytes)}</span>
            </td>
            <td class="number">{row.seconds.map_or_else(|| "–".to_owned(), |seconds| duration(whole_seconds(seconds)))}</td>
            <td class="number">{level(row.integrated, "LUFS")}</td>
            <td>
                <RecordingBadge state=row.state progress=row.progress />
                {why.map(|why| view! { <span class="row-note">{why}</span> })}
            </td>
            <td class="row-date">
                {row.uploaded_at.clone().map(|at| view! { <Moment rfc3339=at /> })}
                {row.uploaded_by.clone().map(|by| view! { <span class="row-note">"by " {by}</span> })}
            </td>
        </tr>
    }
}

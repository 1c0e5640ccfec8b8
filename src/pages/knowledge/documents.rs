//! The documents of the knowledge base: what they are, whether they can be found, removing them.

use super::address::{Address, Done, Open};
use super::browser;
use super::upload::{self, AddDocument, Refusal, Uploads, added_words};
use super::words::file_name;
use super::{History, RefusedDocument, Show};
use crate::api::error::AppError;
use crate::api::knowledge::{browse_documents, remove_document};
use crate::components::badge::{Badge, SampleBadge, Tone};
use crate::components::date::Moment;
use crate::components::format::grouped;
use crate::components::icon::Glyph;
use crate::components::permitted::may;
use crate::components::state::{EmptyState, ErrorState, Skeleton, answer_with_status};
use crate::model::knowledge::{DocumentList, DocumentRow, DocumentState};
use crate::pages::tools::form::base64::readable_size;
use leptos::prelude::*;
use std::time::Duration;

/// How long until the list is read again while a document waits for its turn: twice as long each time.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The id of the button that keeps a document, for the focus.
const KEEP: &str = "keep-document";

/// The documents; nothing while the search is shown.
#[component]
pub fn Documents(
    /// What the address asks for.
    address: Memo<Address>,
    /// Goes to another address of the page.
    show: Show,
) -> impl IntoView {
    let page = Memo::new(move |_| address.with(|address| address.documents.then(|| address.after.clone())));
    let listed = Resource::new(
        move || page.get(),
        async |page| match page {
            Some(after) => browse_documents(after).await.map(Some),
            None => Ok(None),
        },
    );
    let refused = use_context::<RefusedDocument>().map(|refused| refused.0);
    let refused = Resource::new_blocking(
        || (),
        move |()| {
            let refused = refused.clone();
            async move { refused }
        },
    );
    let again = Callback::new(move |()| listed.refetch());
    let may_add = may("upload_knowledge_document");
    let patience = StoredValue::new(FIRST_WAIT);
    let added = Callback::new(move |()| {
        patience.set_value(FIRST_WAIT);
        listed.refetch();
    });
    let uploads = Uploads::new(added);
    on_cleanup(move || uploads.abort_all());
    let shows = Memo::new(move |_| page.with(Option::is_some));
    let remove = Action::new(move |file_name: &String| {
        let file_name = file_name.clone();
        async move {
            let removed = remove_document(file_name.clone()).await;
            removed.map(|()| file_name)
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(name)) = remove.value().get() {
            let done = Address { done: Some(Done::Removed(name)), ..Address::of_documents() };
            show.run((done, History::Replace));
            listed.refetch();
        }
    });
    view! {
        {move || shows.get().then(|| view! { <Notice address=address /> })}
        <Suspense>
            {move || Suspend::new(async move {
                refused
                    .await
                    .map(|error| {
                        answer_with_status(&error);
                        view! { <Refusal error=error /> }
                    })
            })}
        </Suspense>
        {move || (may_add && shows.get()).then(|| view! { <AddDocument uploads=uploads /> })}
        <div class="documents">
            <Transition fallback=|| view! { <Skeleton what="documents" lines=6 /> }>
                {move || Suspend::new(async move {
                    match listed.await {
                        Ok(Some(list)) => {
                            view! { <List list=list address=address remove=remove again=again patience=patience /> }.into_any()
                        }
                        Ok(None) => ().into_any(),
                        Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

type Remove = Action<String, Result<String, AppError>>;

/// What was done to a document just now.
#[component]
fn Notice(address: Memo<Address>) -> impl IntoView {
    move || {
        let words = match address.with(|address| address.done.clone())? {
            Done::Added(name) => added_words(&name),
            Done::Removed(name) => format!("“{}” was removed. It is no longer found.", file_name(&name)),
        };
        Some(view! { <p class="notice tone-good" role="status">{words}</p> })
    }
}

#[component]
fn List(
    list: DocumentList,
    address: Memo<Address>,
    remove: Remove,
    again: Callback<()>,
    patience: StoredValue<Duration>,
) -> AnyView {
    let waits = list.documents.iter().any(|document| document.state == DocumentState::Waiting);
    // Only in the browser: the list is rendered anew each time, and so is this.
    Effect::new(move |_| {
        if !waits {
            patience.set_value(FIRST_WAIT);
            return;
        }
        let wait = patience.get_value();
        patience.set_value((wait * 2).min(LONGEST_WAIT));
        if let Ok(timer) = set_timeout_with_handle(move || again.run(()), wait) {
            on_cleanup(move || timer.clear());
        }
    });
    if list.documents.is_empty() {
        return view! {
            <EmptyState title="No documents yet">
                <p>"Add contracts, agreements, guides: they are then found with their page."</p>
            </EmptyState>
        }
        .into_any();
    }
    let next = list.next.map(|token| Address { after: Some(token), ..Address::of_documents() }.write());
    let (shipped, own): (Vec<DocumentRow>, Vec<DocumentRow>) =
        list.documents.into_iter().partition(|document| document.is_shipped);
    let group = move |name: &'static str, documents: Vec<DocumentRow>| {
        (!documents.is_empty()).then(|| {
            let items = documents
                .into_iter()
                .map(|document| view! { <Item document=document address=address remove=remove /> })
                .collect_view();
            view! {
                <section class="panel document-group">
                    <h2>{name}</h2>
                    <ul aria-label=name>{items}</ul>
                </section>
            }
        })
    };
    view! {
        {group("Documents of the label", own)}
        {group("Documents that come with Patchline", shipped)}
        {next
            .map(|next| {
                view! {
                    <p>
                        <a class="button" href=next>
                            "More documents"
                        </a>
                    </p>
                }
            })}
    }
    .into_any()
}

#[component]
fn Item(document: DocumentRow, address: Memo<Address>, remove: Remove) -> impl IntoView {
    let DocumentRow {
        file_name: key,
        title,
        bytes,
        stored,
        added_by,
        pages,
        pages_without_text,
        passages,
        state,
        is_shipped,
        sample,
    } = document;
    let name = file_name(&key).to_owned();
    let title = title.filter(|title| *title != name);
    let has_title = title.is_some();
    let title = title.unwrap_or_else(|| name.clone());
    let open = {
        let key = key.clone();
        move || {
            let open = Open { file_name: key.clone(), ..Open::default() };
            address.with(|address| address.opened(open.clone()).write())
        }
    };
    let problem = match &state {
        DocumentState::Failed(reason) => Some(format!("Not searchable: {reason}")),
        DocumentState::Unknown(reason) => Some(reason.clone()),
        DocumentState::Searchable | DocumentState::Waiting => None,
    };
    let asks = {
        let key = key.clone();
        Memo::new(move |_| address.with(|address| address.remove.as_ref() == Some(&key)))
    };
    let unread = pages_without_text.filter(|unread| *unread > 0).map(|unread| {
        format!(
            "{} without text cannot be found. Where they are scans, run text recognition (OCR) over the file and \
             add it again.",
            counted(unread, "page", "pages")
        )
    });
    let size = readable_size(bytes);
    let id = format!("document-{name}");
    view! {
        <li class="document">
            <div class="document-head">
                <h3>
                    <a id=id href=open data-noscroll="">
                        {title}
                    </a>
                </h3>
                <StateBadge state=state />
                {sample.then(|| view! { <SampleBadge /> })}
            </div>
            <ul class="document-facts">
                {has_title.then(|| view! { <li>{name.clone()}</li> })}
                {pages.map(|pages| view! { <li>{counted(pages, "page", "pages")}</li> })}
                {passages.map(|passages| view! { <li>{counted(passages, "passage", "passages")}</li> })}
                <li>{size}</li>
                {stored
                    .filter(|_| !is_shipped)
                    .map(|stored| view! { <li>"added " <Moment rfc3339=stored /></li> })}
                {added_by.filter(|_| !is_shipped).map(|who| view! { <li>{format!("by {who}")}</li> })}
            </ul>
            {problem.into_iter().chain(unread).map(|text| view! { <p class="document-problem">{text}</p> }).collect_view()}
            {(!is_shipped && may("remove_knowledge_document"))
                .then(|| view! { <Removal key=key name=name asks=asks address=address remove=remove /> })}
        </li>
    }
}

/// A link that asks whether the document is to be removed, then the two answers.
#[component]
fn Removal(
    key: String,
    name: String,
    asks: Memo<bool>,
    address: Memo<Address>,
    remove: Remove,
) -> impl IntoView {
    let key = StoredValue::new(key);
    let name = StoredValue::new(name);
    Effect::new(move |asked_before: Option<bool>| {
        let asks = asks.get();
        if asks && asked_before == Some(false) {
            browser::focus_soon(KEEP, None);
        }
        asks
    });
    move || {
        if !asks.get() {
            let ask = move || {
                let remove = Some(key.get_value());
                address.with(|address| Address { remove, done: None, ..address.clone() }.write())
            };
            return view! {
                <p class="removal-ask">
                    <a class="button" href=ask data-noscroll="" aria-label=format!("Remove {}", name.get_value())>
                        "Remove"
                    </a>
                </p>
            }
            .into_any();
        }
        let keep = move || address.with(|address| Address { remove: None, ..address.clone() }.write());
        let on_submit = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            remove.dispatch(key.get_value());
        };
        let failed = move || remove.value().with(|value| value.as_ref()?.as_ref().err().cloned());
        view! {
            <form
                class="removal"
                method="post"
                enctype="multipart/form-data"
                action=Address::of_documents().write()
                aria-label=format!("Remove {}?", name.get_value())
                on:submit=on_submit
            >
                <p>
                    {format!("Remove “{}”? ", name.get_value())}
                    "It will no longer be found, and answers will no longer cite it."
                </p>
                <input type="hidden" name=upload::INTENT value=upload::REMOVE />
                <input type="hidden" name=upload::NAME value=key.get_value() />
                <a class="button" id=KEEP href=keep data-noscroll="">
                    "Keep it"
                </a>
                <button type="submit" class="button is-primary" disabled=remove.pending()>
                    "Remove it"
                </button>
                {move || failed().map(|error| view! { <Refusal error=error /> })}
            </form>
        }
        .into_any()
    }
}

#[component]
fn StateBadge(state: DocumentState) -> impl IntoView {
    let (tone, glyph, word) = match state {
        DocumentState::Searchable => (Tone::Good, Glyph::Check, "Searchable"),
        DocumentState::Waiting => (Tone::Signal, Glyph::Again, "Being read"),
        DocumentState::Failed(_) => (Tone::Bad, Glyph::Warning, "Not searchable"),
        DocumentState::Unknown(_) => (Tone::Signal, Glyph::Warning, "Not known"),
    };
    view! { <Badge tone=tone glyph=glyph word=word /> }
}

fn counted(number: u32, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number.into()), if number == 1 { one } else { many })
}

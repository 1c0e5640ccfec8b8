//! The knowledge page: search while one types, answers with sources, the source in a drawer, documents.
//!
//! Everything is in the address (`/knowledge?search=…&asOf=…&open=…`), and everything works without
//! JavaScript: the search is a GET form, sources are links, documents are added and removed by `POST` to the
//! page's own address. Then the web layer provides what went wrong as a [`RefusedDocument`] and renders the
//! page as the answer.

pub mod address;
pub mod answer;
pub mod browser;
pub mod card;
pub mod documents;
pub mod drawer;
pub mod events;
pub mod facts;
pub mod listening;
pub mod marked;
pub mod refusal;
pub mod results;
pub mod search_bar;
pub mod streamed;
pub mod upload;
pub mod words;

use crate::api::error::AppError;
use crate::api::knowledge::{
    answer_question, answers_come_in_pieces, knowledge_choices, open_source, search_knowledge,
};
use crate::components::page_heading::PageHeading;
use crate::components::permitted::may;
use crate::components::state::{ErrorState, Skeleton};
use crate::model::knowledge::{Answer, Findings, QuestionAsked};
use address::Address;
use answer::{AnswerPanel, Writing};
use documents::Documents;
use drawer::Drawer;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use results::{Beginning, Results};
use search_bar::SearchBar;
use serde::{Deserialize, Serialize};
use streamed::StreamedAnswer;

/// A document that a form without JavaScript could not add or remove, as context of the page.
#[derive(Debug, Clone)]
pub struct RefusedDocument(pub AppError);

/// Goes to an address of this page.
pub type Show = Callback<(Address, History)>;

/// What becomes of the address before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum History {
    /// The back button leads there.
    Keep,
    /// It is forgotten, as it is while somebody types.
    Replace,
}

/// The page `/knowledge`.
#[component]
pub fn KnowledgePage() -> impl IntoView {
    let params = use_query_map();
    let address = Memo::new(move |_| params.with(Address::read));
    let navigate = use_navigate();
    let show: Show = Callback::new(move |(address, history): (Address, History)| {
        let replace = history == History::Replace;
        navigate(&address.write(), NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
    });
    let documents = Memo::new(move |_| address.with(|address| address.documents));
    view! {
        <PageHeading title="Knowledge">
            <Views documents=documents />
        </PageHeading>
        <Search address=address show=show />
        <Documents address=address show=show />
        <Source address=address show=show />
    }
}

/// The two views of the page.
#[component]
fn Views(documents: Memo<bool>) -> impl IntoView {
    let link = move |name: &'static str, address: Address, is_documents: bool| {
        let current = move || (documents.get() == is_documents).then_some("page");
        view! {
            <a href=address.write() aria-current=current>
                {name}
            </a>
        }
    };
    view! {
        <nav class="views" aria-label="Views of the knowledge base">
            {link("Search", Address::default(), false)}
            {may("browse_knowledge_documents").then(|| link("Documents", Address::of_documents(), true))}
        </nav>
    }
}

/// What the search came to.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Found {
    /// The documents are shown in its place.
    Elsewhere,
    /// Nothing is searched yet.
    Nothing,
    /// Results.
    Findings(Findings),
}

/// What the question came to.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Answered {
    /// Nothing is asked.
    Nothing,
    /// The whole answer.
    Whole(Box<Answer>),
    /// The answer is told while it is written, to this question.
    InPieces(QuestionAsked),
}

/// Search, answer and results; nothing while the documents are shown.
///
/// What is read is read here and not further in: the server may render the parts within more than once.
#[component]
fn Search(address: Memo<Address>, show: Show) -> impl IntoView {
    let choices = Resource::new_blocking(|| (), |()| knowledge_choices());
    let query = Memo::new(move |_| address.with(Address::searched));
    let question = Memo::new(move |_| {
        address.with(|address| address.question().map(|question| (question, address.whole)))
    });
    let found = Resource::new(
        move || query.get(),
        async |query| match query {
            None => Ok(Found::Elsewhere),
            Some(query) if query.search.trim().is_empty() => Ok(Found::Nothing),
            Some(query) => search_knowledge(query).await.map(Found::Findings),
        },
    );
    let answered = Resource::new(
        move || question.get(),
        async |question| match question {
            None => Ok(Answered::Nothing),
            Some((question, false)) if answers_come_in_pieces() => Ok(Answered::InPieces(question)),
            Some((question, _)) => answer_question(question).await.map(Box::new).map(Answered::Whole),
        },
    );
    let search_again = Callback::new(move |()| found.refetch());
    let answer_again = Callback::new(move |()| answered.refetch());
    let searches = Memo::new(move |_| query.with(Option::is_some));
    let pending = RwSignal::new(false);
    view! {
        <Suspense fallback=|| view! { <Skeleton what="the search" lines=2 /> }>
            {move || Suspend::new(async move {
                // Without its choices the search works as well.
                let choices = choices.await.unwrap_or_default();
                move || {
                    let choices = choices.clone();
                    searches.get().then(|| view! { <SearchBar address=address show=show choices=choices /> })
                }
            })}
        </Suspense>
        <Suspense fallback=move || view! { <Writing address=address show=show /> }>
            {move || Suspend::new(async move {
                match answered.await {
                    Ok(Answered::Nothing) => ().into_any(),
                    Ok(Answered::Whole(answer)) => {
                        view! { <AnswerPanel answer=*answer address=address /> }.into_any()
                    }
                    Ok(Answered::InPieces(asked)) => {
                        view! { <StreamedAnswer asked=asked address=address /> }.into_any()
                    }
                    Err(error) => view! { <ErrorState error=error retry=answer_again /> }.into_any(),
                }
            })}
        </Suspense>
        <div class="findings" class:is-pending=pending aria-busy=move || pending.get().to_string()>
            <Transition fallback=|| view! { <Skeleton what="results" lines=8 /> } set_pending=pending>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok(Found::Elsewhere) => ().into_any(),
                        Ok(Found::Nothing) => view! { <Beginning /> }.into_any(),
                        Ok(Found::Findings(findings)) => {
                            view! { <Results findings=findings address=address /> }.into_any()
                        }
                        Err(error) => view! { <ErrorState error=error retry=search_again /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

/// The open source.
#[component]
fn Source(address: Memo<Address>, show: Show) -> impl IntoView {
    let asked = Memo::new(move |_| address.with(Address::source));
    let opened = Resource::new(
        move || asked.get(),
        async |asked| match asked {
            Some(asked) => open_source(asked).await.map(Some),
            None => Ok(None),
        },
    );
    // What had the focus before gets it back when the drawer is closed.
    let opener = StoredValue::new(None::<String>);
    let is_open = Memo::new(move |_| asked.with(Option::is_some));
    Effect::new(move |was_open: Option<bool>| {
        let is_open = is_open.get();
        match was_open {
            Some(false) if is_open => opener.set_value(browser::focused()),
            Some(true) if !is_open => {
                if let Some(opener) = opener.get_value() {
                    browser::focus(&opener);
                }
            }
            _ => {}
        }
        is_open
    });
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let opened = opened.await.transpose();
                opened.map(|opened| view! { <Drawer opened=opened address=address show=show /> })
            })}
        </Transition>
    }
}

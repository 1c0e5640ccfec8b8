//! An answer that grows while it is written. A screen reader hears when it begins and how it ends, not each
//! word.

use super::address::{Address, events};
use super::answer::{Basis, CANCEL, Heading, TITLE, cited, written_by};
use super::browser;
use super::listening::{Heard, Listening};
use super::refusal::unreachable_server;
use crate::api::error::AppError;
use crate::components::icon::{Glyph, Icon};
use crate::components::state::ErrorState;
use crate::components::under_way::UnderWay;
use crate::model::knowledge::{Answer, AnswerStep, Citation, QuestionAsked};
use leptos::prelude::*;

/// The id of the button that asks once more after a stop.
const AGAIN: &str = "answer-again";

/// How far an answer is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// It is being written.
    Writing,
    /// It is whole.
    Done,
    /// The viewer has stopped it.
    Stopped,
    /// It goes no further.
    Failed(AppError),
}

/// What is known of an answer so far.
#[derive(Clone, Copy)]
struct Growing {
    /// What it is made from, once that is known. Its text is not read.
    basis: RwSignal<Option<Answer>>,
    text: RwSignal<String>,
    citations: RwSignal<Vec<Citation>>,
    state: RwSignal<State>,
}

impl Growing {
    fn new() -> Self {
        Self {
            basis: RwSignal::new(None),
            text: RwSignal::new(String::new()),
            citations: RwSignal::new(Vec::new()),
            state: RwSignal::new(State::Writing),
        }
    }

    fn begin_anew(self) {
        self.basis.set(None);
        self.text.set(String::new());
        self.citations.set(Vec::new());
        self.state.set(State::Writing);
    }

    fn hear(self, heard: Heard) {
        match heard {
            Heard::Step(AnswerStep::Begun(basis)) => {
                self.text.set(basis.text.clone());
                self.citations.set(basis.citations.clone());
                self.basis.set(Some(*basis));
            }
            Heard::Step(AnswerStep::Text(piece)) => self.text.update(|text| text.push_str(&piece)),
            Heard::Step(AnswerStep::Cited(citation)) => {
                self.citations.update(|citations| citations.push(citation));
            }
            Heard::Step(AnswerStep::Done(answer)) => self.finish(*answer),
            Heard::Failed(error) => self.state.set(State::Failed(error)),
        }
    }

    /// What stands there already is left as it is, so that a focus within it stays.
    fn finish(self, answer: Answer) {
        let had_focus = browser::focused().is_some_and(|id| id == CANCEL);
        self.text.set(answer.text.clone());
        self.citations.set(answer.citations.clone());
        if self.basis.with_untracked(Option::is_none) {
            self.basis.set(Some(answer));
        }
        self.state.set(State::Done);
        if had_focus {
            browser::focus_soon(TITLE, None);
        }
    }
}

/// An answer while it is written, and when it is whole.
#[component]
pub fn StreamedAnswer(
    /// The question.
    asked: QuestionAsked,
    /// What the address asks for.
    address: Memo<Address>,
) -> impl IntoView {
    let growing = Growing::new();
    let attempt = RwSignal::new(0_u32);
    // Not a local value: the server may let go of the page in another thread than it made it in.
    let listening = StoredValue::new(None::<Listening>);
    let stop = move || {
        listening.try_update_value(|listening| {
            if let Some(listening) = listening.take() {
                listening.stop();
            }
        });
    };
    // Effects run only in the browser, which alone can listen.
    Effect::new(move |_| {
        attempt.track();
        growing.begin_anew();
        match Listening::to(&events(&asked), move |heard| growing.hear(heard)) {
            Some(begun) => listening.set_value(Some(begun)),
            None => growing.state.set(State::Failed(unreachable_server())),
        }
        on_cleanup(stop);
    });
    let cancel = Callback::new(move |()| {
        stop();
        growing.state.set(State::Stopped);
        browser::focus_soon(AGAIN, None);
    });
    let again = Callback::new(move |()| attempt.update(|attempt| *attempt += 1));
    let days = Signal::derive(move || {
        growing.basis.with(|basis| basis.as_ref().map(|it| it.days.clone()).unwrap_or_default())
    });
    let is_writing = Memo::new(move |_| growing.state.with(|state| *state == State::Writing));
    view! {
        <section class="panel answer" aria-labelledby=TITLE aria-busy=move || is_writing.get().to_string()>
            <Heading days=days />
            {move || growing.basis.get().map(|basis| view! { <Text basis=basis growing=growing address=address /> })}
            <End growing=growing cancel=cancel again=again />
            <WithoutScript address=address />
        </section>
        <p class="visually-hidden" role="status">
            {move || announcement(growing)}
        </p>
    }
}

/// The text as far as it goes, with what it is made from.
#[component]
fn Text(basis: Answer, growing: Growing, address: Memo<Address>) -> impl IntoView {
    let sources = StoredValue::new(basis.sources.clone());
    let text = move || {
        sources.with_value(|sources| {
            growing
                .text
                .with(|text| growing.citations.with(|citations| cited(text, citations, sources, address)))
        })
    };
    view! {
        <Basis answer=basis address=address>
            {text}
        </Basis>
    }
}

/// What stands behind the text: that it is being written, who wrote it, or why it is not whole.
#[component]
fn End(growing: Growing, cancel: Callback<()>, again: Callback<()>) -> impl IntoView {
    let words = Signal::derive(move || {
        if growing.basis.with(Option::is_none) { "Reading the sources" } else { "Writing the answer" }
    });
    move || match growing.state.get() {
        State::Writing => view! { <UnderWay words=words button=CANCEL cancel=cancel /> }.into_any(),
        State::Done => {
            let answer = growing.basis.get_untracked();
            let text = growing.text.get_untracked();
            let note = answer.and_then(|answer| written_by(&Answer { text, ..answer }));
            note.map(|note| view! { <p class="answer-note">{note}</p> }).into_any()
        }
        State::Stopped => view! {
            <p class="answer-note">"You have stopped this answer; it is not whole."</p>
            <p>
                <button type="button" class="button" id=AGAIN on:click=move |_| again.run(())>
                    <Icon glyph=Glyph::Again />
                    "Answer again"
                </button>
            </p>
        }
        .into_any(),
        State::Failed(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
    }
}

/// What a screen reader says: little, and only when something begins or ends. A failure says itself.
fn announcement(growing: Growing) -> String {
    growing.state.with(|state| match state {
        State::Writing => "Answering".to_owned(),
        State::Done => growing.basis.with(|basis| match basis {
            Some(answer) if answer.is_known => match answer.sources.len() {
                1 => "The answer is complete. It has 1 source.".to_owned(),
                sources => format!("The answer is complete. It has {sources} sources."),
            },
            _ => "The answer is complete: this is not in the knowledge base.".to_owned(),
        }),
        State::Stopped => "The answer was stopped.".to_owned(),
        State::Failed(_) => String::new(),
    })
}

/// Without a script nothing takes the pieces, so such a browser goes on to the whole answer by itself.
#[component]
fn WithoutScript(address: Memo<Address>) -> impl IntoView {
    let whole = Address { whole: true, ..address.get_untracked() }.write().replace('&', "&amp;");
    let html = format!(
        "<meta http-equiv=\"refresh\" content=\"0; url={whole}\"><a class=\"button\" href=\"{whole}\">Show the answer</a>"
    );
    view! { <noscript inner_html=html></noscript> }
}

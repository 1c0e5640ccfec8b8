//! The answer to a question: its text with numbered citations, the sources, and who wrote it.

use super::address::Address;
use super::card::opens;
use super::facts::Figure;
use super::marked::{cut, length};
use super::results::NextSteps;
use super::words::{asked_days, source_line};
use super::{History, Show};
use crate::components::under_way::UnderWay;
use crate::model::knowledge::{Answer, Citation, Source};
use jiff::civil::Date;
use leptos::prelude::*;

/// The id of an answer's heading.
pub const TITLE: &str = "answer-title";
/// The id of the button that ends the work.
pub const CANCEL: &str = "cancel-answer";

/// Shows that an answer is under way that comes as a whole, and ends it.
#[component]
pub fn Writing(
    /// What the address asks for.
    address: Memo<Address>,
    /// Goes to another address of the page.
    show: Show,
) -> impl IntoView {
    // The search alone asks for no answer, so what was asked for is forgotten when it comes.
    let cancel = move || {
        let now = address.get_untracked();
        show.run((Address { answer: false, ..now }, History::Replace));
    };
    let is_asked = Memo::new(move |_| address.with(|address| address.question().is_some()));
    let progress = move || {
        view! {
            <section class="panel answer">
                <span class="visually-hidden" role="status">"Answering"</span>
                <UnderWay words="Reading the sources and answering" button=CANCEL cancel=Callback::new(move |()| cancel()) />
            </section>
        }
    };
    view! { {move || is_asked.get().then(progress)} }
}

/// An answer.
#[component]
pub fn AnswerPanel(
    /// The answer.
    answer: Answer,
    /// What the address asks for.
    address: Memo<Address>,
) -> impl IntoView {
    let note = written_by(&answer);
    let text = cited(&answer.text, &answer.citations, &answer.sources, address);
    view! {
        <section class="panel answer" aria-labelledby=TITLE>
            <Heading days=answer.days.clone() />
            <Basis answer=answer address=address>
                {text}
            </Basis>
            {note.map(|note| view! { <p class="answer-note">{note}</p> })}
        </section>
    }
}

/// The heading of an answer, with the days that it is about.
#[component]
pub fn Heading(
    /// The days.
    #[prop(into)]
    days: Signal<Vec<Date>>,
) -> impl IntoView {
    let days = move || {
        let days = days.with(|days| asked_days(days));
        (!days.is_empty()).then(|| view! { <span class="panel-period">{format!("as of {days}")}</span> })
    };
    view! {
        <h2 id=TITLE tabindex="-1">
            "Answer"
            {days}
        </h2>
    }
}

/// What an answer is made from, around its text: the sum before it and the sources behind it; or what to do
/// when it is not known.
#[component]
pub fn Basis(
    /// The answer; its text is not read.
    answer: Answer,
    /// What the address asks for.
    address: Memo<Address>,
    /// The text.
    children: Children,
) -> AnyView {
    if !answer.is_known {
        let query = address.with_untracked(|address| address.query.clone());
        return view! {
            <p class="answer-text">"This is not in the knowledge base."</p>
            <p class="answer-note">"No model was asked, so that nothing is made up. What you can do:"</p>
            <NextSteps query=query />
        }
        .into_any();
    }
    view! {
        {answer.calculation.map(|sum| view! { <Figure amount=sum.amount /> })}
        <p class="answer-text">{children()}</p>
        <h3>"Sources"</h3>
        <ol class="answer-sources">
            {(1_u32..)
                .zip(answer.sources)
                .map(|(number, source)| view! { <SourceItem number=number source=source address=address /> })
                .collect_view()}
        </ol>
    }
    .into_any()
}

/// Who wrote an answer; none where the answer says so itself, or nobody did.
pub fn written_by(answer: &Answer) -> Option<String> {
    const NO_MODEL: &str = "No language model was used";
    if !answer.is_known {
        return None;
    }
    if answer.used_language_model {
        let model = answer.model.as_deref().unwrap_or("a language model");
        Some(format!("Written by {model} from the sources above. Check them before you rely on a figure."))
    } else {
        let says_so = answer.text.contains(NO_MODEL);
        (!says_so).then(|| format!("{NO_MODEL}: the answer consists of quotes from the sources above."))
    }
}

/// A text with the numbers of its sources behind each part.
pub fn cited(text: &str, citations: &[Citation], sources: &[Source], address: Memo<Address>) -> Vec<AnyView> {
    let mut views = Vec::new();
    let mut at = 0;
    let mut citations: Vec<&Citation> = citations.iter().collect();
    citations.sort_by_key(|citation| citation.span.end);
    for (place, citation) in citations.into_iter().enumerate() {
        let end = citation.span.end.min(length(text));
        if end > at {
            views.push(cut(text, at, end).into_any());
            at = end;
        }
        for number in &citation.sources {
            let source = usize::try_from(*number).ok().and_then(|place| sources.get(place));
            if let Some(source) = source {
                views.push(reference(place, number.saturating_add(1), source, address));
            }
        }
    }
    views.push(cut(text, at, u32::MAX).into_any());
    views
}

/// The number of a source, which opens it.
fn reference(place: usize, number: u32, source: &Source, address: Memo<Address>) -> AnyView {
    let label = format!("Source {number}: {}", source.title);
    match opens(source) {
        Some(open) => {
            let href = move || address.with(|address| address.opened(open.clone()).write());
            view! {
                <a class="reference" id=format!("citation-{place}-{number}") href=href data-noscroll="" aria-label=label>
                    {number}
                </a>
            }
            .into_any()
        }
        None => view! { <span class="reference">{number}</span> }.into_any(),
    }
}

#[component]
fn SourceItem(number: u32, source: Source, address: Memo<Address>) -> impl IntoView {
    let line = source_line(&source);
    let title = source.title.clone();
    let title = match opens(&source) {
        Some(open) => {
            let href = move || address.with(|address| address.opened(open.clone()).write());
            view! {
                <a id=format!("source-{number}") href=href data-noscroll="">
                    {title}
                </a>
            }
            .into_any()
        }
        None => title.into_any(),
    };
    view! {
        <li>
            <span class="source-number" aria-hidden="true">{number}</span>
            <span class="source-title">{title}</span>
            <span class="source-line">{line}</span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::knowledge::{Detail, Place, Span};

    fn answer(used_language_model: bool) -> Answer {
        let place =
            Place { file_name: "documents/a.pdf".to_owned(), page: Some(2), headings: vec![], passage: None };
        let source = Source {
            title: "A".to_owned(),
            text: String::new(),
            marks: vec![],
            in_force: true,
            detail: Detail::Document(place),
        };
        Answer {
            text: "Für alle. Und mehr.".to_owned(),
            citations: vec![
                Citation { span: Span { start: 0, end: 9 }, sources: vec![0] },
                Citation { span: Span { start: 10, end: 19 }, sources: vec![0, 7] },
            ],
            sources: vec![source],
            calculation: None,
            days: vec![],
            is_known: true,
            model: Some("some-model".to_owned()),
            used_language_model,
        }
    }

    #[test]
    fn the_number_of_a_source_stands_behind_what_comes_from_it() {
        let html = Owner::new().with(|| {
            let address = Memo::new(|_| Address::of_search("x"));
            let Answer { text, citations, sources, .. } = answer(false);
            cited(&text, &citations, &sources, address).to_html()
        });
        let plain: String = html
            .split('<')
            .filter_map(|part| part.split_once('>').or(Some(("", part))))
            .map(|(_, text)| text)
            .collect();
        assert_eq!(plain.replace("&nbsp;", " ").trim_end(), "Für alle.1 Und mehr.1");
        assert!(html.contains("open=documents%2Fa.pdf") && html.contains("page=2"), "{html}");
    }

    #[test]
    fn it_is_said_whether_a_language_model_wrote_the_answer() {
        let note = |answer: &Answer| written_by(answer).unwrap_or_default();
        assert!(note(&answer(false)).starts_with("No language model was used"));
        assert!(note(&answer(true)).contains("some-model"));
        let text = "No language model was used. The documents say: …".to_owned();
        assert_eq!(written_by(&Answer { text, ..answer(false) }), None);
    }
}

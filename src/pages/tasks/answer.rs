//! The answer: the line that answers, the figures, what was found, what to do, and where it all comes from.

use super::address;
use super::follow::Live;
use crate::components::icon::{Glyph, Icon};
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::task::{
    Advice, AnswerPart, AnswerTable, Column, Figure, Line, Piece, Source, SourceKind, TaskAnswer, Writer,
};
use jiff::civil::Date;
use leptos::prelude::*;

/// The answer, once there is one.
#[component]
pub fn Answer(
    /// The task.
    live: Live,
) -> impl IntoView {
    let answer = live.part(|task| task.answer.clone());
    move || answer.get().map(written)
}

fn written(answer: TaskAnswer) -> AnyView {
    let TaskAnswer { headline, tables, findings, advice, unseen, sources, writer } = answer;
    view! {
        <section class="panel task-answer" aria-labelledby="answer">
            <h2 id="answer" class="task-answer-line">
                {line(headline)}
            </h2>
            {tables.into_iter().enumerate().map(|(place, one)| table(place, one)).collect_view()}
            {lines("findings", "What was found", findings)}
            {to_do(advice)}
            {lines("unseen", "What could not be seen", unseen)}
            {footnotes(sources)}
            <p class="task-quiet">{written_by(writer)}</p>
        </section>
    }
    .into_any()
}

/// A line with a footnote after the last of the figures that come from one source.
fn line(line: Line) -> impl IntoView {
    let sources: Vec<Option<u32>> = line.0.iter().map(source_of).collect();
    let is_last = |place: usize| sources[place + 1..].iter().flatten().next() != sources[place].as_ref();
    line.0.into_iter().enumerate().map(|(place, one)| piece(one, is_last(place))).collect_view()
}

fn source_of(piece: &Piece) -> Option<u32> {
    match piece {
        Piece::Words(_) => None,
        Piece::Figure(figure) | Piece::Quoted(figure) => Some(figure.source),
    }
}

fn piece(piece: Piece, is_last: bool) -> AnyView {
    let mark = source_of(&piece).filter(|_| is_last).map(mark);
    match piece {
        Piece::Words(words) => words.into_any(),
        Piece::Figure(figure) => view! { <span class="task-figure">{figure.text}{mark}</span> }.into_any(),
        Piece::Quoted(figure) => view! { <span class="task-quoted">{figure.text}{mark}</span> }.into_any(),
    }
}

/// The number of a footnote, which leads to where something comes from.
fn mark(source: u32) -> impl IntoView {
    let number = source.saturating_add(1);
    let label = format!("Source {number}");
    view! {
        <sup class="task-footnote">
            <a href=format!("#source-{number}") rel="external" aria-label=label>
                {number}
            </a>
        </sup>
    }
}

fn table(place: usize, table: AnswerTable) -> impl IntoView {
    let AnswerTable { title, columns, rows } = table;
    let id = format!("answer-table-{}", place + 1);
    let labelled_by = id.clone();
    let numeric: Vec<bool> = columns.iter().map(|column| column.numeric).collect();
    let common = common_source(&rows);
    let heads = columns
        .into_iter()
        .map(|Column { title, numeric }| if numeric { numbers(title) } else { words(title) });
    let heads: Vec<_> = heads.collect();
    let rows = rows.into_iter().map(|parts| {
        let cells = parts.into_iter().zip(numeric.iter().copied().chain(std::iter::repeat(false)));
        let cells = cells
            .enumerate()
            .map(|(column, (part, is_number))| cell(column, part, is_number, common.is_none()));
        view! { <tr>{cells.collect_view()}</tr> }
    });
    let rows = rows.collect_view();
    view! {
        <figure class="task-table" aria-labelledby=labelled_by>
            <figcaption id=id>{title.clone()} {common.map(mark)}</figcaption>
            <ScrollingTable label=title columns=heads>
                {rows}
            </ScrollingTable>
        </figure>
    }
}

/// The source of all figures of a table, where they have one in common: then the caption names it once.
fn common_source(rows: &[Vec<AnswerPart>]) -> Option<u32> {
    let mut sources = rows.iter().flatten().filter_map(|part| match part {
        AnswerPart::Found(figure) => Some(figure.source),
        AnswerPart::Label(_) | AnswerPart::Unknown(_) => None,
    });
    let first = sources.next()?;
    sources.all(|source| source == first).then_some(first)
}

/// The first cell of a row names the row.
fn cell(column: usize, part: AnswerPart, is_number: bool, is_marked: bool) -> AnyView {
    let class = is_number.then_some("number");
    let content = match part {
        AnswerPart::Label(label) => label.into_any(),
        AnswerPart::Found(Figure { text, source, .. }) => {
            view! { {text} {is_marked.then(|| mark(source))} }.into_any()
        }
        AnswerPart::Unknown(why) => view! {
            <span class="task-quiet" title=why.clone()>
                "Unknown"
                <span class="visually-hidden">{format!(": {why}")}</span>
            </span>
        }
        .into_any(),
    };
    if column == 0 {
        view! {
            <th scope="row" class=class>
                {content}
            </th>
        }
        .into_any()
    } else {
        view! { <td class=class>{content}</td> }.into_any()
    }
}

fn lines(id: &'static str, title: &'static str, lines: Vec<Line>) -> impl IntoView {
    (!lines.is_empty()).then(|| {
        let items = lines.into_iter().map(|one| view! { <li>{line(one)}</li> }).collect_view();
        view! {
            <h3 id=id>{title}</h3>
            <ul class="task-lines" aria-labelledby=id>
                {items}
            </ul>
        }
    })
}

/// What to do, each with its reason and, where Patchline can do it, the task that does.
fn to_do(advice: Vec<Advice>) -> impl IntoView {
    (!advice.is_empty()).then(|| {
        let items = advice.into_iter().map(|Advice { action, reason, task }| {
            let reason = (!reason.0.is_empty()).then(|| view! { <p class="task-quiet">{line(reason)}</p> });
            let task = task.map(|task| {
                let address = address::with_task(&task);
                view! {
                    <p>
                        <a href=address>
                            {task}
                        </a>
                        " "
                        <Icon glyph=Glyph::Forward />
                    </p>
                }
            });
            view! {
                <li>
                    <p>{line(action)}</p>
                    {reason}
                    {task}
                </li>
            }
        });
        view! {
            <h3 id="advice">"What to do"</h3>
            <ol class="task-advice" aria-labelledby="advice">
                {items.collect_view()}
            </ol>
        }
    })
}

/// The footnotes: what each source is, the page that shows it, and the step that found it.
fn footnotes(sources: Vec<Source>) -> impl IntoView {
    (!sources.is_empty()).then(|| {
        let items = sources.into_iter().enumerate().map(|(place, source)| footnote(place + 1, source));
        view! {
            <h3 id="sources">"Sources"</h3>
            <ol class="task-sources" aria-labelledby="sources">
                {items.collect_view()}
            </ol>
        }
    })
}

fn footnote(number: usize, source: Source) -> impl IntoView {
    let Source { kind, step, title, as_of, address } = source;
    // Only pages of Patchline itself.
    let address = address.filter(|address| address.starts_with('/') && !address.starts_with("//"));
    let named = match address {
        Some(address) => view! { <a href=address>{title}</a> }.into_any(),
        None => title.into_any(),
    };
    view! {
        <li id=format!("source-{number}") tabindex="-1">
            <span class="task-quiet">{format!("{}: ", word(kind))}</span>
            {named}
            {as_of.map(|day| format!(", as of {}", day_in_words(&day)))}
            " · "
            <a href=format!("#step-{step}") rel="external">
                {format!("step {step}")}
            </a>
        </li>
    }
}

fn word(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Metric => "Figures",
        SourceKind::Knowledge => "Knowledge",
        SourceKind::Asset => "File",
        SourceKind::Record => "Records",
    }
}

fn day_in_words(day: &str) -> String {
    day.parse::<Date>().map_or_else(|_| day.to_owned(), crate::components::date::short_date)
}

fn written_by(writer: Writer) -> String {
    match writer {
        Writer::Patchline => "Written by Patchline itself, without a language model.".to_owned(),
        Writer::Model { model_id } => {
            format!("Written by {model_id}. Each number was checked against what the steps found.")
        }
    }
}

//! When a release should come out: what must be in order first, three dates with their arithmetic, what would
//! change the answer, and what must be done by when.

use crate::components::badge::{Badge, Tone};
use crate::components::date::{Day, short_date};
use crate::components::freshness::FreshnessLine;
use crate::components::icon::Glyph;
use crate::components::table::{ScrollingTable, numbers, words};
use crate::components::verdict::Notes;
use crate::model::analytics::Freshness;
use crate::model::release_dates::{
    CandidateView, GateView, ImpossibleView, PartView, RecommendedDates, RuleView, TaskView,
};
use crate::pages::query_string;
use jiff::civil::Date;
use leptos::prelude::*;

/// The recommendation.
#[component]
pub fn Dates(
    /// What was found.
    dates: RecommendedDates,
) -> impl IntoView {
    let RecommendedDates {
        gates,
        candidates,
        impossible,
        calendar,
        would_change,
        rules,
        as_of,
        source,
        sample,
        notes,
    } = dates;
    let freshness = Freshness { as_of: as_of.and_then(|day| day.parse().ok()), source, sample };
    view! {
        <section class="panel" aria-labelledby="dates">
            <h2 id="dates">"When to release it"</h2>
            <h3>"What must be in order"</h3>
            <Gates gates=gates />
            <Candidates candidates=candidates />
            <Impossible ranges=impossible />
            <Sentences title="What would change the answer" sentences=would_change />
            <h3>"What must be done by when"</h3>
            <Tasks tasks=calendar label="Calendar backwards from the best date" />
            <Rules rules=rules />
            <Notes notes=notes />
            <FreshnessLine freshness=freshness />
        </section>
    }
}

#[component]
fn Gates(gates: Vec<GateView>) -> impl IntoView {
    let row = |gate: GateView| {
        let (tone, glyph, word) = match gate.passed {
            Some(true) => (Tone::Good, Glyph::Check, "In order"),
            Some(false) => (Tone::Bad, Glyph::Warning, "Missing"),
            None => (Tone::Warning, Glyph::Question, "Not known"),
        };
        let to_do = match (gate.address, gate.remedy) {
            (Some(address), remedy) => {
                let words = remedy.unwrap_or_else(|| "See the check".to_owned());
                view! { <a href=address>{words}</a> }.into_any()
            }
            (None, remedy) => remedy.unwrap_or_default().into_any(),
        };
        view! {
            <tr>
                <th scope="row">{gate.label}</th>
                <td>
                    <Badge tone=tone glyph=glyph word=word />
                </td>
                <td>{gate.measured}</td>
                <td>{gate.limit}</td>
                <td>{to_do}</td>
            </tr>
        }
    };
    view! {
        <ScrollingTable
            label="What must be in order"
            columns=vec![words("What"), words("State"), words("Found"), words("Asked for"), words("To do")]
        >
            {gates.into_iter().map(row).collect_view()}
        </ScrollingTable>
    }
}

/// The dates, the best first: three, or as many as there are.
#[component]
fn Candidates(candidates: Vec<CandidateView>) -> impl IntoView {
    if candidates.is_empty() {
        return view! { <p class="panel-empty">"None of the days that were looked at is possible."</p> }
            .into_any();
    }
    let title = match candidates.len() {
        1 => "One date",
        2 => "Two dates",
        _ => "Three dates",
    };
    view! {
        <h3>{title}</h3>
        <ol class="release-candidates">
            {candidates.into_iter().map(|date| view! { <Candidate candidate=date /> }).collect_view()}
        </ol>
    }
    .into_any()
}

#[component]
fn Candidate(candidate: CandidateView) -> impl IntoView {
    let row = |part: PartView| {
        let points =
            if part.most == 0 { "–".to_owned() } else { format!("{} of {}", part.points, part.most) };
        view! {
            <tr>
                <th scope="row">{part.label}</th>
                <td class="number">{points}</td>
                <td>{part.reason}</td>
            </tr>
        }
    };
    let name = format!("{} {}", candidate.weekday, day_name(&candidate.date));
    view! {
        <li>
            <details>
                <summary>
                    <strong>{name.clone()}</strong>
                    " "
                    <span class="muted">{format!("{} of 100 points", candidate.score)}</span>
                </summary>
                <ScrollingTable
                    label=format!("Points of {name}")
                    columns=vec![words("Part"), numbers("Points"), words("Why")]
                >
                    {candidate.parts.into_iter().map(row).collect_view()}
                </ScrollingTable>
            </details>
        </li>
    }
}

/// A day as people read it; the text itself where it is none.
fn day_name(text: &str) -> String {
    text.parse::<Date>().map_or_else(|_| text.to_owned(), short_date)
}

#[component]
fn Impossible(ranges: Vec<ImpossibleView>) -> impl IntoView {
    let sentences: Vec<String> = ranges
        .into_iter()
        .map(|range| format!("{} to {}: {}", day_name(&range.from), day_name(&range.to), range.reason))
        .collect();
    view! { <Sentences title="Days that are impossible" sentences=sentences /> }
}

#[component]
fn Sentences(title: &'static str, sentences: Vec<String>) -> impl IntoView {
    (!sentences.is_empty()).then(|| {
        view! {
            <h3>{title}</h3>
            <ul class="craft-evidence">
                {sentences.into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view()}
            </ul>
        }
    })
}

/// What must be done by when.
#[component]
pub fn Tasks(
    /// The days with their tasks.
    tasks: Vec<TaskView>,
    /// What the table is called.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let row = |task: TaskView| {
        let day = match task.date.parse::<Date>() {
            Ok(date) => view! { <Day date=date /> }.into_any(),
            Err(_) => task.date.into_any(),
        };
        view! {
            <tr>
                <th scope="row">{day}</th>
                <td>{task.task}</td>
                <td>{task.reason}</td>
            </tr>
        }
    };
    if tasks.is_empty() {
        return view! { <p class="panel-empty">"No day to count back from."</p> }.into_any();
    }
    view! {
        <ScrollingTable label=label columns=vec![words("Day"), words("What"), words("Why then")]>
            {tasks.into_iter().map(row).collect_view()}
        </ScrollingTable>
    }
    .into_any()
}

/// The entries of the knowledge base that an answer rests on, each a link to where it stands.
#[component]
pub fn Rules(
    /// The entries.
    rules: Vec<RuleView>,
) -> impl IntoView {
    (!rules.is_empty()).then(|| {
        view! {
            <details class="craft-notes">
                <summary>"The rules that this rests on"</summary>
                <ul>
                    {rules
                        .into_iter()
                        .map(|rule| {
                            let address = query_string::address("/knowledge", &[("search", &rule.title)]);
                            view! {
                                <li>
                                    <a href=address>{rule.title}</a>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </details>
        }
    })
}

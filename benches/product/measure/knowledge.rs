//! How well the knowledge base answers: questions with known right entries, asked through the door.
//!
//! Weights and threshold were set on the first three sets, nothing on the last.

#[path = "../../../tests/knowledge/figures.rs"]
mod figures;

use self::figures::{DEVELOPMENT, Figures, HELD_OUT, KNOWN, Question, SECOND_DEVELOPMENT, UNSEEN};
use crate::in_process::InProcess;
use crate::problem::{Because, Problem};
use crate::report::{Figure, Section};
use crate::samples::Samples;
use crate::units::time;
use patchline::engine::Engine;
use patchline::engine::gateway::{Channel, Origin, Principal};
use std::time::{Duration, Instant};

const HOW: &str = "`music_knowledge_search` through the door, in one process over the embedded AWS, once for \
    each question of the files in `tests/knowledge`: the weights of the ranking and the threshold of what is not \
    known were set on `questions.toml`, `development.toml` and `second_development.toml`; `held_out.toml` was seen \
    meanwhile, `unseen.toml` was not.";

const SETS: [(&str, &str); 5] = [
    ("known questions", KNOWN),
    ("development questions", DEVELOPMENT),
    ("second development questions", SECOND_DEVELOPMENT),
    ("held-out questions", HELD_OUT),
    ("unseen questions", UNSEEN),
];

pub(crate) async fn measure() -> Result<Section, Problem> {
    let folder = tempfile::tempdir().because("make a temporary folder")?;
    let InProcess { config, clients, embedded } = InProcess::open(folder.path()).await?;
    let engine = Engine::start(config, Some(&embedded)).await.because("start the engine")?;
    engine.knowledge_settled().await;
    let measured = ask_all(&engine).await;
    engine.close().await;
    drop((engine, clients));
    embedded.close().await;
    measured
}

async fn ask_all(engine: &Engine) -> Result<Section, Problem> {
    let mut section = Section::new("Answers of the knowledge base", HOW);
    let mut times: Vec<Duration> = Vec::new();
    for (set, toml) in SETS {
        let mut figures = Figures::default();
        for question in Question::read(toml).because("read the questions")? {
            let begun = Instant::now();
            let (principal, origin) = (Principal::local_operator(), Origin::new(Channel::Rest, None));
            let arguments = question.arguments();
            let answer =
                engine.gateway.call_tool(&principal, &origin, "music_knowledge_search", arguments).await;
            figures.count(&question, &answer.because("search the knowledge base")?.output);
            times.push(begun.elapsed());
        }
        for (what, figure) in figures.lines() {
            section = section.with(Figure::new(format!("{set}: {what}"), figure));
        }
        for (what, question) in figures.mistakes() {
            section = section.with(Figure::new(format!("  {what}: {question}"), ""));
        }
    }
    let times = Samples::new(times).because("ask enough questions")?;
    for percent in [50, 99] {
        section = section.with(Figure::new(format!("a search: p{percent}"), time(times.percentile(percent))));
    }
    Ok(section)
}

//! Plans over files, contracts and the knowledge base.

use super::{Call, Draft, Tools};
use crate::engine::supervisor::understand::Understood;
use crate::model::identifier::ArtistId;
use crate::model::task::{Problem, StepId};

/// The longest question that the knowledge base takes, in characters.
const LONGEST_QUESTION: usize = 2000;

/// What is looked up beside a check.
const RULES_OF_MASTERS: &str =
    "What do stores require of masters: loudness, true peak, sample rate and format?";

/// What picture files end with.
const PICTURES: [&str; 5] = [".png", ".jpg", ".jpeg", ".tif", ".tiff"];

fn question(understood: &Understood) -> String {
    understood.topic.chars().take(LONGEST_QUESTION).collect()
}

/// Contracts of an artist lie in a folder of the artist's id.
fn contracts(understood: &Understood) -> Option<String> {
    understood.artists.first().map(|artist: &ArtistId| format!("{artist}/"))
}

/// What was uploaded for an artist lies in a folder of the artist's id among those of all.
fn uploads(understood: &Understood) -> Option<String> {
    understood.artists.first().map(|artist: &ArtistId| format!("artists/{artist}/"))
}

/// Processing and checking a file.
pub(super) fn upload(
    understood: &Understood,
    tools: &Tools<'_>,
    draft: &mut Draft<'_>,
) -> Result<(), Problem> {
    let Some(file) = understood.file.as_deref() else { return newest_upload(understood, tools, draft) };
    let lower = file.to_lowercase();
    if PICTURES.iter().any(|ending| lower.ends_with(ending)) {
        return draft.need(Call::of("get_artwork", "Look at the picture").with("fileName", file)).map(drop);
    }
    let describe = Call::of("get_audio_file", "Look at the file").with("fileName", file);
    if tools.has("process_audio") {
        draft.need(Call::of("process_audio", "Measure and check the file").with("fileName", file))?;
        draft.add(describe);
    } else {
        draft.need(describe)?;
    }
    draft.add(super::rules(RULES_OF_MASTERS));
    Ok(())
}

/// Processing and checking what was stored last.
fn newest_upload(understood: &Understood, tools: &Tools<'_>, draft: &mut Draft<'_>) -> Result<(), Problem> {
    let list = Call::of("list_audio_files", "Find the newest upload");
    let list = list.with_some("prefix", uploads(understood)).with("order", "newest").with("maxKeys", 1);
    let found = draft.need(list)?;
    let (tool, title) = if tools.has("process_audio") {
        ("process_audio", "Measure and check the newest upload")
    } else {
        ("get_audio_file", "Look at the newest upload")
    };
    draft.need(Call::of(tool, title).with_found("fileName", &found, "/files/0/fileName"))?;
    draft.add(super::rules(RULES_OF_MASTERS));
    Ok(())
}

/// A question about the industry.
pub(super) fn knowledge(understood: &Understood, draft: &mut Draft<'_>) -> Result<(), Problem> {
    let call =
        Call::of("music_knowledge_search", "Search the knowledge base").with("query", question(understood));
    draft.need(call.with_some("jurisdiction", understood.territory.clone()).with("maxResults", 8))?;
    draft.add(
        Call::of("generate_music_insights", "Write an answer from it").with("prompt", question(understood)),
    );
    Ok(())
}

/// What a contract says: the one that is named, or the first of the artist's.
pub(super) fn contract(understood: &Understood, draft: &mut Draft<'_>) -> Result<(), Problem> {
    if let Some(file) = &understood.file {
        draft.need(Call::of("get_contract", "Read the contract").with("fileName", file.as_str()))?;
    } else {
        let call =
            Call::of("list_contracts", "Find the contracts").with_some("prefix", contracts(understood));
        let found: StepId = draft.need(call.with("maxKeys", 100))?;
        if !understood.artists.is_empty() {
            let call = Call::of("get_contract", "Read the first of the artist’s contracts");
            draft.need(call.with_found("fileName", &found, "/files/0/fileName"))?;
        }
    }
    draft.add(super::rules(
        "What is usual in recording and distribution contracts: term, options, recoupment, audit?",
    ));
    Ok(())
}

//! The label's week on a page: what each step found, the artists first.

use super::draft::{Draft, numbers, said, task, texts};
use super::format::Form;
use super::node::Node;
use super::{compose, trends};
use crate::model::task::Line;

/// Adds what a step found. Only what is about artists and releases may be the line that answers.
pub(super) fn section(result: &Node<'_>, draft: &mut Draft) {
    if result.tool() == "generate_weekly_report" {
        return on_a_page(result, draft);
    }
    let headline = draft.headline.take();
    if result.tool() == "identify_genre_trends" {
        let is_known = result.value.get("breakouts").is_some_and(serde_json::Value::is_array);
        let nobody = is_known.then(|| {
            let can_tell = trends::can_tell(result);
            said(if can_tell { "Nobody grows faster than peers this week." } else { trends::CANNOT_TELL })
        });
        draft.headline = trends::leaders(result).map(Line).or(nobody);
        trends::breakout_table(result, draft);
        trends::genre_table(result, draft);
        if let Some(first) = result.list("breakouts").first() {
            draft.advise(
                said("Look at the fastest first: is it real, and what is next?"),
                said("Growth is worth most while it lasts."),
                task(first, "artistId", "How is ", " doing?"),
            );
        }
    } else {
        compose(None, result, draft);
    }
    let may_lead = matches!(
        result.tool(),
        "identify_genre_trends"
            | "analyze_artist_performance"
            | "compare_artists"
            | "generate_release_insights"
    );
    let own = draft.headline.take();
    match (headline, own) {
        (Some(headline), own) => {
            draft.headline = Some(headline);
            draft.findings.extend(own);
        }
        (None, Some(own)) if may_lead => draft.headline = Some(own),
        (None, own) => draft.findings.extend(own),
    }
}

/// The report that a tool wrote: its first sentence answers, its tables follow.
fn on_a_page(result: &Node<'_>, draft: &mut Draft) {
    let sentences = result.list("sentences");
    let mut lines = sentences.iter().filter_map(|sentence| sentence.get("text")?.note());
    draft.headline(lines.next());
    draft.findings.extend(lines);
    let columns = vec![texts("Artist"), numbers("Streams"), numbers("Week before"), numbers("Change")];
    draft.table("Artists", columns, &result.list("artists"), |row| {
        vec![
            row.cell("name", Form::Text),
            row.cell("streams", Form::Whole),
            row.cell("before", Form::Whole),
            row.cell("change", Form::Change),
        ]
    });
    for (title, name) in [("Came out", "released"), ("Comes out in the next four weeks", "coming")] {
        let columns = vec![texts("Day"), texts("Release"), texts("Artist")];
        draft.table(title, columns, &result.list(name), |row| {
            vec![
                row.cell("releaseDate", Form::Day),
                row.cell("title", Form::Text),
                row.cell("artistName", Form::Text),
            ]
        });
    }
    if let Some(first) = result.list("breakouts").first() {
        draft.advise(
            said("Look at the fastest first: is it real, and what is next?"),
            said("Growth is worth most while it lasts."),
            task(first, "artistId", "How is ", " doing?"),
        );
    }
}

//! The rows of the list of artists, as one text: nothing in them listens, and links are the router's.

use crate::components::format::{compact, grouped};
use crate::components::kpi::write_change;
use crate::components::markup::Markup;
use crate::components::sparkline::write_sparkline;
use crate::components::territory::territory_name;
use crate::model::artist::ArtistRow;
use std::sync::Arc;

/// About the length of a row, so that the text seldom has to grow.
const ROW_LENGTH: usize = 1200;

/// The inside of the table's `tbody`.
pub(super) fn as_html(rows: &[Arc<ArtistRow>]) -> String {
    let mut markup = Markup::with_capacity(rows.len() * ROW_LENGTH);
    for row in rows {
        write_row(&mut markup, row);
    }
    markup.into_string()
}

fn write_row(markup: &mut Markup, row: &ArtistRow) {
    markup.html(r#"<tr><th scope="row"><a class="row-link" href="/artists/"#);
    markup.text(row.artist_id.as_str()).html(r#"">"#).text(&row.name).html("</a>");
    if let Some(note) = &row.disambiguation {
        markup.html(r#"<span class="row-note">"#).text(note).html("</span>");
    }
    markup.html("</th><td>").text(&row.genre);
    markup.html("</td><td>").text(territory_name(&row.country));
    markup.html("</td><td>");
    write_sparkline(markup, &row.sparkline);
    markup.html(r#"</td><td class="number" title=""#).text(&grouped(row.streams28));
    markup.html(r#"">"#).text(&compact(row.streams28));
    markup.html(r#"</td><td class="number">"#);
    write_change(markup, row.change28);
    markup.html(r#"</td><td class="number">"#).text(&grouped(row.release_count.into()));
    markup.html("</td></tr>");
}

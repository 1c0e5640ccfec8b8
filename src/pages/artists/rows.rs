//! The rows of the list of artists, as one text: nothing in them listens, and links are the router's.

use crate::components::format::{compact, counted, grouped};
use crate::components::kpi::write_change;
use crate::components::markup::Markup;
use crate::components::sparkline::write_sparkline;
use crate::components::verdict::write_band;
use crate::model::artist::{ArtistRow, Standing};
use crate::model::territory::territory_name;
use crate::model::written_time::day_and_month;
use std::sync::Arc;

/// About the length of a row, so that the text seldom has to grow.
const ROW_LENGTH: usize = 1200;

/// The inside of the table's `tbody`. The server writes the same rows once for all who ask.
#[cfg(feature = "ssr")]
pub(super) fn as_html(rows: &[Arc<ArtistRow>]) -> Arc<str> {
    super::rendered::html_of(rows, || written(rows))
}

/// The inside of the table's `tbody`.
#[cfg(not(feature = "ssr"))]
pub(super) fn as_html(rows: &[Arc<ArtistRow>]) -> Arc<str> {
    written(rows).into()
}

fn written(rows: &[Arc<ArtistRow>]) -> String {
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
    match row.known_streams28() {
        Some(streams) => {
            markup.html(r#"</td><td class="number" title=""#).text(&grouped(streams));
            markup.html(r#"">"#).text(&compact(streams));
        }
        None => {
            markup.html(r#"</td><td class="number">–"#);
        }
    }
    markup.html(r#"</td><td class="number">"#);
    write_change(markup, row.change28);
    markup.html("</td>");
    write_standing(markup, row.standing.as_ref());
    markup.html(r#"<td class="number">"#).text(&grouped(row.release_count.into()));
    markup.html("</td></tr>");
}

/// Momentum with the number of peers, size, and the newest day.
fn write_standing(markup: &mut Markup, standing: Option<&Standing>) {
    let Some(standing) = standing else {
        markup.html("<td>–</td><td>–</td><td>–</td>");
        return;
    };
    markup.html(r#"<td title=""#).text(&counted(standing.peers.into(), "peer")).html(r#"">"#);
    write_band(markup, standing.band);
    markup
        .html("</td><td>")
        .text(standing.stage.as_deref().unwrap_or("–"))
        .html(r#"</td><td class="row-date">"#);
    match standing.as_of {
        Some(day) => {
            markup.html(r#"<time datetime=""#).text(&day.to_string()).html(r#"">"#);
            // The year of the newest figures stands above the list.
            markup.text(&day_and_month(day)).html("</time>");
        }
        None => {
            markup.html("no figures");
        }
    }
    markup.html("</td>");
}

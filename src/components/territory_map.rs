//! Territories as a map of tiles: each has a place roughly where it lies in the world, and all are of one size, so that
//! small ones can be seen. The drawing is our own.

use super::format::percent;
use crate::model::analytics::Share;
use crate::model::territory::territory_name;
use leptos::prelude::*;

/// The side of a tile, with the gap to the next, in units of the drawing.
const STEP: u32 = 24;
const SIDE: u32 = 22;

/// How many columns and rows there are.
const COLUMNS: u32 = 22;
const ROWS: u32 = 13;

/// The code of a territory with its column and row.
#[rustfmt::skip]
const TILES: &[(&str, u32, u32)] = &[
    ("IS", 7, 0), ("NO", 10, 0), ("SE", 11, 0), ("FI", 12, 0),
    ("CA", 1, 1), ("DK", 10, 1), ("EE", 12, 1), ("LV", 13, 1), ("RU", 15, 1),
    ("US", 1, 2), ("IE", 7, 2), ("GB", 8, 2), ("NL", 9, 2), ("DE", 10, 2), ("PL", 11, 2), ("LT", 12, 2),
    ("BY", 13, 2),
    ("MX", 1, 3), ("CU", 3, 3), ("BE", 8, 3), ("LU", 9, 3), ("CZ", 10, 3), ("SK", 11, 3), ("UA", 12, 3),
    ("MD", 13, 3), ("KZ", 16, 3), ("MN", 18, 3), ("KR", 20, 3), ("JP", 21, 3),
    ("GT", 1, 4), ("HN", 2, 4), ("JM", 3, 4), ("DO", 4, 4), ("PR", 5, 4), ("FR", 8, 4), ("CH", 9, 4),
    ("AT", 10, 4), ("HU", 11, 4), ("RO", 12, 4), ("GE", 14, 4), ("AM", 15, 4), ("CN", 18, 4),
    ("SV", 1, 5), ("NI", 2, 5), ("CR", 3, 5), ("TT", 5, 5), ("PT", 7, 5), ("ES", 8, 5), ("IT", 9, 5),
    ("SI", 10, 5), ("HR", 11, 5), ("RS", 12, 5), ("BG", 13, 5), ("AZ", 15, 5), ("PK", 16, 5), ("NP", 17, 5),
    ("HK", 19, 5), ("TW", 20, 5),
    ("PA", 3, 6), ("CO", 4, 6), ("VE", 5, 6), ("MT", 9, 6), ("AL", 11, 6), ("GR", 12, 6), ("TR", 13, 6),
    ("LB", 14, 6), ("IQ", 15, 6), ("IN", 17, 6), ("BD", 18, 6), ("VN", 20, 6), ("PH", 21, 6),
    ("EC", 4, 7), ("PE", 5, 7), ("BR", 6, 7), ("MA", 8, 7), ("DZ", 9, 7), ("TN", 10, 7), ("EG", 12, 7),
    ("CY", 13, 7), ("IL", 14, 7), ("JO", 15, 7), ("SA", 16, 7), ("LK", 17, 7), ("TH", 19, 7), ("KH", 20, 7),
    ("BO", 5, 8), ("PY", 6, 8), ("SN", 8, 8), ("CI", 9, 8), ("GH", 10, 8), ("NG", 11, 8), ("ET", 13, 8),
    ("AE", 16, 8), ("QA", 15, 8), ("MY", 19, 8), ("SG", 20, 8),
    ("CL", 4, 9), ("AR", 5, 9), ("UY", 6, 9), ("CM", 11, 9), ("UG", 12, 9), ("KE", 13, 9), ("ID", 20, 9),
    ("AO", 11, 10), ("TZ", 13, 10), ("AU", 20, 11),
    ("ZA", 12, 11), ("NZ", 21, 12),
];

/// How dark a tile is: nothing, then by the part of the largest share.
fn level(share: f64, largest: f64) -> u8 {
    const STEPS: [f64; 3] = [0.1, 0.3, 0.6];
    if share <= 0.0 {
        return 0;
    }
    let part = share / largest;
    STEPS.iter().fold(1, |level, step| level + u8::from(part >= *step))
}

fn place(code: &str) -> Option<(u32, u32)> {
    TILES.iter().find(|(known, ..)| *known == code).map(|(_, column, row)| (*column, *row))
}

/// Where shares come from, biggest first. Those that can be seen in a table, too, need no more words than these.
#[component]
pub fn TerritoryMap(
    /// The territories' codes with their shares.
    shares: Vec<Share>,
) -> impl IntoView {
    let largest = shares.iter().map(|part| part.share).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let first: Vec<String> = shares
        .iter()
        .take(3)
        .map(|part| format!("{} {}", territory_name(&part.label), percent(part.share)))
        .collect();
    let words =
        format!("Map of the shares of territories. The largest: {}. The table has all.", first.join(", "));
    let elsewhere: Vec<String> = shares
        .iter()
        .filter(|part| part.share > 0.0 && place(&part.label).is_none())
        .map(|part| format!("{} {}", territory_name(&part.label), percent(part.share)))
        .collect();
    let tile = |(code, column, row): &(&'static str, u32, u32)| {
        let share = shares.iter().find(|part| part.label == *code).map_or(0.0, |part| part.share);
        let (x, y) = (column * STEP + 1, row * STEP + 1);
        view! {
            <g class=format!("territory-tile is-level-{}", level(share, largest))>
                <rect x=x.to_string() y=y.to_string() width=SIDE.to_string() height=SIDE.to_string() rx="3"></rect>
                <text x=(x + SIDE / 2).to_string() y=(y + SIDE / 2 + 4).to_string()>
                    {*code}
                </text>
            </g>
        }
    };
    let tiles = TILES.iter().map(tile).collect_view();
    view! {
        <figure class="territory-map">
            <svg viewBox=format!("0 0 {} {}", COLUMNS * STEP, ROWS * STEP) role="img" aria-label=words>
                {tiles}
            </svg>
            <figcaption class="muted">
                "A tile for each territory; the stronger its colour, the larger its share."
                {(!elsewhere.is_empty()).then(|| format!(" Without a tile: {}.", elsewhere.join(", ")))}
            </figcaption>
        </figure>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_territory_has_a_place_of_its_own_inside_the_drawing_and_a_name() {
        let places: BTreeSet<_> = TILES.iter().map(|(_, column, row)| (column, row)).collect();
        let codes: BTreeSet<_> = TILES.iter().map(|(code, ..)| code).collect();
        assert_eq!((places.len(), codes.len()), (TILES.len(), TILES.len()));
        for (code, column, row) in TILES {
            assert!(*column < COLUMNS && *row < ROWS, "{code}");
            assert_ne!(territory_name(code), *code, "it is a territory that has a name");
        }
    }

    #[test]
    fn only_what_has_streams_is_coloured() {
        assert_eq!([0.0, 0.01, 0.1, 0.2, 0.5].map(|share| level(share, 0.5)), [0, 1, 2, 3, 4]);
    }
}

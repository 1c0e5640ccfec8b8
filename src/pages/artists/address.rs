//! What the list of artists shows, as its address says it, and back.

use crate::components::table::Direction;
use crate::model::analysis::Band;
use crate::model::artist::ArtistSort;
use crate::model::list::ArtistQuery;
use crate::pages::query_string;
use leptos_router::params::ParamsMap;

/// The path of the list.
pub(super) const PATH: &str = "/artists";

fn sort_id(sort: ArtistSort) -> &'static str {
    match sort {
        ArtistSort::Name => "name",
        ArtistSort::Streams => "streams",
        ArtistSort::Change => "change",
        ArtistSort::Genre => "genre",
        ArtistSort::Momentum => "momentum",
    }
}

/// Reads the address. What is unknown counts as not said.
pub(super) fn read(params: &ParamsMap) -> ArtistQuery {
    let sort = match params.get_str("sort") {
        Some("streams") => ArtistSort::Streams,
        Some("change") => ArtistSort::Change,
        Some("genre") => ArtistSort::Genre,
        Some("momentum") => ArtistSort::Momentum,
        _ => ArtistSort::Name,
    };
    ArtistQuery {
        search: params.get("search").unwrap_or_default(),
        genre: params.get("genre").filter(|genre| !genre.is_empty()),
        band: params.get_str("momentum").and_then(Band::from_id),
        stage: params.get("stage").filter(|stage| !stage.is_empty()),
        sort,
        descending: params.get_str("order") == Some("descending"),
        page: query_string::page(params),
        with_views: false,
    }
}

/// Writes the address. What is as it is anyway is left out.
pub(super) fn write(query: &ArtistQuery) -> String {
    let page = query.page.to_string();
    query_string::address(
        PATH,
        &[
            ("search", query.search.as_str()),
            ("genre", query.genre.as_deref().unwrap_or_default()),
            ("momentum", query.band.map_or("", Band::id)),
            ("stage", query.stage.as_deref().unwrap_or_default()),
            ("sort", if query.sort == ArtistSort::default() { "" } else { sort_id(query.sort) }),
            ("order", if query.descending { "descending" } else { "" }),
            ("page", if query.page > 1 { &page } else { "" }),
        ],
    )
}

/// The query string of the list as a person keeps it: without the page.
pub(super) fn kept(query: &ArtistQuery) -> String {
    let address = write(&ArtistQuery { page: 1, ..query.clone() });
    address.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default()
}

/// The fields that a form must carry along so that it keeps the order.
pub(super) fn order_fields(query: &ArtistQuery) -> [(&'static str, &'static str); 2] {
    [("sort", sort_id(query.sort)), ("order", if query.descending { "descending" } else { "" })]
}

/// How a column orders the rows now.
pub(super) fn direction(query: &ArtistQuery, sort: ArtistSort) -> Option<Direction> {
    Direction::of(query.sort == sort, query.descending)
}

/// The list as a click on a column's head asks for it: first its natural order (figures biggest first,
/// words from A), then the other way round, from the first page.
pub(super) fn sorted_by(query: &ArtistQuery, sort: ArtistSort) -> ArtistQuery {
    let naturally_descending =
        matches!(sort, ArtistSort::Streams | ArtistSort::Change | ArtistSort::Momentum);
    let descending = if query.sort == sort { !query.descending } else { naturally_descending };
    ArtistQuery { sort, descending, page: 1, ..query.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_same_query_after_writing_and_reading() {
        let query = ArtistQuery {
            search: "Åse & the 50% club".to_owned(),
            genre: Some("drum and bass".to_owned()),
            band: Some(Band::High),
            stage: Some("emerging".to_owned()),
            sort: ArtistSort::Streams,
            descending: true,
            page: 3,
            with_views: false,
        };
        assert_eq!(
            write(&query),
            "/artists?search=%C3%85se%20%26%20the%2050%25%20club&genre=drum%20and%20bass&momentum=high&stage=emerging&sort=streams&order=descending&page=3"
        );
        let mut params = ParamsMap::new();
        params.insert("search", query.search.clone());
        params.insert("genre", "drum and bass".to_owned());
        params.insert("momentum", "high".to_owned());
        params.insert("stage", "emerging".to_owned());
        params.insert("sort", "streams".to_owned());
        params.insert("order", "descending".to_owned());
        params.insert("page", "3".to_owned());
        assert_eq!(read(&params), query);
    }

    #[test]
    fn leaves_out_what_is_as_it_is_anyway() {
        assert_eq!(write(&read(&ParamsMap::new())), "/artists");
    }

    #[test]
    fn shows_the_biggest_first_at_the_first_click_and_the_smallest_at_the_second() {
        let first = sorted_by(&ArtistQuery::default(), ArtistSort::Streams);
        assert!(first.descending);
        assert!(!sorted_by(&first, ArtistSort::Streams).descending);
    }

    #[test]
    fn starts_again_at_the_first_page_in_a_new_order() {
        let third = ArtistQuery { page: 3, ..ArtistQuery::default() };
        assert_eq!(sorted_by(&third, ArtistSort::Genre).page, 1);
    }
}

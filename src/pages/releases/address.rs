//! What the list of releases shows, as its address says it, and back.

use crate::components::table::Direction;
use crate::model::list::ReleaseQuery;
use crate::model::release::{ReleaseSort, ReleaseStatus};
use crate::pages::query_string;
use leptos_router::params::ParamsMap;

/// The path of the list.
pub(super) const PATH: &str = "/releases";

fn sort_id(sort: ReleaseSort) -> &'static str {
    match sort {
        ReleaseSort::Date => "date",
        ReleaseSort::Title => "title",
        ReleaseSort::Artist => "artist",
        ReleaseSort::Status => "status",
    }
}

fn order_id(query: &ReleaseQuery) -> &'static str {
    if query.descending { "descending" } else { "ascending" }
}

/// Without an order in the address, the newest release comes first.
fn is_usual_order(query: &ReleaseQuery) -> bool {
    query.sort == ReleaseSort::Date && query.descending
}

/// The status with this id.
pub(super) fn status(id: &str) -> Option<ReleaseStatus> {
    ReleaseStatus::ALL.into_iter().find(|status| status.id() == id)
}

/// Reads the address. What is unknown counts as not said.
pub(super) fn read(params: &ParamsMap) -> ReleaseQuery {
    let sort = match params.get_str("sort") {
        Some("title") => ReleaseSort::Title,
        Some("artist") => ReleaseSort::Artist,
        Some("status") => ReleaseSort::Status,
        _ => ReleaseSort::Date,
    };
    let descending = match params.get_str("order") {
        Some("descending") => true,
        Some("ascending") => false,
        _ => sort == ReleaseSort::Date,
    };
    ReleaseQuery {
        search: params.get("search").unwrap_or_default(),
        status: params.get_str("status").and_then(status),
        sort,
        descending,
        page: query_string::page(params),
    }
}

/// Writes the address. What is as it is anyway is left out.
pub(super) fn write(query: &ReleaseQuery) -> String {
    let page = query.page.to_string();
    let [sort, order] = if is_usual_order(query) { ["", ""] } else { [sort_id(query.sort), order_id(query)] };
    query_string::address(
        PATH,
        &[
            ("search", query.search.as_str()),
            ("status", query.status.map(ReleaseStatus::id).unwrap_or_default()),
            ("sort", sort),
            ("order", order),
            ("page", if query.page > 1 { &page } else { "" }),
        ],
    )
}

/// The fields that a form must carry along so that it keeps the order.
pub(super) fn order_fields(query: &ReleaseQuery) -> [(&'static str, &'static str); 2] {
    [("sort", sort_id(query.sort)), ("order", order_id(query))]
}

/// How a column orders the rows now.
pub(super) fn direction(query: &ReleaseQuery, sort: ReleaseSort) -> Option<Direction> {
    Direction::of(query.sort == sort, query.descending)
}

/// The list as a click on a column's head asks for it: first its natural order (newest first, words
/// from A), then the other way round, from the first page.
pub(super) fn sorted_by(query: &ReleaseQuery, sort: ReleaseSort) -> ReleaseQuery {
    let descending = if query.sort == sort { !query.descending } else { sort == ReleaseSort::Date };
    ReleaseQuery { sort, descending, page: 1, ..query.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&'static str, &str)]) -> ParamsMap {
        let mut params = ParamsMap::new();
        for (name, value) in pairs {
            params.insert(*name, (*value).to_owned());
        }
        params
    }

    #[test]
    fn shows_the_newest_first_unless_asked_otherwise() {
        let query = read(&params(&[]));
        assert!(query.descending);
        assert_eq!(write(&query), "/releases");
        assert!(!read(&params(&[("sort", "title")])).descending);
    }

    #[test]
    fn is_the_same_query_after_writing_and_reading() {
        let query = ReleaseQuery {
            search: "888".to_owned(),
            status: Some(ReleaseStatus::Scheduled),
            sort: ReleaseSort::Date,
            descending: false,
            page: 2,
        };
        assert_eq!(write(&query), "/releases?search=888&status=scheduled&sort=date&order=ascending&page=2");
        let pairs = [
            ("search", "888"),
            ("status", "scheduled"),
            ("sort", "date"),
            ("order", "ascending"),
            ("page", "2"),
        ];
        assert_eq!(read(&params(&pairs)), query);
    }

    #[test]
    fn reads_an_unknown_status_as_none() {
        assert_eq!(read(&params(&[("status", "lost")])).status, None);
    }

    #[test]
    fn turns_the_order_round_at_the_second_click() {
        let first = sorted_by(&read(&params(&[])), ReleaseSort::Title);
        assert!(!first.descending);
        assert!(sorted_by(&first, ReleaseSort::Title).descending);
    }
}

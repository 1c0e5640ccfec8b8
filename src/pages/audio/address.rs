//! The addresses of the list of recordings and of the page of one, and the names of the form's fields.

use crate::components::table::Direction;
use crate::model::recording::{RecordingQuery, RecordingSort, RecordingState};
use crate::pages::query_string;
use leptos_router::params::ParamsMap;

/// The path of the list.
pub const PATH: &str = "/audio";

/// The field with the files of the form without JavaScript.
pub const FILES: &str = "files";
/// The field with the folder into which they go. It stands before the files.
pub const FOLDER: &str = "folder";
/// The field that says that files of the same name are replaced. It stands before the files.
pub const OVERWRITE: &str = "overwrite";

/// The field that says that those are replaced, too, that releases name as masters. It stands before the files.
pub const REPLACE_NAMED: &str = "replaceNamed";

/// The page of a recording.
pub fn of_recording(id: &str) -> String {
    format!("{PATH}/{}", query_string::encode(id))
}

/// The page of a recording for a store, and beside another recording.
pub(super) fn of_report(id: &str, profile: &str, compare: Option<&str>) -> String {
    let profile = if profile == USUAL_PROFILE { "" } else { profile };
    query_string::address(
        &of_recording(id),
        &[("profile", profile), ("compare", compare.unwrap_or_default())],
    )
}

/// The profile whose findings are shown unless another is asked for.
pub(super) const USUAL_PROFILE: &str = "distributor";

/// The report as a file.
pub(super) fn of_export(id: &str) -> String {
    format!("/export/audio/{}.json", query_string::encode(id))
}

/// The name in the bucket of a file that goes to a folder. A path that the sender names stays below it.
pub fn within(folder: &str, name: &str) -> String {
    let name = name.replace('\\', "/");
    let parts = name.split('/').filter(|part| !part.is_empty() && !matches!(*part, "." | ".."));
    let path = parts.collect::<Vec<_>>().join("/");
    let folder = folder.trim_matches('/');
    if folder.is_empty() { path } else { format!("{folder}/{path}") }
}

fn sort_id(sort: RecordingSort) -> &'static str {
    match sort {
        RecordingSort::Uploaded => "uploaded",
        RecordingSort::Name => "name",
        RecordingSort::Length => "length",
        RecordingSort::Loudness => "loudness",
        RecordingSort::State => "state",
    }
}

fn order_id(query: &RecordingQuery) -> &'static str {
    if query.descending { "descending" } else { "ascending" }
}

/// Reads the address. What is unknown counts as not said.
pub(super) fn read(params: &ParamsMap) -> RecordingQuery {
    let sort = match params.get_str("sort") {
        Some("name") => RecordingSort::Name,
        Some("length") => RecordingSort::Length,
        Some("loudness") => RecordingSort::Loudness,
        Some("state") => RecordingSort::State,
        _ => RecordingSort::Uploaded,
    };
    let descending = match params.get_str("order") {
        Some("descending") => true,
        Some("ascending") => false,
        _ => sort == RecordingSort::Uploaded,
    };
    RecordingQuery {
        search: params.get("search").unwrap_or_default(),
        state: params.get_str("state").and_then(RecordingState::from_id),
        format: params.get("format").unwrap_or_default(),
        sort,
        descending,
        page: query_string::page(params),
    }
}

/// Writes the address. What is as it is anyway is left out.
pub(super) fn write(query: &RecordingQuery) -> String {
    let page = query.page.to_string();
    let is_usual = query.sort == RecordingSort::Uploaded && query.descending;
    let [sort, order] = if is_usual { ["", ""] } else { [sort_id(query.sort), order_id(query)] };
    query_string::address(
        PATH,
        &[
            ("search", query.search.as_str()),
            ("state", query.state.map(RecordingState::id).unwrap_or_default()),
            ("format", query.format.as_str()),
            ("sort", sort),
            ("order", order),
            ("page", if query.page > 1 { &page } else { "" }),
        ],
    )
}

/// The fields that a form must carry along so that it keeps the order.
pub(super) fn order_fields(query: &RecordingQuery) -> [(&'static str, &'static str); 2] {
    [("sort", sort_id(query.sort)), ("order", order_id(query))]
}

/// How a column orders the rows now.
pub(super) fn direction(query: &RecordingQuery, sort: RecordingSort) -> Option<Direction> {
    Direction::of(query.sort == sort, query.descending)
}

/// The list as a click on a column's head asks for it: first its natural order, then the other way round.
pub(super) fn sorted_by(query: &RecordingQuery, sort: RecordingSort) -> RecordingQuery {
    let largest_first =
        matches!(sort, RecordingSort::Uploaded | RecordingSort::Length | RecordingSort::Loudness);
    let descending = if query.sort == sort { !query.descending } else { largest_first };
    RecordingQuery { sort, descending, page: 1, ..query.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stays_below_its_folder_whatever_it_is_called() {
        assert_eq!(within("masters/2026", "song.wav"), "masters/2026/song.wav");
        assert_eq!(within("/masters/", "album/01 song.wav"), "masters/album/01 song.wav");
        assert_eq!(within("masters", "../../secret.wav"), "masters/secret.wav");
        assert_eq!(within("masters", "C:\\takes\\song.wav"), "masters/C:/takes/song.wav");
        assert_eq!(within("", "song.wav"), "song.wav");
    }

    #[test]
    fn is_the_same_query_after_writing_and_reading() {
        let query = RecordingQuery {
            search: "drive".to_owned(),
            state: Some(RecordingState::Warned),
            format: "WAV".to_owned(),
            sort: RecordingSort::Loudness,
            descending: false,
            page: 2,
        };
        let address = write(&query);
        assert_eq!(
            address,
            "/audio?search=drive&state=warned&format=WAV&sort=loudness&order=ascending&page=2"
        );
        let mut params = ParamsMap::new();
        for (name, value) in query_string::fields(address.trim_start_matches("/audio")) {
            params.insert(name.to_owned(), value);
        }
        assert_eq!(read(&params), query);
        assert_eq!(write(&read(&ParamsMap::new())), "/audio");
    }

    #[test]
    fn the_usual_store_is_not_said() {
        assert_eq!(of_report("YQ", "distributor", None), "/audio/YQ");
        assert_eq!(of_report("YQ", "spotify", Some("Yg")), "/audio/YQ?profile=spotify&compare=Yg");
    }
}

//! What those see who may use something for artists of their own: theirs, in full, and nothing of others.

use super::people::{People, figures, put_file, small_label};
use super::{from_here, somebody_with};
use crate::support::{Patchline, base64, eventually, release, wav};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::engine::gateway::{CallErrorKind, KeyUse, Principal, Role};
use patchline::engine::tools::dynamodb::NameReleaseFile;
use patchline::engine::tools::views::{
    BrowseArtists, BrowseReleases, FindNames, FindNamesInput, LabelOverview, ListFiles, ListFilesInput,
    NameKind, PlanReleaseFile, ViewArtist, ViewRelease, recording_id,
};
use patchline::model::key::KeyScope;
use patchline::model::list::{ArtistQuery, ReleaseQuery};
use patchline::model::release_file::{NamedReleaseFile, NewReleaseFile};
use serde_json::{Value, json};
use std::sync::Arc;

async fn label() -> Patchline {
    let patchline = Patchline::start().await;
    small_label(&patchline).await;
    patchline
}

fn artist() -> Principal {
    somebody_with(Role::Artist, &["art_1"])
}

async fn run(patchline: &Patchline, who: &Principal, tool: &str, arguments: Value) -> Value {
    let answer = patchline.engine.gateway.call_tool(who, &from_here(), tool, arguments).await;
    answer.unwrap_or_else(|error| panic!("{tool}: {error}")).output
}

async fn refused(
    patchline: &Patchline,
    who: &Principal,
    tool: &str,
    arguments: Value,
) -> (CallErrorKind, String) {
    let answer = patchline.engine.gateway.call_tool(who, &from_here(), tool, arguments).await;
    let error = answer.expect_err("it is refused");
    (error.kind, error.message)
}

/// The values of a field in all rows or files.
fn column(output: &Value, list: &str, field: &str) -> Vec<String> {
    let rows = output[list].as_array().expect("a list");
    rows.iter().map(|row| row[field].as_str().expect("a text").to_owned()).collect()
}

/// All pages of a list, each of at most `limit`, and how many there were.
async fn all_pages(
    patchline: &Patchline,
    who: &Principal,
    tool: &str,
    arguments: &Value,
    (list, field): (&str, &str),
) -> (Vec<String>, usize) {
    let (mut found, mut pages, mut cursor) = (Vec::new(), 0, Value::Null);
    loop {
        let mut asked = arguments.clone();
        if cursor.is_string() {
            asked["cursor"] = cursor;
        }
        let output = run(patchline, who, tool, asked).await;
        found.extend(column(&output, list, field));
        pages += 1;
        cursor = output["nextCursor"].clone();
        if cursor.is_null() {
            return (found, pages);
        }
        assert!(pages < 100, "{tool} never ends");
    }
}

#[tokio::test]
async fn pages_show_ones_own_artists_and_releases_and_count_no_others() {
    let patchline = label().await;
    let gateway = &patchline.engine.gateway;
    let who = artist();
    let list = gateway.call::<BrowseArtists>(&who, &from_here(), ArtistQuery::default()).await;
    let list = list.expect("a list").output;
    let ids: Vec<_> = list.rows.iter().map(|row| row.artist_id.as_str()).collect();
    assert_eq!((ids, list.total), (vec!["art_1"], 1));
    let list = gateway.call::<BrowseReleases>(&who, &from_here(), ReleaseQuery::default()).await;
    let list = list.expect("a list").output;
    let mut ids: Vec<_> = list.rows.iter().map(|row| row.release_id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!((ids, list.total), (vec!["rel_1", "rel_4"], 2));
    let overview = gateway.call::<LabelOverview>(&who, &from_here(), ()).await.expect("an overview").output;
    assert_eq!((overview.artists, overview.releases, overview.streams28), (1, 2, 1500));
    for (kind, expected) in
        [(NameKind::Artists, &["art_1"][..]), (NameKind::Releases, &["rel_1", "rel_4"][..])]
    {
        let input = FindNamesInput { kind, search: String::new(), most: 50 };
        let found = gateway.call::<FindNames>(&who, &from_here(), input).await.expect("names").output;
        let mut ids: Vec<_> = found.iter().map(|named| named.id.as_str()).collect();
        ids.sort_unstable();
        assert_eq!(ids, expected, "{kind:?}");
    }
    let staff = somebody_with(Role::Label, &[]);
    let all = gateway.call::<BrowseArtists>(&staff, &from_here(), ArtistQuery::default()).await;
    assert_eq!(all.expect("a list").output.total, 3, "the label sees all");
}

#[tokio::test]
async fn an_artist_opens_their_own_page_and_sees_no_figures_of_a_namesake() {
    let people = People::of(&[]).await;
    let own = people.get(Role::Artist, "/artists/art_1").await;
    assert_eq!(own.status, StatusCode::OK, "{}", own.text());
    let gateway = &people.patchline.engine.gateway;
    let seen = gateway.call::<ViewArtist>(&artist(), &from_here(), "art_1".parse().expect("an id")).await;
    let seen = seen.expect("their own page").output;
    assert_eq!((seen.streams28, seen.namesakes.len(), seen.releases.len()), (1500, 0, 2));
    let staff = somebody_with(Role::Label, &[]);
    let seen = gateway.call::<ViewArtist>(&staff, &from_here(), "art_1".parse().expect("an id")).await;
    assert_eq!(seen.expect("the page").output.namesakes.len(), 1, "the label is told of the namesake");
    for path in ["/artists/art_2", "/releases/rel_2", "/artists/art_9", "/releases/rel_9"] {
        let page = people.get(Role::Artist, path).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        assert!(page.text().contains("This is not allowed"), "{path}: {}", page.text());
        assert!(!page.text().contains("Noor"), "{path} tells nothing of it");
    }
    assert_eq!(people.get(Role::Artist, "/releases/rel_1").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_there_is_not_is_refused_with_the_words_for_what_is_others() {
    let patchline = &label().await;
    for (tool, others, none) in [
        ("query_artist_data", json!({ "artistId": "art_2" }), json!({ "artistId": "art_9" })),
        ("query_release_data", json!({ "releaseId": "rel_2" }), json!({ "releaseId": "rel_9" })),
        ("query_release_data", json!({ "releaseId": "rel_2" }), json!({ "releaseId": "no id!" })),
        (
            "get_audio_file",
            json!({ "fileName": "masters/rel_2.wav" }),
            json!({ "fileName": "masters/9.wav" }),
        ),
    ] {
        let refusal = refused(patchline, &artist(), tool, others).await;
        assert_eq!(refusal.0, CallErrorKind::Forbidden, "{tool}");
        assert_eq!(refusal, refused(patchline, &artist(), tool, none).await, "{tool}");
    }
    let gateway = &patchline.engine.gateway;
    let view = async |id: &str| {
        let seen = gateway.call::<ViewRelease>(&artist(), &from_here(), id.parse().expect("an id")).await;
        seen.map(drop).expect_err("it is refused")
    };
    assert_eq!(view("rel_2").await.message, view("rel_9").await.message);
    let manager = somebody_with(Role::Manager, &["art_1"]);
    let change =
        |id: &str| json!({ "releaseId": id, "expectedVersion": 1, "updateData": { "title": "Day Drive" } });
    let refusal = refused(patchline, &manager, "update_release_data", change("rel_2")).await;
    assert_eq!(refusal, refused(patchline, &manager, "update_release_data", change("rel_9")).await);
    let changed = run(patchline, &manager, "update_release_data", change("rel_1")).await;
    assert_eq!(changed["rows"][0]["title"], "Day Drive");
}

#[tokio::test]
async fn a_track_gets_no_master_and_no_isrc_of_others() {
    let patchline = &label().await;
    let manager = somebody_with(Role::Manager, &["art_1"]);
    let change = |version: u32, values: Value| json!({ "releaseId": "rel_1", "trackId": "trk_1", "expectedVersion": version, "updateData": values });
    for values in [
        json!({ "audio": "masters/rel_2.wav" }),
        json!({ "audio": "artists/art_2/live.wav" }),
        json!({ "audio": "masters/nobody.wav" }),
        // The same title, and another artist.
        json!({ "isrc": "XX0AB2600001" }),
    ] {
        let refusal = refused(patchline, &manager, "update_track_data", change(1, values.clone())).await;
        assert_eq!(refusal.0, CallErrorKind::Invalid, "{values}: {}", refusal.1);
    }
    for (version, master) in [(1, "masters/rel_4.wav"), (2, "artists/art_1/live.wav")] {
        let values = json!({ "audio": master });
        let changed = run(patchline, &manager, "update_track_data", change(version, values)).await;
        assert_eq!(changed["rows"][0]["tracks"][0]["audio"], master);
    }
}

#[tokio::test]
async fn tools_list_ones_own_rows_page_by_page() {
    let patchline = &label().await;
    for number in 0..5 {
        patchline.put("releases", release(&format!("rel_a{number}"), "art_1")).await;
        patchline.put("releases", release(&format!("rel_c{number}"), "art_3")).await;
        patchline.put("analytics", figures("art_3", &format!("2026-10-0{}", number + 1), 10)).await;
    }
    let manager = somebody_with(Role::Manager, &["art_3", "art_1", "art_8"]);
    for limit in [1, 2, 3, 100] {
        let arguments = json!({ "limit": limit });
        let rows = ("rows", "artistId");
        let (artists, _) = all_pages(patchline, &manager, "query_artist_data", &arguments, rows).await;
        assert_eq!(artists, ["art_1", "art_3"], "artists, {limit} on a page");
        let rows = ("rows", "releaseId");
        let (mut releases, _) = all_pages(patchline, &manager, "query_release_data", &arguments, rows).await;
        releases.sort_unstable();
        let expected = [
            "rel_1", "rel_3", "rel_4", "rel_a0", "rel_a1", "rel_a2", "rel_a3", "rel_a4", "rel_c0", "rel_c1",
            "rel_c2", "rel_c3", "rel_c4",
        ];
        assert_eq!(releases, expected, "releases, {limit} on a page");
        let rows = ("rows", "artistId");
        let (figures, pages) = all_pages(patchline, &manager, "scan_analytics_data", &arguments, rows).await;
        let of = |artist: &str| figures.iter().filter(|found| *found == artist).count();
        assert_eq!((of("art_1"), of("art_3"), figures.len()), (2, 7, 9), "figures, {limit} on a page");
        assert!(pages >= 9_usize.div_ceil(limit), "{pages} pages with {limit} rows at most");
    }
    let many = json!({ "filterExpression": "streams > 400" });
    let found = run(patchline, &manager, "scan_analytics_data", many).await;
    assert_eq!(column(&found, "rows", "artistId"), ["art_1", "art_1", "art_3", "art_3"]);
    let by_key = json!({ "filterExpression": "artistId IN (\"art_1\", \"art_2\")" });
    let (kind, message) = refused(patchline, &manager, "scan_analytics_data", by_key).await;
    assert_eq!(kind, CallErrorKind::Invalid);
    assert!(message.contains("you see your own artists only"), "{message}");
}

#[tokio::test]
async fn a_name_finds_ones_own_artist_and_a_cursor_of_somebody_else_finds_nothing() {
    let patchline = &label().await;
    let mira = run(patchline, &artist(), "query_artist_data", json!({ "name": "mira" })).await;
    assert_eq!(column(&mira, "rows", "artistId"), ["art_1"], "without a choice among namesakes");
    let noor = refused(patchline, &artist(), "query_artist_data", json!({ "name": "Noor" })).await;
    assert_eq!(noor.0, CallErrorKind::NotFound);
    let manager = somebody_with(Role::Manager, &["art_1", "art_2", "art_3"]);
    let first = run(patchline, &manager, "query_artist_data", json!({ "limit": 1 })).await;
    let stolen = json!({ "limit": 1, "cursor": first["nextCursor"] });
    let (kind, _) = refused(patchline, &artist(), "query_artist_data", stolen).await;
    assert_eq!(kind, CallErrorKind::Invalid, "a cursor fits the artists that it was given out for");
}

#[tokio::test]
async fn files_are_those_in_ones_folders_and_those_that_ones_releases_name() {
    let patchline = &label().await;
    put_file(patchline, "patchline-audio", "masters/nobody.wav").await;
    let expected = ["artists/art_1/live.wav", "masters/rel_1.wav"];
    for limit in [1, 2, 100] {
        let arguments = json!({ "maxKeys": limit });
        let files = ("files", "fileName");
        let (found, pages) = all_pages(patchline, &artist(), "list_audio_files", &arguments, files).await;
        assert_eq!(found, expected, "{limit} on a page");
        assert_eq!(pages, 2_usize.div_ceil(limit), "{limit} on a page");
    }
    let masters = run(patchline, &artist(), "list_audio_files", json!({ "prefix": "masters/" })).await;
    assert_eq!(column(&masters, "files", "fileName"), ["masters/rel_1.wav"]);
    let manager = somebody_with(Role::Manager, &["art_1"]);
    let contracts = run(patchline, &manager, "list_contracts", json!({})).await;
    assert_eq!(column(&contracts, "files", "fileName"), ["art_1/agreement.md"]);
    let read = run(patchline, &manager, "get_contract", json!({ "fileName": "art_1/agreement.md" })).await;
    assert_eq!(read["fileName"], "art_1/agreement.md");
    let input = ListFilesInput {
        bucket_name: "patchline-audio".to_owned(),
        prefix: String::new(),
        most: 100,
        cursor: None,
    };
    let listed = patchline.engine.gateway.call::<ListFiles>(&artist(), &from_here(), input).await;
    let listed = listed.expect("a list").output.files;
    let names: Vec<_> = listed.iter().map(|file| file.file_name.as_str()).collect();
    assert_eq!(names, expected);
    let versions = json!({ "fileName": "masters/rel_1.wav", "includeVersions": true });
    let file = run(patchline, &artist(), "get_audio_file", versions).await;
    assert_eq!(file["fileName"], "masters/rel_1.wav");
}

#[tokio::test]
async fn a_file_of_another_bucket_is_not_ones_own_because_it_has_the_name_of_one_that_is() {
    let buckets = "patchline-audio,other-audio,patchline-artwork,patchline-contracts";
    let patchline = &Patchline::with(&[("S3_BUCKETS", buckets)]).await;
    small_label(patchline).await;
    for key in ["masters/rel_1.wav", "artists/art_1/live.wav"] {
        put_file(patchline, "other-audio", key).await;
    }
    let listed = run(patchline, &artist(), "list_audio_files", json!({ "bucketName": "other-audio" })).await;
    assert_eq!(column(&listed, "files", "fileName"), ["artists/art_1/live.wav"]);
    let other = json!({ "bucketName": "other-audio", "fileName": "masters/rel_1.wav" });
    assert_eq!(refused(patchline, &artist(), "get_audio_file", other).await.0, CallErrorKind::Forbidden);
    let own = json!({ "bucketName": "patchline-audio", "fileName": "masters/rel_1.wav" });
    assert_eq!(run(patchline, &artist(), "get_audio_file", own).await["fileName"], "masters/rel_1.wav");
}

#[tokio::test]
async fn a_key_that_was_made_for_an_artist_shows_no_others_when_its_owner_is_of_the_label() {
    let patchline = &label().await;
    let key =
        KeyUse { owner: "usr_1".to_owned(), scope: KeyScope::AllTools, ceiling: Role::Artist, token: None };
    let who = Principal { key: Some(Arc::new(key)), ..somebody_with(Role::Label, &["art_1"]) };
    let rows = run(patchline, &who, "query_artist_data", json!({})).await;
    assert_eq!(column(&rows, "rows", "artistId"), ["art_1"]);
    let others = json!({ "artistId": "art_2" });
    assert_eq!(refused(patchline, &who, "query_artist_data", others).await.0, CallErrorKind::Forbidden);
}

#[tokio::test]
async fn the_supervisor_of_a_manager_shows_no_others_when_it_works_as_a_producer_who_may_see_all() {
    let patchline = &label().await;
    let manager = somebody_with(Role::Manager, &["art_1"]);
    let who = Principal { by_supervisor: true, in_role: Some(Role::Producer), ..manager };
    let rows = run(patchline, &who, "query_artist_data", json!({})).await;
    assert_eq!(column(&rows, "rows", "artistId"), ["art_1"]);
    let others = json!({ "artistId": "art_2" });
    assert_eq!(refused(patchline, &who, "query_artist_data", others).await.0, CallErrorKind::Forbidden);
    assert!(!patchline.engine.gateway.offers(&who, "scan_analytics_data"), "no producer may use it");
}

#[tokio::test]
async fn without_artists_nothing_is_offered_and_the_remedy_is_told() {
    let patchline = Patchline::start().await;
    let who = somebody_with(Role::Manager, &[]);
    let gateway = &patchline.engine.gateway;
    let answer = gateway.call_tool(&who, &from_here(), "query_artist_data", json!({})).await;
    let error = answer.expect_err("no artists are theirs");
    assert_eq!(error.kind, CallErrorKind::Forbidden);
    assert_eq!(error.remedy, "Ask an admin which artists are yours: none are noted at your account.");
    assert!(!gateway.offers(&who, "browse_artists"));
}

#[tokio::test]
async fn a_version_of_a_recording_is_played_by_those_who_may_play_the_newest() {
    let people = People::of(&[]).await;
    let patchline = &people.patchline;
    let mut versions = Vec::new();
    for artist in ["art_1", "art_2"] {
        let name = format!("artists/{artist}/take.wav");
        let page = format!("/export/audio/{}.json", recording_id("patchline-audio", &name));
        for sample in [0, 1] {
            let mut content = wav();
            content[100] = sample;
            let arguments = json!({ "fileName": name, "fileContent": base64(&content), "overwrite": true });
            patchline.result_of("upload_audio_file", arguments).await;
            let is_heard = async || patchline.get(&page).await.json()["recording"]["state"] == "failed";
            eventually("it is listened to", is_heard).await;
        }
        let asked = json!({ "fileName": name, "includeVersions": true });
        let found = patchline.result_of("get_audio_file", asked).await;
        versions.push(found["versions"][1]["url"].as_str().expect("an address").to_owned());
    }
    for (role, of_others) in [
        (Role::Artist, StatusCode::FORBIDDEN),
        (Role::Manager, StatusCode::FORBIDDEN),
        (Role::Producer, StatusCode::PARTIAL_CONTENT),
    ] {
        for (address, expected) in versions.iter().zip([StatusCode::PARTIAL_CONTENT, of_others]) {
            let request = Request::get(address).header(header::RANGE, "bytes=100-100");
            let answer = people.send(Some(role), request.body(Body::empty()).expect("a request")).await;
            assert_eq!(answer.status, expected, "{} {address}: {}", role.id(), answer.text());
            if expected == StatusCode::PARTIAL_CONTENT {
                assert_eq!(answer.body, [0], "{}: it is the version before", role.id());
            }
        }
    }
    let nobody = people.send(None, Request::get(&versions[0]).body(Body::empty()).expect("a request")).await;
    assert_ne!(nobody.status, StatusCode::OK);
}

#[tokio::test]
async fn an_artist_gives_first_files_and_replaces_their_own_but_not_what_the_label_has_chosen() {
    let people = People::of(&[]).await;
    let (patchline, who) = (&people.patchline, people.principal(Role::Artist));
    let page = people.get(Role::Artist, "/releases/rel_1/files").await.text();
    assert!(page.contains("The label has chosen this file"), "{page}");
    assert!(page.contains("id=\"picked-cover\"") && !page.contains("id=\"picked-trk_1\""), "{page}");
    let gateway = &patchline.engine.gateway;
    let planned = async |release: &str, file_name: &str| {
        let new = NewReleaseFile {
            release_id: release.parse().expect("an id"),
            subject: "trk_1".to_owned(),
            expected_version: 1,
            file_name: file_name.to_owned(),
            everywhere: String::new(),
        };
        gateway.call::<PlanReleaseFile>(who, &from_here(), new).await.map(|answer| answer.output.file_name)
    };
    // With another ending it would get a name of its own.
    for file_name in ["a.wav", "a.flac"] {
        let refused = planned("rel_1", file_name).await.expect_err("it is the label's");
        assert_eq!(refused.kind, CallErrorKind::Forbidden, "{file_name}: {refused:?}");
    }
    let own = "artists/art_1/rel_1/trk_1.wav";
    put_file(patchline, "patchline-audio", own).await;
    let named = NamedReleaseFile {
        release_id: "rel_1".parse().expect("an id"),
        subject: "trk_1".to_owned(),
        expected_version: 1,
        file_name: own.to_owned(),
    };
    let refused = gateway.call::<NameReleaseFile>(who, &from_here(), named).await;
    assert_eq!(refused.map(drop).expect_err("it is the label's").kind, CallErrorKind::Forbidden);

    let mut of_theirs = release("rel_5", "art_1");
    of_theirs["tracks"][0]["audio"] = json!("artists/art_1/live.wav");
    patchline.put("releases", of_theirs).await;
    assert_eq!(planned("rel_5", "a.wav").await.expect("it is theirs"), "artists/art_1/live.wav");
    patchline.put("releases", release("rel_6", "art_1")).await;
    assert_eq!(planned("rel_6", "a.wav").await.expect("none is there"), "artists/art_1/rel_6/trk_1.wav");
}

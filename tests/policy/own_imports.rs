//! What a manager may import: figures of artists of their own. Other lines are told and not written, and tell nothing
//! of whom there is.

use super::people::People;
use super::{from_here, somebody_with};
use crate::support::Answer;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::engine::gateway::{CallErrorKind, Principal, Role};
use patchline::engine::imports::{ListImports, RunImport, VersionInput, ViewImport};
use patchline::model::import::{ImportState, ImportView};
use serde_json::json;
use std::time::Duration;

const FIGURES: &str = "artistId,date,platform,territory,streams\nart_1,2026-11-03,spotify,NO,70\n\
    art_2,2026-11-03,spotify,NO,80\nart_1,2026-11-04,spotify,NO,90\nart_9,2026-11-04,spotify,NO,5\n";

/// Brings a file as a manager does, and waits until it is checked.
async fn bring(people: &People, content: &str) -> ImportView {
    let body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"own.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{content}\r\n--edge--\r\n"
    );
    let request = Request::post("/imports")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .body(Body::from(body))
        .expect("a request");
    let answer = people.send(Some(Role::Manager), request).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = answer.headers[header::LOCATION].to_str().expect("an address").to_owned();
    settled(people, page.rsplit('/').next().expect("an id")).await
}

async fn seen(people: &People, who: &Principal, id: &str) -> Result<ImportView, CallErrorKind> {
    let imports = &people.patchline.engine.imports;
    let view = imports.call::<ViewImport>(who, &from_here(), id.to_owned()).await;
    view.map_err(|error| error.kind)
}

async fn settled(people: &People, id: &str) -> ImportView {
    let look = async {
        loop {
            let view = seen(people, people.principal(Role::Manager), id).await.expect("their own import");
            if !view.row.state.is_under_way() {
                return view;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(3), look).await.expect("it comes to an end")
}

async fn decide(people: &People, view: &ImportView, step: &str) -> Answer {
    let body = format!("step={step}&version={}", view.version);
    let request = Request::post(format!("/imports/{}", view.row.id))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .expect("a request");
    people.send(Some(Role::Manager), request).await
}

/// The days with figures of an artist from November the third on.
async fn new_days(people: &People, artist: &str) -> Vec<String> {
    let condition = format!("artistId = {artist:?} AND date >= \"2026-11-03\"");
    let arguments = json!({ "filterExpression": condition });
    let found = people.patchline.result_of("scan_analytics_data", arguments).await;
    let rows = found["rows"].as_array().expect("rows").clone();
    rows.iter().map(|row| row["date"].as_str().expect("a day").to_owned()).collect()
}

#[tokio::test]
async fn lines_about_others_are_told_and_only_ones_own_are_written() {
    let people = People::of(&[]).await;
    let view = bring(&people, FIGURES).await;
    let problems: Vec<_> =
        view.problems.iter().map(|problem| (problem.line, problem.reason.as_str())).collect();
    assert_eq!(problems, [3, 5].map(|line| (line, "is about no artist of yours")), "{view:?}");
    let offered: Vec<_> = view.artists.iter().map(|artist| artist.value.as_str()).collect();
    assert_eq!((offered, view.can_run), (vec!["art_1"], true));
    assert_eq!(decide(&people, &view, "run").await.status, StatusCode::SEE_OTHER);
    let view = settled(&people, &view.row.id).await;
    assert_eq!((view.row.state, view.progress.added), (ImportState::Done, 2), "{view:?}");
    assert_eq!(new_days(&people, "art_1").await, ["2026-11-03", "2026-11-04"]);
    assert!(new_days(&people, "art_2").await.is_empty());
    let stranger = somebody_with(Role::Manager, &["art_1", "art_2"]);
    assert_eq!(seen(&people, &stranger, &view.row.id).await.err(), Some(CallErrorKind::NotFound));
    let imports = &people.patchline.engine.imports;
    let list = imports.call::<ListImports>(&stranger, &from_here(), ()).await.expect("a list");
    assert!(list.imports.is_empty(), "nobody learns what others have brought");
    let label = people.principal(Role::Label);
    assert!(seen(&people, label, &view.row.id).await.is_ok(), "but the label does");
    assert_eq!(decide(&people, &view, "undo").await.status, StatusCode::SEE_OTHER);
    settled(&people, &view.row.id).await;
    assert!(new_days(&people, "art_1").await.is_empty());
}

#[tokio::test]
async fn an_artist_who_is_not_theirs_any_more_is_not_written() {
    let people = People::of(&[]).await;
    let view = bring(&people, FIGURES).await;
    assert!(view.can_run);
    let now = Principal {
        artists: somebody_with(Role::Manager, &["art_3"]).artists,
        ..people.principal(Role::Manager).clone()
    };
    let input = VersionInput { id: view.row.id.clone(), version: view.version };
    let imports = &people.patchline.engine.imports;
    imports.call::<RunImport>(&now, &from_here(), input).await.expect("it is looked at again");
    let view = settled(&people, &view.row.id).await;
    assert_eq!((view.row.state, view.can_run), (ImportState::Ready, false), "{view:?}");
    assert_eq!(view.problem_count, 4);
    assert!(new_days(&people, "art_1").await.is_empty());
}

#[tokio::test]
async fn a_statement_is_left_to_the_label() {
    let people = People::of(&[]).await;
    let text = "Sale Month\tStore\tArtist\tTitle\tQuantity\tEarnings (USD)\n\
        2026-09\tSpotify\tMira\tNight\t10\t0.03512345\n";
    let view = bring(&people, text).await;
    assert!(view.is_statement && !view.can_run, "{view:?}");
    assert!(view.questions.iter().any(|words| words.contains("the label imports")), "{:?}", view.questions);
}

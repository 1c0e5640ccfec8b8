//! Exports as staff have them, brought through the page, and what becomes of an artist's figures.

use crate::support::{Answer, Patchline, Served, artist, release};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::routing::get;
use patchline::engine::gateway::{Channel, Origin, Principal, Role};
use patchline::engine::imports::ViewImport;
use patchline::engine::tools::views::ViewArtist;
use patchline::model::analytics::Platform;
use patchline::model::artist::{ArtistDetail, NetworkFollowers};
use patchline::model::import::{ImportState, ImportView};
use serde_json::json;
use std::fmt::Write as _;
use std::time::Duration;

const BOUNDARY: &str = "patchline-test-boundary";

/// Where files are brought and decided about.
pub(super) struct Desk {
    pub(super) patchline: Patchline,
}

impl Desk {
    pub(super) async fn open() -> Self {
        Self::with(&[]).await
    }

    /// One with these variables.
    pub(super) async fn with(variables: &[(&str, &str)]) -> Self {
        let patchline = Patchline::with(variables).await;
        patchline.put("artists", artist("art_1", "Nora Vale")).await;
        patchline.put("artists", artist("art_2", "Glass Harbour")).await;
        patchline.put("releases", release("rel_1", "art_1")).await;
        Self { patchline }
    }

    /// Sends a file as the form does, and waits until it is checked.
    pub(super) async fn bring(&self, name: &str, content: &[u8]) -> ImportView {
        let id = self.send_file(name, content).await;
        self.settled(&id).await
    }

    async fn send_file(&self, name: &str, content: &[u8]) -> String {
        let mut body = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let request = Request::post("/imports")
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
            .body(Body::from(body))
            .expect("a request");
        let answer = self.patchline.send(request).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let page = answer.headers[header::LOCATION].to_str().expect("an address").to_owned();
        page.rsplit('/').next().expect("an id").to_owned()
    }

    async fn view(&self, id: &str) -> ImportView {
        let admin = Principal::new("usr_test", "Test", Role::Admin);
        let origin = Origin::new(Channel::Page, None);
        let imports = &self.patchline.engine.imports;
        imports.call::<ViewImport>(&admin, &origin, id.to_owned()).await.expect("an import")
    }

    /// Waits until nothing goes on with it.
    pub(super) async fn settled(&self, id: &str) -> ImportView {
        let look = async {
            loop {
                let view = self.view(id).await;
                if !view.row.state.is_under_way() {
                    return view;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(3), look).await.expect("it comes to an end")
    }

    async fn decide(&self, view: &ImportView, step: &str, more: &[(&str, &str)]) -> Answer {
        let mut body = format!("step={step}&version={}", view.version);
        for (name, value) in more {
            let value = percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
            write!(body, "&{name}={value}").expect("a text");
        }
        let request = Request::post(format!("/imports/{}", view.row.id))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("a request");
        self.patchline.send(request).await
    }

    pub(super) async fn done(&self, view: &ImportView, step: &str, more: &[(&str, &str)]) -> ImportView {
        let answer = self.decide(view, step, more).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        // Work that is given back is looked for once more.
        for _ in 0..100 {
            let view = self.settled(&view.row.id).await;
            if !view.row.state.is_under_way() {
                return view;
            }
        }
        panic!("it never comes to an end");
    }

    /// Imports a file that leaves no questions.
    async fn import(&self, name: &str, content: &str) {
        let view = self.bring(name, content.as_bytes()).await;
        assert!(view.can_run, "{name}: {view:?}");
        let view = self.done(&view, "run", &[]).await;
        assert_eq!(view.row.state, ImportState::Done, "{name}: {view:?}");
    }

    /// What the page of an artist shows.
    async fn detail(&self, artist: &str) -> ArtistDetail {
        let admin = Principal::new("usr_test", "Test", Role::Admin);
        let (origin, id) = (Origin::new(Channel::Page, None), artist.parse().expect("an id"));
        let answer = self.patchline.engine.gateway.call::<ViewArtist>(&admin, &origin, id).await;
        answer.expect("an artist").output
    }

    /// Day, platform and streams of an artist, in order.
    pub(super) async fn figures(&self, artist: &str) -> Vec<(String, String, u64)> {
        let condition = format!("artistId = {artist:?}");
        let arguments = json!({ "filterExpression": condition, "limit": 100 });
        let found = self.patchline.result_of("scan_analytics_data", arguments).await;
        let rows = found["rows"].as_array().expect("rows").clone();
        let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
        rows.iter()
            .map(|row| {
                (text(row, "date"), text(row, "platform"), row["streams"].as_u64().unwrap_or_default())
            })
            .collect()
    }
}

pub(super) fn told(figures: &[(String, String, u64)]) -> Vec<(&str, &str, u64)> {
    figures.iter().map(|(day, platform, streams)| (day.as_str(), platform.as_str(), *streams)).collect()
}

fn workbook() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0_u16..).zip(["Timestamp", "Streams", "Listeners", "Daily voice requests"]) {
        sheet.write(0, column, name).expect("a cell");
    }
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 11, 4).expect("a day");
    let format = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    sheet.write_datetime_with_format(1, 0, &day, &format).expect("a cell");
    for (column, number) in (1_u16..).zip([77.0, 40.0, 3.0]) {
        sheet.write(1, column, number).expect("a cell");
    }
    book.save_to_buffer().expect("a workbook")
}

#[tokio::test]
async fn exports_of_four_services_become_an_artists_figures() {
    let desk = Desk::open().await;
    let spotify = b"date,listeners,streams,followers\n2026-11-01,80,120,1000\n2026-11-02,90,140,1003\n";
    let apple = b"Date;Artist;Song;Country or Region;Plays\n02.11.2026;Glass Harbour;Tide;Germany;1.200\n\
        02.11.2026;Nora Vale;Night;Norway;30\n02.11.2026;Nora Vale;Night;Sweden;12\n";
    let youtube = b"Date\tViews\tWatch time (hours)\nTotal\t15\t2.5\n2026-11-03\t15\t2.5\n";
    for (name, content, layout, whole) in [
        ("timeline.csv", &spotify[..], "Spotify for Artists", Some("art_1")),
        ("plays.csv", &apple[..], "Apple Music for Artists", None),
        ("table.tsv", &youtube[..], "YouTube analytics", Some("art_1")),
        ("overview.xlsx", &workbook()[..], "Amazon Music for Artists", Some("art_1")),
    ] {
        let mut view = desk.bring(name, content).await;
        assert!(view.row.layout.as_ref().is_some_and(|known| known.starts_with(layout)), "{name}: {view:?}");
        if let Some(artist) = whole {
            assert!(!view.can_run, "{name}: nobody knows whose figures these are");
            let more = [("layout", view.form.layout.as_str()), ("artist", artist)];
            view = desk.done(&view, "map", &more).await;
        }
        assert!(view.can_run, "{name}: {view:?}");
        let view = desk.done(&view, "run", &[]).await;
        assert_eq!(view.row.state, ImportState::Done, "{name}: {view:?}");
    }
    let found = desk.figures("art_1").await;
    let expected = [
        ("2026-11-01", "spotify", 120),
        ("2026-11-02", "appleMusic", 42),
        ("2026-11-02", "spotify", 140),
        ("2026-11-03", "youtubeMusic", 15),
        ("2026-11-04", "amazonMusic", 77),
    ];
    assert_eq!(told(&found), expected);
    let page = desk.patchline.get("/artists/art_1").await.text();
    assert!(page.contains("2026-11-04"), "the page of the artist goes up to the newest day");
    let list = desk.patchline.get("/imports").await.text();
    assert!(list.contains("overview.xlsx") && list.contains("2026-11-04"), "files and freshness are shown");
}

#[tokio::test]
async fn another_service_and_a_social_network_reach_the_page_of_their_artist_only() {
    let desk = Desk::open().await;
    let usual = "artistId,date,platform,streams,followers\nart_1,2026-11-01,spotify,100,50\n\
        art_1,2026-11-02,spotify,110,51\nart_2,2026-11-01,spotify,7,3\nart_2,2026-11-02,spotify,8,3\n";
    desk.import("usual.csv", usual).await;
    let (before, other) = (desk.detail("art_1").await, desk.detail("art_2").await);
    let list = desk.patchline.get("/imports").await.text();
    assert!(list.contains("Amazon Music") && !list.contains("Deezer"), "what nobody has is not in the list");

    let deezer = "artistId,date,platform,streams\nart_1,2026-11-01,Deezer,20\nart_1,2026-11-02,DEEZER,30\n";
    desk.import("deezer.csv", deezer).await;
    let tiktok = "artistId,date,platform,views,likes,followers\nart_1,2026-11-02,TIKTOK,900,30,5000\n\
        art_1,2026-11-03,Tik Tok,1000,,5100\n";
    desk.import("tiktok.csv", tiktok).await;

    let found = desk.detail("art_1").await;
    let days: Vec<_> = found.days.iter().map(|day| (day.date.to_string(), day.streams)).collect();
    assert_eq!(days, [("2026-11-01".to_owned(), Some(120)), ("2026-11-02".to_owned(), Some(140))]);
    let shares: Vec<_> = found.platforms.iter().map(|share| (share.label.as_str(), share.streams)).collect();
    assert_eq!((found.streams28, shares), (260, vec![("Spotify", 210), ("Deezer", 50)]));
    assert_eq!((found.followers, found.freshness.as_of), (Some(51), before.freshness.as_of));
    let [NetworkFollowers { platform: Platform::Tiktok, followers: 5100, .. }] = &found.social_followers[..]
    else {
        panic!("{:?}", found.social_followers)
    };
    let sums: Vec<_> =
        found.engagement.iter().filter_map(|row| Some((row.label.as_str(), row.sum?))).collect();
    assert_eq!(sums, [("Likes", 30), ("Views", 1900)]);
    assert_eq!(desk.detail("art_2").await, other, "nothing changes for somebody else");
    let page = desk.patchline.get("/artists/art_1").await.text();
    assert!(page.contains("Followers, social networks") && page.contains("TikTok"));
    let list = desk.patchline.get("/imports").await.text();
    assert!(list.contains("Deezer") && list.contains("2026-11-03") && !list.contains("Tidal"));
}

#[tokio::test]
async fn an_export_with_isrcs_tells_figures_of_recordings_and_what_is_counted_beside_them() {
    let desk = Desk::open().await;
    let text = "artistId,date,platform,territory,isrc,streams,listeners,saves,playlistAdds,views\n\
        art_1,2026-11-01,spotify,NO,XX0AB2600001,70,40,6,3,\n\
        art_1,2026-11-01,spotify,SE,XX-0AB-26-00001,20,15,1,1,\n\
        art_1,2026-11-01,spotify,NO,NOA1B2600042,10,8,,,5\n";
    let first = desk.bring("tracks.csv", text.as_bytes()).await;
    let first = desk.done(&first, "run", &[]).await;
    let stored = async || {
        let arguments = json!({ "filterExpression": "artistId = \"art_1\"" });
        desk.patchline.result_of("scan_analytics_data", arguments).await["rows"][0].clone()
    };
    let tracks = json!({ "XX0AB2600001": 90, "NOA1B2600042": 10 });
    let found = stored().await;
    assert_eq!((&found["streams"], &found["tracks"]), (&json!(100), &tracks));
    // Saves are added up. Listeners of two territories are not, and neither are those of two recordings.
    let (saves, listeners) = (json!({ "XX0AB2600001": 7 }), json!({ "NOA1B2600042": 8 }));
    assert_eq!((&found["saves"], &found["trackSaves"]), (&json!(7), &saves));
    assert_eq!((&found["listeners"], &found["trackListeners"]), (&json!(null), &listeners));
    assert_eq!(found["engagement"], json!({ "playlistAdds": 4, "views": 5 }));
    let page = desk.patchline.get("/artists/art_1").await.text();
    assert!(page.contains("Saves, 28 days") && page.contains("8 on Spotify"));
    let page = desk.patchline.get("/releases/rel_1").await.text();
    assert!(page.contains("Streams by track") && !page.contains("NO-A1B-26-00042"));
    // An export that tells none of them leaves them as they are.
    let text = b"artistId,date,platform,streams,skips\nart_1,2026-11-01,spotify,120,8\n";
    let later = desk.bring("skips.csv", text).await;
    let later = desk.done(&later, "run", &[]).await;
    let found = stored().await;
    assert_eq!((&found["streams"], &found["tracks"]), (&json!(120), &tracks));
    assert_eq!((&found["trackSaves"], &found["trackListeners"]), (&saves, &listeners));
    assert_eq!(found["engagement"], json!({ "playlistAdds": 4, "skips": 8, "views": 5 }));
    desk.done(&later, "undo", &[]).await;
    assert_eq!(stored().await["engagement"], json!({ "playlistAdds": 4, "views": 5 }));
    desk.done(&first, "undo", &[]).await;
    assert!(desk.figures("art_1").await.is_empty());
}

#[tokio::test]
async fn the_same_export_changes_nothing_again_and_undoing_puts_back_what_was_there() {
    let desk = Desk::open().await;
    let own = |streams: u64| {
        format!("artistId,date,platform,territory,streams\nart_1,2026-11-01,spotify,NO,{streams}\n")
    };
    let first = desk.bring("first.csv", own(100).as_bytes()).await;
    desk.done(&first, "run", &[]).await;
    let again = desk.bring("again.csv", own(100).as_bytes()).await;
    let counts = again.counts.expect("counts");
    assert_eq!((counts.new, counts.same, counts.changed), (0, 1, 0));
    assert_eq!(again.copies, std::slice::from_ref(&first.row.id));
    let second = desk.bring("second.csv", own(150).as_bytes()).await;
    assert_eq!(second.counts.expect("counts").changed, 1);
    let second = desk.done(&second, "run", &[]).await;
    assert_eq!(told(&desk.figures("art_1").await), [("2026-11-01", "spotify", 150)]);
    let stale = desk.decide(&first, "undo", &[]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "what is decided names what was seen");
    let second = desk.done(&second, "undo", &[]).await;
    assert_eq!((second.row.state, second.progress.replaced), (ImportState::Undone, 1));
    assert_eq!(told(&desk.figures("art_1").await), [("2026-11-01", "spotify", 100)]);
    // Somebody corrects the day by hand: the first import cannot take that back.
    let row = json!({ "artistId": "art_1", "date": "2026-11-01", "platform": "spotify", "streams": 7, "listeners": 1,
        "saves": 0, "followers": 1, "territories": { "NO": 7 } });
    desk.patchline.result_of("record_analytics", json!({ "source": "by hand", "rows": [row] })).await;
    let first = desk.view(&first.row.id).await;
    let first = desk.done(&first, "undo", &[]).await;
    assert_eq!((first.progress.added, first.progress.changed_since), (0, 1));
    assert_eq!(told(&desk.figures("art_1").await), [("2026-11-01", "spotify", 7)]);
}

#[tokio::test]
async fn an_import_that_a_later_one_agrees_with_is_undone_after_it() {
    let desk = Desk::open().await;
    let text = b"artistId,date,platform,territory,streams\nart_1,2026-11-01,spotify,NO,100\n";
    let first = desk.bring("first.csv", text).await;
    let first = desk.done(&first, "run", &[]).await;
    let later = desk.bring("later.csv", text).await;
    let later = desk.done(&later, "run", &[]).await;
    assert_eq!((later.progress.added, later.progress.same), (0, 1));
    let refused = desk.decide(&first, "undo", &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("later.csv"), "{}", refused.text());
    assert_eq!(told(&desk.figures("art_1").await), [("2026-11-01", "spotify", 100)]);
    desk.done(&later, "undo", &[]).await;
    let first = desk.done(&first, "undo", &[]).await;
    assert_eq!((first.row.state, first.progress.added), (ImportState::Undone, 1));
    assert!(desk.figures("art_1").await.is_empty());
    assert!(!desk.patchline.get("/imports").await.text().contains("2026-11-01"), "nor is it fresh any more");
}

#[tokio::test]
async fn what_is_wrong_is_told_by_line_and_names_wait_for_a_decision() {
    let desk = Desk::open().await;
    let text = "date,store,artist,track,isrc,country code,streams\n01/02/2026,Spotify,Nora Vale,A,,NO,5\n\
        01/02/2026,Spotify,Stranger,B,,NO,6\n01/02/2026,Spotify,Nora Vale,C,,NO,-7\n\
        01/02/2026,Spotify,\"=cmd|' /C calc'!A0\",D,,Atlantis,8\n";
    let view = desk.bring("trends.csv", text.as_bytes()).await;
    assert!(!view.can_run && view.questions[0].contains("01/02/2026"), "{:?}", view.questions);
    let layout = ("layout", view.form.layout.as_str());
    let view = desk.done(&view, "map", &[layout, ("order", "dayFirst")]).await;
    let lines: Vec<_> = view.problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [4], "{view:?}");
    let names: Vec<_> = view.unknown.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["=cmd|' /C calc'!A0", "Stranger"]);
    let decided = [
        layout,
        ("order", "dayFirst"),
        ("name", "Stranger"),
        ("whom", "art_2"),
        ("name", "=cmd|' /C calc'!A0"),
        ("whom", "art_2"),
    ];
    let view = desk.done(&view, "map", &decided).await;
    assert_eq!(view.counts.expect("counts").usable, 2, "{view:?}");
    let table = desk.patchline.get(&format!("/export/imports/{}", view.row.id)).await.text();
    assert!(table.starts_with("line,column,value,reason\r\n4,Streams,'-7,is below zero"), "{table}");
    assert!(table.contains("5,Territory,Atlantis"), "{table}");
    desk.done(&view, "run", &[]).await;
    assert_eq!(told(&desk.figures("art_2").await), [("2026-02-01", "spotify", 6)]);
}

#[tokio::test]
async fn a_statement_keeps_exact_amounts_and_what_nobody_knows_once() {
    let desk = Desk::open().await;
    let text = "Sale Month\tStore\tArtist\tTitle\tISRC\tQuantity\tEarnings (USD)\n\
        2026-09\tSpotify\tNora Vale\tNight\t\t10\t0.03512345\n2026-09\tSpotify\tNora Vale\tNight\t\t10\t0.03512345\n\
        2026-09\tDeezer\tSomebody\tElsewhere\t\t-1\t-0.7\n";
    let view = desk.bring("sales.tsv", text.as_bytes()).await;
    assert!(view.is_statement && view.can_run, "{view:?}");
    assert_eq!(view.sums[0].amount.as_deref(), Some("-0.6297531"));
    assert_eq!((view.unmatched.len(), view.counts.expect("counts").new), (1, 3));
    let earned: Vec<_> =
        view.earned.iter().map(|share| (share.name.as_str(), share.sum.amount.as_deref())).collect();
    assert_eq!(earned, [("Nora Vale", Some("0.0702469")), ("Not in the catalogue", Some("-0.70"))]);
    let page = desk.patchline.get(&format!("/imports/{}", view.row.id)).await.text();
    assert!(page.contains("href=\"/artists/art_1/statement\""), "it leads to what is payable");
    let view = desk.done(&view, "run", &[]).await;
    assert_eq!((view.row.state, view.progress.added), (ImportState::Done, 3));
    let copy = desk.bring("the-same-sales.tsv", format!("{text}\n").as_bytes()).await;
    assert_eq!(copy.counts.expect("counts").same, 3, "the same lines are not earned twice");
    let view = desk.done(&view, "undo", &[]).await;
    assert_eq!((view.row.state, view.progress.added), (ImportState::Undone, 3));
}

#[tokio::test]
async fn days_in_five_notations_are_days_and_a_time_elsewhere_moves_none() {
    let desk = Desk::open().await;
    let text = "artistId,date,platform,streams\nart_1,2026-11-01,spotify,1\nart_1,02.11.2026,spotify,2\n\
        art_1,3 Nov 2026,spotify,3\nart_1,20261104,spotify,4\nart_1,2026-11-05T23:30:00-08:00,spotify,5\n\
        art_1,31.11.2026,spotify,6\n";
    let view = desk.bring("days.csv", text.as_bytes()).await;
    let counts = view.counts.expect("counts");
    assert_eq!((counts.usable, counts.wrong, view.problems[0].line), (5, 1, 7), "{view:?}");
    assert!(
        view.notes.iter().any(|note| note.contains("The day counts as it is written")),
        "{:?}",
        view.notes
    );
    desk.done(&view, "run", &[]).await;
    let days: Vec<_> = (1..=5).map(|day| (format!("2026-11-{day:02}"), "spotify".to_owned(), day)).collect();
    assert_eq!(desk.figures("art_1").await, days);
}

#[tokio::test]
async fn amounts_in_two_currencies_are_kept_apart_and_one_that_is_none_is_told() {
    let desk = Desk::open().await;
    let text = "Sale Month\tStore\tArtist\tTitle\tISRC\tQuantity\tEarnings\tCurrency\n\
        2026-09\tSpotify\tNora Vale\tNight\t\t10\t0.10\tEUR\n2026-09\tDeezer\tNora Vale\tNight\t\t10\t0.30\tGBP\n\
        2026-09\tTidal\tNora Vale\tNight\t\t10\t0.20\tEUR\n2026-09\tTidal\tNora Vale\tNight\t\t10\t0.20\tPounds\n";
    let view = desk.bring("mixed.tsv", text.as_bytes()).await;
    assert!(view.is_statement && view.can_run, "{view:?}");
    let sums: Vec<_> =
        view.sums.iter().map(|sum| (sum.currency.as_str(), sum.amount.as_deref(), sum.lines)).collect();
    assert_eq!(sums, [("EUR", Some("0.30"), 2), ("GBP", Some("0.30"), 1)]);
    assert!(view.notes.iter().any(|note| note.contains("never added up")), "{:?}", view.notes);
    let wrong = &view.problems[0];
    assert_eq!((wrong.line, wrong.reason.as_str()), (5, "is no currency of three letters"));
    let earned: Vec<_> = view.earned.iter().map(|share| share.sum.currency.as_str()).collect();
    assert_eq!(earned, ["EUR", "GBP"], "the artist has a sum of each");
}

#[tokio::test]
async fn what_one_instance_leaves_another_finishes_and_nothing_is_written_twice() {
    let desk = Desk::open().await;
    let other = desk.patchline.another_instance().await;
    let mut text = "artistId,date,platform,streams\n".to_owned();
    let (mut day, mut sum) = (jiff::civil::date(2019, 1, 1), 0_u64);
    for streams in 1..=2_500_u64 {
        writeln!(text, "art_1,{day},spotify,{streams}").expect("a text");
        day = day.tomorrow().expect("a day");
        sum += streams;
    }
    let view = desk.bring("years.csv", text.as_bytes()).await;
    assert_eq!(view.counts.expect("counts").new, 2_500);
    assert_eq!(desk.decide(&view, "run", &[]).await.status, StatusCode::SEE_OTHER);
    // Whoever is at it, the first instance ends in the middle; the other goes on from where it was.
    while desk.view(&view.row.id).await.progress.done == 0 {
        tokio::task::yield_now().await;
    }
    desk.patchline.engine.imports.stop().await;
    let view = desk.settled(&view.row.id).await;
    assert_eq!((view.row.state, view.progress.added), (ImportState::Done, 2_500), "{view:?}");
    let items =
        desk.patchline.clients.dynamodb.scan().table_name("analytics").into_paginator().items().send();
    let items: Vec<_> = items.collect::<Result<Vec<_>, _>>().await.expect("all rows");
    let streams = items.iter().filter_map(|item| item["streams"].as_n().ok()?.parse::<u64>().ok());
    assert_eq!((items.len(), streams.sum::<u64>()), (2_500, sum));
    other.close().await;
}

#[tokio::test]
async fn what_is_no_table_says_what_it_is() {
    let desk = Desk::open().await;
    let view = desk.bring("song.pdf", b"%PDF-1.7 and more").await;
    assert_eq!(view.row.state, ImportState::Failed);
    assert!(view.failure.as_ref().is_some_and(|words| words.contains("a PDF")), "{view:?}");
}

/// What a source has answered once, and what it was asked with.
async fn recorded(headers: HeaderMap) -> (StatusCode, &'static str) {
    match headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes) {
        Some(b"Bearer opens-figures") => (StatusCode::OK, include_str!("recorded/daily-figures.json")),
        _ => (StatusCode::UNAUTHORIZED, ""),
    }
}

#[tokio::test]
async fn figures_are_fetched_from_a_source_and_checked_like_a_file() {
    let served = Served::of(Router::new().route("/v1/daily", get(recorded))).await;
    let url = format!("{}/v1/daily", served.url());
    let variables = |token| {
        let reach = ("PATCHLINE_WEBHOOK_ADDRESSES", "this-machine");
        [reach, ("PATCHLINE_FIGURES_URL", url.as_str()), ("PATCHLINE_FIGURES_TOKEN", token)]
    };
    let desk = Desk::with(&variables("opens-figures")).await;
    assert!(desk.patchline.get("/imports").await.text().contains("Fetch now"));
    let fetch = || Request::post("/imports/fetch").body(Body::empty()).expect("a request");
    let answer = desk.patchline.send(fetch()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = answer.headers[header::LOCATION].to_str().expect("an address").to_owned();
    let view = desk.settled(page.rsplit('/').next().expect("an id")).await;
    assert_eq!((view.counts.expect("counts").new, view.problem_count), (2, 1), "{view:?}");
    assert!(desk.figures("art_1").await.is_empty(), "nothing is written before somebody says so");
    desk.done(&view, "run", &[]).await;
    assert_eq!(told(&desk.figures("art_1").await), [("2026-11-01", "spotify", 120)]);
    let list = desk.patchline.get("/imports").await.text();
    assert!(list.contains("Fetched from 127.0.0.1"), "how fresh it is stands beside the others");

    let refused = Desk::with(&variables("is-wrong")).await;
    let answer = refused.patchline.send(fetch()).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text().contains("it answers with status 401"), "{}", answer.text());
}

#[tokio::test]
async fn a_source_on_this_machine_is_not_asked_unless_that_is_allowed() {
    let served = Served::of(Router::new().route("/v1/daily", get(recorded))).await;
    let url = format!("{}/v1/daily", served.url());
    let desk = Desk::with(&[("PATCHLINE_FIGURES_URL", &url)]).await;
    let fetch = Request::post("/imports/fetch").body(Body::empty()).expect("a request");
    let answer = desk.patchline.send(fetch).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text().contains("it does not use https"), "{}", answer.text());
}

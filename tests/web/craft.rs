//! The pages of artists, releases, market and report, as a browser without JavaScript gets them.

use crate::support::Patchline;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::engine::sample::{DEFAULT_SEED, PlantKind, SampleLabel};
use patchline::engine::seed::SeedingState;

async fn sample() -> Patchline {
    let patchline =
        Patchline::with(&[("MCP_DEMO_MODE", "true"), ("ENABLE_S3", "false"), ("ENABLE_RDS", "false")]).await;
    assert_eq!(patchline.engine.sample_label_settled().await, SeedingState::Ready);
    patchline
}

/// The artist of a plant. Which artist it is does not depend on the day.
fn artist_of(kind: PlantKind) -> String {
    let day = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let label = SampleLabel::generate(DEFAULT_SEED, day);
    let plant = label.plants().iter().find(|plant| plant.kind == kind).expect("a plant");
    plant.artist_id.as_ref().expect("an artist").to_string()
}

async fn page(patchline: &Patchline, path: &str) -> String {
    let answer = patchline.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    answer.text()
}

#[tokio::test]
async fn the_pages_of_the_craft_say_what_is_known_and_what_is_not() {
    let patchline = sample().await;
    let growing = artist_of(PlantKind::SteadyGrowth);
    let new = artist_of(PlantKind::ShortHistory);

    let artist = page(&patchline, &format!("/artists/{growing}")).await;
    for part in
        ["What changed and why", "95 % interval", "Unusual days", "The next 28 days", "Proven", "Momentum"]
    {
        assert!(artist.contains(part), "{part}");
    }
    assert!(artist.contains("How these are counted") && artist.contains("saves / daily listeners"));
    let source = artist.split("href=\"/tools?tool=scan_analytics_data").nth(1).expect("the rows behind it");
    let arguments = source.split('"').next().unwrap_or_default().replace("&amp;", "&");
    let rows = page(&patchline, &format!("/tools?tool=scan_analytics_data{arguments}")).await;
    assert!(rows.matches("spotify").count() > 3, "what is said can be looked up: {rows}");
    assert!(artist.contains("Recordings and contracts"), "each recording with its release");
    assert!(artist.contains("Map of the shares of territories. The largest: "), "beside its table");
    assert!(!artist.contains("Both are "), "who resembles an artist is read later");
    let with_similar = page(&patchline, &format!("/artists/{growing}?similar=1")).await;
    assert!(with_similar.contains("Similar size: "), "and at once where the address asks for it");

    let newcomer = page(&patchline, &format!("/artists/{new}")).await;
    assert!(newcomer.contains("There is not enough data to say what changed"));
    assert!(
        newcomer.contains("Not enough data: a forecast is only made where it could be tried on the past.")
    );

    let roster = page(&patchline, "/artists?sort=momentum&order=descending").await;
    assert!(roster.contains("Figures up to") && roster.contains("Not enough data"));
    let unknown = page(&patchline, "/artists?momentum=notEnoughData").await;
    assert!(unknown.contains(&new) && !unknown.contains(&format!("/artists/{growing}\"")));

    let compared = page(&patchline, &format!("/artists/compare?artist={growing}&artist={new}")).await;
    assert!(compared.contains("Streams on one scale") && compared.contains(&format!("/artists/{new}")));
    let too_many = patchline.get("/artists/compare?artist=art_none").await;
    assert_eq!(too_many.status, StatusCode::NOT_FOUND);

    let calendar = page(&patchline, "/releases/calendar?month=2026-12").await;
    assert!(calendar.contains("December 2026") && calendar.contains("Holiday"));
    assert!(page(&patchline, "/market").await.contains("Is it real?"));
    assert!(page(&patchline, "/market?territory=NO").await.contains("Norway"));
    let unheard = page(&patchline, "/market?territory=AQ").await;
    let why = unheard.split("class=\"panel-empty\">").nth(1).expect("nothing can be said");
    let why = why.split("</p>").next().unwrap_or_default();
    assert!(why.contains("No streams from Antarctica are known in the 90 days"), "{why}");
    assert!(why.contains("Choose another territory, or import figures by territory."), "{why}");
    let everywhere = "streams of all territories";
    assert!(unheard.contains(everywhere) && !page(&patchline, "/market").await.contains(everywhere));
    let unknown_genre = page(&patchline, "/market?genre=polka").await;
    assert!(
        unknown_genre
            .contains("The label has no artist of the genre polka. Choose one of those that it has:")
    );
    let report = page(&patchline, "/report").await;
    assert!(
        report.contains("table analytics, streams of all platforms from "),
        "each sentence has its source"
    );
    let gone = patchline.get("/report?week=2020-01-06").await;
    assert_eq!(gone.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_release_has_its_effect_or_its_dates_and_is_whole_without_a_ledger() {
    let patchline = sample().await;
    let release = async |status: &str| {
        let list = page(&patchline, &format!("/releases?status={status}")).await;
        let rest = list.split("href=\"/releases/rel_").nth(1).expect("a release");
        format!("/releases/rel_{}", rest.split('"').next().unwrap_or_default())
    };
    let out = page(&patchline, &release("released").await).await;
    assert!(out.contains("What it did") && !out.contains("When to release it"));
    assert!(out.contains("How these are counted") && out.contains("first week / first 28 days"));
    assert!(out.contains("There is no statement to show."), "the ledger is switched off");
    let coming = page(&patchline, &release("scheduled").await).await;
    for part in
        ["When to release it", "What must be in order", "What would change the answer", "Targets", "Pitch"]
    {
        assert!(coming.contains(part), "{part}");
    }
}

#[tokio::test]
async fn the_tables_of_the_craft_are_files() {
    let patchline = sample().await;
    let growing = artist_of(PlantKind::SteadyGrowth);
    let file = async |path: String| {
        let answer = patchline.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        assert!(answer.headers[header::CONTENT_TYPE].to_str().is_ok_and(|kind| kind.starts_with("text/csv")));
        answer.text()
    };
    let roster = file("/export/artists.csv".to_owned()).await;
    assert_eq!(roster.lines().count(), 25, "a head and all artists, not one page of them");
    let artist = file(format!("/export/artists/{growing}.csv")).await;
    assert!(artist.contains("\r\nmetric,Streams,streams,") && artist.contains("\r\nforecast,"));
    let market = file("/export/market.csv?territory=NO&days=90".to_owned()).await;
    assert!(market.starts_with("genre,territory,streams,") && market.contains(",NO,"));
    let compared = file(format!("/export/comparison.csv?artist={growing}&similar=1")).await;
    assert!(compared.lines().count() > 2);
    assert!(
        file("/export/calendar.csv?month=2026-12".to_owned()).await.contains("2026-12-25,closed,Holiday")
    );
    assert!(
        file("/export/report.csv".to_owned()).await.starts_with("artist id,name,streams,week before,change")
    );
    assert_eq!(patchline.get("/export/artists/art_1.xml").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn views_of_the_list_are_kept_for_one_person_from_a_plain_form() {
    let patchline = Patchline::start().await;
    let post = async |path: &str, body: &'static str| {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            .body(Body::from(body))
            .expect("a request");
        patchline.send(request).await
    };
    let kept = post("/fn/keep-artist-view", "name=Rising&query=momentum%3Dhigh%26sort%3Dstreams").await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.text());
    let list = page(&patchline, "/artists").await;
    assert!(
        list.contains("My views (1)") && list.contains("/artists?momentum=high&amp;sort=streams"),
        "{list}"
    );
    let wrong = post("/fn/keep-artist-view", "name=Bad&query=a%23b").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert_eq!(post("/fn/remove-artist-view", "name=Rising").await.json(), serde_json::json!([]));
}

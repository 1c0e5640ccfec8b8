//! What each role gets at an address that is read: pages, and what they load.

use super::{FOR_PEOPLE, FOR_PEOPLE_AND_PROGRAMS};
use crate::policy::ROLES;
use crate::policy::people::People;
use axum::http::{StatusCode, header};
use patchline::engine::gateway::Role;
use std::collections::BTreeSet;

/// What must happen.
struct Row {
    /// The address, as it has a row among all addresses.
    address: &'static str,
    /// One such address. `art_1`, its releases and files belong to the artist and the manager; `art_2` to others.
    example: &'static str,
    /// Artist, producer, manager, label, admin: `y` is let through, whatever comes of it, `m` is told that there is no
    /// such thing, `n` may not.
    who: &'static str,
}

const fn row(address: &'static str, example: &'static str, who: &'static str) -> Row {
    Row { address, example, who }
}

/// An address with nothing left open.
const fn plain(address: &'static str, who: &'static str) -> Row {
    row(address, address, who)
}

static PAGES: [Row; 50] = [
    plain("/", "ynyyy"),
    plain("/account", "yyyyy"),
    plain("/admin/audit", "nnnny"),
    plain("/admin/keys", "nnnny"),
    plain("/admin/policy", "nnnny"),
    plain("/admin/settings", "nnnny"),
    plain("/admin/users", "nnnny"),
    plain("/artists", "yyyyy"),
    row("/artists/compare", "/artists/compare?artist=art_1&artist=art_2", "nnnyy"),
    row("/artists/{id}", "/artists/art_1", "yyyyy"),
    row("/artists/{id}", "/artists/art_2", "nynyy"),
    row("/artists/{id}/edit", "/artists/art_1/edit", "yyyyy"),
    row("/artists/{id}/edit", "/artists/art_2/edit", "nynyy"),
    row("/artists/{id}/statement", "/artists/art_1/statement", "nnnyy"),
    plain("/audio", "yyyyy"),
    // artists/art_1/live.wav, and the same of art_2.
    row("/audio/{id}", "/audio/cGF0Y2hsaW5lLWF1ZGlvL2FydGlzdHMvYXJ0XzEvbGl2ZS53YXY", "yyyyy"),
    row("/audio/{id}", "/audio/cGF0Y2hsaW5lLWF1ZGlvL2FydGlzdHMvYXJ0XzIvbGl2ZS53YXY", "nynyy"),
    row("/confirm", "/confirm?for=create_key&next=/keys", "yyyyy"),
    // Without a provider it leads back.
    row("/confirm/openid", "/confirm/openid?for=create_key&next=/keys", "yyyyy"),
    plain("/contracts", "nnyyy"),
    // art_1/agreement.md, and the same of art_2.
    row("/contracts/{id}", "/contracts/6172745f312f61677265656d656e742e6d64", "nnyyy"),
    row("/contracts/{id}", "/contracts/6172745f322f61677265656d656e742e6d64", "nnnyy"),
    plain("/health", "nnnyy"),
    row("/health/{server}", "/health/s3", "nnnyy"),
    plain("/imports", "nnyyy"),
    row("/imports/{id}", "/imports/none", "nnmmm"),
    plain("/keys", "yyyyy"),
    plain("/knowledge", "yyyyy"),
    plain("/logs", "nnnny"),
    plain("/market", "ynyyy"),
    plain("/performance", "nnnyy"),
    plain("/releases", "yyyyy"),
    plain("/releases/calendar", "ynyyy"),
    row("/releases/{id}", "/releases/rel_1", "yyyyy"),
    row("/releases/{id}", "/releases/rel_2", "nynyy"),
    // Whoever sees only their own is not told whether it is others' or not there.
    row("/releases/{id}", "/releases/rel_9", "nmnmm"),
    row("/releases/{id}/edit", "/releases/rel_1/edit", "yyyyy"),
    row("/releases/{id}/edit", "/releases/rel_2/edit", "nynyy"),
    row("/releases/{id}/files", "/releases/rel_1/files", "yyyyy"),
    row("/releases/{id}/files", "/releases/rel_2/files", "nynyy"),
    plain("/report", "ynyyy"),
    plain("/tasks", "yyyyy"),
    row("/tasks/{id}", "/tasks/none", "mmmmm"),
    plain("/tasks/automation", "yyyyy"),
    row("/tasks/automation/{id}", "/tasks/automation/none", "mmmmm"),
    row("/tasks/shared", "/tasks/shared?link=none", "mmmmm"),
    plain("/tasks/templates", "yyyyy"),
    plain("/tools", "yyyyy"),
    row("/admin/audit", "/admin/audit?operation=sign_in", "nnnny"),
    row("/artists/{id}", "/artists/art_9", "nmnmm"),
];

static LOADED: [Row; 35] = [
    plain("/events/audit", "nnnny"),
    plain("/events/health", "nnnyy"),
    row("/events/knowledge/answer", "/events/knowledge/answer?question=How+loud%3F", "yyyyy"),
    row("/events/tasks/shared", "/events/tasks/shared?link=none", "mmmmm"),
    row("/events/tasks/{id}", "/events/tasks/none", "mmmmm"),
    plain("/export/activity", "yyyyy"),
    plain("/export/artists.csv", "yyyyy"),
    row("/export/artists/{name}", "/export/artists/art_1.csv", "ynyyy"),
    row("/export/artists/{name}", "/export/artists/art_2.csv", "nnnyy"),
    row("/export/artists/{name}", "/export/artists/art_1.exe", "mmmmm"),
    row(
        "/export/audio/{name}",
        "/export/audio/cGF0Y2hsaW5lLWF1ZGlvL2FydGlzdHMvYXJ0XzEvbGl2ZS53YXY.json",
        "yyyyy",
    ),
    row(
        "/export/audio/{name}",
        "/export/audio/cGF0Y2hsaW5lLWF1ZGlvL2FydGlzdHMvYXJ0XzIvbGl2ZS53YXY.json",
        "nynyy",
    ),
    row("/export/audit", "/export/audit?format=jsonl", "nnnny"),
    plain("/export/calendar.csv", "ynyyy"),
    row("/export/calendar.csv", "/export/calendar.csv?artist=art_2", "nnnyy"),
    row("/export/comparison.csv", "/export/comparison.csv?artist=art_1&artist=art_2", "nnnyy"),
    row("/export/imports/{id}", "/export/imports/none", "nnmmm"),
    row("/export/logs", "/export/logs?id=00000000-0000-0000-0000-000000000000", "nnnnm"),
    plain("/export/market.csv", "ynyyy"),
    row("/export/releases/{id}/checks.json", "/export/releases/rel_1/checks.json", "yyyyy"),
    row("/export/releases/{id}/checks.json", "/export/releases/rel_2/checks.json", "nynyy"),
    plain("/export/report.csv", "ynyyy"),
    row("/export/statement-lines/{name}", "/export/statement-lines/art_1.csv", "nnnyy"),
    row("/export/statement-lines/{name}", "/export/statement-lines/art_2.csv", "nnnyy"),
    row("/export/statements/{name}", "/export/statements/art_1.csv", "nnnyy"),
    row("/export/statements/{name}", "/export/statements/art_2.csv", "nnnyy"),
    row("/export/tasks/shared/{name}", "/export/tasks/shared/task.md?link=none", "mmmmm"),
    row("/export/tasks/{name}", "/export/tasks/none.md", "mmmmm"),
    row("/export/unsettled-lines/{name}", "/export/unsettled-lines/art_1.csv", "nnnyy"),
    row("/export/unsettled-lines/{name}", "/export/unsettled-lines/art_2.csv", "nnnyy"),
    row(
        "/media/spectrogram/{bucket}/{*key}",
        "/media/spectrogram/patchline-audio/masters/rel_1.wav",
        "yyyyy",
    ),
    row(
        "/media/spectrogram/{bucket}/{*key}",
        "/media/spectrogram/patchline-audio/masters/rel_2.wav",
        "nynyy",
    ),
    row("/media/{bucket}/{*key}", "/media/patchline-audio/masters/rel_1.wav", "yyyyy"),
    row("/media/{bucket}/{*key}", "/media/patchline-audio/masters/rel_2.wav", "nynyy"),
    row("/media/{bucket}/{*key}", "/media/patchline-contracts/art_2/agreement.md", "nnnyy"),
];

fn rows() -> impl Iterator<Item = &'static Row> {
    PAGES.iter().chain(&LOADED)
}

#[test]
fn each_address_that_is_read_has_a_row_for_the_roles() {
    let all = FOR_PEOPLE.iter().chain(FOR_PEOPLE_AND_PROGRAMS);
    let read: BTreeSet<_> = all.filter_map(|row| row.strip_prefix("GET ")).collect();
    let with_row: BTreeSet<_> = rows().map(|row| row.address).collect();
    let missing: Vec<_> = read.difference(&with_row).collect();
    assert!(missing.is_empty(), "say in a row what each role gets at {missing:?}");
    let unknown: Vec<_> = with_row.difference(&read).collect();
    assert!(unknown.is_empty(), "there is no address {unknown:?}");
    let examples: BTreeSet<_> = rows().map(|row| row.example).collect();
    assert_eq!(examples.len(), rows().count(), "an example is there twice");
}

/// What somebody gets, in the letters of the rows.
async fn answered(people: &People, role: Role, example: &str) -> char {
    let case = format!("{} {example}", role.id());
    let answer = people.begin(Some(role), example).await;
    let status = answer.status();
    let away = answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
    assert!(!away.starts_with("/sign-in"), "{case} is known");
    assert!(!status.is_server_error() || status == StatusCode::SERVICE_UNAVAILABLE, "{case}: {status}");
    match status {
        StatusCode::UNAUTHORIZED => panic!("{case} is known"),
        StatusCode::FORBIDDEN => 'n',
        StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => 'm',
        _ => 'y',
    }
}

#[tokio::test]
async fn each_role_gets_at_an_address_what_its_row_says_and_nobody_gets_anything() {
    let people = People::of(&[("ENABLE_BEDROCK", "true"), ("ENABLE_RDS", "true")]).await;
    people.patchline.knowledge_settled().await;
    let mut wrong = Vec::new();
    for Row { example, who, .. } in rows() {
        let refused = people.begin(None, example).await.status();
        let is_refused = [StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED].contains(&refused);
        assert!(is_refused, "nobody {example}: {refused}");
        for (role, expected) in ROLES.into_iter().zip(who.chars()) {
            let got = answered(&people, role, example).await;
            // What is let through may come to nothing where the small label has nothing.
            let is_as_expected = got == expected || (expected == 'y' && got == 'm');
            if !is_as_expected {
                wrong.push(format!("{} {example}: {got} in place of {expected}", role.id()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

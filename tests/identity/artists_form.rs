//! Choosing somebody's artists at the page of people, as a browser without JavaScript does.

use super::people::form_with;
use crate::support::visitor::{EMAIL, PASSWORD};
use crate::support::{Answer, Patchline, artist};
use axum::http::{StatusCode, header};
use patchline::model::role::Role;

/// A label with two artists of one name, an admin who is signed in, and an artist who is nobody's yet.
async fn label() -> (Patchline, String, String) {
    let patchline = Patchline::start().await;
    // Before the first page is asked for: what is written past Patchline is seen a moment later only.
    for (id, name, about) in
        [("art_1", "Mira", "singer, Oslo"), ("art_2", "Mira", "band, Leeds"), ("art_3", "Noor", "")]
    {
        let mut artist = artist(id, name);
        artist["disambiguation"] = about.into();
        patchline.put("artists", artist).await;
    }
    assert_eq!(patchline.get("/").await.status, StatusCode::OK, "the admin of the tests sees the overview");
    let ben = patchline.engine.identity.add("Ben", "ben@label.example", Role::Artist).await.expect("added");
    let ada = patchline.sign_in(EMAIL, PASSWORD).await.expect("a session");
    (patchline, ada, ben.id)
}

async fn choose(patchline: &Patchline, ada: &str, fields: &[(&str, &str)]) -> Answer {
    form_with(patchline, "/admin/users", ada, fields).await
}

/// The box of an artist in a page, up to its end.
fn choice(page: &str, id: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("value=\"{id}\""))?;
    rest.split("</label>").next().map(|text| text.replace("<!>", ""))
}

#[tokio::test]
async fn artists_of_one_name_are_told_apart_and_the_chosen_one_is_noted() {
    let (patchline, ada, ben) = label().await;
    let list = patchline.get_with("/admin/users", &ada).await.text();
    assert!(list.contains("Choose the artists of Ben"), "{list}");
    let page = patchline.get_with(&format!("/admin/users?artists={ben}&find=mira"), &ada).await.text();
    for (id, about) in [("art_1", "singer, Oslo"), ("art_2", "band, Leeds")] {
        assert!(choice(&page, id).is_some_and(|text| text.contains(about)), "{id}: {page}");
    }
    assert_eq!(choice(&page, "art_3"), None, "she was not looked for: {page}");

    let save = [("change", "artists"), ("user", ben.as_str()), ("step", "save"), ("artists", "art_2")];
    let saved = choose(&patchline, &ada, &save).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    assert_eq!(saved.headers[header::LOCATION], format!("/admin/users?done=artists&user={ben}"));
    let told = patchline.get_with(&format!("/admin/users?done=artists&user={ben}"), &ada).await.text();
    assert!(told.contains("The artists of Ben are noted."), "{told}");
    let noted = patchline.engine.identity.account(&ben).await.expect("Ben").artists;
    assert_eq!(noted.iter().map(ToString::to_string).collect::<Vec<_>>(), ["art_2"]);
    let none = choose(&patchline, &ada, &save[..3]).await;
    assert_eq!(none.status, StatusCode::SEE_OTHER, "{}", none.text());
    assert!(patchline.engine.identity.account(&ben).await.expect("Ben").artists.is_empty());
}

#[tokio::test]
async fn what_is_chosen_stays_chosen_while_others_are_looked_for() {
    let (patchline, ada, ben) = label().await;
    let look = [
        ("change", "artists"),
        ("user", ben.as_str()),
        ("step", "find"),
        ("artists", "art_1"),
        ("find", "noo, art_2"),
    ];
    let page = choose(&patchline, &ada, &look).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let page = page.text();
    let is_checked = |id: &str| {
        choice(&page, id).map(|text| text.split('>').next().is_some_and(|tag| tag.contains("checked")))
    };
    assert_eq!(
        (is_checked("art_1"), is_checked("art_2"), is_checked("art_3")),
        (Some(true), Some(false), Some(false))
    );
    assert!(
        patchline.engine.identity.account(&ben).await.expect("Ben").artists.is_empty(),
        "nothing is saved"
    );
}

#[tokio::test]
async fn an_artist_that_there_is_not_is_refused_and_the_choice_stays() {
    let (patchline, ada, ben) = label().await;
    let wrong = [
        ("change", "artists"),
        ("user", ben.as_str()),
        ("step", "save"),
        ("artists", "art_1"),
        ("artists", "art_9"),
    ];
    let refused = choose(&patchline, &ada, &wrong).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text());
    let page = refused.text();
    assert!(page.contains("there is no artist of this id"), "{page}");
    assert!(choice(&page, "art_1").is_some() && choice(&page, "art_9").is_some(), "{page}");
    let nobody = [("change", "artists"), ("user", "usr_none"), ("step", "save")];
    assert_eq!(choose(&patchline, &ada, &nobody).await.status, StatusCode::NOT_FOUND);
}

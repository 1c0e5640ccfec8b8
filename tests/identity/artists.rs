//! Whose artists are whose: set by an admin, and taken over by open sessions at once.

use super::sign_in::with_admin;
use crate::support::visitor::session_of;
use crate::support::{Patchline, artist};
use axum::http::StatusCode;
use patchline::engine::identity::IdentityError;
use patchline::engine::sample;
use patchline::model::identifier::ArtistId;
use patchline::model::role::Role;

fn id(text: &str) -> ArtistId {
    text.parse().expect("an id")
}

#[tokio::test]
async fn other_artists_end_the_sessions_and_hold_from_the_next_sign_in_on() {
    let patchline = Patchline::start().await;
    // Before the first page is asked for: what is written past Patchline is seen a moment later only.
    for (id, name) in [("art_1", "Mira"), ("art_2", "Noor")] {
        patchline.put("artists", artist(id, name)).await;
    }
    assert_eq!(patchline.get("/").await.status, StatusCode::OK, "the admin of the tests sees the overview");
    let identity = &patchline.engine.identity;
    let ben = identity.add("Ben", "ben@label.example", Role::Artist).await.expect("added");
    let ben = identity.set_artists(&ben.id, [id("art_1")]).await.expect("set");
    let link = identity.link_for_password(&ben).await.expect("a link").address("");
    let link = link.strip_prefix("/welcome?link=").expect("a link").to_owned();
    let form = [("link", link.as_str()), ("password", "a password of Ben")];
    let first = session_of(&patchline.form_of_stranger("/welcome", &form).await).expect("a session");
    let status = async |path: &str, session: &str| patchline.get_with(path, session).await.status;
    assert_eq!(status("/artists/art_1", &first).await, StatusCode::OK);
    assert_eq!(status("/artists/art_2", &first).await, StatusCode::FORBIDDEN);

    let ben = identity.account(&ben.id).await.expect("Ben");
    let same = identity.set_artists(&ben.id, [id("art_1"), id("art_1")]).await.expect("set");
    assert_eq!(same.generation, ben.generation, "the same artists end nothing");
    let other = identity.set_artists(&ben.id, [id("art_2")]).await.expect("set");
    assert_eq!(other.generation, ben.generation + 1);
    assert_eq!(status("/artists/art_1", &first).await, StatusCode::SEE_OTHER, "the session has ended");
    let second = patchline.sign_in("ben@label.example", "a password of Ben").await.expect("a session");
    assert_eq!(status("/artists/art_1", &second).await, StatusCode::FORBIDDEN);
    assert_eq!(status("/artists/art_2", &second).await, StatusCode::OK);
}

#[tokio::test]
async fn an_artist_that_there_is_not_is_nobodys() {
    let patchline = with_admin().await;
    let identity = &patchline.engine.identity;
    let ben = identity.add("Ben", "ben@label.example", Role::Manager).await.expect("added");
    let refused = identity.set_artists(&ben.id, [id("art_9")]).await.expect_err("there is no such artist");
    assert!(matches!(refused, IdentityError::Unsuitable { field: "artists", .. }), "{refused:?}");
    let many = (0..201).map(|number| id(&format!("art_{number}")));
    let refused = identity.set_artists(&ben.id, many).await.expect_err("too many");
    assert!(refused.to_string().contains("at most 200"), "{refused}");
    assert!(identity.user("ben@label.example").await.expect("Ben").artists.is_empty());
}

#[tokio::test]
async fn the_people_of_the_demo_have_artists_of_the_sample_label() {
    let demo = Patchline::with(&[("MCP_DEMO_MODE", "true"), ("ENABLE_S3", "false")]).await;
    let known = sample::artist_ids(sample::DEFAULT_SEED);
    for (role, count) in
        [(Role::Artist, 1), (Role::Producer, 2), (Role::Manager, 3), (Role::Label, 0), (Role::Admin, 0)]
    {
        let email = format!("{}@demo.example", role.id());
        let user = demo.engine.identity.user(&email).await.expect("an account of the demo");
        assert_eq!(user.artists.len(), count, "{}", role.id());
        assert!(user.artists.iter().all(|artist| known.contains(artist)), "{:?}", user.artists);
    }
}

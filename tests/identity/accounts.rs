//! Looking after accounts.

use super::people::person;
use super::sign_in::with_admin;
use crate::support::artist;
use crate::support::visitor::{EMAIL, session_of};
use patchline::engine::identity::IdentityError;
use patchline::model::identifier::ArtistId;
use patchline::model::role::Role;

#[tokio::test]
async fn two_people_never_have_the_same_e_mail_address() {
    let patchline = with_admin().await;
    let identity = &patchline.engine.identity;
    let taken = identity.add("Somebody", " ADA@label.example", Role::Artist).await;
    assert_eq!(taken, Err(IdentityError::Taken(EMAIL.to_owned())));
    for (name, email) in [("", "ben@label.example"), ("Ben\nAdmin", "ben@label.example"), ("Ben", "ben")] {
        let refused = identity.add(name, email, Role::Artist).await;
        assert!(matches!(refused, Err(IdentityError::Unsuitable { .. })), "{name:?} {email}: {refused:?}");
    }
}

#[tokio::test]
async fn the_only_admin_stays_one_until_there_is_another() {
    let patchline = with_admin().await;
    let identity = &patchline.engine.identity;
    let ada = identity.user(EMAIL).await.expect("the admin");
    let alone = || IdentityError::LastAdmin("Ada".to_owned());
    assert_eq!(identity.set_role(&ada.id, Role::Label).await, Err(alone()));
    assert_eq!(identity.set_disabled(&ada.id, true).await, Err(alone()));
    let eve = identity.add("Eve", "eve@label.example", Role::Admin).await.expect("added");
    assert_eq!(identity.set_role(&ada.id, Role::Label).await, Err(alone()), "Eve cannot sign in yet");
    assert!(identity.set_disabled(&eve.id, true).await.is_ok(), "she is not the one who is needed");
    let (ben, _) = person(&patchline, "Ben", "ben@label.example", "a password of Ben", Role::Admin).await;
    assert_eq!(identity.set_role(&ada.id, Role::Label).await.expect("changed").role, Role::Label);
    assert_eq!(identity.set_disabled(&ben, true).await, Err(IdentityError::LastAdmin("Ben".to_owned())));
    let everybody = identity.users().await.expect("a list");
    let seen: Vec<_> = everybody.iter().map(|user| (user.email.as_str(), user.role)).collect();
    let expected =
        [(EMAIL, Role::Label), ("ben@label.example", Role::Admin), ("eve@label.example", Role::Admin)];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn an_invitation_outlives_another_role_and_other_artists() {
    let patchline = with_admin().await;
    patchline.put("artists", artist("art_1", "Mira")).await;
    let identity = &patchline.engine.identity;
    let ben = identity.add("Ben", "ben@label.example", Role::Artist).await.expect("added");
    let link = identity.link_for_password(&ben).await.expect("a link").address("");
    let link = link.strip_prefix("/welcome?link=").expect("a link");
    identity.set_role(&ben.id, Role::Manager).await.expect("changed");
    let own = "art_1".parse::<ArtistId>().expect("an id");
    identity.set_artists(&ben.id, [own]).await.expect("changed");
    let form = [("link", link), ("password", "a password of Ben")];
    let answer = patchline.form_of_stranger("/welcome", &form).await;
    assert!(session_of(&answer).is_some(), "{}", answer.text());
}

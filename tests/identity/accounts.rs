//! Looking after accounts.

use super::sign_in::with_admin;
use crate::support::visitor::EMAIL;
use patchline::engine::identity::IdentityError;
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
    let ben = identity.add("Ben", "ben@label.example", Role::Admin).await.expect("added");
    assert_eq!(identity.set_role(&ada.id, Role::Label).await.expect("changed").role, Role::Label);
    assert_eq!(identity.set_disabled(&ben.id, true).await, Err(IdentityError::LastAdmin("Ben".to_owned())));
    let everybody = identity.users().await.expect("a list");
    let seen: Vec<_> = everybody.iter().map(|user| (user.email.as_str(), user.role)).collect();
    assert_eq!(seen, [(EMAIL, Role::Label), ("ben@label.example", Role::Admin)]);
}

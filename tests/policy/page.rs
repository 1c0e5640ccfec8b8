//! The page of the policy, as the server renders it.

use crate::support::Patchline;
use axum::http::StatusCode;

#[tokio::test]
async fn the_page_tells_the_mode_the_rules_and_who_may_use_what() {
    let patchline = Patchline::with(&[
        ("MCP_DENIED_TOOLS", "store_contract"),
        ("MCP_TIME_RESTRICTIONS", "Mon-Sun 00:00-24:00"),
    ])
    .await;
    let page = patchline.get("/admin/policy").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let text = page.text();
    for said in [
        "Enforcing: calls that violate a rule are refused.",
        "These tools may not be used: store_contract.",
        "Calls are made within Mon-Sun 00:00-24:00 only",
        "upload_audio_file",
        "role:producer",
        "Nobody has changed the rules yet",
    ] {
        assert!(text.contains(said), "the page says {said:?}: {text}");
    }
}

#[tokio::test]
async fn a_question_in_the_address_is_answered_without_a_script() {
    let patchline = Patchline::with(&[("MCP_TIME_RESTRICTIONS", "Mon-Fri 09:00-18:30")]).await;
    let asked =
        "/admin/policy?role=producer&operation=upload_audio_file&place=patchline-audio&file=a.wav&day=Wed";
    let late = patchline.get(&format!("{asked}&time=22%3A00")).await.text();
    assert!(late.contains("<strong>No") && late.contains("allowed-hours"), "{late}");
    let noon = patchline.get(&format!("{asked}&time=12%3A00")).await.text();
    assert!(noon.contains("<strong>Yes") && noon.contains("role:producer"), "{noon}");
    let wrong = patchline.get("/admin/policy?role=boss&operation=upload_audio_file").await.text();
    assert!(wrong.contains("the roles are artist, producer, manager, label, admin"), "{wrong}");
}

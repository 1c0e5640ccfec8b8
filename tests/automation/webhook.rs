//! A webhook is called with a signature that its receiver can check, and again where it was not taken.

use super::{daily, told, wish};
use crate::policy::{from_here, somebody};
use crate::support::{Patchline, Served};
use aws_lc_rs::hmac;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use patchline::engine::gateway::Role;
use patchline::model::automation::{DeliveryState, DeliveryWay, Notice};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

/// What arrived.
type Arrived = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// Takes the second call, and leaves the first one away.
async fn receive(State(arrived): State<Arrived>, headers: HeaderMap, body: String) -> StatusCode {
    let mut arrived = arrived.lock().unwrap_or_else(PoisonError::into_inner);
    arrived.push((headers, body));
    if arrived.len() == 1 { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::NO_CONTENT }
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).expect(name).to_str().expect("a text")
}

#[tokio::test]
async fn a_webhook_is_signed_and_called_again_until_it_is_taken() {
    let patchline = Patchline::with(&[("PATCHLINE_WEBHOOK_ADDRESSES", "this-machine")]).await;
    let (engine, who) = (&patchline.engine, somebody(Role::Label));
    // Only the test looks, as its time goes on: a call takes longer than a lease of that time.
    engine.automations.stop().await;
    let arrived = Arrived::default();
    let served = Served::of(Router::new().fallback(receive).with_state(Arc::clone(&arrived))).await;
    let notice = Notice { mail: false, webhook: Some(format!("{}/hook", served.url())) };
    let (here, wish) = (from_here(), wish("Is everything working?", daily(), notice));
    let made = engine.automations.create(&who, &here, wish).await.expect("it is kept");
    let secret = made.secret.expect("it is shown once");
    let id = made.automation.id;
    engine.automations.run_now(&who, &from_here(), &id).await.expect("it runs");

    let view = told(engine, &who, &id, Timestamp::now()).await;
    let told = view.runs[0].deliveries.iter().find(|delivery| delivery.way == DeliveryWay::Webhook);
    let told = told.expect("a webhook");
    assert_eq!((told.state, told.attempts), (DeliveryState::Sent, 2), "{told:?}");

    let arrived = arrived.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert_eq!(arrived.len(), 2);
    assert_eq!(header(&arrived[0].0, "webhook-id"), header(&arrived[1].0, "webhook-id"));
    let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("its form")).expect("base64");
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    for (headers, body) in &arrived {
        let signed = header(headers, "webhook-signature").strip_prefix("v1,").expect("its form");
        let signed = STANDARD.decode(signed).expect("base64");
        let (id, at) = (header(headers, "webhook-id"), header(headers, "webhook-timestamp"));
        assert!(hmac::verify(&key, format!("{id}.{at}.{body}").as_bytes(), &signed).is_ok());
        let body: Value = serde_json::from_str(body).expect("JSON");
        assert_eq!(body["data"]["automation"]["name"], "Every morning");
    }
}

//! A provider of OpenID Connect, written by hand so that it can say anything.

use super::{Served, free_port};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::Url;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

/// As whom Patchline asks there.
const CLIENT: &str = "patchline";
const SECRET: &str = "a secret/of the tests";

/// The provider.
pub(crate) struct Provider {
    served: Served,
    parts: Arc<Parts>,
}

struct Parts {
    issuer: String,
    manner: Mutex<Manner>,
}

/// A key pair, and what it is called.
struct Key {
    id: String,
    pair: Pair,
}

enum Pair {
    Curve(EcdsaKeyPair),
    Rsa(Box<RsaKeyPair>),
}

/// How tokens are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signing {
    /// With the key that is shown.
    Rightly,
    /// Not at all, and saying so.
    NotAtAll,
    /// With the public key as if it were a shared secret.
    WithThePublicKey,
    /// With another key of the same name.
    ByStranger,
    /// With another key of a name that nobody has shown.
    UnderAnotherName,
}

/// How it behaves.
struct Manner {
    /// What it says of whoever signs in, in the token.
    claims: Value,
    /// And where it is asked for more.
    more: Value,
    signing: Signing,
    key: Key,
    codes: HashMap<String, Asked>,
    given_codes: u32,
    /// What differs from the usual in its description.
    description: Value,
    asked_for_keys: u32,
}

/// What somebody signed in for.
struct Asked {
    nonce: String,
    challenge: String,
    redirect: String,
}

impl Key {
    fn on_curve(id: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key pair");
        Self { id: id.to_owned(), pair: Pair::Curve(pair) }
    }

    fn rsa(id: &str) -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key pair");
        Self { id: id.to_owned(), pair: Pair::Rsa(Box::new(pair)) }
    }

    fn algorithm(&self) -> &'static str {
        match self.pair {
            Pair::Curve(_) => "ES256",
            Pair::Rsa(_) => "RS256",
        }
    }

    fn public(&self) -> &[u8] {
        match &self.pair {
            Pair::Curve(pair) => pair.public_key().as_ref(),
            Pair::Rsa(pair) => pair.public_key().as_ref(),
        }
    }

    /// As it is shown (RFC 7517).
    fn shown(&self) -> Value {
        let public = self.public();
        let mut shown = match self.pair {
            Pair::Curve(_) => {
                let (x, y) = public[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "x": text(x), "y": text(y) })
            }
            Pair::Rsa(_) => {
                // A sequence of two numbers: 256 bytes after a zero, and 65537.
                assert_eq!(public[4..9], [0x02, 0x82, 0x01, 0x01, 0x00], "the public key in DER");
                json!({ "kty": "RSA", "n": text(&public[9..265]), "e": "AQAB" })
            }
        };
        shown["kid"] = json!(self.id);
        shown["use"] = json!("sig");
        shown
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Curve(pair) => pair.sign(&random, message).expect("a signature").as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).expect("a signature");
                signature
            }
        }
    }
}

impl Provider {
    /// One that knows Ana, who is on the label's staff.
    pub(crate) async fn start() -> Self {
        let listener = free_port().await;
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let claims = json!({
            "sub": "ana-1", "email": "ana@label.example", "email_verified": true, "name": "Ana Holm",
            "groups": ["everybody", "staff"],
        });
        let manner = Manner {
            claims,
            more: json!({}),
            signing: Signing::Rightly,
            key: Key::on_curve("first"),
            codes: HashMap::new(),
            given_codes: 0,
            description: json!({}),
            asked_for_keys: 0,
        };
        let parts = Arc::new(Parts { issuer, manner: Mutex::new(manner) });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/elsewhere", post(|| async { Redirect::temporary("/token") }))
            .route("/userinfo", get(userinfo))
            .with_state(Arc::clone(&parts));
        Self { served: Served::on(listener, router), parts }
    }

    /// The settings of a Patchline that believes it.
    pub(crate) fn settings(&self) -> [(&'static str, &str); 5] {
        [
            ("PATCHLINE_OIDC_ISSUER", self.parts.issuer.as_str()),
            ("PATCHLINE_OIDC_CLIENT_ID", CLIENT),
            ("PATCHLINE_OIDC_CLIENT_SECRET", SECRET),
            ("PATCHLINE_OIDC_NAME", "Northlight"),
            ("PATCHLINE_OIDC_ROLES", "admins=admin,staff=label,artists=artist"),
        ]
    }

    /// Its name.
    pub(crate) fn issuer(&self) -> &str {
        &self.parts.issuer
    }

    /// Answers no more.
    pub(crate) fn stop(self) {
        drop(self.served);
    }

    /// From now on its tokens say this in place of what they said.
    pub(crate) fn says(&self, claims: Value) {
        merge(&mut self.parts.manner().claims, claims);
    }

    /// From now on it says this, too, where it is asked for more.
    pub(crate) fn says_more(&self, claims: Value) {
        merge(&mut self.parts.manner().more, claims);
    }

    /// From now on its tokens say nothing of this.
    pub(crate) fn is_silent_on(&self, claims: &[&str]) {
        let mut manner = self.parts.manner();
        let known = manner.claims.as_object_mut().expect("an object");
        known.retain(|name, _| !claims.contains(&name.as_str()));
    }

    /// From now on it describes itself with this.
    pub(crate) fn describes(&self, description: Value) {
        merge(&mut self.parts.manner().description, description);
    }

    pub(crate) fn signs(&self, signing: Signing) {
        self.parts.manner().signing = signing;
    }

    /// Signs with another key from now on, and shows no other.
    pub(crate) fn rotates(&self) {
        self.parts.manner().key = Key::on_curve("second");
    }

    /// Signs with a key of the kind that most providers have.
    pub(crate) fn signs_with_rsa(&self) {
        self.parts.manner().key = Key::rsa("rsa");
    }

    /// How often somebody has asked for its keys.
    pub(crate) fn asked_for_keys(&self) -> u32 {
        self.parts.manner().asked_for_keys
    }

    /// Lets a person in who was led to this page, and answers with what the browser brings back.
    pub(crate) fn lets_in(&self, page: &str) -> HashMap<String, String> {
        let page = Url::parse(page).expect("the page of the provider");
        let mut asked: HashMap<String, String> = page.query_pairs().into_owned().collect();
        let mut take = |name: &str| asked.remove(name).unwrap_or_else(|| panic!("{page} has no {name}"));
        assert_eq!((take("response_type"), take("client_id")), ("code".to_owned(), CLIENT.to_owned()));
        assert_eq!(take("code_challenge_method"), "S256");
        assert_eq!(take("scope"), "openid profile email");
        let state = take("state");
        let attempt =
            Asked { nonce: take("nonce"), challenge: take("code_challenge"), redirect: take("redirect_uri") };
        let mut manner = self.parts.manner();
        let code = format!("code-{}", manner.given_codes);
        manner.given_codes += 1;
        manner.codes.insert(code.clone(), attempt);
        let back = [("code", code), ("state", state), ("iss", self.parts.issuer.clone())];
        back.map(|(name, value)| (name.to_owned(), value)).into()
    }
}

impl Parts {
    fn manner(&self) -> MutexGuard<'_, Manner> {
        self.manner.lock().expect("no test panics while it holds this")
    }
}

impl Manner {
    /// A token about whoever signed in with this nonce.
    fn token(&self, issuer: &str, nonce: &str) -> String {
        let now = jiff::Timestamp::now().as_second();
        let mut claims =
            json!({ "iss": issuer, "aud": CLIENT, "nonce": nonce, "iat": now, "exp": now + 300 });
        merge(&mut claims, self.claims.clone());
        let mut head = json!({ "typ": "JWT", "kid": self.key.id, "alg": self.key.algorithm() });
        match self.signing {
            Signing::NotAtAll => head["alg"] = json!("none"),
            Signing::WithThePublicKey => head["alg"] = json!("HS256"),
            Signing::UnderAnotherName => head["kid"] = json!("nobody's"),
            Signing::Rightly | Signing::ByStranger => {}
        }
        let message = format!("{}.{}", text(head.to_string()), text(claims.to_string()));
        let signature = match self.signing {
            Signing::Rightly => self.key.sign(message.as_bytes()),
            Signing::NotAtAll => Vec::new(),
            Signing::WithThePublicKey => {
                let secret = hmac::Key::new(hmac::HMAC_SHA256, self.key.public());
                hmac::sign(&secret, message.as_bytes()).as_ref().to_vec()
            }
            Signing::ByStranger | Signing::UnderAnotherName => {
                Key::on_curve("stranger").sign(message.as_bytes())
            }
        };
        format!("{message}.{}", text(signature))
    }
}

async fn describe(State(parts): State<Arc<Parts>>) -> Json<Value> {
    let issuer = &parts.issuer;
    let mut description = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/keys"),
        "authorization_response_iss_parameter_supported": true,
    });
    merge(&mut description, parts.manner().description.clone());
    Json(description)
}

async fn keys(State(parts): State<Arc<Parts>>) -> Json<Value> {
    let mut manner = parts.manner();
    manner.asked_for_keys += 1;
    Json(json!({ "keys": [manner.key.shown()] }))
}

async fn token(
    State(parts): State<Arc<Parts>>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let refuse = |why: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": why }))).into_response();
    // As forms have it, before both are joined.
    let known = STANDARD.encode("patchline:a%20secret%2Fof%20the%20tests");
    let shown = headers.get(header::AUTHORIZATION).and_then(|shown| shown.to_str().ok());
    if shown != Some(format!("Basic {known}").as_str()) {
        return refuse("invalid_client");
    }
    let field = |name: &str| form.get(name).cloned().unwrap_or_default();
    let mut manner = parts.manner();
    let Some(asked) = manner.codes.remove(&field("code")) else { return refuse("invalid_grant") };
    let challenge = text(Sha256::digest(field("code_verifier")));
    let is_right = field("grant_type") == "authorization_code"
        && field("redirect_uri") == asked.redirect
        && challenge == asked.challenge;
    if !is_right {
        return refuse("invalid_grant");
    }
    let token = manner.token(&parts.issuer, &asked.nonce);
    Json(json!({ "token_type": "Bearer", "access_token": "for-more", "id_token": token })).into_response()
}

async fn userinfo(State(parts): State<Arc<Parts>>, headers: HeaderMap) -> Response {
    if headers.get(header::AUTHORIZATION).is_none_or(|shown| shown != "Bearer for-more") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let manner = parts.manner();
    let mut more = json!({ "sub": manner.claims["sub"] });
    merge(&mut more, manner.more.clone());
    Json(more).into_response()
}

fn text(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Puts fields into an object, in place of those of the same name.
fn merge(object: &mut Value, fields: Value) {
    let Value::Object(fields) = fields else { panic!("{fields} is no object") };
    for (name, value) in fields {
        object[name] = value;
    }
}

//! An authorization server that signs whatever a test wants.

use super::{Served, free_port};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tempfile::NamedTempFile;

/// The address that clients know the Patchline of tests by, where nothing else is configured.
pub(crate) const PUBLIC_URL: &str = "http://127.0.0.1:3000";

/// A running authorization server.
pub(crate) struct TokenIssuer {
    served: Served,
    key: Arc<Mutex<Key>>,
}

/// The key that it signs with now.
struct Key {
    id: String,
    pair: EcdsaKeyPair,
}

impl Key {
    fn generate(number: u32) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
        Self { id: format!("key-{number}"), pair }
    }

    /// As others know it.
    fn public(&self) -> Value {
        let point: &[u8] = self.pair.public_key().as_ref();
        json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id,
            "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..]),
        })
    }
}

impl TokenIssuer {
    pub(crate) async fn start() -> Self {
        let listener = free_port().await;
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let key = Arc::new(Mutex::new(Key::generate(1)));
        let metadata = json!({ "issuer": url, "jwks_uri": format!("{url}/keys") });
        let kept = Arc::clone(&key);
        let keys = move || {
            let key = kept.lock().expect("no test panics while it holds this").public();
            std::future::ready(Json(json!({ "keys": [key] })))
        };
        let router = Router::new()
            .route(
                "/.well-known/openid-configuration",
                get(move || std::future::ready(Json(metadata.clone()))),
            )
            .route("/keys", get(keys));
        Self { served: Served::on(listener, router), key }
    }

    /// Its name.
    pub(crate) fn url(&self) -> String {
        self.served.url()
    }

    /// Signs with another key from now on, and knows the one before no more.
    pub(crate) fn rotate(&self, number: u32) {
        *self.key.lock().expect("no test panics while it holds this") = Key::generate(number);
    }

    /// What it says of a program of a person that is right in everything, with these scopes, at an address.
    pub(crate) fn claims(&self, resource: &str, scope: &str) -> Value {
        let now = jiff::Timestamp::now().as_second();
        json!({
            "iss": self.url(), "sub": "person-7", "name": "Ben Berg", "client_id": "weekly-report",
            "aud": resource, "scope": scope, "iat": now, "exp": now + 300, "jti": "1",
        })
    }

    /// The head of an access token.
    pub(crate) fn head(&self) -> Value {
        let id = self.key.lock().expect("no test panics while it holds this").id.clone();
        json!({ "typ": "at+jwt", "alg": "ES256", "kid": id })
    }

    /// An access token that says this.
    pub(crate) fn token(&self, claims: &Value) -> String {
        self.signed(&self.head(), claims)
    }

    /// A token with this head, signed as one with that of [`Self::head`] is.
    pub(crate) fn signed(&self, head: &Value, claims: &Value) -> String {
        let message = message(head, claims);
        let key = self.key.lock().expect("no test panics while it holds this");
        let signature = key.pair.sign(&SystemRandom::new(), message.as_bytes()).expect("it signs");
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// The same with the public key for a secret, in each form in which a careless library could take it.
    pub(crate) fn signed_with_public_key(&self, head: &Value, claims: &Value) -> Vec<String> {
        let message = message(head, claims);
        let key = self.key.lock().expect("no test panics while it holds this");
        let point: &[u8] = key.pair.public_key().as_ref();
        let point = point.to_vec();
        let published = key.public().to_string().into_bytes();
        let forged = [point[1..].to_vec(), point, published].map(|secret| {
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), message.as_bytes());
            format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))
        });
        forged.to_vec()
    }
}

/// A token that nobody has signed.
pub(crate) fn unsigned(head: &Value, claims: &Value) -> String {
    format!("{}.", message(head, claims))
}

fn message(head: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(head), part(claims))
}

/// A file for `MCP_TOKEN_ISSUERS`.
pub(crate) fn issuers_file(tables: &str) -> NamedTempFile {
    let file = NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), tables).expect("it is written");
    file
}

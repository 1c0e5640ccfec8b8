//! The public keys of an issuer (RFC 7517).

use super::{Fetcher, IssuerError};
use crate::engine::config::SigningAlgorithm;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use reqwest::Url;
use serde::Deserialize;
use serde_json::Value;

/// The most keys that are looked at.
const MOST: usize = 100;

/// All keys of an issuer that can be used.
#[derive(Debug)]
pub(super) struct KeySet(Vec<Key>);

/// A key, and for which signatures it is.
#[derive(Debug)]
pub(super) struct Key {
    id: Option<String>,
    algorithms: Vec<SigningAlgorithm>,
    pub(super) public: DecodingKey,
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

impl KeySet {
    pub(super) async fn ask(url: &Url, fetcher: &Fetcher) -> Result<Self, IssuerError> {
        Ok(Self::of(fetcher.read::<Document>(url).await?))
    }

    /// Keys of kinds that are not known here hide no others.
    fn of(document: Document) -> Self {
        let keys = document.keys.into_iter().take(MOST);
        Self(
            keys.filter_map(|key| serde_json::from_value::<Jwk>(key).ok().as_ref().and_then(usable))
                .collect(),
        )
    }

    /// The key for a signature. A token that names none can only have been signed with the only one.
    pub(super) fn find(&self, id: Option<&str>, algorithm: SigningAlgorithm) -> Option<&Key> {
        let mut fitting = self.0.iter().filter(|key| key.algorithms.contains(&algorithm));
        match id {
            Some(id) => fitting.find(|key| key.id.as_deref() == Some(id)),
            None => fitting.next().filter(|_| fitting.next().is_none()),
        }
    }
}

/// A key that is for signatures.
fn usable(key: &Jwk) -> Option<Key> {
    use SigningAlgorithm::{EdDsa, Es256, Es384, Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
    if !matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return None;
    }
    let fitting: &[SigningAlgorithm] = match &key.algorithm {
        AlgorithmParameters::RSA(_) => &[Rs256, Rs384, Rs512, Ps256, Ps384, Ps512],
        AlgorithmParameters::EllipticCurve(parameters) => match parameters.curve {
            EllipticCurve::P256 => &[Es256],
            EllipticCurve::P384 => &[Es384],
            _ => &[],
        },
        AlgorithmParameters::OctetKeyPair(parameters) if parameters.curve == EllipticCurve::Ed25519 => {
            &[EdDsa]
        }
        // A secret has no business in a list of public keys.
        _ => &[],
    };
    let said = key.common.key_algorithm.map(|algorithm| algorithm.to_string());
    let is_for = |algorithm: &SigningAlgorithm| said.as_deref().is_none_or(|said| said == algorithm.id());
    let algorithms: Vec<_> = fitting.iter().copied().filter(is_for).collect();
    if algorithms.is_empty() {
        return None;
    }
    let public = DecodingKey::from_jwk(key).ok()?;
    Some(Key { id: key.common.key_id.clone(), algorithms, public })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::config::SigningAlgorithm::{EdDsa, Es256, Ps256, Rs256};
    use serde_json::json;

    fn set(keys: Value) -> KeySet {
        KeySet::of(serde_json::from_value(json!({ "keys": keys })).unwrap())
    }

    #[test]
    fn a_key_is_found_by_its_name_and_only_for_what_it_is_for() {
        let rsa = |id: &str, algorithm: &str| json!({ "kty": "RSA", "kid": id, "alg": algorithm, "use": "sig", "n": "AQAB", "e": "AQAB" });
        let set = set(json!([rsa("a", "RS256"), rsa("b", "PS256")]));
        assert!(set.find(Some("a"), Rs256).is_some());
        assert!(set.find(Some("a"), Ps256).is_none());
        assert!(set.find(Some("c"), Rs256).is_none());
        assert!(set.find(None, Rs256).is_some(), "there is only one");
        assert!(set.find(None, Es256).is_none());
    }

    #[test]
    fn of_several_keys_none_is_guessed() {
        let rsa = |id: &str| json!({ "kty": "RSA", "kid": id, "n": "AQAB", "e": "AQAB" });
        assert!(set(json!([rsa("a"), rsa("b")])).find(None, Rs256).is_none());
    }

    #[test]
    fn secrets_and_keys_for_other_things_are_passed_over_and_hide_no_others() {
        let set = set(json!([
            { "kty": "oct", "kid": "a", "k": "c2VjcmV0" },
            { "kty": "RSA", "kid": "a", "use": "enc", "n": "AQAB", "e": "AQAB" },
            { "kty": "RSA", "kid": "a", "alg": "RSA-OAEP", "n": "AQAB", "e": "AQAB" },
            { "kty": "AKP", "kid": "a", "alg": "ML-DSA-44", "pub": "AQAB" },
            "nothing",
            { "kty": "OKP", "kid": "a", "crv": "Ed25519", "x": "AQAB" },
        ]));
        assert!(set.find(Some("a"), EdDsa).is_some());
        assert!(set.find(Some("a"), Rs256).is_none());
    }
}

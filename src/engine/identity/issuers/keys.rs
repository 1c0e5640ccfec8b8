//! The public keys of an issuer (RFC 7517).

use super::{Fetcher, IssuerError};
use crate::engine::config::SigningAlgorithm;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{DecodingKey, DecodingKeyKind};
use reqwest::Url;
use serde::Deserialize;
use serde_json::Value;
use std::ops::RangeInclusive;

/// The most keys that are looked at.
const MOST: usize = 100;

/// How many bits a key of RSA has (RFC 7518, 3.3: 2,048 at least; beyond 8,192 looking at signatures is slow).
const BITS_OF_RSA: RangeInclusive<usize> = 2048..=8192;

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
        Self(document.keys.into_iter().take(MOST).filter_map(read).collect())
    }

    /// Whether there is no key that could be used.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The key for a signature. Where several would do none is guessed: neither of those of one name, nor for a
    /// token that names none, which can only have been signed with the only one.
    pub(super) fn find(&self, id: Option<&str>, algorithm: SigningAlgorithm) -> Option<&Key> {
        let is_named = |key: &Key| id.is_none_or(|id| key.id.as_deref() == Some(id));
        let mut fitting = self.0.iter().filter(|key| key.algorithms.contains(&algorithm) && is_named(key));
        fitting.next().filter(|_| fitting.next().is_none())
    }
}

/// A key of the document, where it can be used. Whoever shows the private part of a key has given it to everybody,
/// and nobody's signature is worth anything with it.
fn read(key: Value) -> Option<Key> {
    if key.get("d").is_some() {
        tracing::warn!("an issuer shows the private part of a key, which is not used therefore");
        return None;
    }
    serde_json::from_value::<Jwk>(key).ok().as_ref().and_then(usable)
}

/// A key that is for signatures.
fn usable(key: &Jwk) -> Option<Key> {
    use SigningAlgorithm::{EdDsa, Es256, Es384, Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
    if !matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return None;
    }
    if key.common.key_operations.as_ref().is_some_and(|all| !all.contains(&KeyOperations::Verify)) {
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
    if let Some(bits) = bits_of_rsa(&public)
        && !BITS_OF_RSA.contains(&bits)
    {
        tracing::warn!(bits, "an issuer has a key of RSA that is too small or too large, and is not used");
        return None;
    }
    Some(Key { id: key.common.key_id.clone(), algorithms, public })
}

/// How many bits a key of RSA has; none for another key.
fn bits_of_rsa(key: &DecodingKey) -> Option<usize> {
    let DecodingKeyKind::RsaModulusExponent { n, .. } = key.kind() else { return None };
    let mut digits = n.iter().skip_while(|digit| **digit == 0);
    let Some(first) = digits.next() else { return Some(0) };
    let of_first = u8::BITS - first.leading_zeros();
    Some(digits.count() * 8 + usize::try_from(of_first).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::config::SigningAlgorithm::{EdDsa, Es256, Ps256, Rs256};
    use crate::fuzzing;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    /// A modulus of so many bytes, as it is written.
    fn modulus(bytes: usize) -> String {
        URL_SAFE_NO_PAD.encode(vec![0xC3; bytes])
    }

    fn set(keys: Value) -> KeySet {
        KeySet::of(serde_json::from_value(json!({ "keys": keys })).unwrap())
    }

    #[test]
    fn a_key_is_found_by_its_name_and_only_for_what_it_is_for() {
        let rsa = |id: &str, algorithm: &str| json!({ "kty": "RSA", "kid": id, "alg": algorithm, "use": "sig", "n": modulus(256), "e": "AQAB" });
        let set = set(json!([rsa("a", "RS256"), rsa("b", "PS256")]));
        assert!(set.find(Some("a"), Rs256).is_some());
        assert!(set.find(Some("a"), Ps256).is_none());
        assert!(set.find(Some("c"), Rs256).is_none());
        assert!(set.find(None, Rs256).is_some(), "there is only one");
        assert!(set.find(None, Es256).is_none());
    }

    #[test]
    fn of_several_keys_none_is_guessed() {
        let rsa = |id: &str| json!({ "kty": "RSA", "kid": id, "n": modulus(256), "e": "AQAB" });
        assert!(set(json!([rsa("a"), rsa("b")])).find(None, Rs256).is_none());
    }

    #[test]
    fn secrets_and_keys_for_other_things_are_passed_over_and_hide_no_others() {
        let set = set(json!([
            { "kty": "oct", "kid": "a", "k": "c2VjcmV0" },
            { "kty": "RSA", "kid": "a", "use": "enc", "n": modulus(256), "e": "AQAB" },
            { "kty": "RSA", "kid": "a", "alg": "RSA-OAEP", "n": modulus(256), "e": "AQAB" },
            { "kty": "AKP", "kid": "a", "alg": "ML-DSA-44", "pub": "AQAB" },
            "nothing",
            { "kty": "OKP", "kid": "a", "crv": "Ed25519", "x": "AQAB" },
        ]));
        assert!(set.find(Some("a"), EdDsa).is_some());
        assert!(set.find(Some("a"), Rs256).is_none());
    }

    #[test]
    fn of_two_keys_of_one_name_none_is_guessed() {
        let rsa = |algorithm: &str| json!({ "kty": "RSA", "kid": "a", "alg": algorithm, "n": modulus(256), "e": "AQAB" });
        assert!(set(json!([rsa("RS256"), rsa("RS256")])).find(Some("a"), Rs256).is_none());
        let each = set(json!([rsa("RS256"), rsa("PS256")]));
        assert!(each.find(Some("a"), Rs256).is_some() && each.find(Some("a"), Ps256).is_some());
    }

    #[test]
    fn a_key_of_rsa_is_neither_too_small_nor_too_large() {
        for (bytes, is_used) in
            [(0, false), (128, false), (255, false), (256, true), (1024, true), (1025, false)]
        {
            let set = set(json!([{ "kty": "RSA", "kid": "a", "n": modulus(bytes), "e": "AQAB" }]));
            assert_eq!(set.find(Some("a"), Rs256).is_some(), is_used, "{bytes} bytes");
            assert_eq!(set.is_empty(), !is_used, "{bytes} bytes");
        }
        let padded = URL_SAFE_NO_PAD.encode([vec![0; 200], vec![0xC3; 100]].concat());
        let set = set(json!([{ "kty": "RSA", "kid": "a", "n": padded, "e": "AQAB" }]));
        assert!(set.is_empty(), "zeros before it make it no larger");
    }

    #[test]
    fn a_key_that_is_shown_with_its_private_part_or_is_for_something_else_is_not_used() {
        let rsa = |name: &str, value: Value| {
            let mut key = json!({ "kty": "RSA", "kid": "a", "n": modulus(256), "e": "AQAB" });
            key[name] = value;
            set(json!([key]))
        };
        assert!(rsa("key_ops", json!(["verify"])).find(Some("a"), Rs256).is_some());
        for (name, value) in [
            ("d", json!("AQAB")),
            ("d", Value::Null),
            ("key_ops", json!(["encrypt", "wrapKey"])),
            ("key_ops", json!([])),
            ("use", json!("tls")),
            ("alg", json!("none")),
            ("alg", json!("HS256")),
            ("alg", json!(7)),
            ("kty", json!("rsa")),
            ("kid", json!(["a"])),
            ("n", json!("not base64 !")),
            ("n", json!(65_537)),
            ("e", Value::Null),
        ] {
            assert!(rsa(name, value.clone()).find(Some("a"), Rs256).is_none(), "{name}: {value}");
        }
    }

    #[test]
    fn fuzz_key_set_of_an_issuer() {
        let modulus = modulus(256);
        let rsa = format!(r#"{{"keys":[{{"kty":"RSA","kid":"a","use":"sig","n":"{modulus}","e":"AQAB"}}]}}"#);
        let others =
            r#"{"keys":[{"kty":"OKP","kid":"b","crv":"Ed25519","x":"AQAB"},{"kty":"oct","k":"AQAB"}]}"#;
        let curve = r#"{"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","kid":"c","x":"AQAB","y":"AQAB"}]}"#;
        let words =
            [r#""kid":"a","#, r#""alg":"none","#, r#""use":"enc","#, r#""d":"AQAB","#, "[{", "}]", "null"];
        fuzzing::bytes(400, &[rsa.as_bytes(), others.as_bytes(), curve.as_bytes()], &words, |bytes| {
            let Ok(document) = serde_json::from_slice::<Document>(bytes) else { return };
            let set = KeySet::of(document);
            assert!(set.0.len() <= MOST);
            for key in &set.0 {
                assert!(!key.algorithms.is_empty(), "a key that is for nothing is none");
                assert!(bits_of_rsa(&key.public).is_none_or(|bits| BITS_OF_RSA.contains(&bits)));
            }
        });
    }
}

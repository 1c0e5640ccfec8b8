//! Whether a token is an issuer's, and of now.

use super::keys::KeySet;
use super::{Issuer, IssuerError};
use crate::engine::config::SigningAlgorithm;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// By how much clocks may differ, in seconds.
pub(in crate::engine::identity) const LEEWAY: u64 = 60;

/// The longest token that is looked at, in bytes.
const LONGEST: usize = 16 * 1024;

/// A token of an issuer: its signature, its issuer and its times are right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<C> {
    /// What kind of token it says that it is: `at+jwt` for an access token (RFC 9068).
    pub kind: Option<String>,
    /// What it says.
    pub claims: C,
}

/// Why a token is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is none, or none of those that can be read.
    #[error("it is not a signed token")]
    Malformed,
    /// It is signed in a way that is not allowed for its issuer, or not at all.
    #[error("it is not signed in a way that is allowed for its issuer")]
    Algorithm,
    /// The issuer has no such key that could be used, or several of that name.
    #[error("it is signed with a key that its issuer does not have, or not under a name of its own")]
    UnknownKey,
    /// The signature is wrong.
    #[error("its signature is wrong")]
    Signature,
    /// Another issuer made it.
    #[error("another issuer made it")]
    Issuer,
    /// Its time is over.
    #[error("it has expired")]
    Expired,
    /// Its time has not come.
    #[error("it is not valid yet")]
    NotYetValid,
    /// It does not say what it has to say.
    #[error("it does not say what it has to say: {0}")]
    Claims(String),
    /// The keys to look at it with are not at hand.
    #[error(transparent)]
    Keys(#[from] IssuerError),
}

impl Issuer {
    /// Looks at a token: whether this issuer signed it, with a key of its own and in a way that is allowed for
    /// it, names itself in it, and whether it is valid now. Not whom it is for.
    ///
    /// # Errors
    /// Why the token is not believed.
    pub async fn verify<C: DeserializeOwned>(&self, token: &str) -> Result<Verified<C>, TokenError> {
        let (header, algorithm) = self.header(token)?;
        let key = self.key(header.kid.as_deref(), algorithm).await?;
        let claims = self.claims(token, header.alg, &key)?;
        let claims = serde_json::from_value(claims).map_err(|error| TokenError::Claims(error.to_string()))?;
        Ok(Verified { kind: header.typ, claims })
    }

    /// The head of a token. Nobody has signed that yet.
    fn header(&self, token: &str) -> Result<(Header, SigningAlgorithm), TokenError> {
        if token.len() > LONGEST || token.split('.').count() != 3 {
            return Err(TokenError::Malformed);
        }
        // The library knows no `none`; that is told apart from what is no token at all.
        let header = jsonwebtoken::decode_header(token).map_err(|error| match error.kind() {
            ErrorKind::Json(_) => TokenError::Algorithm,
            _ => TokenError::Malformed,
        })?;
        // What has to be understood and is not.
        if header.crit.is_some() {
            return Err(TokenError::Malformed);
        }
        let algorithm = SigningAlgorithm::ALL.into_iter().find(|known| in_library(*known) == header.alg);
        let allowed = algorithm.filter(|algorithm| self.settings.algorithms.contains(algorithm));
        allowed.map(|algorithm| (header, algorithm)).ok_or(TokenError::Algorithm)
    }

    async fn key(&self, id: Option<&str>, algorithm: SigningAlgorithm) -> Result<DecodingKey, TokenError> {
        let find = |keys: &KeySet| keys.find(id, algorithm).map(|key| key.public.clone());
        let keys = self.keys().await?;
        if let Some(key) = find(&keys) {
            return Ok(key);
        }
        let newer = self.newer_keys(&keys).await?;
        newer.and_then(|keys| find(&keys)).ok_or(TokenError::UnknownKey)
    }

    fn claims(&self, token: &str, algorithm: Algorithm, key: &DecodingKey) -> Result<Value, TokenError> {
        let mut wanted = Validation::new(algorithm);
        wanted.leeway = LEEWAY;
        wanted.validate_nbf = true;
        // Its reader knows whom it has to be for.
        wanted.validate_aud = false;
        wanted.set_issuer(&[self.name()]);
        wanted.set_required_spec_claims(&["exp", "iss"]);
        let decoded = jsonwebtoken::decode::<Value>(token, key, &wanted);
        let claims = decoded.map_err(|error| why(error.kind()))?.claims;
        // The library also takes a list that has the issuer among others.
        if claims.get("iss").and_then(Value::as_str) == Some(self.name()) {
            Ok(claims)
        } else {
            Err(TokenError::Issuer)
        }
    }
}

fn why(kind: &ErrorKind) -> TokenError {
    match kind {
        ErrorKind::InvalidSignature => TokenError::Signature,
        ErrorKind::ExpiredSignature => TokenError::Expired,
        ErrorKind::ImmatureSignature => TokenError::NotYetValid,
        ErrorKind::InvalidIssuer => TokenError::Issuer,
        ErrorKind::MissingRequiredClaim(claim) => TokenError::Claims(format!("{claim} is missing")),
        ErrorKind::InvalidClaimFormat(claim) => TokenError::Claims(format!("{claim} cannot be read")),
        ErrorKind::InvalidAlgorithm | ErrorKind::UnsupportedAlgorithm | ErrorKind::InvalidKeyFormat => {
            TokenError::Algorithm
        }
        _ => TokenError::Malformed,
    }
}

/// The name of an algorithm in the library of tokens.
fn in_library(algorithm: SigningAlgorithm) -> Algorithm {
    match algorithm {
        SigningAlgorithm::Rs256 => Algorithm::RS256,
        SigningAlgorithm::Rs384 => Algorithm::RS384,
        SigningAlgorithm::Rs512 => Algorithm::RS512,
        SigningAlgorithm::Ps256 => Algorithm::PS256,
        SigningAlgorithm::Ps384 => Algorithm::PS384,
        SigningAlgorithm::Ps512 => Algorithm::PS512,
        SigningAlgorithm::Es256 => Algorithm::ES256,
        SigningAlgorithm::Es384 => Algorithm::ES384,
        SigningAlgorithm::EdDsa => Algorithm::EdDSA,
    }
}

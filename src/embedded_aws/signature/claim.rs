//! A signature as a request claims it, and its verification.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::canonical::canonical_request;
use super::scope::{find_field, incomplete};
use super::{CredentialScope, SignatureProblem};

/// How far the clocks of both sides may differ.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(15);
const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// These decide what a request means, so a signature that leaves them out proves nothing.
const MUST_BE_SIGNED: [&str; 3] = ["x-amz-date", "x-amz-target", "x-amz-security-token"];

/// The signature in an `Authorization` header, not yet believed.
#[derive(Debug)]
pub(crate) struct Claim {
    scope: CredentialScope,
    signed_headers: Vec<String>,
    signature: String,
    /// The time of signing, as it was written.
    date_text: String,
    date: Timestamp,
}

impl Claim {
    /// Reads the claim from the headers.
    pub(crate) fn parse(headers: &HeaderMap) -> Result<Self, SignatureProblem> {
        let header = headers.get(AUTHORIZATION).ok_or(SignatureProblem::Missing)?;
        let fields = header
            .to_str()
            .ok()
            .and_then(|text| text.strip_prefix(ALGORITHM))
            .ok_or_else(|| incomplete("Authorization must begin with AWS4-HMAC-SHA256"))?;
        let field = |name| {
            find_field(fields, name).ok_or_else(|| incomplete(&format!("Authorization requires '{name}'")))
        };
        let mut signed_headers: Vec<String> =
            field("SignedHeaders")?.split(';').map(str::to_ascii_lowercase).collect();
        signed_headers.sort_unstable();
        let date_text = headers
            .get("x-amz-date")
            .and_then(|value| value.to_str().ok())
            .ok_or_else(|| incomplete("the header x-amz-date is missing"))?;
        let claim = Self {
            scope: field("Credential")?.parse()?,
            signature: field("Signature")?.to_owned(),
            date: parse_date(date_text).ok_or_else(|| incomplete("x-amz-date must be YYYYMMDDTHHMMSSZ"))?,
            date_text: date_text.to_owned(),
            signed_headers,
        };
        claim.check_coverage(headers)?;
        Ok(claim)
    }

    fn check_coverage(&self, headers: &HeaderMap) -> Result<(), SignatureProblem> {
        let is_signed = |name: &str| self.signed_headers.iter().any(|signed| signed == name);
        if !is_signed("host") {
            return Err(incomplete("the header host must be signed"));
        }
        match MUST_BE_SIGNED.iter().find(|name| headers.contains_key(**name) && !is_signed(name)) {
            Some(name) => Err(incomplete(&format!("the header {name} must be signed"))),
            None if !self.date_text.starts_with(&self.scope.date) => {
                Err(incomplete("the date in Credential must be that of x-amz-date"))
            }
            None => Ok(()),
        }
    }

    /// The access key that it names.
    pub(crate) fn access_key(&self) -> &str {
        &self.scope.access_key
    }

    /// Checks that the clocks of both sides agree.
    pub(crate) fn check_time(&self, now: Timestamp) -> Result<(), SignatureProblem> {
        if self.date.duration_until(now).abs() > CLOCK_SKEW {
            return Err(SignatureProblem::Expired { signed_at: self.date, now });
        }
        Ok(())
    }

    /// Computes the signature that the key gives for this request and compares.
    pub(crate) fn verify(
        &self,
        parts: &Parts,
        body: &[u8],
        credentials: &Credentials,
    ) -> Result<(), SignatureProblem> {
        let payload_hash = hex::encode(Sha256::digest(body));
        let stated_hash = parts.headers.get("x-amz-content-sha256");
        if stated_hash.is_some_and(|stated| stated.as_bytes() != payload_hash.as_bytes()) {
            return Err(SignatureProblem::Mismatch);
        }
        let canonical = canonical_request(parts, &self.signed_headers, &payload_hash)
            .ok_or_else(|| incomplete("a signed header is missing or not text"))?;
        let scope = &self.scope;
        let to_sign = format!(
            "{ALGORITHM}\n{}\n{}/{}/{}/aws4_request\n{}",
            self.date_text,
            scope.date,
            scope.region,
            scope.service,
            hex::encode(Sha256::digest(canonical.as_bytes())),
        );
        let key = generate_signing_key(
            credentials.secret_access_key(),
            SystemTime::from(self.date),
            &scope.region,
            &scope.service,
        );
        let expected = calculate_signature(key, to_sign.as_bytes());
        let genuine: bool = expected.as_bytes().ct_eq(self.signature.as_bytes()).into();
        if genuine { Ok(()) } else { Err(SignatureProblem::Mismatch) }
    }
}

fn parse_date(text: &str) -> Option<Timestamp> {
    let date = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    date.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

    /// Nobody without the secret signs anything, whatever they write into the header.
    #[test]
    fn fuzz_claim_of_a_signature() {
        let credentials = Credentials::new("AKIDEXAMPLE", "a secret of the test", None, None, "test");
        let now: Timestamp = "2026-11-26T12:00:00Z".parse().unwrap();
        let seed = format!(
            "{ALGORITHM} Credential=AKIDEXAMPLE/20261126/us-east-1/dynamodb/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature={}",
            "0".repeat(64)
        );
        let words =
            ["Credential=", "SignedHeaders=", "Signature=", ";host", ", ", "/aws4_request", "AKIDEXAMPLE"];
        fuzzing::text(
            500,
            &[&seed, "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature="],
            &words,
            |text| {
                let request = http::Request::post("http://aws.localhost/")
                    .header("host", "aws.localhost")
                    .header("x-amz-date", "20261126T120000Z")
                    .header(AUTHORIZATION, text);
                let Ok(request) = request.body(()) else { return };
                let (parts, ()) = request.into_parts();
                let Ok(claim) = Claim::parse(&parts.headers) else { return };
                assert!(claim.signed_headers.iter().any(|name| name == "host"), "the host is always signed");
                let is_known = claim.access_key() == credentials.access_key_id();
                let is_genuine = is_known
                    && claim.check_time(now).is_ok()
                    && claim.verify(&parts, b"{}", &credentials).is_ok();
                assert!(!is_genuine, "a signature was guessed");
            },
        );
    }
}

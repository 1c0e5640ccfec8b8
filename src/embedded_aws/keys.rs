//! The keys that are accepted: that of the data directory, and those of roles that were taken with it.
//!
//! Nothing is kept of a role that was taken. Its access key says when it ends, its secret is worked out from it,
//! and its token says, under a seal, for whom it was taken; so a restart ends no session.

use std::fmt;

use aws_credential_types::Credentials;
use aws_sigv4::sign::v4::calculate_signature;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::signature::SignatureProblem;

/// How the access keys of sessions begin, at AWS, too.
const OF_SESSIONS: &str = "ASIA";
/// The digits of the time at which a session ends, in seconds since 1970 and in base 16.
const DIGITS_OF_TIME: usize = 8;
const TOKEN: &str = "x-amz-security-token";

/// Who signed a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Identity {
    /// The one user.
    User,
    /// Somebody who has taken a role.
    Role(Box<Session>),
}

/// A role that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    /// The role.
    pub(crate) role_arn: String,
    /// The name of the session.
    pub(crate) name: String,
    /// For whom, and not to be changed any more.
    pub(crate) source_identity: Option<String>,
    /// What else was said of it.
    pub(crate) tags: Vec<(String, String)>,
}

/// What a token says.
#[derive(Serialize, Deserialize)]
struct Sealed {
    access_key: String,
    session: Session,
}

/// The keys that are accepted. Cloning is cheap.
#[derive(Clone)]
pub(crate) struct Keys {
    user: Credentials,
}

impl Keys {
    /// Those that follow from the key of the one user.
    pub(crate) fn new(user: Credentials) -> Self {
        Self { user }
    }

    /// The access key of the one user.
    pub(crate) fn user(&self) -> &str {
        self.user.access_key_id()
    }

    /// The credentials of an access key that a request names, and whose they are.
    pub(crate) fn find(
        &self,
        access_key: &str,
        token: Option<&str>,
        now: Timestamp,
    ) -> Result<(Credentials, Identity), SignatureProblem> {
        if is_same(access_key, self.user.access_key_id()) {
            return Ok((self.user.clone(), Identity::User));
        }
        let secret = self.secret_of(access_key, now)?;
        let sealed = token.and_then(|token| self.open(token));
        let sealed = sealed.filter(|sealed| sealed.access_key == access_key);
        let session = sealed.ok_or(SignatureProblem::UnknownKey)?.session;
        let credentials = Credentials::new(access_key, secret, None, None, "embedded-aws");
        Ok((credentials, Identity::Role(Box::new(session))))
    }

    /// The secret of an access key, whoever has it.
    pub(crate) fn secret_of(&self, access_key: &str, now: Timestamp) -> Result<String, SignatureProblem> {
        if is_same(access_key, self.user.access_key_id()) {
            return Ok(self.user.secret_access_key().to_owned());
        }
        let ends = end_of(access_key).ok_or(SignatureProblem::UnknownKey)?;
        if ends <= now.as_second() {
            return Err(SignatureProblem::ExpiredToken);
        }
        Ok(self.work_out("secret", access_key))
    }

    /// Credentials for a role that somebody takes, which end at a moment.
    pub(crate) fn begin(&self, session: Session, ends: Timestamp) -> Result<Credentials, getrandom::Error> {
        let mut random = [0_u8; 4];
        getrandom::fill(&mut random)?;
        let time = format!("{:0DIGITS_OF_TIME$X}", ends.as_second());
        let access_key = format!("{OF_SESSIONS}{time}{}", hex::encode_upper(random));
        let secret = self.work_out("secret", &access_key);
        let token = self.seal(&Sealed { access_key: access_key.clone(), session });
        Ok(Credentials::new(access_key, secret, Some(token), Some(ends.into()), "embedded-aws"))
    }

    fn seal(&self, sealed: &Sealed) -> String {
        let said = URL_SAFE_NO_PAD.encode(serde_json::json!(sealed).to_string());
        format!("{said}.{}", self.work_out("token", &said))
    }

    fn open(&self, token: &str) -> Option<Sealed> {
        let (said, seal) = token.split_once('.')?;
        if !is_same(seal, &self.work_out("token", said)) {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(said).ok()?).ok()
    }

    /// What nobody can work out who does not have the secret of the one user.
    fn work_out(&self, purpose: &str, text: &str) -> String {
        calculate_signature(self.user.secret_access_key(), format!("{purpose}\n{text}").as_bytes())
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Keys").field("user", &self.user()).finish_non_exhaustive()
    }
}

/// Whether an access key is that of a session.
pub(crate) fn is_of_session(access_key: &str) -> bool {
    access_key.starts_with(OF_SESSIONS)
}

/// The token that a request brings, in its headers or, when presigned, in its query.
pub(crate) fn token_of(headers: &HeaderMap, query: Option<&str>) -> Option<String> {
    if let Some(token) = headers.get(TOKEN) {
        return token.to_str().ok().map(str::to_owned);
    }
    let token = query?.split('&').find_map(|pair| pair.strip_prefix("X-Amz-Security-Token="))?;
    percent_decode_str(token).decode_utf8().ok().map(String::from)
}

fn end_of(access_key: &str) -> Option<i64> {
    let digits = access_key.strip_prefix(OF_SESSIONS)?.get(..DIGITS_OF_TIME)?;
    i64::from_str_radix(digits, 16).ok()
}

fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::new(Credentials::new("AKIA0000000000000001", "a secret", None, None, "test"))
    }

    fn session() -> Session {
        let tags = vec![("PatchlineRole".to_owned(), "artist".to_owned())];
        Session {
            role_arn: "arn:aws:iam::000000000000:role/r".to_owned(),
            name: "usr_1".to_owned(),
            source_identity: Some("usr_1".to_owned()),
            tags,
        }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).expect("a time")
    }

    #[test]
    fn a_session_is_known_by_its_token_until_it_ends() {
        let taken = keys().begin(session(), at(2_000_000_000)).expect("credentials");
        assert_eq!(taken.access_key_id().len(), 20);
        let found = keys().find(taken.access_key_id(), taken.session_token(), at(1_999_999_999));
        let (credentials, identity) = found.expect("it is known");
        assert_eq!(credentials.secret_access_key(), taken.secret_access_key());
        assert_eq!(identity, Identity::Role(Box::new(session())));
        let ended = keys().find(taken.access_key_id(), taken.session_token(), at(2_000_000_000));
        assert_eq!(ended.map(|(_, identity)| identity), Err(SignatureProblem::ExpiredToken));
    }

    #[test]
    fn what_is_said_of_a_session_cannot_be_changed() {
        let now = at(1_900_000_000);
        let (one, other) =
            (keys().begin(session(), at(2_000_000_000)), keys().begin(session(), at(2_000_000_000)));
        let (one, other) = (one.expect("credentials"), other.expect("credentials"));
        let token = one.session_token().expect("a token");
        let longer = one.access_key_id().replacen("ASIA7", "ASIA8", 1);
        let mut changed = token.to_owned();
        changed.replace_range(..1, if token.starts_with('A') { "B" } else { "A" });
        for (access_key, token) in [
            (one.access_key_id(), None),
            (one.access_key_id(), Some(changed.as_str())),
            (one.access_key_id(), other.session_token()),
            (longer.as_str(), Some(token)),
            ("ASIA", Some(token)),
            ("AKIA0000000000000002", None),
        ] {
            let found = keys().find(access_key, token, now).map(|(_, identity)| identity);
            assert_eq!(found, Err(SignatureProblem::UnknownKey), "{access_key}");
        }
    }
}

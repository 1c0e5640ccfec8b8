//! `AssumeRole`: what is asked for, within the limits of STS, and the credentials for it.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};

use crate::embedded_aws::account::ACCOUNT;
use crate::embedded_aws::fault::Fault;
use crate::embedded_aws::form::{self, Form};
use crate::embedded_aws::keys::{Identity, Keys, Session};

/// How long a session lasts at least, unless it is told, and at most, in seconds.
const SHORTEST: i64 = 900;
const USUAL: i64 = 3_600;
const LONGEST: i64 = 43_200;
/// The same at most where a role takes another one.
const LONGEST_IN_A_CHAIN: i64 = 3_600;
/// The most tags, and the longest of their keys and values, in characters.
const MOST_TAGS: usize = 50;
const LONGEST_KEY: usize = 128;
const LONGEST_VALUE: usize = 256;

/// What somebody asks for.
pub(super) struct Wish {
    pub(super) session: Session,
    seconds: i64,
}

impl Wish {
    /// Reads it, and refuses what STS would refuse.
    pub(super) fn read(mut form: Form, caller: &Identity) -> Result<Self, Fault> {
        let role_arn = form.take("RoleArn").unwrap_or_default();
        let name = form.take("RoleSessionName").unwrap_or_default();
        let source_identity = form.take("SourceIdentity");
        let seconds = form.take("DurationSeconds");
        let tags = tags(&mut form)?;
        form.finish()?;
        check_role(&role_arn)?;
        check_name("RoleSessionName", &name)?;
        if let Some(identity) = &source_identity {
            check_name("SourceIdentity", identity)?;
        }
        let session = Session { role_arn, name, source_identity: heir(caller, source_identity)?, tags };
        let seconds = match seconds {
            None => USUAL,
            Some(text) => text.parse().map_err(|_| invalid("DurationSeconds", "is a whole number"))?,
        };
        let longest = if matches!(caller, Identity::Role(_)) { LONGEST_IN_A_CHAIN } else { LONGEST };
        if !(SHORTEST..=longest).contains(&seconds) {
            return Err(invalid("DurationSeconds", &format!("is a number from {SHORTEST} to {longest}")));
        }
        Ok(Self { session, seconds })
    }

    /// Credentials for it, as the XML of the answer.
    pub(super) fn grant(&self, keys: &Keys) -> Result<String, Fault> {
        let ends = Timestamp::now().saturating_add(SignedDuration::from_secs(self.seconds));
        let ends = ends.map_err(|error| internal(&error.to_string()))?;
        let taken = keys.begin(self.session.clone(), ends).map_err(|error| internal(&error.to_string()))?;
        let within = |name: &str, inner: String| format!("<{name}>{inner}</{name}>");
        let expiration = ends.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let credentials = [
            ("AccessKeyId", taken.access_key_id()),
            ("SecretAccessKey", taken.secret_access_key()),
            ("SessionToken", taken.session_token().unwrap_or_default()),
            ("Expiration", &expiration),
        ];
        let user = [("AssumedRoleId", id_of(&self.session)), ("Arn", arn_of(&self.session))];
        let identity = self.session.source_identity.as_deref();
        Ok([
            within("Credentials", credentials.map(|(name, text)| form::element(name, text)).concat()),
            within("AssumedRoleUser", user.map(|(name, text)| form::element(name, &text)).concat()),
            identity.map(|identity| form::element("SourceIdentity", identity)).unwrap_or_default(),
        ]
        .concat())
    }
}

/// The ARN of somebody who has taken a role.
pub(super) fn arn_of(session: &Session) -> String {
    format!("arn:aws:sts::{ACCOUNT}:assumed-role/{}/{}", role_name(session), session.name)
}

/// The id of somebody who has taken a role. There are no roles that would have ids, so it is made of the name.
pub(super) fn id_of(session: &Session) -> String {
    let name = role_name(session).to_uppercase();
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).take(17).collect();
    format!("AROA{letters:0<17}:{}", session.name)
}

fn role_name(session: &Session) -> &str {
    session.role_arn.rsplit('/').next().unwrap_or_default()
}

/// Who is behind a session stays so in every session that is begun with it.
fn heir(caller: &Identity, asked: Option<String>) -> Result<Option<String>, Fault> {
    let Identity::Role(before) = caller else { return Ok(asked) };
    match (&before.source_identity, asked) {
        (Some(known), Some(asked)) if *known != asked => {
            let message = format!("the source identity {known} cannot become {asked}");
            Err(Fault::new(StatusCode::FORBIDDEN, "AccessDenied", message))
        }
        (known, asked) => Ok(asked.or_else(|| known.clone())),
    }
}

fn check_role(arn: &str) -> Result<(), Fault> {
    let Some((account, name)) = arn.strip_prefix("arn:aws:iam::").and_then(|rest| rest.split_once(":role/"))
    else {
        return Err(invalid("RoleArn", "is the ARN of a role"));
    };
    if name.is_empty() {
        return Err(invalid("RoleArn", "is the ARN of a role"));
    }
    if account != ACCOUNT {
        let message = format!("there is no account here but {ACCOUNT}, so nobody may take {arn}");
        return Err(Fault::new(StatusCode::FORBIDDEN, "AccessDenied", message));
    }
    Ok(())
}

fn check_name(parameter: &str, text: &str) -> Result<(), Fault> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if (2..=64).contains(&text.len()) && text.chars().all(fits) {
        Ok(())
    } else {
        Err(invalid(parameter, "has 2 to 64 letters, digits and the characters _ + = , . @ -"))
    }
}

fn tags(form: &mut Form) -> Result<Vec<(String, String)>, Fault> {
    // A list without members is written as an empty text.
    if form.take("Tags").is_some_and(|text| !text.is_empty()) {
        return Err(invalid("Tags", "is a list"));
    }
    let mut tags: Vec<(String, String)> = Vec::new();
    loop {
        let number = tags.len() + 1;
        let (key, value) = (format!("Tags.member.{number}.Key"), format!("Tags.member.{number}.Value"));
        let Some(key) = form.take(&key) else { return Ok(tags) };
        let value = form.take(&value).unwrap_or_default();
        check_tag(&key, &value)?;
        if number > MOST_TAGS || tags.iter().any(|(known, _)| known.eq_ignore_ascii_case(&key)) {
            return Err(invalid("Tags", "has at most 50 tags, each once"));
        }
        tags.push((key, value));
    }
}

fn check_tag(key: &str, value: &str) -> Result<(), Fault> {
    let fits = |c: char| c.is_alphanumeric() || " _.:/=+-@".contains(c);
    let is_right = !key.is_empty()
        && key.chars().count() <= LONGEST_KEY
        && value.chars().count() <= LONGEST_VALUE
        && key.chars().chain(value.chars()).all(fits)
        && !key.to_lowercase().starts_with("aws:");
    if is_right {
        Ok(())
    } else {
        Err(invalid("Tags", "has letters, digits, blanks and the characters _ . : / = + - @"))
    }
}

fn invalid(parameter: &str, what: &str) -> Fault {
    Fault::sender("ValidationError", format!("{parameter} {what}"))
}

fn internal(reason: &str) -> Fault {
    Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", reason)
}

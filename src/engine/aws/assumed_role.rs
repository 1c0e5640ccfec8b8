//! Credentials of a role, taken in the name of whoever a request is for.

use super::failure::AwsFailure;
use super::on_behalf::OnBehalf;
use crate::engine::config::{RoleArn, Roles};
use crate::model::tool::AwsResource;
use aws_config::SdkConfig;
use aws_config::identity::IdentityCache;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_sts::types::Tag;
use moka::Expiry;
use moka::future::Cache;
use std::fmt;
use std::time::{Duration, Instant, SystemTime};

/// How many sessions of a role are kept. Of more, those that were not used for long are taken again.
const SESSIONS: u64 = 1_000;

/// How long a session is asked to last: as long as it may where a role takes another one.
const LIFETIME: Duration = Duration::from_hours(1);

/// How long before its end a session is used no more. What is signed with it, such as an address for a download,
/// works no longer than the session does.
const MARGIN: Duration = Duration::from_mins(20);

/// What clients are made from, for each kind of service: with its role where one is configured.
pub(super) struct ByRole {
    pub(super) bedrock: SdkConfig,
    pub(super) s3: SdkConfig,
    pub(super) dynamodb: SdkConfig,
    pub(super) cloudwatch: SdkConfig,
    pub(super) rds: SdkConfig,
}

impl ByRole {
    /// The roles are taken through `sts`, which has the credentials of the process.
    pub(super) fn new(process: &SdkConfig, sts: &aws_sdk_sts::Client, roles: &Roles) -> Self {
        let taking = |role: Option<&RoleArn>| match role {
            None => process.clone(),
            Some(role) => {
                let role = SharedCredentialsProvider::new(AssumedRole::new(sts.clone(), role));
                let config = process.clone().into_builder().credentials_provider(role);
                // The SDK would keep one identity for a client, whoever it is asked for.
                config.identity_cache(IdentityCache::no_cache()).build()
            }
        };
        Self {
            bedrock: taking(roles.bedrock.as_ref()),
            s3: taking(roles.s3.as_ref()),
            dynamodb: taking(roles.dynamodb.as_ref()),
            cloudwatch: taking(roles.cloudwatch.as_ref()),
            rds: taking(roles.rds.as_ref()),
        }
    }
}

/// A role, and its sessions by the names in which they were begun.
struct AssumedRole {
    sts: aws_sdk_sts::Client,
    role: String,
    sessions: Cache<OnBehalf, Credentials>,
}

impl AssumedRole {
    fn new(sts: aws_sdk_sts::Client, role: &RoleArn) -> Self {
        let sessions = Cache::builder().max_capacity(SESSIONS).expire_after(UntilShortlyBefore).build();
        Self { sts, role: role.as_str().to_owned(), sessions }
    }

    /// The session in the name of whoever asks. Several who need a new one at once wait for the same.
    async fn session(&self) -> provider::Result {
        let name = OnBehalf::current();
        let session = self.sessions.try_get_with(name.clone(), self.begin(&name)).await;
        session.map_err(|failure| CredentialsError::provider_error(failure.as_ref().clone()))
    }

    async fn begin(&self, name: &OnBehalf) -> Result<Credentials, AwsFailure> {
        let tags = name.tags().iter().map(|(key, value)| Tag::builder().key(*key).value(value).build());
        let tags = tags.collect::<Result<Vec<_>, _>>();
        let resource = || AwsResource {
            service: "sts".to_owned(),
            action: "sts:AssumeRole".to_owned(),
            name: self.role.clone(),
        };
        let unusable = |detail: String| AwsFailure::unusable(resource(), detail);
        let answer = self
            .sts
            .assume_role()
            .role_arn(&self.role)
            .role_session_name(name.identity())
            .source_identity(name.identity())
            .set_tags(Some(tags.map_err(|error| unusable(error.to_string()))?))
            .duration_seconds(i32::try_from(LIFETIME.as_secs()).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(resource(), &error).before_sending())?;
        let session =
            answer.credentials().ok_or_else(|| unusable("the answer has no credentials".to_owned()))?;
        let ends =
            SystemTime::try_from(*session.expiration()).map_err(|error| unusable(error.to_string()))?;
        let token = Some(session.session_token().to_owned());
        Ok(Credentials::new(session.access_key_id(), session.secret_access_key(), token, Some(ends), "role"))
    }
}

impl ProvideCredentials for AssumedRole {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.session())
    }
}

/// Sessions hold secrets.
impl fmt::Debug for AssumedRole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("AssumedRole").field("role", &self.role).finish_non_exhaustive()
    }
}

/// Sessions are kept until shortly before their end.
struct UntilShortlyBefore;

impl Expiry<OnBehalf, Credentials> for UntilShortlyBefore {
    fn expire_after_create(&self, _: &OnBehalf, session: &Credentials, _: Instant) -> Option<Duration> {
        session.expiry().map(|ends| of_use(ends, SystemTime::now()))
    }
}

/// How long a session that ends then is of use. One that is shorter than the margin is of use for half its time.
fn of_use(ends: SystemTime, now: SystemTime) -> Duration {
    let left = ends.duration_since(now).unwrap_or_default();
    left.checked_sub(MARGIN).unwrap_or_default().max(left / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_used_until_shortly_before_its_end() {
        let now = SystemTime::now();
        let minutes = Duration::from_mins;
        for (left, use_for) in
            [(minutes(60), minutes(40)), (minutes(30), minutes(15)), (minutes(0), minutes(0))]
        {
            assert_eq!(of_use(now + left, now), use_for, "{left:?}");
        }
        assert_eq!(of_use(now - minutes(1), now), Duration::ZERO);
    }
}

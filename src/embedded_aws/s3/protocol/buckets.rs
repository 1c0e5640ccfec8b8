//! Operations on buckets.

use s3s::dto::{
    Bucket, BucketLocationConstraint, BucketVersioningStatus, CORSRule, CreateBucketInput,
    CreateBucketOutput, DeleteBucketCorsInput, DeleteBucketCorsOutput, DeleteBucketInput, DeleteBucketOutput,
    GetBucketCorsInput, GetBucketCorsOutput, GetBucketLocationInput, GetBucketLocationOutput,
    GetBucketVersioningInput, GetBucketVersioningOutput, HeadBucketInput, HeadBucketOutput, ListBucketsInput,
    ListBucketsOutput, ObjectOwnership, Owner, PutBucketCorsInput, PutBucketCorsOutput,
    PutBucketVersioningInput, PutBucketVersioningOutput,
};
use s3s::{S3Request, S3Result, s3_error};

use super::attributes::to_timestamp;
use super::options::{refuse, refuse_present, require_owner};
use super::{ACCOUNT, S3Protocol};
use crate::embedded_aws::s3::store::{CorsRule, Versioning};

/// The region whose name location constraints leave out.
const FIRST_REGION: &str = "us-east-1";
/// How many rules a CORS configuration may have.
const CORS_RULES: usize = 100;

pub(super) async fn create(
    s3: &S3Protocol,
    request: S3Request<CreateBucketInput>,
) -> S3Result<CreateBucketOutput> {
    let input = request.input;
    refuse!(input; acl, grant_full_control, grant_read, grant_read_acp, grant_write, grant_write_acp);
    refuse_present(&[("object lock", input.object_lock_enabled_for_bucket == Some(true))])?;
    if let Some(ownership) = &input.object_ownership
        && ownership.as_str() != ObjectOwnership::BUCKET_OWNER_ENFORCED
    {
        return Err(s3_error!(
            NotImplemented,
            "the embedded AWS has no object ownership but BucketOwnerEnforced"
        ));
    }
    if let Some(configuration) = &input.create_bucket_configuration {
        refuse!(configuration; bucket, location);
        check_region(&s3.region, configuration.location_constraint.as_ref())?;
    }
    let (name, bucket) = (input.bucket.clone(), input.bucket);
    s3.blocking(move |store| store.create_bucket(&bucket)).await?;
    Ok(CreateBucketOutput { location: Some(format!("/{name}")) })
}

fn check_region(here: &str, asked: Option<&BucketLocationConstraint>) -> S3Result<()> {
    match asked.map(BucketLocationConstraint::as_str) {
        None => Ok(()),
        Some(region) if region == here && here != FIRST_REGION => Ok(()),
        Some(region) => Err(s3_error!(
            IllegalLocationConstraintException,
            "the location constraint {region} does not fit the region {here} that this request was sent to"
        )),
    }
}

pub(super) async fn head(s3: &S3Protocol, request: S3Request<HeadBucketInput>) -> S3Result<HeadBucketOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    s3.blocking(move |store| store.versioning(&input.bucket)).await?;
    Ok(HeadBucketOutput { bucket_region: Some(s3.region.clone()), ..Default::default() })
}

pub(super) async fn delete(
    s3: &S3Protocol,
    request: S3Request<DeleteBucketInput>,
) -> S3Result<DeleteBucketOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    s3.blocking(move |store| store.delete_bucket(&input.bucket)).await?;
    Ok(DeleteBucketOutput::default())
}

pub(super) async fn list(
    s3: &S3Protocol,
    request: S3Request<ListBucketsInput>,
) -> S3Result<ListBucketsOutput> {
    let input = request.input;
    let limit = match input.max_buckets {
        None => 10_000,
        Some(limit) => usize::try_from(limit)
            .ok()
            .filter(|limit| (1..=10_000).contains(limit))
            .ok_or_else(|| s3_error!(InvalidArgument, "max-buckets must be from 1 to 10000"))?,
    };
    let (prefix, after) =
        (input.prefix.clone().unwrap_or_default(), input.continuation_token.unwrap_or_default());
    let is_here = input.bucket_region.as_ref().is_none_or(|region| *region == s3.region);
    let mut buckets = if is_here {
        s3.blocking(move |store| store.list_buckets(&prefix, &after, limit + 1)).await?
    } else {
        Vec::new()
    };
    let truncated = buckets.len() > limit;
    buckets.truncate(limit);
    let continuation_token = if truncated { buckets.last().map(|bucket| bucket.name.clone()) } else { None };
    let buckets = buckets
        .into_iter()
        .map(|bucket| Bucket {
            name: Some(bucket.name),
            creation_date: Some(to_timestamp(bucket.created)),
            bucket_region: Some(s3.region.clone()),
        })
        .collect();
    Ok(ListBucketsOutput {
        buckets: Some(buckets),
        owner: Some(owner()),
        continuation_token,
        prefix: input.prefix,
    })
}

/// The owner of everything.
pub(super) fn owner() -> Owner {
    Owner { id: Some(ACCOUNT.to_owned()), display_name: None }
}

pub(super) async fn location(
    s3: &S3Protocol,
    request: S3Request<GetBucketLocationInput>,
) -> S3Result<GetBucketLocationOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    s3.blocking(move |store| store.versioning(&input.bucket)).await?;
    let location_constraint =
        (s3.region != FIRST_REGION).then(|| BucketLocationConstraint::from(s3.region.clone()));
    Ok(GetBucketLocationOutput { location_constraint })
}

pub(super) async fn versioning(
    s3: &S3Protocol,
    request: S3Request<GetBucketVersioningInput>,
) -> S3Result<GetBucketVersioningOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    let status = match s3.blocking(move |store| store.versioning(&input.bucket)).await? {
        Versioning::Never => None,
        Versioning::Enabled => Some(BucketVersioningStatus::from_static(BucketVersioningStatus::ENABLED)),
        Versioning::Suspended => Some(BucketVersioningStatus::from_static(BucketVersioningStatus::SUSPENDED)),
    };
    Ok(GetBucketVersioningOutput { status, mfa_delete: None })
}

pub(super) async fn set_versioning(
    s3: &S3Protocol,
    request: S3Request<PutBucketVersioningInput>,
) -> S3Result<PutBucketVersioningOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    refuse!(input; mfa);
    refuse!(input.versioning_configuration; mfa_delete);
    let versioning = match input.versioning_configuration.status.as_ref().map(BucketVersioningStatus::as_str)
    {
        Some(BucketVersioningStatus::ENABLED) => Versioning::Enabled,
        Some(BucketVersioningStatus::SUSPENDED) => Versioning::Suspended,
        _ => {
            return Err(s3_error!(
                IllegalVersioningConfigurationException,
                "the versioning status must be Enabled or Suspended"
            ));
        }
    };
    s3.blocking(move |store| store.set_versioning(&input.bucket, versioning)).await?;
    Ok(PutBucketVersioningOutput::default())
}

pub(super) async fn cors(
    s3: &S3Protocol,
    request: S3Request<GetBucketCorsInput>,
) -> S3Result<GetBucketCorsOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    let rules = s3
        .blocking(move |store| store.cors(&input.bucket))
        .await?
        .ok_or_else(|| s3_error!(NoSuchCORSConfiguration, "the CORS configuration does not exist"))?;
    let some_if_any = |names: Vec<String>| (!names.is_empty()).then_some(names);
    let rules = rules
        .into_iter()
        .map(|rule| CORSRule {
            id: rule.id,
            allowed_origins: rule.origins,
            allowed_methods: rule.methods,
            allowed_headers: some_if_any(rule.headers),
            expose_headers: some_if_any(rule.exposed),
            max_age_seconds: rule.max_age,
        })
        .collect();
    Ok(GetBucketCorsOutput { cors_rules: Some(rules) })
}

pub(super) async fn set_cors(
    s3: &S3Protocol,
    request: S3Request<PutBucketCorsInput>,
) -> S3Result<PutBucketCorsOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    let rules = input.cors_configuration.cors_rules;
    if rules.is_empty() || rules.len() > CORS_RULES {
        return Err(s3_error!(MalformedXML, "a CORS configuration has from 1 to {CORS_RULES} rules"));
    }
    let rules: Vec<CorsRule> = rules.into_iter().map(checked_rule).collect::<S3Result<_>>()?;
    s3.blocking(move |store| store.set_cors(&input.bucket, Some(&rules))).await?;
    Ok(PutBucketCorsOutput::default())
}

fn checked_rule(rule: CORSRule) -> S3Result<CorsRule> {
    const METHODS: [&str; 5] = ["GET", "PUT", "POST", "DELETE", "HEAD"];
    if let Some(method) = rule.allowed_methods.iter().find(|method| !METHODS.contains(&method.as_str())) {
        return Err(s3_error!(InvalidRequest, "found unsupported HTTP method in CORS config: {method}"));
    }
    let headers = rule.allowed_headers.unwrap_or_default();
    if let Some(name) = rule.allowed_origins.iter().chain(&headers).find(|name| name.matches('*').count() > 1)
    {
        return Err(s3_error!(InvalidRequest, "{name} can not have more than one wildcard"));
    }
    Ok(CorsRule {
        id: rule.id,
        origins: rule.allowed_origins,
        methods: rule.allowed_methods,
        headers,
        exposed: rule.expose_headers.unwrap_or_default(),
        max_age: rule.max_age_seconds,
    })
}

pub(super) async fn delete_cors(
    s3: &S3Protocol,
    request: S3Request<DeleteBucketCorsInput>,
) -> S3Result<DeleteBucketCorsOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    s3.blocking(move |store| store.set_cors(&input.bucket, None)).await?;
    Ok(DeleteBucketCorsOutput::default())
}

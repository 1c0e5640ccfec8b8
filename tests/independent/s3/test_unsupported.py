"""What the embedded S3 does not do it refuses; it never agrees and forgets."""

import pytest
from botocore.exceptions import ClientError

TODAY = "2030-01-01T00:00:00Z"


@pytest.mark.parametrize(
    "option",
    [
        {"ServerSideEncryption": "aws:kms"},
        {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": TODAY},
        {"ACL": "public-read"},
        {"StorageClass": "GLACIER"},
        {"WebsiteRedirectLocation": "/elsewhere"},
        {"ChecksumSHA512": "A" * 86 + "=="},
        {"ObjectLockEventHoldDurationDays": 7},
    ],
    ids=lambda option: next(iter(option)),
)
def test_an_option_without_effect_is_refused(s3, bucket, option):
    with pytest.raises(ClientError) as caught:
        s3.put_object(Bucket=bucket, Key="a", Body=b"x", **option)
    assert caught.value.response["Error"]["Code"] == "NotImplemented", caught.value.response
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


@pytest.mark.parametrize(
    "call",
    [
        lambda s3, bucket: s3.put_bucket_policy(Bucket=bucket, Policy='{"Version":"2012-10-17","Statement":[]}'),
        lambda s3, bucket: s3.put_bucket_lifecycle_configuration(
            Bucket=bucket,
            LifecycleConfiguration={
                "Rules": [{"ID": "r", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}]
            },
        ),
        lambda s3, bucket: s3.put_bucket_acl(Bucket=bucket, ACL="public-read"),
    ],
    ids=["policy", "lifecycle", "acl"],
)
def test_an_operation_that_does_not_exist_says_so(s3, bucket, call):
    with pytest.raises(ClientError) as caught:
        call(s3, bucket)
    assert caught.value.response["Error"]["Code"] == "NotImplemented"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501

"""Objects are copied on the server, with their metadata or with new one."""

from support.errors import refused
from support.names import unique


def test_a_copy_has_content_and_metadata(s3, bucket):
    s3.put_object(Bucket=bucket, Key="á b+c", Body=b"sound", ContentType="audio/wav", Metadata={"take": "1"})
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "á b+c"})
    copy = s3.get_object(Bucket=bucket, Key="copy")
    assert (copy["Body"].read(), copy["ContentType"], copy["Metadata"]) == (b"sound", "audio/wav", {"take": "1"})


def test_a_copy_may_get_new_metadata(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"sound", Metadata={"take": "1"})
    s3.copy_object(
        Bucket=bucket, Key="a", CopySource={"Bucket": bucket, "Key": "a"},
        MetadataDirective="REPLACE", Metadata={"take": "2"}, ContentType="audio/flac",
    )
    changed = s3.get_object(Bucket=bucket, Key="a")
    assert (changed["Body"].read(), changed["Metadata"]) == (b"sound", {"take": "2"})
    assert changed["ContentType"] == "audio/flac"


def test_a_copy_goes_to_another_bucket(s3, bucket):
    other = unique("bucket")
    s3.create_bucket(Bucket=other)
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    s3.copy_object(Bucket=other, Key="b", CopySource={"Bucket": bucket, "Key": "a"})
    s3.delete_object(Bucket=bucket, Key="a")
    assert s3.get_object(Bucket=other, Key="b")["Body"].read() == b"x"


def test_an_old_version_is_restored_by_copying_it(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=bucket, Key="a", Body=b"first")["VersionId"]
    s3.put_object(Bucket=bucket, Key="a", Body=b"second")
    s3.copy_object(Bucket=bucket, Key="a", CopySource={"Bucket": bucket, "Key": "a", "VersionId": first})
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"first"


def test_copying_what_is_not_there_is_refused(s3, bucket):
    with refused("NoSuchKey", 404):
        s3.copy_object(Bucket=bucket, Key="b", CopySource={"Bucket": bucket, "Key": "a"})
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_a_copy_that_must_replace_nothing_is_refused_where_something_is(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"new")
    s3.put_object(Bucket=bucket, Key="b", Body=b"old")
    source = {"Bucket": bucket, "Key": "a"}
    with refused("PreconditionFailed", 412):
        s3.copy_object(Bucket=bucket, Key="b", CopySource=source, IfNoneMatch="*")
    assert s3.get_object(Bucket=bucket, Key="b")["Body"].read() == b"old"
    s3.copy_object(Bucket=bucket, Key="c", CopySource=source, IfNoneMatch="*")
    assert s3.get_object(Bucket=bucket, Key="c")["Body"].read() == b"new"

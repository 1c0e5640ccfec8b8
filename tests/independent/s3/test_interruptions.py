"""A broken connection or a crash leaves no half object, and takes nothing that was acknowledged."""

from support.halfway import MEBIBYTE, half_an_upload
from support.waiting import wait_until


def keys(s3, bucket):
    return [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]


def test_an_interrupted_upload_leaves_nothing(own_embedded):
    s3 = own_embedded.client("s3")
    s3.create_bucket(Bucket="masters")
    before = own_embedded.bytes_on_disk()
    with half_an_upload(own_embedded, s3, "masters", "half.wav"):
        assert keys(s3, "masters") == []
    assert keys(s3, "masters") == []
    wait_until(
        lambda: own_embedded.bytes_on_disk() < before + MEBIBYTE,
        "the bytes of the broken upload to leave the disk",
    )


def test_an_interrupted_replacement_keeps_what_was_there(own_embedded):
    s3 = own_embedded.client("s3")
    s3.create_bucket(Bucket="masters")
    s3.put_object(Bucket="masters", Key="a.wav", Body=b"good")
    with half_an_upload(own_embedded, s3, "masters", "a.wav"):
        pass
    assert s3.get_object(Bucket="masters", Key="a.wav")["Body"].read() == b"good"


def test_a_crash_during_an_upload_loses_nothing_but_that_upload(own_embedded):
    s3 = own_embedded.client("s3")
    s3.create_bucket(Bucket="masters")
    body = bytes(range(256)) * 8192
    s3.put_object(Bucket="masters", Key="done.wav", Body=body, Metadata={"take": "1"})
    before = own_embedded.bytes_on_disk()
    with half_an_upload(own_embedded, s3, "masters", "half.wav"):
        own_embedded.kill()

    own_embedded.start()
    s3 = own_embedded.client("s3")
    assert keys(s3, "masters") == ["done.wav"]
    stored = s3.get_object(Bucket="masters", Key="done.wav")
    assert stored["Body"].read() == body
    assert stored["Metadata"] == {"take": "1"}
    wait_until(
        lambda: own_embedded.bytes_on_disk() < before + MEBIBYTE,
        "the bytes of the lost upload to leave the disk",
    )


def test_every_acknowledged_write_survives_a_crash(own_embedded):
    s3 = own_embedded.client("s3")
    s3.create_bucket(Bucket="masters")
    for number in range(30):
        s3.put_object(Bucket="masters", Key=f"{number:02}", Body=bytes([number]))
    own_embedded.kill()
    own_embedded.start()
    s3 = own_embedded.client("s3")
    assert keys(s3, "masters") == [f"{number:02}" for number in range(30)]
    assert all(
        s3.get_object(Bucket="masters", Key=f"{number:02}")["Body"].read() == bytes([number]) for number in range(30)
    )


def test_the_credentials_stay_the_same_over_a_restart(own_embedded):
    before = (own_embedded.access_key, own_embedded.secret_key)
    own_embedded.stop()
    own_embedded.start()
    assert (own_embedded.access_key, own_embedded.secret_key) == before


def test_only_the_owner_can_read_the_credentials(own_embedded):
    files = [
        path for path in own_embedded.data_directory.rglob("*")
        if path.is_file() and own_embedded.secret_key.encode() in path.read_bytes()
    ]
    assert files, "the secret must be kept somewhere, as it survives a restart"
    assert [oct(path.stat().st_mode & 0o777) for path in files] == ["0o600"] * len(files)

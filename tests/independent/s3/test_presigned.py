"""A browser reads and writes with an address that was signed for it, and only as long as it holds."""

from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import requests

from support.waiting import wait_until


def with_query(url, **changes):
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changes
    return urlunsplit(parts._replace(query=urlencode(query)))


def test_an_object_is_read_with_a_signed_address(s3, bucket):
    s3.put_object(Bucket=bucket, Key="folder/á b+c.wav", Body=b"sound", ContentType="audio/wav")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "folder/á b+c.wav"})
    answer = requests.get(url, timeout=120)
    assert (answer.status_code, answer.content) == (200, b"sound")
    assert answer.headers["content-type"] == "audio/wav"
    assert requests.get(url, headers={"Range": "bytes=1-2"}, timeout=120).content == b"ou"


def test_an_object_is_written_with_a_signed_address(s3, bucket):
    url = s3.generate_presigned_url(
        "put_object", Params={"Bucket": bucket, "Key": "a", "ContentType": "audio/wav"}
    )
    answer = requests.put(url, data=b"sound", headers={"Content-Type": "audio/wav"}, timeout=120)
    assert answer.status_code == 200, answer.text
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"sound"


def test_another_content_type_than_the_signed_one_is_refused(s3, bucket):
    url = s3.generate_presigned_url(
        "put_object", Params={"Bucket": bucket, "Key": "a", "ContentType": "audio/wav"}
    )
    answer = requests.put(url, data=b"<script>", headers={"Content-Type": "text/html"}, timeout=120)
    assert answer.status_code == 403
    assert "SignatureDoesNotMatch" in answer.text


def test_an_address_stops_working_when_its_time_is_over(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a"}, ExpiresIn=1)

    def refusal():
        answer = requests.get(url, timeout=120)
        return answer.text if answer.status_code == 403 else None

    assert "AccessDenied" in wait_until(refusal, "the signed address to expire", pause=0.2)


def test_an_address_that_was_tampered_with_is_refused(s3, bucket):
    for key in ("mine", "yours"):
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "mine"}, ExpiresIn=3600)
    for tampered in (
        url.replace("/mine?", "/yours?"),
        with_query(url, **{"X-Amz-Expires": "86400"}),
        with_query(url, **{"X-Amz-Signature": "0" * 64}),
    ):
        answer = requests.get(tampered, timeout=120)
        assert answer.status_code == 403, tampered
        assert "SignatureDoesNotMatch" in answer.text
    assert requests.put(url, data=b"over", timeout=120).status_code == 403
    assert s3.get_object(Bucket=bucket, Key="mine")["Body"].read() == b"mine"


def test_without_any_signature_nothing_is_read(s3, bucket, embedded):
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    answer = requests.get(f"{embedded.endpoint}/{bucket}/a", timeout=120)
    assert answer.status_code == 403
    assert "AccessDenied" in answer.text

"""Uploads that stop halfway: the connection of a person who closes the lid of the laptop."""

import socket
from contextlib import contextmanager
from urllib.parse import urlsplit

from support.server import KEY
from support.waiting import wait_until

MEBIBYTE = 1024 * 1024


@contextmanager
def half_an_upload(embedded, s3, bucket, key, mebibytes=16):
    """A PUT of which the server has at least a part on its disk, and will never get the rest."""
    before = embedded.bytes_on_disk()
    url = urlsplit(s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": key}))
    head = (
        f"PUT {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\n"
        f"Content-Length: {mebibytes * MEBIBYTE}\r\n\r\n"
    )
    with socket.create_connection((url.hostname, url.port), timeout=120) as connection:
        connection.sendall(head.encode() + bytes(mebibytes // 2 * MEBIBYTE))
        wait_until(
            lambda: embedded.bytes_on_disk() > before + MEBIBYTE,
            "the first bytes of the upload on the disk",
        )
        yield


@contextmanager
def half_a_stream(address, beginning, mebibytes):
    """A PUT to Patchline itself, of which it gets `beginning` and zeros up to the half, and never the rest."""
    url = urlsplit(address)
    head = (
        f"PUT {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\nAuthorization: Bearer {KEY}\r\n"
        f"Content-Length: {mebibytes * MEBIBYTE}\r\n\r\n"
    )
    with socket.create_connection((url.hostname, url.port), timeout=120) as connection:
        connection.sendall(head.encode() + beginning + bytes(mebibytes // 2 * MEBIBYTE - len(beginning)))
        yield

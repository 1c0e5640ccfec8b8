"""What was acknowledged survives a loss of power: content, and every name on the way to it."""

import string
from pathlib import Path

import pytest

from support.embedded import EmbeddedAws
from support.journal import Disk, Journal

# The characters of the ids of blobs, whose last two name the directories.
LETTERS = [letter for letter in string.digits + string.ascii_uppercase if letter not in "ILOU"]


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path)


@pytest.fixture
def data(tmp_path):
    """A directory that is not there yet."""
    return tmp_path / "data"


def blobs(data):
    return {path for path in (data / "s3/blobs").rglob("*") if path.is_file()}


def names_on_the_way(path, top):
    """The directories from a file up to, and without, `top`."""
    return [parent for parent in path.parents if top in parent.parents]


def test_a_file_is_on_the_disk_before_the_index_names_it(journal, data, tmp_path):
    with EmbeddedAws(data, settings=journal.environment) as embedded:
        s3 = embedded.client("s3")
        s3.create_bucket(Bucket="masters")
        for number in range(20):
            before = blobs(data)
            s3.put_object(Bucket="masters", Key=f"{number}", Body=b"master" * 1000)
            [blob] = blobs(data) - before
            entries = journal.entries()
            row = max(i for i, (what, path, _) in enumerate(entries) if path.name == "index.sqlite-wal")
            renamed = entries.index(("renamed", data / "s3/incoming" / blob.name, blob))
            disk = Disk(entries[:row])
            assert renamed < row
            assert ("synchronised", data / "s3/incoming" / blob.name, Path(".")) in entries[:renamed]
            in_memory = disk.names_in_memory & {blob, *names_on_the_way(blob, tmp_path)}
            assert not in_memory, "the index names what a loss of power would take"


def test_parts_and_the_whole_are_on_the_disk_before_the_index_names_them(journal, data, tmp_path):
    with EmbeddedAws(data, settings=journal.environment) as embedded:
        s3 = embedded.client("s3")
        s3.create_bucket(Bucket="masters")
        upload = {"Bucket": "masters", "Key": "a"}
        upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
        part = s3.upload_part(**upload, PartNumber=1, Body=b"part")
        assert not Disk(journal.entries()).names_in_memory & blobs(data)
        parts = [{"PartNumber": 1, "ETag": part["ETag"]}]
        s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
        [whole] = blobs(data)
        disk = Disk(journal.entries())
        assert data / "s3/incoming" / whole.name in disk.synchronised
        assert not disk.names_in_memory & {whole, *names_on_the_way(whole, tmp_path)}


def test_directories_of_a_process_that_was_killed_are_put_on_the_disk(journal, data):
    """It made them and did not get as far as to synchronise them."""
    with EmbeddedAws(data) as embedded:
        embedded.client("s3").create_bucket(Bucket="masters")
    for first in LETTERS:
        for second in LETTERS:
            (data / "s3/blobs" / first / second).mkdir(parents=True)

    with EmbeddedAws(data, settings=journal.environment) as embedded:
        embedded.client("s3").put_object(Bucket="masters", Key="a", Body=b"master")
        [blob] = blobs(data)
        synchronised = Disk(journal.entries()).synchronised
        assert {blob.parent, blob.parent.parent, data / "s3/blobs", data / "s3", data} <= synchronised

"""The command-line tool `aws` over the port that Patchline opens, as the README shows it."""

import json

import pytest

from support.command_line import aws
from support.names import unique
from support.tables import create_releases_like_table


@pytest.fixture
def table(dynamodb):
    return create_releases_like_table(dynamodb)


def test_files_are_copied_there_listed_and_copied_back(embedded, bucket, tmp_path):
    song = tmp_path / "Größe \"1\".wav"
    song.write_bytes(b"RIFF" + bytes(9 * 1024 * 1024))  # Large enough to go in parts.
    address = f"s3://{bucket}/masters/Größe \"1\".wav"
    aws(embedded, "s3", "cp", str(song), address)
    listed = aws(embedded, "s3", "ls", f"s3://{bucket}", "--recursive")
    assert listed.split()[2:] == [str(song.stat().st_size), "masters/Größe", '"1".wav']
    aws(embedded, "s3", "cp", address, str(tmp_path / "back.wav"))
    assert (tmp_path / "back.wav").read_bytes() == song.read_bytes()


def test_an_item_is_put_and_read(embedded, table):
    item = {"releaseId": {"S": "rel_1"}, "title": {"S": "It's \"Größe\""}, "version": {"N": "1"}}
    aws(embedded, "dynamodb", "put-item", "--table-name", table, "--item", json.dumps(item))
    key = json.dumps({"releaseId": {"S": "rel_1"}})
    read = aws(embedded, "dynamodb", "get-item", "--table-name", table, "--key", key)
    assert json.loads(read) == {"Item": item}


def test_what_is_missing_is_refused_in_the_words_of_aws(embedded):
    key = json.dumps({"releaseId": {"S": "rel_1"}})
    refused = aws(embedded, "dynamodb", "get-item", "--table-name", unique("none"), "--key", key, code=255)
    assert "ResourceNotFoundException" in refused

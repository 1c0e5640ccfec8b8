"""The address that `create_upload_url` makes is taken by every backend: a file goes straight there."""

import pytest
import requests

from backends.contents import wave_file
from backends.steps import AUDIO
from support import label
from support.backends import BACKENDS
from support.server import serve


@pytest.mark.parametrize("name", BACKENDS)
def test_a_file_is_sent_to_the_address(tmp_path, name):
    body = wave_file()
    with BACKENDS[name](tmp_path) as backend:
        label.create(backend)
        with serve(backend.environment(), tmp_path) as server:
            arguments = {"bucketName": AUDIO, "fileName": "masters/large.wav", "sizeBytes": len(body)}
            status, made = server.call("create_upload_url", arguments)
            assert status == 200, made
            address = made["result"]
            sent = requests.request(
                address["method"], address["url"], headers=address["headers"], data=body, timeout=120
            )
            assert sent.status_code == 200, sent.text
            status, described = server.call("get_audio_file", {"bucketName": AUDIO, "fileName": "masters/large.wav"})
            assert status == 200, described
            assert described["result"]["sizeBytes"] == len(body)

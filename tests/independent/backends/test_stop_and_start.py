"""Ctrl-C ends Patchline in order, and the next start finds all that was there."""


from backends.contents import wave_file
from support.server import serve
from support.waiting import wait_until

SETTINGS = {"MCP_MOCK_AWS_SERVICES": "true", "MCP_DEMO_MODE": "true"}
SONG = "demos/own song.wav"


def releases(server):
    status, answer = server.call("query_release_data", {"limit": 1})
    assert status == 200, answer
    return answer["result"]["rows"]


def test_what_people_did_is_still_there_after_ctrl_c_and_a_start(tmp_path):
    wave = wave_file()
    with serve(SETTINGS, tmp_path) as server:
        wait_until(lambda: server.sample_label() == "ready", "the sample label", seconds=300)
        release = releases(server)[0]
        named = {"tableName": "releases", "releaseId": release["releaseId"]}
        change = {"expectedVersion": release["version"], "updateData": {"releaseDate": "2031-02-14"}}
        status, changed = server.call("update_release_data", named | change)
        assert status == 200, changed
        sent = server.http.put(f"{server.url}/upload/audio", params={"fileName": SONG}, data=wave, timeout=120)
        assert sent.status_code == 201, sent.text
        assert server.interrupt() == 0

    with serve(SETTINGS, tmp_path) as server:
        status, answer = server.call("query_release_data", named)
        assert status == 200, answer
        assert answer["result"]["rows"][0]["releaseDate"] == "2031-02-14"
        played = server.http.get(f"{server.url}/media/patchline-audio/{SONG}", timeout=120)
        assert played.content == wave
        page = server.person.get(f"{server.url}/releases/{release['releaseId']}", timeout=120)
        assert "14 Feb 2031" in page.text

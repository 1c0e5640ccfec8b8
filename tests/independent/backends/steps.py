"""The calls that are made on every backend, in this order, and what must come of each.

A step may use what an earlier one left behind. `expect` is `ok` or the kind of the error; `shows` is
a text that the answer must contain, so that agreeing on nothing is no agreement.
"""

import base64
import struct
from dataclasses import dataclass, field

AUDIO, CONTRACTS = "patchline-audio", "patchline-contracts"


def wave_file(samples=800):
    """A tenth of a second of silence: WAV, mono, 16 bit, 8 kHz."""
    data = bytes(samples * 2)
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16,
                       b"data", len(data))
    return head + data


def base64_of(content):
    return base64.b64encode(content).decode()


@dataclass
class Step:
    name: str
    tool: str
    arguments: dict
    expect: str = "ok"
    shows: str = ""
    hides: str = field(default="")
    key: str = field(default="")


def upload(name, **more):
    return {"bucketName": AUDIO, "fileName": name, "fileContent": base64_of(wave_file()), **more}


def change(release, version, **values):
    return {"tableName": "releases", "releaseId": release, "expectedVersion": version, "updateData": values}


STEPS = [
    # Files.
    Step("upload", "upload_audio_file", upload("masters/å b+c.wav", metadata={"isrc": "XX0NL2600001"}), shows="audio/"),
    Step("upload of a second file", "upload_audio_file", upload("masters/two.wav"), shows="masters/two.wav"),
    Step("upload over a file", "upload_audio_file", upload("masters/two.wav"), expect="conflict"),
    Step("replacing a file", "upload_audio_file", upload("masters/two.wav", overwrite=True), shows="masters/two.wav"),
    Step("upload of no audio", "upload_audio_file",
         upload("masters/page.wav") | {"fileContent": base64_of(b"<html>")}, expect="invalid"),
    Step("describing a file", "get_audio_file", {"bucketName": AUDIO, "fileName": "masters/å b+c.wav"},
         shows="XX0NL2600001"),
    Step("describing a missing file", "get_audio_file", {"bucketName": AUDIO, "fileName": "masters/none.wav"},
         expect="notFound"),
    Step("listing", "list_audio_files", {"bucketName": AUDIO}, shows="masters/two.wav", hides="page.wav"),
    Step("listing a prefix", "list_audio_files", {"bucketName": AUDIO, "prefix": "masters/t"}, shows="two.wav",
         hides="b+c"),
    Step("listing a page", "list_audio_files", {"bucketName": AUDIO, "maxKeys": 1}, shows='"nextCursor": "', hides="b+c"),
    Step("storing a contract", "store_contract",
         {"bucketName": CONTRACTS, "fileName": "art_1/deal.md", "fileContent": base64_of("# Deal – 1".encode())},
         shows="art_1/deal.md"),
    Step("storing a newer version of a contract", "store_contract",
         {"bucketName": CONTRACTS, "fileName": "art_1/deal.md", "fileContent": base64_of("# Deal – 2".encode()),
          "overwrite": True}, shows="art_1/deal.md"),
    Step("reading a contract", "get_contract", {"bucketName": CONTRACTS, "fileName": "art_1/deal.md"},
         shows="# Deal – 2"),
    Step("listing contracts", "list_contracts", {"bucketName": CONTRACTS}, shows="art_1/deal.md"),
    # Records.
    Step("reading an artist", "query_artist_data", {"tableName": "artists", "artistId": "art_2"}, shows="白波通り"),
    Step("reading some attributes", "query_artist_data",
         {"tableName": "artists", "artistId": "art_1", "attributes": ["name"]}, shows="Ásta Lind", hides="biography"),
    Step("reading a missing artist", "query_artist_data", {"tableName": "artists", "artistId": "art_9"},
         expect="notFound"),
    Step("an id that is none", "query_artist_data", {"tableName": "artists", "artistId": "../x"}, expect="invalid"),
    Step("releases of an artist", "query_release_data", {"tableName": "releases", "artistId": "art_1"},
         shows="Nattlys", hides="夜光"),
    Step("reading a release", "query_release_data", {"tableName": "releases", "releaseId": "rel_3"}, shows="夜光"),
    Step("changing a release", "update_release_data", change("rel_1", 1, releaseDate="2027-04-02"),
         shows="2027-04-02"),
    Step("changing an older version", "update_release_data", change("rel_1", 1, releaseDate="2027-05-07"),
         expect="conflict"),
    Step("changing a missing release", "update_release_data", change("rel_9", 1, title="Ghost"), expect="notFound"),
    Step("changing to what is no date", "update_release_data", change("rel_1", 2, releaseDate="soon"),
         expect="invalid"),
    Step("reading the change", "query_release_data", {"tableName": "releases", "releaseId": "rel_1"},
         shows="2027-04-02", hides="2027-05-07"),
    Step("a change with a key", "update_release_data", change("rel_2", 1, title="Vinter II"), shows="Vinter II",
         key="once"),
    Step("the same change again", "update_release_data", change("rel_2", 1, title="Vinter II"), shows="Vinter II",
         key="once"),
    Step("another change with the key", "update_release_data", change("rel_2", 2, title="Vinter III"),
         expect="keyReused", key="once"),
    Step("the order after the change", "query_release_data", {"tableName": "releases", "artistId": "art_1"},
         shows="2027-04-02"),
    Step("scanning with a condition", "scan_analytics_data",
         {"tableName": "analytics", "filterExpression": 'artistId = "art_1" AND streams >= 900'}, shows="900",
         hides="art_2"),
    Step("scanning a range of days", "scan_analytics_data",
         {"tableName": "analytics",
          "filterExpression": 'artistId = "art_2" AND date BETWEEN "2026-11-03" AND "2026-11-04"'},
         shows="2026-11-04", hides="2026-11-05"),
    Step("scanning a page", "scan_analytics_data",
         {"tableName": "analytics", "filterExpression": 'artistId = "art_1"', "limit": 3}, shows="2026-11-01",
         hides="2026-11-05"),
    Step("a condition that is none", "scan_analytics_data",
         {"tableName": "analytics", "filterExpression": "streams ==== 1"}, expect="invalid"),
]

"""The calls that are made on every backend, in this order, and what must come of each.

A step may use what an earlier one left behind. `expect` is `ok` or the kind of the error; `shows` is
a text that the answer must contain, so that agreeing on nothing is no agreement.
"""

from backends.contents import base64_of, png_file, wave_file
from backends.step import AllPages, Kept, NextPage, Play, Step, Stream

AUDIO, ARTWORK, CONTRACTS = "patchline-audio", "patchline-artwork", "patchline-contracts"

MEBIBYTE = 1024 * 1024


def upload(name, **more):
    return {"bucketName": AUDIO, "fileName": name, "fileContent": base64_of(wave_file()), **more}


def picture(name, **more):
    return {"bucketName": ARTWORK, "fileName": name, "fileContent": base64_of(png_file()), **more}


def contract(name, text, **more):
    return {"bucketName": CONTRACTS, "fileName": name, "fileContent": base64_of(text.encode()), **more}


def change(release, version, /, **values):
    return {"tableName": "releases", "releaseId": release, "expectedVersion": version, "updateData": values}


def figures(artist, day, streams, **more):
    return {"artistId": artist, "date": day, "platform": "spotify", "streams": streams, "listeners": 5, "saves": 1,
            "followers": 7, "territories": {"NO": streams}, **more}


def recorded(*rows):
    return {"tableName": "analytics", "source": "check", "rows": list(rows)}


def where(condition, **more):
    return {"tableName": "analytics", "filterExpression": condition, **more}


AUDIO_FILES = [
    Step("upload", "upload_audio_file", upload("masters/å b+c.wav", metadata={"isrc": "XX0NL2600001"}), shows="audio/"),
    Step("upload of a second file", "upload_audio_file", upload("masters/two.wav"), shows="masters/two.wav"),
    Step("upload over a file", "upload_audio_file", upload("masters/two.wav"), expect="exists"),
    Step("replacing a file", "upload_audio_file", upload("masters/two.wav", overwrite=True), shows="masters/two.wav"),
    Kept("both versions of a replaced file", AUDIO, "masters/two.wav", versions=2),
    Step("upload of no audio", "upload_audio_file",
         upload("masters/page.wav") | {"fileContent": base64_of(b"<html>")}, expect="invalid"),
    Step("upload of broken base64", "upload_audio_file", upload("masters/page.wav") | {"fileContent": "ab*c"},
         expect="invalid"),
    Step("upload of nothing", "upload_audio_file", upload("masters/page.wav") | {"fileContent": ""}, expect="invalid"),
    Step("upload with a name that climbs", "upload_audio_file", upload("../page.wav"), expect="invalid"),
    Step("upload with metadata that no header holds", "upload_audio_file",
         upload("masters/page.wav", metadata={"a b": "c"}), expect="invalid"),
    Step("upload to a bucket for other files", "upload_audio_file",
         upload("masters/page.wav") | {"bucketName": CONTRACTS}, expect="forbidden"),
    Stream("a stream in one part", "masters/stream.wav", wave_file(4000), shows="masters/stream.wav"),
    Stream("a stream in several parts", "masters/long.wav", wave_file(9 * MEBIBYTE // 2), metadata={"take": "third"},
           shows="masters/long.wav"),
    Stream("a stream over a file", "masters/long.wav", wave_file(4000), expect="exists"),
    Stream("a stream in place of a file", "masters/stream.wav", wave_file(5000), overwrite=True, shows="10044"),
    Stream("a stream that is no audio", "masters/page.wav", b"%PDF-1.7", expect="invalid"),
    Kept("both versions of a replaced stream", AUDIO, "masters/stream.wav", versions=2),
    Kept("nothing of what was refused", AUDIO, "masters/page.wav", versions=0),
    Step("describing a file", "get_audio_file", {"bucketName": AUDIO, "fileName": "masters/å b+c.wav"},
         shows="XX0NL2600001"),
    Step("describing a stream", "get_audio_file", {"bucketName": AUDIO, "fileName": "masters/long.wav"},
         shows='"take": "third"'),
    Step("describing a missing file", "get_audio_file", {"bucketName": AUDIO, "fileName": "masters/none.wav"},
         expect="notFound"),
    Step("describing by a name that climbs", "get_audio_file", {"bucketName": AUDIO, "fileName": "masters/../x"},
         expect="invalid"),
    Step("describing in a bucket that is not configured", "get_audio_file",
         {"bucketName": "secrets", "fileName": "a.wav"}, expect="forbidden"),
    Step("listing", "list_audio_files", {"bucketName": AUDIO}, shows="masters/two.wav", hides="page.wav"),
    Step("listing a prefix", "list_audio_files", {"bucketName": AUDIO, "prefix": "masters/t"}, shows="two.wav",
         hides="b+c"),
    Step("listing a prefix that no file has", "list_audio_files", {"bucketName": AUDIO, "prefix": "demos/"},
         shows='"files": []', hides="masters"),
    Step("listing a page", "list_audio_files", {"bucketName": AUDIO, "maxKeys": 1}, shows='"nextCursor": "', hides="b+c"),
    NextPage("listing the next page", "listing a page", shows="stream.wav", hides="long.wav"),
    NextPage("a cursor of another prefix", "listing a page", changes={"prefix": "masters/t"}, expect="invalid"),
    AllPages("listing all pages", "list_audio_files", {"bucketName": AUDIO}, limit=("maxKeys", 2), shows="b+c"),
    Step("listing no files", "list_audio_files", {"bucketName": AUDIO, "maxKeys": 0}, expect="invalid"),
    Step("an address for an upload", "create_upload_url",
         {"bucketName": AUDIO, "fileName": "masters/large.wav", "sizeBytes": 1644}, shows='"if-none-match": "*"'),
    Step("an address for 6 GB", "create_upload_url",
         {"bucketName": AUDIO, "fileName": "masters/large.wav", "sizeBytes": 6 * 1024 * MEBIBYTE}, expect="tooLarge"),
]

PLAYING = [
    Play("playing a file", AUDIO, "masters/two.wav", shows='"status": 200'),
    Play("playing the beginning", AUDIO, "masters/two.wav", range="bytes=0-3", shows='"bytes 0-3/1644"'),
    Play("playing from the middle", AUDIO, "masters/long.wav", range="bytes=9000000-", shows="bytes 9000000-9437227/"),
    Play("playing the end", AUDIO, "masters/two.wav", range="bytes=-16", shows="bytes 1628-1643/1644"),
    Play("playing beyond the end", AUDIO, "masters/two.wav", range="bytes=1640-9999", shows="bytes 1640-1643/1644"),
    Play("playing after the end", AUDIO, "masters/two.wav", range="bytes=1644-", shows='"bytes */1644"'),
    Play("playing the last nothing", AUDIO, "masters/two.wav", range="bytes=-0", shows='"bytes */1644"'),
    Play("playing what is no range", AUDIO, "masters/two.wav", range="bytes=7-3", shows='"status": 200'),
    Play("playing a missing file", AUDIO, "masters/none.wav", expect="notFound"),
    Play("playing from a bucket that is not configured", "secrets", "a.wav", expect="forbidden"),
]

ARTWORK_FILES = [
    Step("a cover", "upload_artwork", picture("covers/rel_1.png", metadata={"by": "Somebody"}), shows='"width": "3"'),
    Step("a cover over a cover", "upload_artwork", picture("covers/rel_1.png"), expect="exists"),
    Step("a cover in place of a cover", "upload_artwork", picture("covers/rel_1.png", overwrite=True),
         shows='"height": "2"', hides="Somebody"),
    Kept("both versions of a cover", ARTWORK, "covers/rel_1.png", versions=2),
    Step("a cover that is no picture", "upload_artwork",
         picture("covers/rel_2.png") | {"fileContent": base64_of(wave_file())}, expect="invalid"),
    Step("describing a cover", "get_artwork", {"bucketName": ARTWORK, "fileName": "covers/rel_1.png"},
         shows="image/png"),
    Step("describing a missing cover", "get_artwork", {"bucketName": ARTWORK, "fileName": "covers/rel_2.png"},
         expect="notFound"),
]

CONTRACT_FILES = [
    Step("storing a contract", "store_contract", contract("art_1/deal.md", "# Deal – 1"), shows="art_1/deal.md"),
    Step("storing over a contract", "store_contract", contract("art_1/deal.md", "# Deal – 9"), expect="exists"),
    Step("storing a newer version of a contract", "store_contract",
         contract("art_1/deal.md", "# Deal – 2", overwrite=True), shows="art_1/deal.md"),
    Kept("both versions of a contract", CONTRACTS, "art_1/deal.md", versions=2),
    Step("storing a picture as a contract", "store_contract",
         contract("art_1/photo.pdf", "") | {"fileContent": base64_of(png_file())}, expect="invalid"),
    Step("storing a contract of another artist", "store_contract",
         contract("art_2/deal.txt", "Split 50:50", metadata={"kind": "split"}), shows="text/plain"),
    Step("reading a contract", "get_contract", {"bucketName": CONTRACTS, "fileName": "art_1/deal.md"},
         shows="# Deal – 2"),
    Step("reading a missing contract", "get_contract", {"bucketName": CONTRACTS, "fileName": "art_9/deal.md"},
         expect="notFound"),
    Step("listing contracts", "list_contracts", {"bucketName": CONTRACTS}, shows="art_1/deal.md"),
    Step("listing contracts of an artist", "list_contracts", {"bucketName": CONTRACTS, "prefix": "art_2/"},
         shows="art_2/deal.txt", hides="art_1"),
    Step("listing a page of contracts", "list_contracts", {"bucketName": CONTRACTS, "maxKeys": 1},
         shows="art_1/deal.md", hides="art_2"),
    NextPage("listing the last page of contracts", "listing a page of contracts", shows="art_2/deal.txt",
             hides="art_1"),
]

ARTISTS = [
    Step("reading an artist", "query_artist_data", {"tableName": "artists", "artistId": "art_2"}, shows="白波通り"),
    Step("reading some attributes", "query_artist_data",
         {"tableName": "artists", "artistId": "art_1", "attributes": ["name"]}, shows="Ásta Lind", hides="biography"),
    Step("reading an attribute that is not there", "query_artist_data",
         {"tableName": "artists", "artistId": "art_1", "attributes": ["shoeSize"]}, shows='"rows": [{}]'),
    Step("reading a missing artist", "query_artist_data", {"tableName": "artists", "artistId": "art_9"},
         expect="notFound"),
    Step("an id that is none", "query_artist_data", {"tableName": "artists", "artistId": "../x"}, expect="invalid"),
    Step("a table that is not configured", "query_artist_data", {"tableName": "users"}, expect="forbidden"),
    AllPages("all artists", "query_artist_data", {"tableName": "artists"}, limit=("limit", 2), shows="Mira"),
    AllPages("all names of artists", "query_artist_data", {"tableName": "artists", "attributes": ["name"]},
             limit=("limit", 1), shows="Mira", hides="biography"),
    Step("a page of artists", "query_artist_data", {"tableName": "artists", "limit": 1, "attributes": ["version"]},
         shows='"version": 1'),
    NextPage("a cursor of a page of artists at another table", "a page of artists", tool="query_release_data",
             changes={"tableName": "releases"}, expect="invalid"),
    Step("a cursor that is none", "query_artist_data", {"tableName": "artists", "cursor": "page-2"}, expect="invalid"),
]

RELEASES = [
    Step("releases of an artist", "query_release_data", {"tableName": "releases", "artistId": "art_1"},
         shows="Nattlys", hides="夜光"),
    Step("the newest release of an artist", "query_release_data",
         {"tableName": "releases", "artistId": "art_1", "limit": 1}, shows="Nattlys", hides="Vinter"),
    NextPage("the release before", "the newest release of an artist", shows="Vinter", hides="Nattlys"),
    Step("releases of nobody", "query_release_data", {"tableName": "releases", "artistId": "art_9"},
         shows='"rows": []'),
    AllPages("all releases", "query_release_data", {"tableName": "releases"}, limit=("limit", 1), shows="夜光"),
    Step("reading a release", "query_release_data", {"tableName": "releases", "releaseId": "rel_3"}, shows="夜光"),
    Step("reading a missing release", "query_release_data", {"tableName": "releases", "releaseId": "rel_9"},
         expect="notFound"),
    Step("a release and an artist at once", "query_release_data",
         {"tableName": "releases", "releaseId": "rel_3", "artistId": "art_1"}, expect="invalid"),
    Step("changing a release", "update_release_data", change("rel_1", 1, releaseDate="2027-04-02"),
         shows="2027-04-02"),
    Step("changing an older version", "update_release_data", change("rel_1", 1, releaseDate="2027-05-07"),
         expect="conflict"),
    Step("changing a version that is not there yet", "update_release_data", change("rel_1", 7, title="Too early"),
         expect="conflict"),
    Step("changing it again", "update_release_data",
         change("rel_1", 2, title="Nattlys – remaster", status="released", upc="200000000035"), shows='"version": 3'),
    Step("changing a missing release", "update_release_data", change("rel_9", 1, title="Ghost"), expect="notFound"),
    Step("a missing release stays missing", "query_release_data", {"tableName": "releases", "releaseId": "rel_9"},
         expect="notFound"),
    Step("changing to what is no date", "update_release_data", change("rel_1", 3, releaseDate="soon"),
         expect="invalid"),
    Step("changing nothing", "update_release_data", change("rel_1", 3), expect="invalid"),
    Step("changing the version by hand", "update_release_data", change("rel_1", 3, version=9), expect="invalid"),
    Step("reading the change", "query_release_data", {"tableName": "releases", "releaseId": "rel_1"},
         shows="remaster", hides="Too early"),
    Step("the order after the change", "query_release_data",
         {"tableName": "releases", "artistId": "art_1", "limit": 1}, shows="2027-04-02", hides="Vinter"),
]

ANALYTICS = [
    Step("scanning with a condition", "scan_analytics_data", where('artistId = "art_1" AND streams >= 900'),
         shows="900", hides="art_2"),
    Step("scanning a range of days", "scan_analytics_data",
         where('artistId = "art_2" AND date BETWEEN "2026-11-03" AND "2026-11-04"'), shows="2026-11-04",
         hides="2026-11-05"),
    Step("scanning for less", "scan_analytics_data", where('artistId = "art_1" AND streams < 200'), shows='"streams": 100',
         hides='"streams": 200'),
    Step("scanning for at most", "scan_analytics_data", where('artistId = "art_1" AND streams <= 200'),
         shows='"streams": 200', hides='"streams": 300'),
    Step("scanning for more", "scan_analytics_data", where('artistId = "art_1" AND streams > 900'),
         shows='"streams": 1000', hides='"streams": 900'),
    Step("scanning for the very number", "scan_analytics_data", where('artistId = "art_1" AND listeners = 300.0'),
         shows='"listeners": 300', hides='"listeners": 360'),
    Step("scanning for the other platform", "scan_analytics_data",
         where('artistId = "art_1" AND platform <> "spotify"'), shows="appleMusic", hides="spotify"),
    Step("scanning for one of several", "scan_analytics_data",
         where('artistId = "art_1" AND date IN ("2026-11-02", "2026-11-09") AND platform = "spotify"'),
         shows="2026-11-09", hides="2026-11-03"),
    Step("scanning for a beginning", "scan_analytics_data",
         where('artistId = "art_1" AND begins_with(date, "2026-11-1")'), shows="2026-11-10", hides="2026-11-09"),
    Step("scanning for a part", "scan_analytics_data",
         where('artistId = "art_1" AND contains(platform, "Music") AND saves = 4'), shows="appleMusic", hides="spotify"),
    Step("scanning inside a map", "scan_analytics_data", where('artistId = "art_1" AND territories.NO = 700'),
         shows='"NO": 700', hides='"NO": 800'),
    Step("scanning for an attribute that is there", "scan_analytics_data",
         where('artistId = "art_1" AND attribute_exists(territories.NO) AND saves = 2'), shows='"saves": 2'),
    Step("scanning for an attribute that is not there", "scan_analytics_data",
         where('artistId = "art_1" AND attribute_exists(territories.SE)'), shows='"rows": []'),
    Step("scanning for a missing attribute", "scan_analytics_data",
         where('artistId = "art_1" AND attribute_not_exists(note) AND saves = 3'), shows='"saves": 3'),
    Step("scanning with or, not and brackets", "scan_analytics_data",
         where('artistId = "art_2" AND (saves = 1 OR saves = 8) AND NOT (platform = "spotify")'), shows='"saves": 8',
         hides="spotify"),
    Step("scanning a text for a number", "scan_analytics_data", where('artistId = "art_1" AND platform > 5'),
         shows='"rows": []'),
    Step("scanning with syntax in a value", "scan_analytics_data",
         where("artistId = \"art_1\" AND platform = \"' OR 1=1 --\""), shows='"rows": []'),
    Step("scanning a page", "scan_analytics_data", where('artistId = "art_1"', limit=3), shows="2026-11-01",
         hides="2026-11-05"),
    NextPage("scanning the next page", "scanning a page", shows="2026-11-02", hides="2026-11-01"),
    NextPage("a cursor of another condition", "scanning a page", changes={"filterExpression": 'artistId = "art_2"'},
             expect="invalid"),
    AllPages("scanning all pages", "scan_analytics_data", where('artistId = "art_1" AND saves >= 3'),
             limit=("limit", 4), shows='"saves": 10', hides='"saves": 2,'),
    AllPages("scanning all artists", "scan_analytics_data", where("streams = 500"), limit=("limit", 3), shows="art_2",
             hides='"streams": 600'),
    AllPages("scanning everything", "scan_analytics_data", where(""), limit=("limit", 7), shows="2026-11-10"),
    Step("a condition that is none", "scan_analytics_data", where("streams ==== 1"), expect="invalid"),
    Step("a condition without its end", "scan_analytics_data", where("streams >"), expect="invalid"),
    Step("a condition with an unknown function", "scan_analytics_data", where("size(streams) > 1"), expect="invalid"),
    Step("a condition that nothing can fulfil", "scan_analytics_data", where("streams BETWEEN 5 AND 1"),
         expect="invalid"),
    Step("recording figures", "record_analytics",
         recorded(figures("art_3", "2026-11-20", 40), figures("art_3", "2026-11-21", 50)), shows='"recorded": 2'),
    Step("reading the recorded figures", "scan_analytics_data", where('artistId = "art_3"'), shows='"streams": 50'),
    Step("recording a day again", "record_analytics", recorded(figures("art_3", "2026-11-21", 60)),
         shows='"recorded": 1'),
    Step("the newer figures take the place of the older", "scan_analytics_data", where('artistId = "art_3"'),
         shows='"streams": 60', hides='"streams": 50'),
    Step("recording figures of a missing artist", "record_analytics",
         recorded(figures("art_3", "2026-11-22", 1), figures("art_9", "2026-11-22", 1)), expect="notFound"),
    Step("recording figures that do not add up", "record_analytics",
         recorded(figures("art_3", "2026-11-22", 70, territories={"NO": 69})), expect="invalid"),
    Step("recording a day twice", "record_analytics",
         recorded(figures("art_3", "2026-11-22", 1), figures("art_3", "2026-11-22", 2)), expect="invalid"),
    Step("nothing of what was refused is recorded", "scan_analytics_data",
         where('artistId = "art_3" AND date > "2026-11-21"'), shows='"rows": []'),
    Step("recording a hundred rows", "record_analytics",
         recorded(*(figures("art_2", f"2026-0{1 + day // 25}-{1 + day % 25:02}", day) for day in range(100))),
         shows='"recorded": 100'),
    AllPages("reading a hundred rows", "scan_analytics_data", where('artistId = "art_2" AND date < "2026-05-01"'),
             limit=("limit", 30), shows='"streams": 99'),
    Step("recording a row too many", "record_analytics",
         recorded(*(figures("art_2", f"2026-0{1 + day // 25}-{1 + day % 25:02}", day) for day in range(101))),
         expect="invalid"),
]

STEPS = AUDIO_FILES + PLAYING + ARTWORK_FILES + CONTRACT_FILES + ARTISTS + RELEASES + ANALYTICS

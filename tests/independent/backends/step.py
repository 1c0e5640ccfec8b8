"""The kinds of steps: how a call is made, and what of its answer is compared."""

import hashlib
import json
from dataclasses import dataclass, field
from urllib.parse import quote



@dataclass
class Step:
    """A call of a tool. Its answer is (HTTP status, JSON)."""

    name: str
    tool: str
    arguments: dict
    expect: str = "ok"
    shows: str = ""
    hides: str = ""

    def run(self, server, backend, earlier):
        return server.call(self.tool, self.arguments)


@dataclass
class NextPage:
    """The same call as an earlier step's, with the cursor of its answer; `changes` makes it another question."""

    name: str
    after: str
    changes: dict = field(default_factory=dict)
    tool: str = ""
    expect: str = "ok"
    shows: str = ""
    hides: str = ""

    def run(self, server, backend, earlier):
        step, came = earlier[self.after]
        assert not isinstance(came, Exception) and came[0] == 200, f"the step {self.after!r} failed: {came}"
        cursor = came[1]["result"]["nextCursor"]
        assert cursor, f"the step {self.after!r} has no next page: {came}"
        return server.call(self.tool or step.tool, step.arguments | self.changes | {"cursor": cursor})


@dataclass
class AllPages:
    """All pages of a list, one after the other. The order of a scan is a backend's own, so it does not count."""

    name: str
    tool: str
    arguments: dict
    limit: tuple
    expect: str = "ok"
    shows: str = ""
    hides: str = ""

    def run(self, server, backend, earlier):
        name, most = self.limit
        rows, cursor = [], None
        for _ in range(1000):
            arguments = self.arguments | {name: most} | ({"cursor": cursor} if cursor else {})
            status, body = server.call(self.tool, arguments)
            if status != 200:
                return status, body
            page = body["result"].get("rows", body["result"].get("files"))
            assert len(page) <= most, f"a page of {len(page)} rows, not {most}"
            rows += page
            cursor = body["result"].get("nextCursor")
            if not cursor:
                return 200, {"result": {"rows": sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))}}
        raise AssertionError("the pages do not end")


@dataclass
class Stream:
    """A file as a stream."""

    name: str
    file: str
    content: bytes = field(repr=False)
    metadata: dict = field(default_factory=dict)
    overwrite: bool = False
    expect: str = "ok"
    shows: str = ""
    hides: str = ""

    def run(self, server, backend, earlier):
        query = {"fileName": self.file, "overwrite": json.dumps(self.overwrite), "metadata": json.dumps(self.metadata)}
        answer = server.http.put(f"{server.url}/upload/audio", params=query, data=self.content, timeout=120)
        return (200, {"result": answer.json()}) if answer.status_code == 201 else (answer.status_code, answer.json())


@dataclass
class Play:
    """A file as a player asks for it, whole or in part."""

    name: str
    bucket: str
    file: str
    range: str = ""
    expect: str = "ok"
    shows: str = ""
    hides: str = ""

    def run(self, server, backend, earlier):
        headers = {"Range": self.range} if self.range else {}
        address = f"{server.url}/media/{quote(self.bucket)}/{quote(self.file)}"
        answer = server.http.get(address, headers=headers, timeout=120)
        if answer.status_code not in (200, 206, 416):
            return answer.status_code, answer.json()
        is_content = answer.status_code != 416
        return 200, {
            "result": {
                "status": answer.status_code,
                "contentRange": answer.headers.get("content-range"),
                "contentType": answer.headers["content-type"],
                "sha256": hashlib.sha256(answer.content).hexdigest() if is_content else None,
            }
        }


@dataclass
class Kept:
    """How many versions of a file the bucket keeps, asked of the backend itself."""

    name: str
    bucket: str
    file: str
    versions: int
    expect: str = "ok"
    shows: str = ""
    hides: str = ""

    def run(self, server, backend, earlier):
        listed = backend.client("s3").list_object_versions(Bucket=self.bucket, Prefix=self.file)
        versions = listed.get("Versions", [])
        assert len(versions) == self.versions, f"{len(versions)} versions of {self.file}, not {self.versions}"
        assert sum(version["IsLatest"] for version in versions) == min(1, self.versions)
        return 200, {"result": {"sizes": sorted(version["Size"] for version in versions)}}

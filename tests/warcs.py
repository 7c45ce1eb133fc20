"""WARCs for tests: kept pages as a crawl writes them."""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from warcio.checker import Checker

from narayacrawl.archive.warc import PART, seal_warc, sealed_warcs, warc_folder
from narayacrawl.archive.warc_records import WarcRecord, digest_of, read_records
from narayacrawl.archive.warc_writer import WarcWriter
from tests.archived import name

HOST = "https://portal.example"


@dataclass
class Warc:
    """The WARC of a run, being written."""

    folder: Path
    """The portal's."""
    run: int
    month: int = 11
    ids: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Record and offset of the last answer of each address."""
    offsets: list[int] = field(default_factory=list)
    """Of the `metadata` records."""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.name = name(self.run, self.month)
        self.moment = f"2025-{self.month:02}-01T{self.run:02}:30:00Z"
        self.writer = WarcWriter(self.folder, self.name)
        self.writer.write("warcinfo", "", {"Content-Type": "application/warc-fields"}, b"software: narayacrawl\r\n")

    def answer(
        self, path: str, body: bytes = b"", *, status: str = "200 OK", headers: Sequence[str] = (), packed: bool = False
    ) -> str:
        """Keep a request and its answer; return the address."""
        url = f"{HOST}{path}"
        body = gzip.compress(body) if packed else body
        lines = [f"HTTP/1.1 {status}", *headers, *(["Content-Encoding: gzip"] if packed else [])]
        head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode()
        told = {"WARC-Date": self.moment, "WARC-Payload-Digest": digest_of(body)}
        self.ids[url] = self.writer.write("response", url, told, body, head=head)
        asked = {"WARC-Date": self.moment, "WARC-Concurrent-To": self.ids[url][0]}
        self.writer.write("request", url, asked, b"", head=f"GET {path} HTTP/1.1\r\n\r\n".encode())
        return url

    def revisit(self, path: str, digest: str = "", profile: str = "server-not-modified") -> None:
        url = f"{HOST}{path}"
        told = {"WARC-Date": self.moment, "WARC-Refers-To-Target-URI": url}
        told["WARC-Profile"] = f"http://netpreserve.org/warc/1.1/revisit/{profile}"
        told |= {"WARC-Payload-Digest": digest} if digest else {}
        self.writer.write("revisit", url, told, b"", head=b"HTTP/1.1 304 Not Modified\r\n\r\n")

    def article(self, number: int | None, *pages: str, rest: str | None = None, url: str = "", **told: Any) -> None:
        """Tell of an article that was read from these addresses."""
        content: dict[str, Any] = {"url": url or pages[0], "id": number, "portal": "portal.example", "revision": 1}
        content |= {"fetched_at": self.moment.replace("Z", "+00:00"), "timezone": "Asia/Jakarta", "base": f"{HOST}/"}
        content["pages"] = [self._place(page) for page in pages]
        content["rest"] = self._place(rest) | {"post": number} if rest else None
        headers = {"WARC-Refers-To": self.ids[pages[0]][0], "Content-Type": "application/json"}
        headers["WARC-Date"] = self.moment
        _, offset = self.writer.write(
            "metadata", f"urn:article:{content['url']}", headers, orjson.dumps(content | told)
        )
        self.offsets.append(offset)

    def page(self, number: int, text: str = "", **told: Any) -> None:
        """Keep the page of an article, and tell of it."""
        self.article(number, self.answer(f"/{number}/", f"<p>Berita {number} {text}</p>".encode()), **told)

    def _place(self, url: str) -> dict[str, Any]:
        record, offset = self.ids[url]
        return {"id": record, "offset": offset}

    def close(self) -> Path:
        """Leave it unsealed."""
        self.writer.sync()
        self.writer.close()
        return warc_folder(self.folder) / f"{self.name}{PART}"

    def seal(self) -> Path:
        self.close()
        seal_warc(self.folder, self.name, self.writer.records)
        return sealed_warcs(self.folder)[self.name]


def records(folder: Path) -> list[WarcRecord]:
    """Every record of the sealed WARCs of a portal's folder, in order."""
    return [record for path in sealed_warcs(folder).values() for record in read_records(path)]


def told(record: WarcRecord) -> Mapping[str, Any]:
    """What a `metadata` record says."""
    content: Mapping[str, Any] = orjson.loads(record.block)
    return content


def problems(path: Path) -> str:
    """What `warcio check` finds in a file."""

    class Told(Checker):  # type: ignore[misc]
        def __init__(self) -> None:
            self.exit_value = 0
            self.verbose = True

    own = Told()
    own.process_one(str(path))
    return "" if own.exit_value == 0 else f"{path.name}: exit value {own.exit_value}"

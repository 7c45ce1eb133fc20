"""WARC files as a crawl keeps them, of articles that a test makes up."""

import json
from pathlib import Path
from typing import Any, Final

from narayacrawl.archive.warc_records import digest_of
from narayacrawl.archive.warc_writer import WarcWriter
from narayacrawl.reread.kept_pages import KeptPlace

NAME: Final = "20260106T020000Z-000001"
BASE: Final = "https://kabar.example"


class Kept:
    """One file, and the articles that it keeps."""

    def __init__(self, folder: Path) -> None:
        self.writer = WarcWriter(folder, NAME)
        self.writer.write("warcinfo", "", {}, b"portal: kabar\r\n")

    @property
    def path(self) -> Path:
        return self.writer.path

    def answer(self, url: str, body: bytes, content_type: str = "text/html; charset=UTF-8", **headers: str) -> Any:
        """Keep an answer; return what tells of it."""
        lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()]
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n{''.join(lines)}\r\n"
        digest = {"WARC-Payload-Digest": digest_of(body)}
        record, offset = self.writer.write("response", url, digest, body, head=head.encode())
        self.writer.write("request", url, {"WARC-Concurrent-To": record}, b"", head=b"GET / HTTP/1.1\r\n\r\n")
        return {"id": record, "offset": offset}

    def article(self, url: str, *pages: Any, **told: Any) -> KeptPlace:
        """Keep that these are an article's pages; return where."""
        content = {"url": url, "id": 7, "portal": "kabar", "revision": 1, "fetched_at": "2026-01-06T02:00:00+00:00"}
        content |= {"timezone": None, "base": f"{BASE}/", "pages": pages, "rest": None} | told
        headers = {"Content-Type": "application/json"}
        _, offset = self.writer.write("metadata", url, headers, json.dumps(content).encode())
        self.writer.sync()
        return KeptPlace(self.path, offset)

"""Save what a crawl was answered as readable files, and answer a replay from them.

A portal's folder holds `recording.json` (spider and arguments), `responses.jsonl` (a response a line), `pages/`
(bodies) and `articles.jsonl` (the golden, see `golden.py`).
"""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator
from scrapy import Request, Spider
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings
from scrapy.utils.conf import closest_scrapy_cfg
from w3lib.url import canonicalize_url

from narayacrawl.downloader.fetch import is_ending

RESPONSES: Final = "responses.jsonl"
RECORDING: Final = "recording.json"
PAGES: Final = "pages"
PAGE_FILE: Final = re.compile(rf"{PAGES}/[^/\\\0]{{1,200}}")
MISSING: Final = "narayacrawl/fixtures/missing"

# Untrue of a body that is kept decoded and whole, or nobody's business.
UNSAVED_HEADERS: Final = frozenset({"content-encoding", "transfer-encoding", "content-length", "set-cookie"})

EXTENSIONS: Final = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/json": ".json",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "text/plain": ".txt",
}
MAX_STEM: Final = 80
WINDOWS_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class FixtureError(Exception):
    """Tells in one line which file of a saved portal cannot be used, and why."""


class Recording(BaseModel):
    """Names the crawl that was recorded."""

    model_config = ConfigDict(extra="forbid")

    spider: str
    """The spider's name."""
    arguments: dict[str, str]
    """Its arguments, as given with `-a`."""


class RecordedResponse(BaseModel):
    """Holds one line of `responses.jsonl`."""

    model_config = ConfigDict(extra="forbid")

    url: str
    """The address asked for."""
    status: int = Field(ge=100, le=599)
    headers: dict[str, list[str]]
    """As sent, every byte a character (Latin-1)."""
    fetched_at: AwareDatetime
    """When the answer came; written in UTC, to the second."""
    file: str | None
    """`pages/<name>`, the body; None where it is empty."""

    @field_validator("headers")
    @classmethod
    def _has_single_bytes(cls, headers: dict[str, list[str]]) -> dict[str, list[str]]:
        if any(max(text, default="") > "\xff" for name, values in headers.items() for text in (name, *values)):
            raise ValueError("a header with characters beyond Latin-1")
        return headers

    def line(self) -> str:
        """Return the response as a line of JSON Lines, without its end."""
        record = self.model_dump() | {"fetched_at": self.fetched_at.astimezone(UTC).isoformat()}
        return json.dumps(record, ensure_ascii=False)


def fixtures_folder(settings: BaseSettings) -> Path:
    """Return the folder of all saved portals: FIXTURES_DIR, beside scrapy.cfg unless it is absolute."""
    folder: str = settings["FIXTURES_DIR"]
    return Path(closest_scrapy_cfg()).parent.absolute() / folder


def read_recording(folder: Path) -> Recording:
    """Read `recording.json` of a saved portal; `FixtureError` where there is none or it is not one."""
    path = folder / RECORDING
    try:
        return Recording.model_validate_json(path.read_bytes())
    except OSError as error:
        raise FixtureError(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        raise FixtureError(f"{path}: {_complaint(error)}") from error


def write_recording(folder: Path, recording: Recording) -> None:
    """Write `recording.json`."""
    text = json.dumps(recording.model_dump(), ensure_ascii=False, indent=2)
    (folder / RECORDING).write_text(text + "\n", encoding="utf-8")


def read_responses(folder: Path) -> dict[str, RecordedResponse]:
    """Read `responses.jsonl` of a saved portal: its responses by canonical address.

    `FixtureError` names file and line of what is unreadable, recorded twice, or without its body's file.
    """
    path = folder / RESPONSES
    responses: dict[str, RecordedResponse] = {}
    for number, line in numbered_lines(path):
        try:
            response = RecordedResponse.model_validate_json(line)
        except ValidationError as error:
            raise FixtureError(f"{path}:{number}: {_complaint(error)}") from error
        if response.file is not None and not _is_page(folder, response.file):
            raise FixtureError(f"{path}:{number}: no file of {PAGES}/: {response.file!r}")
        if responses.setdefault(canonicalize_url(response.url), response) is not response:
            raise FixtureError(f"{path}:{number}: recorded twice: {response.url}")
    return responses


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file that are not blank, numbered from 1; `FixtureError` where it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FixtureError(f"{path}: {error.strerror}") from error
    # Not splitlines(): only a line feed ends a line.
    yield from ((number, line) for number, line in enumerate(content.split(b"\n"), 1) if line.strip())


def page_name(url: str, content_type: str) -> str:
    """Name the file of a page after its path and query, safe on any file system: `ekonomi-page-2.html`, `p=12.html`.

    `content_type` is the header's value; it decides the extension. Different addresses may have the same name.
    """
    parts = urlsplit(url)
    words = unquote("-".join(part for part in (parts.path.strip("/"), parts.query) if part))
    stem = re.sub(r"[^A-Za-z0-9._=]+", "-", words).strip("-._") or "index"
    extension = EXTENSIONS.get(content_type.partition(";")[0].strip().lower(), ".bin")
    stem = stem.removesuffix(extension)
    if len(stem) > MAX_STEM:
        stem = f"{stem[:MAX_STEM]}-{_short_hash(url)}"
    if WINDOWS_DEVICES.fullmatch(stem):
        stem = f"page-{stem}"
    return stem + extension


class FixtureCacheStorage:
    """Stores Scrapy's HTTP cache (HTTPCACHE_STORAGE) as a saved portal: HTTPCACHE_DIR is its folder, absolute.

    With HTTPCACHE_IGNORE_MISSING it replays: what was recorded is answered, with a `Date` header that says when; an
    address that was not is listed in the stat `narayacrawl/fixtures/missing`, unless the crawl is ending already.
    Without, it records: every answer to a GET is saved, the last one of an address, and `responses.jsonl` written when
    the spider closes; nothing is answered, so that a retry reaches the portal, but with FIXTURES_COMPLETE what was
    recorded before. `FixtureError` when made, where the recording to replay is not sound.
    """

    def __init__(self, settings: BaseSettings) -> None:
        self.folder = Path(settings["HTTPCACHE_DIR"])
        self.is_replay = settings.getbool("HTTPCACHE_IGNORE_MISSING")
        # Not in open_spider: Scrapy only logs what fails there, and would find nothing in the cache.
        is_begun = self.is_replay or settings.getbool("FIXTURES_COMPLETE")
        self._responses = read_responses(self.folder) if is_begun else {}
        self._recorded = frozenset(self._responses)
        """Canonical addresses that are answered from the recording."""
        self._names = {Path(own.file).name.casefold() for own in self._responses.values() if own.file}

    def open_spider(self, spider: Spider) -> None:
        """Do nothing: what there is to read was read before."""

    def close_spider(self, spider: Spider) -> None:
        if self.is_replay:
            return
        lines = [response.line() + "\n" for _, response in sorted(self._responses.items())]
        (self.folder / RESPONSES).write_text("".join(lines), encoding="utf-8", newline="\n")

    def retrieve_response(self, spider: Spider, request: Request) -> Response | None:
        key = canonicalize_url(request.url)
        if request.method != "GET" or key not in self._recorded:
            if self.is_replay and not is_ending(spider.crawler):
                missing = spider.crawler.stats.get_value(MISSING, [])
                spider.crawler.stats.set_value(MISSING, [*missing, request.url])
            return None
        recorded = self._responses[key]
        headers = Headers(recorded.headers, encoding="latin-1")
        headers["Date"] = format_datetime(recorded.fetched_at.astimezone(UTC), usegmt=True)
        body = b"" if recorded.file is None else (self.folder / recorded.file).read_bytes()
        response_class = responsetypes.from_args(headers=headers, url=request.url, body=body)
        return response_class(request.url, status=recorded.status, headers=headers, body=body)

    def store_response(self, spider: Spider, request: Request, response: Response) -> None:
        if self.is_replay or request.method != "GET":
            return
        key = canonicalize_url(request.url)
        known = self._responses.get(key)
        self._responses[key] = RecordedResponse(
            url=request.url,
            status=response.status,
            headers=_saved_headers(response.headers),
            fetched_at=datetime.now(UTC).replace(microsecond=0),
            file=self._save(request.url, response, known.file if known else None),
        )

    def _save(self, url: str, response: Response, file: str | None) -> str | None:
        """Write the body, over that of an earlier answer where there is one; None where it is empty."""
        if not response.body:
            return None
        if file is None:
            content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
            file = f"{PAGES}/{self._unique(page_name(url, content_type), url)}"
        (self.folder / file).write_bytes(response.body)
        return file

    def _unique(self, name: str, url: str) -> str:
        # Compared without case: so do many file systems.
        if name.casefold() in self._names:
            stem, dot, extension = name.rpartition(".")
            name = f"{stem}-{_short_hash(url)}{dot}{extension}"
        self._names.add(name.casefold())
        return name


def _saved_headers(headers: Headers) -> dict[str, list[str]]:
    names = {name: name.decode("latin-1") for name in headers}
    return {
        text: [value.decode("latin-1") for value in headers.getlist(name)]
        for name, text in names.items()
        if text.lower() not in UNSAVED_HEADERS
    }


def _is_page(folder: Path, file: str) -> bool:
    if not PAGE_FILE.fullmatch(file):
        return False
    # Resolved: a link may lead out of the folder.
    path = (folder / file).resolve()
    return path.parent == (folder / PAGES).resolve() and path.is_file()


def _short_hash(url: str) -> str:
    return hashlib.sha256(canonicalize_url(url).encode()).hexdigest()[:8]


def _complaint(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    return ": ".join([*map(str, first["loc"]), first["msg"]])

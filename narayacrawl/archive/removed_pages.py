"""Recognise what the WARCs of a portal keep of removed articles: their pages, and what else tells of them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urljoin

import orjson

from narayacrawl.archive.warc_pages import metadata_of, named_records
from narayacrawl.archive.warc_records import WarcRecord
from narayacrawl.downloader.decoders import DECODERS, ERRORS
from narayacrawl.ledger.tombstones import Tombstone
from narayacrawl.urls import key

HEAD_END: Final = b"\r\n\r\n"
STATUS: Final = re.compile(rb"HTTP/[\d.]+ (\d{3})")
OWN_LENGTH: Final = (b"content-length", b"content-encoding", b"transfer-encoding")


@dataclass(slots=True)
class RemovedPages:
    """What is to leave the WARCs of a portal, collected from all of them before any is changed."""

    tombstones: Sequence[Tombstone]
    ids: set[str] = field(default_factory=set)
    """Of the records that a removed article is read from."""
    keys: set[str] = field(default_factory=set)
    """Of the addresses that answered with its pages, and of those that redirected there."""
    _redirects: dict[str, set[str]] = field(default_factory=dict)
    _mentions: list[re.Pattern[bytes]] = field(init=False)

    def __post_init__(self) -> None:
        self._mentions = [_mention(name) for own in self.tombstones for name in own.keys]

    def collect(self, records: Iterable[WarcRecord]) -> None:
        """Look through the records of one WARC."""
        addresses: dict[str, str] = {}
        for record in records:
            if record.type == "response":
                addresses[record.id] = _key(record.uri)
                if target := _redirect_target(record):
                    self._redirects.setdefault(_key(target), set()).add(_key(record.uri))
            elif (told := metadata_of(record)) and self.covers(str(told.get("url")), told.get("id")):
                own = [str(page["id"]) for page in told["pages"]]
                self.ids |= {record.id, *own}
                self.keys |= {addresses[page] for page in own if page in addresses}

    def close(self) -> None:
        """Follow the redirects that lead to a removed page back to where they begin."""
        names = {name for own in self.tombstones for name in own.keys}
        leading = [name for name in self._redirects if name in self.keys or name in names]
        while leading:
            new = self._redirects.get(leading.pop(), set()) - self.keys
            self.keys |= new
            leading += new

    def covers(self, url: str, post_id: Any = None) -> bool:
        """True if a removed article has this address, and this post id where one is told."""
        name = _key(url)
        return any(own.covers(name, post_id) for own in self.tombstones)

    def has(self, record: WarcRecord, others: set[str]) -> bool:
        """True if a record of a WARC is to go; `others` are the ids of those that other articles are read from."""
        if record.id in self.ids:
            return True
        related = {record.field("WARC-Concurrent-To"), record.field("WARC-Refers-To")}
        if record.type == "warcinfo" or record.id in others:
            return False
        if related & self.ids:
            return True
        if record.type == "metadata" or related & others:
            return False
        addresses = (record.uri, record.field("WARC-Refers-To-Target-URI"))
        if any(_key(uri) in self.keys or self.covers(uri) for uri in addresses if uri):
            return True
        return record.type == "response" and self._is_mentioned(record)

    def _is_mentioned(self, record: WarcRecord) -> bool:
        """True if an answer that no article is read from, a listing's, a feed's, tells of a removed one."""
        body = (_decoded(record) or record.payload).replace(b"\\/", b"/")
        return any(mention.search(body) for mention in self._mentions)

    def without_posts(self, record: WarcRecord) -> WarcRecord | None:
        """Return an answer of the REST API that other articles are read from without the posts of removed ones; None
        if it has none of theirs."""
        try:
            posts = orjson.loads(_decoded(record) or b"")
        except orjson.JSONDecodeError:
            return None
        if not isinstance(posts, list):
            return None
        kept = [post for post in posts if not self._is_post(post)]
        return _with_payload(record, orjson.dumps(kept)) if len(kept) < len(posts) else None

    def _is_post(self, post: Any) -> bool:
        return isinstance(post, dict) and self.covers(str(post.get("link")), post.get("id"))


def other_records(records: Iterable[WarcRecord], removed: RemovedPages) -> set[str]:
    """Return the ids of the records of a WARC from which articles are read that are not removed."""
    others: set[str] = set()
    for record in records:
        if (told := metadata_of(record)) and not removed.covers(str(told.get("url")), told.get("id")):
            others |= {str(named["id"]) for named in named_records(told)}
    return others


def _key(uri: str) -> str:
    """Return the key of an address, the address itself where it has none."""
    try:
        return key(uri)
    except ValueError:
        return uri


def _mention(name: str) -> re.Pattern[bytes]:
    """Return a pattern of an address in a text, by its key."""
    path, _, query = name.partition("?")
    ending = rf"/?\?{re.escape(query)}(?![\w-])" if query else r"(?:/(?![\w-])|(?![\w/-]))"
    return re.compile(rf"//(?:www\.)?{re.escape(path)}{ending}".encode(), re.IGNORECASE)


def _redirect_target(record: WarcRecord) -> str | None:
    head = record.block.partition(HEAD_END)[0]
    match = STATUS.match(head)
    location = _header(head, b"location")
    if match is None or not match[1].startswith(b"3") or not location:
        return None
    return urljoin(record.uri, location.decode("utf-8", "replace"))


def _header(head: bytes, name: bytes) -> bytes:
    """Return the values of a header of an HTTP message, joined by commas."""
    fields = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return b",".join(value.strip() for own, _, value in fields if own.strip().lower() == name)


def _decoded(record: WarcRecord) -> bytes | None:
    """Return the payload of an answer without its compression; None where it cannot be undone."""
    head, _, body = record.block.partition(HEAD_END)
    encodings = [own.strip().lower() for own in _header(head, b"content-encoding").split(b",") if own.strip()]
    try:
        for encoding in reversed(encodings):
            body = b"".join(DECODERS[encoding](body)) if encoding != b"identity" else body
    except (KeyError, *ERRORS):
        return None
    return body


def _with_payload(record: WarcRecord, payload: bytes) -> WarcRecord:
    """Return an answer with another payload, told as one that is not whole."""
    start, *headers = record.block.partition(HEAD_END)[0].split(b"\r\n")
    kept = [line for line in headers if line.partition(b":")[0].strip().lower() not in OWN_LENGTH]
    head = b"\r\n".join([start, *kept, b"Content-Length: %d" % len(payload)])
    fields = {**record.fields, "WARC-Truncated": "unspecified"}
    return replace(record, fields=fields, block=head + HEAD_END + payload)

"""WARC files as others write them: records, whole and broken."""

import gzip
from collections import Counter
from pathlib import Path

from narayacrawl.items import Article
from narayacrawl.reread.warc_file import read_file
from narayacrawl.reread.warc_records import Counted

SITE = "https://www.kabar-sungai.example"
DATE = "2025-11-24T22:48:01Z"


def article_page(number: int, *, text: str = "", head: str = "") -> bytes:
    """An article's page, of a site that is no WordPress."""
    text = text or f"Sebanyak {number + 20} perahu kayu bersandar di dermaga Kampung Ulin sejak Senin pagi. " * 4
    return f"""<!doctype html><html lang="id-ID"><head><title>Perahu ke-{number} bersandar – Kabar Sungai</title>
<meta property="og:type" content="article"><meta property="og:site_name" content="Kabar Sungai">
<meta property="article:published_time" content="2025-11-24T07:{number % 60:02}:00+07:00">{head}</head>
<body><header><a href="/">Kabar Sungai</a></header><article><h1>Perahu ke-{number} bersandar di dermaga</h1>
<p>{text}</p><p>Juru mudi Usman mengatakan, muatan nomor {number} diturunkan sebelum air pasang.</p></article>
<footer>Kabar Sungai, Banjarmasin</footer></body></html>""".encode()


def answer(body: bytes, *fields: str, status: str = "200 OK", content_type: str = "text/html; charset=utf-8") -> bytes:
    """An HTTP answer."""
    lines = [f"HTTP/1.1 {status}", *([f"Content-Type: {content_type}"] if content_type else []), *fields, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def record(
    content: bytes,
    url: str,
    kind: str = "response",
    *fields: str,
    length: int | None = None,
    content_type: str = "application/http; msgtype=response",
    date: str = DATE,
) -> bytes:
    """A WARC record; `length` is what it says of itself."""
    lines = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        "WARC-Record-ID: <urn:uuid:5c9b4c3e-0d5b-4b0c-9a57-5a41a8f3d1c2>",
        f"WARC-Date: {date}",
        f"WARC-Target-URI: {url}",
        f"Content-Type: {content_type}",
        *fields,
        f"Content-Length: {len(content) if length is None else length}",
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + content + b"\r\n\r\n"


def page_url(number: int) -> str:
    return f"{SITE}/berita/perahu-ke-{number}-bersandar"


def page_record(number: int) -> bytes:
    """The record of an article's page."""
    return record(answer(article_page(number)), page_url(number))


def packed(*records: bytes) -> bytes:
    """A file of one gzip member a record."""
    return b"".join(map(gzip.compress, records))


def read_all(path: Path, content: bytes | None = None) -> tuple[list[Article], list[Counted]]:
    """The articles of a file, and what else stands in it."""
    if content is not None:
        path.write_bytes(content)
    found = list(read_file(path))
    return (
        [own for own in found if isinstance(own, Article)],
        [own for own in found if isinstance(own, Counted)],
    )


def reasons(counted: list[Counted]) -> Counter[str]:
    return Counter(own.reason for own in counted)

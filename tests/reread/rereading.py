"""A portal of every kind of page, crawled with its pages kept, and read again by rules that are better or worse."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import brotli

from benchmarks.answers import Answer
from benchmarks.portal import PARTS
from narayacrawl.pages import ArticlePage
from tests.desk import SPIDER, Newsroom, Reader, newsroom

ARTICLES: Final = 12
WARC: Final = "WARC=1"


@contextmanager
def kept(folder: Path, *, having: tuple[str, ...] = PARTS) -> Iterator[Reader]:
    """The portal, crawled once."""
    with newsroom(ARTICLES, having) as room:
        vary(room)
        reader = Reader(room.url, folder, room)
        assert reader.crawl(WARC).status == 0, (folder / "log").read_text()
        yield reader


def vary(room: Newsroom) -> None:
    """Have each of the first articles answered in a way of its own."""
    paths = [room.path_of(number) for number in range(1, 7)]
    room.rewrite(paths[0], lambda _, own: _coded(own, gzip.compress(own.body), "gzip"))
    room.rewrite(paths[1], lambda _, own: _coded(own, brotli.compress(own.body), "br"))
    room.rewrite(paths[2], lambda _, own: _in_latin(own))
    room.rewrite(paths[3], lambda path, own: own._replace(body=_split(own.body, path, paths[3])))
    room.replies.insert(0, lambda path, _: _second(room, path, paths[3]))
    room.rewrite(paths[4], lambda _, own: own._replace(body=_relative(own.body)))
    room.rewrite(paths[5], lambda _, own: own._replace(body=_for_subscribers(own.body)))


def _coded(own: Answer, body: bytes, encoding: str) -> Answer:
    return own._replace(body=body, headers={**own.headers, "Content-Encoding": encoding})


def _in_latin(own: Answer) -> Answer:
    text = own.body.decode().replace("<p>", "<p>Café di dermaga: ", 1)
    body = text.encode("latin-1", "xmlcharrefreplace")
    return own._replace(kind=b"text/html; charset=iso-8859-1", body=body)


def _parts(body: bytes) -> tuple[bytes, list[bytes], bytes]:
    """What stands before an article's paragraphs, these, and what stands behind them."""
    head, _, rest = body.partition(b'<div class="entry-content">')
    text, _, tail = rest.partition(b"</div>")
    return head + b'<div class="entry-content">', text.split(b"<p>")[1:], tail


def _split(body: bytes, path: str, own: str) -> bytes:
    head, paragraphs, tail = _parts(body)
    links = b'<div class="page-links"><a class="post-page-numbers" href="%s2/">2</a></div>' % own.encode()
    return head + b"<p>" + paragraphs[0] + links + b"</div>" + tail


def _second(room: Newsroom, path: str, own: str) -> Answer | None:
    """The second page of a split article."""
    if path != f"{own}2/":
        return None
    answer = room.own(own)
    head, paragraphs, tail = _parts(answer.body)
    head = head.replace(b"single-post ", b"single-post paged-2 single-paged-2 ")
    return answer._replace(body=head + b"<p>" + b"<p>".join(paragraphs[1:]) + b"</div>" + tail)


def _relative(body: bytes) -> bytes:
    head, _, rest = body.partition(b'<meta property="article:published_time"')
    body = head + rest.partition(b"</head>")[2].join((b"</head>", b""))
    return body.replace(b"</h1>", b'</h1><span class="entry-date posted-on">3 jam lalu</span>')


def _for_subscribers(body: bytes) -> bytes:
    told = b'<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script></head>'
    return body.replace(b"</head>", told)


# Rules


def read_tags_better() -> None:
    """Have a tag more read on every page: a change of a field that makes no edit."""
    ArticlePage.tags = property(lambda _: ["dermaga"])  # type: ignore[method-assign,assignment]


def read_title_better() -> None:
    """Have another title read on every page."""
    read = ArticlePage.title
    ArticlePage.title = property(lambda page: f"{read.__get__(page)} (Foto)")  # type: ignore[method-assign,assignment]


def read_less() -> None:
    """Have a tenth of every text read."""
    from narayacrawl.pages.body.body import Body

    own: Any = ArticlePage.body

    def body(page: ArticlePage) -> Body:
        read: Body = own.func(page)
        del read.blocks[1:]
        for block in read.blocks:
            block.text = block.html = block.text[:20]
        return read

    own_body = type(own)(body)
    own_body.__set_name__(ArticlePage, "body")
    ArticlePage.body = own_body  # type: ignore[method-assign]


def newest(reader: Reader) -> dict[int, dict[str, Any]]:
    """The last line of each post."""
    return {record["id"]: record for record in sorted(reader.archived(), key=lambda own: int(own["revision"]))}


def reread(reader: Reader, *words: str, rules: Any = None) -> tuple[int, str, str]:
    """The exit status of `scrapy reread`, and what it printed on stdout and stderr."""
    reader.prepare = rules
    status, out = reader.scrapy("reread", SPIDER, *words)
    reader.prepare = None
    return status, out, (reader.folder / "log").read_text()

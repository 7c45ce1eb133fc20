"""WARC files of others: every article's page gives a record, all else is counted, what is broken costs itself."""

import gzip
import pickle
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest

from narayacrawl import extract
from narayacrawl.reread.warc_file import read_file
from narayacrawl.reread.warc_frames import NoWarc
from tests.reread.warcs import (
    SITE,
    answer,
    article_page,
    packed,
    page_record,
    page_url,
    read_all,
    reasons,
    record,
)

PAGES = [page_record(number) for number in range(4)]
TITLES = [f"Perahu ke-{number} bersandar di dermaga" for number in range(4)]


def chunked(body: bytes, size: int = 100) -> bytes:
    pieces = (body[start : start + size] for start in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def titles(path: Path, content: bytes) -> list[str]:
    return [article.title for article in read_all(path, content)[0]]


@pytest.mark.parametrize("pack", [b"".join, lambda own: packed(*own), lambda own: gzip.compress(b"".join(own))])
def test_every_article_of_a_file_is_read_however_it_is_packed(
    pack: Callable[[list[bytes]], bytes], tmp_path: Path
) -> None:
    assert titles(tmp_path / "a.warc", pack(PAGES)) == TITLES


def test_a_page_is_read_as_extract_reads_it(tmp_path: Path) -> None:
    [article], _ = read_all(tmp_path / "a.warc", page_record(1))
    assert article == extract(article_page(1), page_url(1), fetched_at="2025-11-24T22:48:01+00:00")
    assert (article.portal, article.revision, article.change) == ("kabar-sungai.example", 1, "first")


def test_the_charset_of_the_answer_counts(tmp_path: Path) -> None:
    page = article_page(1, text="Harga “beras” naik – kata Ny. Möller. " * 6)
    sent = answer(page.decode().encode("cp1252"), content_type="text/html; charset=windows-1252")
    [article], _ = read_all(tmp_path / "a.warc", record(sent, page_url(1)))
    assert "Harga “beras” naik – kata Ny. Möller." in article.body


BODIES = {
    "gzip": (["Content-Encoding: gzip"], gzip.compress),
    "Brotli": (["Content-Encoding: br"], brotli.compress),
    "deflate": (["Content-Encoding: deflate"], zlib.compress),
    "chunks": (["Transfer-Encoding: chunked"], chunked),
    "chunks of gzip": (
        ["Transfer-Encoding: chunked", "Content-Encoding: gzip"],
        lambda body: chunked(gzip.compress(body)),
    ),
    "unpacked under the header it came with": (["Transfer-Encoding: chunked", "Content-Encoding: gzip"], bytes),
    "an encoding nobody knows": (["Content-Encoding: identity"], bytes),
}


@pytest.mark.parametrize(("fields", "pack"), BODIES.values(), ids=BODIES)
def test_a_body_is_unpacked(fields: list[str], pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    sent = answer(pack(article_page(2)), *fields)
    assert titles(tmp_path / "a.warc", record(sent, page_url(2))) == [TITLES[2]]


COUNTED = {
    "request record": record(b"GET / HTTP/1.1\r\n\r\n", page_url(1), "request"),
    "metadata record": record(b"fetchTimeMs: 12", page_url(1), "metadata", content_type="application/warc-fields"),
    "warcinfo record": record(b"software: lain", "", "warcinfo", content_type="application/warc-fields"),
    "revisit record": record(answer(b""), page_url(1), "revisit"),
    "conversion record": record(b"Perahu", page_url(1), "conversion", content_type="text/plain"),
    "status 404": record(answer(article_page(1), status="404 Not Found"), page_url(1)),
    "no HTML": record(answer(b"\x89PNG", content_type="image/png"), f"{SITE}/foto/a"),
    "no HTTP answer": record(b"1.2.3.4", "dns:kabar.example", "response", content_type="text/dns"),
    "no web address": record(answer(article_page(1)), "urn:kabar:1"),
    "no article's address": record(answer(article_page(1)), f"{SITE}/tag/perahu/"),
    "no article: no article": record(answer(b"<html><h1>Tentang kami</h1><p>Redaksi</p>"), f"{SITE}/tentang"),
    "no date": record(answer(article_page(1).replace(b"2025-11-24T07", b"tanggal")), page_url(1)),
    "truncated when it was kept": record(answer(article_page(1)), page_url(1), "response", "WARC-Truncated: length"),
    "malformed HTTP": record(b"bukan HTTP", page_url(1)),
    "body not whole": record(answer(gzip.compress(article_page(1))[:-9], "Content-Encoding: gzip"), page_url(1)),
    "too large": record(answer(gzip.compress(b" " * 60_000_000), "Content-Encoding: gzip"), page_url(1)),
    "broken off": record(
        answer(article_page(1).replace(b"</article>", b'</article><div class="wp-die-message">')), page_url(1)
    ),
}


TOO_MUCH = record(answer(b"<html>" + b"<b>" * 300_000), page_url(1))


@pytest.mark.parametrize(
    ("reason", "content"),
    [
        *(pytest.param(*own, id=own[0]) for own in COUNTED.items()),
        pytest.param("not readable", TOO_MUCH, id="not readable", marks=pytest.mark.slow),
    ],
)
def test_what_is_no_article_is_counted_and_costs_itself(reason: str, content: bytes, tmp_path: Path) -> None:
    articles, counted = read_all(tmp_path / "a.warc", packed(PAGES[0], content, PAGES[1]))
    assert [article.title for article in articles] == TITLES[:2]
    assert reasons(counted) == {reason: 1}


def test_a_page_without_an_http_header_is_read_from_a_resource_record(tmp_path: Path) -> None:
    content = record(article_page(3), page_url(3), "resource", content_type="text/html")
    assert titles(tmp_path / "a.warc", content) == [TITLES[3]]


def spoiled(member: bytes) -> bytes:
    return member[:60] + b"\xff" * 20 + member[80:]


def wrong(length: int) -> bytes:
    return record(answer(article_page(9)), page_url(9), length=length)


BROKEN = {
    "a spoiled gzip member": packed(*PAGES[:1]) + spoiled(packed(PAGES[1])) + packed(*PAGES[2:]),
    "a wrong checksum": packed(*PAGES[:1]) + packed(PAGES[1])[:-8] + b"12345678" + packed(*PAGES[2:]),
    "bytes between the members": packed(*PAGES[:1]) + b"sampah" * 9 + packed(*PAGES[2:]),
    "a member cut short": packed(*PAGES[:1]) + packed(PAGES[1])[:-99] + packed(*PAGES[2:]),
    "a length too small, packed": packed(PAGES[0], wrong(300), *PAGES[2:]),
    "a length too great, packed": packed(PAGES[0], wrong(9_000), *PAGES[2:]),
    "a length too small": b"".join([PAGES[0], wrong(300), *PAGES[2:]]),
    "a length too great": b"".join([PAGES[0], wrong(2_000), *PAGES[2:]]),
    "a length beyond the file": b"".join([PAGES[0], wrong(10**17), *PAGES[2:]]),
    "a length that is none": b"".join([PAGES[0], wrong(-1), *PAGES[2:]]),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_record_costs_itself_and_is_told_with_its_place(content: bytes, tmp_path: Path) -> None:
    articles, counted = read_all(tmp_path / "a.warc", content)
    assert [article.title for article in articles] == [TITLES[0], *TITLES[2:]]
    [broken] = counted
    assert broken.reason == "broken record"
    assert broken.place.offset == len(packed(PAGES[0]) if content.startswith(b"\x1f") else PAGES[0])
    assert broken.why


@pytest.mark.parametrize("pack", [b"".join, lambda own: packed(*own)])
def test_of_a_file_that_is_cut_short_only_the_last_record_is_lost(
    pack: Callable[[list[bytes]], bytes], tmp_path: Path
) -> None:
    articles, counted = read_all(tmp_path / "a.warc", pack(PAGES)[:-60])
    assert [article.title for article in articles] == TITLES[:3]
    assert [own.why for own in counted] == ["the file ends in the midst of it"]


@pytest.mark.parametrize(
    "content", [b"", b"<html>", gzip.compress(b"<html>", mtime=0), b"\x28\xb5\x2f\xfdx", b"\0" * 3_000]
)
def test_a_file_that_is_no_warc_is_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(NoWarc):
        read_all(tmp_path / "a.warc", content)


@pytest.mark.slow
def test_it_can_be_sent_to_another_process_and_needs_no_scrapy() -> None:
    assert pickle.loads(pickle.dumps(read_file)) is read_file
    code = "import sys, narayacrawl.reread.warc_file; sys.exit('scrapy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

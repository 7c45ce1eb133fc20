"""Kept pages, read as the crawl reads them that fetched them."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import brotli
import pytest

from narayacrawl import extract
from narayacrawl.reread.page_reader import KeptAnswer, KeptArticle, PortalRules, read_article
from narayacrawl.reread.reading import NotRead
from tests.conftest import Portal
from tests.portals import Post, WordPress

BASE: Final = "https://kabar.example"
SITE: Final = WordPress(Portal(BASE))
POST: Final = Post(7, parts=("Awak perahu menurunkan bayam di tangga dermaga.", "Harga kangkung turun sejak subuh."))
FIRST: Final = SITE.article(POST)
SECOND: Final = SITE.article(POST, part=2)
HTML: Final = "text/html; charset=UTF-8"


def answer(html: str | bytes = FIRST, path: str = POST.path, **changes: Any) -> KeptAnswer:
    body = html.encode() if isinstance(html, str) else html
    return KeptAnswer(f"{BASE}{path}", body, **{"content_type": HTML} | changes)


def kept(*pages: KeptAnswer, **changes: Any) -> KeptArticle:
    own: dict[str, Any] = {
        "url": f"{BASE}{POST.path}",
        "id": 7,
        "fetched_at": "2026-01-06T02:00:00+00:00",
        "timezone": None,
    }
    given: dict[str, Any] = {"portal": "kabar", "base": f"{BASE}/", "pages": pages or (answer(),)}
    return KeptArticle(**own | given | changes)


def test_a_page_is_read_as_extract_reads_it() -> None:
    read, own = read_article(kept()), extract(FIRST, f"{BASE}{POST.path}", fetched_at="2026-01-06T02:00:00+00:00")
    assert read == replace(own, portal="kabar")


def test_a_split_article_is_read_whole() -> None:
    pages = (answer(), answer(SECOND, f"{POST.path}2/"))
    assert read_article(kept(*pages)).body == "\n\n".join(POST.parts)


@pytest.mark.parametrize(("encoding", "pack"), [(b"gzip", gzip.compress), (b"br", brotli.compress)])
def test_a_body_as_sent_is_decompressed(encoding: bytes, pack: Callable[[bytes], bytes]) -> None:
    assert read_article(kept(answer(pack(FIRST.encode()), encodings=(encoding,)))) == read_article(kept())


def test_a_page_in_another_charset_is_read_by_its_header() -> None:
    html = SITE.article(replace(POST, parts=("Kafé di dermaga buka lagi sejak subuh tadi, kata Zoë.",)))
    read = read_article(kept(answer(html.encode("latin-1"), content_type="text/html; charset=iso-8859-1")))
    assert read.body == "Kafé di dermaga buka lagi sejak subuh tadi, kata Zoë."


@pytest.mark.parametrize(("zone", "date"), [("Asia/Jayapura", "+09:00"), ("+08:00", "+08:00"), (None, "+07:00")])
def test_a_date_without_an_offset_is_read_in_the_zone_of_its_crawl(zone: str | None, date: str) -> None:
    page = answer(SITE.article(replace(POST, date="2026-01-05T09:00:00")))
    assert read_article(kept(page, timezone=zone)).date == f"2026-01-05T09:00:00{date}"


def test_the_spiders_own_zone_counts_where_the_crawl_knew_none() -> None:
    page = answer(SITE.article(replace(POST, date="2026-01-05T09:00:00")))
    assert read_article(kept(page), PortalRules(timezone="Asia/Makassar")).date == "2026-01-05T09:00:00+08:00"


def test_a_mirrors_links_lead_to_the_mirror() -> None:
    html = SITE.article(
        POST, content=f'<p>Awak <a href="{BASE}/daerah/perahu/">perahu</a> bayam menurunkan muatan.</p>'
    )
    read = read_article(
        kept(replace(answer(html), url="http://127.0.0.1:8000/x/"), base="http://127.0.0.1:8000/"),
        PortalRules(own_sites=(f"{BASE}/",)),
    )
    assert '<a href="http://127.0.0.1:8000/daerah/perahu/">' in read.body_html


def test_the_rest_answer_that_was_kept_completes_the_date() -> None:
    html = SITE.article(replace(POST, date="")).replace('datetime=""', "").replace("></time>", ">5 Januari 2026</time>")
    told = {"id": 7, "link": f"{BASE}{POST.path}", "date": "2026-01-05T09:12:44", "date_gmt": "2026-01-05T02:12:44"}
    rest = KeptAnswer(f"{BASE}/wp-json/wp/v2/posts", json.dumps([told | {"id": 6}, told]).encode())
    assert read_article(kept(answer(html), rest=rest, post=7)).date == "2026-01-05T09:12:44+07:00"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (answer("<p>Tidak ada apa-apa di sini.</p>"), "no article: no title"),
        (answer(SITE.listing([SITE.card(POST)])), "no article: listing"),
        (answer(SITE.article(replace(POST, date="kapan-kapan"))), "no date"),
        (answer(gzip.compress(b" " * 6_000_000), encodings=(b"gzip",)), "bad answer: size"),
        (answer(gzip.compress(FIRST.encode())[:-30], encodings=(b"gzip",)), "bad answer: encoding"),
        (answer("<p " + "a=1 " * 1_200_000 + ">"), "not readable"),
    ],
)
def test_what_yields_no_article_costs_itself(page: KeptAnswer, reason: str) -> None:
    with pytest.raises(NotRead) as caught:
        read_article(kept(page))
    assert caught.value.reason == reason

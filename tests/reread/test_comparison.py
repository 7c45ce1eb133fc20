"""What today's rules read in a kept page, against the line that the archive has."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import orjson
import pytest

from narayacrawl.archive.writer import segment_line
from narayacrawl.items import Article
from narayacrawl.reread.comparison import KeptInArchive, Reread, Unread, read_again
from narayacrawl.reread.kept_pages import KeptPlace, read_kept_article, read_kept_pages
from narayacrawl.reread.page_reader import PortalRules, read_article
from narayacrawl.reread.workers import Workers
from tests.conftest import Portal
from tests.portals import Post, WordPress
from tests.reread.deadly import CrashingPage, DeadlyPage
from tests.reread.kept_file import BASE, Kept

SITE: Final = WordPress(Portal(BASE))
TEXT: Final = "Awak perahu menurunkan bayam dan kangkung di tangga dermaga sebelum subuh. " * 5
POST: Final = Post(7, parts=(TEXT,))
URL: Final = f"{BASE}{POST.path}"
LATER: Final = "2026-01-09T02:00:00+00:00"
RULES: Final = PortalRules()


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def keep(kept: Kept, post: Post = POST, html: str = "", **told: Any) -> KeptPlace:
    return kept.article(URL, kept.answer(URL, (html or SITE.article(post)).encode()), **told)


def line_of(place: KeptPlace, **changes: Any) -> Article:
    """The line that a crawl wrote of a kept page, with changes."""
    return replace(read_article(read_kept_article(read_kept_pages(place))), **changes)


def again(place: KeptPlace, line: Article, rules: PortalRules = RULES) -> Reread | Unread:
    return read_again(KeptInArchive(1, line.url, segment_line(line).rstrip(), place), rules)


def test_what_was_read_so_is_the_same(kept: Kept) -> None:
    place = keep(kept)
    result = again(place, line_of(place))
    assert isinstance(result, Reread)
    assert (result.fields, result.new) == ((), None)


def test_a_revision_keeps_what_the_article_is_known_by(kept: Kept) -> None:
    place = keep(kept)
    former = line_of(place, tags=["lain"], url=f"{BASE}/lama/", id=None, revision=3, change="edit")
    result = again(place, former)
    assert isinstance(result, Reread)
    assert (result.fields, result.values["revision"]) == (("tags",), 4)
    new = orjson.loads(result.new or b"")
    told = {name: new[name] for name in ("url", "id", "portal", "revision", "change", "fetched_at")}
    assert told == {
        "url": f"{BASE}/lama/", "id": None, "portal": "kabar", "revision": 4, "change": "reread",
        "fetched_at": "2026-01-06T02:00:00+00:00",
    }  # fmt: skip


def test_a_field_that_an_older_line_lacks_is_read_as_none(kept: Kept) -> None:
    place = keep(kept)
    record = orjson.loads(segment_line(line_of(place)))
    for name in ("words", "standfirst", "change"):
        del record[name]
    result = read_again(KeptInArchive(1, URL, orjson.dumps(record), place), RULES)
    assert isinstance(result, Reread)
    assert result.fields == ("words",)


@pytest.mark.parametrize(
    ("changes", "told", "date"),
    [
        # The first line was read from this page: it tells all.
        ({}, {}, "2026-01-05T00:00:00+07:00"),
        # An earlier page has told it finer.
        ({"revision": 2, "change": "edit"}, {"revision": 2}, "2026-01-05T09:12:44+07:00"),
        ({}, {"fetched_at": LATER}, "2026-01-05T09:12:44+07:00"),
        ({"change": "reread", "revision": 2}, {}, "2026-01-05T09:12:44+07:00"),
    ],
)
def test_a_date_is_kept_that_was_told_finer(changes: Any, told: Any, date: str, kept: Kept) -> None:
    place = keep(kept, replace(POST, date="2026-01-05"), **told)
    former = line_of(place, date="2026-01-05T09:12:44+07:00", date_precision="second", **changes)
    result = again(place, replace(former, fetched_at="2026-01-06T02:00:00+00:00", tags=["lain"]))
    assert isinstance(result, Reread)
    assert orjson.loads(result.new or b"")["date"] == date


def test_a_relative_date_of_a_later_page_is_none(kept: Kept) -> None:
    html = SITE.article(POST).replace(f'datetime="{POST.date}">{POST.date[:10]}', ">3 jam lalu")
    place = keep(kept, html=html, fetched_at=LATER)
    former = line_of(place, date="2026-01-05T09:12:44+07:00", fetched_at="2026-01-06T02:00:00+00:00")
    result = again(place, former)
    assert isinstance(result, Reread)
    assert result.fields == ()


PAGE: Final = SITE.article(POST)
CLOSED: Final = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script></head>'
FATAL: Final = "<b>Fatal error</b>: memori habis in a.php on line 3"
LEFT: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "a later line": ({"fetched_at": LATER}, {}, "older than the archive's line"),
    "another post": ({"id": 8}, {}, "another article's page"),
    "another portal's post": ({"url": f"{BASE}/lain/"}, {"portal": "radar"}, "another article's page"),
    "much more text": ({"body": TEXT * 3}, {}, "not believed"),
    "a subscriber's text": ({"body": TEXT * 3}, {"html": PAGE.replace("</head>", CLOSED)}, "for subscribers only"),
    "a listing": ({}, {"html": SITE.listing([SITE.card(POST)])}, "no article: listing"),
    "an error in the page": ({"body": ""}, {"html": PAGE.partition("</main>")[0] + FATAL}, "not believed"),
}


@pytest.mark.parametrize(("changes", "told", "reason"), LEFT.values(), ids=LEFT)
def test_what_is_not_to_be_believed_is_left(changes: Any, told: Any, reason: str, kept: Kept) -> None:
    place = keep(kept, **told)
    former = line_of(keep(kept), **changes)
    result = again(place, former)
    assert isinstance(result, Unread)
    assert result.reason == reason


def test_a_page_at_which_the_reading_crashes_costs_itself(kept: Kept) -> None:
    place = keep(kept)
    result = again(place, line_of(place), PortalRules(CrashingPage))
    assert isinstance(result, Unread)
    assert (result.reason, result.why) == ("not readable", "RecursionError: terlalu dalam")


@pytest.mark.slow
@pytest.mark.long
def test_a_page_at_which_a_process_dies_costs_itself(kept: Kept) -> None:
    archived = []
    for number in range(1, 41):
        post = replace(POST, id=number)
        url = f"{BASE}{post.path}"
        place = kept.article(url, kept.answer(url, SITE.article(post).encode()), id=number)
        archived.append(KeptInArchive(number, url, segment_line(line_of(place)).rstrip(), place))
    with Workers(PortalRules(DeadlyPage), 2) as workers:
        results = list(workers.read(archived))
    assert [own.article for own in results] == [*range(1, 41)]
    assert [(own.article, own.reason) for own in results if isinstance(own, Unread)] == [(7, "reader died")]

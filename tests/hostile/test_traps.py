"""Listings without end: the walk ends by itself, in few requests, and every article is written."""

import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest

from tests.conftest import Portal, Scrapy
from tests.portals import Crawl, Post, WordPress, crawl

POSTS = [Post(number) for number in range(1, 31)]
A_PAGE = 6
LAST = len(POSTS) // A_PAGE

Answer = Callable[[WordPress, str], str | None]
"""The page at a path; None where the portal's own will do."""


def cards(site: WordPress, posts: list[Post]) -> list[str]:
    return [site.card(post) for post in posts]


def link(site: WordPress, path: str, words: str) -> str:
    return f'<article class="post hentry"><h2><a href="{site.at(path)}">{words}</a></h2></article>'


def numbered(path: str) -> int:
    match = re.search(r"(\d+)/?$", path)
    return int(match[1]) if match else 0


def calendar(site: WordPress, path: str) -> str | None:
    """Every month leads to the next and to each of its days, as articles are led to."""
    if not path.startswith("/agenda/"):
        return None
    month = numbered(path.split("?")[0])
    beside = [link(site, f"/agenda/{month + 1}/", "Agenda kegiatan warga pada bulan berikutnya")]
    beside += [
        link(site, f"/agenda/hari-{month}-{day}/{day}/", f"Agenda kegiatan warga hari ke-{day}") for day in (1, 2)
    ]
    return site.listing(beside).replace('class="home blog"', 'class="archive date"')


def facets(site: WordPress, path: str) -> str | None:
    """A section can be sorted and filtered, and filtered again."""
    if not path.startswith("/category/ekonomi/"):
        return None
    query = urlsplit(path).query
    menu = "".join(
        f'<li><a href="{site.at(f"/category/ekonomi/?{query}&{name}={len(query)}")}">Urut {name}</a></li>'
        for name in ("urut", "saring", "warna")
    )
    page = site.listing(cards(site, POSTS[:A_PAGE]))
    return page.replace("</ul>", f"{menu}</ul>", 1)


sessions = count()


def session(site: WordPress, path: str) -> str | None:
    """Every link bears a number that no other page gives."""
    if path.startswith("/category/") or path == "/":
        page = site.listing([link(site, f"{p.path}?sesi={next(sessions)}", p.title) for p in POSTS])
        return re.sub(r'(href="[^"?]*/category/\w+/)"', lambda m: f'{m[1]}?sesi={next(sessions)}"', page)
    post = next((post for post in POSTS if path.startswith(post.path)), None)
    return site.article(post) if post else None


def self_extending(site: WordPress, path: str) -> str | None:
    if not path.startswith("/category/daerah/"):
        return None
    page = site.listing(cards(site, POSTS[:2]))
    more = "".join(f'<li><a href="{site.at(f"{path}{name}/")}">Kabar {name}</a></li>' for name in ("daerah", "kota"))
    return page.replace("</ul>", f"{more}</ul>", 1)


def random_pages(site: WordPress, path: str) -> str | None:
    """Past its end a listing shows some of its articles, and a link to the next page."""
    number = numbered(path) if path.startswith("/page/") else 0
    if number <= LAST:
        return None
    some = Random(number).sample(POSTS, A_PAGE)
    return site.listing(cards(site, some), older=f"/page/{number + 1}/", newer=f"/page/{number - 1}/")


def last_page_again(site: WordPress, path: str) -> str | None:
    number = numbered(path) if path.startswith("/page/") else 0
    if number <= LAST:
        return None
    return site.listing(cards(site, POSTS[-A_PAGE:]), older=f"/page/{number + 1}/", newer="/")


def pages_of_nothing(site: WordPress, path: str) -> str | None:
    """Past its end a listing leads to addresses that are no articles, others on each page."""
    if path.startswith("/lain-"):
        return site.page("page", "<h1>Tidak ada</h1>", head=f'<link rel="canonical" href="{site.at(path)}">')
    number = numbered(path) if path.startswith("/page/") else 0
    if number <= LAST:
        return None
    new = [link(site, f"/lain-{number}-{place}/", f"Kabar lain nomor {number} dari tepi {place}") for place in range(3)]
    return site.listing(new, older=f"/page/{number + 1}/", newer="/")


def counted_for_ever(site: WordPress, path: str) -> str | None:
    """The front page counts its pages in its own way, and past the end shows some of its articles again."""
    found = re.fullmatch(r"/(?:\?lembar=(\d+))?", path)
    if not found:
        return None
    number = int(found[1] or 1)
    start = (number - 1) * A_PAGE
    posts = POSTS[start : start + A_PAGE] if number <= LAST else Random(number).sample(POSTS, A_PAGE)
    page = site.listing(cards(site, posts))
    return page.replace("</main>", f'<a href="{site.at(f"/?lembar={number + 1}")}">Berita Berikutnya</a></main>')


def counted_calendar(site: WordPress, path: str) -> str | None:
    """A box of days, each of which is a page of its own with a box, links in it as page links are written."""
    if path != "/" and not path.startswith("/agenda/"):
        return None
    day = numbered(path)
    days = "".join(f'<a href="{site.at(f"/agenda/{other}/")}">{other}</a>' for other in range(day + 1, day + 31))
    own = [link(site, f"/agenda/acara-{day}-{n}/", f"Acara warga nomor {n} hari {day}") for n in "ab"]
    page = site.listing(cards(site, POSTS) if path == "/" else own)
    if path != "/":
        page = page.replace('class="home blog"', 'class="archive date"')
    return page.replace("</main>", f'<div class="kalender">{days}<a href="/agenda/{day + 1}/">»</a></div></main>')


TRAPS: dict[str, Answer] = {
    "a calendar": calendar,
    "facets and sort orders": facets,
    "session ids": session,
    "self-extending paths": self_extending,
    "random articles past the end": random_pages,
    "the last page again past the end": last_page_again,
    "no articles past the end": pages_of_nothing,
    "page links for ever": counted_for_ever,
    "a calendar of page links": counted_calendar,
}


def laid(portal: Portal, answer: Answer) -> None:
    """Have a portal of 30 articles, and the trap answer before it."""
    site = WordPress(portal)
    site.open(*[POSTS[start : start + A_PAGE] for start in range(0, len(POSTS), A_PAGE)])
    if answer is calendar:
        front = portal.pages["/"]
        more = link(site, "/agenda/1/", "Agenda kegiatan warga pada bulan ini")
        portal.pages["/"] = (*front[:2], front[2].replace("<main", f"<div>{more}</div><main"))
    if answer in (random_pages, last_page_again, pages_of_nothing):
        last = [*cards(site, POSTS[-A_PAGE:])]
        portal.add(f"/page/{LAST}/", site.listing(last, older=f"/page/{LAST + 1}/", newer=f"/page/{LAST - 1}/"))
    portal.before = lambda path: answer(site, path)


@pytest.mark.slow
@pytest.mark.parametrize("trap", TRAPS)
def test_walk_ends_by_itself_with_every_article(trap: str, portal: Portal, scrapy: Scrapy, tmp_path: Path) -> None:
    laid(portal, TRAPS[trap])
    runs: list[Crawl] = []
    for _ in range(2):
        before = len(portal.asked)
        archive = f"ARCHIVE={tmp_path / 'data'}"
        runs.append(crawl(scrapy, portal.url, archive, "source=listing", spider="narayapost"))
        assert len(portal.asked) - before <= 650
    first, second = runs
    assert (first.status, first.ids) == (0, list(range(1, len(POSTS) + 1)))
    assert second.ids == []

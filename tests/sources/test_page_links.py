"""Listings that number their pages in other ways than WordPress: all are read to their end, by listing alone."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.answers import Answer
from tests.desk import Newsroom, Reader, newsroom
from tests.slow import first_quick

ARTICLES, A_PAGE = 23, 5
PAGES = -(-ARTICLES // A_PAGE)

PageLinks = Callable[[list[str], int], str]
"""Writes the links to a listing's pages, of these addresses, on the page of this number."""


def numbers(paths: list[str], own: int) -> str:
    links = (f'<a href="{path}">{number}</a>' for number, path in enumerate(paths, 1) if number != own)
    return f"<div>{' '.join(links)}</div>"


def in_menu(paths: list[str], own: int) -> str:
    return f'<nav class="pagination-menu">{numbers(paths, own)}</nav>'


def following(words: str, attributes: str = "") -> PageLinks:
    """Links to the next page only, with these words."""

    def write(paths: list[str], own: int) -> str:
        return f'<p><a {attributes} href="{paths[own]}">{words}</a></p>' if own < len(paths) else ""

    return write


def button(paths: list[str], own: int) -> str:
    return f'<button class="load-more" data-next-url="{paths[own]}">Muat</button>' if own < len(paths) else ""


def head(paths: list[str], own: int) -> str:
    return f'<link rel="next" href="{paths[own]}">' if own < len(paths) else ""


def nothing(paths: list[str], own: int) -> str:
    return ""


@dataclass(frozen=True)
class Paging:
    """Where a listing's pages are, from the second on, and how it links to them."""

    path: str
    """The page's address; `%d` stands for its number."""
    links: PageLinks = numbers
    step: int = 1
    first: int = 1
    """The number of the first page."""

    @property
    def paths(self) -> list[str]:
        return ["/", *(self.path % (self.first + (number - 1) * self.step) for number in range(2, PAGES + 1))]


PAGINGS = {
    "a parameter in Indonesian": Paging("/?halaman=%d"),
    "offsets": Paging("/?start=%d", step=A_PAGE, first=0),
    "offsets, next only": Paging("/?offset=%d", following("Selanjutnya »"), step=A_PAGE, first=0),
    "offsets from one": Paging("/?mulai=%d", step=A_PAGE),
    "an unknown parameter": Paging("/?lembar=%d", in_menu),
    "one of several parameters": Paging("/?urut=baru&amp;hlm=%d"),
    "p": Paging("/?p=%d"),
    "numbers from zero": Paging("/?blok=%d", first=0),
    "another folder": Paging("/berita/hal/%d"),
    "another folder, next only": Paging("/berita/hal/%d", following("Berita lainnya", 'rel="next"')),
    "index": Paging("/index/%d", in_menu),
    "a file": Paging("/arsip/halaman-%d.html"),
    "offsets in a path": Paging("/kabar/%d/", step=A_PAGE, first=0),
    "another folder of WordPress": Paging("/berita/page/%d/"),
    "older": Paging("/?laman=%d", following("Berita Sebelumnya")),
    "an arrow": Paging("/?hal=%d", following("›")),
    "a label": Paging("/?hal=%d", following("<i></i>", 'aria-label="Halaman berikutnya"')),
    "a link that loads more": Paging("/?muat=%d", following("Muat Lebih Banyak")),
    "a button that loads more": Paging("/lagi/%d", button),
    "the head": Paging("/?lanjutan=%d", head),
    "nothing": Paging("/page/%d/", nothing),
}


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom(ARTICLES, having=()) as room:
        room.portal.per_page = A_PAGE
        room.portal.sections = ()
        yield room


def lay(room: Newsroom, paging: Paging) -> None:
    """Have the portal's one listing be counted so."""
    paths = paging.paths
    numbers = {path.replace("&amp;", "&"): number for number, path in enumerate(paths, 1)}

    def reply(path: str, _: Mapping[str, str]) -> Answer | None:
        number = numbers.get(path)
        if number is None:
            return None if not path.startswith("/page/") else Answer(404, b"text/html", b"")
        answer = room.own("/" if number == 1 else f"/page/{number}/")
        links = paging.links(paths, number).encode()
        body = re.sub(rb"<(a|span)[^>]*page-numbers.*?</\1>", b"", answer.body, flags=re.DOTALL)
        return answer._replace(body=body.replace(b"</main>", links + b"</main>"))

    room.replies.append(reply)


@pytest.mark.parametrize("name", first_quick(*PAGINGS))
def test_every_article_is_found_however_pages_are_counted(name: str, room: Newsroom, tmp_path: Path) -> None:
    lay(room, PAGINGS[name])
    reader = Reader(room.url, tmp_path, room)
    done = reader.crawl("source=listing")
    assert (done.status, done.ids) == (0, room.ids())
    assert len(room.asked) <= 2 * ARTICLES

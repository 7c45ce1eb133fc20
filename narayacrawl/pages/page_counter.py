"""Learn from a listing's links how it counts its pages where that is none of WordPress' ways: `?halaman=2`, `?start=5`,
`/berita/hal/2`.

A page link is known by its words, a number or a word for the next page, and by the number in its address that goes with
them. No parameter's and no folder's name is needed.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml.etree import _Element as Element

from narayacrawl.pages.outline.blocks import is_shorter_than, text_of
from narayacrawl.pages.paging import MAX_LISTING_PAGES

MAX_PAGE_WORDS = 40
"""Characters that a page link's text may have, its white space included."""
NUMBERED = re.compile(r"(?:(?:halaman|laman|hal|hlm|page|ke)\W{0,3}){0,2}\W{0,2}([0-9]{1,6})\W{0,2}", re.IGNORECASE)
_THINGS = "halaman|laman|berita|artikel|pos|tulisan|postingan|kabar"
NEXT = re.compile(
    rf"""\W*(?:
        (?:(?:{_THINGS})\W)?(?:selanjutnya|berikutnya|lanjut|lama|lebih\slama|terdahulu) | (?:{_THINGS})\Wsebelumnya
      | (?:muat|tampilkan|lihat|buka)\s(?:lebih(?:\s(?:banyak|lanjut))?|lainnya|lagi)(?:\s(?:berita|artikel|lagi))?
      | next(?:\spage)? | older(?:\s(?:posts|entries|articles|news))?
      | (?:load|show|view|see)\smore(?:\s(?:posts|news))?
    )\W* | \s*[›»>→⟩❯]{{1,2}}\s*""",
    re.IGNORECASE | re.VERBOSE,
)
NEXT_CLASS = re.compile(r"(?:^|[\s_-])(?:next|older|load-?more|loadmore|show-?more)(?:$|[\s_-])", re.IGNORECASE)
IN_PATH = re.compile(
    r"(?<=/)(?:(?:page|halaman|laman|hal|hlm|pg|p|index)[-_]?)?([0-9]{1,7})(?:\.\w{3,5})?/?$", re.IGNORECASE
)
IN_QUERY = re.compile(r"[?&]([^=&]+)=([0-9]{1,7})(?=&|$)")
DATE_PATH = re.compile(r"/(?:199[0-9]|20[0-9]{2})(?:/[0-9]{1,2}){0,2}/?$")
NO_PAGE_PARAMETER = re.compile(
    r"m|y|d|year|monthnum|month|day|date|tahun|bulan|hari|tanggal|tgl|bln|thn|week|minggu"
    r"|cat|tag|author|page_id|attachment_id|id|post|v|ver",
    re.IGNORECASE,
)
OFFSET_PARAMETER = re.compile(r".*(?:start|offset|skip|from|mulai|dari|awal).*", re.IGNORECASE)


class PageCounter(NamedTuple):
    """One way of counting a listing's pages: page `n` is at `before`, a number that grows by `step`, and `after`."""

    origin: str
    before: str
    after: str
    first: int
    """The number of the first page."""
    step: int

    @property
    def name(self) -> str:
        """What tells it from other ways of counting."""
        return f"{self.before}*{self.after}"

    def number(self, url: str) -> int | None:
        """Return which page an address is, from 1; None if it is none of these."""
        path, after = _path(url).rstrip("/"), self.after.rstrip("/")
        digits = path.removeprefix(self.before).removesuffix(after)
        if path != f"{self.before}{digits}{after}" or not re.fullmatch("[0-9]{1,9}", digits):
            return None
        count, rest = divmod(int(digits) - self.first, self.step)
        return None if rest or not 0 <= count < MAX_LISTING_PAGES else count + 1

    def address(self, number: int) -> str:
        """Return the address of a page, from 1."""
        return f"{self.origin}{self.before}{self.first + (number - 1) * self.step}{self.after}"


class NumberedAddress(NamedTuple):
    """A number in an address, and what stands around it."""

    origin: str
    before: str
    after: str
    parameter: str
    """The name of the query's parameter; empty in a path."""


def page_counters(links: Iterable[tuple[str, Element]], own_url: str) -> list[PageCounter]:
    """Return the ways in which a page's links, address and element, count the pages of the listing at `own_url`."""
    numbered: dict[NumberedAddress, dict[int, int]] = {}
    following: dict[NumberedAddress, int] = {}
    for url, element in links:
        places = list(_numbers_in(url))
        if not places or (page := page_words(element)) is None:
            continue
        for place, value in places:
            if page:
                numbered.setdefault(place, {}).setdefault(page, value)
            else:
                following.setdefault(place, value)
    counters = [_of_numbered(place, pages) for place, pages in numbered.items()]
    counters += [_of_next(place, value, own_url) for place, value in following.items() if place not in numbered]
    return [counter for counter in counters if counter]


def page_words(element: Element) -> int | None:
    """Return which page a link says that it leads to, from 1; 0 for the next one, None if it says neither."""
    if "next" in (element.get("rel") or "").lower().split():
        return 0
    if is_shorter_than(element, MAX_PAGE_WORDS):
        words = text_of(element)
        if match := NUMBERED.fullmatch(words):
            return int(match[1]) or None
        if NEXT.fullmatch(words):
            return 0
        if any(NEXT.fullmatch(element.get(name) or "") for name in ("aria-label", "title")):
            return 0
        if NEXT_CLASS.search(element.get("class") or ""):
            return 0
    return None


def _path(url: str) -> str:
    """Return an address without scheme and host."""
    return urlsplit(url)._replace(scheme="", netloc="").geturl()


def _numbers_in(url: str) -> Iterator[tuple[NumberedAddress, int]]:
    """Yield the numbers in an address that may be a page's."""
    if not any(map(str.isdigit, url)):
        return
    path = _path(url)
    origin = url[: len(url) - len(path)]
    plain, _, query = path.partition("?")
    for match in IN_QUERY.finditer(path):
        if not NO_PAGE_PARAMETER.fullmatch(match[1]):
            yield NumberedAddress(origin, path[: match.start(2)], path[match.end(2) :], match[1]), int(match[2])
    if not DATE_PATH.search(plain) and (place := IN_PATH.search(plain)):
        after = plain[place.end(1) :] + (f"?{query}" if query else "")
        yield NumberedAddress(origin, plain[: place.start(1)], after, ""), int(place[1])


def _of_numbered(place: NumberedAddress, pages: dict[int, int]) -> PageCounter | None:
    """Return the way of counting in which these pages have these numbers; None if there is none."""
    later = {page: value for page, value in pages.items() if page > 1}
    if not later:
        return None
    if later == {page: page for page in later}:
        return PageCounter(*place[:3], first=1, step=1)
    steps = {(value - first, page - 1, first) for first in (0, 1) for page, value in later.items()}
    for first in (0, 1):
        ratios = {difference / count for difference, count, own in steps if own == first}
        if len(ratios) == 1 and (step := ratios.pop()) >= 1 and step == int(step):
            # One number in a path may be anything.
            return PageCounter(*place[:3], first, int(step)) if place.parameter or len(later) > 1 else None
    return None


def _of_next(place: NumberedAddress, value: int, own_url: str) -> PageCounter | None:
    """Return the way of counting in which the next page has this number; None if there is none."""
    own = PageCounter(*place[:3], first=0, step=1).number(own_url)
    if own is not None:
        step = value - (own - 1)
        return PageCounter(*place[:3], first=1 if step == 1 else 0, step=step) if step > 0 else None
    if value in (1, 2) and not (OFFSET_PARAMETER.fullmatch(place.parameter)):
        return PageCounter(*place[:3], first=value - 1, step=1)
    if place.parameter not in ("", "p") and value > 0:  # `?p=31` is a post
        return PageCounter(*place[:3], first=0, step=value)
    return None

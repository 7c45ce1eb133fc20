"""Tell the dates of the page itself from the article's: today's date in a top bar, a clock, a copyright line."""

import re
from functools import lru_cache

from lxml.etree import _Element as Element

# Names of elements around the article; `entry-footer` is the article's own.
FURNITURE_CLASS = re.compile(
    r"\btop[_-]?bar|\btop[_-]?(?:header|menu|nav|line|info|date)|\bheader[_-]?(?:top|bar|date|info|meta[_-]?top)"
    r"|site[_-]?header|page[_-]?header[_-]?top|masthead|ticker|breaking|\bclock|(?<!entry[_-])(?<!post[_-])"
    r"(?<!article[_-])(?<!single[_-])\bfooter|colophon|copyright|site[_-]?info",
    re.IGNORECASE,
)
TODAY_CLASS = re.compile(
    r"(?<![a-z])today|hari-?ini|(?:current|now|live|server|system)[_-]?(?:date|time|clock)"
    r"|(?:date|time)[_-]?(?:now|today|current)|td_data_time|\bclock|header[_-]?date|top[_-]?(?:bar[_-]?)?date|date[_-]?bar",
    re.IGNORECASE,
)
MAX_NAMES_LENGTH = 300


class PageFurniture:
    """The elements around an article, found by the place of its headline; `headline` is None where there is none."""

    def __init__(self, headline: Element | None) -> None:
        self._around = set(list_around(headline))
        # The outermost: a theme may show the date above the `article` in `main`.
        scope = next((element for element in reversed(list_around(headline)) if is_scope(element)), None)
        self._outside = set(scope.iterancestors()) if scope is not None else set()
        self._is_furniture: dict[Element, bool] = {}

    def holds(self, element: Element) -> bool:
        """True if an element stands outside the part of the page that holds the article, or in an element named as the
        page's own."""
        if not self._around:
            return False
        if shows_today(names_of(element)):
            return True
        path: list[Element] = []
        found = False
        for ancestor in (element, *element.iterancestors()):
            if ancestor in self._is_furniture:
                found = self._is_furniture[ancestor]
                break
            if ancestor in self._around:
                found = ancestor in self._outside
                break
            path.append(ancestor)
            if is_furniture(names_of(ancestor)) or is_page_header(ancestor):
                found = True
                break
        self._is_furniture.update(dict.fromkeys(path, found))
        return found


def list_around(headline: Element | None) -> list[Element]:
    """Return a headline and the elements around it, from within."""
    return [headline, *headline.iterancestors()] if headline is not None else []


def is_page_header(element: Element) -> bool:
    """True for a `header` or `footer` right in the page: it does not hold the headline."""
    parent = element.getparent()
    return element.tag in ("header", "footer") and parent is not None and parent.tag == "body"


def is_scope(element: Element) -> bool:
    """True if an element holds the main part of a page."""
    return element.tag in ("main", "article") or element.get("role") == "main"


def names_of(element: Element) -> str:
    """Return an element's class and id."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"[:MAX_NAMES_LENGTH]


@lru_cache(maxsize=10_000)
def is_furniture(names: str) -> bool:
    """True if classes and ids are of an element around the article."""
    return FURNITURE_CLASS.search(names) is not None


@lru_cache(maxsize=10_000)
def shows_today(names: str) -> bool:
    """True if classes and ids are of an element that shows today's date or the time."""
    return TODAY_CLASS.search(names) is not None

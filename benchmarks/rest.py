"""The REST API of a portal as WordPress answers it: posts and categories, at `/wp-json/…` and `/?rest_route=/…`.

https://developer.wordpress.org/rest-api/reference/posts/ tells parameters and fields. Nothing is kept of an article:
a page of a hundred posts with few `_fields` is made in a millisecond or two, with their content in about five.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from benchmarks.answers import JSON, Answer
from benchmarks.desk import between
from benchmarks.newsroom import SECTIONS, SITE_NAME, ZONE, Article

if TYPE_CHECKING:
    from benchmarks.portal import Portal

MOST = 100
PLACES = ("/", "/index.php")
ORDERS = ("date", "id", "modified")
CATEGORIES = dict(enumerate(SECTIONS, 2))
"""Section by the id of its category; the first category is the one for posts without any."""
_IDS = {slug: number for number, slug in CATEGORIES.items()}
MOMENT = re.compile(r"\d{4}(?:-\d\d){2}[T ]\d\d(?::\d\d){2}(?:\.\d+)?(?:Z|[+-]\d\d(?::\d\d)?)?", re.ASCII)
"""What WordPress takes for a moment: whole to the second, an offset with a colon or of hours alone."""
_MOMENT = "%Y-%m-%dT%H:%M:%S"


class InvalidError(Exception):
    """A parameter that WordPress refuses, and why."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(why)
        self.name = name


class Rest:
    def __init__(self, portal: "Portal") -> None:
        self.portal = portal
        self.made: dict[str, Callable[[Article], Any]] = {
            "id": lambda own: own.id,
            "date": lambda own: own.date.strftime(_MOMENT),
            "date_gmt": lambda own: own.date.astimezone(UTC).strftime(_MOMENT),
            "guid": lambda own: {"rendered": f"{portal.site}/?p={own.id}"},
            "modified": lambda own: own.modified.strftime(_MOMENT),
            "modified_gmt": lambda own: own.modified.astimezone(UTC).strftime(_MOMENT),
            "slug": lambda own: own.slug,
            "status": lambda own: "publish",
            "type": lambda own: "post",
            "link": lambda own: f"{portal.site}{own.path}",
            "title": lambda own: {"rendered": own.title},
            "content": lambda own: {"rendered": portal.content(own), "protected": False},
            "excerpt": lambda own: {"rendered": f"<p>{portal.excerpt(own)}</p>\n", "protected": False},
            "featured_media": lambda own: own.id + 1,
            "categories": lambda own: [_IDS[own.section]],
            "_links": self._links,
        }
        """How each field of a post is made, in WordPress' order."""

    def answer(self, path: str, query: Mapping[str, str]) -> Answer | None:
        """What the API answers at a path; None where it is not the API's."""
        route = path.removeprefix("/wp-json") if path.startswith("/wp-json") else None
        if route is None and path in PLACES:
            route = query.get("rest_route")
        if route is None:
            return None
        route = f"/{route.strip('/')}"
        try:
            if route == "/":
                return _answer(self._root())
            if route == "/wp/v2/posts":
                return self._posts(query)
            if route == "/wp/v2/categories":
                return self._categories(query)
            if route.startswith("/wp/v2/posts/") and (given := route.rpartition("/")[2]).isdecimal():
                return self._post(int(given), query)
        except InvalidError as error:
            told = {"status": 400, "params": {error.name: str(error)}, "details": {}}
            return _refusal("rest_invalid_param", f"Invalid parameter(s): {error.name}", told)
        return _refusal("rest_no_route", "No route was found matching the URL and request method.", {"status": 404})

    # Routes

    def _root(self) -> dict[str, Any]:
        routes = ("/", "/wp/v2", "/wp/v2/posts", "/wp/v2/posts/(?P<id>[\\d]+)", "/wp/v2/categories")
        site = self.portal.site
        return {
            "name": SITE_NAME, "description": "Kabar tepian", "url": site, "home": site, "gmt_offset": 7,
            "timezone_string": "Asia/Jakarta", "namespaces": ["wp/v2"],
            "routes": {route: {"namespace": "wp/v2" if "wp" in route else "", "methods": ["GET"]} for route in routes},
        }  # fmt: skip

    def _posts(self, query: Mapping[str, str]) -> Answer:
        numbers = self._wanted(query)
        if query.get("order", "desc") == "desc":
            numbers = numbers[::-1]
        page, headers = _paged(numbers, query)
        if page is None:
            words = "The page number requested is larger than the number of pages available."
            return _refusal("rest_post_invalid_page_number", words, {"status": 400})
        return _answer([self._entry(number, query) for number in page], headers)

    def _post(self, post: int, query: Mapping[str, str]) -> Answer:
        number = self.portal.desk.by_id(post)
        if number is None:
            return _refusal("rest_post_invalid_id", "ID tulisan tidak sah.", {"status": 404})
        return _answer(self._entry(number, query))

    def _categories(self, query: Mapping[str, str]) -> Answer:
        named = sorted((SECTIONS[slug], number, slug) for number, slug in CATEGORIES.items())
        page, headers = _paged(named, query)
        told = [
            {
                "id": number, "count": len(self.portal.desk.numbers(slug)), "description": "",
                "link": f"{self.portal.site}/category/{slug}/", "name": name, "slug": slug, "taxonomy": "category",
                "parent": 0,
            }
            for name, number, slug in page or ()
        ]  # fmt: skip
        return _answer([_pruned(category, _fields(query)) for category in told], headers)

    # Which posts

    def _wanted(self, query: Mapping[str, str]) -> Sequence[int]:
        """The numbers of the posts that a query asks for, ascending in its order."""
        desk = self.portal.desk
        orderby, order = query.get("orderby", "date"), query.get("order", "desc")
        if orderby not in ORDERS:
            raise InvalidError("orderby", f"orderby is not one of {', '.join(ORDERS)}.")
        if order not in ("asc", "desc"):
            raise InvalidError("order", "order is not one of asc, and desc.")
        published = _moment(query, "after"), _moment(query, "before")
        modified = _moment(query, "modified_after"), _moment(query, "modified_before")
        sections: list[str] = []
        if query.get("categories") == "":
            raise InvalidError("categories", "categories is not of type array.")
        if categories := _ids(query, "categories"):
            sections = [CATEGORIES[category] for category in categories if category in CATEGORIES]
            if not sections:
                return ()
        by_date = between(desk.numbers(*sections), desk.date, *published)
        numbers = by_date
        if any(modified) or orderby == "modified":
            numbers = between(desk.numbers(*sections, by_modified=True), desk.modified, *modified)
            if any(published):
                # By number is by date, so the window is one of numbers.
                inside = range(by_date[0], by_date[-1] + 1) if by_date else range(0)
                numbers = [number for number in numbers if number in inside]
            if orderby != "modified":
                numbers = sorted(numbers)
        if included := _ids(query, "include"):
            wanted = {desk.by_id(post) for post in included}
            if orderby == "modified":
                return [number for number in numbers if number in wanted]
            return sorted(number for number in wanted if number is not None and _has(numbers, number))
        return numbers

    # What of a post

    def _entry(self, number: int, query: Mapping[str, str]) -> dict[str, Any]:
        own, fields = self.portal.desk.article(number), _fields(query)
        tops = {field.partition(".")[0] for field in fields}
        told = {name: make(own) for name, make in self.made.items() if not fields or name in tops}
        # What is embedded is found by the links: without those there is none.
        if "_embed" in query and "_links" in told and (not fields or "_embedded" in tops):
            told["_embedded"] = {"wp:featuredmedia": [self._media(own)]}
        return _pruned(told, fields)

    def _links(self, own: Article) -> dict[str, Any]:
        root = f"{self.portal.site}/wp-json/wp/v2"
        return {
            "self": [{"href": f"{root}/posts/{own.id}"}],
            "collection": [{"href": f"{root}/posts"}],
            "wp:featuredmedia": [{"embeddable": True, "href": f"{root}/media/{own.id + 1}"}],
        }

    def _media(self, own: Article) -> dict[str, Any]:
        return {
            "id": own.id + 1, "date": own.date.strftime(_MOMENT), "slug": f"foto-{own.id}", "type": "attachment",
            "title": {"rendered": f"foto-{own.id}"}, "caption": {"rendered": f"<p>{self.portal.caption(own)}</p>\n"},
            "alt_text": "", "media_type": "image", "mime_type": "image/jpeg",
            "source_url": f"{self.portal.site}/wp-content/uploads/2025/12/foto-{own.id}.jpg",
        }  # fmt: skip


def _answer(told: Any, headers: Mapping[str, str] | None = None) -> Answer:
    # As PHP writes JSON: no spaces, slashes and all but ASCII escaped.
    text = json.dumps(told, separators=(",", ":")).replace("/", "\\/")
    return Answer(200, JSON, text.encode(), headers or {})


def _refusal(code: str, message: str, data: dict[str, Any]) -> Answer:
    return _answer({"code": code, "message": message, "data": data})._replace(status=data["status"])


def _has(numbers: Sequence[int], number: int) -> bool:
    """Whether an ascending sequence holds a number."""
    at = bisect_left(numbers, number)
    return at < len(numbers) and numbers[at] == number


def _paged(found: Sequence[Any], query: Mapping[str, str]) -> tuple[Sequence[Any] | None, dict[str, str]]:
    """The page that a query asks for, and the headers that count; None for a page past the last.

    Where nothing is found at all, every page is there, and empty.
    """
    per_page, at = _number(query, "per_page", 10), _number(query, "page", 1)
    if not 1 <= per_page <= MOST:
        raise InvalidError("per_page", f"per_page must be between 1 (inclusive) and {MOST} (inclusive)")
    if at < 1:
        raise InvalidError("page", "page must be greater than or equal to 1")
    pages = -(-len(found) // per_page)
    headers = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}
    return None if found and at > pages else found[(at - 1) * per_page : at * per_page], headers


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(query.get(name, default))
    except ValueError:
        raise InvalidError(name, f"{name} is not of type integer.") from None


def _ids(query: Mapping[str, str], name: str) -> list[int]:
    try:
        return [int(word) for word in query.get(name, "").split(",") if word]
    except ValueError:
        raise InvalidError(name, f"{name}[0] is not of type integer.") from None


def _moment(query: Mapping[str, str], name: str) -> datetime | None:
    """A moment as RFC 3339 has it; without an offset it is the portal's own time."""
    words = query.get(name)
    if words is None:
        return None
    moment = None
    with suppress(ValueError):
        moment = datetime.fromisoformat(words) if MOMENT.fullmatch(words) else None
    if moment is None:
        raise InvalidError(name, "Invalid date.")
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def _fields(query: Mapping[str, str]) -> list[str]:
    return [field.strip() for field in query.get("_fields", "").split(",") if field.strip()]


def _pruned(told: dict[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """What `_fields` names of an object, by dotted paths too; all of it where there are none."""
    if not fields:
        return told
    kept: dict[str, Any] = {}
    for name, value in told.items():
        below = [field.partition(".")[2] for field in fields if field.partition(".")[0] == name]
        if below:
            kept[name] = _pruned(value, below) if isinstance(value, dict) and all(below) else value
    return kept

"""Answer the REST API of a portal as WordPress does: posts and categories, at `/wp-json/…` and `/?rest_route=/…`.

https://developer.wordpress.org/rest-api/reference/posts/ describes parameters and fields. Nothing is cached: a page of
a hundred posts with few `_fields` takes a millisecond or two, with their content about five.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from benchmarks.answers import JSON, Answer
from benchmarks.articles import SECTIONS, SITE_NAME, ZONE, Article
from benchmarks.content import Content
from benchmarks.published import between

MAX_PER_PAGE = 100
REST_ROUTE_PATHS = ("/", "/index.php")
"""Paths that take `?rest_route=`."""
ORDERS = ("date", "id", "modified")
CATEGORIES = dict(enumerate(SECTIONS, 2))
"""Section by category id; category 1 is WordPress' default, for posts without a category."""
_IDS = {slug: number for number, slug in CATEGORIES.items()}
DATE_TIME = re.compile(r"\d{4}(?:-\d\d){2}[T ]\d\d(?::\d\d){2}(?:\.\d+)?(?:Z|[+-]\d\d(?::\d\d)?)?", re.ASCII)
"""Date and time as WordPress accepts them: to the second, with an offset that has a colon or hours only."""
_DATE_FORMAT = "%Y-%m-%dT%H:%M:%S"


class InvalidError(Exception):
    """WordPress refuses a parameter."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(why)
        self.name = name


class Rest:
    """The REST API of one portal."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.fields: dict[str, Callable[[Article], Any]] = {
            "id": lambda article: article.id,
            "date": lambda article: article.date.strftime(_DATE_FORMAT),
            "date_gmt": lambda article: article.date.astimezone(UTC).strftime(_DATE_FORMAT),
            "guid": lambda article: {"rendered": f"{content.site}/?p={article.id}"},
            "modified": lambda article: article.modified.strftime(_DATE_FORMAT),
            "modified_gmt": lambda article: article.modified.astimezone(UTC).strftime(_DATE_FORMAT),
            "slug": lambda article: article.slug,
            "status": lambda article: "publish",
            "type": lambda article: "post",
            "link": lambda article: f"{content.site}{article.path}",
            "title": lambda article: {"rendered": article.title},
            "content": lambda article: {"rendered": content.html(article), "protected": False},
            "excerpt": lambda article: {"rendered": f"<p>{content.excerpt(article)}</p>\n", "protected": False},
            "featured_media": lambda article: article.id + 1,
            "categories": lambda article: [_IDS[article.section]],
            "_links": self._links,
        }
        """How each field of a post is generated, in WordPress' order."""

    def answer(self, path: str, query: Mapping[str, str]) -> Answer | None:
        """Return the answer at a path; None if it does not belong to the API."""
        route = path.removeprefix("/wp-json") if path.startswith("/wp-json") else None
        if route is None and path in REST_ROUTE_PATHS:
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
            if route.startswith("/wp/v2/posts/") and (post_id := route.rpartition("/")[2]).isdecimal():
                return self._post(int(post_id), query)
        except InvalidError as error:
            data = {"status": 400, "params": {error.name: str(error)}, "details": {}}
            return _refusal("rest_invalid_param", f"Invalid parameter(s): {error.name}", data)
        return _refusal("rest_no_route", "No route was found matching the URL and request method.", {"status": 404})

    # Routes

    def _root(self) -> dict[str, Any]:
        routes = ("/", "/wp/v2", "/wp/v2/posts", "/wp/v2/posts/(?P<id>[\\d]+)", "/wp/v2/categories")
        site = self.content.site
        return {
            "name": SITE_NAME, "description": "Kabar tepian", "url": site, "home": site, "gmt_offset": 7,
            "timezone_string": "Asia/Jakarta", "namespaces": ["wp/v2"],
            "routes": {route: {"namespace": "wp/v2" if "wp" in route else "", "methods": ["GET"]} for route in routes},
        }  # fmt: skip

    def _posts(self, query: Mapping[str, str]) -> Answer:
        numbers = self._matching_numbers(query)
        if query.get("order", "desc") == "desc":
            numbers = numbers[::-1]
        page, headers = _paged(numbers, query)
        if page is None:
            message = "The page number requested is larger than the number of pages available."
            return _refusal("rest_post_invalid_page_number", message, {"status": 400})
        return _answer([self._entry(number, query) for number in page], headers)

    def _post(self, post_id: int, query: Mapping[str, str]) -> Answer:
        number = self.content.published.by_id(post_id)
        if number is None:
            return _refusal("rest_post_invalid_id", "ID tulisan tidak sah.", {"status": 404})
        return _answer(self._entry(number, query))

    def _categories(self, query: Mapping[str, str]) -> Answer:
        rows = sorted((SECTIONS[slug], number, slug) for number, slug in CATEGORIES.items())
        page, headers = _paged(rows, query)
        categories = [
            {
                "id": number, "count": len(self.content.published.numbers(slug)), "description": "",
                "link": f"{self.content.site}/category/{slug}/", "name": name, "slug": slug, "taxonomy": "category",
                "parent": 0,
            }
            for name, number, slug in page or ()
        ]  # fmt: skip
        return _answer([_pruned(category, _fields(query)) for category in categories], headers)

    def _matching_numbers(self, query: Mapping[str, str]) -> Sequence[int]:
        """Return the numbers of the posts that match a query, ascending in its order."""
        posts = self.content.published
        orderby, order = query.get("orderby", "date"), query.get("order", "desc")
        if orderby not in ORDERS:
            raise InvalidError("orderby", f"orderby is not one of {', '.join(ORDERS)}.")
        if order not in ("asc", "desc"):
            raise InvalidError("order", "order is not one of asc, and desc.")
        published = _date(query, "after"), _date(query, "before")
        modified = _date(query, "modified_after"), _date(query, "modified_before")
        sections: list[str] = []
        if query.get("categories") == "":
            raise InvalidError("categories", "categories is not of type array.")
        if categories := _ids(query, "categories"):
            sections = [CATEGORIES[category] for category in categories if category in CATEGORIES]
            if not sections:
                return ()
        by_date = between(posts.numbers(*sections), posts.date, *published)
        numbers = by_date
        if any(modified) or orderby == "modified":
            numbers = between(posts.numbers(*sections, by_modified=True), posts.modified, *modified)
            if any(published):
                # Numbers ascend with dates, so a range of dates is a range of numbers.
                window = range(by_date[0], by_date[-1] + 1) if by_date else range(0)
                numbers = [number for number in numbers if number in window]
            if orderby != "modified":
                numbers = sorted(numbers)
        if included := _ids(query, "include"):
            wanted = {posts.by_id(post_id) for post_id in included}
            if orderby == "modified":
                return [number for number in numbers if number in wanted]
            return sorted(number for number in wanted if number is not None and _contains(numbers, number))
        return numbers

    def _entry(self, number: int, query: Mapping[str, str]) -> dict[str, Any]:
        """Return the fields of a post that a query selects."""
        article, fields = self.content.published.article(number), _fields(query)
        top_level = {field.partition(".")[0] for field in fields}
        post = {name: make(article) for name, make in self.fields.items() if not fields or name in top_level}
        # WordPress embeds by the links: without them there is nothing embedded.
        if "_embed" in query and "_links" in post and (not fields or "_embedded" in top_level):
            post["_embedded"] = {"wp:featuredmedia": [self._media(article)]}
        return _pruned(post, fields)

    def _links(self, article: Article) -> dict[str, Any]:
        root = f"{self.content.site}/wp-json/wp/v2"
        return {
            "self": [{"href": f"{root}/posts/{article.id}"}],
            "collection": [{"href": f"{root}/posts"}],
            "wp:featuredmedia": [{"embeddable": True, "href": f"{root}/media/{article.id + 1}"}],
        }

    def _media(self, article: Article) -> dict[str, Any]:
        return { "id": article.id + 1, "date":
    article.date.strftime(_DATE_FORMAT), "slug": f"foto-{article.id}", "type": "attachment", "title": {"rendered":
    f"foto-{article.id}"}, "caption": {"rendered": f"<p>{self.content.caption(article)}</p>\n"}, "alt_text": "",
    "media_type": "image", "mime_type": "image/jpeg", "source_url":
    f"{self.content.site}/wp-content/uploads/2025/12/foto-{article.id}.jpg", }  # fmt: skip


def _answer(result: Any, headers: Mapping[str, str] | None = None) -> Answer:
    # As PHP encodes JSON: no spaces; slashes and non-ASCII characters escaped.
    text = json.dumps(result, separators=(",", ":")).replace("/", "\\/")
    return Answer(200, JSON, text.encode(), headers or {})


def _refusal(code: str, message: str, data: dict[str, Any]) -> Answer:
    return _answer({"code": code, "message": message, "data": data})._replace(status=data["status"])


def _contains(numbers: Sequence[int], number: int) -> bool:
    """True if an ascending sequence holds a number."""
    index = bisect_left(numbers, number)
    return index < len(numbers) and numbers[index] == number


def _paged(found: Sequence[Any], query: Mapping[str, str]) -> tuple[Sequence[Any] | None, dict[str, str]]:
    """Return the page that a query asks for, None for a page past the last, and the headers with the totals.

    If nothing matches at all, every page exists and is empty.
    """
    per_page, page = _number(query, "per_page", 10), _number(query, "page", 1)
    if not 1 <= per_page <= MAX_PER_PAGE:
        raise InvalidError("per_page", f"per_page must be between 1 (inclusive) and {MAX_PER_PAGE} (inclusive)")
    if page < 1:
        raise InvalidError("page", "page must be greater than or equal to 1")
    pages = -(-len(found) // per_page)
    headers = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}
    return None if found and page > pages else found[(page - 1) * per_page : page * per_page], headers


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


def _date(query: Mapping[str, str], name: str) -> datetime | None:
    """Return a parameter that is an RFC 3339 date; without an offset it is in the portal's time zone."""
    text = query.get(name)
    if text is None:
        return None
    date = None
    with suppress(ValueError):
        date = datetime.fromisoformat(text) if DATE_TIME.fullmatch(text) else None
    if date is None:
        raise InvalidError(name, "Invalid date.")
    return date if date.tzinfo else date.replace(tzinfo=ZONE)


def _fields(query: Mapping[str, str]) -> list[str]:
    return [field.strip() for field in query.get("_fields", "").split(",") if field.strip()]


def _pruned(value: dict[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """Return the parts of an object that `_fields` selects, by dotted paths, too; all of it if there are none."""
    if not fields:
        return value
    kept: dict[str, Any] = {}
    for name, part in value.items():
        below = [field.partition(".")[2] for field in fields if field.partition(".")[0] == name]
        if below:
            kept[name] = _pruned(part, below) if isinstance(part, dict) and all(below) else part
    return kept

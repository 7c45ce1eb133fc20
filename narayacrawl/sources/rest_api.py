"""Ask WordPress' REST API: find its root, page through its posts, look up sections.

Handbook: https://developer.wordpress.org/rest-api/reference/posts/ (`modified_after` since WordPress 5.7). Its dates
are the portal's local time, without an offset, and so are those that it is asked with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode

from scrapy.http import HtmlResponse, Response

from narayacrawl.downloader.fetch import MAX_REST_SIZE, header
from narayacrawl.downloader.raw_pages import kept_of
from narayacrawl.language.numbers import read_number
from narayacrawl.ledger.source_state import SourceState
from narayacrawl.sources.discovery import Discovery, SourceError
from narayacrawl.sources.portal import Portal
from narayacrawl.sources.rest_parser import (
    FIELDS,
    PER_REQUEST,
    RestPost,
    local_date,
    max_page_size,
    read_list,
    read_posts,
)
from narayacrawl.urls import absolute

LIGHT_FIELDS: Final = "id,link,date,date_gmt,modified,modified_gmt"
LENGTH_FIELDS: Final = f"{LIGHT_FIELDS},content.rendered"
ALL_FIELDS: Final = f"{FIELDS},modified"
DAY: Final = timedelta(days=1)
"""A window is asked for with so much around it: the portal's clock may be set to another zone than its articles."""
MAX_CATEGORY_PAGES: Final = 100
PARTS: Final = frozenset({"before", "after", "modified_after"})
"""Parameters that ask for a part of the posts only."""


@dataclass(frozen=True, slots=True)
class PostsPage:
    """One answer of the posts collection."""

    posts: list[RestPost]
    total: int | None
    """How many posts there are on all pages; None if the answer does not tell."""
    entries: int
    """How many entries the answer has, malformed ones, too."""

    @property
    def ids(self) -> frozenset[int]:
        return frozenset(post.id for post in self.posts)

    @property
    def oldest(self) -> datetime | None:
        """The publish date of the last post that has one, local time: an import may leave `0000-00-00`."""
        for post in reversed(self.posts):
            if date := local_date(post.local):
                return date
        return None

    def is_last(self, number: int, size: int) -> bool:
        """True if no page of so many posts follows this one."""
        return not self.entries or (self.entries < size if self.total is None else number * size >= self.total)


class RestApi:
    """Ask one portal's API, within the run's window and sections."""

    def __init__(self, discovery: Discovery, state: SourceState) -> None:
        self.discovery = discovery
        self.state = state
        self.page_size = PER_REQUEST
        """How many posts a page has: a portal may give fewer than it is asked for."""
        self._is_sized = False
        is_known = state.url is not None and discovery.front_page is None
        self._roots = [state.url or ""] if is_known else api_roots(discovery.portal, discovery.front_page)
        """Where the API may be; from the first answer on, where it is."""
        self._is_found = False
        self._narrowing: dict[str, str] = {}
        """The parameters that narrow what is asked for."""

    async def narrow(self) -> None:
        """Ask for the window and the sections only, from now on."""
        if self.discovery.since:
            self._narrowing["after"] = local_time(self.discovery.since - DAY)
        if self.discovery.until:
            self._narrowing["before"] = local_time(self.discovery.until + DAY)
        if sections := self.discovery.scope.sections:
            self._narrowing["categories"] = ",".join(map(str, await self._category_ids(sections)))

    async def ask(self, fields: str, **parameters: str | int) -> PostsPage:
        """Return one page of posts; empty past the last one, which WordPress answers with 400
        (rest_post_invalid_page_number)."""
        embedded = {"_embed": "wp:featuredmedia"} if fields is ALL_FIELDS else {}
        asked = embedded | {"_fields": fields, "per_page": self.page_size, **self._narrowing, **parameters}
        response = await self._answer(asked)
        if response.status == 400 and int(parameters.get("page", 1)) > 1:
            return PostsPage([], None, 0)
        if response.status != 200:
            raise SourceError(f"REST API does not answer ({response.status}): {response.url}")
        try:
            posts, malformed = read_posts(response.body, kept_of(response))
        except ValueError as error:
            raise SourceError(f"REST API answered something else ({error}): {response.url}") from error
        self.discovery.count("source/read")
        entries = len(posts) + malformed
        if malformed:
            self.discovery.count("source/rest/malformed", malformed)
        total = read_number(header(response, "X-WP-Total"))
        if not self._is_sized and posts and "per_page" not in parameters:
            self._is_sized = True
            # Where nothing tells how many there are, the first page may be a short one or all.
            is_all = total is not None and total <= entries
            self.page_size = self.page_size if is_all else min(self.page_size, entries)
        if total is not None and not PARTS & parameters.keys():
            self.discovery.tell_total(total)
        return PostsPage(posts, total, entries)

    async def _answer(self, parameters: dict[str, Any], collection: str = "posts") -> Response:
        query = urlencode(parameters, safe=",:", quote_via=quote)
        refusals = []
        for root in self._roots:
            url = f"{root}wp/v2/{collection}{'&' if '?' in root else '?'}{query}"
            response = await self.discovery.fetch(url, max_size=MAX_REST_SIZE)
            if collection == "posts" and (size := max_page_size(response, int(parameters["per_page"]))):
                self.page_size = self.discovery.rest_posts.page_size = size
                return await self._answer(parameters | {"per_page": size})
            if self._is_found or (response.status == 200 and read_list(response.body) is not None):
                if not self._is_found:
                    self._roots, self._is_found = [root], True
                    self.discovery.save_state(self.state, url=root)
                return response
            refusals.append(f"{response.status} at {root}")
        raise SourceError(f"the REST API does not answer ({', '.join(refusals)})")

    async def _category_ids(self, names: Sequence[str]) -> list[int]:
        """Return the ids of sections, by name or slug, and of all below them."""
        categories: list[dict[str, Any]] = []
        for number in range(1, MAX_CATEGORY_PAGES):
            asked = {"per_page": PER_REQUEST, "page": number, "_fields": "id,name,slug,parent"}
            response = await self._answer(asked, "categories")
            page = (read_list(response.body) or []) if response.status == 200 else []
            categories += [own for own in page if isinstance(own, dict) and read_number(own.get("id"))]
            if len(page) < PER_REQUEST:
                break
        own_names = {own["id"]: {str(own.get(k)).casefold() for k in ("slug", "name")} for own in categories}
        wanted = {name.casefold() for name in names}
        chosen = {number for number, own in own_names.items() if wanted & own}
        sections, all_names = self.discovery.sections, {name for own in own_names.values() for name in own}
        sections.found |= {name for name in names if name.casefold() in all_names}
        sections.denied |= {name for name in names if name.casefold() not in all_names}
        sections.known |= {str(own["slug"]) for own in categories if own.get("slug")}
        if not chosen:
            raise SourceError(f"the REST API knows no section {', '.join(names)}")
        while children := {own["id"] for own in categories if own.get("parent") in chosen} - chosen:
            chosen |= children
        return sorted(chosen)


def api_roots(portal: Portal, front_page: HtmlResponse | None) -> list[str]:
    """Return where the API may be: as the front page links to it, if that is the portal's own, then at WordPress' two
    addresses."""
    linked: list[str] = []
    if front_page is not None:
        links = (header(front_page, "Link") or "").split(",")
        linked += [link.partition("<")[2].partition(">")[0] for link in links if "https://api.w.org/" in link]
        linked += portal.selector(front_page).xpath('//link[@rel="https://api.w.org/"]/@href').getall()
    # WordPress may be in a folder of the site.
    forms = (*linked[:1], "wp-json/", "/wp-json/", "?rest_route=/", "/?rest_route=/")
    roots = dict.fromkeys(url for form in forms if (url := absolute(form, portal.base)))
    return [url for url in roots if portal.owns(url)]


def local_time(moment: datetime) -> str:
    """Write a moment as the API is asked with it: local time without an offset."""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")

"""WordPress' REST API: every post, by its publish date; every edit, by its moment; how many posts there are.

Handbook: https://developer.wordpress.org/rest-api/reference/posts/ (`modified_after` since WordPress 5.7). Its dates
are the portal's local time, without an offset, and so are those that it is asked with.
"""

import json
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode, urljoin

from scrapy.http import Response

from narayacrawl.downloader.fetch import header
from narayacrawl.ledger.discovered import Named
from narayacrawl.ledger.discovery import REST, Seen
from narayacrawl.ledger.source_coverage import Known, count_named_by_rest, named_by_rest
from narayacrawl.ledger.source_state import Visit
from narayacrawl.ledger.tables import moment
from narayacrawl.sources.discovery import SourceError, Walk
from narayacrawl.sources.rest_posts import FIELDS, PER_REQUEST, Post, read_posts, smaller_page

logger = logging.getLogger(__name__)

LIGHT: Final = "id,link,date,date_gmt,modified,modified_gmt"
WHOLE: Final = f"{FIELDS},modified"
OVERLAP: Final = timedelta(minutes=5)
"""An edit may become visible a moment after the time it bears."""
ONE_BY_ONE: Final = 1_000
"""Up to so many posts all are read where their number is not what the ledger knows."""
SECOND: Final = timedelta(seconds=1)
DAY: Final = timedelta(days=1)
"""A window is asked for with so much around it: the portal's clock may be set to another zone than its articles."""
MOST_PAGES: Final = 1_000
FIRST: Final = "1970-01-01T00:00:00"


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the posts collection."""

    posts: list[Post]
    total: int | None
    """How many posts there are on all pages; None where the answer does not tell."""

    @property
    def ids(self) -> frozenset[int]:
        return frozenset(post.id for post in self.posts)

    @property
    def oldest(self) -> datetime | None:
        """The publish date of the last post that has one, local time: an import may leave `0000-00-00`."""
        for post in reversed(self.posts):
            with suppress(ValueError):
                return datetime.fromisoformat(post.local)
        return None

    def is_last(self, number: int, size: int) -> bool:
        """Whether no page of so many posts follows this one."""
        return not self.posts or (len(self.posts) < size if self.total is None else number * size >= self.total)


async def read_rest(walk: Walk) -> bool:
    """Walk the API; whether it names every public post. `SourceError` where it does not answer."""
    try:
        return await Rest(walk, walk.visit("rest")).read()
    except SourceError:
        walk.spider.posts.is_silent = True  # nor does it tell anything of single posts
        raise


class Rest:
    """One walk through the API."""

    def __init__(self, walk: Walk, visit: Visit) -> None:
        self.walk = walk
        self.visit = visit
        self.size = PER_REQUEST
        """How many posts a page has: a portal may give fewer than it is asked for."""
        self.is_sized = False
        self.roots = [visit.url] if visit.url and walk.front is None else roots(walk)
        """Where the API may be; from the first answer on, where it is."""
        self.is_found = False
        self.window: dict[str, str] = {}
        """The parameters that narrow what is asked for."""

    async def read(self) -> bool:
        await self.narrow()
        if self.walk.is_full:
            return await self.read_all(None)
        if self.visit.watermark is None:
            newest = await self.ask(LIGHT, per_page=1, orderby="modified")
            self.walk.visited(self.visit, watermark=_latest(newest.posts))
            return await self.read_all(None)
        newest = await self.read_news()
        if self.visit.completed is None:
            return await self.read_all(self.visit.cursor)
        if newest.total is None:
            return False
        return bool(self.walk.scope) or await self.reconcile(newest)

    async def narrow(self) -> None:
        """Ask for the window and the sections only."""
        if self.walk.since:
            self.window["after"] = _local(self.walk.since - DAY)
        if self.walk.until:
            self.window["before"] = _local(self.walk.until + DAY)
        if wanted := self.walk.spider.arguments.section:
            self.window["categories"] = ",".join(map(str, await self.categories(wanted)))

    async def categories(self, names: Sequence[str]) -> list[int]:
        """The ids of sections, by name or slug, and of all below them."""
        categories: list[dict[str, Any]] = []
        for number in range(1, 100):
            told = {"per_page": PER_REQUEST, "page": number, "_fields": "id,name,slug,parent"}
            response = await self.answer(told, "categories")
            found = json.loads(response.body) if response.status == 200 and _is_list(response) else []
            categories += found
            if len(found) < PER_REQUEST:
                break
        wanted = {name.casefold() for name in names}
        chosen = {own["id"] for own in categories if wanted & {own["slug"].casefold(), own["name"].casefold()}}
        if not chosen:
            raise SourceError(f"the REST API knows no section {', '.join(names)}")
        while more := {own["id"] for own in categories if own["parent"] in chosen} - chosen:
            chosen |= more
        return sorted(chosen)

    # Asking

    async def answer(self, parameters: dict[str, Any], collection: str = "posts") -> Response:
        query = urlencode(parameters, safe=",:", quote_via=quote)
        refusals = []
        for root in self.roots:
            response = await self.walk.fetch(f"{root}wp/v2/{collection}{'&' if '?' in root else '?'}{query}")
            if collection == "posts" and (size := smaller_page(response, int(parameters["per_page"]))):
                self.size = self.walk.spider.posts.size = size
                return await self.answer(parameters | {"per_page": size})
            if self.is_found or (response.status == 200 and _is_list(response)):
                if not self.is_found:
                    self.roots, self.is_found = [root], True
                    self.walk.visited(self.visit, url=root)
                return response
            refusals.append(f"{response.status} at {root}")
        raise SourceError(f"the REST API does not answer ({', '.join(refusals)})")

    async def ask(self, fields: str, **parameters: str | int) -> Page:
        """One page of posts; 400 is WordPress' answer to a page past the last (rest_post_invalid_page_number)."""
        embedded = {"_embed": "wp:featuredmedia"} if fields is WHOLE else {}
        response = await self.answer(embedded | {"_fields": fields, "per_page": self.size, **self.window, **parameters})
        if response.status == 400 and int(parameters.get("page", 1)) > 1:
            return Page([], None)
        if response.status != 200:
            raise SourceError(f"REST API does not answer ({response.status}): {response.url}")
        try:
            posts = read_posts(response)
        except ValueError as error:
            raise SourceError(f"REST API answered something else ({error}): {response.url}") from error
        self.walk.spider.count("source/read")
        told = header(response, "X-WP-Total") or ""
        total = int(told) if told.isdecimal() else None
        if not self.is_sized and posts and "per_page" not in parameters:
            self.is_sized = True
            # Where nothing tells how many there are, the first page may be a short one or all.
            self.size = self.size if total is not None and total <= len(posts) else min(self.size, len(posts))
        return Page(posts, total)

    def note(self, posts: Sequence[Post]) -> Seen:
        """Name the posts; those that came whole need not be asked for again."""
        self.walk.spider.posts.offer(posts)
        return self.walk.note([Named(post.link, post.id, post.published, post.modified) for post in posts], REST)

    async def read_all(self, before: str | None) -> bool:
        """Name every post, newest first, or those published before a moment; whether the API tells how many it has."""
        number, total, previous = 1, None, frozenset[int]()
        fields = LIGHT if self.walk.ledger.is_names_only else WHOLE
        while True:
            page = await self.ask(fields, page=number, **({"before": before} if before else {}))
            total = page.total if total is None else total
            if number > 1 and page.ids and page.ids <= previous:
                raise SourceError("the REST API gives the same posts on every page")
            previous = page.ids
            self.note(page.posts)
            if page.is_last(number, self.size):
                break
            # Those of the same second are named again.
            oldest = _local(page.oldest + SECOND) if page.oldest else None
            if oldest and (before is None or oldest < before):
                before, number = oldest, 1
                self.walk.visited(self.visit, cursor=before)
            else:
                number += 1
            await self.walk.drawing.dried()
        self.walk.visited(self.visit, cursor=None, completed=moment())
        return total is not None

    async def read_news(self) -> Page:
        """Name what is new and what was edited; the newest posts."""
        newest = await self.ask(LIGHT)  # a scheduled post keeps the moment of its last edit when it is published
        self.note(newest.posts)
        told = [self.visit.watermark, _latest(newest.posts)]
        since = _local(datetime.fromisoformat(self.visit.watermark or "") - OVERLAP)
        previous = frozenset[int]()
        for number in range(1, MOST_PAGES):
            page = await self.ask(WHOLE, orderby="modified", page=number, modified_after=since)
            self.note(page.posts)
            told.append(_latest(page.posts))
            # WordPress before 5.7 passes over what it does not know.
            if page.is_last(number, self.size) or (page.posts[-1].local_modified or "") <= since:
                break
            if page.ids <= previous or self.visit.watermark == FIRST:
                break
            previous = page.ids
        self.walk.visited(self.visit, watermark=max(filter(None, told)))
        return newest

    # What is gone

    async def reconcile(self, newest: Page) -> bool:
        """Find out which posts are there no more, or have come unnoticed, where their number tells that some have;
        False where so many are gone that it cannot be."""
        assert newest.total is not None
        ledger = (self.walk.ledger.connection, self.walk.spider.portal)
        count = count_named_by_rest(*ledger)
        if newest.total - count == self.visit.quiet:
            return True
        logger.info("the REST API has %d posts, the ledger knows %d of them", newest.total, count)
        told = (datetime.fromisoformat(post.published).tzinfo for post in newest.posts if post.published)
        known = named_by_rest(*ledger, next(told, None) or self.walk.zone)
        absent = await self.absent(newest, known, None, None)
        if not self.walk.ceased(absent, len(known), REST):
            return False
        # Nothing explains what is left.
        self.walk.visited(self.visit, quiet=newest.total - count_named_by_rest(*ledger))
        return True

    async def absent(self, first: Page, known: Sequence[Known], start: str | None, end: str | None) -> set[int]:
        """Which of those known, oldest first, are not among the posts between two moments, of which the first page is
        there; whatever else is there is named."""
        is_all = start is None and end is None
        if len(known) > (ONE_BY_ONE if is_all else 2 * self.size):
            middle = known[len(known) // 2].published
            earlier = [one for one in known if one.published < middle]
            if earlier:
                before = _local(datetime.fromisoformat(middle) - SECOND)
                return {
                    *await self.absent_within(earlier, start, middle),
                    *await self.absent_within(known[len(earlier) :], before, end),
                }
        seen, page, number = set(self.note(first.posts).ids), first, 1
        while not page.is_last(number, self.size):
            number += 1
            page = await self.ask(LIGHT, page=number, **_window(start, end))
            seen.update(self.note(page.posts).ids)
        return {one.article for one in known} - seen

    async def absent_within(self, known: Sequence[Known], start: str | None, end: str | None) -> set[int]:
        """Nothing where the API has as many posts between two moments as are known."""
        page = await self.ask(LIGHT, **_window(start, end))
        return set() if page.total == len(known) else await self.absent(page, known, start, end)


def roots(walk: Walk) -> list[str]:
    """Where the API may be: as the front page links to it, and WordPress' two addresses."""
    told: list[str] = []
    if walk.front is not None:
        links = (header(walk.front, "Link") or "").split(",")
        told += [link.partition("<")[2].partition(">")[0] for link in links if "https://api.w.org/" in link]
        told += walk.front.xpath('//link[@rel="https://api.w.org/"]/@href').getall()
    # WordPress may be in a folder of the site.
    forms = (*told[:1], "wp-json/", "/wp-json/", "?rest_route=/", "/?rest_route=/")
    return list(dict.fromkeys(urljoin(walk.spider.base, form) for form in forms))


def _is_list(response: Response) -> bool:
    try:
        return isinstance(json.loads(response.body), list)
    except ValueError:
        return False


def _window(start: str | None, end: str | None) -> dict[str, str]:
    return {name: value for name, value in (("after", start), ("before", end)) if value}


def _local(moment: datetime) -> str:
    """A moment as the API is asked with it: local time without an offset."""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")


def _latest(posts: Sequence[Post]) -> str:
    """The latest edit, local time; one in the future is somebody's mistake and would hide those that come."""
    now = datetime.now(UTC).isoformat()
    told = (post.local_modified for post in posts if post.local_modified and (post.modified or "") <= now)
    return max(told, default=FIRST)

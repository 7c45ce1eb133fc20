"""Read WordPress' REST API: every post by its publish date, every edit by its moment, how many posts there are."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from narayacrawl.ledger.database import timestamp
from narayacrawl.ledger.discovered import REST, DiscoveredArticle, DiscoveryResult
from narayacrawl.ledger.source_coverage import RestArticle, articles_in_rest, count_in_rest
from narayacrawl.ledger.source_state import SourceState
from narayacrawl.pages.fragment import fragment_length
from narayacrawl.sources.discovery import Discovery, SourceError
from narayacrawl.sources.rest_api import ALL_FIELDS, LENGTH_FIELDS, LIGHT_FIELDS, PostsPage, RestApi, local_time
from narayacrawl.sources.rest_parser import RestPost
from narayacrawl.sources.seen_keys import SeenKeys
from narayacrawl.sources.timezone import see_offsets

logger = logging.getLogger(__name__)

OVERLAP: Final = timedelta(minutes=5)
"""An edit may become visible a moment after the time it bears."""
MAX_READ_ONE_BY_ONE: Final = 1_000
"""Up to so many posts all are read if their number is not what the ledger knows."""
SECOND: Final = timedelta(seconds=1)
MAX_REPEATED_PAGES: Final = 3
MAX_EDIT_PAGES: Final = 1_000
NO_EDIT: Final = "1970-01-01T00:00:00"


async def read_rest(discovery: Discovery) -> bool:
    """Read the API; return True if it lists every public post. Raises `SourceError` if it does not answer."""
    try:
        return await RestReader(discovery, discovery.state_of("rest")).read()
    except SourceError:
        discovery.rest_posts.is_silent = True  # nor does it tell anything of single posts
        raise


class RestReader:
    """Read what a portal's API lists: everything once, then what is new, edited or gone."""

    def __init__(self, discovery: Discovery, state: SourceState) -> None:
        self.discovery = discovery
        self.state = state
        self.api = RestApi(discovery, state)

    async def read(self) -> bool:
        await self.api.narrow()
        if self.discovery.scope.is_full:
            return await self.read_all(None)
        if self.state.watermark is None:
            newest = await self.api.ask(LIGHT_FIELDS, per_page=1, orderby="modified")
            self.discovery.save_state(self.state, watermark=_latest_edit(newest.posts))
            return await self.read_all(None)
        newest = await self.read_new_and_edited()
        if self.state.completed is None:
            return await self.read_all(self.state.cursor)
        if newest.total is None:
            return False
        return bool(self.discovery.narrowing) or await self.reconcile(newest)

    def record(self, posts: Sequence[RestPost]) -> DiscoveryResult:
        """Record the posts; those that came whole need not be asked for again."""
        see_offsets(self.discovery, (post.published for post in posts), "REST API")
        self.discovery.rest_posts.offer(posts)
        # Where articles are fetched, each is compared with its post then.
        with_length = self.discovery.scope.fetches_nothing
        listed = [
            DiscoveredArticle(post.link, post.id, post.published, post.modified, _length(post) if with_length else None)
            for post in posts
        ]
        return self.discovery.record(listed, REST)

    async def read_all(self, before: str | None) -> bool:
        """Record every post, newest first, or those published before a moment; return True if the API tells how many it
        has."""
        number, total, previous, repeated, seen = 1, None, frozenset[int](), 0, SeenKeys()
        fields = LENGTH_FIELDS if self.discovery.scope.fetches_nothing else ALL_FIELDS
        while True:
            page = await self.api.ask(fields, page=number, **({"before": before} if before else {}))
            if total is None and (total := page.total) is not None:
                stats = self.discovery.crawler.stats
                to_list = stats.get_value("narayacrawl/source/rest/listed", 0) + total
                stats.set_value("narayacrawl/source/rest/to_list", to_list)
            if number > 1 and page.ids and page.ids <= previous:
                raise SourceError("the REST API gives the same posts on every page")
            repeated = 0 if seen.add(map(str, page.ids)) or not page.ids else repeated + 1
            if repeated >= MAX_REPEATED_PAGES:
                raise SourceError(f"the REST API gives no other posts on {repeated} pages in a row")
            previous = page.ids
            self.record(page.posts)
            if page.is_last(number, self.api.page_size):
                break
            # Those of the same second are listed again.
            oldest = local_time(page.oldest + SECOND) if page.oldest else None
            if oldest and (before is None or oldest < before):
                before, number = oldest, 1
                self.discovery.save_state(self.state, cursor=before)
            else:
                number += 1
            await self.discovery.frontier.wait_until_empty()
        self.discovery.save_state(self.state, cursor=None, completed=timestamp())
        return total is not None

    async def read_new_and_edited(self) -> PostsPage:
        """Record what is new and what was edited since the last read; return the newest posts."""
        newest = await self.api.ask(LIGHT_FIELDS)  # a scheduled post keeps the moment of its last edit when published
        self.record(newest.posts)
        edits = [self.state.watermark, _latest_edit(newest.posts)]
        since = local_time(datetime.fromisoformat(self.state.watermark or "") - OVERLAP)
        previous = frozenset[int]()
        for number in range(1, MAX_EDIT_PAGES):
            page = await self.api.ask(ALL_FIELDS, orderby="modified", page=number, modified_after=since)
            self.record(page.posts)
            edits.append(_latest_edit(page.posts))
            # WordPress before 5.7 passes over what it does not know.
            is_older = bool(page.posts) and (page.posts[-1].local_modified or "") <= since
            if page.is_last(number, self.api.page_size) or is_older:
                break
            if page.ids <= previous or self.state.watermark == NO_EDIT:
                break
            previous = page.ids
        self.discovery.save_state(self.state, watermark=max(filter(None, edits)))
        return newest

    # What is gone

    async def reconcile(self, newest: PostsPage) -> bool:
        """Find out which posts are delisted, or have come unnoticed, if their number tells that some have; return False
        if so many are missing that it is not believed."""
        assert newest.total is not None
        connection, portal = self.discovery.ledger.connection, self.discovery.ledger.portal
        count = count_in_rest(connection, portal)
        # Of this source, the column counts the posts that were unexplained when all were last compared.
        if newest.total - count == self.state.empty_reads:
            return True
        logger.info("the REST API has %d posts, the ledger knows %d of them", newest.total, count)
        offsets = (datetime.fromisoformat(post.published).tzinfo for post in newest.posts if post.published)
        known = articles_in_rest(connection, portal, next(offsets, None) or self.discovery.portal.timezone)
        absent = await self.find_absent(newest, known, None, None)
        if not self.discovery.record_delisted(absent, len(known), REST):
            return False
        # Nothing explains what is left.
        self.discovery.save_state(self.state, empty_reads=newest.total - count_in_rest(connection, portal))
        return True

    async def find_absent(
        self, first: PostsPage, known: Sequence[RestArticle], start: str | None, end: str | None
    ) -> set[int]:
        """Return which of the known articles, oldest first, are not among the posts between two moments, of which
        `first` is the first page; record whatever else is there."""
        is_all = start is None and end is None
        if len(known) > (MAX_READ_ONE_BY_ONE if is_all else 2 * self.api.page_size):
            middle = known[len(known) // 2].published
            earlier = [article for article in known if article.published < middle]
            if earlier:
                before = local_time(datetime.fromisoformat(middle) - SECOND)
                return {
                    *await self.find_absent_within(earlier, start, middle),
                    *await self.find_absent_within(known[len(earlier) :], before, end),
                }
        seen, page, number = set(self.record(first.posts).known_ids), first, 1
        while not page.is_last(number, self.api.page_size):
            number += 1
            page = await self.api.ask(LIGHT_FIELDS, page=number, **_between(start, end))
            seen.update(self.record(page.posts).known_ids)
        return {article.article for article in known} - seen

    async def find_absent_within(self, known: Sequence[RestArticle], start: str | None, end: str | None) -> set[int]:
        """Do the same for a part; nothing is absent where the API has as many posts as are known."""
        page = await self.api.ask(LIGHT_FIELDS, **_between(start, end))
        return set() if page.total == len(known) else await self.find_absent(page, known, start, end)


def _length(post: RestPost) -> int | None:
    return None if post.content is None else fragment_length(post.content, post.link)


def _between(start: str | None, end: str | None) -> dict[str, str]:
    return {name: value for name, value in (("after", start), ("before", end)) if value}


def _latest_edit(posts: Sequence[RestPost]) -> str:
    """Return the latest edit, local time; one in the future is somebody's mistake and would hide those that come."""
    now = datetime.now(UTC).isoformat()
    edits = (post.local_modified for post in posts if post.local_modified and (post.modified or "") <= now)
    return max(edits, default=NO_EDIT)

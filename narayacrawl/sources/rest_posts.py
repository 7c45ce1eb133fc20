"""What WordPress' REST API tells of its posts beyond their pages: how many pages each has, its dates to the second, its
lead image's caption.

A block theme may print no link to the second page of a split article, but the API's `content.rendered` keeps the
`<!--nextpage-->` markers (feeds do not: WordPress 6.1 cuts them to the first page). Handbook:
https://developer.wordpress.org/rest-api/reference/posts/
"""

import asyncio
import json
import logging
import re
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from scrapy.http import Response

from narayacrawl.items import PublishedArticle
from narayacrawl.language.credits import split_credit
from narayacrawl.pages.fields.images import picture_key
from narayacrawl.pages.outline.inline import plain_text
from narayacrawl.sources.timestamps import moment
from narayacrawl.urls import key

logger = logging.getLogger(__name__)

NEXT_PAGE = "<!--nextpage-->"
PER_REQUEST = 100  # the most that WordPress allows
DEFAULT_SIZE = 10
"""What a page has where nothing is asked for."""
MOST_WAITING = 10_000
FIELDS = "id,link,date,date_gmt,modified_gmt,content.rendered,_links.wp:featuredmedia,_embedded"


@dataclass(frozen=True, slots=True)
class Post:
    """One post as the API tells it."""

    id: int
    link: str
    pages: int | None
    """How many pages it is split into, from 1; None where its content was not asked for."""
    published: str | None
    """When it was published, ISO 8601 with the portal's own offset; None where it is not told."""
    modified: str | None
    """The last edit, ISO 8601 in UTC; None where it is not told."""
    image: str | None
    """Address of the featured image; None where there is none."""
    caption: str | None
    """Its caption as inline HTML; None where it has none."""
    local: str = ""
    """When it was published by the portal's clock, without an offset."""
    local_modified: str | None = None
    """The last edit by the portal's clock, without an offset; None where it is not told."""


Fetch = Callable[[str], Awaitable[Response | None]]
"""Answers a GET of an address; None where no answer came."""


def posts_url(root: str, page: int, ids: Sequence[int] = (), size: int = PER_REQUEST) -> str:
    """Address of one page of the posts collection, newest first, so many posts each, or of these posts, at most a
    hundred; `root` is the `https://api.w.org/` link's target.

    Without pretty permalinks the root is `…/index.php?rest_route=/`.
    """
    joint = "&" if "?" in root else "?"
    which = f"per_page={size}&page={page}"
    if ids:
        which = f"per_page={len(ids)}&include={','.join(map(str, ids))}"
    return f"{root}wp/v2/posts{joint}_embed=wp:featuredmedia&_fields={FIELDS}&{which}"


def smaller_page(response: Response, size: int) -> int | None:
    """How many posts a page may have, where WordPress refuses so many (400, rest_invalid_param): a plugin may allow
    less than a hundred; None for any other answer."""
    if response.status != 400:
        return None
    try:
        told = json.loads(response.body)
        reason = str(told["data"]["params"]["per_page"])
    except (ValueError, TypeError, KeyError):
        return None
    most = max((int(word) for word in re.findall(r"[0-9]{1,9}", reason)), default=DEFAULT_SIZE)
    most = most if 0 < most < size else DEFAULT_SIZE
    return most if most < size else None


def read_posts(response: Response) -> list[Post]:
    """The posts of one answer; ValueError where it is not WordPress' JSON."""
    told = json.loads(response.body)
    if not isinstance(told, list):
        raise ValueError("not a list of posts")
    try:
        return [_post(entry) for entry in told]
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"not a list of posts: {error!r}") from error


def _post(entry: dict[str, Any]) -> Post:
    local, utc = entry.get("date"), entry.get("date_gmt")
    media: dict[str, Any] = next(iter(entry.get("_embedded", {}).get("wp:featuredmedia", [])), {})
    return Post(
        id=int(entry["id"]),
        link=str(entry["link"]),
        pages=entry["content"]["rendered"].count(NEXT_PAGE) + 1 if "content" in entry else None,
        published=_with_offset(local, utc) if local and utc else None,
        modified=moment(entry.get("modified_gmt") or ""),
        image=media.get("source_url"),
        caption=media.get("caption", {}).get("rendered") or None,
        local=local or "",
        local_modified=entry.get("modified"),
    )


def _with_offset(local: str, utc: str) -> str | None:
    """The local clock with the offset that parts it from the same moment in UTC; None where one is no date, as the
    `0000-00-00T00:00:00` of an import."""
    try:
        told = datetime.fromisoformat(local)
        return told.replace(tzinfo=timezone(told - datetime.fromisoformat(utc))).isoformat()
    except ValueError:
        return None


class Posts:
    """The portal's posts by id and address, asked of the API newest first and only as far as the crawl needs: one
    request for a hundred.

    Each is given once, and few wait: a post that is older than those asked for, or was passed, is asked for by its id,
    together with those that will be wanted next.
    """

    def __init__(self, fetch: Fetch, wanted: Callable[[int], list[int]]) -> None:
        self.fetch = fetch
        self.wanted = wanted
        """The ids of so many posts that will be wanted next."""
        self.next_page: int | None = 1
        """Which page of the collection is asked for next; None when all were."""
        self.is_in_order = True
        """Whether the last page of the collection held what it was asked for."""
        self.is_silent = False
        """Whether the API does not answer (any more)."""
        self.size = PER_REQUEST
        """How many posts are asked for at once."""
        self._waiting: dict[int, Post] = {}
        self._ids: dict[str, int] = {}
        self._oldest = sys.maxsize
        self._turn = asyncio.Lock()

    def offer(self, posts: Iterable[Post]) -> None:
        """Posts that are in hand already: nothing of the collection is asked for beside them but single posts."""
        self.next_page = None
        for post in posts:
            if post.pages is not None and len(self._waiting) < MOST_WAITING:
                self._keep(post)

    def _keep(self, post: Post) -> None:
        self._waiting[post.id] = post
        self._ids[key(post.link)] = post.id

    async def find(self, root: str, post_id: int | None, url: str) -> Post | None:
        """The post with this id or address; None where the API does not tell it."""
        async with self._turn:
            while self.next_page and self._lies_ahead(post_id, url):
                if post_id is not None and not self.is_in_order and self._wanted(post_id):
                    break  # asking for these is surer
                await self._ask_next(root, self.next_page)
                if post_id is not None:
                    self.is_in_order = post_id in self._waiting
                    break  # the post may be a thousand pages further
            number = self._ids.get(key(url)) if post_id is None else post_id
            if number is None or self.is_silent:
                return None
            post = self._waiting.pop(number, None)
            if post is None and post_id is not None:
                await self._ask_for(root, post_id, self._wanted(post_id))
                post = self._waiting.pop(post_id, None)
            if post is not None:
                self._ids.pop(key(post.link), None)
            return post

    def _lies_ahead(self, post_id: int | None, url: str) -> bool:
        """Whether the next page of the collection may hold a post, and there is room for what else it holds."""
        if self.is_silent or len(self._waiting) >= MOST_WAITING:
            return False
        if post_id is None:
            return key(url) not in self._ids
        return post_id < self._oldest and post_id not in self._waiting

    async def _ask_next(self, root: str, page: int) -> None:
        posts = await self._ask(lambda size: posts_url(root, page, size=size))
        for post in posts or ():
            self._keep(post)
            self._oldest = min(self._oldest, post.id)
        self.next_page = page + 1 if posts is not None and len(posts) == self.size else None

    def _wanted(self, post_id: int) -> list[int]:
        """Other posts that may be asked for together with one."""
        others = [number for number in self.wanted(PER_REQUEST) if number not in self._waiting and number != post_id]
        return others[: self.size - 1] if not self.is_silent else []

    async def _ask_for(self, root: str, post_id: int, others: Sequence[int]) -> None:
        asked = [post_id, *others]
        told = await self._ask(lambda size: posts_url(root, 1, asked[:size])) or []
        if not {post.id for post in told} <= {*asked}:
            self.is_silent = True  # a cache that passes over what it is asked
            return
        for post in told:
            self._keep(post)

    async def _ask(self, address: Callable[[int], str]) -> list[Post] | None:
        """The posts of an answer at the address for pages of a size; None, once and for all, where there is none. 400
        is WordPress' own answer to a page past the last (rest_post_invalid_page_number)."""
        url = address(self.size)
        response = await self.fetch(url)
        if response is not None and (size := smaller_page(response, self.size)):
            self.size = size
            return await self._ask(address)
        if response is not None and response.status == 400:
            return []
        self.is_silent = True
        if response is None or response.status != 200:
            logger.info("REST API does not answer (%s): %s", response.status if response else "no answer", url)
            return None
        try:
            posts = read_posts(response)
        except ValueError as error:
            logger.warning("REST API answered something else (%s): %s", error, url)
            return None
        self.is_silent = False
        return posts


def in_utc(words: str | None, moment: str) -> bool:
    """Whether a date's words are this moment (ISO 8601), told in UTC."""
    try:
        told = datetime.fromisoformat(words or "")
    except ValueError:
        return False
    return told.tzinfo is not None and not told.utcoffset() and told == datetime.fromisoformat(moment)


def completed(article: PublishedArticle, post: Post) -> PublishedArticle:
    """The article with what only the API tells: its dates to the second and the lead image's caption."""
    if post.published and article.date_source in (None, "text", "url"):
        article.date, article.date_source = post.published, "rest"
    elif post.published and in_utc(article.date, post.published):
        article.date = post.published  # the same moment, with the portal's own offset
    article.modified = article.modified or post.modified
    lead = article.images[0] if article.images else None
    if (
        lead
        and post.image
        and post.caption
        and not lead.caption
        and not lead.credit
        and picture_key(lead.url) == picture_key(post.image)
    ):
        lead.caption, lead.credit = split_credit(plain_text(post.caption))
    return article

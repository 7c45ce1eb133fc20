"""What the REST API tells of single posts beyond their pages: asked for together, and only as far as the crawl
needs."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

from scrapy.http import Response

from narayacrawl.downloader.raw_pages import kept_of
from narayacrawl.sources.rest_parser import PER_REQUEST, RestPost, max_page_size, posts_url, read_posts
from narayacrawl.urls import key

logger = logging.getLogger(__name__)

MAX_KEPT: Final = 2_000

Fetch = Callable[[str], Awaitable[Response | None]]
"""Answers a GET of an address; None if no answer came."""


class RestPosts:
    """Look up a portal's posts by id or address: asked of the API newest first, a hundred in one request.

    Each is given once, and few are kept: a post that is older than those asked for, or was passed, is asked for by its
    id, together with those that will be wanted next.
    """

    def __init__(self, fetch: Fetch, pending_ids: Callable[[int], list[int]]) -> None:
        self.fetch = fetch
        self.pending_ids = pending_ids
        """Returns the ids of at most so many posts that will be wanted next."""
        self.next_page: int | None = 1
        """Which page of the collection is asked for next; None when all were."""
        self.is_in_order = True
        """True if the last page of the collection held what it was asked for."""
        self.is_silent = False
        """True if the API does not answer (any more)."""
        self.page_size = PER_REQUEST
        """How many posts are asked for at once."""
        self._kept: dict[int, RestPost] = {}
        self._ids: dict[str, int] = {}
        self._oldest = sys.maxsize
        self._turn = asyncio.Lock()

    def offer(self, posts: Iterable[RestPost]) -> None:
        """Keep posts that are in hand already: nothing of the collection is asked for beside them but single posts."""
        self.next_page = None
        for post in posts:
            if post.pages is not None and len(self._kept) < MAX_KEPT:
                self._keep(post)

    def _keep(self, post: RestPost) -> None:
        self._kept[post.id] = post
        self._ids[key(post.link)] = post.id

    async def find(self, root: str, post_id: int | None, url: str) -> RestPost | None:
        """Return the post with this id or address; None if the API does not tell it."""
        async with self._turn:
            while self.next_page and self._may_be_on_next_page(post_id, url):
                if post_id is not None and not self.is_in_order and self._to_ask_with(post_id):
                    break  # asking for these is surer
                await self._ask_next(root, self.next_page)
                if post_id is not None:
                    self.is_in_order = post_id in self._kept
                    break  # the post may be a thousand pages further
            number = self._ids.get(key(url)) if post_id is None else post_id
            if number is None or self.is_silent:
                return None
            post = self._kept.pop(number, None)
            if post is None and post_id is not None:
                await self._ask_for(root, post_id, self._to_ask_with(post_id))
                post = self._kept.pop(post_id, None)
            if post is not None:
                self._ids.pop(key(post.link), None)
            return post

    def _may_be_on_next_page(self, post_id: int | None, url: str) -> bool:
        """True if the next page of the collection may hold a post, and there is room for what else it holds."""
        if self.is_silent or len(self._kept) >= MAX_KEPT:
            return False
        if post_id is None:
            return key(url) not in self._ids
        return post_id < self._oldest and post_id not in self._kept

    async def _ask_next(self, root: str, page: int) -> None:
        posts = await self._ask(lambda size: posts_url(root, page, size=size))
        for post in posts or ():
            self._keep(post)
            self._oldest = min(self._oldest, post.id)
        self.next_page = page + 1 if posts is not None and len(posts) == self.page_size else None

    def _to_ask_with(self, post_id: int) -> list[int]:
        """Return other posts that may be asked for together with one."""
        others = [number for number in self.pending_ids(PER_REQUEST) if number not in self._kept and number != post_id]
        return others[: self.page_size - 1] if not self.is_silent else []

    async def _ask_for(self, root: str, post_id: int, others: Sequence[int]) -> None:
        asked = [post_id, *others]
        posts = await self._ask(lambda size: posts_url(root, 1, asked[:size])) or []
        if not {post.id for post in posts} <= {*asked}:
            self.is_silent = True  # a cache that passes over what it is asked
            return
        for post in posts:
            self._keep(post)

    async def _ask(self, address: Callable[[int], str]) -> list[RestPost] | None:
        """Return the posts of an answer at the address for pages of a size; None, once and for all, if there is none.
        400 is WordPress' own answer to a page past the last (rest_post_invalid_page_number)."""
        url = address(self.page_size)
        response = await self.fetch(url)
        if response is not None and (size := max_page_size(response, self.page_size)):
            self.page_size = size
            return await self._ask(address)
        if response is not None and response.status == 400:
            return []
        self.is_silent = True
        if response is None or response.status != 200:
            logger.info("REST API does not answer (%s): %s", response.status if response else "no answer", url)
            return None
        try:
            posts, _ = read_posts(response.body, kept_of(response))
        except ValueError as error:
            logger.warning("REST API answered something else (%s): %s", error, url)
            return None
        self.is_silent = False
        return posts

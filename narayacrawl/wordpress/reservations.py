"""What a page reserves: that it is not to be kept or indexed, or that text and data mining needs its owner's leave."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

from narayacrawl.pages import ArticlePage
from narayacrawl.sources.discovery import Discovery
from narayacrawl.sources.rest_posts import Fetch

DIRECTIVES: Final = frozenset(
    {"noarchive", "nocache", "noindex", "none", "nofollow", "nosnippet", "noimageindex", "noai", "noimageai"}
)
"""Words for robots that are counted."""
NOT_TO_KEEP: Final = ("noarchive", "nocache", "none", "noindex")
"""Those that an archive obeys: no copy is to be kept (`noarchive`; `nocache` is Bing's word for it), or the page is to
be in no index, which an archive that is searched is (`noindex`; `none` is that and `nofollow`). What the words mean:
https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag."""
WITH_VALUE: Final = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
"""Words before a colon that are no robot's name."""
WELL_KNOWN: Final = "/.well-known/tdmrep.json"
MAX_RULES: Final = 1_000


class Reservations:
    """Read the reservations of a portal's pages, count them, and tell which page is not to be kept.

    Robots directives are those of the header X-Robots-Tag and of the meta elements `robots` and of our user agent's
    name, all of them together; TDM rights are reserved as TDMRep says (https://www.w3.org/community/reports/tdmrep/):
    the page's meta element goes before the header `tdm-reservation`, and that before the portal's file, which is asked
    for only if reservations are obeyed.
    """

    def __init__(self, discovery: Discovery, fetch: Fetch) -> None:
        settings = discovery.crawler.settings
        self.discovery = discovery
        self.fetch = fetch
        self.are_obeyed = settings.getbool("RESPECT_NOARCHIVE")
        self.agent = str(settings["USER_AGENT"]).partition("/")[0].strip().lower()
        self._rules: list[tuple[str, bool]] | None = None
        self._reading = asyncio.Lock()

    async def forbids(self, page: ArticlePage, response: Response) -> str | None:
        """Count what a page reserves; return why it is not to be kept, or None if it may be. Raises `Interrupted` if
        the crawl ends."""
        meta = page.metadata.meta
        tags = [value.decode("latin-1") for value in response.headers.getlist("X-Robots-Tag")]
        tags += [*meta.get("robots", ()), *meta.get(self.agent, ())]
        told = robots_directives(tags, self.agent)
        for directive in sorted(told):
            self.discovery.count(f"robots/{directive}")
        is_reserved = await self._is_mining_reserved(meta, response)
        if is_reserved is not None:
            self.discovery.count(f"tdm/{'reserved' if is_reserved else 'allowed'}")
        if not self.are_obeyed:
            return None
        word = next((word for word in NOT_TO_KEEP if word in told), None)
        return word or ("tdm-reservation" if is_reserved else None)

    async def _is_mining_reserved(self, meta: Mapping[str, list[str]], response: Response) -> bool | None:
        """True if text and data mining is reserved, False if it expressly is not; None if nothing says so."""
        headers = [value.decode("latin-1") for value in response.headers.getlist("tdm-reservation")]
        for values in (meta.get("tdm-reservation", ()), headers):
            told = {value.strip() for value in values} & {"0", "1"}
            if told:
                return "1" in told
        if not self.are_obeyed:
            return None
        async with self._reading:
            if self._rules is None:
                answer = await self.fetch(urljoin(self.discovery.portal.base, WELL_KNOWN))
                self._rules = read_rules(answer.body) if answer is not None and answer.status == 200 else []
        parts = urlsplit(response.url)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        found = [(len(pattern), is_reserved) for pattern, is_reserved in self._rules if matches(pattern, path)]
        return max(found)[1] if found else None


def robots_directives(values: Iterable[str], agent: str) -> set[str]:
    """Return the known directives for robots, all or this one, of headers and meta elements: `noindex, nofollow`, or
    after a robot's name `googlebot: noindex`, which goes on to the next name."""
    found: set[str] = set()
    for value in values:
        is_for_us = True
        for part in value.lower().split(","):
            name, colon, words = part.rpartition(":")
            if colon and name.strip() not in WITH_VALUE:
                is_for_us = name.strip() in (agent, "robots", "*")
            if is_for_us:
                found |= DIRECTIVES.intersection(words.split())
    return found


def read_rules(body: bytes) -> list[tuple[str, bool]]:
    """Return the rules of a portal's tdmrep.json: patterns of paths, and whether mining is reserved there. What nobody
    can read is no rule."""
    try:
        told: Any = json.loads(body)
    except (ValueError, RecursionError):
        return []
    rules = []
    for rule in (told if isinstance(told, list) else [told])[:MAX_RULES]:
        if not isinstance(rule, dict):
            continue
        pattern, value = rule.get("location"), str(rule.get("tdm-reservation"))
        if isinstance(pattern, str) and pattern and value in ("0", "1"):
            rules.append((pattern, value == "1"))
    return rules


def matches(pattern: str, path: str) -> bool:
    """True if a path begins as a pattern says, where `*` is anything and `$` the end, as in robots.txt (RFC 9309,
    2.2.3)."""
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    last = others.pop() if pattern.endswith("$") and others else None
    for other in others:
        place = path.find(other, place)
        if place < 0:
            return False
        place += len(other)
    if not pattern.endswith("$"):
        return True
    return path == first if last is None else len(path) - len(last) >= place and path.endswith(last)

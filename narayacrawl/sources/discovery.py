"""One walk through a portal's sources: what each asks for and names, and which of them is asked next."""

import json
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from scrapy.exceptions import CloseSpider
from scrapy.http import HtmlResponse, Response

from narayacrawl.downloader.fetch import Interrupted, conditions, fetch, header
from narayacrawl.language.dates import local
from narayacrawl.ledger.discovered import Named
from narayacrawl.ledger.discovery import LISTING, Seen, Source
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.source_coverage import lacking, not_gone
from narayacrawl.ledger.source_state import Visit, note_visit, visit_of, visits_of
from narayacrawl.ledger.tables import moment
from narayacrawl.wordpress.frontier import Drawing

if TYPE_CHECKING:
    from narayacrawl.wordpress import WordPressSpider

logger = logging.getLogger(__name__)

ENOUGH: Final = 3
"""Pages in a row that name nothing new or changed, after which a source is read no further that was once read to its
end: what was pinned, dated back or pushed on may hide what is new behind what is known."""
MOST_CEASED: Final = 50
CEASED_SHARE: Final = 0.5
"""A source that ceases to name more than so many articles, and a larger share of what it named, is broken."""


class SourceError(Exception):
    """A source is blocked, broken, or not there: one line."""


@dataclass
class Walk:
    """What sources walk with: the one place where they ask the portal and tell the ledger what they name."""

    spider: "WordPressSpider"
    ledger: Ledger
    drawing: Drawing
    front: HtmlResponse | None = None
    """The front page, as it was answered in this run; None where it was not."""
    scope: str = field(init=False)
    """The arguments that narrow what a source names, JSON; empty where none does."""

    def __post_init__(self) -> None:
        arguments = self.spider.arguments
        narrowing = {"section": arguments.section, "since": arguments.since, "until": arguments.until}
        told = {name: value for name, value in narrowing.items() if value}
        self.scope = json.dumps(told, default=str) if told else ""
        self.zone = ZoneInfo(self.spider.timezone)
        self.since, self.until = arguments.window(self.zone)

    @property
    def is_full(self) -> bool:
        """Whether everything is read again, whatever is known."""
        return self.spider.arguments.full

    async def fetch(self, url: str, visit: Visit | None = None, *, obey_robots: bool = True) -> Response:
        """What a source answers, whatever its status; 304 where the visit was given the same answer before.

        `SourceError` where nothing came; `Interrupted` where the crawl ends.
        """
        response = await self.page(url, visit, obey_robots=obey_robots)
        self.spider.count(f"source/response_status_count/{response.status}")
        return response

    async def page(self, url: str, visit: Visit | None = None, *, obey_robots: bool = True) -> Response:
        """The same of a page that a reader may ask for, too: a refusal tells more than that of a source."""
        headers = conditions(visit.etag, visit.last_modified) if visit and not self.is_full else None
        address = self.spider.localise(urljoin(self.spider.base, url))
        response = await fetch(self.spider.crawler, address, headers, obey_robots=obey_robots)
        if response is None:
            raise SourceError(f"no answer: {address}")
        return response

    def visit(self, name: str) -> Visit:
        """The last visit of a source, a file or a series, with this run's arguments."""
        return visit_of(self.ledger.connection, self.spider.portal, name, self.scope)

    def visits(self, kind: str) -> list[Visit]:
        """Those of all files or series of a kind."""
        return visits_of(self.ledger.connection, self.spider.portal, kind, self.scope)

    def visited(self, visit: Visit, response: Response | None = None, **values: Any) -> None:
        """Note a visit, once all it named is noted; with the answer, its validators are kept."""
        if response is not None and response.status == 200:
            values |= {"etag": header(response, "ETag"), "last_modified": header(response, "Last-Modified")}
        note_visit(self.ledger.connection, visit, visited=moment(), **values)

    def note(self, named: Sequence[Named], source: Source = LISTING) -> Seen:
        """Tell the ledger which of the portal's articles a source names; what another site has is passed over."""
        own = [self._localised(one) for one in named if self.spider.is_own(one.url)]
        seen = self.ledger.note(own, source)
        stats = self.spider.crawler.stats
        stats.inc_value("narayacrawl/ledger/new", seen.new)
        stats.inc_value("narayacrawl/ledger/known", seen.known)
        stats.inc_value("narayacrawl/ledger/changed", seen.changed)
        stats.inc_value(f"narayacrawl/source/{source.name}/named", len(own))
        if not seen.is_believed:
            self.spider.count(f"source/{source.name}/disbelieved")
            logger.warning("%s tells that nearly all it names has changed: not believed", source.name)
        self.drawing.look()
        return seen

    def _localised(self, one: Named) -> Named:
        """As the crawled base answers it, its day that of the portal."""
        published = one.published
        if published is not None:
            published = local(datetime.fromisoformat(published), self.zone).isoformat()
        return replace(one, url=self.spider.localise(one.url), published=published)

    def ceased(self, absent: Collection[int], known: int, source: Source) -> bool:
        """Have articles looked at that a source names no more, of so many that it named; False where it is not
        believed. Of those that are gone it tells the truth."""
        stats = self.spider.crawler.stats
        present = not_gone(self.ledger.connection, sorted(absent))
        if present > max(MOST_CEASED, (known - len(absent) + present) * CEASED_SHARE):
            self.spider.count(f"source/{source.name}/disbelieved")
            logger.warning("%s names %d of %d articles no more: not believed", source.name, present, known)
            return False
        stats.inc_value(f"narayacrawl/source/{source.name}/ceased", self.ledger.no_longer_named(sorted(absent), source))
        self.drawing.look()
        return True

    def is_older(self, published: str | None) -> bool:
        """Whether a moment that a source tells lies before the window; False where it tells none."""
        return bool(self.since and published and datetime.fromisoformat(published) < self.since)


Reading = Callable[[], Awaitable[bool]]
"""Walks one source to its end; whether it has named every article there is. `SourceError` where it cannot."""


async def through(walk: Walk, readings: Mapping[str, Reading], show: Callable[[], None] | None) -> None:
    """Walk the sources in their order: all of them, or with `show` until one has named every article.

    `show` names what the front page shows. It is called when the first source was asked: what the REST API tells of
    an article is there then before the article's page.
    """
    failed = []
    watching = []
    for name, reading in readings.items():
        visit = walk.visit(name)
        if show and visit.is_left_alone(visit.failures):
            walk.spider.count(f"source/{name}/skipped")
            continue
        try:
            is_whole = await reading()
        except SourceError as error:
            failed.append(name)
            walk.spider.count(f"source/{name}/failed")
            logger.warning("source %s: %s", name, error)
            walk.visited(visit, failures=visit.failures + 1)
            continue
        except (CloseSpider, Interrupted):
            raise
        except Exception as error:  # the fault is ours; what the others name is not to be lost for it
            failed.append(name)
            walk.spider.count(f"source/{name}/failed")
            walk.spider.crawler.stats.inc_value(f"spider_exceptions/{type(error).__name__}")
            logger.exception("source %s", name)
            continue
        finally:
            if show:
                show()
        if visit.failures:
            walk.visited(visit, failures=0)
        walk.spider.count(f"source/{name}/{'whole' if is_whole else 'not_whole'}")
        logger.info("source %s: %s", name, "whole" if is_whole else "not whole")
        # Of what is gone, only a walk through everything tells.
        watching += [name] if is_whole and not walk.scope and name in ("rest", "sitemap") else []
        if show and is_whole and not await _lacks(walk, name):
            break
    if failed and len(failed) == len(readings):
        walk.spider.count("source/all_failed")
    walk.ledger.watch(watching)
    walk.drawing.look()


async def _lacks(walk: Walk, name: str) -> bool:
    """Whether the portal has shown an article that a source should have named."""
    if walk.scope or name == "listing":
        return False
    await walk.drawing.settled()
    if missing := lacking(walk.ledger.connection, walk.spider.portal, name):
        walk.spider.count(f"source/{name}/incomplete")
        logger.warning("source %s does not name %s", name, missing)
    return missing is not None

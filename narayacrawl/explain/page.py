"""The page to explain: of a file, or as it was answered, read the way a portal's crawl reads it."""

from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from scrapy import Spider
from w3lib.encoding import html_to_unicode

from narayacrawl.explain.explanation import Explanation, explain
from narayacrawl.pages import ArticlePage, parse_html
from narayacrawl.pages.fields.metadata import Metadata
from narayacrawl.pipelines.body import normalize_body
from narayacrawl.pipelines.date import normalize_date
from narayacrawl.pipelines.dropped import Dropped
from narayacrawl.pipelines.record import record
from narayacrawl.pipelines.title import normalize_title
from narayacrawl.pipelines.validate import ValidateArticlePipeline
from narayacrawl.replay.cache_storage import PAGES, RESPONSES, FixtureError, read_recording, read_responses
from narayacrawl.urls import absolute


class NoAddressError(ValueError):
    """A saved page of which nobody tells where it was answered."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page to explain."""

    html: str
    url: str
    """Where it was answered."""
    fetched_at: str | None = None
    """When, ISO 8601; None where nobody knows."""
    spider: str | None = None
    """The spider that it was recorded with; None for another page."""


def saved_page(path: Path, url: str | None) -> Page:
    """A page of a file; of a saved portal with the address, time and spider that it was recorded with.

    `NoAddressError` where nobody tells its address, `FixtureError` where it cannot be read or the files of its portal
    are not sound.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FixtureError(f"{path}: {error.strerror}") from error
    folder = path.absolute().parent.parent
    if path.absolute().parent.name == PAGES and (folder / RESPONSES).is_file():
        recorded = [own for own in read_responses(folder).values() if own.file == f"{PAGES}/{path.name}"]
        for own in recorded:
            headers = {name.lower(): values for name, values in own.headers.items()}
            html = decoded(content, next(iter(headers.get("content-type", [])), None))
            told = own.fetched_at.astimezone(UTC).isoformat()
            return Page(html, url or own.url, told, read_recording(folder).spider)
    html = decoded(content, None)
    address = url or own_address(html)
    if address is None:
        raise NoAddressError(f"{path} names no canonical address: give it with --url")
    return Page(html, address)


def decoded(content: bytes, content_type: str | None) -> str:
    """The text of a page in the encoding that its header or itself declares, UTF-8 where none does."""
    return html_to_unicode(content_type, content, default_encoding="utf-8")[1]


def own_address(html: str) -> str | None:
    """The address that a page gives for itself, absolute; None where it gives none."""
    metadata = Metadata(parse_html(html).root, "")
    return metadata.link("canonical") or absolute(metadata.first("og:url"), "")


def explained(page: Page, spider_class: type[Spider]) -> Explanation:
    """The page as this spider's crawl reads and normalises it, explained."""
    article_page: type[ArticlePage] = getattr(spider_class, "article_page", ArticlePage)
    name = getattr(spider_class, "timezone", None)
    timezone = ZoneInfo(name) if name else None
    own = article_page(parse_html(page.html), page.url, fetched_at=page.fetched_at, timezone=timezone)
    published = own.published(portal=urlsplit(page.url).netloc)
    published = normalize_body(normalize_date(normalize_title(published), timezone))
    try:
        return explain(own, ValidateArticlePipeline().process_item(published))
    except Dropped as error:
        return explain(own, record(published), dropped=error.reason.replace("_", " "))

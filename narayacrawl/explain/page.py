"""Load the page to explain, from a file or as it was answered, and read it as a portal's crawl does."""

from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from urllib.parse import urlsplit

from scrapy import Spider

from narayacrawl.explain.explanation import Explanation, explain
from narayacrawl.ledger.portal_timezone import zone_of
from narayacrawl.pages import ArticlePage, parse_html
from narayacrawl.pages.encoding import decode_html
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
    """A saved page whose address is unknown."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page to explain."""

    html: str
    url: str
    """The address that answered."""
    fetched_at: str | None = None
    """When, ISO 8601; None if unknown."""
    spider: str | None = None
    """The spider that recorded it; None for any other page."""


def saved_page(path: Path, url: str | None) -> Page:
    """Load a page from a file; a page of a saved portal has the address, time and spider it was recorded with.

    `NoAddressError` if its address is unknown, `FixtureError` if it cannot be read or its portal's files are invalid.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FixtureError(f"{path}: {error.strerror}") from error
    if not content.strip():
        raise FixtureError(f"{path} is empty")
    folder = path.absolute().parent.parent
    if path.absolute().parent.name == PAGES and (folder / RESPONSES).is_file():
        recorded = [response for response in read_responses(folder).values() if response.file == f"{PAGES}/{path.name}"]
        for response in recorded:
            headers = {name.lower(): values for name, values in response.headers.items()}
            html = decode_html(content, next(iter(headers.get("content-type", [])), None))
            fetched = response.fetched_at.astimezone(UTC).isoformat()
            return Page(html, url or response.url, fetched, read_recording(folder).spider)
    html = decode_html(content)
    address = url or canonical_address(html)
    if address is None:
        raise NoAddressError(f"{path} names no canonical address: give it with --url")
    return Page(html, address)


def canonical_address(html: str) -> str | None:
    """Return the absolute address that a page gives for itself; None if it gives none."""
    metadata = Metadata(parse_html(html).root, "")
    return metadata.link("canonical") or absolute(metadata.first("og:url"), "")


def explained(page: Page, spider_class: type[Spider], kept: str | None = None) -> Explanation:
    """Explain a page as this spider's crawl reads and normalises it; `kept` is the time zone that the ledger keeps."""
    page_class: type[ArticlePage] = getattr(spider_class, "article_page", None) or ArticlePage
    timezone_name = getattr(spider_class, "timezone", None) or kept
    timezone = zone_of(timezone_name) if timezone_name else None
    article_page = page_class(parse_html(page.html), page.url, fetched_at=page.fetched_at, timezone=timezone)
    published = article_page.published(portal=urlsplit(page.url).netloc)
    published = normalize_body(normalize_date(normalize_title(published), timezone))
    try:
        return explain(article_page, ValidateArticlePipeline().process_item(published))
    except Dropped as error:
        return explain(article_page, record(published), dropped=error.reason.replace("_", " "))

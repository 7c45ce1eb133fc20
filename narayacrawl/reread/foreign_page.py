"""Read a page of anybody's archive as `extract` does, and drop what the crawl would not write. No Scrapy."""

from datetime import UTC, datetime
from typing import Final

from narayacrawl.items import Article
from narayacrawl.pages import ArticlePage, PageRefused, parse_html
from narayacrawl.pages.broken_page import error_in
from narayacrawl.pages.encoding import decode_html
from narayacrawl.pages.stated_text import is_teaser, missing_text
from narayacrawl.pipelines.normalize import normalize
from narayacrawl.pipelines.record import flaw
from narayacrawl.reread.http_answer import HttpAnswer, read_answer
from narayacrawl.reread.reading import NotRead, bounded
from narayacrawl.reread.warc_records import RawPage
from narayacrawl.settings import DOWNLOAD_MAXSIZE
from narayacrawl.urls import absolute, may_be_article, may_be_numbered, site

HTML: Final = ("text/html", "application/xhtml+xml")
HTTP: Final = ("application/http", "message/http")
SIGNS: Final = (b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml")


def read_raw_page(raw: RawPage) -> Article:
    """Read the article of a record, within the bounds of a crawl. Raises `NotRead`, for whatever it may be."""
    if raw.is_response and not raw.content_type.startswith(HTTP) and raw.uri[:4].lower() != "http":
        raise NotRead("no HTTP answer")
    url = absolute(raw.uri, "")
    if url is None:
        raise NotRead("no web address")
    answer = read_answer(raw.content) if raw.is_response else HttpAnswer(200, raw.content_type, [], raw.content)
    if answer.status != 200:
        raise NotRead(f"status {answer.status}")
    if answer.content_type and not answer.content_type.lower().startswith(HTML):
        raise NotRead("no HTML")
    if not (may_be_article(url) or may_be_numbered(url)):
        raise NotRead("no article's address")
    body = answer.content(DOWNLOAD_MAXSIZE)
    if not answer.content_type and not body[:500].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(SIGNS):
        raise NotRead("no HTML")
    try:
        return bounded(lambda: _read(decode_html(body, answer.content_type), url, _moment(raw.date)))
    except PageRefused as error:
        raise NotRead("not readable", str(error)) from error


def _read(html: str, url: str, fetched_at: str | None) -> Article:
    page = ArticlePage(parse_html(html), url, fetched_at=fetched_at)
    if page.rejection:
        raise NotRead(f"no article: {page.rejection}")
    if page.number > 1:
        raise NotRead("later page of a split article")
    if breakage := error_in(html):
        raise NotRead("broken off", breakage)
    published = page.published(portal=site(url))
    text = "\n\n".join(block.text for block in published.blocks)
    missing = missing_text(page, text)
    if is_teaser(page, text, missing):
        raise NotRead("for subscribers only")
    if missing:
        raise NotRead("text not whole", missing)
    if not page.has_own_content:
        raise NotRead("no text, picture or player of its own")
    article = normalize(published)
    if reason := flaw(article):
        raise NotRead(reason)
    return article


def _moment(date: str | None) -> str | None:
    """Return a record's date, ISO 8601 in UTC to the second; None where nobody can read it."""
    try:
        moment = datetime.fromisoformat(date or "")
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment.isoformat(timespec="seconds")

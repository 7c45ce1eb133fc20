"""Refuse to crawl a part of a portal that is given as the portal: its sources would list all of it, whatever the path.
Tell which sections a portal has, where one is asked for that it has not."""

from urllib.parse import urljoin, urlsplit

from narayacrawl.downloader.fetch import GONE
from narayacrawl.pages.front_page import home_of, part_of_portal
from narayacrawl.sources.discovery import Discovery, SourceError


def refuse_part(discovery: Discovery, url: str, status: int) -> None:
    """Raise `SourceError` if the address given for the portal is that of an article, a section or nothing; `status` is
    what it was answered with."""
    if not urlsplit(url).path.strip("/"):
        return
    front = discovery.front_page
    if status in GONE:
        why = f"url: {url} is answered with {status}: crawl the portal with -a url={urljoin(url, '/')}"
    elif front is None or (part := part_of_portal(selector := discovery.portal.selector(front), front.url)) is None:
        return
    else:
        home, name = home_of(selector, front.url), urlsplit(url).path.rstrip("/").rpartition("/")[2]
        narrowed = f"{home}, this article with -a urls={url}" if part == "an article" else f"{home} -a section={name}"
        why = f"url: {url} is {part} of a portal: crawl the portal with -a url={narrowed}"
    discovery.crawler.stats.set_value("narayacrawl/portal/part", why)
    raise SourceError(why)


def tell_unknown_sections(discovery: Discovery) -> None:
    """Note for the end of the run which of the sections that are asked for no source knows, and which it knows."""
    sections = discovery.sections
    if unknown := [name for name in discovery.scope.sections if name in sections.denied - sections.found]:
        discovery.crawler.stats.set_value("narayacrawl/section/unknown", unknown)
        discovery.crawler.stats.set_value("narayacrawl/section/known", sorted(sections.known))

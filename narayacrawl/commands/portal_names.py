"""Find what a command names, whichever name is given: a portal's spider, its host, or an address of it."""

import json
import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoaderProtocol

from narayacrawl.urls import site

ANY_PORTAL: Final = "wordpress"
"""The spider that crawls whatever portal it is given the address of."""
WEB: Final = ("http://", "https://")
HOST: Final = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}\.?|localhost|\d+(?:\.\d+){3}|\[[\da-f:.]+\]", re.IGNORECASE)
HOST_AND_PORT: Final = re.compile(rf"(?:{HOST.pattern})(?::\d+)?/?", re.IGNORECASE)


def is_address(named: str) -> bool:
    """True if a name is an address, or a host as one writes it without `https://`."""
    return named.startswith(WEB) or HOST_AND_PORT.fullmatch(named) is not None


def host_of(named: str) -> str | None:
    """Return host and port of an address or a host, without `www.`; None for any other name."""
    return site(named if named.startswith(WEB) else f"https://{named}") if is_address(named) else None


def spider_at(host: str, loader: SpiderLoaderProtocol) -> str | None:
    """Return the spider whose portal has this host; None if none has."""
    names: list[str] = sorted(loader.list())
    for name in names:
        domains = getattr(loader.load(name), "allowed_domains", None) or ()
        if any(host == site(f"https://{domain}") for domain in domains):
            return name
    return None


def find_portal(named: str, known: Collection[str], loader: SpiderLoaderProtocol) -> str | None:
    """Return which of the known portals is named, by its own name, its host, an address, or its spider; None if none
    is. A folder's name has `_` for the colon before a port."""
    named = named.strip()
    host = host_of(named)
    names: list[str | None] = [named, *([host, spider_at(host, loader)] if host else _hosts_of(named, loader))]
    for name in filter(None, names):
        for own in (name, name.replace(":", "_")):
            if own in known:
                return own
    # Where only one portal was crawled with the spider of any, that one is meant.
    spiders: list[str] = loader.list()
    others = [own for own in known if own not in spiders]
    is_any = named == ANY_PORTAL and named in spiders
    return others[0] if is_any and len(others) == 1 else None


def _hosts_of(spider: str, loader: SpiderLoaderProtocol) -> list[str]:
    if spider not in loader.list():
        return []
    return [site(f"https://{domain}") for domain in getattr(loader.load(spider), "allowed_domains", None) or ()]


def portal_url(named: str, settings: BaseSettings) -> str:
    """Return the address at which to crawl a portal that is given by one, or by its host: the one that its last run
    had, else by https."""
    if named.startswith(WEB):
        return named
    host = host_of(named) or named
    if known := _last_url(host, settings):
        return known
    name = urlsplit(f"//{named}").hostname or ""
    is_local = name == "localhost" or name.replace(".", "").isdecimal() or ":" in name
    return f"{'http' if is_local else 'https'}://{named.removesuffix('/')}/"


def _last_url(portal: str, settings: BaseSettings) -> str | None:
    """Return the address that the last run of a portal was given; None where no ledger knows it."""
    from contextlib import closing

    from sqlalchemy import select

    from narayacrawl.archive.segments import archive_folder
    from narayacrawl.ledger.database import is_kept, ledger_url, open_ledger, transaction
    from narayacrawl.ledger.tables import runs

    archive = archive_folder(settings)
    if archive is None or not settings["LEDGER"] or not is_kept(url := ledger_url(settings["LEDGER"], archive)):
        return None
    last = select(runs.c.arguments).where(runs.c.portal == portal).order_by(runs.c.id.desc()).limit(1)
    with closing(open_ledger(url, create=False)) as connection, transaction(connection):
        arguments = connection.execute(last).scalar()
    given: str | None = json.loads(arguments or "{}").get("url")
    return given

"""Find the revisions of one article in an archive by any address it has had.

A line begins with address and id (`{"url":"https://…","id":7,`): most lines are skipped by a look at these bytes,
without being parsed.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from scrapy.settings import BaseSettings
from sqlalchemy import select

from narayacrawl.archive.reader import ATTEMPTS, SegmentGone, segments_now
from narayacrawl.archive.segment_files import ArchiveError
from narayacrawl.archive.segments import portal_folder, portals
from narayacrawl.archive.selection import read_record
from narayacrawl.ledger.database import is_kept, ledger_url, open_ledger, transaction
from narayacrawl.ledger.tables import addresses, articles, runs
from narayacrawl.urls import key

ESCAPABLE: Final = re.compile(r"%[\dA-F]{2}|[^\w/.~-]", re.ASCII)
"""Characters of an address' key that other spellings of the address may escape; the text between them is in all."""
RUN_FIELDS: Final = ("fetched_at", "revision", "change")
"""Fields that depend on the run, not on the article."""


@dataclass(frozen=True, slots=True)
class History:
    """An article and its revisions."""

    portal: str
    """Name of its folder in the archive."""
    records: Sequence[dict[str, Any]]
    """Its records by revision, those of equal number in the archive's order; never empty. A record that repeats the one
    before is left out: an archive without a ledger holds every article once per run."""


@dataclass(slots=True)
class _ArticleMatcher:
    """Recognise the records of an article by address or id."""

    address_key: str
    """The key of the address that the user gave."""
    keys: set[str] = field(default_factory=set)
    """Keys of the article's other addresses: they match records without an id."""
    ids: set[int] = field(default_factory=set)

    def pattern(self) -> re.Pattern[bytes]:
        """Return a pattern that all lines of the article match, few others, and every line whose beginning is
        unusual."""
        pieces = {max(ESCAPABLE.split(known.partition("/")[2]), key=len) for known in self.keys | {self.address_key}}
        alternatives = "|".join(re.escape(piece) for piece in sorted(pieces))
        numbers = f'|[^"]*","id":(?:{"|".join(map(str, sorted(self.ids)))}),' if self.ids else ""
        return re.compile(rf'\{{"url":"(?:[^"]*(?:{alternatives}|\\){numbers})|(?!\{{"url":")'.encode())

    def matches(self, record: dict[str, Any]) -> bool:
        """True if the record is one of the article."""
        own_key, post_id = key(record["url"]), record["id"]
        return own_key == self.address_key or post_id in self.ids or (post_id is None and own_key in self.keys)


def revisions(archive: Path, url: str, settings: BaseSettings) -> list[History]:
    """Return the articles that have or had this address: one, unless two portals' folders hold it or another post took
    it over.

    All records with an article's id belong to it, whatever their address; without an id, those with the address. If
    there is a ledger, it tells the article's portal and other addresses. May run during a crawl: what the ledger has
    acknowledged is included. Raises `ArchiveError` or `LedgerError` if one of them cannot be read.
    """
    folders = portals(archive)
    matchers = _known_articles(archive, key(url), settings)
    known = {name: folders[name] for name in matchers if name in folders}
    unknown = {name: folder for name, folder in folders.items() if name not in known}
    histories: list[History] = []
    for candidates in (known, unknown):
        for name, folder in candidates.items():
            histories += _histories(folder, settings, matchers.get(name) or _ArticleMatcher(key(url)))
        if histories:
            break
    return histories


def _known_articles(archive: Path, address: str, settings: BaseSettings) -> dict[str, _ArticleMatcher]:
    """Return what the ledger knows of the articles at this key of an address, by the names of their portals'
    folders."""
    matchers: dict[str, _ArticleMatcher] = {}
    ledger = ledger_url(settings.get("LEDGER"), archive)
    if not is_kept(ledger):
        return matchers
    given = addresses.alias()
    query = (
        select(articles.c.portal, articles.c.post_id, addresses.c.key)
        .join_from(given, articles, given.c.article == articles.c.id)
        .join(addresses, addresses.c.article == articles.c.id)
        # The table is sorted by portal, then key: without the portals SQLite would read all of it.
        .where(given.c.portal.in_(select(runs.c.portal)), given.c.key == address)
    )
    with closing(open_ledger(ledger, create=False)) as connection, transaction(connection):
        rows = connection.execute(query).all()
    for portal, post_id, other in rows:
        matcher = matchers.setdefault(portal_folder(archive, portal).name, _ArticleMatcher(address))
        matcher.keys.add(other)
        matcher.ids |= {post_id} - {None}
    return matchers


def _histories(folder: Path, settings: BaseSettings, matcher: _ArticleMatcher) -> list[History]:
    """Return the articles of one portal that match; `matcher` learns the ids it meets at the address."""
    for _ in range(ATTEMPTS):
        try:
            records = list(_matching_records(folder, settings, matcher))
            # With the ids, records of the same articles at other addresses match, too.
            new_ids = {record["id"] for record in records if key(record["url"]) == matcher.address_key} - {None}
            if not new_ids <= matcher.ids:
                matcher.ids |= new_ids
                records = list(_matching_records(folder, settings, matcher))
        except SegmentGone:
            continue
        return [History(folder.name, _in_order(group)) for group in _by_article(records)]
    raise ArchiveError(f"{folder} changed {ATTEMPTS} times while it was read: try again")


def _matching_records(folder: Path, settings: BaseSettings, matcher: _ArticleMatcher) -> Iterator[dict[str, Any]]:
    may_match = matcher.pattern().match
    for segment in segments_now(folder, settings):
        for number, line in enumerate(segment.lines(), 1):
            if may_match(line):
                record = read_record(line, f"{segment.path}:{number}")
                if matcher.matches(record):
                    yield record


def _by_article(records: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Group the records by article; if only one article has an id, the records without an id are its, too."""
    groups: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        groups[record["id"]].append(record)
    return list(groups.values()) if len(groups) > 2 or None not in groups else [list(records)] if records else []


def _in_order(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sort the records of an article by revision, and drop those that repeat the one before."""
    ordered: list[dict[str, Any]] = []
    for record in sorted(records, key=lambda record: int(record["revision"])):
        if not ordered or _content(record) != _content(ordered[-1]):
            ordered.append(record)
    return ordered


def _content(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in RUN_FIELDS}

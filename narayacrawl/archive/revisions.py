"""The revisions of one article in an archive, found by any address it has had.

A line tells its address and its id first (`{"url":"https://…","id":7,`): most lines are passed over by those bytes,
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

SPELLED: Final = re.compile(r"%[\dA-F]{2}|[^\w/.~-]", re.ASCII)
"""What parts an address' key into pieces that stand so in each of its spellings."""
UNTOLD: Final = ("fetched_at", "revision")
"""Fields that say nothing of the article."""


@dataclass(frozen=True, slots=True)
class History:
    """An article, and how it changed."""

    portal: str
    """Name of its folder."""
    records: Sequence[dict[str, Any]]
    """In the order of their revisions, equals in the archive's; never empty. What says the same as the one before is
    left out: an archive without a ledger holds every article once a run."""


@dataclass(slots=True)
class _Wanted:
    """How the records of an article are known."""

    asked: str
    """The key of the address."""
    keys: set[str] = field(default_factory=set)
    """Keys of addresses that count where a record has no id."""
    ids: set[int] = field(default_factory=set)

    def pattern(self) -> re.Pattern[bytes]:
        """What every line of theirs matches, and few others; all that do not begin as a crawl writes them do, too."""
        pieces = {max(SPELLED.split(name.partition("/")[2]), key=len) for name in self.keys | {self.asked}}
        spelled = "|".join(re.escape(piece) for piece in sorted(pieces))
        numbers = f'|[^"]*","id":(?:{"|".join(map(str, sorted(self.ids)))}),' if self.ids else ""
        return re.compile(rf'\{{"url":"(?:[^"]*(?:{spelled}|\\){numbers})|(?!\{{"url":")'.encode())

    def is_of(self, record: dict[str, Any]) -> bool:
        name = key(record["url"])
        return name == self.asked or record["id"] in self.ids or (record["id"] is None and name in self.keys)


def revisions(archive: Path, url: str, settings: BaseSettings) -> list[History]:
    """The articles that have or had this address: one, unless two portals' folders hold it, or another post took it.

    An article is all records with its id, whatever their address; without an id those with the address. A ledger, where
    there is one, tells its portal and its other addresses. It may run beside a crawl: what the ledger has acknowledged
    is in. `ArchiveError`, `LedgerError` where either cannot be read.
    """
    known = portals(archive)
    told = _told(archive, key(url), settings)
    first = {name: known[name] for name in told if name in known}
    others = {name: folder for name, folder in known.items() if name not in first}
    found: list[History] = []
    for folders in (first, others):
        for name, folder in folders.items():
            found += _histories(folder, settings, told.get(name) or _Wanted(key(url)))
        if found:
            break
    return found


def _told(archive: Path, name: str, settings: BaseSettings) -> dict[str, _Wanted]:
    """What the ledger knows of a key's articles, by the name of their portal's folder."""
    told: dict[str, _Wanted] = {}
    ledger = ledger_url(settings.get("LEDGER"), archive)
    if not is_kept(ledger):
        return told
    named = addresses.alias()
    asked = (
        select(articles.c.portal, articles.c.post_id, addresses.c.key)
        .join_from(named, articles, named.c.article == articles.c.id)
        .join(addresses, addresses.c.article == articles.c.id)
        # The table is sorted by portal, then key: without the portals SQLite would read all of it.
        .where(named.c.portal.in_(select(runs.c.portal)), named.c.key == name)
    )
    with closing(open_ledger(ledger, create=False)) as connection, transaction(connection):
        rows = connection.execute(asked).all()
    for portal, post_id, other in rows:
        wanted = told.setdefault(portal_folder(archive, portal).name, _Wanted(name))
        wanted.keys.add(other)
        wanted.ids |= {post_id} - {None}
    return told


def _histories(folder: Path, settings: BaseSettings, wanted: _Wanted) -> list[History]:
    for _ in range(ATTEMPTS):
        try:
            records = list(_records(folder, settings, wanted))
            # Now the ids are known: those that had another address then count, too.
            learned = {record["id"] for record in records if key(record["url"]) == wanted.asked} - {None}
            if not learned <= wanted.ids:
                wanted.ids |= learned
                records = list(_records(folder, settings, wanted))
        except SegmentGone:
            continue
        return [History(folder.name, _in_order(own)) for own in _by_article(records)]
    raise ArchiveError(f"{folder} changed {ATTEMPTS} times while it was read: try again")


def _records(folder: Path, settings: BaseSettings, wanted: _Wanted) -> Iterator[dict[str, Any]]:
    matches = wanted.pattern().match
    for segment in segments_now(folder, settings):
        for number, line in enumerate(segment.lines(), 1):
            if matches(line):
                record = read_record(line, f"{segment.path}:{number}")
                if wanted.is_of(record):
                    yield record


def _by_article(records: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The records of each article; those without an id are of the only one that has one."""
    groups: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        groups[record["id"]].append(record)
    return list(groups.values()) if len(groups) > 2 or None not in groups else [list(records)] if records else []


def _in_order(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    ordered: list[dict[str, Any]] = []
    for record in sorted(records, key=lambda record: int(record["revision"])):
        if not ordered or _said(record) != _said(ordered[-1]):
            ordered.append(record)
    return ordered


def _said(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in UNTOLD}

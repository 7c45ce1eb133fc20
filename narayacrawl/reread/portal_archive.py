"""Find the newest kept page of each article that a portal's archive holds."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from narayacrawl.archive.articles import read_newest
from narayacrawl.archive.selection import article_number
from narayacrawl.archive.warc import PART, WARC, run_of, warc_folder, warcs_of_runs
from narayacrawl.ledger.rereads import LedgerEntry, find_entry, segment_name_of
from narayacrawl.reread.comparison import KeptInArchive
from narayacrawl.reread.kept_pages import KeptPlace, find_kept
from narayacrawl.reread.reading import NotRead

NO_PAGE: Final = "without a kept page"
HELD: Final = "held back since a redesign"
FORGOTTEN: Final = "to be fetched and written again"
UNKNOWN: Final = "not in the ledger"
READ_BEFORE: Final = "read again before"


class Newest(NamedTuple):
    """The newest kept page of an article in the files that were named."""

    fetched_at: datetime
    place: KeptPlace


def find_newest(paths: Iterable[Path], tell: Callable[[NotRead], object]) -> dict[int, Newest]:
    """Look through WARC files for the newest kept page of each article, by `article_number`; `tell` is told of each
    record that is broken. Raises `OSError` where one cannot be opened."""
    newest: dict[int, Newest] = {}
    for path in paths:
        for kept in find_kept(path):
            if isinstance(kept, NotRead):
                tell(kept)
                continue
            moment, number = datetime.fromisoformat(kept.fetched_at), article_number({"id": kept.id, "url": kept.url})
            if number not in newest or newest[number].fetched_at <= moment:
                newest[number] = Newest(moment, kept.place)
    return newest


@dataclass
class PortalArchive:
    """A portal's archive, with what its ledger knows of it."""

    portal: str
    folder: Path
    settings: BaseSettings
    connection: Connection
    named: Mapping[int, Newest] | None = None
    """The newest kept pages in files that the user names; None where the archive's own are read."""
    read_by: str | None = None
    """Version of the code whose readings are passed over; None for none."""
    passed: Counter[str] = field(default_factory=Counter)
    """How many articles are not read, by reason."""
    _names: dict[int, str | None] = field(default_factory=dict)
    _files: dict[str, Path] | None = None

    def kept(self, tell_count: Callable[[int], object] = id) -> Iterator[KeptInArchive | None]:
        """Yield every article of the archive that has a kept page, in the archive's order; None for any other, which is
        counted. `tell_count` is told how many there are."""
        for line, record in read_newest(self.folder, self.settings, tell_count):
            entry = find_entry(self.connection, self.portal, record["id"], record["url"])
            place = self._place(record, entry)
            if reason := self._reason(record, entry, place):
                self.passed[reason] += 1
                yield None
            else:
                assert entry is not None
                assert place is not None
                yield KeptInArchive(entry.article, record["url"], line, place, entry.source_length)

    def _reason(self, record: Mapping[str, Any], entry: LedgerEntry | None, place: KeptPlace | None) -> str | None:
        """Return why an article is not read again; None if it is."""
        if entry is None:
            return UNKNOWN
        if place is None:
            return NO_PAGE
        if entry.held is not None:
            return HELD
        if entry.hash is None or entry.revision != record["revision"]:
            return FORGOTTEN
        return READ_BEFORE if self.read_by is not None and entry.reread == self.read_by else None

    def _place(self, record: dict[str, Any], entry: LedgerEntry | None) -> KeptPlace | None:
        if self.named is not None:
            newest = self.named.get(article_number(record))
            return newest.place if newest else None
        if entry is None or entry.run is None or entry.offset is None:
            return None
        if entry.run not in self._names:
            self._names[entry.run] = segment_name_of(self.connection, entry.run)
        name = self._names[entry.run]
        return KeptPlace(self._file(name), entry.offset) if name else None

    def _file(self, name: str) -> Path:
        """Return the WARC of this name, which may be written still."""
        if self._files is None:
            self._files = warcs_of_runs(self.folder)
        folder, run = warc_folder(self.folder), run_of(name)
        part = folder / f"{run}{PART}"
        return self._files.get(run) or (part if part.exists() else folder / f"{run}{WARC}")

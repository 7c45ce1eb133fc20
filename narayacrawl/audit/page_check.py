"""Check the kept pages of a portal: each record of its WARCs, and what archive and ledger say of them."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Connection, select

from narayacrawl.archive.listing import RUN
from narayacrawl.archive.manifest import file_sha256
from narayacrawl.archive.segment_files import ArchiveError
from narayacrawl.archive.warc import PART, WARC, read_warc_manifest, run_of, warc_folder, warcs_of_runs
from narayacrawl.archive.warc_pages import KeptArticle, kept_articles
from narayacrawl.archive.warc_records import WarcRecord
from narayacrawl.ledger import discovery
from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.discovered import DiscoveredArticle
from narayacrawl.ledger.discovery import QUERY_BATCH
from narayacrawl.ledger.tables import articles, pages, runs
from narayacrawl.ledger.tombstones import REMOVED

Mending: TypeAlias = Literal["records", "manifest", "part", "run", "row"]
"""What `repair` does: writes a WARC anew without what is damaged, writes its manifest, seals what there is of it, has
the ledger forget that a run kept pages, or finds an article's newest page in the WARCs."""

OFFSET_BITS: Final = 48
IDENTICAL: Final = "identical-payload-digest"
STARTED: Final = "%Y%m%dT%H%M%SZ"
"""How the name of a run's WARC begins: when the run began."""
_COLUMNS: Final = (articles.c.id, articles.c.post_id, articles.c.state)


@dataclass(frozen=True, slots=True)
class PageFault:
    """A WARC that is not as it was written, or an article whose page is not where it should be."""

    kind: Literal["missing", "extra", "damaged"]
    where: str
    """The article's address; of a WARC its `FILE` or `FILE:OFFSET`."""
    reason: str
    mending: Mending | None = None
    run: str = ""
    """The name that its run gave the WARC."""
    article: int | None = None
    """Ledger id of the article that lacks its page."""
    is_to_fetch: bool = False
    """True if a crawl that keeps pages is to fetch it."""


class PageCheck:
    """What is wrong with the pages that a portal's archive keeps: first the files are checked, then each line of the
    segments, then the ledger's list of the newest pages."""

    def __init__(self, connection: Connection, portal: str, folder: Path, *, can_fetch: bool = False) -> None:
        self.connection = connection
        self.portal = portal
        self.folder = folder
        self.can_fetch = can_fetch
        """True if a crawl would keep the pages that it fetches."""
        self.faults: list[PageFault] = []
        with transaction(connection):
            columns = (runs.c.id, runs.c.segment, runs.c.warc, runs.c.warc_sealed, runs.c.ended)
            query = select(*columns).where(runs.c.portal == portal, runs.c.segment.is_not(None))
            known = connection.execute(query.order_by(runs.c.id)).all()
        self.keeping: dict[str, Any] = {run_of(row.segment): row for row in known if row.warc is not None}
        """The runs that kept pages, by the names of their WARCs."""
        self._order: list[str] = []
        """The names of the WARCs that were read, oldest first."""
        self._places: dict[str, int] = {}
        """The place of each among them, from 0."""
        self._last: list[str] = []
        """Moment of the last record of each."""
        self._unnamed: list[set[int]] = []
        """Digests of the payloads that each has, or says were the same as before, and tells of no article: a page that
        is the article's newest already is not told again."""
        self._kept: dict[int, array[int]] = {}
        """The pages of each article by its ledger id, oldest first, four numbers each: the place of their WARC, the
        offset of the `metadata` record, and the hashes of the page's record's id and digest. A million take 250 MB."""
        self._offsets: set[int] = set()
        """Place and offset of every such record."""

    @property
    def is_needed(self) -> bool:
        """True if the portal's archive keeps pages, or did."""
        return bool(self.keeping) or warc_folder(self.folder).is_dir()

    # Files

    def check_files(self, show: Callable[[Sequence[Path]], Iterable[Path]] = iter) -> None:
        """Read every WARC of the portal."""
        sealed = warcs_of_runs(self.folder)
        parts = {path.name.removesuffix(PART): path for path in sorted(warc_folder(self.folder).glob(f"*{PART}"))}
        for name, row in self.keeping.items():
            if row.warc and name not in sealed and name not in parts:
                where = str(warc_folder(self.folder) / f"{name}{WARC}")
                self._tell("damaged", where, "this file of kept pages is not there", "run", name)
        files = {path: name for name, path in (parts | sealed).items()}
        for path in show(sorted(files, key=lambda own: files[own])):
            name = files[path]
            row = self.keeping.get(name)
            if row is None:
                self._tell("extra", str(path), "no run of the ledger keeps pages in this file")
            elif path.name.endswith(PART):
                self._check_part(path, name, row)
            else:
                self._check_sealed(path, name, row)

    def _check_part(self, path: Path, name: str, row: Any) -> None:
        size = path.stat().st_size
        if size < row.warc:
            self._tell("damaged", str(path), f"{size} bytes, {row.warc} were acknowledged", "part", name)
        elif row.ended is not None:
            self._tell("damaged", str(path), "not sealed, though its run has ended", "part", name)
        self._read(path, name, row, row.warc)

    def _check_sealed(self, path: Path, name: str, row: Any) -> None:
        count = self._read(path, name, row, None)
        if count is not None and (reason := self._manifest_mismatch(path, count)):
            self._tell("damaged", str(path), reason, "manifest", name)

    def _manifest_mismatch(self, path: Path, count: int) -> str | None:
        try:
            manifest = read_warc_manifest(self.folder, path.name.removesuffix(WARC))
        except ArchiveError:
            return "its manifest is none"
        if manifest is None:
            return "it has no manifest"
        if count != manifest.records:
            return f"{count} records, {manifest.records} were sealed"
        if path.stat().st_size != manifest.bytes or file_sha256(path) != manifest.sha256:
            return "not what was sealed: its SHA-256 is another than its manifest tells"
        return None

    def _read(self, path: Path, name: str, row: Any, size: int | None) -> int | None:
        """Read a WARC; return how many records it has, None if some are damaged."""
        place = self._places[name] = len(self._order)
        self._order.append(name)
        self._last.append("")
        self._unnamed.append(set())
        damages: list[tuple[int, str]] = []
        counted: list[int] = [0]

        def look(record: WarcRecord) -> None:
            counted[0] += 1
            self._last[place] = max(self._last[place], record.field("WARC-Date"))
            is_same = record.type == "revisit" and record.field("WARC-Profile").endswith(IDENTICAL)
            if is_same or record.type == "response":
                self._unnamed[place].add(hash(record.field("WARC-Payload-Digest")))

        kept = kept_articles(path, lambda *damage: damages.append(damage), size, look)
        while batch := list(islice(kept, QUERY_BATCH)):
            self._locate(path, name, batch)
        for offset, reason in damages:
            self._tell("damaged", f"{path}:{offset}", reason, "records", name)
        return None if damages else counted[0]

    def _locate(self, path: Path, name: str, kept: Sequence[KeptArticle]) -> None:
        """Find the articles that kept pages are of."""
        named = [DiscoveredArticle(own.url, own.id) for own in kept]
        with transaction(self.connection):
            by_key, by_id = discovery.find_known(self.connection, self.portal, named, _COLUMNS)
        for own, article in zip(kept, named, strict=True):
            if own.missing:
                reason = f"a page of {own.url} that it names is not there"
                self._tell("damaged", f"{path}:{own.offset}", reason, "records", name)
                continue
            known = discovery.match_known(article, by_key, by_id)
            if known is not None and known.state == REMOVED:
                reason = "removed for good, and its page is kept: run `scrapy ledger remove` again"
                self._tell("extra", f"{path}:{own.offset}", reason)
            elif known is not None and own.page is not None:
                place = self._places[name]
                self._offsets.add((place << OFFSET_BITS) + own.offset)
                self._unnamed[place].discard(hash(own.page.digest))
                page = (place, own.offset, hash(own.record), hash(own.page.digest))
                self._kept.setdefault(known.id, array("q")).extend(page)

    # Lines

    def check_line(self, segment: str, article: int, record: Mapping[str, Any]) -> None:
        """Check that the page is kept from which a line was read, if its run kept pages."""
        place = None if record.get("change") == "reread" else self._place(segment, record["fetched_at"])
        if place is None:
            return
        kept = self._pages_of(article)
        before = [digest for own, _, _, digest in kept if own < place]
        if any(own[0] == place for own in kept) or (before and before[-1] in self._unnamed[place]):
            return
        is_last = not any(own[0] > place for own in kept)
        if is_last or self.faults:  # an older page comes back no more: it is told while something is to be mended
            reason = f"revision {record['revision']} has no page in {self._order[place]}{WARC}, where its run kept them"
            self._tell("missing", record["url"], reason, article=article, is_to_fetch=is_last)

    def _pages_of(self, article: int) -> list[tuple[int, ...]]:
        numbers = self._kept.get(article, array("q"))
        return [tuple(numbers[start : start + 4]) for start in range(0, len(numbers), 4)]

    def _place(self, segment: str, fetched_at: str) -> int | None:
        """Return the place of the WARC where the page of a line must be; None if its run kept none, or the WARC is not
        there."""
        name = run_of(segment)
        if RUN.fullmatch(name):
            return self._places.get(name)
        moment = datetime.fromisoformat(fetched_at)  # a month's segment does not tell the run
        place = bisect_right(self._order, f"{moment.astimezone(UTC):{STARTED}}~") - 1
        if place < 0 or not self._last[place]:
            return None
        is_within = moment <= datetime.fromisoformat(self._last[place]) + timedelta(seconds=1)
        return place if is_within else None

    # The ledger's list

    def check_rows(self) -> None:
        """Check that the newest page of each article is where the ledger says."""
        names = {row.id: name for name, row in self.keeping.items()}
        seen = set()
        for row in self._rows():
            seen.add(row.article)
            name = names.get(row.run, "")
            where = f"{name or 'a run that keeps none'}{WARC if name else ''}:{row.offset}"
            place = self._places.get(name, -1)
            kept = [own[:3] for own in self._pages_of(row.article)]
            if (place, row.offset, hash(row.record)) in kept:
                if kept[-1][:2] != (place, row.offset):
                    self._tell_row(row, f"the ledger says {where}, and a newer page is kept")
            elif (place << OFFSET_BITS) + row.offset in self._offsets:
                self._tell_row(row, f"another page is where the ledger says, {where}")
            else:
                self._tell_row(row, f"its page is not where the ledger says, {where}")
        for batch in discovery.batches(sorted(self._kept.keys() - seen)):
            query = select(articles.c.id, articles.c.url).where(articles.c.id.in_(batch))
            with transaction(self.connection):
                rows = self.connection.execute(query).all()
            for article, url in rows:
                self._tell("missing", url, "the ledger does not know its kept page", "row", article=article)

    def _tell_row(self, row: Any, reason: str) -> None:
        is_lost = row.article not in self._kept
        self._tell("missing", row.url, reason, "row", article=row.article, is_to_fetch=is_lost)

    def _rows(self) -> Iterator[Any]:
        columns = (pages.c.article, pages.c.run, pages.c.offset, pages.c.record, articles.c.url)
        query = (
            select(*columns).join(articles, articles.c.id == pages.c.article).where(articles.c.portal == self.portal)
        )
        last = 0
        while True:
            with transaction(self.connection):
                batch = query.where(pages.c.article > last).order_by(pages.c.article).limit(QUERY_BATCH)
                rows = self.connection.execute(batch).all()
            if not rows:
                return
            yield from rows
            last = rows[-1].article

    def _tell(
        self,
        kind: Literal["missing", "extra", "damaged"],
        where: str,
        reason: str,
        mending: Mending | None = None,
        run: str = "",
        article: int | None = None,
        *,
        is_to_fetch: bool = False,
    ) -> None:
        self.faults.append(PageFault(kind, where, reason, mending, run, article, is_to_fetch and self.can_fetch))

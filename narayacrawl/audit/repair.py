"""An archive and its ledger made such that one crawl fetches what an audit has found to be missing."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, and_, update

from narayacrawl.archive.manifest import read_manifest, write_manifest
from narayacrawl.archive.reader import list_segments
from narayacrawl.archive.segment_files import COMPRESSIONS, MANIFEST, PART, TEMPORARY, ArchiveError, sync
from narayacrawl.archive.segments import last_run
from narayacrawl.audit.archive_check import ArchiveContent, Damage, numbered_records
from narayacrawl.audit.findings import Finding
from narayacrawl.ledger import discovery
from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.discovered import LISTING, REST, DiscoveredArticle
from narayacrawl.ledger.discovery import QUERY_BATCH, batches
from narayacrawl.ledger.rebuild import record_line
from narayacrawl.ledger.rechecks import DUE_AGAIN
from narayacrawl.ledger.runs import begin_run, end_run, segments_of
from narayacrawl.ledger.tables import articles, runs

DAMAGED: Final = "damaged"
"""A folder beside a portal's segments, for those that were damaged, as they were."""


def repair(
    connection: Connection, portal: str, folder: Path, archived: ArchiveContent, findings: Sequence[Finding]
) -> None:
    """Mend what needs no network, and let the next crawl fetch the rest; nobody else writes meanwhile.

    May be cut off at any moment: another audit finds what is left. `ArchiveError`, `LedgerError`, `OSError`.
    """
    run = begin_run(connection, portal, "audit", {}, last_run(folder) + 1)
    for damage in {finding.damage.segment: finding.damage for finding in findings if finding.damage}.values():
        _mend_segment(connection, portal, folder, damage)
    unnamed = [DiscoveredArticle(stray.url, stray.id) for stray in archived.strays if not stray.is_named]
    if archived.strays:
        _restore(connection, portal, folder, archived, run)
    for source in (REST, LISTING):
        told = [finding.named for finding in findings if finding.named and finding.is_of_rest == (source == REST)]
        for named in batches(told):
            with transaction(connection):
                discovery.record_discovered(connection, portal, run, named, source)
    with transaction(connection):
        keys, posts = discovery.find_known(connection, portal, unnamed)
        for one in unnamed:
            if own := discovery.match_known(one, keys, posts):
                connection.execute(update(articles).where(articles.c.id == own.id).values(DUE_AGAIN))
        for finding in findings:
            if finding.article is not None:
                _let_fetch(connection, finding)
    end_run(connection, run, "finished", {})


def _let_fetch(connection: Connection, finding: Finding) -> None:
    """Let the next run fetch an article; of one whose lines are lost, as if they had never been."""
    own = articles.c.id == finding.article
    if finding.revision is not None:
        # The next one is written, whatever it says.
        connection.execute(update(articles).where(own).values(revision=finding.revision, hash=None))
        own = and_(own, articles.c.state.not_in(("gone", "rejected")))
    values = dict(DUE_AGAIN)
    if finding.named:
        values["url"] = finding.named.url
    elif finding.kind == "extra" and finding.revision is None:
        values |= {"rest": 0, "sitemap": None}  # they name it no more
    connection.execute(update(articles).where(own).values(values))


def _restore(connection: Connection, portal: str, folder: Path, archived: ArchiveContent, run: int) -> None:
    """Note the articles that only the archive knows, as it has them."""
    acknowledged = {row.segment: row.acknowledged for row in segments_of(connection, portal)}
    for name, path in list_segments(folder).items():
        records = numbered_records(path, acknowledged.get(name, 0) if path.name.endswith(PART) else None, [])
        strays = (record for _, _, record in records if archived.stray(record["url"], record["id"]))
        while some := list(islice(strays, QUERY_BATCH)):
            with transaction(connection):
                for record in some:
                    record_line(connection, portal, record, run)


# Segments


def _mend_segment(connection: Connection, portal: str, folder: Path, damage: Damage) -> None:
    """Keep a segment as it was beside the others, and of it only what can be read."""
    own = (runs.c.portal == portal, runs.c.segment == damage.segment)
    path = damage.path
    if path is None:  # what it held is fetched again
        with transaction(connection):
            connection.execute(update(runs).where(*own).values(acknowledged=0, articles=0))
        return
    _keep(folder, path)
    is_part = path.name.endswith(PART)
    size: int | None = None
    if is_part:
        [size] = [row.acknowledged for row in segments_of(connection, portal) if row.segment == damage.segment]
    try:
        manifest = read_manifest(folder, damage.segment)
    except ArchiveError:
        manifest = None
    count = _rewrite(path, size)
    if is_part:
        with transaction(connection):
            values = {"acknowledged": path.stat().st_size, "articles": count}
            connection.execute(update(runs).where(*own).values(values))
        return
    write_manifest(path, manifest.replaces if manifest else ())


def _keep(folder: Path, path: Path) -> None:
    """Copy a segment, and its manifest, to where the damaged ones are kept."""
    kept = folder / DAMAGED
    kept.mkdir(exist_ok=True)
    name = path.name.partition(".")[0]
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    for file in (path, path.with_name(f"{name}{MANIFEST}")):
        if file.exists():
            shutil.copy2(file, kept / f"{moment}-{file.name}")
            sync(kept / f"{moment}-{file.name}")
    sync(kept)


def _rewrite(path: Path, size: int | None) -> int:
    """Leave of a segment, or of so many bytes of it, the lines that are records; how many there are."""
    temporary = path.with_name(path.name + TEMPORARY)
    opener = next((own for ending, own in COMPRESSIONS.values() if path.name.endswith(ending)), None)
    count = 0
    with opener(temporary, "wb") if opener else temporary.open("wb") as file:
        for _, line, _ in numbered_records(path, size, []):
            file.write(line + b"\n")
            count += 1
    sync(temporary)
    temporary.rename(path)
    sync(path.parent)
    return count

"""Repair an archive and its ledger, so that one crawl fetches what an audit found missing."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, and_, update

from narayacrawl.archive.listing import Listing
from narayacrawl.archive.manifest import read_manifest, write_manifest
from narayacrawl.archive.reader import list_segments
from narayacrawl.archive.segment_files import (
    PART,
    TEMPORARY,
    ArchiveError,
    create_file,
    sync,
)
from narayacrawl.audit.archive_check import ArchiveContent, Damage, numbered_records
from narayacrawl.audit.damaged_copies import keep_copy
from narayacrawl.audit.findings import Finding
from narayacrawl.audit.page_repair import repair_pages
from narayacrawl.ledger import discovery
from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.discovered import LISTING, REST, DiscoveredArticle
from narayacrawl.ledger.discovery import QUERY_BATCH, batches
from narayacrawl.ledger.rebuild import record_line
from narayacrawl.ledger.rechecks import DUE_AGAIN
from narayacrawl.ledger.runs import begin_run, end_run, segments_of
from narayacrawl.ledger.tables import articles, runs


def repair(
    connection: Connection, portal: str, folder: Path, archived: ArchiveContent, findings: Sequence[Finding]
) -> None:
    """Repair what needs no requests, and mark due what the next crawl must fetch; the caller holds the portal's lock.

    May be interrupted at any moment: another audit finds what is left. Raises `ArchiveError`, `LedgerError` or
    `OSError`.
    """
    for finding in findings:
        if finding.image and archived.images:
            archived.images.register.set_aside(finding.image.path)
    run = begin_run(connection, portal, "audit", {}, Listing(folder).last_run + 1)
    for damage in {finding.damage.segment: finding.damage for finding in findings if finding.damage}.values():
        _repair_segment(connection, portal, folder, damage)
    unlisted = [
        DiscoveredArticle(article.url, article.id) for article in archived.unknown_articles if not article.is_listed
    ]
    if archived.unknown_articles:
        _restore_articles(connection, portal, folder, archived, run)
    if archived.pages and (archived.unknown_articles or archived.pages.faults):
        repair_pages(connection, portal, folder, archived.pages.faults)
    for source in (REST, LISTING):
        is_rest = source == REST
        listed = [finding.listed_as for finding in findings if finding.listed_as and finding.is_in_rest == is_rest]
        for batch in batches(listed):
            with transaction(connection):
                discovery.record_discovered(connection, portal, run, batch, source)
    with transaction(connection):
        by_key, by_id = discovery.find_known(connection, portal, unlisted)
        for article in unlisted:
            if known := discovery.match_known(article, by_key, by_id):
                connection.execute(update(articles).where(articles.c.id == known.id).values(DUE_AGAIN))
        for finding in findings:
            if finding.article is not None:
                _mark_due(connection, finding)
    end_run(connection, run, "finished", {})


def _mark_due(connection: Connection, finding: Finding) -> None:
    """Mark an article due; if its last revision is lost, forget that it was written."""
    is_due = articles.c.id == finding.article
    if finding.revision is not None:
        # Without a hash the next fetch writes a revision even if the page has not changed.
        connection.execute(update(articles).where(is_due).values(revision=finding.revision, hash=None))
        is_due = and_(is_due, articles.c.state.not_in(("gone", "rejected")))
    values = dict(DUE_AGAIN)
    if finding.listed_as:
        values["url"] = finding.listed_as.url
    elif finding.kind == "extra" and finding.revision is None:
        values |= {"rest": 0, "sitemap": None}  # neither lists it any more
    connection.execute(update(articles).where(is_due).values(values))


def _restore_articles(connection: Connection, portal: str, folder: Path, archived: ArchiveContent, run: int) -> None:
    """Insert the articles that only the archive knows into the ledger, as it holds them."""
    acknowledged = {row.segment: row.acknowledged for row in segments_of(connection, portal)}
    for name, path in list_segments(folder).items():
        records = numbered_records(path, acknowledged.get(name, 0) if path.name.endswith(PART) else None, [])
        unknown = (record for _, _, record in records if archived.find_unknown(record["url"], record["id"]))
        while batch := list(islice(unknown, QUERY_BATCH)):
            with transaction(connection):
                for record in batch:
                    record_line(connection, portal, record, run)


# Segments


def _repair_segment(connection: Connection, portal: str, folder: Path, damage: Damage) -> None:
    """Copy a damaged segment aside, and rewrite it with its readable lines."""
    is_run = (runs.c.portal == portal, runs.c.segment == damage.segment)
    path = damage.path
    if path is None:  # its articles are fetched again
        with transaction(connection):
            connection.execute(update(runs).where(*is_run).values(acknowledged=0, articles=0))
        return
    keep_copy(folder, path)
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
            connection.execute(update(runs).where(*is_run).values(values))
        return
    write_manifest(path, manifest.replaces if manifest else ())


def _rewrite(path: Path, size: int | None) -> int:
    """Rewrite a segment, or its first `size` bytes, with those of its lines that are records; return how many they
    are."""
    temporary = path.with_name(path.name + TEMPORARY)
    count = 0
    with create_file(temporary, path.name) as file:
        for _, line, _ in numbered_records(path, size, []):
            file.write(line + b"\n")
            count += 1
    temporary.rename(path)
    sync(path.parent)
    return count

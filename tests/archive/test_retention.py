"""Files of kept pages that no article needs are deleted."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from narayacrawl.archive.retention import Pruned, prune_warcs
from narayacrawl.archive.segment_files import read_lines
from narayacrawl.archive.segments import sealed_segments
from narayacrawl.archive.warc_pages import found_warcs
from narayacrawl.audit.archive_check import check_archive
from narayacrawl.audit.page_check import PageCheck
from narayacrawl.ledger.database import open_ledger, transaction
from narayacrawl.ledger.rebuild import rebuild
from narayacrawl.ledger.tables import runs
from tests.archived import article, name, write_segment
from tests.cuts import cuts
from tests.warcs import Warc

PORTAL = "portal.example"


def prepare(folder: Path) -> None:
    """Three runs: all pages of the first came anew in the later ones."""
    own = folder / PORTAL
    for run, numbers in ((1, (1, 2)), (2, (1, 3)), (3, (2,))):
        warc = Warc(own, run)
        for number in numbers:
            warc.page(number, str(run), revision=run if number < 3 else 1)
        warc.seal()
        articles = [article(number, revision=run if number < 3 else 1) for number in numbers]
        write_segment(own, run, articles)
    connection = ledger(folder)
    lines = {segment: read_lines(path) for segment, path in sealed_segments(own).items()}
    rebuild(connection, PORTAL, lines, (), found_warcs(own))
    connection.close()


def ledger(folder: Path) -> Connection:
    return open_ledger(f"sqlite:///{folder / 'ledger.db'}")


def prune(folder: Path) -> Pruned:
    connection = ledger(folder)
    try:
        return prune_warcs(connection, PORTAL, folder / PORTAL)
    finally:
        connection.close()


def left(folder: Path) -> list[str]:
    return sorted(path.name.partition(".")[0] for path in (folder / PORTAL / "warc").glob("*.json"))


def faults(folder: Path) -> list[str]:
    connection = ledger(folder)
    check = PageCheck(connection, PORTAL, folder / PORTAL)
    check.check_files()
    check_archive(connection, PORTAL, folder / PORTAL, None, check)
    connection.close()
    return [fault.reason for fault in check.faults]


def test_file_without_a_newest_page_goes_and_an_audit_has_nothing_to_say(tmp_path: Path) -> None:
    prepare(tmp_path)
    size = (tmp_path / PORTAL / "warc" / f"{name(1)}.warc.gz").stat().st_size
    assert prune(tmp_path) == Pruned(files=1, bytes=size, left=2)
    assert (left(tmp_path), faults(tmp_path)) == ([name(2), name(3)], [])
    connection = ledger(tmp_path)
    with transaction(connection):
        kept = select(runs.c.segment).where(runs.c.warc.is_not(None)).order_by(runs.c.segment)
        assert [*connection.execute(kept).scalars()] == [name(2), name(3)]
    connection.close()
    assert prune(tmp_path) == Pruned(left=2)


def test_file_that_the_ledger_does_not_know_is_left(tmp_path: Path) -> None:
    prepare(tmp_path)
    strange = Warc(tmp_path / PORTAL, 9)
    strange.page(9)
    strange.seal()
    assert prune(tmp_path).files == 1
    assert left(tmp_path) == [name(2), name(3), name(9)]


@pytest.mark.slow
def test_deletion_that_is_killed_anywhere_is_completed_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in cuts(monkeypatch, tmp_path, prepare, prune):
        prune(folder)
        assert (left(folder), faults(folder)) == ([name(2), name(3)], [])

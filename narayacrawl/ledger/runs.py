"""Record runs in the ledger: when each began and ended, its stats, its segment and how much of that counts."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from narayacrawl.ledger.database import timestamp, transaction
from narayacrawl.ledger.tables import HAS_SEGMENT, HAS_UNSEALED_WARC, IS_GOING_ON, runs


def begin_run(connection: Connection, portal: str, spider: str, arguments: Mapping[str, str], least: int = 1) -> int:
    """Record that a run of a portal begins; return its id, which is `least` or more and never used again.

    A run without an end was killed: only one at a time goes on.
    """
    row: dict[str, str | int] = {
        "portal": portal,
        "spider": spider,
        "arguments": json.dumps(dict(arguments), ensure_ascii=False, sort_keys=True),
        "started": timestamp(),
    }
    with transaction(connection):
        killed = update(runs).where(runs.c.portal == portal, IS_GOING_ON).values(reason="killed")
        connection.execute(killed)
        highest = connection.execute(select(func.coalesce(func.max(runs.c.id), 0))).scalar_one()
        if highest + 1 < least:
            row["id"] = least
        run: int = connection.execute(insert(runs).values(row).returning(runs.c.id)).scalar_one()
        return run


def end_run(connection: Connection, run: int, reason: str, stats: Mapping[str, Any]) -> None:
    """Record how a run ended, with every stat."""
    as_json = json.dumps(dict(stats), ensure_ascii=False, default=str, sort_keys=True)
    with transaction(connection):
        connection.execute(update(runs).where(runs.c.id == run).values(ended=timestamp(), reason=reason, stats=as_json))


def name_segment(connection: Connection, run: int, segment: str) -> None:
    """Record the name of the segment that a run will write; nothing of it counts yet."""
    with transaction(connection):
        connection.execute(update(runs).where(runs.c.id == run).values(segment=segment))


def name_warc(connection: Connection, run: int, name: str) -> None:
    """Record the name of the WARC that a run will write, which is that of its segment; nothing of it counts yet."""
    with transaction(connection):
        connection.execute(update(runs).where(runs.c.id == run).values(segment=name, warc=0))


def acknowledge_warc(connection: Connection, run: int, size: int) -> None:
    """Record how many bytes of the WARC of a run count."""
    with transaction(connection):
        connection.execute(update(runs).where(runs.c.id == run).values(warc=size))


def mark_warc_sealed(connection: Connection, run: int) -> None:
    """Record that the WARC of a run is sealed."""
    with transaction(connection):
        connection.execute(update(runs).where(runs.c.id == run).values(warc_sealed=1))


def unsealed_warcs(connection: Connection, portal: str) -> Sequence[Row[Any]]:
    """Return (id, segment, warc) of every run of a portal whose WARC is not known to be sealed, oldest first."""
    columns = [runs.c.id, runs.c.segment, runs.c.warc]
    found = select(*columns).where(runs.c.portal == portal, HAS_UNSEALED_WARC)
    with transaction(connection):
        return connection.execute(found.order_by(runs.c.id)).all()


def mark_sealed(connection: Connection, run: int) -> None:
    """Record that the segment of a run is sealed."""
    with transaction(connection):
        connection.execute(update(runs).where(runs.c.id == run).values(sealed=1))


def portals_of(connection: Connection) -> list[str]:
    """Return the portals that the ledger has runs of, in alphabetical order."""
    with transaction(connection):
        return list(connection.execute(select(runs.c.portal).distinct().order_by(runs.c.portal)).scalars())


def segments_of(connection: Connection, portal: str) -> Sequence[Row[Any]]:
    """Return (id, segment, acknowledged, sealed) of every run of a portal that has a segment, oldest first."""
    columns = [runs.c.id, runs.c.segment, runs.c.acknowledged, runs.c.sealed]
    found = select(*columns).where(runs.c.portal == portal, HAS_SEGMENT).order_by(runs.c.id)
    with transaction(connection):
        return connection.execute(found).all()

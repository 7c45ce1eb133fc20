"""Read an archive as typed articles, for whoever goes on in Python."""

import os
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, get_args, get_origin

import orjson
from scrapy.settings import BaseSettings

from narayacrawl.archive.reader import ATTEMPTS, SegmentGone, segments_now
from narayacrawl.archive.segment_files import JSONL, ArchiveError
from narayacrawl.archive.selection import article_number, select_lines
from narayacrawl.items import Article

OWN_LEDGER: Final = "sqlite:///%(archive)s/ledger.db"
"""The ledger beside the portals' folders; where there is none, every whole line counts."""


def read_articles(folder: str | os.PathLike[str], ledger: str | None = None) -> Iterator[Article]:
    """Read the last revision of every article of a portal's folder, in the archive's order. Raises as `read_records`
    does."""
    return map(article, read_records(folder, BaseSettings({"LEDGER": ledger or OWN_LEDGER})))


def read_records(folder: str | os.PathLike[str], settings: BaseSettings) -> Iterator[dict[str, Any]]:
    """Read the record of the last revision of every article of a portal's folder, in the archive's order. Raises as
    `read_newest` does."""
    return (record for _, record in read_newest(folder, settings))


def read_newest(
    folder: str | os.PathLike[str], settings: BaseSettings, tell_count: Callable[[int], object] = id
) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Read the last revision of every article of a portal's folder, as line and as record, in the archive's order;
    `tell_count` is told how many there are.

    Where a segment is sealed or merged meanwhile, the archive is listed again, and what was read is not read twice.
    `ArchiveError` where there is no such archive, or a line of it is no record; `LedgerError`.
    """
    path = Path(folder).absolute()
    if next(path.glob(f"*{JSONL}*"), None) is None:
        raise ArchiveError(f"{path} holds no segment: name a portal's folder, as data/narayapost")
    read: set[int] = set()
    for _ in range(ATTEMPTS):
        try:
            selection = select_lines(segments_now(path, settings))
            tell_count(selection.count)
            for line in selection.lines():
                record = orjson.loads(line)
                if (number := article_number(record)) not in read:
                    read.add(number)
                    yield line, record
        except SegmentGone:
            continue
        return
    raise ArchiveError(f"{path} changed {ATTEMPTS} times while it was read: try again")


def article(record: dict[str, Any]) -> Article:
    """Make an article of a record, whatever version wrote it: a field that it lacks is None or [], one that is unknown
    is left out."""
    return Article(**{field.name: _value(field.type, record.get(field.name)) for field in fields(Article)})


def _value(kind: Any, value: Any) -> Any:
    if get_origin(kind) is not list:
        return value
    make: Any = get_args(kind)[0]
    if make is str:
        return value or []
    names = [field.name for field in fields(make)]
    return [make(**{name: own.get(name) for name in names}) for own in value or []]

"""What the ledger knows of an article's last revision, and whether the portal tells that it was edited since."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, func, literal_column, select
from sqlalchemy.dialects import sqlite

from narayacrawl.language.same_date import is_offset_apart
from narayacrawl.ledger.database import read_rows, to_utc
from narayacrawl.ledger.tables import articles


class FormerRevision(NamedTuple):
    """What is known of an article before it is read again. Moments are ISO 8601, in UTC but for `published`."""

    revision: int = 0
    """Of the last line; 0 if there is none."""
    published: str | None = None
    date_precision: str | None = None
    modified: str | None = None
    """The last edit, as the answer told it that the line was read from."""
    lastmod: str | None = None
    """The latest change by the word of a source: it may be one that this revision lacks."""
    as_of: str | None = None
    """When the portal made the answer that the line was read from."""
    hash: str | None = None
    reading: str | None = None
    renewed: str | None = None
    told_change: str | None = None
    shape: str | None = None
    held: str | None = None
    section: str | None = None
    body_length: int = 0
    """Characters of its body; 0 if it has none, or nobody knows."""
    source_length: int = 0
    """Characters of the article's text by the word of a feed; 0 if none has told."""

    def tells_edit(self, modified: str | None) -> bool:
        """True if a source tells of a later change than this revision has, or the page does, whose last edit is
        `modified` now."""
        known = self.told_change or self.as_of or ""
        if self.lastmod and self.lastmod > known:
            return True
        before, now = self.modified or known, to_utc(modified)
        if modified is None or now is None or now <= before:
            return False
        # A page that calls its local time UTC, or does so no more, tells of no edit.
        return not (before and is_offset_apart(datetime.fromisoformat(modified), datetime.fromisoformat(before)))


_FIND: Final = str(
    select(*(articles.c[name] for name in FormerRevision._fields[:-2]))
    .add_columns(*(func.coalesce(articles.c[name], literal_column("0")) for name in FormerRevision._fields[-2:]))
    .where(articles.c.id == bindparam("article"))
    .compile(dialect=sqlite.dialect(paramstyle="named"))
)


def former_revision(connection: Connection, article: int) -> FormerRevision:
    """Return what the ledger knows of an article, by its id there."""
    rows = read_rows(connection, _FIND, {"article": article})
    return FormerRevision(*rows[0]) if rows else FormerRevision()

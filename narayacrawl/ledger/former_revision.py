"""What the ledger knows of an article's last revision, and whether the portal tells that it was edited since."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import select

from narayacrawl.language.same_date import is_offset_apart
from narayacrawl.ledger.database import to_utc, transaction
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.tables import articles


class FormerRevision(NamedTuple):
    """The last revision of an article, as the ledger knows it. Moments are ISO 8601, in UTC but for `published`."""

    published: str | None
    date_precision: str | None
    modified: str | None
    lastmod: str | None
    """The latest change by the word of a source: it may be one that this revision lacks."""
    as_of: str | None
    hash: str | None
    reading: str | None
    renewed: str | None
    told_change: str | None
    shape: str | None
    held: str | None
    body_length: int | None
    """Characters of its body; 0 if it has none, or nobody knows."""

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


_COLUMNS: Final = tuple(articles.c[name] for name in FormerRevision._fields)


def former_revision(ledger: Ledger, article: int) -> FormerRevision:
    """Return what the ledger knows of the last revision of an article, by its id there."""
    with transaction(ledger.connection) as connection:
        return FormerRevision(*connection.execute(select(*_COLUMNS).where(articles.c.id == article)).one())

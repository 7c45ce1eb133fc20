"""Remember of a portal what concerns all its runs, such as before which moment it wants no request."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.tables import portals

MAX_RETRY_AFTER: Final = timedelta(days=1)
"""A later moment was kept by a clock that was wrong."""


class PortalWaits(Exception):
    """The portal wants no request yet: one line."""


def refuse_before_retry_after(connection: Connection, portal: str) -> None:
    """Raise `PortalWaits` if the portal has told, in an earlier run, that it wants no request yet."""
    with transaction(connection):
        kept: str | None = connection.execute(select(portals.c.retry_after).where(portals.c.portal == portal)).scalar()
    now = datetime.now(UTC)
    if kept and now < datetime.fromisoformat(kept) <= now + MAX_RETRY_AFTER:
        raise PortalWaits(f"{portal} wants no request before {kept} (its Retry-After): nothing is asked for")


def keep_retry_after(connection: Connection, portal: str, moment: str) -> None:
    """Remember that a portal wants no request before a moment, ISO 8601 in UTC."""
    with transaction(connection):
        remember(connection, portal, retry_after=moment)


def remember(connection: Connection, portal: str, **values: Any) -> None:
    """Put down what is known of a portal, in the transaction that is open."""
    if not connection.execute(update(portals).where(portals.c.portal == portal).values(values)).rowcount:
        connection.execute(insert(portals).values(portal=portal, **values))

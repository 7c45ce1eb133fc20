"""Remember of a portal in which time zone its dates are that tell none: the spider's own, else what the portal has
told, else Jakarta's."""

from contextlib import closing
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from narayacrawl.language.times import zone_of_offset
from narayacrawl.ledger.database import is_kept, open_ledger, transaction
from narayacrawl.ledger.portals import remember
from narayacrawl.ledger.tables import portals

LAST_RESORT: Final = "Asia/Jakarta"
"""Where most of the Indonesian press is."""


class PortalTimezone:
    """The time zone of one portal. Without a ledger it lasts as long as this object."""

    def __init__(self, own: str | None, connection: Connection | None = None, portal: str = "") -> None:
        self._connection = connection
        self._portal = portal
        kept = kept_timezone(connection, portal) if connection is not None and own is None else None
        self.name = own or kept
        """An IANA name, or an offset (`+08:00`); None while the portal has told nothing."""
        self.zone = zone_of(self.name or LAST_RESORT)

    def tell(self, name: str) -> Literal["learned", "same", "other"]:
        """Take what a portal tells of its zone: it is learned and kept if nothing was known, else only compared."""
        if self.name is not None:
            return "same" if _offsets(zone_of(name)) & _offsets(self.zone) else "other"
        self.name, self.zone = name, zone_of(name)
        if self._connection is not None:
            with transaction(self._connection) as connection:
                remember(connection, self._portal, timezone=name)
        return "learned"


def zone_of(name: str) -> tzinfo:
    """Return the zone of an IANA name or an offset; `ValueError` or `KeyError` for one that nobody knows."""
    if name[0] in "+-":
        zone = zone_of_offset(name)
        return zone if zone.utcoffset(None) else UTC
    return UTC if name in ("UTC", "Etc/UTC", "Etc/GMT") else ZoneInfo(name)


def _offsets(zone: tzinfo) -> set[timedelta | None]:
    """Return a zone's offsets, in winter and in summer."""
    return {datetime(2026, month, 1, tzinfo=zone).utcoffset() for month in (1, 7)}


def kept_timezone(connection: Connection, portal: str) -> str | None:
    """Return the zone that a ledger keeps of a portal; None if it keeps none."""
    with transaction(connection):
        found: str | None = connection.execute(select(portals.c.timezone).where(portals.c.portal == portal)).scalar()
    return found


def read_kept_timezone(url: str, portal: str) -> str | None:
    """Return the zone that the ledger at an address keeps of a portal; None if there is no ledger, or it keeps none."""
    if not is_kept(url):
        return None
    with closing(open_ledger(url, create=False)) as connection:
        return kept_timezone(connection, portal)

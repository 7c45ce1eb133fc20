"""What a run is asked for: sections, publish days, a list of articles, everything again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Scope:
    """Say which of a portal's articles a run wants. The default is what is new, changed or due."""

    sections: Sequence[str] = ()
    """Only articles of these sections, by the last part of their address or their name."""
    since: date | None = None
    """First publish day, in the portal's time zone."""
    until: date | None = None
    """Last publish day, that day included."""
    limit: int | None = None
    """At most so many articles."""
    is_full: bool = False
    """True if written articles are fetched again, too, and sources are read whatever is known of them."""
    is_list: bool = False
    """True if only the articles are wanted that the user named, written or not."""
    fetches_nothing: bool = False
    """True if only sources are read, as for an audit."""

    @property
    def is_partial(self) -> bool:
        """True if only articles are fetched that sources list for this scope."""
        return bool(self.sections or self.is_list or self.since or self.until)

    @property
    def includes_written(self) -> bool:
        """True if articles are fetched, and yielded, that are written already and not due."""
        return self.is_full or self.is_list

    def window(self, timezone: tzinfo) -> tuple[datetime | None, datetime | None]:
        """Return the first moment inside the window and the first after it, in the portal's zone; None if open."""
        start = datetime.combine(self.since, time(), timezone) if self.since else None
        last = self.until or date.max
        end = datetime.combine(last + timedelta(days=1), time(), timezone) if last < date.max else None
        return start, end

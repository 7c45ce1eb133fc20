"""Find the year of a date that a page writes without one, by what else tells it; None rather than a guess."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice

from narayacrawl.language.yearless_dates import YearlessDate
from narayacrawl.pages.fields.metadata import Metadata
from narayacrawl.pages.outline.blocks import Container
from narayacrawl.pages.outline.outline import Outline

# A day, or the month of an upload, in an address or an id.
STAMP = re.compile(r"(?<!\d)((?:19|20)\d\d)([/_.-]?)(0[1-9]|1[0-2])(?:\2(0[1-9]|[12]\d|3[01]))?(?!\d)")
COPYRIGHT_YEARS = re.compile(
    r"(?:©|copyright|hak cipta)\D{0,40}((?:19|20)\d\d)(?:\s?[-–—]\s?((?:19|20)\d\d))?", re.IGNORECASE
)
# A day this long before the fetch needs no other witness: themes leave the year out of what is recent.
MAX_RECENT = timedelta(days=31)
ONE_DAY = timedelta(days=1)
# The copyright stands in the footer, or among the last blocks.
MAX_LAST_BLOCKS, MAX_FOOTERS, MAX_STRINGS, MAX_FOOTER_LENGTH = 10, 3, 300, 5000


class PublicationYear:
    """The years that a page's addresses, ids and copyright tell, and the day when it was fetched, in `timezone`."""

    def __init__(
        self,
        metadata: Metadata,
        outline: Outline,
        container: Container | None,
        fetched_at: datetime | None,
        zone: tzinfo,
    ) -> None:
        self.metadata, self.outline, self.container = metadata, outline, container
        self.today = fetched_at.astimezone(zone).date() if fetched_at else None

    def of(self, yearless: YearlessDate) -> int | None:
        """Return the year of a date; None if nothing tells it, or two witnesses disagree.

        An address, a picture or an id that names the same month, and the same day if it names one, tells the year.
        Without such a one it is the last such day before the fetch, or in the year of the copyright: only if its
        weekday is right, or the fetch is near.
        """
        stamps = list(self._stamps())
        years = {year for year, month, day in stamps if _names(year, month, day, yearless)}
        if years:
            stamped = years.pop()
            return stamped if not years and self._may_be(yearless.day_in(stamped)) else None
        last = self._last_year(yearless)
        return None if any(year != last for year, _, _ in stamps) else last

    def _last_year(self, yearless: YearlessDate) -> int | None:
        """Return the year of the last such day before the page was fetched; None if that is not sure enough."""
        if self.today is None:
            year = self._copyright_year()
            return year if year and yearless.weekday is not None and yearless.day_in(year) else None
        for year in (self.today.year + 1, self.today.year, self.today.year - 1):
            day = yearless._replace(weekday=None).day_in(year)
            if day and self._may_be(day):
                is_sure = yearless.weekday is not None or self.today - day <= MAX_RECENT
                return year if is_sure and yearless.day_in(year) else None
        return None

    def _may_be(self, day: date | None) -> bool:
        """True if a day is one that is not after the fetch."""
        return day is not None and (self.today is None or day <= self.today + ONE_DAY)

    def _stamps(self) -> Iterator[tuple[int, int, int | None]]:
        """Yield the year, month and day, None for a month alone, in the page's addresses, ids and lead images."""
        texts = [self.outline.url, *self.metadata.links.get("canonical", ()), *self.metadata.images]
        elements = [] if self.container is None else [self.container.element, *self.container.element.iterancestors()]
        texts += [element.get("id") or "" for element in elements]
        for text in texts:
            for stamp in STAMP.finditer(text):
                yield int(stamp[1]), int(stamp[3]), int(stamp[4]) if stamp[4] else None

    def _copyright_year(self) -> int | None:
        """Return the last year of the copyright at the page's end; None if it tells none."""
        last = [block.element for block in self.outline.blocks[-MAX_LAST_BLOCKS:]]
        footers = [region.element for region in self.outline.regions if region.rule == "footer"]
        for element in reversed([*last, *footers[-MAX_FOOTERS:]]):
            text = " ".join(islice(map(str, element.itertext()), MAX_STRINGS))
            if years := COPYRIGHT_YEARS.search(text[:MAX_FOOTER_LENGTH]):
                return int(years[2] or years[1])
        return None


def _names(year: int, month: int, day: int | None, yearless: YearlessDate) -> bool:
    """True if a month, or a day give or take one for the zone, is that of a date."""
    own = yearless.day_in(year)
    if own is None:
        return False
    days = (own - ONE_DAY, own, own + ONE_DAY)
    return any(near.month == month and day in (None, near.day) and near.year == year for near in days)

"""Choose when an article was published and last modified among all the dates of its page."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from itertools import chain
from urllib.parse import urlsplit

from narayacrawl.language.dates import date_precision, parse_date
from narayacrawl.language.relative_dates import is_relative
from narayacrawl.language.yearless_dates import YearlessDate
from narayacrawl.pages.fields.date_elements import PART_SEPARATOR
from narayacrawl.pages.fields.date_labels import MODIFIED_TEXT
from narayacrawl.pages.fields.metadata import Metadata
from narayacrawl.pages.fields.metadata_dates import generic_page_dates, metadata_dates, metadata_modified_dates
from narayacrawl.pages.fields.publication_year import PublicationYear
from narayacrawl.pages.fields.visible_dates import VisibleDates
from narayacrawl.pages.outline.blocks import Container
from narayacrawl.pages.outline.outline import Outline

URL_DATE = re.compile(
    r"(?<=[/_.-])((?:199|20[0-4])\d)(?:([/_-])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])|(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))"
    r"(?=[/_.-]|$)"
)
URL_MONTH = re.compile(r"/((?:19|20)\d{2})/(0[1-9]|1[0-2])/")
DAY_OR_MONTH_FIRST = re.compile(r"(?<!\d)(0?[1-9]|1[0-2])/(?!\1/)(?:0?[1-9]|1[0-2])/(?:\d{4}|\d\d(?!\d))")
# An epoch names an instant, as an offset does.
UTC_OFFSET = re.compile(r":\d\d(?:\.\d+)?\s?(?:Z|[+-]\d\d:?\d\d)$|^\d{10}(?:\d{3})?$")
INDONESIAN_ZONE = re.compile(r"\b(?:WIB|WITA|WIT)\b", re.IGNORECASE)
# Sources worth dateparser's time at once: the portal's own selector and metadata.
TRUSTED_SOURCES = frozenset({"own", "json-ld", "opengraph"})
TIME_OF_DAY = re.compile(
    r"\d:\d\d|T\d\d|\d\s?h\s?\d\d|\d\s?[ap]\.?m\b|\b\d{10,}|(?<![\d.])\d{1,2}\.\d\d(?![\d.])"
    r"|\d\s?(?:pagi|siang|sore|petang|malam|dini|subuh)\b|(?i:pukul|jam|pkl\.?)\s\d|\d[時时点시]"
)
# dateparser is tried on this many texts of a page.
MAX_GUESSES = 3


class PublicationDates:
    """The publication and modification date of an article.

    `published` and `modified` are the texts of the chosen dates as the page gives them, None if none can be parsed;
    `source` tells where `published` was found: `own` (the portal's selector), `json-ld`, `opengraph`, `meta`, `time`,
    `text` or `url`.

    Metadata comes first: it is exact to the second and no theme shortens it. Then follow `time` elements, visible text,
    the address. If the page shows the same clock time with the portal's offset, or with WIB, WITA or WIT, while the
    metadata calls it UTC, the metadata is wrong; if both name the same instant, the one in local time is kept.
    """

    def __init__(
        self,
        metadata: Metadata,
        outline: Outline,
        headline_end: int,
        container: Container | None,
        timezone: tzinfo | None,
        fetched_at: str | None,
        css_dates: list[str],
    ) -> None:
        self.metadata, self.url = metadata, outline.url
        self.visible_dates = VisibleDates(outline, headline_end, container)
        self.timezone = timezone or UTC
        # `lang="en-US"` is WordPress' default: it says nothing about the language.
        self.day_or_month_first = timezone is None and (metadata.language or "").lower() in ("en", "en-us")
        self.now = datetime.fromisoformat(fetched_at) if fetched_at else None
        self.css_dates = css_dates
        self._year = PublicationYear(metadata, outline, container, self.now, self.timezone)
        self._parsed: dict[str, datetime | None] = {}

    def parse_exact(self, text: str) -> datetime | None:
        """Parse a text in one of the exact forms, each text once; None if it has none of them."""
        if text not in self._parsed:
            try:
                self._parsed[text] = parse_date(text, self.timezone, now=self.now, guess=False)
            except ValueError:
                self._parsed[text] = None
        return self._parsed[text]

    def parse_any(self, text: str) -> datetime | None:
        """Parse a text in any form; None if that fails."""
        if self.parse_exact(text) is None:
            try:
                self._parsed[text] = parse_date(text, self.timezone, now=self.now)
            except ValueError:
                return None
        return self._parsed[text]

    def candidates(self) -> Iterator[tuple[str, str]]:
        """Yield every (source, text) that may be the publication date, most trusted first."""
        yield from (("own", text) for text in self.css_dates if text.strip())
        yield from metadata_dates(self.metadata)
        yield from self.visible_dates.in_markup()
        yield from (("text", text) for text in self.visible_dates.in_header())
        yield from self.visible_dates.in_markup(below=True)
        yield from (("text", text) for text in self.visible_dates.below_text())
        yield from (("time", text) for text in self.visible_dates.in_attributes())
        yield from generic_page_dates(self.metadata)
        yield from (("text", text) for text in self.visible_dates.beside_headline())
        yield from (("text", text) for text in self.visible_dates.in_labelled_lines())
        if match := URL_DATE.search(urlsplit(self.url).path):
            yield "url", "-".join(filter(str.isdecimal, match.groups("")))
        yield from (("text", text) for text in self._texts_with_year)

    @cached_property
    def _texts_with_year(self) -> list[str]:
        """Return the dates that the page shows without their year, with it, where something else tells it."""
        dated = filter(YearlessDate.read, self.visible_dates.in_header())
        parts = (part for text in dated for part in (text, *PART_SEPARATOR.split(text)))
        found = [yearless for part in parts if (yearless := YearlessDate.read(part))]
        return [yearless.text_in(year) for yearless in found if (year := self._year.of(yearless))]

    @cached_property
    def _chosen(self) -> tuple[str, str, datetime] | None:
        """Return the first (source, text, moment) that can be parsed; a text in no exact form, and after that a
        relative one, only where nothing else can."""
        relative: tuple[str, str, datetime] | None = None
        doubtful: tuple[str, str, datetime] | None = None
        unparsed: list[tuple[str, str]] = []
        for source, text in self.candidates():
            moment = (
                self.parse_any(text)
                if source in TRUSTED_SOURCES and len(unparsed) < MAX_GUESSES
                else self.parse_exact(text)
            )
            if moment is None:
                unparsed.append((source, text))
            elif self._is_doubtful(source, moment):
                doubtful = doubtful or (source, text, moment)
            elif not self._is_plausible(source, text, moment):
                continue
            elif not is_relative(text):
                return self._confirm_json_ld(source, text, moment)
            elif relative is None:
                relative = source, text, moment
        for source, text in unparsed[:MAX_GUESSES]:
            moment = self.parse_any(text)
            if moment is not None and self._is_plausible(source, text, moment):
                return source, text, moment
        return relative or doubtful

    def _is_doubtful(self, source: str, moment: datetime) -> bool:
        """True if metadata gives a date after the fetch: a slip, and worse than any other date of the page."""
        is_metadata = source in ("json-ld", "opengraph", "meta")
        return is_metadata and self.now is not None and moment > self.now + timedelta(days=1)

    def _is_plausible(self, source: str, text: str, moment: datetime) -> bool:
        """True if a date that only the page shows is certainly day first, fits the month in the address and lies before
        the fetch."""
        if source not in ("time", "text"):
            return True
        if self.day_or_month_first and DAY_OR_MONTH_FIRST.search(text):
            return False
        if self.now and moment > self.now + timedelta(days=1):
            return False
        month = URL_MONTH.search(self.url)
        return month is None or any(
            (day.year, day.month) == (int(month[1]), int(month[2]))
            for day in (moment, moment - timedelta(days=1), moment + timedelta(days=1))
        )

    def _confirm_json_ld(self, source: str, text: str, moment: datetime) -> tuple[str, str, datetime]:
        """Return the JSON-LD date, or OpenGraph's if both name different days and the page shows OpenGraph's."""
        if source == "json-ld":
            for open_graph in self.metadata.meta.get("article:published_time", [])[:1]:
                open_graph_moment = self.parse_exact(open_graph)
                if open_graph_moment and abs(open_graph_moment - moment) > timedelta(days=1):
                    visible_days = {
                        day.date()
                        for header_text in self.visible_dates.in_header()
                        if (day := self.parse_exact(header_text))
                    }
                    if open_graph_moment.date() in visible_days and moment.date() not in visible_days:
                        return "opengraph", open_graph, open_graph_moment
        return source, text, moment

    @cached_property
    def _published(self) -> tuple[str | None, str | None]:
        """Return the (text, source) of the chosen date, or of one that names the same instant with more detail: the
        portal's offset, the time of day."""
        if self._chosen is None:
            return None, None
        source, text, moment = self._chosen
        is_timed = has_time(text)
        if self._is_doubtful(source, moment):
            return text, source
        if is_timed and moment.utcoffset() and (UTC_OFFSET.search(text) or source == "text"):
            return text, source
        for other_source, other_text in self._timed_candidates() if is_timed else self.candidates():
            other = self.parse_exact(other_text) if other_source != "url" and has_time(other_text) else None
            if other is None:
                continue
            if is_timed and not UTC_OFFSET.search(text):
                if (
                    UTC_OFFSET.search(other_text)
                    and not same_clock(other, moment)
                    and abs(other - moment) < timedelta(days=1)
                ):
                    return (text, source) if other == moment else (other_text, other_source)
            elif is_timed and other.utcoffset():
                if other == moment:
                    return other_text, source
                if UTC_OFFSET.search(other_text) and same_clock(other, moment):
                    return other_text, other_source
            elif not is_timed and other.date() == moment.date():
                return other_text, other_source
        if is_timed and self.timezone is not UTC and not moment.utcoffset():
            for header_text in filter(INDONESIAN_ZONE.search, self.visible_dates.in_header()):
                other = self.parse_exact(header_text)
                if other and other.utcoffset() and same_clock(other, moment.replace(second=0)):
                    timespec = "seconds" if date_precision(text) == "second" else "minutes"
                    return moment.replace(tzinfo=other.tzinfo).isoformat(timespec=timespec), "text"
        return text, source

    def _timed_candidates(self) -> Iterator[tuple[str, str]]:
        """Yield the candidates that usually carry a time of day."""
        yield from metadata_dates(self.metadata)
        yield from self.visible_dates.in_markup()
        yield from self.visible_dates.in_markup(below=True)

    @property
    def published(self) -> str | None:
        """Return the text of the publication date; None if there is none."""
        return self._published[0]

    @property
    def source(self) -> str | None:
        """Return where the publication date was found."""
        return self._published[1]

    @cached_property
    def modified(self) -> str | None:
        """Return the text of the last modification; None if there is none or it is not after the publication date."""
        published = self.parse_exact(self.published) if self.published else None
        # Metadata that calls the publication date's local time UTC does so with the modification date, too.
        is_mislabelled = (
            published and self._chosen and published != self._chosen[2] and same_clock(published, self._chosen[2])
        )
        for text in chain(metadata_modified_dates(self.metadata), self.visible_dates.modified()):
            moment = self.parse_exact(MODIFIED_TEXT.sub("", text).lstrip(" :"))
            if moment is None:
                continue
            date_text = text
            if published and (
                (is_mislabelled and not moment.utcoffset())
                or (self.timezone is UTC and published.utcoffset() and not UTC_OFFSET.search(text))
            ):
                moment = moment.replace(tzinfo=published.tzinfo)
                date_text = moment.isoformat()
            if published is None or is_later(text, moment, self.published or "", published):
                return date_text
        return None

    @property
    def tells_changes(self) -> bool:
        """True if the page tells when it was last changed, also where that is when it was published."""
        return any(self.parse_exact(text) for text in metadata_modified_dates(self.metadata))


def is_later(text: str, moment: datetime, other_text: str, other: datetime) -> bool:
    """True if one moment comes after another; days are compared if one of the texts has no time of day."""
    if has_time(text) and has_time(other_text):
        return moment > other
    return moment.astimezone(other.tzinfo).date() > other.date()


def same_clock(one: datetime, other: datetime) -> bool:
    """True if two moments show the same date and time of day, each in its own zone."""
    return one.replace(tzinfo=None) == other.replace(tzinfo=None)


def has_time(text: str) -> bool:
    """True if a text has a time of day, not a day alone."""
    return TIME_OF_DAY.search(text) is not None

"""When an article was published and last edited, among all the dates of its page."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from itertools import chain
from urllib.parse import urlsplit

from narayacrawl.language.dates import parse_date
from narayacrawl.language.relative_dates import is_relative
from narayacrawl.pages.fields.metadata import Metadata
from narayacrawl.pages.fields.metadata_dates import page_dates, stated_dates, stated_edits
from narayacrawl.pages.fields.visible_dates import MODIFIED_TEXT, ShownDates
from narayacrawl.pages.outline.blocks import Container
from narayacrawl.pages.outline.outline import Outline

URL_DATE = re.compile(
    r"(?<=[/_.-])((?:199|20[0-4])\d)(?:([/_-])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])|(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))"
    r"(?=[/_.-]|$)"
)
URL_MONTH = re.compile(r"/((?:19|20)\d{2})/(0[1-9]|1[0-2])/")
DAY_OR_MONTH_FIRST = re.compile(r"(?<!\d)(0?[1-9]|1[0-2])/(?!\1/)(?:0?[1-9]|1[0-2])/\d{4}")
OFFSET = re.compile(r":\d\d(?:\.\d+)?\s?(?:Z|[+-]\d\d:?\d\d)$")
ZONE = re.compile(r"\b(?:WIB|WITA|WIT)\b", re.IGNORECASE)
# What only the portal itself or a machine says: worth dateparser's time at once.
TOLD = frozenset({"own", "json-ld", "opengraph"})
HOUR = re.compile(r"\d:\d\d|T\d\d|\d\s?h\s?\d\d|\d\s?[ap]\.?m\b|\b\d{10,}|(?<![\d.])\d{1,2}\.\d\d(?![\d.])")
# dateparser is tried on so many texts of a page.
GUESSES = 3


class Moments:
    """`published` and `modified` are the chosen dates' own words, None where none can be read; `source` tells where
    `published` was found: `own` (the portal's selector), `json-ld`, `opengraph`, `meta`, `time`, `text` or `url`.

    Metadata comes first: it is exact to the second and no theme cuts it. Then `time` elements, visible text, the
    address. Where the page shows the same clock with the portal's offset, or with WIB, WITA or WIT, while the metadata
    calls it UTC, the metadata is wrong; where both are the same moment, the one in local time is kept.
    """

    def __init__(
        self,
        metadata: Metadata,
        outline: Outline,
        title_position: int,
        container: Container | None,
        timezone: tzinfo | None,
        fetched_at: str | None,
        own: list[str],
    ) -> None:
        self.metadata, self.url = metadata, outline.url
        self.shown = ShownDates(outline, title_position, container)
        self.timezone = timezone or UTC
        # `lang="en-US"` is what WordPress writes where nobody chose a language.
        self.day_or_month_first = timezone is None and (metadata.language or "").lower() in ("en", "en-us")
        self.now = datetime.fromisoformat(fetched_at) if fetched_at else None
        self.own = own
        self._read: dict[str, datetime | None] = {}

    def read(self, text: str) -> datetime | None:
        """The moment of a text in one of the exact forms, each text once; None where it has none."""
        if text not in self._read:
            try:
                self._read[text] = parse_date(text, self.timezone, now=self.now, guess=False)
            except ValueError:
                self._read[text] = None
        return self._read[text]

    def guess(self, text: str) -> datetime | None:
        """The moment of a text in any form; None where nobody can read it."""
        if self.read(text) is None:
            try:
                self._read[text] = parse_date(text, self.timezone, now=self.now)
            except ValueError:
                return None
        return self._read[text]

    def candidates(self) -> Iterator[tuple[str, str]]:
        """Every (source, words) that may be the publish date, most trusted first."""
        yield from (("own", text) for text in self.own if text.strip())
        yield from stated_dates(self.metadata)
        yield from self.shown.times()
        yield from (("text", text) for text in self.shown.header())
        yield from page_dates(self.metadata)
        yield from (("text", text) for text in self.shown.beside())
        yield from (("text", text) for text in self.shown.labelled())
        if match := URL_DATE.search(urlsplit(self.url).path):
            yield "url", "-".join(filter(str.isdecimal, match.groups("")))

    @cached_property
    def _chosen(self) -> tuple[str, str, datetime] | None:
        """The first (source, words, moment) that can be read; one in no exact form, then a relative one, only where
        nothing else can."""
        relative: tuple[str, str, datetime] | None = None
        unread: list[tuple[str, str]] = []
        for source, words in self.candidates():
            moment = self.guess(words) if source in TOLD and len(unread) < GUESSES else self.read(words)
            if moment is None:
                unread.append((source, words))
            elif not self._is_possible(source, words, moment):
                continue
            elif not is_relative(words):
                return self._confirmed(source, words, moment)
            elif relative is None:
                relative = source, words, moment
        for source, words in unread[:GUESSES]:
            moment = self.guess(words)
            if moment is not None and self._is_possible(source, words, moment):
                return source, words, moment
        return relative

    def _is_possible(self, source: str, words: str, moment: datetime) -> bool:
        """Whether a date that only the page shows is surely day first, fits the month in the address and comes before
        the fetch."""
        if source not in ("time", "text"):
            return True
        if self.day_or_month_first and DAY_OR_MONTH_FIRST.search(words):
            return False
        if self.now and moment > self.now + timedelta(days=1):
            return False
        month = URL_MONTH.search(self.url)
        return month is None or any(
            (day.year, day.month) == (int(month[1]), int(month[2]))
            for day in (moment, moment - timedelta(days=1), moment + timedelta(days=1))
        )

    def _confirmed(self, source: str, words: str, moment: datetime) -> tuple[str, str, datetime]:
        """The date of the JSON-LD; OpenGraph's where both tell different days and the page shows OpenGraph's."""
        if source == "json-ld":
            for other in self.metadata.meta.get("article:published_time", [])[:1]:
                its = self.read(other)
                if its and abs(its - moment) > timedelta(days=1):
                    shown = {day.date() for text in self.shown.header() if (day := self.read(text))}
                    if its.date() in shown and moment.date() not in shown:
                        return "opengraph", other, its
        return source, words, moment

    @cached_property
    def _published(self) -> tuple[str | None, str | None]:
        """(words, source) of the chosen date, or of one that tells the same and more: the portal's offset, the hour."""
        if self._chosen is None:
            return None, None
        source, words, moment = self._chosen
        timed = has_time(words)
        if timed and moment.utcoffset() and (OFFSET.search(words) or source == "text"):
            return words, source
        for other, its_words in self._exact_to_the_hour() if timed else self.candidates():
            its = self.read(its_words) if other != "url" and has_time(its_words) else None
            if its is None:
                continue
            if timed and not OFFSET.search(words):
                if OFFSET.search(its_words) and not same_clock(its, moment) and abs(its - moment) < timedelta(days=1):
                    return (words, source) if its == moment else (its_words, other)
            elif timed and its.utcoffset():
                if its == moment:
                    return its_words, source
                if OFFSET.search(its_words) and same_clock(its, moment):
                    return its_words, other
            elif not timed and its.date() == moment.date():
                return its_words, other
        if timed and self.timezone is not UTC and not moment.utcoffset():
            for text in filter(ZONE.search, self.shown.header()):
                its = self.read(text)
                if its and its.utcoffset() and same_clock(its, moment.replace(second=0)):
                    return moment.replace(tzinfo=its.tzinfo).isoformat(), "text"
        return words, source

    def _exact_to_the_hour(self) -> Iterator[tuple[str, str]]:
        yield from stated_dates(self.metadata)
        yield from self.shown.times()

    @property
    def published(self) -> str | None:
        return self._published[0]

    @property
    def source(self) -> str | None:
        return self._published[1]

    @cached_property
    def modified(self) -> str | None:
        """The last edit; None where nothing tells it, or it is not after the publish date."""
        published = self.read(self.published) if self.published else None
        # Metadata that calls the publish date's local time UTC does so with the last edit's, too.
        mislabelled = (
            published and self._chosen and published != self._chosen[2] and same_clock(published, self._chosen[2])
        )
        for words in chain(stated_edits(self.metadata), self.shown.edits()):
            moment = self.read(MODIFIED_TEXT.sub("", words).lstrip(" :"))
            if moment is None:
                continue
            written = words
            if published and (
                (mislabelled and not moment.utcoffset())
                or (self.timezone is UTC and published.utcoffset() and not OFFSET.search(words))
            ):
                moment = moment.replace(tzinfo=published.tzinfo)
                written = moment.isoformat()
            if published is None or is_later(words, moment, self.published or "", published):
                return written
        return None


def is_later(words: str, moment: datetime, other_words: str, other: datetime) -> bool:
    """Whether one moment comes after another; by the day where one of them tells no hour."""
    if has_time(words) and has_time(other_words):
        return moment > other
    return moment.astimezone(other.tzinfo).date() > other.date()


def same_clock(one: datetime, other: datetime) -> bool:
    """Whether two moments show the same date and hour, each in its own zone."""
    return one.replace(tzinfo=None) == other.replace(tzinfo=None)


def has_time(words: str) -> bool:
    """Whether the words tell an hour, not a day alone."""
    return HOUR.search(words) is not None

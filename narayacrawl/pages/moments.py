"""When an article was published and last edited, among all the dates of its page."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property

from lxml.etree import _Element as Element

from narayacrawl.dates import dated_part, is_relative, parse_date
from narayacrawl.pages.metadata import Metadata, texts, types
from narayacrawl.pages.outline import Outline
from narayacrawl.pages.pieces import Container, Mark
from narayacrawl.pages.regions import role

ELSEWHERE = frozenset({"related", "sidebar", "comments", "ad", "popup", "navigation", "newsletter"})
DATE_WORD = re.compile(r".*(?:date|time|posted|publish|tanggal|waktu).*", re.IGNORECASE)
MODIFIED_WORD = re.compile(r".*(?:updated|modified|diperbarui).*", re.IGNORECASE)
PUBLISHED_WORD = re.compile(
    r".*(?:published|publish-date|dtpublished|datecreated|date-?published|wp-block-post-date|entry-date|post-date).*",
    re.IGNORECASE,
)
MODIFIED_TEXT = re.compile(
    r"^\W*(?:last )?(?:updated?|diperbarui|diupdate|terakhir|pembaruan|perbarui|modified|edited)\b", re.IGNORECASE
)
# So many pieces before the title stand in its header; what comes earlier is the page's own, today's date for one.
CHROME = 5
URL_DATE = re.compile(r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})/")


class Moments:
    """`published` and `modified` are the chosen dates' own words, None where none can be read; `source` tells where
    `published` was found.

    Metadata comes first: it is exact to the second and no theme cuts it. Then `time` elements, visible text, the
    address. Where a `time` on the page shows the same clock with the portal's offset while the metadata calls it UTC,
    the metadata is wrong; where both are the same moment, the one in local time is kept.
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
        self.metadata, self.outline = metadata, outline
        self.title_position, self.container = title_position, container
        self.timezone = timezone or UTC
        self.now = datetime.fromisoformat(fetched_at) if fetched_at else None
        self.own = own

    def read(self, text: str) -> datetime | None:
        try:
            return parse_date(text, self.timezone, now=self.now)
        except ValueError:
            return None

    @cached_property
    def shown(self) -> list[Mark]:
        """The marks that may show the article's own dates, nearest to the title first."""
        marks = [
            m
            for m in self.outline.marks
            if m.region not in ELSEWHERE
            and m.element.tag not in ("article", "body")
            and m.position >= self.title_position - CHROME
            and (
                m.element.tag == "time"
                or "date" in (m.element.get("itemprop") or "").lower()
                or any(map(DATE_WORD.fullmatch, m.names.split()))
            )
        ]
        marks = [m for m in marks if not self._in_card(m.element)]
        return sorted(marks, key=lambda m: (abs(m.position - self.title_position), m.element.tag != "time"))

    def _in_card(self, element: Element) -> bool:
        """Whether an element stands in another article's card: one that does not hold this article's body."""
        own = set() if self.container is None else {self.container.element, *self.container.element.iterancestors()}
        for ancestor in element.iterancestors():
            if ancestor in own:
                return False
            if role(ancestor.tag, ancestor.get("class") or "").card:
                return self.container is not None
        return False

    @staticmethod
    def words(mark: Mark) -> str:
        element = mark.element
        return element.get("datetime") or element.get("content") or mark.text

    def is_modified(self, mark: Mark) -> bool:
        names = f"{mark.names} {mark.element.get('itemprop') or ''}"
        if "published" in names.lower():
            return False  # Twenty Twenty-One writes `published updated` on the publish date
        return any(map(MODIFIED_WORD.fullmatch, names.split())) or MODIFIED_TEXT.match(mark.text) is not None

    @property
    def _text_start(self) -> int:
        """Index of the first piece that may be the article's text: what stands between it and the title is the
        header."""
        start = self.container.start if self.container else 0
        return max(start, self.title_position)

    def candidates(self) -> Iterator[tuple[str, str]]:
        """Every (source, words) that may be the publish date, most trusted first."""
        yield from (("own", text) for text in self.own if text.strip())
        article = self.metadata.article
        yield from (
            ("json-ld", text) for text in texts(article.get("datePublished")) or texts(article.get("dateCreated"))
        )
        for name in (
            "article:published_time",
            "og:article:published_time",
            "og:published_time",
            "datepublished",
            "date",
            "publishdate",
            "pubdate",
            "dc.date.issued",
            "parsely-pub-date",
        ):
            yield from (
                ("opengraph" if "article" in name else "meta", text) for text in self.metadata.meta.get(name, [])[:1]
            )
        if not article:
            for node in self.metadata.graph:
                if "WebPage" in types(node):
                    yield from (("json-ld", text) for text in texts(node.get("datePublished")))
        shown = [m for m in self.shown if not self.is_modified(m)]
        times = [m for m in shown if m.element.tag == "time" or m.element.get("itemprop")]
        times.sort(
            key=lambda m: not any(map(PUBLISHED_WORD.fullmatch, f"{m.names} {m.element.get('itemprop') or ''}".split()))
        )
        yield from (("time", self.words(m)) for m in times if m.element.get("datetime") or m.element.get("content"))
        for mark in shown:
            if len(mark.text) <= 120:
                yield "text", mark.text
                if part := dated_part(mark.text):
                    yield "text", part
        first = max(0, self.title_position - 3)
        for position, piece in enumerate(self.outline.pieces[first : self._text_start + 1], first):
            if (
                piece.kind in ("p", "ul")
                and len(piece.text) <= 100
                and piece.rule not in ELSEWHERE
                and re.search(r"\d", piece.text)
            ):
                yield "text", piece.text
                in_header = position <= max(self._text_start - 1, self.title_position)
                if in_header and (part := dated_part(piece.text)):
                    yield "text", part
        if match := URL_DATE.search(self.outline.url):
            yield "url", "-".join(match.groups())

    @cached_property
    def _chosen(self) -> tuple[str, str, datetime] | None:
        """The first (source, words, moment) that can be read; a relative date only where nothing else can."""
        relative = None
        for source, words in self.candidates():
            moment = self.read(words)
            if moment is not None and not is_relative(words):
                return source, words, moment
            if moment is not None and relative is None:
                relative = source, words, moment
        return relative

    @cached_property
    def _published(self) -> tuple[str | None, str | None]:
        if self._chosen is None:
            return None, None
        source, words, moment = self._chosen
        if moment.utcoffset() and has_time(words):
            return words, source
        for other, its_words in self.candidates():
            if other == "url" or not has_time(its_words) or (other == "text" and has_time(words)):
                continue
            its = self.read(its_words)
            if its is None:
                continue
            if its.utcoffset() and not moment.utcoffset():
                if its == moment:
                    return its_words, source
                if other == "time" and same_clock(its, moment):
                    return its_words, other
            if not has_time(words) and abs(its - moment) < timedelta(hours=36):
                return its_words, other
        return words, source

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
        stated = [
            *texts(self.metadata.article.get("dateModified")),
            *self.metadata.meta.get("article:modified_time", [])[:1],
            *self.metadata.meta.get("og:updated_time", [])[:1],
            *self.metadata.meta.get("datemodified", [])[:1],
            *(self.words(m) for m in self.shown if self.is_modified(m)),
        ]
        for words in stated:
            moment = self.read(MODIFIED_TEXT.sub("", words).lstrip(" :"))
            if moment is None:
                continue
            if mislabelled and published and not moment.utcoffset():
                moment = moment.replace(tzinfo=published.tzinfo)
            if published is None or moment > published:
                return moment.isoformat() if mislabelled else words
        return None


def same_clock(one: datetime, other: datetime) -> bool:
    """Whether two moments show the same date and hour, each in its own zone."""
    return one.replace(tzinfo=None) == other.replace(tzinfo=None)


def has_time(words: str) -> bool:
    """Whether the words tell an hour, not a day alone."""
    return re.search(r"\d[:.]\d{2}\b|T\d{2}|\b\d{10,}", words) is not None

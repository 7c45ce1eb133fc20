"""Read an archived article's kept pages again, and compare the result with the line that the archive has of it."""

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeAlias

import orjson

from narayacrawl.archive.articles import article
from narayacrawl.archive.writer import segment_line
from narayacrawl.items import Article, digest
from narayacrawl.ledger.database import to_utc
from narayacrawl.ledger.former_revision import FormerRevision
from narayacrawl.ledger.shape import Shape, field_marks
from narayacrawl.pages.broken_page import error_in, is_closed
from narayacrawl.pages.reading import READING
from narayacrawl.pipelines.date import keep_date
from narayacrawl.reread.kept_pages import KeptPages, KeptPlace, read_kept_article, read_kept_pages
from narayacrawl.reread.page_reader import PortalRules, ReadPages, read_pages
from narayacrawl.reread.reading import NotRead, bounded
from narayacrawl.urls import key
from narayacrawl.wordpress.belief import PageText

CRASHED: Final = "not readable"
OLDER: Final = "older than the archive's line"
ANOTHER: Final = "another article's page"
DISBELIEVED: Final = "not believed"
FOR_SUBSCRIBERS: Final = "for subscribers only"
UNWRITABLE: Final = "not encodable"
IDENTITY: Final = ("url", "id", "portal")
"""Fields that tell which article it is: no rule of reading makes it another."""
OF_REVISION: Final = ("revision", "change", "fetched_at")
"""Fields that depend on the revision, not on the page."""
COMPARED: Final = tuple(own.name for own in fields(Article) if own.name not in (*IDENTITY, *OF_REVISION))


@dataclass(frozen=True, slots=True)
class KeptInArchive:
    """An article of the archive that has a kept page."""

    article: int
    """Its id in the ledger."""
    url: str
    line: bytes = field(repr=False)
    """Its last revision in the archive."""
    place: KeptPlace
    source_length: int = 0
    """Characters of its text by the word of a feed; 0 if none has told."""


@dataclass(frozen=True, slots=True)
class Reread:
    """What today's rules read in an article's kept page."""

    article: int
    old: bytes = field(repr=False)
    new: bytes | None = field(repr=False)
    """The line of its next revision; None where nothing differs."""
    fields: tuple[str, ...]
    """Those that differ, in the record's order."""
    values: dict[str, Any] = field(repr=False)
    """Columns of the ledger that tell of a revision that was read so."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Why an article is left as the archive has it."""

    article: int
    url: str
    reason: str
    """What it is counted under."""
    why: str
    """In one line."""


Result: TypeAlias = Reread | Unread


def read_again(own: KeptInArchive, rules: PortalRules) -> Result:
    """Read one article again; whatever its record does costs itself."""
    old = article(orjson.loads(own.line))
    try:
        return bounded(partial(_read_again, own, old, rules))
    except NotRead as error:
        return Unread(own.article, old.url, error.reason, str(error))
    except Exception as error:  # of one page, whatever it is: all others are read
        return Unread(own.article, old.url, CRASHED, f"{type(error).__name__}: {error}")


def _read_again(own: KeptInArchive, old: Article, rules: PortalRules) -> Reread:
    kept = read_kept_pages(own.place)
    _refuse_other(kept, old)
    read = read_pages(read_kept_article(kept), rules)
    text = _text_of(read, old, kept, own.source_length)
    new = read.article()
    if doubt := text.doubt():
        raise NotRead(FOR_SUBSCRIBERS if doubt.state == "subscribers_only" else DISBELIEVED, doubt.witness)
    marks = field_marks(partial(getattr, new))
    if not _is_of_first_line(kept, old):
        keep_date(new, (old.date, old.date_precision), is_relative=read.has_relative_date)
    differing = tuple(name for name in COMPARED if getattr(new, name) != getattr(old, name))
    next_one = replace(
        new,
        url=old.url,
        id=old.id,
        portal=old.portal,
        revision=old.revision + bool(differing),
        change="reread",
        fetched_at=kept.fetched_at,
    )
    try:
        line = segment_line(next_one) if differing else None
    except TypeError as error:  # half a surrogate pair
        raise NotRead(UNWRITABLE, "it cannot be written as UTF-8") from error
    return Reread(own.article, own.line, line, differing, _values(next_one, marks))


def _refuse_other(kept: KeptPages, old: Article) -> None:
    """Raise `NotRead` where a page is not the one that an archived line is of, or a later one."""
    is_other = None not in (kept.id, old.id) and kept.id != old.id
    # Two portals may have posts with the same id; one that has another name by now keeps its addresses.
    if is_other or (kept.portal != old.portal and key(kept.url) != key(old.url)):
        raise NotRead(ANOTHER, f"{kept.place} is of post {kept.id}, {kept.url}")
    if old.fetched_at and datetime.fromisoformat(kept.fetched_at) < datetime.fromisoformat(old.fetched_at):
        raise NotRead(OLDER, f"{kept.place} was fetched {kept.fetched_at}, the line {old.fetched_at}")


def _is_of_first_line(kept: KeptPages, old: Article) -> bool:
    """True if the archived line was read from this page, and from nothing that was known before."""
    is_first = old.revision == kept.revision == 1 and old.change in ("first", None)
    return is_first and kept.fetched_at == old.fetched_at


def _text_of(read: ReadPages, old: Article, kept: KeptPages, source_length: int) -> PageText:
    """Return what was read as the article's text, beside what the archive has of it."""
    former = FormerRevision(
        revision=old.revision,
        body_length=len(old.body or ""),
        source_length=source_length,
        as_of=to_utc(kept.fetched_at),
    )
    breakage = error_in(read.html) or (None if is_closed(read.html) else "the page ends before its end")
    return PageText(read.page, read.following, read.published, read.post, former, breakage)


def _values(item: Article, marks: str) -> dict[str, Any]:
    return {
        "revision": item.revision,
        "hash": digest(item.title, item.date, item.body),
        "reading": READING,
        "shape": str(Shape.of(item.title, item.body, marks)),
        "body_length": len(item.body),
        "published": item.date,
        "date_precision": item.date_precision,
        "section": item.section,
        "modified": to_utc(item.modified),
    }

"""Tell which kept pages a WARC of the archive says are an article's: what its `metadata` records say, held against the
records that they name."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from narayacrawl.archive.warc import WARC, run_of, warcs_of_runs
from narayacrawl.archive.warc_records import Damaged, WarcRecord, read_records
from narayacrawl.ledger.kept_pages import KeptPage
from narayacrawl.ledger.rebuild import FoundPage, FoundWarc

JSON: Final = "application/json"


class Answer(NamedTuple):
    """A `response` record."""

    offset: int
    uri: str
    moment: str
    """Its WARC-Date."""
    digest: str
    """Of its payload."""


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """What one `metadata` record says: an article that the archive acknowledged, and the records of its pages."""

    offset: int
    """Of the `metadata` record."""
    url: str
    id: int | None
    revision: int
    fetched_at: str
    record: str
    """Id of its first page's record."""
    answers: Mapping[str, Answer]
    """The answers that it names, its first page's first, by the ids of their records."""
    missing: tuple[str, ...]
    """Ids of records that it names and that do not stand where it says."""

    @property
    def page(self) -> Answer | None:
        """The answer with its first page; None where it is not there."""
        return self.answers.get(self.record)


def found_warcs(
    folder: Path,
    damaged: Callable[[Path, int, str], object] = lambda *_: None,
    show: Callable[[Sequence[Path]], Iterable[Path]] = iter,
) -> Iterator[FoundWarc]:
    """Yield the sealed WARCs of a portal's folder, oldest first, and the pages that they keep; each is to be read
    before the next. `show` passes the files on and sees how far it is."""
    for path in show(list(warcs_of_runs(folder).values())):
        name = run_of(path.name.removesuffix(WARC))
        yield FoundWarc(name, path.stat().st_size, found_pages(path, partial(damaged, path)))


def found_pages(path: Path, damaged: Damaged) -> Iterator[FoundPage]:
    """Yield the pages that a WARC keeps of articles, oldest first."""
    for kept in kept_articles(path, damaged):
        if page := kept.page:
            row = KeptPage(0, kept.offset, page.uri, page.moment, kept.record, page.digest)
            yield FoundPage(kept.url, kept.id, row)


def kept_articles(
    path: Path, damaged: Damaged, size: int | None = None, look: Callable[[WarcRecord], object] | None = None
) -> Iterator[KeptArticle]:
    """Yield what each `metadata` record of a WARC says, in order; what is no record, or none that a crawl can have
    written, is told to `damaged`. With `look`, which is shown each whole record, the digests are checked, too."""
    answers: dict[str, Answer] = {}
    for record in read_records(path, size, damaged):
        if look is not None:
            if reason := record.mismatch():
                damaged(record.offset, reason)
                continue
            look(record)
        if record.type == "response":
            digest = record.field("WARC-Payload-Digest")
            answers[record.id] = Answer(record.offset, record.uri, record.field("WARC-Date"), digest)
        elif (told := metadata_of(record)) is not None:
            try:
                yield _kept_article(record, told, answers)
            except (ValueError, TypeError, KeyError, AttributeError):
                damaged(record.offset, "not what a crawl writes of an article's pages")


def metadata_of(record: WarcRecord) -> dict[str, Any] | None:
    """Return what a `metadata` record of a crawl says of an article; None of any other record."""
    if record.type != "metadata" or not record.field("Content-Type").startswith(JSON):
        return None
    try:
        told = orjson.loads(record.block)
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}


def named_records(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what names the records of an article: its pages in order, then the REST API's answer; each has `id` and
    `offset`."""
    return [*told["pages"], *([told["rest"]] if told.get("rest") else [])]


def _kept_article(record: WarcRecord, told: Mapping[str, Any], answers: Mapping[str, Answer]) -> KeptArticle:
    named = {str(own["id"]): int(own["offset"]) for own in named_records(told)}
    found = {own: answers[own] for own, offset in named.items() if own in answers and answers[own].offset == offset}
    return KeptArticle(
        offset=record.offset,
        url=str(told["url"]),
        id=None if told["id"] is None else int(told["id"]),
        revision=int(told["revision"]),
        fetched_at=str(told["fetched_at"]),
        record=str(told["pages"][0]["id"]),
        answers=found,
        missing=tuple(own for own in named if own not in found),
    )

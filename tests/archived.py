"""Archives for tests: segments as a crawl writes them."""

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from narayacrawl.archive.segment_files import read_lines
from narayacrawl.archive.segments import seal, sealed_segments, segment_name
from narayacrawl.archive.writer import SegmentWriter, segment_line
from narayacrawl.items import Article, Image, RelatedLink
from narayacrawl.ledger.database import open_ledger

ARTICLE: Final = Article(
    url="https://portal.example/1/",
    id=1,
    portal="portal.example",
    site_name=None,
    title="Dermaga kayu “diganti” beton",
    description=None,
    standfirst=None,
    date="2025-11-24T23:30:00+07:00",
    date_precision="second",
    modified=None,
    authors=["Sari Wulandari"],
    editors=[],
    section="Daerah",
    sections=["Daerah"],
    tags=["dermaga", "muara"],
    dateline=None,
    body="Tukang perahu pindah ke hulu.\n\nTiang ditanam di muara.",
    body_html="<p>Tukang perahu pindah ke hulu.</p>\n<p>Tiang ditanam di muara.</p>",
    words=9,
    images=[Image("https://portal.example/a.jpg", caption="Dermaga")],
    media=[],
    related=[RelatedLink("Pasar pindah", "https://portal.example/2/")],
    language="id",
    free=None,
    revision=1,
    change="first",
    fetched_at="2025-11-25T02:00:00+00:00",
)


def article(number: int, **changes: Any) -> Article:
    own: dict[str, Any] = {"id": number, "url": f"https://portal.example/{number}/"} | changes
    return dataclasses.replace(ARTICLE, **own)


def name(run: int, month: int = 11) -> str:
    """The segment of a run: a run an hour, of that month."""
    return segment_name(datetime(2025, month, 1, tzinfo=UTC) + timedelta(hours=run), run)


def write_part(folder: Path, run: int, articles: Sequence[Article], month: int = 11) -> Path:
    """The unsealed segment of a run, whole."""
    folder.mkdir(parents=True, exist_ok=True)
    writer = SegmentWriter(folder, name(run, month))
    writer.append([segment_line(article) for article in articles])
    writer.close()
    return writer.path


def write_segment(
    folder: Path, run: int, articles: Sequence[Article], *, month: int = 11, compression: str = ""
) -> Path:
    """The sealed segment of a run."""
    write_part(folder, run, articles, month)
    seal(folder, name(run, month), compression)
    return sealed_segments(folder)[name(run, month)]


def all_lines(folder: Path) -> list[bytes]:
    """Every line of the sealed segments, in order."""
    return [line for path in sealed_segments(folder).values() for line in read_lines(path)]


@contextmanager
def archive_ledger(folder: Path) -> Iterator[Connection]:
    """The ledger of an archive, which is made if there is none."""
    connection = open_ledger(f"sqlite:///{folder / 'ledger.db'}")
    try:
        yield connection
    finally:
        connection.close()

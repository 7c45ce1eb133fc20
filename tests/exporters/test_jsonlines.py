import dataclasses
import errno
import gzip
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from narayacrawl.archive.writer import SegmentWriter, segment_line
from narayacrawl.exporters.jsonlines import JsonLinesExporter
from narayacrawl.items import Article, Image, RelatedLink
from tests.conftest import Portal, Scrapy

GZIP = "scrapy.extensions.postprocessing.GzipPlugin"
ARTICLE = Article(
    url="https://portal.example/1",
    id=1,
    portal="standin",
    site_name=None,
    title="“Naik” – kata warga",
    description=None,
    standfirst=None,
    date="2026-01-05T09:00:00+07:00",
    date_precision="second",
    modified=None,
    authors=["Sari"],
    editors=[],
    section="Ekonomi",
    sections=["Ekonomi"],
    tags=[],
    dateline=None,
    body="Satu.\n\nDua.",
    body_html="<p>Satu.</p>\n<p>Dua.</p>",
    words=9,
    images=[Image("https://portal.example/a.jpg", caption="Pasar")],
    media=[],
    related=[RelatedLink("Lain", "https://portal.example/2")],
    language="id",
    free=None,
    revision=1,
    change="first",
    fetched_at="2026-01-05T02:00:00+00:00",
)


def export(file: Any, *items: Any) -> None:  # noqa: ANN401
    exporter = JsonLinesExporter(file, encoding="utf-8")
    exporter.start_exporting()
    for item in items:
        exporter.export_item(item)
    exporter.finish_exporting()


def test_record_has_the_fields_in_their_order() -> None:
    file = io.BytesIO()
    export(file, ARTICLE)
    assert list(json.loads(file.getvalue())) == [field.name for field in dataclasses.fields(Article)]


def test_record_holds_nested_dataclasses_as_objects() -> None:
    file = io.BytesIO()
    export(file, ARTICLE)
    assert json.loads(file.getvalue()) == dataclasses.asdict(ARTICLE)


def test_record_is_utf8_and_not_escaped() -> None:
    file = io.BytesIO()
    export(file, ARTICLE)
    assert "“Naik” – kata warga".encode() in file.getvalue()


@pytest.mark.parametrize("length", [10, 8191, 8192, 8193, 100_000])
def test_line_is_written_whole_and_at_once(length: int) -> None:
    writes: list[bytes] = []

    class Raw(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:  # noqa: ANN401
            writes.append(bytes(data))
            return len(data)

    export(io.BufferedWriter(Raw()), {"body": "a" * length}, {"body": "b"})
    assert [json.loads(line) for line in writes] == [{"body": "a" * length}, {"body": "b"}]


def test_full_disk_is_an_error() -> None:
    with Path("/dev/full").open("wb") as file:
        with pytest.raises(OSError, match="No space left") as caught:
            export(file, ARTICLE)
        os.dup2(os.open(os.devnull, os.O_WRONLY), file.fileno())
    assert caught.value.errno == errno.ENOSPC


# Through Scrapy


def crawl(scrapy: Scrapy, portal: Portal, *args: str) -> tuple[int, str, str]:
    """Exit status, stdout and the last line of stderr."""
    done = scrapy("crawl", "standin", "-a", f"url={portal.url}", *args)
    return done.returncode, done.stdout, done.stderr.splitlines()[-1]


@pytest.mark.parametrize("extension", ["jl", "jsonl", "jsonlines"])
def test_feed_holds_every_article(extension: str, scrapy: Scrapy, portal: Portal, tmp_path: Path) -> None:
    portal.add_articles("Satu", "Dua")
    output = tmp_path / f"articles.{extension}"
    crawl(scrapy, portal, "-O", str(output))
    assert {json.loads(line)["title"] for line in output.read_text().splitlines()} == {"Satu", "Dua"}


def test_stdout_holds_articles_and_nothing_else(scrapy: Scrapy, portal: Portal) -> None:
    portal.add_articles("Satu", "Dua")
    _, stdout, _ = crawl(scrapy, portal, "-o", "-:jsonl")
    assert {json.loads(line)["title"] for line in stdout.splitlines()} == {"Satu", "Dua"}


def test_compressed_feed_holds_every_article(scrapy: Scrapy, portal: Portal, tmp_path: Path) -> None:
    portal.add_articles("Satu", "Dua")
    output = tmp_path / "articles.jsonl.gz"
    crawl(scrapy, portal, "-s", f"FEEDS={json.dumps({str(output): {'format': 'jsonl', 'postprocessing': [GZIP]}})}")
    lines = gzip.decompress(output.read_bytes()).splitlines()
    assert {json.loads(line)["title"] for line in lines} == {"Satu", "Dua"}


def test_append_keeps_what_was_there(scrapy: Scrapy, portal: Portal, tmp_path: Path) -> None:
    portal.add_articles("Satu")
    output = tmp_path / "articles.jsonl"
    crawl(scrapy, portal, "-o", str(output))
    crawl(scrapy, portal, "-o", str(output))
    assert len(output.read_text().splitlines()) == 2


@pytest.mark.parametrize("uri", ["/dev/full:jsonl", "/dev/full:csv"])
def test_full_disk_fails_the_crawl(uri: str, scrapy: Scrapy, portal: Portal) -> None:
    portal.add_articles("Satu")
    status, _, line = crawl(scrapy, portal, "-O", uri)
    assert (status, line) == (1, "scrapy crawl: output failed: No space left on device: /dev/full")


@pytest.mark.parametrize("feed", [{"format": "json"}, {"format": "jsonl", "postprocessing": [GZIP]}], ids=str)
def test_full_disk_at_the_end_fails_the_crawl(feed: dict[str, Any], scrapy: Scrapy, portal: Portal) -> None:
    portal.add_articles("Satu")
    status, _, line = crawl(scrapy, portal, "-s", f"FEEDS={json.dumps({'/dev/full': feed})}")
    assert (status, line) == (
        1,
        "scrapy crawl: output failed: a feed could not be stored (1 FileFeedStorage): see the log",
    )


def test_full_disk_stops_the_crawl(scrapy: Scrapy, portal: Portal) -> None:
    portal.add_articles(*(f"Berita {number}" for number in range(200)))
    crawl(scrapy, portal, "-O", "/dev/full:jsonl")
    assert len(portal.asked) < 100


@pytest.mark.parametrize("below", ["", "a-file/articles.jsonl"])
def test_feed_that_cannot_be_opened_fails_before_the_first_request(
    below: str, scrapy: Scrapy, portal: Portal, tmp_path: Path
) -> None:
    (tmp_path / "a-file").touch()
    portal.add_articles("Satu")
    status, _, line = crawl(scrapy, portal, "-O", f"{tmp_path / below}:jsonl")
    assert (status, line[: len("scrapy crawl: output failed: ")]) == (1, "scrapy crawl: output failed: ")
    assert portal.asked == []


def test_unknown_storage_is_refused(scrapy: Scrapy, portal: Portal) -> None:
    status, _, line = crawl(scrapy, portal, "-o", "carrier-pigeon://loft/articles.jsonl")
    assert (status, line) == (
        2,
        "scrapy crawl: no feed storage or format for carrier-pigeon://loft/articles.jsonl",
    )


@pytest.mark.slow
def test_closed_stdout_fails_the_crawl(scrapy: Scrapy, portal: Portal, project: Path) -> None:
    portal.add_articles("Satu")
    with Path("/dev/full").open("wb") as full:
        done = scrapy("crawl", "standin", "-a", f"url={portal.url}", "-o", "-:jsonl", stdout=full)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        1,
        "scrapy crawl: output failed: No space left on device: stdout:",
    )


# Segments


def test_line_of_a_segment_says_what_the_feed_says() -> None:
    file = io.BytesIO()
    export(file, ARTICLE)
    assert json.loads(segment_line(ARTICLE)) == json.loads(file.getvalue())


def test_line_of_a_segment_has_the_fields_in_their_order() -> None:
    assert list(json.loads(segment_line(ARTICLE))) == [field.name for field in dataclasses.fields(Article)]


def test_article_that_cannot_be_said_in_utf_8_is_refused() -> None:
    with pytest.raises(TypeError):
        segment_line(dataclasses.replace(ARTICLE, title="Pasar \ud83d"))


def test_segment_is_never_written_over(tmp_path: Path) -> None:
    first = SegmentWriter(tmp_path, "20251101T000000Z-000001")
    first.append([b"{}\n"])
    first.close()
    with pytest.raises(FileExistsError):
        SegmentWriter(tmp_path, first.name).append([b"[]\n"])
    assert first.path.read_bytes() == b"{}\n"

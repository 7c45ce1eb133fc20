import json
from pathlib import Path

import pytest

import narayacrawl
from narayacrawl import Article, Image, RelatedLink
from narayacrawl.archive.segment_files import ArchiveError
from narayacrawl.archive.segments import seal
from tests.archive.test_reader import first_lines, write_ledger
from tests.archived import ARTICLE, article, name, write_part, write_segment


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "portal"


def titles(folder: Path) -> list[str]:
    return [article.title for article in narayacrawl.read(folder)]


def test_gives_the_last_revision_of_each_article(folder: Path) -> None:
    write_segment(folder, 1, [article(1, title="a1"), article(2, title="b1")], compression="zstd")
    write_segment(folder, 2, [article(1, title="a2", revision=2)])
    assert titles(folder) == ["b1", "a2"]


def test_gives_articles_as_they_were_written(folder: Path) -> None:
    write_segment(folder, 1, [ARTICLE])
    assert list(narayacrawl.read(str(folder))) == [ARTICLE]


def test_what_an_older_archive_lacks_is_none_or_empty(folder: Path) -> None:
    folder.mkdir()
    record = {"url": "https://portal.example/1/", "id": 1, "date": "2025-11-24T23:30:00+07:00", "revision": 1}
    images = [{"url": "https://portal.example/a.jpg", "width": 300}]
    related = [{"title": "Pasar", "url": "https://portal.example/2/"}]
    line = json.dumps({**record, "images": images, "related": related, "topics": ["a"], "tags": None})
    (folder / f"{name(1)}.jsonl").write_text(f"{line}\n", encoding="utf-8")
    [found] = narayacrawl.read(folder)
    assert isinstance(found, Article)
    assert (found.images, found.related) == (
        [Image("https://portal.example/a.jpg")],
        [RelatedLink("Pasar", "https://portal.example/2/")],
    )
    lacking = {"title": found.title, "section": found.section, "authors": found.authors, "tags": found.tags}
    assert lacking == {"title": None, "section": None, "authors": [], "tags": []}
    assert (found.standfirst, found.date_precision, found.free) == (None, None, None)
    added: dict[str, object] = {"site_name": found.site_name, "sections": found.sections, "media": found.media}
    assert added | {"words": found.words} == {"site_name": None, "sections": [], "media": [], "words": None}


def test_beside_a_running_crawl_what_its_ledger_acknowledged_is_read(folder: Path) -> None:
    part = write_part(folder, 1, [article(1, title="a1"), article(2, title="b1")])
    write_ledger(folder.parent, (1, name(1), first_lines(part, 1)))
    assert titles(folder) == ["a1"]


def test_a_segment_that_is_sealed_meanwhile_is_read_once(folder: Path) -> None:
    write_segment(folder, 1, [article(1, title="a1")])
    write_part(folder, 2, [article(2, title="b1")])
    articles = narayacrawl.read(folder)
    first = next(articles)
    seal(folder, name(2), "gzip")
    assert [first.title, *(article.title for article in articles)] == ["a1", "b1"]


@pytest.mark.parametrize("path", ["", "tiada"])
def test_a_folder_that_is_no_archive_is_one_line(path: str, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="holds no segment: name a portal's folder"):
        next(narayacrawl.read(tmp_path / path))

"""What WARC files keep of articles, wherever their records stand."""

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from narayacrawl.reread.kept_pages import KeptPages, find_kept, read_kept_article, read_kept_pages
from narayacrawl.reread.reading import NotRead
from tests.reread.kept_file import BASE, Kept

URL: Final = f"{BASE}/ekonomi/perahu/"


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_an_article_is_read_with_all_that_its_crawl_knew(kept: Kept) -> None:
    pages = kept.answer(URL, b"<p>satu", Content_Encoding="gzip"), kept.answer(f"{URL}2/", b"<p>dua")
    rest = kept.answer(f"{BASE}/wp-json/wp/v2/posts", b"[]", "application/json") | {"post": 7}
    place = kept.article(URL, *pages, rest=rest, timezone="Asia/Makassar")
    read = read_kept_article(read_kept_pages(place))
    assert [(own.url, own.body, own.encodings) for own in read.pages] == [
        (URL, b"<p>satu", (b"gzip",)),
        (f"{URL}2/", b"<p>dua", ()),
    ]
    assert read.pages[0].content_type == "text/html; charset=UTF-8"
    assert (read.rest and read.rest.body, read.post) == (b"[]", 7)
    assert (read.url, read.id, read.timezone, read.base) == (URL, 7, "Asia/Makassar", f"{BASE}/")


def test_the_articles_of_a_file_are_found_in_order(kept: Kept) -> None:
    places = [kept.article(f"{URL}{number}/", kept.answer(URL, b"<p>"), id=number) for number in range(3)]
    assert [(own.place, own.id) for own in found(kept.path)] == [(place, number) for number, place in enumerate(places)]


def found(path: Path) -> list[KeptPages]:
    return [own for own in find_kept(path) if isinstance(own, KeptPages)]


def joined(path: Path, target: Path) -> None:
    target.write_bytes(path.read_bytes() * 2)


def unpacked(path: Path, target: Path) -> None:
    target.write_bytes(gzip.decompress(path.read_bytes()))


def packed_whole(path: Path, target: Path) -> None:
    target.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())))


@pytest.mark.parametrize("change", [joined, unpacked])
def test_answers_are_found_though_they_stand_elsewhere(
    change: Callable[[Path, Path], None], kept: Kept, tmp_path: Path
) -> None:
    kept.article(URL, kept.answer(URL, b"<p>satu"))
    change(kept.path, tmp_path / "other.warc")
    *_, last = found(tmp_path / "other.warc")
    assert read_kept_article(last).pages[0].body == b"<p>satu"


def test_a_file_that_is_written_still_is_found_when_it_was_sealed(kept: Kept) -> None:
    place = kept.article(URL, kept.answer(URL, b"<p>satu"))
    shutil.move(kept.path, kept.path.with_name(kept.path.name.removesuffix(".part")))
    assert read_kept_article(read_kept_pages(place)).pages[0].body == b"<p>satu"


def spoil(path: Path, offset: int) -> None:
    content = bytearray(path.read_bytes())
    content[offset + 250] ^= 0x55
    path.write_bytes(content)


def cut(path: Path, offset: int) -> None:
    path.write_bytes(path.read_bytes()[: offset + 60])


@pytest.mark.parametrize("damage", [spoil, cut])
def test_a_damaged_answer_costs_its_article(damage: Callable[[Path, int], None], kept: Kept) -> None:
    answer = kept.answer(URL, bytes(range(256)) * 4)
    kept.article(f"{URL}lain/", kept.answer(URL, b"<p>dua"))
    place = read_kept_pages(kept.article(URL, answer))
    damage(kept.path, answer["offset"])
    with pytest.raises(NotRead) as caught:
        read_kept_article(place)
    assert caught.value.reason == "broken record"


TOLD: dict[str, dict[str, Any]] = {
    "no page": {"pages": []},
    "no list": {"pages": 7},
    "an offset that is none": {"pages": [{"id": "x", "offset": "awal"}]},
    "no moment": {"fetched_at": "kemarin"},
    "a post without a record": {"rest": {"post": 7}},
}


@pytest.mark.parametrize("told", TOLD.values(), ids=TOLD)
def test_a_record_that_tells_otherwise_is_broken(told: dict[str, Any], kept: Kept) -> None:
    kept.article(URL, kept.answer(URL, b"<p>satu"), **told)
    [error] = find_kept(kept.path)
    assert isinstance(error, NotRead)
    assert error.reason == "broken record"


@pytest.mark.parametrize("offset", [0, 7, 10_000])
def test_a_record_that_is_not_where_it_should_be_is_broken(offset: int, kept: Kept) -> None:
    place = kept.article(URL, {"id": "<urn:uuid:0>", "offset": offset})
    with pytest.raises(NotRead) as caught:
        read_kept_article(read_kept_pages(place))
    assert caught.value.reason == "broken record"


def test_a_missing_file_is_told(kept: Kept) -> None:
    place = kept.article(URL, kept.answer(URL, b"<p>satu"))
    kept.path.unlink()
    with pytest.raises(NotRead) as caught:
        read_kept_pages(place)
    assert caught.value.reason == "missing WARC"


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"WARC/1.1\r\n", b"\x1f\x8b\x08\x00\x00"])
def test_a_file_that_is_no_warc_keeps_nothing(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(content)
    assert found(tmp_path / "a.warc.gz") == []

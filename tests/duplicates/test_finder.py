"""The whole search over a few articles: each copy with its source, nothing else."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.made_up_copies import COPIES, RELATED
from benchmarks.made_up_news import ARTICLES, body
from benchmarks.made_up_series import SERIES
from narayacrawl.duplicates import finder
from narayacrawl.duplicates.finder import Finder
from narayacrawl.duplicates.rows import rows_of
from narayacrawl.duplicates.text_file import TextFile
from narayacrawl.extensions.progress import Work

SURE = [kind for kind in COPIES if "15 %" not in kind and "10 %" not in kind]


def record(number: int, text: str) -> dict[str, Any]:
    return {
        "portal": "satu.example",
        "id": number,
        "url": f"https://satu.example/{number}/",
        "title": f"Judul {number}",
        "date": f"2025-11-{1 + number // 24:02}T{number % 24:02}:00:00+07:00",
        "fetched_at": None,
        "body": text,
        "tags": ["tidak dipakai"],
    }


@pytest.fixture
def texts() -> Iterator[TextFile]:
    """A source for each kind of copy, the copies, and texts that are none."""
    chance = random.Random(2)
    articles = [ARTICLES["free"](random.Random(seed)) for seed in range(len(SURE))]
    made = [*articles, *(COPIES[kind](chance, text) for kind, text in zip(SURE, articles, strict=True))]
    made += [RELATED[kind](chance, articles[0]) for kind in RELATED]
    made += [make(chance) for make in SERIES.values() for _ in range(3)]
    with TextFile() as own:
        for number, text in enumerate(made):
            own.append(record(number, body(text)))
        yield own


def copies(found: Finder) -> set[tuple[int, int]]:
    return {(group.first, copy) for group in found.groups(Work("")) for copy in group.copies}


def test_every_copy_is_found_with_its_source(texts: TextFile) -> None:
    found = Finder(texts)
    assert copies(found) == {(place, place + len(SURE)) for place in range(len(SURE))}
    assert found.short == 3  # the captions


def test_rows_tell_the_groups_in_order(texts: TextFile) -> None:
    rows = list(rows_of(Finder(texts).groups(Work("")), texts))
    assert [(row.rank, row.id) for row in rows[:4]] == [(1, 0), (2, len(SURE)), (1, 1), (2, len(SURE) + 1)]
    assert (rows[0].jaccard, rows[0].lacks) == (None, None)
    assert (rows[1].jaccard, rows[1].containment, rows[1].lacks, rows[1].adds) == (1.0, 1.0, 0, 0)
    assert [row.date for row in rows[::2]] == sorted(str(row.date) for row in rows[::2])


def test_many_copies_of_one_article_are_one_group() -> None:
    chance = random.Random(4)
    article = ARTICLES["free"](chance)
    others = [ARTICLES["free, short"](chance) for _ in range(3)]
    with TextFile() as texts:
        for number, text in enumerate([article, *(COPIES[kind](chance, article) for kind in SURE), *others]):
            texts.append(record(number, body(text)))
        assert copies(Finder(texts)) == {(0, copy) for copy in range(1, len(SURE) + 1)}


def test_page_that_is_kept_twice_is_no_copy_of_itself() -> None:
    text = body(ARTICLES["free"](random.Random(1)))
    with TextFile() as texts:
        for portal in ("satu.example", "satu-lama"):
            texts.append(record(1, text) | {"portal": portal})
        assert copies(Finder(texts)) == set()


def test_nothing_is_found_among_nothing() -> None:
    with TextFile() as texts:
        assert Finder(texts).groups(Work("")) == []
        texts.append(record(1, ""))
        assert Finder(texts).groups(Work("")) == []


def test_file_of_texts_is_gone_in_the_end() -> None:
    with TextFile() as texts:
        assert texts.path.exists()
    assert not texts.path.exists()


@pytest.mark.slow
def test_pool_finds_the_same(texts: TextFile, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = copies(Finder(texts))
    monkeypatch.setattr(finder, "MIN_FOR_POOL", 1)
    monkeypatch.setattr(finder, "processors", lambda: 2)
    assert copies(Finder(texts)) == alone

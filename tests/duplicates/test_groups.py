"""A group is an article and the copies of it; a chain ties no ends together."""

from datetime import UTC, datetime, timedelta

from narayacrawl.duplicates.comparison import Similarity
from narayacrawl.duplicates.groups import group_copies, group_id, order_of

ALIKE = Similarity(0.5, 0.7)
DAY = datetime(2025, 11, 24, tzinfo=UTC)


def groups(pairs: set[tuple[int, int]], *later: tuple[int, int]) -> list[tuple[int, list[int]]]:
    """First article and copies of each group; articles are published in the order of their numbers. `later` are alike,
    but were not proposed."""
    numbers = {number for pair in pairs for number in pair}
    orders = {number: (DAY + timedelta(number), DAY, "portal", str(number)) for number in numbers}

    def compare(one: int, other: int) -> Similarity | None:
        return ALIKE if (one, other) in later else None

    found = group_copies(dict.fromkeys(pairs, ALIKE), orders, compare)
    return [(group.first, list(group.copies)) for group in found]


def test_copies_of_the_earliest_are_its_group() -> None:
    assert groups({(1, 2), (1, 3), (2, 3)}) == [(1, [2, 3])]


def test_end_of_a_chain_is_compared_with_its_beginning() -> None:
    assert groups({(1, 2), (2, 3)}, (1, 3)) == [(1, [2, 3])]


def test_ends_of_a_chain_that_are_not_alike_stand_in_two_groups() -> None:
    assert groups({(1, 2), (2, 3), (3, 4)}) == [(1, [2]), (2, [3]), (3, [4])]


def test_copy_of_two_belongs_to_the_earlier_one() -> None:
    assert groups({(1, 3), (2, 3)}) == [(1, [3])]


def test_article_without_a_date_comes_last() -> None:
    record = {"portal": "p", "url": "https://p.example/", "date": "2025-11-24T23:30:00+07:00", "fetched_at": None}
    changes: tuple[dict[str, str | None], ...] = (
        {"date": None},
        {},
        {"date": "2025-11-24T16:45:00+00:00"},
        {"portal": "o"},
    )
    records = [{**record, **change} for change in changes]
    assert sorted(range(4), key=lambda number: order_of(records[number])) == [3, 1, 2, 0]


def test_name_is_of_the_first_article_alone() -> None:
    record = {"portal": "p", "url": "https://p.example/a/", "id": 4, "title": "A"}
    assert group_id(record) == group_id(record | {"url": "https://p.example/b/", "title": "B"})
    assert group_id(record) != group_id(record | {"portal": "q"})

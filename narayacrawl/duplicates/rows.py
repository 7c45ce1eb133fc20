"""Tell the groups of copies as rows: one an article of a group, the earliest first."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from narayacrawl.duplicates.comparison import Text, word_changes_of
from narayacrawl.duplicates.groups import Group, group_id
from narayacrawl.duplicates.text_file import TextFile


@dataclass(frozen=True, slots=True)
class Row:
    """An article of a group."""

    group: str
    """Names the group after its first article: the same in every run."""
    rank: int
    """1 for the first article, its copies from 2 on in the order in which they were published."""
    portal: str
    id: int | None
    url: str
    title: str
    date: str | None
    fetched_at: str | None
    words: int
    """How many words and numbers the text has."""
    jaccard: float | None = None
    """The share of all runs of four words that the first article and this one have in common; None for the first."""
    containment: float | None = None
    """The share that of the shorter one's runs stand in the other; None for the first."""
    lacks: int | None = None
    """How many words of the first article this one has not; None for the first."""
    adds: int | None = None
    """How many words this one has, and the first article has not."""


FIELDS: Final = tuple(field.name for field in dataclasses.fields(Row))


def rows_of(groups: Iterable[Group], texts: TextFile) -> Iterator[Row]:
    """Yield the rows of groups, group by group."""
    for group in groups:
        record = texts[group.first]
        first = Text(record["body"] or "")
        row = Row(**_told(record), group=group_id(record), rank=1, words=len(first.words))
        yield row
        for rank, (number, similarity) in enumerate(group.copies.items(), 2):
            record = texts[number]
            copy = Text(record["body"] or "")
            lacks, adds = word_changes_of(first, copy)
            yield Row(
                **_told(record),
                group=row.group,
                rank=rank,
                words=len(copy.words),
                jaccard=round(similarity.jaccard, 3),
                containment=round(similarity.containment, 3),
                lacks=lacks,
                adds=adds,
            )


def _told(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: record[name] for name in ("portal", "id", "url", "title", "date", "fetched_at")}


def lines_of(groups: Iterable[Group], texts: TextFile) -> Iterator[bytes]:
    """Yield the rows as lines of JSON."""
    return (orjson.dumps(row) for row in rows_of(groups, texts))

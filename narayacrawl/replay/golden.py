"""Read, write and compare the golden of a saved portal, `articles.jsonl`: the articles its pages yield, one a line,
sorted by address."""

import json
from collections.abc import Iterable, Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, TypeAlias

from narayacrawl.replay.cache_storage import FixtureError, numbered_lines

GOLDEN: Final = "articles.jsonl"
EXCERPT: Final = 70
LEAD: Final = 20

Record: TypeAlias = dict[str, Any]


def read_golden(folder: Path) -> list[Record]:
    """Read the golden of a saved portal; `FixtureError` where there is none, or it is empty, unreadable or tells one
    address twice."""
    path = folder / GOLDEN
    records: dict[str, Record] = {}
    for number, line in numbered_lines(path):
        try:
            record = json.loads(line)
            url = record["url"]
        except (ValueError, TypeError, KeyError) as error:
            raise FixtureError(f"{path}:{number}: not an article: {error}") from error
        if records.setdefault(url, record) is not record:
            raise FixtureError(f"{path}:{number}: a second time: {url}")
    if not records:
        raise FixtureError(f"{path}: empty, which would expect nothing")
    return list(records.values())


def write_golden(folder: Path, records: Iterable[Record]) -> None:
    """Write the golden, at once or not at all."""
    by_url = sorted(records, key=itemgetter("url"))
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in by_url]
    part = folder / f"{GOLDEN}.part"
    part.write_text("".join(lines), encoding="utf-8", newline="\n")
    part.replace(folder / GOLDEN)


def differences(golden: Iterable[Record], articles: Iterable[Record]) -> Iterator[str]:
    """Tell how `articles` differ from the golden, a text for each article, sorted by address.

    `+ url` is new, `- url` gone, `~ url` changed, with a line for each field: `    title: "old" → "new"`. An article
    that came twice is new the second time.
    """
    expected = {record["url"]: record for record in golden}
    found: dict[str, list[Record]] = {}
    for record in articles:
        found.setdefault(record["url"], []).append(record)
    for url in sorted(expected.keys() | found.keys()):
        versions = found.get(url, [])
        if url in expected:
            if not versions:
                yield f"- {url}"
            elif changes := list(_changes(expected[url], versions.pop(0))):
                yield "\n".join([f"~ {url}", *changes])
        yield from (f"+ {url}" for _ in versions)


def _changes(old: Record, new: Record) -> Iterator[str]:
    for field in old | new:
        before, after = _shown(old, field), _shown(new, field)
        if before != after:
            # From shortly before the first difference: it may be deep in a body.
            same = next((place for place, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), 0)
            start = max(0, same - LEAD)
            yield f"    {field}: {_excerpt(before, start)} → {_excerpt(after, start)}"


def _shown(record: Record, field: str) -> str:
    return json.dumps(record[field], ensure_ascii=False) if field in record else "(no such field)"


def _excerpt(text: str, start: int) -> str:
    head, tail = "…" if start else "", "…" if len(text) > start + EXCERPT else ""
    return f"{head}{text[start : start + EXCERPT]}{tail}"

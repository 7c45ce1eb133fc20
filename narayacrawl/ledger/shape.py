"""Tell in which way a page differs from the revision that was written: by a few hashes, without its text."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple, Self


class Shape(NamedTuple):
    """The shape of a revision: short hashes of its title and of its body's first and last paragraph, and the body's
    characters. The ledger keeps it as text: `1f2e3d4c 5b6a7988 …`."""

    title: str
    first: str
    last: str
    length: int

    @classmethod
    def of(cls, title: str, body: str) -> Self:
        paragraphs = body.split("\n\n")
        return cls(_short(title), _short(paragraphs[0]), _short(paragraphs[-1]), len(body))

    @classmethod
    def parse(cls, text: str) -> Self:
        title, first, last, length = text.split()
        return cls(title, first, last, int(length))

    def __str__(self) -> str:
        return " ".join(map(str, self))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]


class Difference(NamedTuple):
    """How one article differs from what was written of it."""

    url: str
    ways: frozenset[str]
    """Each a way to differ: `title`, `date`, `body: text before its beginning`, …"""
    before: int
    """Characters of the body that was written."""
    after: int
    edges: frozenset[str] = frozenset()
    """Short hashes of the paragraphs that the body begins or ends with now and did not before."""


def difference(old: str | None, url: str, title: str, body: str, *, is_date_same: bool) -> Difference:
    """Return how an article differs from the revision of this shape; of one whose shape is unknown, only the date is
    compared."""
    ways = [] if is_date_same else ["date"]
    if old is None:
        return Difference(url, frozenset([*ways, "body"]), 0, len(body))
    shape = Shape.parse(old)
    ways += ["title"] if _short(title) != shape.title else []
    ways += _body_ways(shape, body)
    ways = ways or ["body: other words inside"]
    new = Shape.of(title, body)
    edges = {edge for edge, former in ((new.first, shape.first), (new.last, shape.last)) if edge != former}
    return Difference(url, frozenset(ways), shape.length, len(body), frozenset(edges))


def _body_ways(old: Shape, body: str) -> Iterator[str]:
    new = Shape.of("", body)
    if (old.first, old.last, old.length) == (new.first, new.last, new.length):
        return
    hashes = {_short(paragraph) for paragraph in body.split("\n\n")}
    if old.first != new.first:
        yield "body: text before its beginning" if old.first in hashes else "body: another beginning"
    if old.last != new.last:
        yield "body: text after its end" if old.last in hashes else "body: another end"
    if (old.first, old.last) == (new.first, new.last):
        yield "body: longer inside" if new.length > old.length else "body: shorter inside"

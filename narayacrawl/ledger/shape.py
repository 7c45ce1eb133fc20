"""Tell in which way a page differs from the revision that was written: by a few hashes, without its text."""

import hashlib
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple, Self

FIELDS: Final = ("authors", "section", "tags", "description", "language")
AMOUNTS: Final = ("date_precision", "images", "captions")
"""What else of a record a redesign may lose: other values, and less."""
PRECISIONS: Final = {"day": 1, "minute": 2, "second": 3}
ABSENT: Final = "--"
"""Less than any amount, as text."""


class Shape(NamedTuple):
    """The shape of a revision: short hashes of its title and of its body's first and last paragraph, the body's
    characters, and two characters for each other field. The ledger keeps it as text: `1f2e3d4c 5b6a7988 …`."""

    title: str
    first: str
    last: str
    length: int
    fields: str = ""
    """See `field_marks`; empty where the ledger did not note them yet."""

    @classmethod
    def of(cls, title: str, body: str, fields: str = "") -> Self:
        paragraphs = body.split("\n\n")
        return cls(_short(title), _short(paragraphs[0]), _short(paragraphs[-1]), len(body), fields)

    @classmethod
    def parse(cls, text: str) -> Self:
        title, first, last, length, *fields = text.split()
        return cls(title, first, last, int(length), *fields)

    def __str__(self) -> str:
        return " ".join(map(str, self)).rstrip()


def field_marks(value_of: Callable[[str], Any]) -> str:
    """Return two characters for each of a record's `FIELDS`, the precision of its date, its images and its captions: a
    short hash of the value, or how much there is; `--` for none. `value_of` gives the record's fields."""
    marks = [_mark(value_of(name)) for name in FIELDS]
    images = value_of("images") or []
    captioned = sum(1 for image in images if _caption(image))
    amounts = (PRECISIONS.get(value_of("date_precision"), 0), len(images), captioned)
    return "".join([*marks, *(f"{min(amount, 99):02d}" if amount else ABSENT for amount in amounts)])


def _mark(value: Any) -> str:
    text = "\n".join(value) if isinstance(value, list) else value
    return f"{zlib.crc32(text.encode('utf-8', 'replace')) & 0xFF:02x}" if text else ABSENT


def _caption(image: Any) -> str | None:
    caption: str | None = image.get("caption") if isinstance(image, dict) else image.caption
    return caption


def has_captions(shape: str) -> bool:
    """True if a revision of this shape has a picture with a caption."""
    fields = Shape.parse(shape).fields
    return bool(fields) and not fields.endswith(ABSENT)


class Fields(NamedTuple):
    """Which other fields a revision has, which of them a page has lost since, or has less of, and which are others."""

    had: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()


NO_FIELDS: Final = Fields()


def compare_fields(old: str | None, marks: str) -> Fields:
    """Compare fields with those of the revision of this shape; nothing if they are unknown. What it had not is no
    loss."""
    former = Shape.parse(old).fields if old else ""
    pairs = zip((*FIELDS, *AMOUNTS), range(0, len(former), 2), strict=False)
    told = {name: (former[at : at + 2], marks[at : at + 2]) for name, at in pairs}
    had = frozenset(name for name, (before, _) in told.items() if before != ABSENT)
    others = frozenset(name for name in had if _is_other(name, *told[name]))
    lost = frozenset(name for name in others if told[name][1] == ABSENT or name in AMOUNTS)
    return Fields(had, lost, others - lost)


def _is_other(name: str, old: str, new: str) -> bool:
    return new < old if name in AMOUNTS else new != old


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
    fields: Fields = NO_FIELDS


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

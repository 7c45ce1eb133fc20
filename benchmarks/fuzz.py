"""Read mutated pages of a folder and check that each is read: no exception, no long time, every output valid.

    python benchmarks/fuzz.py FOLDER [--pages 100000] [--processes 2] [--seed N] [--only NUMBER]

FOLDER has HTML pages (`*.html`, `*.html.gz`), anywhere below it. Each is changed in one to three ways (`MUTATIONS`),
drawn from the seed and the page's number, and read by `narayacrawl.extract`, which may refuse one that nests too deep;
what comes out is held against the record's schema, and its text must hold no unseen character. The time is the
processor's, over the median of pages as large. A page that raises, takes over 50 times the median and over a second, or
is not valid is named by its number: `--only NUMBER` with the same seed and FOLDER makes it again. The exit status is 1
if there is any.
"""

import argparse
import gzip
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from multiprocessing import Pool
from pathlib import Path
from statistics import median
from typing import Any, Final

from jsonschema import Draft202012Validator
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

import narayacrawl
from narayacrawl.items import article_schema
from narayacrawl.pages.html_parser import PageRefused

TIMES: Final = 50
LEAST: Final = 1.0
"""What takes fewer seconds is not long, however small the page."""
MAX_SHOWN: Final = 20
ADDRESS: Final = "https://portal.example/kabar/perahu-sayur/"
TAG: Final = re.compile(rb"<[^<>]{1,400}>")
ATTRIBUTE: Final = re.compile(rb'\s([\w:-]{1,40})="([^"]{0,400})"')
UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, those that turn the direction of writing, and halves of pairs."""
ENCODINGS: Final = ("utf-16", "windows-1252", "iso-8859-1", "utf-7", "shift_jis", "x-user-defined", "cp037")

Chance = random.Random


def flip_bytes(page: bytes, chance: Chance, other: bytes) -> bytes:
    changed = bytearray(page)
    for _ in range(chance.randint(1, 50)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def drop_tags(page: bytes, chance: Chance, other: bytes) -> bytes:
    share = chance.choice((0.01, 0.1, 0.5))
    return TAG.sub(lambda tag: b"" if chance.random() < share else tag[0], page)


def repeat_tags(page: bytes, chance: Chance, other: bytes) -> bytes:
    share, times = chance.choice(((0.01, 2), (0.1, 2), (0.002, 300)))
    return TAG.sub(lambda tag: tag[0] * times if chance.random() < share else tag[0], page)


def swap_attributes(page: bytes, chance: Chance, other: bytes) -> bytes:
    values = [found[2] for found in ATTRIBUTE.finditer(page)] or [b""]
    return ATTRIBUTE.sub(
        lambda own: b' %s="%s"' % (own[1], chance.choice(values)) if chance.random() < 0.1 else own[0], page
    )


def splice(page: bytes, chance: Chance, other: bytes) -> bytes:
    at = chance.randrange(len(page))
    start, end = sorted((chance.randrange(len(other)), chance.randrange(len(other))))
    return page[:at] + other[start:end] + page[at:]


def join_halves(page: bytes, chance: Chance, other: bytes) -> bytes:
    return page[: chance.randrange(len(page))] + other[chance.randrange(len(other)) :]


def truncate(page: bytes, chance: Chance, other: bytes) -> bytes:
    return page[: chance.randrange(len(page))]


def mislabel(page: bytes, chance: Chance, other: bytes) -> bytes:
    return re.sub(rb'(?i)charset=["\']?[\w-]+', b"charset=" + chance.choice(ENCODINGS).encode(), page)


def encode(page: bytes, chance: Chance, other: bytes) -> bytes:
    return page.decode("utf-8", "replace").encode(chance.choice(("utf-16", "utf-8-sig", "latin-1")), "replace")


def nest(page: bytes, chance: Chance, other: bytes) -> bytes:
    tag = chance.choice((b"div", b"b", b"table", b"blockquote", b"ul><li", b"span", b"section", b"font", b"a href=x"))
    at = chance.choice([found.start() for found in TAG.finditer(page)] or [0])
    return page[:at] + b"<%s>" % tag * chance.choice((5, 300, 3_000)) + page[at:]


def insert_text(page: bytes, chance: Chance, other: bytes) -> bytes:
    texts = ("\u0301" * 5_000, "\u202e", "\x1b[31m", "\ud83d", "&#xD800;", "&#0;", "&amp;nbsp" * 500, "9" * 5_000,
             "31/02/2025 25:61", "<!--", "]]>", "<script>", "<![CDATA[", "\x00", "http://[::1]a/")  # fmt: skip
    at = chance.choice([found.end() for found in TAG.finditer(page)] or [0])
    return page[:at] + chance.choice(texts).encode("utf-8", "surrogatepass") + page[at:]


def repeat_part(page: bytes, chance: Chance, other: bytes) -> bytes:
    start = chance.randrange(len(page))
    part = page[start : start + chance.choice((20, 200, 2_000))]
    return page[:start] + part * chance.choice((2, 20, 200)) + page[start:]


def swap_parts(page: bytes, chance: Chance, other: bytes) -> bytes:
    a, b, c = sorted(chance.randrange(len(page)) for _ in range(3))
    return page[:a] + page[b:c] + page[a:b] + page[c:]


Mutation = Callable[[bytes, Chance, bytes], bytes]
MUTATIONS: Final[tuple[Mutation, ...]] = (
    flip_bytes, drop_tags, repeat_tags, swap_attributes, splice, join_halves, truncate, mislabel, encode, nest,
    insert_text, repeat_part, swap_parts,
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What became of one page."""

    number: int
    file: str
    mutations: str
    size: int
    seconds: float
    trouble: str = ""
    """An exception, or what is wrong with the output."""


@cache
def pages(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.name.endswith((".html", ".html.gz")))


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(article_schema() | {"required": []})


def content(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def mutate(folder: Path, seed: int, number: int) -> tuple[Path, list[str], bytes]:
    """Make page `number`; return the file it is made from, how, and the page."""
    chance = random.Random(f"{seed} {number}")
    path, other = (chance.choice(pages(folder)) for _ in range(2))
    page, names = content(path), []
    for mutation in chance.choices(MUTATIONS, k=chance.randint(1, 3)):
        page = mutation(page or b" ", chance, content(other))
        names.append(mutation.__name__)
    return path, names, page


def strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever a record holds
    """Yield every string in a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def read(task: tuple[Path, int, int]) -> Reading:
    """Read one mutated page, and judge what comes out."""
    folder, seed, number = task
    path, names, page = mutate(folder, seed, number)
    started, trouble = time.process_time(), ""
    try:
        record = asdict(narayacrawl.extract(page, ADDRESS, fetched_at="2026-01-05T03:00:00+00:00"))
        seconds = time.process_time() - started
    except PageRefused:
        seconds = time.process_time() - started
    except Exception as error:
        seconds = time.process_time() - started
        trouble = f"{type(error).__name__}: {error}"
    else:
        if record["date"] is None:
            record["date"] = "2026-01-05T03:00:00+00:00"  # only the crawl's validation drops such an article
        for error in validator().iter_errors(record):
            trouble = f"{'.'.join(map(str, error.path))}: {error.message[:100]}"
        if unseen := [text for text in strings(record) if UNSEEN.search(text)]:
            trouble = f"an unseen character: {ascii(unseen[0])[:100]}"
    return Reading(number, path.name, ", ".join(names), len(page), seconds, trouble)


def judge(readings: list[Reading]) -> list[tuple[Reading, str]]:
    """Return the pages with something wrong, and what."""
    by_size: dict[int, list[float]] = defaultdict(list)
    for reading in readings:
        by_size[reading.size.bit_length()].append(reading.seconds)
    medians = {size: median(seconds) for size, seconds in by_size.items()}
    found = [(reading, reading.trouble) for reading in readings if reading.trouble]
    for reading in readings:
        times = reading.seconds / (medians[reading.size.bit_length()] or 1e-9)
        if times > TIMES and reading.seconds > LEAST:
            found.append((reading, f"{reading.seconds:.1f} s, {times:.0f} times the median"))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--only", type=int, metavar="NUMBER", help="make and read this page alone")
    parser.add_argument("--save", type=Path, metavar="FILE", help="where the page of --only is written")
    options = parser.parse_args()
    if not pages(options.folder):
        parser.error(f"no pages below {options.folder}")
    numbers = range(options.pages) if options.only is None else [options.only]
    if options.save and options.only is not None:
        options.save.write_bytes(mutate(options.folder, options.seed, options.only)[2])
    tasks = [(options.folder, options.seed, number) for number in numbers]
    with Pool(options.processes, maxtasksperchild=2_000) as pool:
        readings = list(pool.imap_unordered(read, tasks, chunksize=20))
    found = judge(readings)
    console = Console(width=160)
    table = Table("page", "of", "changed by", "kB", "trouble", box=None, title=f"seed {options.seed}")
    for reading, trouble in sorted(found, key=lambda pair: pair[0].number)[:MAX_SHOWN]:
        size = f"{reading.size / 1000:.0f}"
        table.add_row(str(reading.number), reading.file, reading.mutations, size, trouble)
    console.print(table, markup=False) if found else None
    seconds = sorted(reading.seconds for reading in readings)
    print(
        f"{len(readings)} pages, {len(found)} with trouble; {1000 * median(seconds):.1f} ms of CPU the median page,"
        f" {1000 * seconds[-1]:.0f} ms the longest"
    )
    sys.exit(bool(found))


if __name__ == "__main__":
    main()

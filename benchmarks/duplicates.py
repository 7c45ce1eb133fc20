"""Measure the search for copies: what is found of each kind of edited copy, what is wrongly taken for one, and how long
it takes.

    python benchmarks/duplicates.py [--articles 20000] [--each 40] [--style "free"]
"""

import argparse
import random
import resource
import time
from collections import Counter
from typing import Any

from benchmarks.made_up_news import ARTICLES, COPIES, RELATED, SERIES, Text, body
from narayacrawl.duplicates.finder import Finder
from narayacrawl.duplicates.text_file import TextFile
from narayacrawl.extensions.progress import Work


def record(number: int, text: Text) -> dict[str, Any]:
    """Return what the search reads of an article; higher numbers are newer."""
    day, minute = divmod(number, 1440)
    return {
        "portal": f"portal-{number % 3}.example", "id": number, "url": f"https://portal.example/{number}/",
        "title": f"Berita {number}", "date": f"{2000 + day // 300}-{day % 300 // 25 + 1:02}-{day % 25 + 1:02}"
        f"T{minute // 60:02}:{minute % 60:02}:00+07:00", "fetched_at": None, "body": body(text),
    }  # fmt: skip


def cpu() -> float:
    """Return the seconds of processor time of this process and of those it has waited for."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--each", type=int, default=40, help="of each kind of copy, and of what is none")
    parser.add_argument("--style", choices=ARTICLES, default="free")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    make = ARTICLES[options.style]
    kinds: list[tuple[str, int | None]] = [("article", None)] * options.articles
    sources = iter(chance.sample(range(options.articles), (len(COPIES) + len(RELATED)) * options.each))
    seed = options.seed * 10**9

    with TextFile() as texts:
        for number in range(options.articles):
            texts.append(record(number, make(random.Random(seed + number))))
        for kinds_of, is_edited in ((COPIES, True), (RELATED, True), (SERIES, False)):
            for kind, changed in kinds_of.items():
                for _ in range(options.each):
                    if is_edited:
                        source = next(sources)
                        text = changed(chance, make(random.Random(seed + source)))
                    else:
                        source, text = None, changed(chance)
                    texts.append(record(len(kinds), text))
                    kinds.append((kind, source))
        made, began = cpu(), time.monotonic()
        finder = Finder(texts)
        work = Work("")
        groups = finder.groups(work)
        took, wall = cpu() - made, time.monotonic() - began
        found = {(group.first, copy): similarity for group in groups for copy, similarity in group.copies.items()}
        right, wrong, of_kind = Counter[str](), Counter[str](), Counter(kind for kind, _ in kinds)
        for first, copy in found:
            kind, source = kinds[copy]
            if kind in COPIES and first == source:
                right[kind] += 1
            else:
                wrong[kind if kind != "article" or kinds[first][0] == "article" else kinds[first][0]] += 1
    for kind in COPIES:
        print(f"{kind:<45} {right[kind]:>5} of {of_kind[kind]:<5} {f'{wrong[kind]} wrong' if wrong[kind] else ''}")
    copies = sum(of_kind[kind] for kind in COPIES)
    print(f"{'recall':<45} {right.total() / copies:.3f}")
    for kind in ("article", *RELATED, *SERIES):
        print(f"{kind:<45} {wrong[kind]:>5} of {of_kind[kind]:<5} taken for copies")
    print(f"{'precision':<45} {right.total() / max(1, right.total() + wrong.total()):.4f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(kinds):,} texts, {took:.1f} s of processor time ({wall:.1f} s), {took / len(kinds) * 1e3:.2f} ms each,"
          f" {peak:.0f} MB, {finder.short} too short")  # fmt: skip


if __name__ == "__main__":
    main()

"""Try the alarms on runs resampled from real articles: normal ones must raise none, broken ones each one.

    python -m benchmarks.alarms FOLDER      saved pages (*.html, *.html.gz) of one or more portals

A page's figures are counted as a crawl counts them; a run is a handful of pages drawn with others like them: the same
section, the same day, posts of pictures.
"""

import gzip
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from parsel import Selector

from narayacrawl.archive.figures import Figures
from narayacrawl.monitors.checks import alarms_of
from narayacrawl.pages import ArticlePage, PageRefused
from narayacrawl.pipelines.body import normalize_body
from narayacrawl.pipelines.count import count_fields
from narayacrawl.pipelines.date import normalize_date
from narayacrawl.wordpress.page_figures import count_page

Stats = dict[str, Any]
NORMAL_RUNS: Final = 200
LARGEST_RUN: Final = 60


@dataclass
class Counts:
    """A stats collector of one run."""

    stats: Stats = field(default_factory=dict)

    def set_value(self, name: str, value: Any) -> None:
        self.stats[name] = value


@dataclass(frozen=True)
class Sample:
    """One article's figures."""

    section: str
    counts: dict[str, int]
    lengths: list[float]


def read_samples(folder: Path) -> list[Sample]:
    """Count the figures of every saved page that is an article."""
    found = []
    for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.html.gz")]):
        raw = path.read_bytes()
        html = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode(errors="replace")
        if sample := sample_of(html, f"https://{folder.name}.example/{path.stem}/"):
            found.append(sample)
    return found


def sample_of(html: str, url: str) -> Sample | None:
    """Count the figures of one page; None where it is no article."""
    try:
        page = ArticlePage(Selector(html), url, fetched_at="2026-01-05T02:00:00+00:00")
        if page.rejection:
            return None
        article = page.published()
    except PageRefused:
        return None
    figures = Figures()
    count_page(page, article, figures)
    count_fields(normalize_body(normalize_date(article)), figures)
    return Sample(article.section or "", dict(figures.counts), figures.lengths)


def run_of(samples: Sequence[Sample]) -> Stats:
    """Return the stats of a run that read these articles."""
    figures, counts = Figures(), Counts()
    for sample in samples:
        figures.counts.update(sample.counts)
        figures.lengths = [a + b for a, b in zip(figures.lengths, sample.lengths, strict=True)]
        if sample.section:
            figures.sections[sample.section] += 1
    figures.record(counts)  # type: ignore[arg-type]
    return {**counts.stats, "narayacrawl/article/read": len(samples)}


def lacking(name: str) -> Callable[[Sample], Sample]:
    """Return what takes a figure away from an article."""
    return lambda sample: replace(sample, counts={key: n for key, n in sample.counts.items() if key != name})


def read_by(field_name: str, rule: str) -> Callable[[Sample], Sample]:
    """Return what has another rule read a field of an article."""

    def change(sample: Sample) -> Sample:
        kept = {key: n for key, n in sample.counts.items() if not key.startswith(f"rule/{field_name}/")}
        return replace(sample, counts={**kept, f"rule/{field_name}/{rule}": 1})

    return change


def cut(sample: Sample) -> Sample:
    """Leave a fifth of an article's text."""
    count, logs, squares = sample.lengths
    return replace(sample, lengths=[count, logs - 1.6 * count, squares - 3.2 * logs + 2.56 * count])


class Room:
    """Draws runs from the articles of one portal."""

    def __init__(self, samples: Sequence[Sample], seed: int) -> None:
        self.samples = samples
        self.random = random.Random(seed)
        self.sections: dict[str, list[Sample]] = {}
        for sample in samples:
            self.sections.setdefault(sample.section, []).append(sample)
        self.pictures = [sample for sample in samples if sample.counts.get("record/pictures")]

    def articles(self, count: int) -> list[Sample]:
        return self.random.choices(self.samples, k=count)

    def like_each_other(self, count: int) -> list[Sample]:
        """Draw a day of one section, or a run with many posts of pictures."""
        if self.pictures and self.random.random() < 0.3:
            return self.random.choices(self.pictures, k=count // 3) + self.articles(count - count // 3)
        large = [own for name, own in self.sections.items() if name and len(own) >= 5]
        section = self.random.choice(large or [self.samples])
        return self.random.choices(section, k=count)

    def normal(self) -> list[Sample]:
        count = self.random.choice([0, 1, 3, self.random.randint(0, 12), self.random.randint(0, LARGEST_RUN)])
        return self.like_each_other(count) if self.random.random() < 0.1 else self.articles(count)

    def history(self, runs: int) -> list[Stats]:
        """Draw past runs, the latest first; the first one read the archive."""
        first = run_of(self.articles(self.random.randint(40, 400)))
        return [*(run_of(self.normal()) for _ in range(runs - 1)), first]


def false_alarms(samples: Sequence[Sample], runs: int = NORMAL_RUNS, seed: int = 1) -> list[str]:
    """Return the alarms of normal runs, each after a history of its own."""
    room, found = Room(samples, seed), []
    for _ in range(runs):
        past = room.history(room.random.randint(1, 50))
        told = alarms_of(run_of(room.normal()), past, [own for own in past if own.get("narayacrawl/record/count")])
        found += [str(alarm) for alarm in told]
    return found


def broken_runs(
    samples: Sequence[Sample], size: int, least: float = 0.4, seed: int = 2
) -> Iterator[tuple[str, list[str]]]:
    """Yield each figure that at least so many articles have, and the alarms of a run in which none has it."""
    room = Room(samples, seed)
    past = room.history(20)
    names = {name for sample in samples for name in sample.counts}
    totals = {name: sum(name in sample.counts for sample in samples) / len(samples) for name in names}
    faults: dict[str, Callable[[Sample], Sample]] = {
        name: lacking(name)
        for name, share in sorted(totals.items())
        if name.startswith(("field/", "mark/")) and share >= least
    }
    for field_name in ("title", "date", "authors", "container"):
        faults[f"rule/{field_name}"] = read_by(field_name, "fallback")
    faults["body/length"] = cut
    for name, fault in faults.items():
        told = alarms_of(run_of([fault(own) for own in room.articles(size)]), past, past)
        yield name, [alarm.name for alarm in told]


def main() -> None:
    for name in sys.argv[1:]:
        samples = read_samples(Path(name))
        found = false_alarms(samples)
        print(
            f"{name}: {len(samples)} articles; {NORMAL_RUNS} normal runs: {len(found)} false alarms", *found, sep="\n  "
        )
        for size in (3, 30):
            told = dict(broken_runs(samples, size))
            missed = [fault for fault, alarms in told.items() if not alarms]
            print(f"  {len(told)} faults over {size} articles: {len(told) - len(missed)} noticed; missed: {missed}")


if __name__ == "__main__":
    main()

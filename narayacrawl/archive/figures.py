"""Count what the articles of one run are like, in memory: its stats hold the figures at the run's end."""

from collections import Counter
from math import log
from typing import Final

from scrapy.statscollectors import StatsCollector

MAX_EXAMPLES: Final = 2
MAX_RULES: Final = 40
"""Of more names of rules, those counted last are one, `other`: names come from class names of pages."""


class Figures:
    """Counts articles under names, and keeps the addresses of a few that lack something."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.lengths: list[float] = [0, 0.0, 0.0]
        """How many bodies were measured, the sum of their lengths' logarithms and of the squares of these."""
        self.examples: dict[str, list[str]] = {}
        """Addresses of articles by what they lack, or by the rule that read them."""
        self.sections: Counter[str] = Counter()
        self._rules: set[str] = set()

    def has(self, name: str, url: str, *, is_present: bool) -> None:
        """Count an article that has something, or keep its address as one that lacks it."""
        if is_present:
            self.counts[name] += 1
        else:
            self.show(name, url)

    def rule(self, name: str, rule: str, url: str) -> None:
        """Count an article whose `name` (`rule/date`) a rule has read."""
        full = f"{name}/{rule}"
        if full not in self._rules:
            full = full if len(self._rules) < MAX_RULES else f"{name}/other"
            self._rules.add(full)
        self.counts[full] += 1
        self.show(full, url)

    def measure(self, length: int) -> None:
        """Count the length of a body that has a text."""
        logarithm = log(length)
        self.lengths[0] += 1
        self.lengths[1] += logarithm
        self.lengths[2] += logarithm * logarithm

    def show(self, name: str, url: str) -> None:
        """Keep the address of an article as an example, if there is room."""
        kept = self.examples.setdefault(name, [])
        if len(kept) < MAX_EXAMPLES:
            kept.append(url)

    def record(self, stats: StatsCollector) -> None:
        """Put the figures into the stats."""
        if self.sections:
            [(_, self.counts["record/one_section"])] = self.sections.most_common(1)
        for name, count in self.counts.items():
            stats.set_value(f"narayacrawl/{name}", count)
        if self.lengths[0]:
            for name, value in zip(("count", "log_sum", "log_squares"), self.lengths, strict=True):
                stats.set_value(f"narayacrawl/body/{name}", round(value, 3))

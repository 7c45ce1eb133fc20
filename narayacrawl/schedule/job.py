"""What is scheduled: the crawl of one portal, and the merging of its archive's segments."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from zlib import crc32

from narayacrawl.schedule.interval import WEEK, Interval

LONGEST_RUN: Final = 6 * 60 * 60
"""Seconds after which a run is ended; what it fetched is archived, and the next one goes on."""
QUIET: Final = (0, 4, 5)
"""Exit statuses that nobody is told of: good, another run is going on, interrupted."""
TOLD: Final = 20
"""So many of a failed run's last lines are told."""
RETENTION: Final = Interval(WEEK)


@dataclass(frozen=True, kw_only=True)
class Job:
    """The crawl of one portal, run again and again."""

    spider: str
    portal: str | None
    """Its name in the archive; None for a spider that has none there."""
    every: Interval
    contact: str
    python: str
    """The interpreter, absolute."""
    folder: Path
    """Where it runs: the folder of scrapy.cfg, absolute."""
    user: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    """What the crawl needs of the caller's environment, beside the contact."""
    alert: str | None = None
    """A mail address or a URL that is told of failures."""

    @property
    def name(self) -> str:
        """The name of its units and files, a different one for each portal."""
        return f"narayacrawl-{re.sub(r'[^A-Za-z0-9._-]', '_', self.portal or self.spider)}"

    @property
    def variables(self) -> dict[str, str]:
        """The environment that it needs."""
        return {**self.environment, "NARAYACRAWL_CONTACT": self.contact}

    @property
    def crawl(self) -> list[str]:
        """The command of one run."""
        given = [word for name, value in self.arguments.items() for word in ("-a", f"{name}={value}")]
        return self._command("crawl", self.spider, *given)

    @property
    def retention(self) -> list[str] | None:
        """The command that merges the segments of each month; None for a spider without an archive."""
        return self._command("export", self.portal, "--compact") if self.portal else None

    @property
    def offset(self) -> int:
        """Minutes that are the portal's own, so that not all portals are crawled in the same minute."""
        return crc32(self.name.encode()) % WEEK

    def tell(self, address: str) -> list[str]:
        """The command that tells an address what it reads."""
        return [self.python, "-m", "narayacrawl.schedule.alert", address]

    def _command(self, *words: str) -> list[str]:
        settings = [word for name, value in self.settings.items() for word in ("-s", f"{name}={value}")]
        return [self.python, "-m", "narayacrawl", *words, *settings]

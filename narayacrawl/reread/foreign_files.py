"""Read the articles of WARC files, whoever wrote them, on all cores, and count what else stands in them."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from narayacrawl.language.english import counted, duration
from narayacrawl.reread.pool import Pool
from narayacrawl.reread.pool_worker import Read

logger = logging.getLogger(__name__)

ENDINGS: Final = (".warc", ".warc.gz")
MAX_TOLD: Final = 20
"""Damaged records of a file that are told one by one; the others are counted."""


class NoFiles(ValueError):
    """Names that lead to no WARC file; one line."""


def warc_files(names: Sequence[str]) -> list[str]:
    """Return the files that are named, each once; of a folder all WARC files in it and in its folders, in the order of
    their names. Raises `NoFiles`."""
    found: dict[Path, str] = {}
    for name in names:
        path = Path(name)
        if path.is_dir():
            own = sorted(file for file in path.rglob("*.warc*") if file.name.endswith(ENDINGS) and file.is_file())
            if not own:
                raise NoFiles(f"no WARC file in {path}: they end in {' or '.join(ENDINGS)}")
        elif path.exists():
            own = [path]
        else:
            raise NoFiles(f"no such file or folder: {name}")
        for file in own:
            found.setdefault(file.resolve(), str(file))
    return [*found.values()]


class ForeignFiles:
    """Reads files, and tells how far it is, as `Figures`."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.paths = paths
        self.articles = 0
        self.counts: Counter[str] = Counter()
        """How many records yield no article, by reason."""
        self.unread: list[str] = []
        """Files that cannot be read, or not to their end."""
        self._sizes = {path: Path(path).stat().st_size for path in paths}
        self._total = sum(self._sizes.values())
        self._before = 0
        self._done = 0

    def lines(self, pool: Pool) -> Iterator[bytes]:
        """Yield the record of each article, as a line without its end, in the order of the files."""
        path, told = "", 0
        for read in pool.read():
            if read.path != path:
                self._before += self._sizes.get(path, 0)
                self._tell_untold(path, told)
                path, told = read.path, 0
            told += len(read.damages)
            for damage in read.damages[: max(0, MAX_TOLD - told + len(read.damages))]:
                logger.warning("%s", damage)
            if read.has_failed:
                self.unread.append(path)
            self._count(read)
            yield from read.lines
        self._tell_untold(path, told)
        self._done = self._total

    def _count(self, read: Read) -> None:
        self.articles += len(read.lines)
        self.counts += read.counts
        self._done = max(self._done, self._before + read.position)

    @staticmethod
    def _tell_untold(path: str, told: int) -> None:
        if told > MAX_TOLD:
            logger.warning("%s: %d more records are damaged", path, told - MAX_TOLD)

    @property
    def records(self) -> int:
        """How many records are read."""
        return self.articles + self.counts.total()

    @property
    def share(self) -> float | None:
        return min(1.0, self._done / self._total) if self._total else None

    @property
    def fetched(self) -> int:
        return self.records

    def text(self, rate: float | None) -> str:
        figures = [f"{self.records:,} records read", counted(self.articles, "article")]
        if rate:
            figures.append(f"{rate:,.0f} a second")
        if rate and self._done and self._done < self._total:
            left = self.records * (self._total - self._done) / self._done / rate
            figures.append(f"{duration(left)} left")
        return ", ".join(figures)

    def summary(self) -> str:
        """Return what else stands in the files, in one line; empty if nothing does."""
        return ", ".join(f"{reason} {count:,}" for reason, count in self.counts.most_common())

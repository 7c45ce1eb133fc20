"""Read WARC files under Apache Spark into a Parquet data set, a task a file; also by `spark-submit` of this file:

spark-submit [options] spark.py --warc FILE … --parquet FOLDER
"""

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from narayacrawl.language.english import counted, duration
from narayacrawl.reread.dataset import Done, begin, end, file_key, read_mark, write_source
from narayacrawl.reread.foreign_files import NoFiles
from narayacrawl.reread.storage import Folder, list_files, local_copy, shown

NAME: Final = "narayacrawl reread"


class ReadingFailed(Exception):
    """Spark cannot read: no cluster is there, or a task has failed as often as it may; one line."""


@dataclass(slots=True)
class Job:
    """Counts what a job has done, also while it goes on: see `Figures`."""

    total: int = 0
    """WARC files that are to be read."""
    known: int = 0
    """Those that an earlier job has read."""
    articles: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    damages: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    tracker: Any = None
    """Spark's, while it reads."""

    def add(self, done: Done) -> None:
        self.articles += done.articles
        self.counts += Counter(done.counts)
        self.damages += done.damages
        if done.has_failed:
            self.unread.append(shown(done.source))

    @property
    def fetched(self) -> int:
        """How many WARC files of this job are read."""
        if self.tracker is None:
            return 0
        stages = [self.tracker.getStageInfo(stage) for stage in self.tracker.getActiveStageIds()]
        return sum(stage.numCompletedTasks for stage in stages if stage is not None)

    @property
    def share(self) -> float | None:
        return min(1.0, self.fetched / self.total) if self.total else None

    def text(self, rate: float | None) -> str:
        done = self.fetched
        left = f", {duration((self.total - done) / rate)} left" if rate and done < self.total else ""
        return f"{done:,} of {self.total:,} WARC files read{left}"

    def summary(self) -> str:
        """Return what was written, in one line."""
        known = f", {counted(self.known, 'file')} of them by an earlier job" if self.known else ""
        records = self.articles + self.counts.total()
        files = counted(self.total + self.known, "file")
        return f"{counted(self.articles, 'article')} of {counted(records, 'record')} in {files} written{known}"


def run_task(sources: Iterator[tuple[str, int]], target: str) -> Iterator[Done]:
    """Read WARC files on an executor.

    What is tried again may have died of a page: then a process of its own reads, which that page costs its life.
    """
    from pyspark import TaskContext

    from narayacrawl.reread.pool import Pool

    context = TaskContext.get()
    for source, size in sources:
        if context is None or not context.attemptNumber():
            yield write_source(source, size, target)
            continue
        with local_copy(source) as path, Pool([path], 1) as pool:
            yield write_source(source, size, target, pool.read())


def read_on_spark(master: str | None, sources: Mapping[str, int], target: str, job: Job) -> None:
    """Read WARC files, which are given with their sizes, into a data set, on the cluster at `master`, None for that of
    `spark-submit`.

    Raises `NoFiles` where the data set cannot be there, `ReadingFailed` where Spark gives up.
    """
    waiting = begin(target, [*sources.items()])
    folder = Folder(target)
    for source in {*sources} - {source for source, _ in waiting}:
        if done := read_mark(folder, file_key(source)):
            job.known += 1
            job.add(done)
    job.total = len(waiting)
    if waiting:
        # The paths are what is shared out: large files first, so that none is left for the end.
        waiting.sort(key=lambda own: -own[1])
        with _context(master) as spark:
            job.tracker = spark.statusTracker()
            tasks = spark.parallelize(waiting, len(waiting))
            try:
                for done in tasks.mapPartitions(lambda own: run_task(own, target)).collect():
                    job.add(done)
            except Exception as error:  # py4j's, of whatever a task died of four times
                raise ReadingFailed(_reason(error)) from error
            finally:
                job.tracker = None
    if not job.unread:
        end(target)


def _reason(error: Exception) -> str:
    """Return why Spark has given up, in one line: what Java tells is a page of it."""
    lines = [line.strip() for line in str(getattr(error, "java_exception", error)).splitlines() if line.strip()]
    # The last line of Python's traceback says what it was.
    own = [line for line in lines if re.match(r"[\w.]*(?:Error|Exception|Interrupt)\b", line)]
    return f"Spark has given up: {(own or lines or [type(error).__name__])[-1 if own else 0]}"


@contextmanager
def _context(master: str | None) -> Iterator[Any]:
    """Give a Spark context, which is stopped at the end."""
    # Executors on this machine run what runs here.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    from pyspark import SparkConf, SparkContext

    conf = SparkConf().setAppName(NAME).set("spark.ui.enabled", "false").set("spark.ui.showConsoleProgress", "false")
    if master is not None:
        conf.setMaster(master)
    try:
        spark = SparkContext.getOrCreate(conf)
    except Exception as error:  # pyspark's, of an address that is none, or no cluster
        raise ReadingFailed(_reason(error)) from error
    try:
        spark.setLogLevel("ERROR")
        yield spark
    finally:
        spark.stop()


def main() -> int:
    """Run the job that `spark-submit` was given; return its exit status."""
    parser = argparse.ArgumentParser(description="Read the articles of WARC files into a Parquet data set.")
    parser.add_argument(
        "--warc", nargs="+", required=True, metavar="FILE", help="files or folders; s3://, hdfs://, too"
    )
    parser.add_argument("--parquet", required=True, metavar="FOLDER", help="folder of the data set")
    options = parser.parse_args()
    job = Job()
    try:
        read_on_spark(None, list_files(options.warc), options.parquet, job)
    except (NoFiles, ReadingFailed) as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, NoFiles) else 1
    for line in job.damages:
        print(line, file=sys.stderr)
    print(job.summary())
    return 1 if job.unread or not job.articles else 0


if __name__ == "__main__":
    sys.exit(main())

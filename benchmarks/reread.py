"""Measure how many pages a core-second are read again: by `extract` from memory, by the pool and Spark from WARC files.

    python benchmarks/reread.py [--pages 2000] [--files 8] [--spark 'local[2]'] [--memory 100000]

Pages are those of `portal.py`, of four themes, 65 kB each, in WARC files of one gzip member a record, each response
behind its request. CPU time is that of a process and all that it began. What a start costs is measured apart, on as few
pages as `extract` reads before it is measured: a process classifies each CSS class once. `--memory` reads so many
records, of which each tenth is an article's page, and shows the largest memory of the process that writes and of those
that read, after a tenth and at the end.
"""

import argparse
import gzip
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.articles import article
from benchmarks.portal import Portal
from narayacrawl import extract
from narayacrawl.reread.pool import Pool, cores

ROOT = Path(__file__).parents[1]
SITE = "https://kabar-muara.example"
DATE = "2025-11-24T22:48:01Z"
WARMED_UP = 40


def warc_record(kind: str, url: str, content: bytes) -> bytes:
    """Return a WARC record as a gzip member."""
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:1b4e28ba-2fa1-11d2-883f-0016d3cca427>\r\n"
        f"WARC-Date: {DATE}\r\nWARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype={kind}\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + content + b"\r\n\r\n", 6, mtime=0)


def answer(page: bytes, status: str = "200 OK") -> bytes:
    """Return an answer with a page."""
    return f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n".encode() + page


def made_pages(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield the address and the page of so many articles."""
    portal = Portal(count, SITE)
    for number in range(1, count + 1):
        path = article(number).path
        yield f"{SITE}{path}", portal.answer(path)[2]


def write_warcs(folder: Path, pages: list[tuple[str, bytes]], files: int) -> list[str]:
    """Write the pages into so many WARC files."""
    paths = []
    for number in range(files):
        path = folder / f"{number}.warc.gz"
        with path.open("wb") as file:
            for url, page in pages[number::files]:
                file.write(
                    warc_record("request", url, b"GET / HTTP/1.1\r\n\r\n") + warc_record("response", url, answer(page))
                )
        paths.append(str(path))
    return paths


def spent() -> float:
    """Return the CPU seconds of this process and of all that it has begun and that have ended."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def read_bare(pages: list[tuple[str, bytes]]) -> tuple[int, float]:
    """Return how many pages `extract` reads, and the CPU seconds it takes."""
    for url, page in pages[:WARMED_UP]:
        extract(page, url, fetched_at="2025-11-24T22:48:01+00:00")
    began = spent()
    read = sum(bool(extract(page, url, fetched_at="2025-11-24T22:48:01+00:00").title) for url, page in pages)
    return read, spent() - began


def read_bare_on_all_cores(pages: list[tuple[str, bytes]]) -> tuple[int, float]:
    """Do the same on all cores at once, as the others work: two of them may share what one has alone."""
    count = cores()
    with ProcessPoolExecutor(count) as executor:
        results = list(executor.map(read_bare, [pages[number::count] for number in range(count)]))
    return sum(read for read, _ in results), sum(seconds for _, seconds in results)


def read_in_pool(paths: list[str], target: Path) -> tuple[int, float]:
    """Return how many articles the pool writes as JSON Lines, and the CPU seconds it takes."""
    began, count = spent(), 0
    with Pool(paths) as pool, target.open("wb") as file:
        for read in pool.read():
            file.writelines(line + b"\n" for line in read.lines)
            count += len(read.lines)
    return count, spent() - began


def read_on_spark(master: str, paths: list[str], target: Path) -> tuple[int, float]:
    """Return how many articles Spark writes, and the CPU seconds it takes, Java's among them."""
    from pyarrow import parquet

    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": sys.executable}
    environment |= {"PYSPARK_DRIVER_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    command = [str(Path(sys.executable).with_name("spark-submit")), "--master", master]
    command += [str(ROOT / "narayacrawl" / "reread" / "spark.py"), "--warc", *paths, "--parquet", str(target)]
    seconds: dict[int, float] = {}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as job:
        while job.poll() is None:
            note_seconds(job.pid, seconds)
            time.sleep(0.5)
    return parquet.read_table(target, columns=["url"]).num_rows, sum(seconds.values())


def note_seconds(pid: int, seconds: dict[int, float]) -> None:
    """Note the CPU seconds of a process and of all below it: Java does not wait for Python's, so they count nowhere."""
    parents: dict[int, list[int]] = {}
    spent_by: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = path.read_text().rpartition(")")[2].split()
            parents.setdefault(int(words[1]), []).append(int(path.parent.name))
            spent_by[int(path.parent.name)] = (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    waiting = [pid]
    while waiting:
        own = waiting.pop()
        seconds[own] = spent_by.get(own, seconds.get(own, 0.0))
        waiting += parents.get(own, [])


def memory(pid: int | str) -> float:
    """Return the largest memory that a process has had so far, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def measure_memory(folder: Path, records: int, console: Console) -> None:
    """Read many records, and show the memory after a tenth and at the end."""
    path = folder / "many.warc.gz"
    pages = list(made_pages(500))
    members = [warc_record("response", url, answer(page)) for url, page in pages]
    missing = warc_record("response", f"{SITE}/tidak-ada/", answer(pages[0][1], "404 Not Found"))
    with path.open("wb") as file:
        for number in range(records):
            file.write(members[number // 10 % len(members)] if number % 10 == 0 else missing)
    table = Table("records", "articles", "the process that writes, MB", "those that read, MB", box=None)
    count = articles = 0
    is_shown = False
    with Pool([str(path)]) as pool, (folder / "many.jsonl").open("wb") as target:
        for read in pool.read():
            target.writelines(line + b"\n" for line in read.lines)
            articles += len(read.lines)
            count += len(read.lines) + read.counts.total()
            if count >= (records if is_shown else records / 10):
                readers = [f"{memory(worker.process.pid or 0):.0f}" for worker in pool._workers]
                table.add_row(f"{count:,}", f"{articles:,}", f"{memory('self'):.0f}", " ".join(readers))
                is_shown = True
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--files", type=int, default=8)
    parser.add_argument("--spark", metavar="MASTER", help="local[2]; without it Spark is not measured")
    parser.add_argument("--memory", type=int, metavar="RECORDS", help="measure the memory over so many records only")
    options = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.memory:
            measure_memory(folder, options.memory, console)
            return
        pages = list(made_pages(options.pages))
        paths = write_warcs(folder, pages, options.files)
        (folder / "few").mkdir()
        few = min(WARMED_UP * cores(), len(pages) // 2)
        start_paths = write_warcs(folder / "few", pages[:few], cores())
        console.print(f"{options.pages:,} pages, {sum(len(page) for _, page in pages) // len(pages) // 1000} kB each,")
        console.print(f"in {options.files} WARC files, {cores()} processes")
        began = time.monotonic()
        bare = read_bare_on_all_cores(pages)
        rows = [("extract", *bare, 0.0)]
        rows.append(
            ("pool", *read_in_pool(paths, folder / "a.jsonl"), read_in_pool(start_paths, folder / "b.jsonl")[1])
        )
        rows.append(("pool, one file", *read_in_pool(_joined(paths, folder), folder / "c.jsonl"), rows[-1][3]))
        if options.spark:
            start = read_on_spark(options.spark, start_paths, folder / "few_set")[1]
            rows.append(("Spark", *read_on_spark(options.spark, paths, folder / "set"), start))
        names = ("reader", "articles", "CPU s", "start", "pages/core-s", "of extract", "without start")
        table = Table(*names, box=None)
        for reader, count, seconds, start in rows:
            rate, own = count / seconds, (count - few * bool(start)) / (seconds - start)
            share = f"{rate * bare[1] / bare[0]:.0%}", f"{own * bare[1] / bare[0]:.0%}"
            table.add_row(reader, f"{count:,}", f"{seconds:.1f}", f"{start:.1f}", f"{rate:.1f}", *share)
        console.print(table)
        console.print(f"{time.monotonic() - began:.0f} s in all")


def _joined(paths: list[str], folder: Path) -> list[str]:
    """Write all files as one."""
    path = folder / "all.warc.gz"
    path.write_bytes(b"".join(Path(own).read_bytes() for own in paths))
    return [str(path)]


if __name__ == "__main__":
    main()

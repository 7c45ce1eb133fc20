"""Apache Spark reads WARC files into a data set: each record once, whatever dies."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyarrow import parquet

from tests.conftest import ROOT
from tests.reread.warcs import packed, page_record, page_url, record

pytestmark = [
    pytest.mark.slow,
    pytest.mark.long,
    pytest.mark.skipif(shutil.which("java") is None, reason="there is no Java"),
]
FILES, PAGES = 16, 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """WARC files of as many articles as other records."""
    pytest.importorskip("pyspark")
    folder = tmp_path_factory.mktemp("warc")
    for number in range(FILES):
        pages = range(number * PAGES, (number + 1) * PAGES)
        members = (packed(page_record(page), record(b"", page_url(page), "request")) for page in pages)
        (folder / f"{number}.warc.gz").write_bytes(b"".join(members))
    return folder


def submit(master: str, folder: Path, target: Path) -> "subprocess.Popen[str]":
    """Begin a job as a cluster is given one."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    command = [str(Path(sys.executable).with_name("spark-submit")), "--master", master]
    command += [str(ROOT / "narayacrawl" / "reread" / "spark.py"), "--warc", str(folder), "--parquet", str(target)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def processes_below(pid: int) -> Iterator[tuple[int, str]]:
    """The processes that a process has begun, and theirs, with their command lines."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            line = path.with_name("cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, ValueError):
            continue
        if parent == pid:
            own = int(path.parent.name)
            yield own, line
            yield from processes_below(own)


def kill(job: "subprocess.Popen[str]", sign: str) -> None:
    """Kill one process of a job, the last one begun."""
    own = [pid for pid, line in processes_below(job.pid) if sign in line]
    os.kill(own[-1], signal.SIGKILL)


def wait_for_marks(job: "subprocess.Popen[str]", target: Path, count: int) -> None:
    """Wait until so many WARC files are read."""
    for _ in range(3_000):
        if len([*target.glob("_done/*.json")]) >= count or job.poll() is not None:
            return
        time.sleep(0.1)
    pytest.fail("no WARC file is read")


def urls(target: Path) -> list[str]:
    return sorted(parquet.read_table(target)["url"].to_pylist())


def expected() -> list[str]:
    return sorted(page_url(page) for page in range(FILES * PAGES))


def ended(job: "subprocess.Popen[str]") -> str:
    """What a job says that is good."""
    line, told = job.communicate(timeout=300)
    assert job.returncode == 0, told
    return line.strip()


def test_an_executor_and_a_python_worker_that_are_killed_cost_no_record_and_double_none(
    folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "articles"
    job = submit("local-cluster[2,1,1024]", folder, target)
    wait_for_marks(job, target, 1)
    kill(job, "CoarseGrainedExecutorBackend")
    wait_for_marks(job, target, 4)
    kill(job, "pyspark.daemon")
    line = ended(job)
    assert line == f"{FILES * PAGES} articles of {2 * FILES * PAGES} records in {FILES} files written"
    assert urls(target) == expected()
    assert not list(target.rglob("*.tmp"))
    assert (target / "_SUCCESS").exists()


def test_a_job_that_is_killed_is_finished_by_the_next_one_and_read_once(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "articles"
    job = submit("local[2]", folder, target)
    wait_for_marks(job, target, 3)
    for pid, _ in [*processes_below(job.pid), (job.pid, "")]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    job.communicate()
    assert not (target / "_SUCCESS").exists()
    again = submit("local[2]", folder, target)
    assert "by an earlier job" in ended(again)
    assert urls(target) == expected()
    before = {path: path.stat().st_mtime_ns for path in target.rglob("*.parquet")}
    assert "16 files of them by an earlier job" in ended(submit("local[2]", folder, target))
    assert {path: path.stat().st_mtime_ns for path in target.rglob("*.parquet")} == before

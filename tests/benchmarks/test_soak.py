"""Many crawls in one process leave nothing behind, though some cannot start: `benchmarks/soak.py`, in short."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.forked import PATIENCE


@pytest.mark.slow
def test_nothing_grows_with_crawls() -> None:
    command = [sys.executable, "benchmarks/soak.py", "--crawls", "120", "--every", "20"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

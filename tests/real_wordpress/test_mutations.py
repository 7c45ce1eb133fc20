"""A real WordPress whose theme is changed over night: the first run that meets it says so.

WORDPRESS_URL and WORDPRESS_FOLDER as in `test_faults.py`. The whole table is `benchmarks/mutations.py`.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.mutations import MutatedPortal

pytestmark = pytest.mark.slow

THEME, DAY, REQUESTS = "twentytwentyone", "2025-12-12", 5


@pytest.fixture(scope="module")
def portal() -> Iterator[MutatedPortal]:
    if missing := [name for name in ("WORDPRESS_URL", "WORDPRESS_FOLDER") if not os.environ.get(name)]:
        pytest.skip(f"{', '.join(missing)} not set: no real WordPress that can be changed")
    with MutatedPortal(os.environ["WORDPRESS_URL"], Path(os.environ["WORDPRESS_FOLDER"])).prepared() as portal:
        yield portal


@pytest.fixture(scope="module")
def filled(portal: MutatedPortal, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of a crawl before the change."""
    archive = tmp_path_factory.mktemp("before") / "data"
    portal.become(theme=THEME, until=DAY)
    assert portal.crawl(archive).status == 0
    return archive


@pytest.mark.parametrize(
    ("mutation", "status", "told"),
    [
        ("", 0, "nothing new: "),
        ("captions", 3, "captions in 0 of 10 pages"),
        ("half", 1, "of 10 articles lost: "),
        ("twentytwentythree", 3, "10 known articles read as before"),
    ],
)
def test_a_run_with_nothing_new_tells_what_known_articles_have_lost(
    mutation: str, status: int, told: str, portal: MutatedPortal, filled: Path, tmp_path: Path
) -> None:
    archive = Path(shutil.copytree(filled, tmp_path / "data"))
    theme = mutation if mutation.startswith("twenty") else THEME
    portal.become(theme=theme, until=DAY, mutation=mutation, cards=mutation == "half")
    run = portal.crawl(archive)
    requests = run.stats["downloader/request_count"]
    print(mutation, run.status, requests, run.line)
    assert (run.status, told in run.line, run.written) == (status, True, []), run.log[-3000:]
    assert (requests <= REQUESTS) == (not mutation)

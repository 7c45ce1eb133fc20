"""A real WordPress that breaks while it answers 200, and one that changes its theme: nothing false is written.

Beside what `test_newsroom.py` needs, WORDPRESS_FOLDER names the folder where WordPress is installed: `fault.php` is
put there as a must-use plugin. WORDPRESS_UP is a script that applies the theme that the environment's THEME names.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from narayacrawl.archive.segments import portals
from tests.real_wordpress.test_newsroom import NEEDED, Archive
from tests.real_wordpress.test_portal import FAST, crawl, scrapy

pytestmark = pytest.mark.slow

OTHERS = ("WORDPRESS_FOLDER", "WORDPRESS_UP")
KINDS = ("fatal", "database", "maintenance", "script")
THEMES = ("twentytwentytwo", "twentytwentythree", "twentytwentyone")
"""The portal begins and ends with the last."""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """WordPress' own, with the plugin."""
    if missing := [name for name in (*NEEDED, *OTHERS) if not os.environ.get(name)]:
        pytest.skip(f"{', '.join(missing)} not set: no real WordPress that can be broken")
    folder = Path(os.environ["WORDPRESS_FOLDER"])
    plugin = folder / "wp-content" / "mu-plugins" / "fault.php"
    shutil.copy(Path(__file__).parent / "fault.php", plugin)
    yield folder
    plugin.unlink()
    (folder / "fault.json").unlink(missing_ok=True)


def tell_fault(folder: Path, kind: str, every: int) -> None:
    told = folder / "fault.json"
    told.write_text(json.dumps({"kind": kind, "every": every}))
    told.chmod(0o644)


@pytest.fixture(scope="module")
def filled(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of a crawl while the portal was whole."""
    archive = tmp_path_factory.mktemp("whole") / "data"
    done = crawl(archive)
    assert done.returncode == 0, done.stderr[-3000:]
    return archive


def crawl_all(archive: Path) -> "subprocess.CompletedProcess[str]":
    settings = [word for setting in (*FAST, f"ARCHIVE={archive}") for word in ("-s", setting)]
    return scrapy("crawl", "wordpress", "-a", f"url={os.environ['WORDPRESS_URL']}", "-a", "full=1", *settings)


def lines(archive: Path) -> list[dict[str, int]]:
    """Every line of the archive."""
    paths = sorted(path for portal in portals(archive) for path in (archive / portal).glob("*.jsonl*"))
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


@pytest.mark.parametrize(
    ("kind", "every", "full"),
    [
        pytest.param(kind, every, full, id=f"{kind} on {which}, {run}")
        for kind, (every, which), (full, run) in product(
            KINDS, ((1, "all"), (7, "a seventh")), ((False, "fresh"), (True, "full"))
        )
    ],
)
def test_nothing_false_is_written_and_all_after_the_repair(
    kind: str, every: int, full: bool, folder: Path, filled: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "data"
    if full:
        shutil.copytree(filled, archive)
    before = len(lines(archive)) if full else 0
    tell_fault(folder, kind, every)
    done = crawl_all(archive) if full else crawl(archive)
    (folder / "fault.json").unlink()
    written = lines(archive)[before:]
    assert done.returncode == 1, done.stderr[-3000:]
    assert [own["id"] for own in written if full or own["id"] % every == 0] == []
    again = crawl(archive)
    assert again.returncode == 0, again.stderr[-3000:]
    compared = Archive(archive, "auto").compared()
    assert compared.returncode == 0, compared.stdout
    assert not full or len(lines(archive)) == before


@pytest.mark.parametrize("theme", THEMES)
def test_change_of_theme_is_no_edit(theme: str, folder: Path, filled: Path, tmp_path: Path) -> None:
    archive = tmp_path / "data"
    shutil.copytree(filled, archive)
    before = len(lines(archive))
    subprocess.run([os.environ["WORDPRESS_UP"]], env=os.environ | {"THEME": theme}, check=True, timeout=120)
    try:
        done = crawl_all(archive)
    finally:
        subprocess.run([os.environ["WORDPRESS_UP"]], env=os.environ | {"THEME": THEMES[-1]}, check=True, timeout=120)
    print(theme, done.returncode, done.stderr.splitlines()[-1])
    revised = [own["url"] for own in lines(archive)[before:]]
    assert (revised, done.returncode in (0, 3)) == ([], True), done.stderr[-3000:]
